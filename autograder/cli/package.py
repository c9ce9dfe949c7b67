"""`autograder package`: the archives that a course hands out."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import click
from rich.text import Text

from autograder.cli.terminal import EXIT_DONE, UserError, console
from autograder.course import Course, CourseError, load_course
from autograder.packaging import otter, student
from autograder.packaging.wheel import NoCheckoutError
from autograder.writing import write_whole

# Each kind makes its archives, by their names; the text says what one of them is for.
_KINDS: Final[dict[str, tuple[Callable[[Course], Mapping[str, bytes]], str]]] = {
    "student": (
        lambda course: {student.ARCHIVE_NAME: student.student_archive(course)},
        "for students to unzip and install",
    ),
    "otter": (otter.otter_archives, "for `otter run`, `otter grade` and Gradescope"),
}


@click.command(
    epilog="""\b
Examples:
  autograder package student --out build/packages
  autograder package otter --out build/packages"""
)
@click.argument("kind", type=click.Choice(list(_KINDS)))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where it goes.")
def package(kind: str, out: Path) -> int:
    """Make archives to hand out.

    `student`: the exercises with their public checks. `otter`: the hidden graders for Otter-Grader
    and for Gradescope, an archive for each lesson.
    """
    make, what_for = _KINDS[kind]
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, archive in make(load_course()).items():
            write_whole(out / name, archive)
            console().print(Text(f"{out / name} is made, {what_for}."), soft_wrap=True)
    except (CourseError, NoCheckoutError, otter.OtterUnusableError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        place = error.filename2 or error.filename or out
        raise UserError(f"{place}: {error.strerror}; choose another --out.") from None
    return EXIT_DONE

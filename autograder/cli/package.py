"""`autograder package`: the archives that a course hands out."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import click
from rich.text import Text

from autograder.cli.terminal import EXIT_DONE, UserError, console
from autograder.course import Course, CourseError, load_course
from autograder.packaging import student
from autograder.packaging.wheel import NoCheckoutError
from autograder.writing import write_whole

_KINDS: Final[dict[str, tuple[str, Callable[[Course], bytes], str]]] = {
    "student": (student.ARCHIVE_NAME, student.student_archive, "for students to unzip and install"),
}


@click.command(epilog="\b\nExample:\n  autograder package student --out build/packages")
@click.argument("kind", type=click.Choice(list(_KINDS)))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where it goes.")
def package(kind: str, out: Path) -> int:
    """Make an archive to hand out: `student`, the exercises with their public checks."""
    name, make, what_for = _KINDS[kind]
    try:
        out.mkdir(parents=True, exist_ok=True)
        write_whole(out / name, make(load_course()))
    except (CourseError, NoCheckoutError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        place = error.filename2 or error.filename or out
        raise UserError(f"{place}: {error.strerror}; choose another --out.") from None
    console().print(Text(f"{out / name} is made, {what_for}."), soft_wrap=True)
    return EXIT_DONE

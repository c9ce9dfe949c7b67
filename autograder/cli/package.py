"""`autograder package`: the archives that a course hands out."""

import typing
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import click
from rich.text import Text

from autograder.cli.terminal import EXIT_DONE, UserError, console
from autograder.course import Course, CourseError, load_course
from autograder.lms.gradescope_results import Options, Visibility
from autograder.packaging import gradescope, student
from autograder.packaging.wheel import NoCheckoutError
from autograder.writing import write_whole


class _Kind(NamedTuple):
    """An archive's name, what makes it, and what to do with it."""

    name: str
    make: Callable[[Course, Options], bytes]
    what_for: str


_KINDS: Final = {
    "student": _Kind(
        student.ARCHIVE_NAME,
        lambda course, _: student.student_archive(course),
        "for students to unzip and install",
    ),
    "gradescope": _Kind(
        gradescope.ARCHIVE_NAME,
        gradescope.gradescope_archive,
        "to upload under Configure Autograder; it holds the solutions, so give it to nobody",
    ),
}


@click.command(
    epilog="\b\nExamples:\n  autograder package student --out build/packages"
    "\n  autograder package gradescope --out build/packages --visibility after_due_date"
)
@click.argument("kind", type=click.Choice(list(_KINDS)))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where it goes.")
@click.option("--visibility", type=click.Choice(typing.get_args(Visibility)),
              help="Gradescope: when students see results; default: at once.")  # fmt: skip
@click.option("--leaderboard", is_flag=True,
              help="Gradescope: rank by points, which shows those at once.")  # fmt: skip
def package(kind: str, out: Path, visibility: Visibility | None, leaderboard: bool) -> int:
    """Make an archive to hand out or upload.

    KIND is `student`, the exercises with their public checks, or `gradescope`, an autograder.
    """
    if kind != "gradescope" and (visibility or leaderboard):
        raise click.UsageError("--visibility and --leaderboard are for the kind gradescope.")
    archive = _KINDS[kind]
    try:
        out.mkdir(parents=True, exist_ok=True)
        options = Options(visibility or "visible", leaderboard)
        write_whole(out / archive.name, archive.make(load_course(), options))
    except (CourseError, NoCheckoutError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        place = error.filename2 or error.filename or out
        raise UserError(f"{place}: {error.strerror}; choose another --out.") from None
    console().print(Text(f"{out / archive.name} is made, {archive.what_for}."), soft_wrap=True)
    return EXIT_DONE

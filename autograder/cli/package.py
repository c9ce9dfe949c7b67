"""`autograder package`: the archives that a course hands out."""

import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import click
from rich.text import Text

from autograder.checking.errors import BrokenGraderError
from autograder.cli.courses import the_course
from autograder.cli.terminal import EXIT_DONE, UserError, console
from autograder.course import Course, CourseError
from autograder.examiner.proving import prove_course
from autograder.exports.gradescope_results import Options, Visibility
from autograder.packaging import gradescope, otter, student
from autograder.packaging.generated import stale
from autograder.packaging.wheel import NoWheelError
from autograder.seeds import draw_seed
from autograder.writing import EVERYBODY, OWNER, Access, write_whole


class _Kind(NamedTuple):
    """A kind of archives: the function that makes them, by their names, and what they are for."""

    make: Callable[[Course, Options, int], Mapping[str, bytes]]
    what_for: str
    access: Access = OWNER
    grades: bool = True  # Then it has a seed.


_KINDS: Final = {
    "student": _Kind(
        lambda course, *_: {f"{student.release_name(course)}.zip": student.student_archive(course)},
        "for students to unzip and install",
        EVERYBODY,
        grades=False,
    ),
    "gradescope": _Kind(
        lambda course, options, seed: {
            gradescope.ARCHIVE_NAME: gradescope.gradescope_archive(course, options, seed)
        },
        "to upload under Configure Autograder; it holds the solutions, so give it to nobody",
    ),
    "otter": _Kind(
        lambda course, _, seed: otter.otter_archives(course, seed),
        "for `otter run`, `otter grade` and Gradescope; it holds the solutions",
    ),
}

_DRAWN: Final = (
    "Hidden inputs are drawn from the seed {0}: keep it to yourself, and `autograder grade --seed "
    "{0}` gives the same scores."
)


@click.command(
    epilog="\b\nExamples:\n  autograder package student --out build/packages"
    "\n  autograder package gradescope --out build/packages --visibility after_due_date"
    "\n  autograder package otter --out build/packages"
)
@click.argument("kind", type=click.Choice(list(_KINDS)))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where it goes.")
@click.option("--visibility", type=click.Choice(typing.get_args(Visibility)),
              help="Gradescope: when students see results; default: at once.")  # fmt: skip
@click.option("--leaderboard", is_flag=True,
              help="Gradescope: rank by points, which shows those at once.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0),
              help="Gradescope, Otter: of hidden inputs; default: a fresh one.")  # fmt: skip
def package(
    kind: str, out: Path, visibility: Visibility | None, leaderboard: bool, seed: int | None
) -> int:
    """Make archives to hand out or upload.

    KIND is `student`, the exercises with their public checks; `gradescope`, an autograder; or
    `otter`, an autograder for Otter-Grader, an archive for each lesson.
    """
    if kind != "gradescope" and (visibility or leaderboard):
        raise click.UsageError("--visibility and --leaderboard are for the kind gradescope.")
    archives = _KINDS[kind]
    if seed is not None and not archives.grades:
        raise click.UsageError("--seed is for the kinds gradescope and otter.")
    drawn = seed is None and archives.grades
    seed = draw_seed() if seed is None else seed
    options = Options(visibility or "visible", leaderboard)
    try:
        course = the_course()
        # Errors in the course show here, not to students on the day that work is due.
        prove_course(course, seed)
        if kind == "student":
            _tell_what_is_stale(course)
        made = archives.make(course, options, seed)
    except (CourseError, BrokenGraderError, NoWheelError, otter.OtterUnusableError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}.") from None
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            write_whole(out / name, content, archives.access)
            told = f"{out / name} is made, {archives.what_for}."
            console().print(Text(told), soft_wrap=True)
        if drawn:
            console().print(Text(_DRAWN.format(seed)), soft_wrap=True)
    except OSError as error:
        place = error.filename2 or error.filename or out
        raise UserError(f"{place}: {error.strerror}; choose another --out.") from None
    return EXIT_DONE


def _tell_what_is_stale(course: Course) -> None:
    for path in stale(course):
        told = (
            f"{path.relative_to(course.root).as_posix()} is not what the solutions make today, and "
            "is packed as it is; `autograder course generate` writes it anew."
        )
        console(stderr=True).print(Text(told), soft_wrap=True)

"""Which course a command is about: the one named, the student's own, or the bundled one.

A course's files are code that is run, so commands that grade never search for one: a submission may
look like a course. `check`, `hint` and `submit` look for the student's own in the folders above the
current one, and say which they took.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click
from rich.text import Text

from autograder.cli.terminal import console
from autograder.course import BUNDLED, COURSE_VARIABLE, Course, load_course

_KEY: Final = "autograder.course"
_MOST_LEVELS: Final = 4


def course_option() -> click.Option:
    """Returns the option that every command has."""
    return click.Option(
        ["--course"],
        metavar="DIR",
        type=click.Path(path_type=Path),
        envvar=COURSE_VARIABLE,
        expose_value=False,
        is_eager=True,  # So that a --help after it knows the course.
        callback=_note,
        help="The course's folder; default: the course that came with this package.",
    )


def named_course() -> Path | None:
    """Returns the folder that was named, on the command line or by AUTOGRADER_COURSE."""
    context = click.get_current_context(silent=True)
    named: Path | None = context.find_root().meta.get(_KEY) if context else None
    return named


def the_course() -> Course:
    """Returns the course that was named, or the one that came with this package.

    Raises:
        CourseError: it cannot be used.
    """
    return load_course(named_course() or BUNDLED)


def course_if_named() -> Course | None:
    """Returns the course that was named, if one was.

    Raises:
        CourseError: it cannot be used.
    """
    return None if named_course() is None else the_course()


def own_course(current: Path | None = None, *, say: bool = True) -> Course:
    """Returns the named course, else the student's own, else the one that came with this package.

    Args:
        current: The folder to look upwards from; the current one if left out.
        say: Whether to print which course was found, if it was searched for.

    Raises:
        CourseError: it cannot be used.
    """
    if named_course() is not None:
        return the_course()
    for folder in _above(current or Path.cwd()):
        if (folder / "exercises" / "course.toml").is_file():
            course = load_course(folder)
            if say and not _is_bundled(course):
                told = f"The course is {course.title}, in {course.root}."
                console(stderr=True).print(Text(told, style="dim"), soft_wrap=True)
            return course
    return the_course()


def _is_bundled(course: Course) -> bool:
    """Whether its data and checks, all that is used of it here, equal those of the bundled one."""
    if course.root == BUNDLED:
        return True
    files = [Path("course.toml"), *(Path("checks") / f"{m.id}.py" for m in course.lessons)]
    try:
        return all(
            (course.root / "exercises" / name).read_bytes()
            == (BUNDLED / "exercises" / name).read_bytes()
            for name in files
        )
    except OSError:
        return False


def _above(current: Path) -> Iterator[Path]:
    """Yields the current folder and those above it that can be a student's own."""
    current = current.resolve()
    home = Path(os.path.expanduser("~")).resolve()
    for folder in (current, *current.parents[: _MOST_LEVELS - 1]):
        if _is_mine(folder) and _is_mine(folder / "exercises"):
            yield folder
        if folder == home:
            return


def _is_mine(path: Path) -> bool:
    """Whether a folder belongs to the current user, on platforms where folders have owners."""
    try:
        status = os.lstat(path)
    except OSError:
        return False
    return not hasattr(os, "getuid") or status.st_uid == os.getuid()


def _note(context: click.Context, option: click.Parameter, value: Path | None) -> Any:
    if value is not None:
        context.find_root().meta[_KEY] = value.resolve()
    return value

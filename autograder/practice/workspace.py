"""The folder that a student works in, and what names on the command line mean in it."""

import difflib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from autograder.course import Course
from autograder.results import Source
from autograder.submissions import Submission, UnreadableError, to_submission
from autograder.submissions.assign import module_named
from autograder.submissions.files import (
    SOURCE_SUFFIXES,
    Files,
    LimitReachedError,
    is_noise,
    open_ordinary,
)

# Where the exercises are looked for from the current folder: in it, below it, then above it.
_BELOW: Final = "exercises"
_LEVELS_ABOVE: Final = 4


class WorkspaceError(Exception):
    """What was asked for is not there; the message is a sentence that says what to do."""


class Work(NamedTuple):
    """A folder or file of exercises, the exercises asked for, and the files named for them."""

    path: Path
    exercises: tuple[str, ...]
    named: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder that the files are in."""
        return self.path if self.path.is_dir() else self.path.parent

    def files(self) -> Files:
        """Reads the file, or the files at the top of the folder, as they are handed in."""
        files = Files()
        paths = _children(self.path) if self.path.is_dir() else [self.path]
        try:
            for path in paths:
                if path.suffix.lower() in SOURCE_SUFFIXES and not is_noise(path.name):
                    _add(files, path)
        except LimitReachedError as limit:
            files.problems.append(f"the rest was left out, since there is {limit}")
        return files

    def read(self, course: Course) -> Submission:
        """Reads the work as it would be read when it is handed in."""
        return to_submission(
            "practice", Source(self.path.name), self.files(), course, chosen=self.named
        )


def _add(files: Files, path: Path) -> None:
    try:
        with open_ordinary(path.resolve()) as stream:
            files.add(path.name, stream)
    except (OSError, UnreadableError) as error:
        files.leave_out(path.name, getattr(error, "strerror", None) or error)


def find_work(words: Sequence[str], course: Course, start: Path | None = None) -> Work:
    """Returns the work that words name: exercises, modules, functions, files and folders.

    Without words, it is all exercises.

    Raises:
        WorkspaceError: a word means nothing here, or there are no exercises here.
    """
    meant: list[str] = []
    paths: list[Path] = []
    for word in words:
        path = (start or Path()) / word
        if exercises := exercises_named(word, course):
            meant += exercises
        elif _exists(path):
            paths.append(path)
            meant += _exercises_in(path, course)
        elif word == Path(word).name and (named := exercises_named(Path(word).stem, course)):
            meant += named  # A module's file, named from another folder.
        else:
            raise WorkspaceError(_not_known(word, course))
    places = {_place(path, course) for path in paths}
    if len(places) > 1:
        raise WorkspaceError("give files of one folder at a time: " + _listed(map(str, paths)))
    place = places.pop() if places else find_folder(start or Path(), course)
    order = list(course.exercises)
    asked = tuple(sorted(set(meant), key=order.index)) if words else tuple(order)
    return Work(place, asked, tuple(path.name for path in paths if not path.is_dir()))


def find_folder(start: Path, course: Course) -> Path:
    """Returns the folder of exercises in, below or above `start`.

    Raises:
        WorkspaceError: there is none.
    """
    above = [start, *(start.joinpath(*[".."] * n) for n in range(1, _LEVELS_ABOVE + 1))]
    for folder in (place for base in above for place in (base, base / _BELOW)):
        if any(_module_of(path, course) for path in _children(folder)):
            return folder
    files = _listed(f"{lesson.id}.py" for lesson in course.lessons)
    raise WorkspaceError(
        f"there are no exercises here: go to the folder with {files}, or name one of those files."
    )


def exercises_named(word: str, course: Course) -> list[str]:
    """Returns the exercises that an id, a module or a function's name stands for."""
    return [
        name
        for name in course.exercises
        if word in (name, name.partition(".")[0], name.partition(".")[2])
    ]


def one_exercise(word: str, course: Course) -> str:
    """Returns the one exercise that a word stands for.

    Raises:
        WorkspaceError: it stands for none or for several.
    """
    named = exercises_named(word, course)
    if not named:
        raise WorkspaceError(_not_known(word, course))
    if len(named) > 1:
        if word in {lesson.id for lesson in course.lessons}:
            raise WorkspaceError(f"{word} has several exercises: say which, such as {named[0]}.")
        raise WorkspaceError(f"there are several: say {' or '.join(named)}.")
    return named[0]


def shown_path(path: Path) -> str:
    """Returns a path as the student would type it here."""
    try:
        relative = os.path.relpath(path)
    except (ValueError, OSError):  # Another drive, or no current folder any more.
        return str(path)
    return str(path) if relative.startswith(os.path.join("..", "..")) else relative


def _module_of(path: Path, course: Course) -> str | None:
    """Returns the module that a file is named after, as when it is handed in."""
    if path.suffix.lower() not in SOURCE_SUFFIXES or is_noise(path.name):
        return None
    return module_named(path.stem, [lesson.id for lesson in course.lessons])


def _children(folder: Path) -> list[Path]:
    """Returns what is in a folder, in order; nothing where it cannot be listed."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # A name too long, or a folder without access.
        return False


def _place(path: Path, course: Course) -> Path:
    """A module's own file stands for the folder it is in, so that helpers beside it are found."""
    if path.is_dir():
        return find_folder(path, course)
    return path.parent if _module_of(path, course) else path


def _exercises_in(path: Path, course: Course) -> list[str]:
    if path.is_dir():
        return list(course.exercises)
    if path.suffix.lower() not in SOURCE_SUFFIXES:
        raise WorkspaceError(
            f"{path} is not a Python file or notebook: name one of the exercises'."
        )
    # A notebook named after one lesson may hold others.
    modules = {*Work(path, ()).read(course).modules, _module_of(path, course)}
    found = [name for name in course.exercises if name.partition(".")[0] in modules]
    if not found:
        raise WorkspaceError(f"{path} has no exercise of the course in it.")
    return found


def _not_known(word: str, course: Course) -> str:
    names = [*course.exercises, *(name.partition(".")[2] for name in course.exercises)]
    names += [name for lesson in course.lessons for name in (lesson.id, f"{lesson.id}.py")]
    close = difflib.get_close_matches(word[:80], names, n=1)
    hint = f"did you mean {close[0]}?" if close else "`autograder check` lists them all."
    return f"{word} is no exercise, module or file here: {hint}"


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last

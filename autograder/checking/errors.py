"""Errors in the course's own files, and how they are reported."""

import traceback
from pathlib import Path
from typing import Final

from autograder.course.code import home_of

_LONGEST: Final = 300


class BrokenGraderError(Exception):
    """The course's own files cannot be used; the message is a sentence that names the file."""


def shown(path: Path) -> str:
    """Returns the path of one of the course's files as its author knows it."""
    home = home_of(path)
    return path.relative_to(home).as_posix() if home else str(path)


def broken_by(error: BaseException, file: Path | None = None) -> BrokenGraderError:
    """Returns an error that says in a sentence which line of the course's files failed, and how.

    Args:
        error: What was raised while they were loaded or run.
        file: The file that was loaded, at fault unless the error comes from another of the course's
            files. Where left out, the last of these in the traceback is at fault.
    """
    if isinstance(error, BrokenGraderError):
        return error
    where, line, what = file, None, in_a_line(error)
    if isinstance(error, SyntaxError) and error.filename:
        where, line, what = Path(error.filename), error.lineno, error.msg
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if home_of(Path(frame.filename)):
                where, line = Path(frame.filename), frame.lineno
    if where is None:
        return BrokenGraderError(f"the course: {what}.")
    place = f"{shown(where)}, line {line}" if line else shown(where)
    return BrokenGraderError(f"{place}: {what}.")


def in_a_line(error: BaseException) -> str:
    """Returns an error's type and message in one line, cut off where it is too long."""
    said = " ".join(str(error).split())
    told = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"

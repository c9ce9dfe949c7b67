"""What can be wrong with the course's own files, and how that is told."""

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
        file: The file that was loaded. It, or one of the course's that it loads, is at fault; where
            it is left out, the last of the course's files that took part.
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
    """Returns what an error says, with its kind, in one line that is not too long."""
    said = " ".join(str(error).split())
    told = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"

"""What can be wrong with the course's own files, and how that is told."""

import traceback
from pathlib import Path
from typing import Final

from autograder.course import ROOT

_LONGEST: Final = 300


class BrokenGraderError(Exception):
    """The course's own files cannot be used; the message is a sentence that names the file."""


def shown(path: Path) -> str:
    """Returns the path of one of the course's files as its author knows it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)


def broken_by(error: BaseException, file: Path | None = None) -> BrokenGraderError:
    """Returns an error that says in a sentence which line of the course's files failed, and how.

    Args:
        error: What was raised while they were loaded or run.
        file: The file that was loaded. It, or one beside it that it loads, is at fault; where it is
            left out, the last of our files that took part.
    """
    if isinstance(error, BrokenGraderError):
        return error
    if isinstance(error, SyntaxError) and (error.filename or file):
        where, line, what = Path(error.filename or file or ROOT), error.lineno, error.msg
    else:
        ours = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)[1:]  # Without who caught it.
            if Path(frame.filename).is_relative_to(ROOT)
        ]
        there = [f for f in ours if file is None or Path(f.filename).parent == file.parent]
        where = Path(there[-1].filename) if there else file or ROOT
        line = there[-1].lineno if there else None
        what = in_a_line(error)
    place = f"{shown(where)}, line {line}" if line else shown(where)
    return BrokenGraderError(f"{place}: {what}.")


def in_a_line(error: BaseException) -> str:
    """Returns what an error says, with its kind, in one line that is not too long."""
    said = " ".join(str(error).split())
    told = f"{type(error).__name__}: {said}" if said else type(error).__name__
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 1]}…"

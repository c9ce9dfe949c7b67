"""Reads hand-ins in a process that is there for that: what it takes is limited, and it may die."""

import contextlib
import faulthandler
import os
from typing import Final

from autograder.course import Course
from autograder.submissions.model import Handin, Submission
from autograder.submissions.reading import read_submission

# The largest notebook takes less than half a second where nothing else is at work.
MOST_SECONDS: Final = 10.0
# A process has 100 MiB for itself, and the largest notebook takes some twenty times its size.
_MOST_BYTES: Final = 1 << 30

_courses: Final[list[Course]] = []


def begin(course: Course) -> None:
    """Gets ready to read hand-ins for this course, and limits this process's memory."""
    _courses[:] = [course]
    # Where there is none of this, reading has its own limits all the same.
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, hard))


def read_here(handin: Handin) -> Submission:
    """Reads a hand-in; this process ends where that takes longer than it may."""
    with open(os.devnull, "wb") as nowhere:
        # A thread in C: whatever Python is busy with, it goes off.
        faulthandler.dump_traceback_later(MOST_SECONDS, exit=True, file=nowhere)
        try:
            return read_submission(handin, _courses[0])
        finally:
            faulthandler.cancel_dump_traceback_later()

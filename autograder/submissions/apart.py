"""Reads hand-ins in a separate process: its memory and time are limited, and it may die."""

import contextlib
import faulthandler
import os
from typing import Final

from autograder.course import Course
from autograder.submissions.model import Handin, Submission
from autograder.submissions.reading import read_submission

# The largest notebook takes less than half a second on an idle machine.
MOST_SECONDS: Final = 10.0
# The process alone takes 100 MiB, and the largest notebook some twenty times its size.
_MOST_BYTES: Final = 1 << 30

_courses: Final[list[Course]] = []


def begin(course: Course) -> None:
    """Gets ready to read hand-ins for this course, and limits this process's memory."""
    _courses[:] = [course]
    # Not every platform has these limits; reading has limits of its own anyway.
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, hard))


def read_here(handin: Handin) -> Submission:
    """Reads a hand-in; ends this process if that takes longer than `MOST_SECONDS`."""
    with open(os.devnull, "wb") as nowhere:
        # The timer is a thread in C, so it goes off whatever Python is busy with.
        faulthandler.dump_traceback_later(MOST_SECONDS, exit=True, file=nowhere)
        try:
            return read_submission(handin, _courses[0])
        finally:
            faulthandler.cancel_dump_traceback_later()

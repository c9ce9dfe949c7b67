"""Has hand-ins read where a slow one holds up nobody: by processes that do nothing else.

However carefully it is done, reading what somebody made up may take long, or more memory than there
is. So a reader has a limit of both, one that is busy for long is left alone and another one reads
on, and one that does not come to an end costs the hand-in that it had, and no other.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Set
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from typing import Any, Final, NamedTuple

from autograder.course import Course
from autograder.pool import pool
from autograder.submissions import Handin, Submission, apart, not_read, read_submission

# A hand-in that takes longer is slow: others are read beside it.
SLOW_SECONDS: Final = 0.5
# What a new reader may need to start on a busy machine.
_STARTING_SECONDS: Final = 3.0
_MOST_READERS: Final = 4


class _Reading(NamedTuple):
    """A hand-in that is being read, by whom, from when it is slow, and if for the second time."""

    handin: Handin
    reader: Executor
    slow_from: float
    again: bool


class _Here(Executor):
    """Reads in this process, within reading's own limits."""

    def __init__(self, course: Course) -> None:
        self._course = course

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        (handin,) = args
        future: Future[Any] = Future()
        future.set_result(read_submission(handin, self._course))
        return future


class Readers:
    """Processes that read hand-ins, each one at a time, started when they are needed."""

    def __init__(self, course: Course, opened: contextlib.ExitStack) -> None:
        self._course = course
        self._opened = opened
        self._idle: list[Executor] = []
        self._in_hand: dict[Future[Submission], _Reading] = {}

    @property
    def in_hand(self) -> Set[Future[Submission]]:
        """The readings that are not over."""
        return self._in_hand.keys()

    @property
    def can_start(self) -> bool:
        """Whether one more hand-in is to be read now: nothing is, or only what is slow."""
        now = time.monotonic()
        readings = self._in_hand.values()
        return len(readings) < _MOST_READERS and all(r.slow_from < now for r in readings)

    def start(self, handin: Handin, *, again: bool = False) -> None:
        """Has a hand-in read."""
        slow_from = time.monotonic() + SLOW_SECONDS
        try:
            reader = self._idle.pop()
            future = reader.submit(apart.read_here, handin)
        except (IndexError, BrokenExecutor):  # Nobody is idle, or it died while it was.
            reader = self._another()
            future = reader.submit(apart.read_here, handin)
            slow_from += _STARTING_SECONDS
        self._in_hand[future] = _Reading(handin, reader, slow_from, again)

    def _another(self) -> Executor:
        try:
            return self._opened.enter_context(pool(1, apart.begin, (self._course,)))
        except OSError:  # Processes of this machine cannot share locks, so there is one alone.
            return _Here(self._course)

    def take(self, future: Future[Submission]) -> Submission | None:
        """Returns what was read; None where the reader died, and it is read once more."""
        reading = self._in_hand.pop(future)
        try:
            submission = future.result()
        except BrokenExecutor:
            # Somebody else may have ended it, such as a system that had no memory left.
            if not reading.again:
                self.start(reading.handin, again=True)
                return None
            why = f"whatever reads it ends, or takes more than {apart.MOST_SECONDS:g} seconds"
            return not_read(reading.handin, why)
        self._idle.append(reading.reader)
        return submission


@contextlib.contextmanager
def readers(course: Course) -> Iterator[Readers]:
    """Readers for a class; they end with it."""
    with contextlib.ExitStack() as opened:
        yield Readers(course, opened)


def read_alone(handin: Handin, course: Course) -> Submission:
    """Reads one hand-in within the limits that a reader has, where there is no class."""
    with readers(course) as reading:
        reading.start(handin)
        while True:
            [future] = wait(reading.in_hand).done
            submission = reading.take(future)
            if submission is not None:
                return submission

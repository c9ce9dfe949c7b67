"""Reads hand-ins in processes that do nothing else, so that a slow one does not hold up others.

However careful the code, reading a hostile hand-in may take long, or more memory than there is. So
a reader is limited in both. While one is slow, another reads on; one that never finishes costs only
the hand-in that it was reading.
"""

import contextlib
import time
from collections.abc import Callable, Iterator, Set
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from typing import Any, Final, NamedTuple

from autograder.course import Course
from autograder.pool import pool
from autograder.submissions import Handin, Submission, apart, not_read, read_submission

# A hand-in that takes longer counts as slow: others are read meanwhile.
SLOW_SECONDS: Final = 0.5
# How long a new reader may take to start on a busy machine.
_STARTING_SECONDS: Final = 3.0
_MOST_READERS: Final = 4


class _Reading(NamedTuple):
    """A hand-in being read: its reader, when it counts as slow, whether this is a second try."""

    handin: Handin
    reader: Executor
    slow_from: float
    again: bool


class _Here(Executor):
    """Reads in this process, within the limits that `read_submission` has itself."""

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
        """The readings in progress."""
        return self._in_hand.keys()

    @property
    def can_start(self) -> bool:
        """Whether to start another hand-in now: all those being read are slow, if any."""
        now = time.monotonic()
        readings = self._in_hand.values()
        return len(readings) < _MOST_READERS and all(r.slow_from < now for r in readings)

    def start(self, handin: Handin, *, again: bool = False) -> None:
        """Starts to read a hand-in."""
        slow_from = time.monotonic() + SLOW_SECONDS
        try:
            reader = self._idle.pop()
            future = reader.submit(apart.read_here, handin)
        except (IndexError, BrokenExecutor):  # No reader is idle, or the idle one has died.
            reader = self._another()
            future = reader.submit(apart.read_here, handin)
            slow_from += _STARTING_SECONDS
        self._in_hand[future] = _Reading(handin, reader, slow_from, again)

    def _another(self) -> Executor:
        try:
            return self._opened.enter_context(pool(1, apart.begin, (self._course,)))
        except OSError:  # Processes of this machine cannot share locks: read in this one.
            return _Here(self._course)

    def take(self, future: Future[Submission]) -> Submission | None:
        """Returns the submission, or None where the reader died and a second try has begun."""
        reading = self._in_hand.pop(future)
        try:
            submission = future.result()
        except BrokenExecutor:
            # The hand-in may not be the cause: the system may have run out of memory, say.
            if not reading.again:
                self.start(reading.handin, again=True)
                return None
            why = f"whatever reads it ends, or takes more than {apart.MOST_SECONDS:g} seconds"
            return not_read(reading.handin, why)
        self._idle.append(reading.reader)
        return submission


@contextlib.contextmanager
def readers(course: Course) -> Iterator[Readers]:
    """Readers for a class; they end with the context."""
    with contextlib.ExitStack() as opened:
        yield Readers(course, opened)


def read_alone(handin: Handin, course: Course) -> Submission:
    """Reads a single hand-in, within the limits of a reader."""
    with readers(course) as reading:
        reading.start(handin)
        while True:
            [future] = wait(reading.in_hand).done
            submission = reading.take(future)
            if submission is not None:
                return submission

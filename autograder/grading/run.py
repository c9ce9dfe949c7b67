"""Grades many submissions: keeps results that still hold, has an engine grade the rest."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Final

from autograder.checking.errors import BrokenGraderError
from autograder.course import Course
from autograder.examiner.course_files import insist_on_files
from autograder.examiner.keeping import kept, lessons_that_hold, to_result
from autograder.examiner.keys import lesson_keys
from autograder.grading.engines import Engine, EngineError, processes
from autograder.grading.readers import SLOW_SECONDS, Readers, readers
from autograder.grading.work import (
    Graded,
    OtherVersionError,
    Settings,
    Task,
    examine_here,
    grade_here,
)
from autograder.results import Result
from autograder.sandbox.process import SandboxError
from autograder.submissions import Handin, Submission

# Looks up a submission's result from an earlier run, if there is one.
Earlier = Callable[[Submission], Result | None]
# Submissions read ahead: enough that no engine waits, few enough that they do not fill memory.
_WAITING: Final = 4


def grade_all(
    handins: Iterable[Handin],
    course: Course,
    settings: Settings,
    engine: Callable[[], AbstractContextManager[Engine]],
    earlier: Earlier = lambda _: None,
) -> Generator[Graded, None, None]:
    """Grades submissions and yields each as soon as it is done.

    Args:
        handins: The submissions, read lazily.
        course: The course.
        settings: The seed, the limits, and where the course is.
        engine: Opens an engine; not called where nothing is left to grade.
        earlier: Looks up a submission's earlier result, of which all that still holds is kept.

    Raises:
        BrokenGraderError: the course's own files cannot be used.
        EngineError: the engine cannot go on.
    """
    insist_on_files(course)
    keys = lesson_keys(course, settings.seed, settings.limits)
    grade = partial(grade_here, settings=settings, keys=keys)
    lost: list[Task] = []
    try:
        with readers(course) as reading:
            tasks = _Tasks(handins, course, keys, earlier, reading)
            while tasks.left:
                yield from tasks.until_one_waits()
                if tasks.waiting:
                    with engine() as opened:
                        yield from _drain(tasks, opened, grade, lost)
        # A grading process died. A submission that it or its neighbours were grading may be the
        # cause, so each of those gets a process to itself.
        for task in lost:
            with processes(1) as alone:
                try:
                    yield alone.executor.submit(grade, task).result()
                except BrokenExecutor:
                    why = "the grading process ended twice while grading it"
                    yield Graded(task.submission, None, failure=why)
    except OtherVersionError:
        raise EngineError(
            "a worker would grade by other graders, or on another Python or NumPy, than this "
            "command: install the same version of everything there, and start it again."
        ) from None


class _Tasks:
    """Submissions still to grade, read lazily."""

    def __init__(
        self,
        handins: Iterable[Handin],
        course: Course,
        keys: dict[str, str],
        earlier: Earlier,
        readers: Readers,
    ) -> None:
        self._handins = iter(handins)
        self._next = next(self._handins, None)
        self._course = course
        self._keys = keys
        self._earlier = earlier
        self._readers = readers
        self.waiting: deque[Task] = deque()  # Read, with at least one lesson to grade.

    @property
    def left(self) -> bool:
        """Whether any submission is waiting, being read or still to be read."""
        return bool(self.waiting or self._readers.in_hand or self._next is not None)

    def until_one_waits(self) -> Iterator[Graded]:
        """Yields submissions whose whole result is kept, until one waits to be graded."""
        while self.left and not self.waiting:
            yield from self.kept(self.wait(()))

    def wait(self, others: Iterable[Future[Graded]]) -> set[Future[Any]]:
        """Waits until any of these futures or of the readings is done; returns those done."""
        while True:
            while self._next and len(self.waiting) < _WAITING and self._readers.can_start:
                self._readers.start(self._next)
                self._next = next(self._handins, None)
            may_be_slow = self._readers.in_hand and self._next
            futures: list[Future[Any]] = [*others, *self._readers.in_hand]
            done, _ = wait(futures, SLOW_SECONDS if may_be_slow else None, FIRST_COMPLETED)
            if done:
                return done

    def kept(self, done: Iterable[Future[Any]]) -> Iterator[Graded]:
        """Takes what was read: yields it if its whole result is kept, else lets it wait."""
        for future in self._readers.in_hand & set(done):
            submission = self._readers.take(future)
            if submission is None:
                continue
            before = self._earlier(submission)
            holding = lessons_that_hold(before, submission, self._keys)
            if before is not None and len(holding) == len(self._keys):
                result = to_result(self._course, submission, kept(before, holding))
                yield Graded(submission, result, kept=True)
            else:
                self.waiting.append(Task(submission, before if holding else None))


def _drain(
    tasks: _Tasks, engine: Engine, grade: Callable[[Task], Graded], lost: list[Task]
) -> Iterator[Graded]:
    """Yields results until none is left to grade or the engine breaks: its tasks go to `lost`."""
    running: dict[Future[Graded], Task] = {}
    broken = False
    while running or (tasks.left and not broken):
        while tasks.waiting and not broken and len(running) < engine.at_once:
            try:
                running[engine.executor.submit(grade, tasks.waiting[0])] = tasks.waiting[0]
            except BrokenExecutor:
                broken = True
            else:
                tasks.waiting.popleft()
        if broken and not running:
            return
        done = tasks.wait(running)
        yield from tasks.kept(done)
        for future in running.keys() & done:
            task = running.pop(future)
            try:
                yield future.result()
            except BrokenExecutor:
                broken = True
                lost.append(task)
            except (BrokenGraderError, OtherVersionError, SandboxError):
                raise  # No submission can be graded there.
            except CancelledError:
                raise EngineError(
                    "whoever does the work went away: run the same command again, it goes on where "
                    "it was."
                ) from None
            except Exception as error:  # The engine's: perhaps every worker that took it died.
                yield Graded(task.submission, None, failure=f"{type(error).__name__}: {error}")


def examine_all(
    submissions: Sequence[Submission], settings: Settings, jobs: int
) -> Iterator[Result]:
    """Grades submissions in memory, in `jobs` processes, and yields their results in order."""
    examine = partial(examine_here, settings=settings)
    with processes(jobs) as engine:
        # Not by `map`, which cancels waiting futures when one fails: if processes end then too, the
        # executor's thread comes upon cancelled futures and never ends.
        waiting = deque(engine.executor.submit(examine, submission) for submission in submissions)
        while waiting:
            yield waiting.popleft().result()

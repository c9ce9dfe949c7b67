"""Grades many submissions: what holds is kept, the rest is handed to whoever does the work."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from contextlib import AbstractContextManager
from functools import partial

from autograder.checking.errors import BrokenGraderError
from autograder.course import Course
from autograder.examiner.course_files import insist_on_files
from autograder.examiner.keeping import kept, lessons_that_hold, to_result
from autograder.examiner.keys import lesson_keys
from autograder.grading.engines import Engine, EngineError, processes
from autograder.grading.work import (
    Graded,
    OtherVersionError,
    Settings,
    Work,
    examine_here,
    grade_here,
)
from autograder.results import Result
from autograder.sandbox.process import SandboxError
from autograder.submissions import Handin, Submission, read_submission

# What of an earlier run is known of a submission, if anything.
Earlier = Callable[[Submission], Result | None]


def grade_all(
    handins: Iterable[Handin],
    course: Course,
    settings: Settings,
    engine: Callable[[], AbstractContextManager[Engine]],
    earlier: Earlier = lambda _: None,
) -> Generator[Graded, None, None]:
    """Grades submissions and yields each as soon as it is done.

    Args:
        handins: The submissions; each is read when its turn comes.
        course: The course.
        settings: What decides the scores beside the submissions.
        engine: Opens whoever does the work; not called where there is none.
        earlier: Looks up an earlier result of a submission, so that what holds of it is kept.

    Raises:
        BrokenGraderError: the course's own files cannot be used.
        EngineError: whoever does the work cannot go on.
    """
    insist_on_files(course)
    keys = lesson_keys(course, settings.seed, settings.limits)
    tasks = _Tasks(handins, course, keys, earlier)
    grade = partial(grade_here, settings=settings, keys=keys)
    lost: list[Work] = []
    try:
        yield from tasks.kept()
        while tasks.next is not None:
            with engine() as opened:
                yield from _drain(tasks, opened, grade, lost)
        # A process of ours died. One of the submissions that it and its neighbours had in hand may
        # be why, so each of those gets a process to itself.
        for work in lost:
            with processes(1) as alone:
                try:
                    yield alone.executor.submit(grade, work).result()
                except BrokenExecutor:
                    why = "the grading process ended twice while grading it"
                    yield Graded(work.submission, None, failure=why)
    except OtherVersionError:
        raise EngineError(
            "a worker would grade by other graders, or on another Python or NumPy, than this "
            "command: install the same version of everything there, and start it again."
        ) from None


class _Tasks:
    """The work that there is, each piece made when its turn comes."""

    def __init__(
        self, handins: Iterable[Handin], course: Course, keys: dict[str, str], earlier: Earlier
    ) -> None:
        self._handins = iter(handins)
        self._course = course
        self._keys = keys
        self._earlier = earlier
        self.next: Work | None = None  # The next submission that has something to grade.

    def kept(self) -> Iterator[Graded]:
        """Yields submissions of which everything is kept, up to the next that is to be graded."""
        while self.next is None:
            handin = next(self._handins, None)
            if handin is None:
                return
            submission = read_submission(handin, self._course)
            before = self._earlier(submission)
            holding = lessons_that_hold(before, submission, self._keys)
            if before is not None and len(holding) == len(self._keys):
                result = to_result(self._course, submission, kept(before, holding))
                yield Graded(submission, result, kept=True)
            else:
                self.next = Work(submission, before if holding else None)


def _drain(
    tasks: _Tasks, engine: Engine, grade: Callable[[Work], Graded], lost: list[Work]
) -> Iterator[Graded]:
    """Yields results until no work waits or the engine breaks; what it had goes to `lost`."""
    running: dict[Future[Graded], Work] = {}
    broken = False
    while running or (tasks.next is not None and not broken):
        while tasks.next is not None and not broken and len(running) < engine.at_once:
            try:
                running[engine.executor.submit(grade, tasks.next)] = tasks.next
            except BrokenExecutor:
                broken = True
            else:
                tasks.next = None
                yield from tasks.kept()
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            work = running.pop(future)
            try:
                yield future.result()
            except BrokenExecutor:
                broken = True
                lost.append(work)
            except (BrokenGraderError, OtherVersionError, SandboxError):
                raise  # Nobody can be graded there.
            except CancelledError:
                raise EngineError(
                    "whoever does the work went away: run the same command again, it goes on where "
                    "it was."
                ) from None
            except Exception as error:  # The engine's: perhaps all workers that had it died.
                yield Graded(work.submission, None, failure=f"{type(error).__name__}: {error}")


def examine_all(
    submissions: Sequence[Submission], settings: Settings, jobs: int
) -> Iterator[Result]:
    """Grades submissions that are in memory, in `jobs` processes, and yields results in order."""
    examine = partial(examine_here, settings=settings)
    with processes(jobs) as engine:
        # Not by `map`, which cancels what waits when something fails: where processes end then too,
        # the executor's thread meets work that is cancelled already, and never ends.
        waiting = deque(engine.executor.submit(examine, submission) for submission in submissions)
        while waiting:
            yield waiting.popleft().result()

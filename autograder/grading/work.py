"""Grading in one process, here or on another machine: a submission in, its result out."""

import atexit
import contextlib
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec

from autograder.course import BUNDLED, Course, load_course
from autograder.course.files import unpack
from autograder.examiner import Examiner
from autograder.reports import render_feedback
from autograder.results import Result
from autograder.sandbox.process import Limits
from autograder.submissions import Submission


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a score depends on besides the submission."""

    seed: int  # Of the hidden inputs.
    limits: Limits = field(default_factory=Limits)
    course: Path = BUNDLED  # Its folder, on the machine that sends it.


# Not a tuple: Dask would search it for tasks of its own.
class Task(msgspec.Struct, frozen=True):
    """A submission to grade, with all its data, and an earlier result that may hold in part."""

    submission: Submission
    earlier: Result | None = None


class Graded(NamedTuple):
    """A submission with its result and feedback page, or why it could not be graded."""

    submission: Submission
    result: Result | None
    feedback: str = ""
    failure: str = ""
    kept: bool = False  # The whole result is an earlier run's; its page is not made again.


class OtherVersionError(Exception):
    """Another machine would grade with other graders, or on another Python or NumPy."""


def grade_one(task: Task, examiner: Examiner) -> Graded:
    """Grades one submission and writes its feedback page."""
    try:
        result = examiner.examine(task.submission, task.earlier)
        return Graded(task.submission, result, render_feedback(examiner.course, result))
    except Exception as error:  # Ours, not the student's; other submissions are still graded.
        return Graded(task.submission, None, failure=f"{type(error).__name__}: {error}")


class _OneExaminer:
    """This process's examiner: one for as long as the settings stay the same."""

    def __init__(self) -> None:
        # A worker of a cluster may run tasks in several threads, and there is one pytest session.
        self._lock = threading.Lock()
        self._settings: Settings | None = None
        self._examiner: Examiner | None = None
        self._open = contextlib.ExitStack()

    def grade(self, task: Task, settings: Settings, keys: dict[str, str]) -> Graded:
        with self._lock:
            examiner = self._under(settings)
            if examiner.keys != keys:
                raise OtherVersionError
            return grade_one(task, examiner)

    def examine(self, submission: Submission, settings: Settings) -> Result:
        with self._lock:
            return self._under(settings).examine(submission)

    def close(self, error: BaseException | None) -> None:
        with self._lock:
            self._examiner = self._settings = None
            self._open.__exit__(type(error) if error else None, error, None)

    def _under(self, settings: Settings) -> Examiner:
        course = _course(settings.course)
        if self._examiner is None or (self._settings, self._examiner.course) != (settings, course):
            # None until the next one has started, which may fail.
            self._examiner = self._settings = None
            self._open.close()
            # It ends with the process at the latest.
            self._examiner = self._open.enter_context(
                Examiner(seed=settings.seed, course=course, limits=settings.limits)
            )
            self._settings = settings
        return self._examiner


_here = _OneExaminer()
# The courses that were sent to this process from another machine, by their folders there.
_received: dict[Path, tuple[str, Path]] = {}


def receive_course(folder: Path, digest: str, archive: bytes) -> None:
    """Keeps a course sent from another machine until this process ends or a new version comes."""
    if folder not in _received or _received[folder][0] != digest:
        made = tempfile.TemporaryDirectory(prefix="autograder-course-")
        atexit.register(made.cleanup)
        unpack(archive, Path(made.name))
        _received[folder] = digest, Path(made.name)


def _course(folder: Path) -> Course:
    return load_course(_received[folder][1] if folder in _received else folder)


def grade_here(task: Task, settings: Settings, keys: dict[str, str]) -> Graded:
    """Grades one submission in this process.

    Args:
        task: The submission.
        settings: The seed, the limits, and where the course is.
        keys: The lessons' keys on the machine that gets the result.

    Raises:
        OtherVersionError: this process has other keys.
        BrokenGraderError: no submission can be graded here.
        SandboxError: student processes cannot be started here.
    """
    return _here.grade(task, settings, keys)


def examine_here(submission: Submission, settings: Settings) -> Result:
    """Examines one submission in this process."""
    return _here.examine(submission, settings)


def close_here(error: BaseException | None = None) -> None:
    """Ends this process's examiner, if there is one; at once where an error is given."""
    _here.close(error)

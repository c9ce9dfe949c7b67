"""What one process does, here or on another machine: one submission in, its result out."""

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
    """What decides a score beside the submission."""

    seed: int  # Of the hidden inputs.
    limits: Limits = field(default_factory=Limits)
    course: Path = BUNDLED  # Its folder; on another machine, where it was when it was sent.


# Not a tuple: Dask would look for work of its own inside.
class Task(msgspec.Struct, frozen=True):
    """A submission to grade, all of it here, and what of an earlier result may still hold."""

    submission: Submission
    earlier: Result | None = None


class Graded(NamedTuple):
    """What became of a submission: its result and feedback page, or why it could not be graded."""

    submission: Submission
    result: Result | None
    feedback: str = ""
    failure: str = ""
    kept: bool = False  # Of an earlier run, whole; the page is not made again.


class OtherVersionError(Exception):
    """Another machine would grade by other graders, or on another Python or NumPy."""


def grade_one(task: Task, examiner: Examiner) -> Graded:
    """Grades one submission and writes its feedback page."""
    try:
        result = examiner.examine(task.submission, task.earlier)
        return Graded(task.submission, result, render_feedback(examiner.course, result))
    except Exception as error:  # Ours, not the student's; the other submissions still get theirs.
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
            # Nobody's, until the next one has started: it may not.
            self._examiner = self._settings = None
            self._open.close()
            # It ends with the process, if not before.
            self._examiner = self._open.enter_context(
                Examiner(seed=settings.seed, course=course, limits=settings.limits)
            )
            self._settings = settings
        return self._examiner


_here = _OneExaminer()
# The courses that were sent to this process from another machine, by their folders there.
_received: dict[Path, tuple[str, Path]] = {}


def receive_course(folder: Path, digest: str, archive: bytes) -> None:
    """Keeps a course that another machine sent, until this process ends or another one comes."""
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
        settings: What decides the score beside it.
        keys: The lessons' keys where the results go.

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
    """Ends this process's examiner, if it has one; at once where an error is the reason."""
    _here.close(error)

"""The Otter plugin: our examiner grades a submission, and none of it reaches Otter.

Otter runs a submission and its tests in one kernel and unpickles what that kernel writes. This
plugin takes the submission away before Otter opens it, lets Otter run an empty one, and puts the
examiner's results in place of the tests'. Any failure ends the run with a score of 0 and a message;
in no case does a submission run in the kernel.
"""

import contextlib
import os
import shutil
import tempfile
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import msgspec
import nbformat
from otter.execute.logging import LogRecordStreamHandler
from otter.plugins import AbstractOtterPlugin
from otter.run.run_autograder.utils import OtterRuntimeError
from otter.test_files import GradingResults

from autograder.course import BUNDLED, COURSE_VARIABLE, Course, Lesson, load_course
from autograder.display import visible
from autograder.examiner import Examiner
from autograder.grading import read_alone
from autograder.otter.results import describe, to_test_files
from autograder.results import Source
from autograder.submissions import Handin, Piece, Submission
from autograder.submissions.files import readable

# It ships no types.
_V4: Any = nbformat.v4
# The tests, which Otter puts beside the submission.
_TESTS: Final = "tests"
_EMPTY_NOTEBOOK: Final = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'
_FAILED: Final = (
    "The grader itself failed ({}), so this submission was not graded. That is no fault of the "
    "submission: please tell your teacher."
)


class PluginError(Exception):
    """The archive or an option does not fit what the plugin does; the message is a sentence."""


class ExaminerPlugin(AbstractOtterPlugin):  # type: ignore[misc]  # Otter ships no types.
    """Grades one lesson of the course. Its configuration is `{"module": ..., "seed": ...}`.

    The examiner starts while Otter's kernel does, so it costs no extra time. Student code runs once
    that kernel has ended, so nothing of Otter's is left for it to reach.
    """

    def __init__(
        self, submission_path: str, submission_metadata: dict[str, Any], plugin_config: Any
    ) -> None:
        super().__init__(submission_path, submission_metadata, plugin_config)
        self._report = ""
        self._running = contextlib.ExitStack()

    def before_grading(self, config: Any) -> None:
        """Takes the submission away from Otter, and starts the examiner."""
        with _failing_loudly():
            _deafen_log_server()
            if config.pdf or config.token:
                raise PluginError("no PDF can be made: leave out --pdfs")
            # In the archive's image the wheel holds the course; elsewhere it may be another one.
            named = os.environ.get(COURSE_VARIABLE)
            course = load_course(Path(named) if named else BUNDLED)
            self._lesson = _lesson(course, self.plugin_config)
            self._submission = _take(Path(self.submission_path), course)
            lesson = msgspec.structs.replace(course, lessons=(self._lesson,))
            examiner = Examiner(course=lesson, seed=_seed(self.plugin_config))
            starter = ThreadPoolExecutor(1)
            self._starting = starter.submit(self._running.enter_context, examiner)
            starter.shutdown(wait=False)

    def before_execution(self, submission: Any) -> Any:
        """Returns an empty notebook for Otter to run, whatever `submission` holds by now."""
        return _V4.new_notebook()

    def after_grading(self, results: GradingResults) -> None:
        """Grades the submission, and replaces the results of Otter's tests."""
        with _failing_loudly(), self._running:
            result = self._starting.result().examine(self._submission)
            self._report = describe(result, self._lesson)
            results.results = to_test_files(result)
            results.set_output(self._report)

    def generate_report(self) -> str:
        """Returns what Otter prints at the end."""
        return self._report


@contextlib.contextmanager
def _failing_loudly() -> Iterator[None]:
    """Turns a failure into the error that Otter records, with a score of 0, and then stops."""
    try:
        yield
    except Exception as error:
        # Students read this; what an exception says of our own files is for the log only.
        why = str(error) if isinstance(error, PluginError) else type(error).__name__
        said = visible("".join(traceback.format_exception(error)))
        raise OtterRuntimeError(_FAILED.format(why)) from RuntimeError(said)


def _deafen_log_server() -> None:
    """Disables Otter's log server, which unpickles what anybody on the machine sends it."""
    LogRecordStreamHandler.handle = lambda self: None


def _lesson(course: Course, plugin_config: Any) -> Lesson:
    wanted = plugin_config.get("module")
    for lesson in course.lessons:
        if lesson.id == wanted:
            return lesson
    raise PluginError(
        f"the course here, {course.title}, has no module {wanted!r}; {COURSE_VARIABLE} names the "
        "folder of another course"
    )


def _seed(plugin_config: Any) -> int:
    # As text: not every reader of JSON keeps all digits of a number.
    try:
        return int(plugin_config["seed"])
    except (KeyError, TypeError, ValueError):
        raise PluginError("otter_config.json has no seed: make the archives again") from None


def _take(path: Path, course: Course) -> Submission:
    """Reads the submission, and leaves only an empty file of its name and Otter's tests.

    All else is removed: an `.OTTER_LOG`, which Otter would unpickle; and modules and settings of
    the kernel, which Python and Jupyter look for in the folder that they start in.
    """
    folder = path.parent
    aside = Path(tempfile.mkdtemp(prefix="handed-in-", dir=folder))
    # Moved before it is read: the reader is a Python process that starts in this folder.
    for entry in list(os.scandir(folder)):
        if entry.name not in (_TESTS, aside.name):
            os.rename(entry.path, aside / entry.name)
    # Otter adds an empty one where there is none.
    with contextlib.suppress(OSError):
        if (aside / "__init__.py").lstat().st_size == 0:
            (aside / "__init__.py").unlink()
    name = readable(path.name)
    submission = read_alone(Handin(path.stem, Source(name), (Piece(aside, "", name),)), course)
    shutil.rmtree(aside)
    path.write_bytes(_EMPTY_NOTEBOOK if path.suffix == ".ipynb" else b"")
    return submission

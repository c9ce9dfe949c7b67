"""The examiner: one pytest session that grades one submission after another."""

import gc
import queue
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from autograder.checking.errors import BrokenGraderError
from autograder.checking.plugin import CollectedCheck, Examination
from autograder.checking.runs import CheckRun
from autograder.checking.scoring import grade_exercises
from autograder.checking.session import hold_session, public_check_files
from autograder.checking.student import Student
from autograder.course import Course, load_course
from autograder.examiner.follow_through import follow_through, of_follow_through
from autograder.examiner.script import ReferenceCandidate, Script, ScriptedCandidate, calls_of
from autograder.mistakes.catalogue import load_mistakes
from autograder.mistakes.recognition import INCONSISTENT, Recogniser
from autograder.results import ExerciseResult, Result, rounded
from autograder.sandbox.confinement import Layer
from autograder.sandbox.forked import ProcessServer
from autograder.sandbox.process import Limits, SandboxError
from autograder.submissions import Submission


class Examiner:
    """Grades submissions, each in processes of its own. Use it as a context manager.

    The checks are collected once and first run on the reference solutions: that proves that a right
    answer earns all points here and now, and records the calls they make.

    Raises on entry:
        BrokenGraderError: a check cannot be collected, or a reference solution fails it.
        SandboxError: student processes cannot be started.
    """

    def __init__(
        self,
        *,
        course: Course | None = None,
        seed: int | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.course = course or load_course()
        self.seed = self.course.default_seed if seed is None else seed
        self.limits = limits or Limits()
        self.layers: list[Layer] = []
        self.checks: list[CollectedCheck] = []
        self._inbox: queue.SimpleQueue[Submission | None] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[Result | BaseException | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        # pytest keeps the thread that it runs in until its session ends, so it has one of its own.
        self._thread = threading.Thread(target=self._run_session, daemon=True)

    def __enter__(self) -> Self:
        self._server = ProcessServer()
        try:
            probe = self._server.start(self.limits)
            self.layers = probe.layers
            probe.end()
            self._thread.start()
            started = self._outbox.get()
            if isinstance(started, BaseException):
                raise started
        except BaseException:
            self._server.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._inbox.put(None)
        if error is not None:
            # Interrupted: end the student's process, so that nobody waits for its limits.
            self._stopping.set()
            self._server.close()
        self._thread.join()
        self._server.close()

    def examine(self, submission: Submission) -> Result:
        """Grades one submission. Whatever it does is in the result, not an exception."""
        self._inbox.put(submission)
        result = self._outbox.get()
        if isinstance(result, Result):
            return result
        raise result or BrokenGraderError("the examiner's session has ended")

    def _run_session(self) -> None:
        examination = Examination(self.course, self._serve)
        try:
            hold_session(examination, check_files(self.course), self.course, self.seed)
        except BaseException as error:
            self._outbox.put(error)
        finally:
            self._outbox.put(None)

    def _serve(self, examination: Examination) -> None:
        """Runs inside pytest's session: proves the graders, then grades what comes in."""
        try:
            script = _prove(examination)
        except BrokenGraderError as error:
            self._outbox.put(error)
            return
        self.checks = examination.checks
        self._recogniser = Recogniser(load_mistakes(self.course), calls_of(script))
        # What is here now stays, so looking through all of it for garbage, again and again, is vain.
        gc.freeze()
        try:
            self._outbox.put(None)
            while (submission := self._inbox.get()) is not None:
                try:
                    self._outbox.put(self._examine_surely(submission, examination, script))
                except Exception as error:
                    self._outbox.put(error)
        finally:
            gc.unfreeze()

    def _examine_surely(
        self, submission: Submission, examination: Examination, script: Script
    ) -> Result:
        """Grades a submission, a second time where the process server failed the first time."""
        try:
            return self._examine(submission, examination, script)
        except SandboxError:
            if self._stopping.is_set():
                raise
            self._server.close()
            self._server = ProcessServer()
            return self._examine(submission, examination, script)

    def _examine(self, submission: Submission, examination: Examination, script: Script) -> Result:
        student = Student(submission, self._server, self.limits)
        candidate = ScriptedCandidate(student, script)
        runs: list[CheckRun] = []
        apart: Student | None = None
        try:
            # Public checks first: what they show was made before student code saw a hidden input.
            candidate.fetch(c.id for c in examination.checks if c.visibility == "public")
            runs += examination.run(candidate, "public")
            candidate.fetch(c.id for c in examination.checks if c.visibility == "hidden")
            runs += examination.run(candidate, "hidden")
            graded = grade_exercises(self.course, runs)
            named = [self._named(exercise, candidate) for exercise in graded]
            # In a process that has not seen the composites' calls, and on time of its own.
            apart = Student(submission, self._server, of_follow_through(self.limits))
            exercises = follow_through(named, candidate.seen, apart)
        finally:
            student.close()
            if apart is not None:
                apart.close()
        return Result(
            submission=submission.id,
            score=rounded(sum(exercise.score for exercise in exercises)),
            max_score=self.course.max_score,
            exercises=exercises,
            problems=(*submission.problems, *student.problems),
            source=submission.source,
            confinement=tuple(layer.name for layer in self.layers if layer.in_force),
            digest=submission.digest,
        )

    def _named(self, exercise: ExerciseResult, candidate: ScriptedCandidate) -> ExerciseResult:
        """Adds the mistake that explains an exercise, where it is recognised."""
        if exercise.outcome == "correct":
            return exercise
        if exercise.id in candidate.inconsistent:
            return msgspec.structs.replace(exercise, mistake=INCONSISTENT)
        mistake = self._recogniser.recognise(exercise.id, candidate.seen.get(exercise.id, {}))
        return msgspec.structs.replace(exercise, mistake=mistake)


def check_files(course: Course) -> Sequence[Path]:
    """Returns the files of public checks and hidden graders, one of each a module."""
    graders = Path(__file__).resolve().parent.parent / "graders"
    modules = [module.id for module in course.modules]
    return [*public_check_files(modules), *(graders / f"{module}.py" for module in modules)]


def _prove(examination: Examination) -> Script:
    candidate = ReferenceCandidate()
    for run in [*examination.run(candidate, "public"), *examination.run(candidate, "hidden")]:
        if run.error is not None:
            raise BrokenGraderError(f"the reference solution fails {run.check.id}: {run.error!r}")
    return candidate.script

"""The examiner: one pytest session that grades one submission after another."""

import gc
import queue
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import partial
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

import msgspec

from autograder.calls import CallFailed, Outcome, StudentFunction
from autograder.checking.errors import BrokenGraderError, broken_by
from autograder.checking.plugin import CheckFile, CollectedCheck, Examination
from autograder.checking.runs import CheckRun
from autograder.checking.scoring import grade_exercises
from autograder.checking.session import hidden_checks, hold_session, public_checks
from autograder.checking.student import Student
from autograder.course import Course, load_course
from autograder.examiner.asking import Asking
from autograder.examiner.course_files import insist_on_files, insist_on_solutions
from autograder.examiner.follow_through import follow_through, of_follow_through
from autograder.examiner.keeping import (
    GradedLessons,
    kept,
    lessons_that_hold,
    to_result,
    with_what_ran_out,
)
from autograder.examiner.keys import lesson_keys
from autograder.examiner.script import (
    ReferenceCandidate,
    Script,
    ScriptedCandidate,
    broken_reference,
    calls_of,
)
from autograder.examiner.verdicts import Looks, Passes
from autograder.mistakes.catalogue import load_mistakes
from autograder.mistakes.parts import load_parts
from autograder.mistakes.recognition import INCONSISTENT, Formula, Recogniser
from autograder.references import reference
from autograder.results import ExerciseResult, Result, Visibility
from autograder.sandbox import wire
from autograder.sandbox.confinement import Layer
from autograder.sandbox.forked import ProcessServer
from autograder.sandbox.process import Limits, SandboxError
from autograder.submissions import Submission

# A course's checks take a second on its solutions. Checks that take so much longer never end.
_MOST_SECONDS_OF_PROOF: Final = 120.0
_IN_THIS_ORDER: Final[tuple[Visibility, ...]] = ("public", "hidden")


class _Request(NamedTuple):
    """A submission to grade, its earlier result if any, and the future of its result."""

    submission: Submission
    earlier: Result | None
    result: Future[Result]


class Examiner:
    """Grades submissions, each in processes of its own. Use it as a context manager.

    The checks are collected once and first run on the reference solutions: that proves that a right
    answer earns all points here and now, and records the calls they make.

    Raises:
        BrokenGraderError: a file of the course is missing.

    Raises on entry:
        BrokenGraderError: a file cannot be used, or a reference solution fails a check.
        SandboxError: student processes cannot be started.
    """

    def __init__(
        self,
        *,
        seed: int,
        course: Course | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.course = course or load_course()
        self.seed = seed
        self.limits = limits or Limits()
        insist_on_files(self.course)
        self.keys = lesson_keys(self.course, self.seed, self.limits)
        self.layers: list[Layer] = []
        self.checks: list[CollectedCheck] = []
        self._passes = Passes()
        # None ends the session.
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._proved: Future[None] = Future()
        self._ended: Future[None] = Future()
        self._stopping = threading.Event()
        # pytest occupies its thread until the session ends, so it gets one of its own.
        self._thread = threading.Thread(target=self._run_session, daemon=True)
        self._examination = examination_of(self.course, self._serve)

    def __enter__(self) -> Self:
        self._server = ProcessServer()
        try:
            self.layers = self._layers_in_force()
            self._thread.start()
            wait_for_proof(self._examination, self._proved, self._ended)
        except BaseException:
            self._server.close()
            raise
        return self

    def _layers_in_force(self) -> list[Layer]:
        """Returns the layers that confine student processes here, as one of these reports."""
        try:
            probe = self._server.start(self.limits)
        except SandboxError:  # The server may have died: try another.
            self._server.close()
            self._server = ProcessServer()
            probe = self._server.start(self.limits)
        probe.end()
        return probe.layers

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._requests.put(None)
        if error is not None:
            # Interrupted: end the student's process instead of waiting for its limits.
            self._stopping.set()
            self._server.close()
        self._thread.join()
        self._server.close()

    def examine(self, submission: Submission, earlier: Result | None = None) -> Result:
        """Grades one submission. Whatever it does shows in the result, and raises nothing.

        Args:
            submission: The submission.
            earlier: Its earlier result, of which all that still holds is kept.
        """
        request = _Request(submission, earlier, Future())
        self._requests.put(request)
        either: list[Future[Any]] = [request.result, self._ended]
        wait(either, return_when=FIRST_COMPLETED)
        if request.result.done():
            return request.result.result()
        self._ended.result()  # Raises the reason, if it has one.
        raise BrokenGraderError("the examiner's session has ended")

    def _run_session(self) -> None:
        try:
            hold_session(self._examination, check_files(self.course), self.course, self.seed)
        except SandboxError as error:
            self._ended.set_exception(error)
        except Exception as error:  # In this thread it would go unseen.
            self._ended.set_exception(broken_by(error))
        except BaseException as error:
            self._ended.set_exception(error)
        else:
            self._ended.set_result(None)

    def _serve(self, examination: Examination) -> None:
        """Runs inside pytest's session: proves the graders, then serves requests."""
        script = prove(examination, self.course, self.seed)
        self.checks = examination.checks
        calls = calls_of(script, self.course.exercises)
        parts = load_parts(self.course)
        self._composites = parts.composites
        self._recogniser = Recogniser(self.course, load_mistakes(self.course), parts.links, calls)
        # The objects that exist by now stay, so the garbage collector need not search them.
        gc.freeze()
        try:
            self._proved.set_result(None)
            while (request := self._requests.get()) is not None:
                try:
                    request.result.set_result(self._examine_surely(request, examination, script))
                except Exception as error:
                    request.result.set_exception(error)
        finally:
            gc.unfreeze()

    def _examine_surely(
        self, request: _Request, examination: Examination, script: Script
    ) -> Result:
        """Grades a submission, and once more where the process server fails."""
        try:
            return self._examine(request, examination, script)
        except SandboxError:
            if self._stopping.is_set():
                raise
            self._server.close()
            self._server = ProcessServer()
            return self._examine(request, examination, script)

    def _examine(self, request: _Request, examination: Examination, script: Script) -> Result:
        submission, earlier, _ = request
        holding = lessons_that_hold(earlier, submission, self.keys)
        before = [] if earlier is None else [kept(earlier, holding)]
        lessons = [name for name in self.keys if name not in holding]
        if not lessons:
            return to_result(self.course, submission, *before)
        exercises = [e for e in self.course.exercises if e.partition(".")[0] in lessons]
        asking = self._asking(submission, exercises, examination, script)
        apart = Student(submission, self._server, of_follow_through(self.limits))
        try:
            asking.ask_public()
            runs = self._run(examination, "public", script, asking, exercises)
            asking.ask_hidden()
            runs += self._judge_hidden(examination, script, asking, exercises)
            asking.close()
            graded = grade_exercises(self.course, runs, exercises)
            formulas: dict[str, Formula] = {}
            seen = asking.seen()
            named = [self._named(e, seen, asking.inconsistent, formulas) for e in graded]
            # In a process that has not seen the composites' calls, with time of its own.
            followed = follow_through(self.course, self._composites, named, formulas, seen, apart)
        finally:
            asking.close()
            apart.close()
        noted = with_what_ran_out(
            asking.first.noted, seen, asking.sluggish, submission, self.limits
        )
        made = GradedLessons(
            followed,
            noted,
            {lesson: self.keys[lesson] for lesson in lessons},
            tuple(layer.name for layer in self.layers if layer.in_force),
        )
        return to_result(self.course, submission, made, *before)

    def _asking(
        self,
        submission: Submission,
        exercises: Sequence[str],
        examination: Examination,
        script: Script,
    ) -> Asking:
        public, hidden = (
            calls_of(script, exercises, [c.id for c in examination.checks if c.visibility == which])
            for which in _IN_THIS_ORDER
        )
        return Asking(submission, self._server, self.limits, public, hidden)

    def _judge_hidden(
        self,
        examination: Examination,
        script: Script,
        asking: Asking,
        exercises: Sequence[str],
    ) -> list[CheckRun]:
        """Runs the hidden checks on answers that reveal nothing of another exercise's inputs."""
        in_time = [name for name in exercises if name not in asking.slow]
        runs = self._run(examination, "hidden", script, asking, in_time)
        again: Sequence[str] = asking.slow
        is_wrong = any(run.error is not None and not _was_missing(run) for run in runs)
        if is_wrong or not asking.settled.issuperset(asking.slow):
            needed = self._needed(examination, script, asking, exercises)
            again = asking.slow if asking.is_confirmed(needed) else exercises
        if not again:
            return runs
        asking.ask_alone(again)
        others = [run for run in runs if not any(e in again for e in run.check.exercises)]
        return others + self._run(examination, "hidden", script, asking, again)

    def _needed(
        self,
        examination: Examination,
        script: Script,
        asking: Asking,
        exercises: Sequence[str],
    ) -> dict[str, list[bytes]]:
        """Returns the hidden calls that decide how exercises are judged.

        Where no call returned, no mistake is looked for, and each check ends with its first call.
        """
        hidden = [check.id for check in examination.checks if check.visibility == "hidden"]
        needed = calls_of(script, exercises, hidden)
        firsts = calls_of({check: script[check][:1] for check in hidden}, exercises, hidden)
        for name, calls in firsts.items():
            outcomes = asking.hidden.get(name, {}).values()
            if outcomes and not any(outcome.ending == "returned" for outcome in outcomes):
                needed[name] = calls
        return needed

    def _run(
        self,
        examination: Examination,
        visibility: Visibility,
        script: Script,
        asking: Asking,
        exercises: Sequence[str],
    ) -> list[CheckRun]:
        """Runs checks on the answers; checks of missing functions end with their first call."""
        answers = asking.public if visibility == "public" else asking.hidden
        candidate = ScriptedCandidate(asking.first, answers)
        checks = [c for c in examination.checks if c.visibility == visibility and script[c.id]]
        missing = _missing(answers, exercises)
        runs = [
            _run_of_missing(check, script, candidate, missing)
            for check in checks
            if check.exercises and missing.keys() >= set(check.exercises)
        ]
        looked_at = Looks(answers)
        looks = {check.id: looked_at.key(check, script[check.id]) for check in checks}
        keys = {check: key for check, key in looks.items() if key is not None}
        passed = {check for check, key in keys.items() if key in self._passes}
        present = [name for name in exercises if name not in missing]
        runs += examination.run(candidate, visibility, present, passed)
        ran_well = {run.check.id for run in runs if run.error is None} - passed - candidate.astray
        self._passes.add(keys[check] for check in ran_well if check in keys)
        return runs

    def _named(
        self,
        exercise: ExerciseResult,
        seen: Mapping[str, Mapping[bytes, Outcome]],
        inconsistent: Collection[str],
        formulas: dict[str, Formula],
    ) -> ExerciseResult:
        """Adds the mistake that explains a wrong answer, and its formula, where recognised."""
        if exercise.outcome == "correct":
            return exercise
        if exercise.id in inconsistent:
            return msgspec.structs.replace(exercise, mistake=INCONSISTENT)
        found = self._recogniser.explain(exercise.id, seen.get(exercise.id, {}))
        if found is None:
            return exercise
        if found.formula is not None:
            formulas[exercise.id] = found.formula
        return msgspec.structs.replace(exercise, mistake=found.mistake)


def _missing(
    answers: Mapping[str, Mapping[bytes, Outcome]], exercises: Sequence[str]
) -> dict[str, Outcome]:
    """Returns the exercises whose function is missing, each with the outcome of its calls."""
    firsts = {name: next(iter(answers.get(name, {}).values()), None) for name in exercises}
    return {name: o for name, o in firsts.items() if o is not None and o.ending == "missing"}


def _run_of_missing(
    check: CollectedCheck,
    script: Script,
    candidate: ScriptedCandidate,
    missing: Mapping[str, Outcome],
) -> CheckRun:
    """Returns the run of a check whose functions are missing: it ends with its first call."""
    first = script[check.id][0]
    function = StudentFunction(first.exercise, candidate)
    function.last_call = (function.name, wire.decode(first.arguments))
    function.last_outcome = missing[first.exercise]
    return CheckRun(check, CallFailed(function.last_outcome), function)


def _was_missing(run: CheckRun) -> bool:
    return isinstance(run.error, CallFailed) and run.error.outcome.ending == "missing"


def examination_of(course: Course, work: Callable[[Examination], object]) -> Examination:
    """Returns an examination whose checks can look at the reference solutions."""
    return Examination(course, work, partial(reference, course))


def check_files(course: Course) -> Sequence[CheckFile]:
    """Returns the files of public and hidden checks, one of each per module."""
    modules = [lesson.id for lesson in course.lessons]
    return [*public_checks(modules), *hidden_checks(modules)]


def wait_for_proof(
    examination: Examination, proved: Future[None], ended: Future[None] | None = None
) -> None:
    """Waits until a session in another thread has proved its checks, or has ended.

    Raises:
        BrokenGraderError: it takes so long that it will never end.
        BaseException: whatever the session ended with.
    """
    futures = [proved] if ended is None else [proved, ended]
    done, _ = wait(futures, _MOST_SECONDS_OF_PROOF, FIRST_COMPLETED)
    if not done:
        file, _, check = examination.running.partition("::")
        what = f"{file}: {check}, on the reference solutions," if check else "loading the course"
        raise BrokenGraderError(
            f"{what} has not come to an end after {_MOST_SECONDS_OF_PROOF:g} s."
        )
    for future in done:
        future.result()


def prove(examination: Examination, course: Course, seed: int) -> Script:
    """Runs all checks on the reference solutions, and returns the calls that they make.

    Raises:
        BrokenGraderError: a reference solution is missing, or fails a check.
    """
    insist_on_solutions(course)
    candidate = ReferenceCandidate(course)
    for visibility in _IN_THIS_ORDER:
        for run in examination.run(candidate, visibility):
            if run.error is not None:
                raise broken_reference(run, run.error, seed)
    return candidate.script

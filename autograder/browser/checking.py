"""Runs the public checks in the browser's own Python, and returns the verdicts as JSON.

The page calls `check`, and then `picture` when it shows the verdict. The student's functions run in
this process, since there is no other; the page ends it if they do not finish.
"""

import contextlib
import inspect
import json
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from autograder import pictures
from autograder.calls import Candidate, StudentFunction
from autograder.checking.runs import Check, CheckRun, RememberedFunction, ScriptedChecks
from autograder.checking.scoring import STILL_THE_STUB
from autograder.checking.student import Student
from autograder.course import Course, load_course
from autograder.course.code import load
from autograder.display import Shown, as_sentence, printable
from autograder.practice.functions import functions_of
from autograder.practice.judging import check_submission
from autograder.practice.verdicts import Checked, Verdict
from autograder.results import CheckResult, Source, Visibility
from autograder.sandbox.process import Limits
from autograder.sandbox.worker import Desk
from autograder.submissions.model import Chunk, Submission

# Nothing here can be interrupted, so only the page's own limit counts.
_LIMITS = Limits(call_seconds=3600, import_seconds=3600, submission_seconds=3600)


def check(request: str) -> str:
    """Checks one exercise and returns its verdict, ready to show.

    Args:
        request: JSON with the `exercise`, the `head` of its module and the module's `functions`,
            the text of each by its name.

    Returns:
        JSON with `status`, `note`, `caution`, `mistake`, `problems`, the sentence and evidence of
        each failed check, the name of the lesson's heading, and whether Python can parse the
        function.
    """
    asked = json.loads(request)
    exercise: str = asked["exercise"]
    module = exercise.partition(".")[0]
    submission = to_submission(exercise, asked["head"], asked["functions"])
    checks = PlainChecks(load_course(), module)
    student = Student(submission, _InThisProcess(), _LIMITS)
    checked = check_submission(load_course(), checks, student, submission, [exercise])
    _, lesson = load_course().section_link(load_course().exercises[exercise].section)
    readable = functions_of(asked["functions"][exercise.partition(".")[2]]) is not None
    return json.dumps(to_page(checked) | {"lesson": lesson, "readable": readable})


def picture(request: str) -> str:
    """Returns the numbers of a picture of what an exercise's function does.

    Args:
        request: As for `check`.

    Returns:
        JSON with arrays of finite numbers by their names, or `null` where there is no picture.
    """
    asked = json.loads(request)
    submission = to_submission(asked["exercise"], asked["head"], asked["functions"])
    student = Student(submission, _InThisProcess(), _LIMITS)
    try:
        return json.dumps(
            pictures.picture(load_course(), asked["exercise"], student), allow_nan=False
        )
    finally:
        student.close()


def prepare() -> None:
    """Loads the checks ahead, so that the first one need not wait for that."""
    for lesson in load_course().lessons:
        _public_checks(lesson.id)


def to_submission(exercise: str, head: str, functions: Mapping[str, str]) -> Submission:
    """Returns a module's functions as a submission, in pieces labelled with their names.

    Line numbers are then those in the reader's editor, and a syntax error in one function does not
    affect another. The function to check comes last and must be valid Python.
    """
    module, _, name = exercise.partition(".")
    chunks = [Chunk(f"{module}.py", head, "piece")]
    problems = []
    for other, text in functions.items():
        if other == name:
            continue
        chunks.append(Chunk(other, text, "piece"))
        if functions_of(text) is None:
            chunks.pop()
            problems.append(f"{other} is left out for now: Python cannot read it.")
    chunks.append(Chunk(name, functions[name], "file"))
    return Submission(
        "page", Source("page"), {module: tuple(chunks)}, {module: f"{module}.py"}, tuple(problems)
    )


class PlainChecks:
    """The public checks of a module, called one after the other."""

    def __init__(self, course: Course, module: str) -> None:
        self._course = course
        self._module = module
        self._last: StudentFunction | None = None

    def run(
        self,
        candidate: ScriptedChecks,
        visibility: Visibility,
        exercises: Collection[str] | None = None,
    ) -> Iterator[CheckRun]:
        """Runs the checks (see `autograder.checking.runs.Checks`)."""
        for function, names in _public_checks(self._module):
            judged = [f"{self._module}.{name}" for name in names]
            if exercises is not None and not set(judged) & set(exercises):
                continue
            made = Check(function, self._module, visibility, judged)
            self._last = None
            stand_ins = {
                name: self._stand_in(f"{self._module}.{name}", candidate) for name in names
            }
            error: BaseException | None = None
            try:
                function(**stand_ins)
            except Exception as failed:
                error = failed
            yield CheckRun(made, error, self._last)

    def _stand_in(self, exercise: str, candidate: Candidate) -> StudentFunction:
        return RememberedFunction(exercise, candidate, self._remember)

    def _remember(self, function: StudentFunction) -> None:
        self._last = function


@cache
def _public_checks(module: str) -> list[tuple[Any, list[str]]]:
    """Returns each check of a module with the names of the functions that it asks for."""
    checks = load(load_course().root, f"exercises.checks.{module}")
    return [
        (value, list(inspect.signature(value).parameters))
        for name, value in vars(checks).items()
        if name.startswith("test_")
    ]


class _InThisProcess:
    """Replaces a student's process: the worker's own code answers, in this process."""

    def __init__(self) -> None:
        self._desk = Desk()
        self._answers: Iterator[bytes] = iter(())
        self._before = (sys.stdout, sys.stderr)

    def start(self, limits: Limits) -> "_InThisProcess":
        """Begins; each check has one of its own."""
        sys.meta_path.append(self._desk)
        return self

    def send(self, request: list[Any], seconds: float) -> None:
        """Takes one request."""
        self._answers = self._desk.answer(request)
        if request[0] == "sources":  # It has no answer, but must be carried out.
            next(self._answers, None)

    def receive_encoded(self, seconds: float) -> bytes:
        """Returns the next answer."""
        return next(self._answers)

    def end(self) -> int:
        """Restores the standard streams and the import system."""
        sys.stdout, sys.stderr = self._before
        with contextlib.suppress(ValueError):
            sys.meta_path.remove(self._desk)
        return 0


def to_page(checked: Checked) -> dict[str, Any]:
    """Returns one exercise's verdict as the page shows it, in the words of the terminal."""
    (verdict,) = checked.verdicts
    failed = [check for check in verdict.checks if not check.passed]
    # A problem with the exercise as a whole is shown once.
    shown = failed[:1] if verdict.note else failed
    return {
        "exercise": verdict.exercise,
        "status": verdict.status,
        "earned": verdict.earned,
        "note": _note(verdict),
        "caution": printable(verdict.caution),
        "mistake": verdict.mistake,
        "problems": [printable(problem) for problem in checked.problems],
        "failed": list(map(_failed, shown)) if verdict.status == "wrong" else [],
    }


def _note(verdict: Verdict) -> str:
    if verdict.status != "not started" or verdict.note in ("", STILL_THE_STUB):
        return ""
    return as_sentence(printable(verdict.note))


def _failed(check: CheckResult) -> dict[str, Any]:
    evidence = check.evidence
    if evidence is None:
        return {"sentence": check.sentence}
    return {
        "sentence": check.sentence,
        "reason": as_sentence(printable(evidence.reason)),
        "call": evidence.call,
        "expected": _shown(evidence.expected),
        "got": _shown(evidence.got),
        "lines": [printable(line) for line in evidence.traceback],
        "printed": evidence.printed.rstrip("\n"),
        "cause": printable(evidence.cause),
    }


def _shown(shown: Shown | None) -> Sequence[Any] | None:
    """Returns a value as its text and the (start, end) of the parts that are wrong."""
    return None if shown is None else (shown.text, shown.marks)

"""Turns runs of checks into marks, and into what a student may read about them."""

import itertools
from collections.abc import Collection, Iterator, Sequence
from typing import Final

import msgspec

from autograder.calls import CallFailed, Line, Outcome
from autograder.checking.causes import evident_cause, is_untouched_stub
from autograder.checking.runs import CheckRun
from autograder.course import Course
from autograder.display import show, show_call, show_pair
from autograder.results import CheckResult, Evidence, ExerciseResult, Grade, rounded
from autograder.rubric import Mismatch

STILL_THE_STUB: Final = "still the stub: it raises NotImplementedError"
_PRINTED_SHOWN: Final = 2000
# Student code can choose how its process ends, and so pass on a message about hidden inputs.
_IN_HIDDEN_CHECKS: Final = {
    "timeout": "in a hidden check, a call did not end in time",
    "crashed": "in a hidden check, a call ended the Python process",
}


def grade_exercises(
    course: Course, runs: Sequence[CheckRun], exercises: Collection[str]
) -> tuple[ExerciseResult, ...]:
    """Returns the results of these exercises, in course order."""
    by_exercise: dict[str, list[CheckRun]] = {
        name: [] for name in course.exercises if name in exercises
    }
    for run in runs:
        for exercise in run.check.exercises:
            if exercise in by_exercise:
                by_exercise[exercise].append(run)
    return tuple(
        _grade(exercise, course.exercises[exercise].points, runs)
        for exercise, runs in by_exercise.items()
    )


def _grade(exercise: str, max_score: float, runs: Sequence[CheckRun]) -> ExerciseResult:
    total = sum(run.check.worth for run in runs)
    earned = sum(run.check.worth for run in runs if run.error is None)
    score = rounded(max_score * earned / total) if total else 0.0
    return ExerciseResult(
        id=exercise,
        score=score,
        max_score=max_score,
        outcome=_outcome(runs, score),
        checks=tuple(_check_result(run) for run in runs),
        note=_note(runs),
    )


def _outcome(runs: Sequence[CheckRun], score: float) -> Grade:
    endings = [_ending(run) for run in runs if run.error is not None]
    if not endings:
        return "correct"
    if "timeout" in endings:
        return "timeout"
    if "crashed" in endings:
        return "error"
    if score > 0:
        return "partly"
    if "wrong" in endings:
        return "wrong"
    return "missing" if "missing" in endings else "error"


def _ending(run: CheckRun) -> str:
    """Returns how a failed check failed: "wrong", or the way in which its call ended."""
    if not isinstance(run.error, CallFailed):
        return "wrong"
    outcome = run.error.outcome
    return "missing" if is_untouched_stub(outcome) else outcome.ending


def _note(runs: Sequence[CheckRun]) -> str:
    """Returns what kept the exercise as a whole from being judged; nothing where nothing did.

    It is taken from the first public failure where there is one: public calls ran before any hidden
    input was seen. How a hidden call ended is reported in fixed words.
    """
    for run in runs:
        if not isinstance(run.error, CallFailed):
            continue
        outcome = run.error.outcome
        if is_untouched_stub(outcome):
            return STILL_THE_STUB
        if run.check.visibility == "hidden" and outcome.ending in _IN_HIDDEN_CHECKS:
            return _IN_HIDDEN_CHECKS[outcome.ending]
        if outcome.ending in {"missing", "timeout", "crashed"} or outcome.reason:
            return outcome.reason
    return ""


def _check_result(run: CheckRun) -> CheckResult:
    check = run.check
    evidence = None
    if run.error is not None and check.visibility == "public":
        try:
            evidence = msgspec.structs.replace(_evidence(run), cause=evident_cause(run))
        except (RecursionError, ValueError, OverflowError):  # Values built so as not to be shown.
            evidence = Evidence("what came back cannot be shown")
    return CheckResult(
        name=check.name,
        passed=run.error is None,
        visibility=check.visibility,
        sentence=check.sentence,
        worth=check.worth,
        evidence=evidence,
    )


def _evidence(run: CheckRun) -> Evidence:
    call = show_call(*run.last_call) if run.last_call else ""
    match run.error:
        case Mismatch() as mismatch:
            got, expected = show_pair(mismatch.got, mismatch.expected, mismatch.found)
            printed = run.last_outcome.printed[:_PRINTED_SHOWN] if run.last_outcome else ""
            return Evidence(mismatch.found.reason, call, expected, got, printed=printed)
        case CallFailed(outcome=outcome):
            return _call_evidence(call, outcome)
        case error:
            # The check could not even read what came back.
            return Evidence(
                "the result could not be read", call, got=show(str(type(error).__name__))
            )


def _once_each(lines: Sequence[Line]) -> Iterator[tuple[Line, bool]]:
    """Yields a traceback's lines without direct repetitions, and whether each was repeated."""
    for line, group in itertools.groupby(lines):
        yield line, len(list(group)) > 1


def _call_evidence(call: str, outcome: Outcome) -> Evidence:
    printed = outcome.printed[:_PRINTED_SHOWN]
    problem = outcome.problem
    if is_untouched_stub(outcome):
        return Evidence(STILL_THE_STUB, call)
    if problem is None:
        return Evidence(outcome.reason, call, printed=printed)
    message = f"{problem.type_name}: {problem.message}" if problem.message else problem.type_name
    if problem.refused_call:
        return Evidence(f"it cannot be called with these arguments: {problem.message}", call)
    # A function that calls itself without end would fill the page with one line.
    trace = tuple(
        f"{line.label}, line {line.number}: {line.text}{', again and again' if many else ''}"
        for line, many in _once_each(problem.lines)
    )
    prefix = f"{outcome.reason}: " if outcome.reason else "it raised "
    return Evidence(prefix + message, call, traceback=trace, printed=printed)

"""Converts our result of a submission into the test files that Otter reports."""

from collections.abc import Sequence
from typing import Final

from otter.test_files import TestCase
from otter.test_files.abstract_test import TestCaseResult
from otter.test_files.exception_test import ExceptionTestFile

from autograder.course import Lesson
from autograder.display import visible
from autograder.results import CheckResult, ExerciseResult, Result, Visibility

_MARKS: Final = {True: "✅", False: "❌"}


def to_test_files(result: Result) -> dict[str, ExceptionTestFile]:
    """Returns what Otter keeps of each test file, by the name of the exercise.

    These are Otter's own classes, since `otter grade` pickles them in its container and reads them
    where this package may not be installed. What it prints goes to a terminal or a log.
    """
    return {e.id.partition(".")[2]: _to_test_file(e) for e in result.exercises}


def describe(result: Result, lesson: Lesson) -> str:
    """Returns a few lines on the whole submission: points, checks, problems, confinement."""
    checks = [check for exercise in result.exercises for check in exercise.checks]
    public, hidden = _passed(checks, "public"), _passed(checks, "hidden")
    confined = ", ".join(result.confinement) or "nothing"
    return visible(
        "\n".join(
            (
                f"{lesson.title}: {result.score:g} of {result.max_score:g} points.",
                f"Passed: {public} public and {hidden} hidden checks.",
                *result.problems,
                f"The submission ran in a process of its own, confined by: {confined}.",
            )
        )
    )


def _to_test_file(exercise: ExerciseResult) -> ExceptionTestFile:
    function = exercise.id.partition(".")[2]
    why = exercise.mistake.message if exercise.mistake else exercise.note
    first_failed = next((check for check in exercise.checks if not check.passed), None)
    cases = [
        TestCase(
            name=f"{check.visibility} check {check.name}",
            body="",
            # Otter's flag would hide the outcome, and with it the score. Only a hidden check's
            # inputs are secret, and no message has them; students may see that it failed.
            hidden=False,
            points=check.worth,
            success_message=visible(check.message) if check.followed else None,
            failure_message=(visible(why) or None) if check is first_failed else None,
        )
        for check in exercise.checks
    ]
    # Otter heads a file whose cases all passed with "All test cases passed!". The name stands
    # before that and in every list, so it includes the counts.
    public, hidden = _passed(exercise.checks, "public"), _passed(exercise.checks, "hidden")
    name = f"{function} (public {public}, hidden {hidden})"
    file = ExceptionTestFile(name, f"tests/{function}.py", cases, all_or_nothing=False)
    file.test_case_results = [
        TestCaseResult(case, f"{_MARKS[check.passed]} {visible(check.message)}", check.passed)
        for case, check in zip(cases, exercise.checks, strict=True)
    ]
    # Summing tenths would bring back rounding errors that our own score is free of.
    file.update_score(exercise.score)
    return file


def _passed(checks: Sequence[CheckResult], visibility: Visibility) -> str:
    passed = [check.passed for check in checks if check.visibility == visibility]
    return f"{sum(passed)} of {len(passed)}"

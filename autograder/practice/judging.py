"""Turns a student's work into verdicts, in a terminal, a notebook or the browser alike."""

import itertools
from collections.abc import Sequence
from typing import Any, Protocol

from autograder.calls import Outcome
from autograder.checking.causes import caution
from autograder.checking.known import load_table, name_of
from autograder.checking.runs import CheckRun, Checks
from autograder.checking.scoring import grade_exercises
from autograder.checking.student import EncodedCall, Student
from autograder.course import Course
from autograder.practice.functions import written_above_the_stub
from autograder.practice.verdicts import Checked, Verdict, verdict_on
from autograder.results import ExerciseResult
from autograder.submissions.model import Submission


def check_submission(
    course: Course,
    checks: Checks,
    student: Student,
    submission: Submission,
    exercises: Sequence[str],
) -> Checked:
    """Runs the public checks of these exercises, and ends the student's process."""
    try:
        runs = list(checks.run(_Direct(student), "public", set(exercises)))
        results = {result.id: result for result in grade_exercises(course, runs, exercises)}
        mistakes = {name: _mistake(course, student, results[name]) for name in exercises}
        noticed = student.noticed()
    finally:
        student.close()
    told = {name: _caution(runs, name) for name in exercises}
    unended = written_above_the_stub(submission)
    return Checked(
        tuple(
            verdict_on(results[name], told[name], mistakes[name], name in unended)
            for name in exercises
        ),
        (*submission.problems, *itertools.chain(*student.noted.values()), *noticed),
    )


class _Direct:
    """Makes each call when a check asks for it; there are few."""

    def __init__(self, student: Student) -> None:
        self._student = student

    def begin(self, check: str) -> None:
        """Does nothing: no calls are made ahead."""

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Makes the call."""
        return self._student.observe(exercise, arguments)


class Caller(Protocol):
    """Makes the calls that a failed check left out."""

    def observe_all(self, calls: Sequence[EncodedCall]) -> list[Outcome]:
        """Makes several calls."""
        ...


def verdict_of(
    course: Course, exercise: str, runs: Sequence[CheckRun], candidate: Caller
) -> Verdict:
    """Returns the verdict on one exercise, given how its public checks went."""
    (result,) = grade_exercises(course, runs, [exercise])
    return verdict_on(result, _caution(runs, exercise), _mistake(course, candidate, result))


def _mistake(course: Course, candidate: Caller, result: ExerciseResult) -> str:
    """Makes the public calls that a failed check left out, and names the mistake that they show."""
    known = load_table(course).get(result.id)
    if known is None or result.outcome in {"correct", "missing"}:
        return ""
    return name_of(known, candidate.observe_all([EncodedCall(result.id, c) for c in known.calls]))


def _caution(runs: Sequence[CheckRun], exercise: str) -> str:
    mine = [run.last_outcome for run in runs if exercise in run.check.exercises]
    return next((told for outcome in mine if outcome and (told := caution(outcome))), "")

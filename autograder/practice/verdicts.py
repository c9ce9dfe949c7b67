"""The verdict on a student's exercise: done, wrong or not started, and why."""

from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from autograder.results import CheckResult, ExerciseResult, rounded

Status = Literal["done", "wrong", "not started"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one exercise went in the public checks."""

    exercise: str
    status: Status
    earned: float  # Points of the public checks that passed,
    worth: float  # and points of all public checks.
    checks: tuple[CheckResult, ...]
    note: str = ""  # A problem with the exercise as a whole.
    mistake: str = ""  # The message of the known mistake that explains it, if any.
    caution: str = ""  # A side effect that a right function should not have.


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome of one run: a verdict for each exercise, and problems of the work as a whole."""

    verdicts: tuple[Verdict, ...]
    problems: tuple[str, ...]


STUB_BELOW: Final = (
    "lines are written, but `raise NotImplementedError` still ends it: remove that line"
)


def verdict_on(
    result: ExerciseResult, caution: str, mistake: str, unended: bool = False
) -> Verdict:
    """Returns the verdict on an exercise, given how its public checks went.

    Args:
        result: The result of its public checks.
        caution: What its calls did besides returning a result.
        mistake: The message of the known mistake that explains it.
        unended: Whether lines were written above the stub's last line, which is still there.
    """
    if unended and result.outcome == "missing":
        result = msgspec.structs.replace(result, note=STUB_BELOW)
    earned = rounded(sum(check.worth for check in result.checks if check.passed))
    status: Status = "wrong"
    if result.outcome == "correct":
        status = "done"
    elif result.outcome == "missing":
        status = "not started"
    worth = rounded(sum(check.worth for check in result.checks))
    return Verdict(
        result.id,
        status,
        earned,
        worth,
        result.checks,
        note=result.note,
        mistake=mistake if status == "wrong" else "",
        caution=caution if status == "done" else "",
    )

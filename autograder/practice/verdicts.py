"""What a student is told about an exercise: done, wrong or not started, and why."""

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
    earned: float  # Points of public checks that passed,
    worth: float  # and of all public checks.
    checks: tuple[CheckResult, ...]
    note: str = ""  # What stood in the way of the exercise as a whole.
    mistake: str = ""  # What is said about the known mistake that explains it, if one does.
    caution: str = ""  # What a right function does beside its answer that it should not do.


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one check: a verdict for each exercise, and what was wrong as a whole."""

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
        result: How they went.
        caution: What its calls did beside their result.
        mistake: What is said about the known mistake that explains it.
        unended: Whether lines were written above the stub's last one, which is still there.
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

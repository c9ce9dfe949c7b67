"""The results of grading, as they are stored and as `results/<id>.json` shows them."""

import datetime
from typing import Any, Final, Literal

import msgspec

from autograder.display import Shown

Grade = Literal["correct", "partly", "wrong", "error", "timeout", "missing"]
Visibility = Literal["public", "hidden"]
Lms = Literal["canvas", "moodle", "gradescope", "classroom50"]

# Sums of tenths and twentieths of a point are exact at this many decimals.
_DECIMALS: Final = 4


class Evidence(msgspec.Struct, frozen=True):
    """What a failed public check saw. Hidden checks never have any.

    `cause` says what to change, in one sentence, where the call makes it evident.
    """

    reason: str
    call: str = ""
    expected: Shown | None = None
    got: Shown | None = None
    traceback: tuple[str, ...] = ()
    printed: str = ""
    cause: str = ""


class CheckResult(msgspec.Struct, frozen=True):
    """One check: `sentence` is its docstring, and safe to show for hidden checks too."""

    name: str
    passed: bool
    visibility: Visibility
    sentence: str
    worth: float
    evidence: Evidence | None = None
    followed: bool = False  # Passed because the result follows from the student's own parts.

    @property
    def message(self) -> str:
        """The sentence and, for a failed public check, what was called, expected and got."""
        if self.followed:
            return f"{self.sentence} (It follows from your own parts.)"
        if self.evidence is None:
            return self.sentence
        evidence = self.evidence
        lines = [self.sentence, evidence.reason]
        if evidence.call:
            lines.append(f"call:     {_indented(evidence.call)}")
        if evidence.expected is not None:
            lines.append(f"expected: {_indented(evidence.expected.text)}")
        if evidence.got is not None:
            lines.append(f"got:      {_indented(evidence.got.text)}")
        lines += evidence.traceback
        if evidence.cause:
            lines.append(evidence.cause)
        return "\n".join(lines)


class Mistake(msgspec.Struct, frozen=True, omit_defaults=True):
    """A recognised mistake; `lesson` is the page and heading that help, as in `course.toml`."""

    id: str
    message: str
    lesson: str = ""


class ExerciseResult(msgspec.Struct, frozen=True):
    """One exercise of one submission; `note` says why it could not be judged, if that is so."""

    id: str
    score: float
    max_score: float
    outcome: Grade
    checks: tuple[CheckResult, ...]
    mistake: Mistake | None = None
    note: str = ""


class Source(msgspec.Struct, frozen=True):
    """Where a submission came from: its name there, and what the LMS said about it.

    `submitted_at` and `due_at` are None where it does not say; `late` may be known all the same.
    """

    name: str
    lms: Lms | None = None
    ids: dict[str, str] = {}
    members: tuple[str, ...] = ()
    late: bool = False
    attempt: int = 1
    order: int = 0  # A number that grows with every hand-in, such as an attachment's id; or 0.
    submitted_at: datetime.datetime | None = None
    due_at: datetime.datetime | None = None


class Result(msgspec.Struct, frozen=True):
    """One submission, graded."""

    submission: str
    score: float
    max_score: float
    exercises: tuple[ExerciseResult, ...]
    problems: tuple[str, ...]
    source: Source
    confinement: tuple[str, ...] = ()  # The layers that were in force.
    digest: str = ""  # Of the files that were handed in: the same files are the same attempt.
    account: tuple[str, ...] = ()  # How the score came about, where policies changed it.
    # Needed to keep the result in a later run: a digest of the code that was graded, the key of
    # each lesson (see `autograder.examiner.keys`), and the problems met in each.
    content: str = ""
    keys: dict[str, str] = {}
    noted: dict[str, tuple[str, ...]] = {}


def rounded(score: float) -> float:
    """Returns a sum of points without the rounding errors of binary fractions."""
    return round(score, _DECIMALS)


def to_json(result: Result) -> bytes:
    """Returns the teacher's JSON of one submission, field by field as in site/results.md."""
    return msgspec.json.format(msgspec.json.encode(_contract(result)), indent=2) + b"\n"


def _contract(result: Result) -> dict[str, Any]:
    return {
        "submission": result.submission,
        "score": result.score,
        "max_score": result.max_score,
        "exercises": [
            {
                "id": exercise.id,
                "score": exercise.score,
                "max_score": exercise.max_score,
                "outcome": exercise.outcome,
                "mistake": exercise.mistake
                and {"id": exercise.mistake.id, "message": exercise.mistake.message},
                "checks": [
                    {
                        "name": check.name,
                        "passed": check.passed,
                        "visibility": check.visibility,
                        "message": check.message,
                    }
                    for check in exercise.checks
                ],
            }
            for exercise in result.exercises
        ],
        "problems": result.problems,
        **({"account": result.account} if result.account else {}),
        "source": {
            "name": result.source.name,
            "lms": result.source.lms,
            "ids": result.source.ids,
            "members": result.source.members,
            "late": result.source.late,
            "attempt": result.source.attempt,
        },
    }


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * 10)

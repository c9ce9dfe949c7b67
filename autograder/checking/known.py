"""Names mistakes from public calls alone: the table that goes to students.

It holds, for each mistake in the catalogue, what the public checks' calls give with it and the
sentence about it: no wrong implementation, no hidden input. `packaging/known_mistakes.py` makes
it; it lies beside the public checks.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from autograder.calls import Outcome
from autograder.checking.likeness import Ending, plain, same_value
from autograder.course import Course

# JSON has no numbers for these.
_SPECIAL: Final = {"nan": np.nan, "inf": np.inf, "-inf": -np.inf}
# With more explanations, none is likely enough to be worth saying.
_MOST_TOGETHER: Final = 2
# One number alone has too many explanations.
_FEWEST_NUMBERS: Final = 2


class Recorded(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a public call came out with a mistake: a value as nested lists, or what ended it."""

    value: Any = None
    problem: str = ""
    warns: bool = False
    changes: bool = False


class KnownMistake(msgspec.Struct, frozen=True):
    """A mistake: its id, its sentence, where to read, and how each public call comes out."""

    id: str
    sentence: str
    lesson: str
    endings: tuple[Recorded, ...]


class KnownMistakes(msgspec.Struct, frozen=True):
    """An exercise's public calls, as encoded arguments, and its mistakes, the simplest first."""

    calls: tuple[bytes, ...]
    mistakes: tuple[KnownMistake, ...]


Table = dict[str, KnownMistakes]


def to_json_value(value: Any) -> Any:
    """Returns an array, number or nested sequence as JSON can hold it."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [to_json_value(item) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value


def _from_json_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_from_json_value(item) for item in value]
    return _SPECIAL.get(value, value) if isinstance(value, str) else value


def table_of(course: Course) -> Path:
    """Returns where a course's table is."""
    return course.root / "exercises" / "checks" / "known_mistakes.json"


def load_table(course: Course) -> Table:
    """Reads a course's table; without one, nothing is known."""
    return _load_table(table_of(course))


@cache
def _load_table(path: Path) -> Table:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Table)
    except FileNotFoundError:
        return {}


def name_of(known: KnownMistakes, outcomes: Sequence[Outcome]) -> str:
    """Returns a sentence on the mistake that explains all public calls; nothing if none does.

    Args:
        known: The exercise's public calls and mistakes.
        outcomes: How the student's function came out, call by call.
    """
    student = list(map(Ending, outcomes))
    if sum(np.size(e.value) for e in student if isinstance(e.value, np.ndarray)) < _FEWEST_NUMBERS:
        return ""
    found = [
        mistake.sentence for mistake in known.mistakes if all(map(_alike, student, mistake.endings))
    ]
    if not 0 < len(found) <= _MOST_TOGETHER:
        return ""
    told = found[0] if len(found) == 1 else f"{found[0]} Or: {found[1]}"
    return f"This looks like a known mistake: {told}"


def _alike(student: Ending, recorded: Recorded) -> bool:
    return (
        student.problem == recorded.problem
        and student.warns == recorded.warns
        and student.changes == recorded.changes
        and (
            bool(student.problem)
            or same_value(student.value, plain(_from_json_value(recorded.value)))
        )
    )

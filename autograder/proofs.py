"""What the author of a proof needs: a reference's formula once more, in exact numbers.

A reference solution is what everybody is measured by, so something else has to measure it. A proof
is its formula, written down from the contract and never from the reference, and the arguments at
which the two are compared:

    @proof("mean", (np.array([2.0, 4.0, 9.0]),), (np.array([1e9, 0.1]),), within=1e-14)
    def _(values):
        return sum(values) / len(values)

Floats come as `decimal.Decimal` without rounding, arrays and tuples as nested lists of them, and
whatever is computed has 60 digits: so what differs is the reference's rounding, or a mistake.
"""

import copy
import decimal
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np

from autograder.course import Course
from autograder.display import show, show_call
from autograder.lesson_files import lesson_files

_Formula = TypeVar("_Formula", bound=Callable[..., Any])

# Below the smallest normal float64 a number has no relative precision to be held to.
_SMALLEST: Final = Decimal(float(np.finfo(np.float64).smallest_normal))


class Proof(NamedTuple):
    """A formula of an exercise, and where and how closely its reference agrees with it."""

    exercise: str
    formula: Callable[..., Any]
    points: tuple[tuple[Any, ...], ...]
    within: float  # The largest relative difference.
    digits: int  # The precision that the formula is computed with.


# By the module they are written in; each still has its function's name for `exercise`.
_registered: dict[str, list[Proof]] = {}


def proof(
    function: str, *points: tuple[Any, ...], within: float = 2e-15, digits: int = 60
) -> Callable[[_Formula], _Formula]:
    """Adds a formula to the proofs of the lesson in whose `proofs.py` it is written.

    Args:
        function: The exercise's function.
        points: The arguments at which the reference and the formula are compared.
        within: The largest relative difference, as far as rounding has to allow for one.
        digits: The formula's precision: more where a difference cancels almost all digits.
    """

    def register(formula: _Formula) -> _Formula:
        made = Proof(function, formula, points, within, digits)
        _registered.setdefault(formula.__module__, []).append(made)
        return formula

    return register


def load_proofs(course: Course) -> dict[str, list[Proof]]:
    """Returns the proofs of every exercise; some may have none.

    Raises:
        BrokenGraderError: a file cannot be loaded, or proves what is no exercise.
    """
    found: dict[str, list[Proof]] = {name: [] for name in course.exercises}
    for file in lesson_files(course, "graders.{}.proofs"):
        for made in _registered.get(getattr(file.loaded, "__name__", ""), []):
            id = file.exercise(made.exercise)
            found[id].append(made._replace(exercise=id))
    return found


def disagreements(proof: Proof, reference: Callable[..., Any]) -> Iterator[str]:
    """Yields a clause for each point at which a reference is not what the formula says."""
    function = proof.exercise.partition(".")[2]
    # Exponents of any size: even `exp` of a million fits.
    exact = decimal.Context(proof.digits, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX)
    for point in proof.points:
        got = reference(*copy.deepcopy(point))  # A wrong reference may change its arguments.
        with decimal.localcontext(exact):
            expected = proof.formula(*map(_exact, point))
            if not _agree(_exact(got), expected, Decimal(proof.within)):
                was = show(got).text
                yield f"{show_call(function, point)} is {was}, and by the proof {_short(expected)}"


def _exact(value: Any) -> Any:
    """Returns a value with its floats as exact numbers, and its arrays and tuples as lists."""
    match value:
        case np.ndarray() | np.generic():
            return _exact(value.tolist())
        case list() | tuple():
            return [_exact(item) for item in value]
        case dict():
            return {key: _exact(item) for key, item in value.items()}
        case float():
            return Decimal(value)
        case _:
            return value


def _agree(got: Any, expected: Any, within: Decimal) -> bool:
    match expected:
        case list() | tuple():
            return (
                isinstance(got, list)
                and len(got) == len(expected)
                and all(_agree(*pair, within) for pair in zip(got, expected, strict=True))
            )
        case dict():
            return (
                isinstance(got, dict)
                and got.keys() == expected.keys()
                and all(_agree(got[key], value, within) for key, value in expected.items())
            )
        case bool() | str() | None:
            return type(got) is type(expected) and got == expected
        case int() | Decimal():
            if not isinstance(got, int | Decimal) or isinstance(got, bool):
                return False
            exact, number = Decimal(expected), Decimal(got)
            if not number.is_finite():
                return False
            return abs(number - exact) <= within * abs(exact) + _SMALLEST
        case _:
            raise TypeError(f"a proof gives numbers, text, lists, dicts or None, not {expected!r}")


def _short(value: Any) -> str:
    """Returns a proof's value with 17 digits of each number."""
    match value:
        case list() | tuple():
            return f"[{', '.join(map(_short, value))}]"
        case dict():
            return f"{{{', '.join(f'{key!r}: {_short(item)}' for key, item in value.items())}}}"
        case Decimal():
            return f"{value:.17g}"
        case _:
            return repr(value)

"""What the author of a check needs: points, and assertions that remember what they compared.

A check is a pytest function. Its parameters name the exercises that it judges, its docstring is the
sentence a student reads about it, and `points` says what it is worth:

    @points(2)
    def test_median_of_three(median):
        \"\"\"The median of 9, 2 and 4 is 4.\"\"\"
        assert_close(median(np.array([9.0, 2.0, 4.0])), 4.0)
"""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from autograder.compare import STANDARD, Difference, Tolerance, difference, same_numbers

_Check = TypeVar("_Check", bound=Callable[..., None])


def points(worth: float) -> Callable[[_Check], _Check]:
    """Says what a check is worth; the checks of an exercise add up to the exercise's points."""

    def mark(check: _Check) -> _Check:
        check.points = worth  # type: ignore[attr-defined]
        return check

    return mark


class Mismatch(AssertionError):
    """A result is not what a check expects; it holds both, to be shown."""

    def __init__(self, found: Difference, got: Any, expected: Any) -> None:
        super().__init__(found.reason)
        self.found = found
        self.got = got
        self.expected = expected


def assert_close(got: Any, expected: Any, tolerance: Tolerance = STANDARD) -> None:
    """Fails unless `got` is what the contract accepts for `expected` (see `autograder.compare`)."""
    if found := difference(got, expected, tolerance):
        raise Mismatch(found, got, expected)


def assert_values(got: Any, expected: Any, tolerance: Tolerance = STANDARD) -> None:
    """Fails unless `got` holds the expected numbers, whatever its kind or shape."""
    if not same_numbers(got, expected, tolerance):
        found = difference(got, expected, tolerance)
        raise Mismatch(found or Difference("the values differ"), got, expected)


def fail(reason: str, got: Any, expected: Any) -> NoReturn:
    """Fails with `reason`, a clause, showing both values."""
    raise Mismatch(Difference(reason), got, expected)

"""Compares what a student's function returned with what was expected, and says how they differ.

The expected value decides what is accepted, as generously as the course promises: for a float any
number or 0-d array, for an array also a nested list, for a tuple any sequence of that length, for
an int an integer of any kind. Shapes are exact. Text, None and the keys of a dict have to be equal;
what a list or dict holds is compared item by item.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

RELATIVE: Final = 1e-6
ABSOLUTE: Final = 1e-12
ABSOLUTE_AT_ZERO: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a number may be from the exact one: the larger of a relative and an absolute bound.

    Where the exact number is 0, nothing is relative to it, so a bound of its own applies.
    """

    relative: float = RELATIVE
    absolute: float = ABSOLUTE
    at_zero: float = ABSOLUTE_AT_ZERO


STANDARD: Final = Tolerance()
# For exercises whose subject is tiny numbers.
RELATIVE_ONLY: Final = Tolerance(absolute=0.0, at_zero=0.0)


@dataclass(frozen=True, slots=True)
class Difference:
    """Why a value is not the expected one. `wrong` marks entries, where shapes agree."""

    reason: str
    wrong: NDArray[np.bool_] | None = None


def difference(got: Any, expected: Any, tolerance: Tolerance = STANDARD) -> Difference | None:
    """Returns how `got` differs from `expected`, or None where it is right."""
    if isinstance(expected, tuple):
        return _items_difference(got, expected, "tuple", tolerance)
    if isinstance(expected, dict):
        return _dict_difference(got, expected, tolerance)
    if isinstance(expected, str):
        return None if isinstance(got, str) and got == expected else Difference(_kind(got, "text"))
    if expected is None:
        return None if got is None else Difference(_kind(got, "None"))
    if isinstance(expected, list) and as_array(expected) is None:
        return _items_difference(got, expected, "list", tolerance)
    numbers = as_array(got)
    if numbers is None:
        return Difference(_kind(got, "number" if np.ndim(expected) == 0 else "array"))
    if numbers.shape != np.shape(expected):
        return Difference(_shape_reason(numbers.shape, np.shape(expected)))
    exact = np.asarray(expected)
    if exact.dtype.kind in "iu" and numbers.dtype.kind not in "iub":
        return Difference("an integer is asked for, not a float")
    wrong = ~close(numbers, exact, tolerance)
    if not wrong.any():
        return None
    return Difference(_value_reason(numbers, wrong), wrong)


def close(
    numbers: NDArray[Any], exact: NDArray[Any], tolerance: Tolerance = STANDARD
) -> NDArray[np.bool_]:
    """Returns, entry by entry, whether `numbers` are within the tolerance of `exact`."""
    if numbers.ndim == 0 == exact.ndim:
        return np.asarray(_close(float(numbers), float(exact), tolerance))
    numbers, exact = numbers.astype(np.float64), exact.astype(np.float64)
    room = np.maximum(tolerance.relative * np.abs(exact), tolerance.absolute)
    room = np.where(exact == 0, tolerance.at_zero, room)
    with np.errstate(invalid="ignore"):
        result: NDArray[np.bool_] = np.asarray(np.abs(numbers - exact) <= room)
    return result


def _close(number: float, exact: float, tolerance: Tolerance) -> bool:
    """The same for single numbers, of which there are many, at a tenth of the time."""
    if exact == 0:
        return abs(number) <= tolerance.at_zero
    return abs(number - exact) <= max(tolerance.relative * abs(exact), tolerance.absolute)


def as_array(value: Any) -> NDArray[Any] | None:
    """Returns a number, array or nested sequence of numbers as a real array; None for others."""
    if isinstance(value, np.ndarray):
        return None if value.dtype.kind == "c" else value
    if not isinstance(value, (bool, int, float, list, tuple)):
        return None
    if not _holds_numbers_only(value):
        return None
    try:
        array = np.asarray(value)
    except (ValueError, OverflowError):  # Ragged rows.
        return None
    return array if array.dtype.kind in "biuf" else None


def _holds_numbers_only(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_holds_numbers_only(item) for item in value)
    return isinstance(value, (bool, int, float)) or (
        isinstance(value, np.ndarray) and value.dtype.kind in "biuf"
    )


def as_sequence(value: Any) -> Sequence[Any] | None:
    """Returns a list, tuple or the first axis of an array as a sequence; None for others."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, np.ndarray) and value.ndim:
        return [np.asarray(item) for item in value]
    return None


def same_numbers(got: Any, expected: Any, tolerance: Tolerance = STANDARD) -> bool:
    """Whether a result holds the expected numbers in order, however they are wrapped.

    `[[0.5], [0.25]]` and `(0.5, 0.25)` hold the same numbers, and `0.5` the same as `[0.5]`: that a
    value is right and that it is of the right kind are two things, and earn separate marks.
    """
    numbers, exact = _flat(got), _flat(expected)
    if exact is None:  # Text, say, which has no wrapping.
        return difference(got, expected, tolerance) is None
    if numbers is None or numbers.shape != exact.shape:
        return False
    return bool(close(numbers, exact, tolerance).all())


def _flat(value: Any) -> NDArray[np.float64] | None:
    if isinstance(value, (list, tuple)):
        parts = [_flat(item) for item in value]
        if any(part is None for part in parts):
            return None
        return np.concatenate([np.zeros(0), *(part for part in parts if part is not None)])
    array = as_array(value)
    return None if array is None else array.astype(np.float64).ravel()


def _items_difference(
    got: Any, expected: Sequence[Any], kind: str, tolerance: Tolerance
) -> Difference | None:
    items = as_sequence(got)
    if items is None:
        return Difference(_kind(got, f"{kind} of {len(expected)}"))
    if len(items) != len(expected):
        return Difference(f"{len(items)} values came back, {len(expected)} are asked for")
    for index, (item, exact) in enumerate(zip(items, expected, strict=True)):
        if found := difference(item, exact, tolerance):
            which = f"value {index + 1} of {len(expected)}: {found.reason}"
            return Difference(which, found.wrong)
    return None


def _dict_difference(got: Any, expected: dict[str, Any], tolerance: Tolerance) -> Difference | None:
    if not isinstance(got, dict):
        return Difference(_kind(got, "dict"))
    missing, more = len(expected.keys() - got.keys()), len(got.keys() - expected.keys())
    if missing or more:
        told = [f"{missing} missing"] * bool(missing) + [f"{more} too many"] * bool(more)
        return Difference(f"the keys differ: {' and '.join(told)}")
    for key, exact in expected.items():
        if found := difference(got[key], exact, tolerance):
            return Difference(f"at {key!r}: {found.reason}")
    return None


def _kind(got: Any, wanted: str) -> str:
    article = "an" if wanted[0] in "aeiou" else "a"
    wanted = wanted if wanted in {"text", "None"} else f"{article} {wanted}"
    if isinstance(got, str) and wanted == "text":
        return "the text differs"
    return f"{wanted} is asked for, but {describe_kind(got)} came back"


def describe_kind(value: Any) -> str:
    """Returns what kind of thing a value is, in plain words."""
    match value:
        case None:
            return "None"
        case bool() | int() | float():
            return "a number"
        case complex():
            return "a complex number"
        case str():
            return "text"
        case np.ndarray():
            if value.dtype.kind == "c":
                return "an array of complex numbers"
            return f"an array of shape {value.shape}" if value.ndim else "a number"
        case list() | tuple():
            kind = type(value).__name__
            return f"a {kind} of {len(value)} item{'s' if len(value) != 1 else ''}"
        case dict() | bytes():
            return f"a value of type {type(value).__name__}"
        case _:
            return str(value).strip("<>")


def _shape_reason(got: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    if not wanted:
        return f"a single number is asked for, but an array of shape {got} came back"
    if not got:
        return f"an array of shape {wanted} is asked for, but a single number came back"
    return f"the shape is {got}, but {wanted} is asked for"


def _value_reason(numbers: NDArray[Any], wrong: NDArray[np.bool_]) -> str:
    if np.isnan(numbers.astype(np.float64)).any():
        return "nan came back (not a number)" if numbers.ndim == 0 else "there is a nan in it"
    if numbers.ndim == 0:
        return "the number differs"
    count = int(wrong.sum())
    if count == wrong.size:
        return "every entry differs" if count > 1 else "the entry differs"
    return f"{count} of {wrong.size} entries differ"

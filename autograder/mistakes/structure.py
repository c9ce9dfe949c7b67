"""What is visible in wrong numbers, where no known mistake explains them.

Each description compares the outputs with the right ones as a whole; it contains no input and no
expected value.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from autograder.checking.likeness import Ending, all_close, each_close, same_value
from autograder.mistakes.traits import Traits
from autograder.results import Mistake

Array = NDArray[np.float64]

# So many different numbers must agree, at least, before a rule about all of them is believed.
_FEWEST_NUMBERS: Final = 4
# Only these numbers are ever shown: any other could be a hidden input that student code spells out.
_FACTORS_TOLD: Final = (3, 4, 5, 6, 8, 10, 100)
_OFFSETS_TOLD: Final = (0.1, 0.5, 1, 2)
_MOST_DECIMALS: Final = 8
_MOST_ROUNDING: Final = 1e-2


@dataclass(frozen=True, slots=True)
class Call:
    """A call, how it came out with the student's function, and how with the right one."""

    arguments: tuple[Any, ...]
    student: Ending
    right: Ending

    @property
    def is_number(self) -> bool:
        """Whether both are one finite number."""
        return all(
            isinstance(e.value, np.ndarray) and e.value.ndim == 0 and bool(np.isfinite(e.value))
            for e in (self.student, self.right)
        )

    @property
    def is_right(self) -> bool:
        """Whether the student's call came out as it should."""
        return self.student.same_result(self.right)


def constant_answer(calls: Sequence[Call]) -> Mistake | None:
    """Returns a mistake where the answer is the same number, whatever the arguments are."""
    if len(calls) < _FEWEST_NUMBERS or not all(call.is_number for call in calls):
        return None
    if len({float(call.student.value) for call in calls}) > 1:
        return None
    return Mistake("seen.constant", "Your answer is the same number, whatever it is given.")


def describe(traits: Traits, calls: Sequence[Call]) -> Mistake | None:
    """Returns a description of what is wrong in an exercise's calls, if a rule finds any."""
    pair = _numbers(calls)
    if pair and _believable(pair[1]):
        for id, number_rule in _NUMBER_RULES:
            if told := number_rule(*pair):
                return Mistake(f"seen.{id}", told)
    for id, rule in _CALL_RULES:
        if told := rule(traits, calls):
            return Mistake(f"seen.{id}", told)
    return None


def factor_of(calls: Sequence[Call]) -> float | None:
    """Returns the factor by which a student's numbers differ from the right ones."""
    pair = _numbers(calls)
    if pair is None:
        return None
    got, exact = pair
    largest = int(np.argmax(np.abs(exact)))
    return float(got[largest] / exact[largest])


def _numbers(calls: Sequence[Call]) -> tuple[Array, Array] | None:
    """Returns all numbers, the student's and the right ones, where shapes agree everywhere."""
    got, exact = [], []
    for call in calls:
        if call.student.problem or call.right.problem:
            if call.is_right:
                continue
            return None
        pair = _flat_pair(call.student.value, call.right.value)
        if pair is None:
            return None
        got.append(pair[0])
        exact.append(pair[1])
    if not got or not np.isfinite(numbers := np.concatenate(got)).all():
        return None
    return numbers, np.concatenate(exact)


def _flat_pair(one: Any, other: Any) -> tuple[Array, Array] | None:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and one.shape == other.shape:
        return one.ravel(), other.ravel()
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        pairs = [_flat_pair(a, b) for a, b in zip(one, other, strict=True)]
        if all(pair is not None for pair in pairs):
            known = [pair for pair in pairs if pair is not None]
            return np.concatenate([a for a, _ in known]), np.concatenate([b for _, b in known])
    return None


def _believable(exact: Array) -> bool:
    distinct = np.unique(np.round(exact[np.nonzero(exact)], 12))
    return len(distinct) >= _FEWEST_NUMBERS


def _sign(got: Array, exact: Array) -> str:
    if all_close(got, -exact):
        return "Your answer is right but for the sign: it is the right number, negated, every time."
    return ""


def _factor(got: Array, exact: Array) -> str:
    largest = int(np.argmax(np.abs(exact)))
    factor = got[largest] / exact[largest]
    if not np.isfinite(factor) or factor == 0 or not all_close(got, factor * exact):
        return ""
    if np.isclose(factor, 1, 1e-6):
        return ""
    size = abs(factor)
    sign = ", with the wrong sign" if factor < 0 else ""
    return f"Your answer is {_share(size)} every time{sign}: a constant factor is wrong."


def _share(size: float) -> str:
    for one, words in ((2.0, "twice"), (0.5, "half")):
        if np.isclose(size, one):
            return f"{words} what it should be"
    large, times = size > 1, size if size > 1 else 1 / size
    how = "large" if large else "small"
    told = next(
        (f"{n} times " for n in _FACTORS_TOLD if np.isclose(times, n)), "by the same share "
    )
    return f"{told}too {how}"


def _offset(got: Array, exact: Array) -> str:
    differences = got - exact
    if not all_close(got, exact + differences[0]) or abs(differences[0]) < 1e-9:
        return ""
    how = "large" if differences[0] > 0 else "small"
    size = abs(differences[0])
    by = next((f"{n:g}" for n in _OFFSETS_TOLD if np.isclose(size, n)), "the same amount")
    return f"Your answer is too {how} by {by} every time: a constant is added."


def _rounded(got: Array, exact: Array) -> str:
    for decimals in range(1, _MOST_DECIMALS + 1):
        if np.array_equal(got, np.round(exact, decimals)):
            places = f"{decimals} decimal{'' if decimals == 1 else 's'}"
            return f"Your answer is right, but rounded to {places}: leave it as it is."
    some = exact != 0
    off = np.max(np.abs(got - exact)[some] / np.abs(exact)[some])
    if 0 < off < _MOST_ROUNDING and not np.any(got[~some]):
        digits = int(np.floor(-np.log10(off)))
        return (
            f"The first {digits} digits of your answer are right, and no more: is something "
            "rounded, or written with too few digits?"
        )
    return ""


def _sizes(got: Array, exact: Array) -> str:
    # Relative only: any absolute bound would take tiny numbers for the same.
    if not (np.abs(np.abs(got) - np.abs(exact)) <= 1e-7 * np.abs(exact)).all():
        return ""
    wrong = np.sign(got) != np.sign(exact)
    return "Your answer has the right size, but in places the wrong sign." if wrong.any() else ""


def _one_side(traits: Traits, calls: Sequence[Call]) -> str:
    """Element-wise functions that are right on one side of zero only."""
    if not traits.is_elementwise:
        return ""
    at, got, exact = [], [], []
    for call in calls:
        value = call.arguments[0]
        z = np.ravel(np.asarray(value, float)) if isinstance(value, (float, np.ndarray)) else None
        pair = _flat_pair(call.student.value, call.right.value)
        if z is None or pair is None or call.student.problem or pair[1].shape != z.shape:
            return ""
        at.append(z)
        got.append(pair[0])
        exact.append(pair[1])
    z, same = np.concatenate(at), each_close(np.concatenate(got), np.concatenate(exact))
    right = {"positive": same[z > 0], "negative": same[z < 0], "zero": same[z == 0]}
    if len(right["positive"]) < _FEWEST_NUMBERS or len(right["negative"]) < _FEWEST_NUMBERS:
        return ""
    wrong = [side for side, flags in right.items() if not flags.all()]
    if len(wrong) != 1 or 2 * right[wrong[0]].sum() > len(right[wrong[0]]):
        return ""
    if wrong == ["zero"]:
        return (
            f"Your answer is right except where {traits.first} is exactly 0: look at what is asked "
            "for there."
        )
    other = "positive" if wrong == ["negative"] else "negative"
    of = traits.first
    return f"Your answer is right for {other} {of}, and goes wrong for {wrong[0]} {of}."


def _batches(traits: Traits, calls: Sequence[Call]) -> str:
    """Functions of a vector or a batch that are right for one of the two."""
    right: dict[int, list[bool]] = {1: [], 2: []}
    for call in calls:
        axes = np.ndim(call.arguments[0]) if len(call.arguments) == 1 else 0
        if axes not in right:
            return ""
        right[axes].append(call.is_right)
    if not all(right.values()):
        return ""
    if all(right[1]) and not any(right[2]):
        return "Your answer is right for a vector, and wrong for a batch: each row stands alone."
    if all(right[2]) and not any(right[1]):
        return "Your answer is right for a batch, and wrong for a single vector."
    return ""


def _transposed(traits: Traits, calls: Sequence[Call]) -> str:
    if all(_is_array(c.student.value, 2) and _is_array(c.right.value, 2) for c in calls) and all(
        same_value(call.student.value.T, call.right.value) for call in calls
    ):
        return "Your table has rows and columns exchanged: it is the transpose of the right one."
    return ""


def _reversed(traits: Traits, calls: Sequence[Call]) -> str:
    if all(_is_array(c.student.value, 1) and _is_array(c.right.value, 1) for c in calls) and all(
        same_value(call.student.value[::-1], call.right.value) for call in calls
    ):
        return "Your numbers are right, in the opposite order."
    return ""


def _one_entry(traits: Traits, calls: Sequence[Call]) -> str:
    """Arrays with one entry too many or too few, the others right."""
    ways: list[tuple[str, Callable[[Array, Array], bool]]] = [
        ("one entry too many, at the end", lambda s, r: same_value(s[:-1], r)),
        ("one entry too many, at the beginning", lambda s, r: same_value(s[1:], r)),
        ("one entry too few: the last is missing", lambda s, r: same_value(s, r[:-1])),
        ("one entry too few: the first is missing", lambda s, r: same_value(s, r[1:])),
    ]
    arrays = [call for call in calls if _is_array(call.right.value, 1)]
    if len(arrays) < len(calls) or not all(_is_array(c.student.value, 1) for c in arrays):
        return ""
    long_enough = [call for call in arrays if len(call.right.value) > 1]
    for what, holds in ways:
        if len(long_enough) > 1 and all(
            holds(call.student.value, call.right.value) for call in long_enough
        ):
            return f"Your array has {what}; all the others are right."
    return ""


def _which_of_several(traits: Traits, calls: Sequence[Call]) -> str:
    """Of several values that come back together, which are right and which are not."""
    names = traits.names
    parts = list(_parts(calls, len(names))) if names else []
    if not parts:
        return ""
    right = [all(same_value(s, r) for s, r in pairs) for pairs in zip(*parts, strict=True)]
    wrong = [name for name, is_right in zip(names, right, strict=True) if not is_right]
    good = [name for name, is_right in zip(names, right, strict=True) if is_right]
    if not good or not wrong:
        return ""
    are, rest = ("is", "is not") if len(good) == 1 else ("are", "is not")
    if len(wrong) > 1:
        rest = "are not"
    return f"Of what you return, {_listed(good)} {are} right; {_listed(wrong)} {rest}."


def _parts(calls: Sequence[Call], count: int) -> Iterator[list[tuple[Any, Any]]]:
    for call in calls:
        if call.student.problem or call.right.problem:
            if call.is_right:
                continue
            return
        student, right = _items(call.student.value), _items(call.right.value)
        if len(student) != count or len(right) != count:
            return
        yield list(zip(student, right, strict=True))


def _items(value: Any) -> list[Any]:
    if isinstance(value, tuple):
        return list(value)
    return list(map(np.asarray, value)) if isinstance(value, np.ndarray) and value.ndim else []


def _is_array(value: Any, axes: int) -> bool:
    return isinstance(value, np.ndarray) and value.ndim == axes


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


# Rules about all numbers taken together, where there are enough of them.
_NUMBER_RULES: Final[list[tuple[str, Callable[[Array, Array], str]]]] = [
    ("sign", _sign),
    ("factor", _factor),
    ("offset", _offset),
    ("rounded", _rounded),
    ("sizes", _sizes),
]
# Rules that look at arguments, shapes or single values.
_CALL_RULES: Final[list[tuple[str, Callable[[Traits, Sequence[Call]], str]]]] = [
    ("one_side", _one_side),
    ("batches", _batches),
    ("transposed", _transposed),
    ("reversed", _reversed),
    ("one_entry", _one_entry),
    ("some_of_several", _which_of_several),
]

"""What kind of function an exercise asks for, as its reference and its contract show."""

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checking.likeness import plain, same_value
from autograder.mistakes.parts import Function

_FEWEST_ENTRIES = 2


@dataclass(frozen=True, slots=True)
class Traits:
    """An exercise, its reference, and what descriptions of wrong answers make use of."""

    exercise: str
    reference: Function
    first: str  # The name of its first argument.
    names: tuple[str, ...]  # The contract's names for the values of a returned tuple.
    # Whether its arguments are generic: unlike with whole numbers, no wrong formula fits by chance.
    is_generic: bool
    is_elementwise: bool  # Whether it works on each entry of its first argument by itself.
    links: Mapping[str, Function]


def traits_of(
    exercise: str,
    reference: Function,
    arguments: Sequence[tuple[Any, ...]],
    links: Mapping[str, Function],
) -> Traits:
    """Returns the traits of an exercise.

    Args:
        exercise: Its id.
        reference: Its reference implementation.
        arguments: The arguments of the calls that checks make of it.
        links: The factors of its answer, if it has any.
    """
    found = re.search(r"The tuple \(([\w, ]+)\)", inspect.getdoc(reference) or "")
    return Traits(
        exercise,
        reference,
        next(iter(inspect.signature(reference).parameters), ""),
        tuple(name.strip() for name in found[1].split(",")) if found else (),
        all(any(map(_is_generic, given)) for given in arguments),
        _is_elementwise(reference, arguments),
        links,
    )


def _is_generic(argument: Any) -> bool:
    return isinstance(argument, float) or (
        isinstance(argument, np.ndarray) and argument.dtype.kind == "f"
    )


def _is_elementwise(reference: Function, arguments: Sequence[tuple[Any, ...]]) -> bool:
    """Whether every array among the calls gives what its entries give one by one."""
    seen = False
    with np.errstate(all="ignore"):
        for first, *others in (given for given in arguments if given):
            if not isinstance(first, np.ndarray) or first.size < _FEWEST_ENTRIES:
                continue
            try:
                whole = reference(first.copy(), *others)
                each = [reference(float(entry), *others) for entry in first.ravel()]
                apart = np.reshape(np.array(each, float), first.shape)
            except Exception:
                return False
            if np.shape(whole) != first.shape or not same_value(plain(whole), plain(apart)):
                return False
            seen = True
    return seen

"""The first wrong link: which factor of a chain-rule product is missing, or there twice.

A gradient that is a product of links, with one left out, is the right one divided by that link: at
generic points no other reading fits. Each link is a function of the exercise's own arguments.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

import numpy as np

from autograder.mistakes.structure import Call
from autograder.references import reference
from autograder.results import Mistake

_Link = Callable[..., Any]

_ERROR: Final = "the slope of the error"
_SLOPE_2: Final = "the slope of the second neuron"
_SLOPE_1: Final = "the slope of the first neuron"
_W2: Final = "the second weight"
_X: Final = "the input x"
_A1: Final = "the first neuron's activation"

LINKS: Final[dict[str, dict[str, _Link]]] = {
    "backpropagation.gradient_b2": {
        _ERROR: lambda target, a2: a2 - target,
        _SLOPE_2: lambda target, a2: a2 * (1 - a2),
    },
    "backpropagation.gradient_w2": {
        _ERROR: lambda target, a1, a2: a2 - target,
        _SLOPE_2: lambda target, a1, a2: a2 * (1 - a2),
        _A1: lambda target, a1, a2: a1,
    },
    "backpropagation.gradient_b1": {
        _ERROR: lambda target, a1, w2, a2: a2 - target,
        _SLOPE_2: lambda target, a1, w2, a2: a2 * (1 - a2),
        _W2: lambda target, a1, w2, a2: w2,
        _SLOPE_1: lambda target, a1, w2, a2: a1 * (1 - a1),
    },
    "backpropagation.gradient_w1": {
        _ERROR: lambda x, target, a1, w2, a2: a2 - target,
        _SLOPE_2: lambda x, target, a1, w2, a2: a2 * (1 - a2),
        _W2: lambda x, target, a1, w2, a2: w2,
        _SLOPE_1: lambda x, target, a1, w2, a2: a1 * (1 - a1),
        _X: lambda x, target, a1, w2, a2: x,
    },
}
# What is said of a factor that remains; 1 says nothing.
_FACTORS: Final = {
    1.0: "",
    -1.0: "has the wrong sign",
    2.0: "is twice as large as it should be",
    -2.0: "is twice as large as it should be, with the wrong sign",
    0.5: "is half as large as it should be",
    -0.5: "is half as large as it should be, with the wrong sign",
}
_FEWEST_CALLS: Final = 4


def missing_links(
    exercise: str, calls: Sequence[Call]
) -> tuple[Mistake, Callable[..., Any]] | None:
    """Returns which links of a product are missing or doubled, and its formula, if that is all."""
    links = LINKS.get(exercise)
    if links is None:
        return None
    usable = [call for call in calls if call.is_number and float(call.right.value) != 0]
    if len(usable) < _FEWEST_CALLS or len(usable) < len(calls):
        return None
    ratio = np.array([float(c.student.value) / float(c.right.value) for c in usable])
    values = np.array([[link(*call.arguments) for call in usable] for link in links.values()])
    powers = _powers(len(links))
    # All products at once: one row for each way, one column for each call.
    factors = ratio / np.prod(values ** np.array(powers)[:, :, np.newaxis], axis=1)
    constant = np.abs(factors - factors[:, :1]) <= 1e-7 * np.abs(factors[:, :1])
    for row in np.flatnonzero(constant.all(axis=1)):
        for factor, told in _FACTORS.items():
            if np.isclose(factors[row, 0], factor, rtol=1e-7, atol=0):
                said = _said(exercise, list(links), powers[row], told)
                return said, _with_powers(exercise, powers[row], factor)
    return None


@cache
def _powers(count: int) -> list[tuple[int, ...]]:
    """Every way to leave out (-1) or double (1) links, those with fewer changes first."""
    every = itertools.product((0, -1, 1), repeat=count)
    return sorted((p for p in every if any(p)), key=lambda p: (sum(map(abs, p)), sum(p) > 0))


def _with_powers(exercise: str, powers: Sequence[int], factor: float) -> Callable[..., Any]:
    def formula(*given: Any) -> Any:
        values = (link(*given) for link in LINKS[exercise].values())
        changed = math.prod(value**power for value, power in zip(values, powers, strict=True))
        return factor * reference(exercise)(*given) * changed

    return formula


def _said(exercise: str, names: list[str], powers: tuple[int, ...], told: str) -> Mistake:
    lacking = [name for name, power in zip(names, powers, strict=True) if power == -1]
    twice = [name for name, power in zip(names, powers, strict=True) if power == 1]
    parts = [f"lacks {_listed(lacking)}"] if lacking else []
    parts += [f"has {_listed(twice)} once too often"] if twice else []
    parts += [told] if told else []
    message = f"Your gradient {_listed(parts)}. Go through the chain link by link."
    return Mistake(f"{exercise.partition('.')[2]}.links", message)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"

"""Wrong links: which factors of a chain-rule product are missing, or there twice.

A gradient that is a product of links, with one left out, is the right one divided by that link: at
generic points no other reading fits. Each link is a function of the exercise's own arguments.
"""

import itertools
import math
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np

from autograder.mistakes.parts import Function
from autograder.mistakes.structure import Call
from autograder.mistakes.traits import Traits
from autograder.results import Mistake

# What is said about a constant factor that remains; nothing about 1.
_FACTORS: Final = {
    1.0: "",
    -1.0: "has the wrong sign",
    2.0: "is twice as large as it should be",
    -2.0: "is twice as large as it should be, with the wrong sign",
    0.5: "is half as large as it should be",
    -0.5: "is half as large as it should be, with the wrong sign",
}
_FEWEST_CALLS: Final = 4


def missing_links(traits: Traits, calls: Sequence[Call]) -> tuple[Mistake, Function] | None:
    """Returns which links are missing or doubled, and the formula, if that explains the calls."""
    links = traits.links
    if not links:
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
                said = _said(traits.exercise, list(links), powers[row], told)
                return said, _with_powers(traits, powers[row], factor)
    return None


@cache
def _powers(count: int) -> list[tuple[int, ...]]:
    """Every way to leave out (-1) or double (1) links, those with fewer changes first."""
    every = itertools.product((0, -1, 1), repeat=count)
    return sorted((p for p in every if any(p)), key=lambda p: (sum(map(abs, p)), sum(p) > 0))


def _with_powers(traits: Traits, powers: Sequence[int], factor: float) -> Function:
    def formula(*given: Any) -> Any:
        values = (link(*given) for link in traits.links.values())
        changed = math.prod(value**power for value, power in zip(values, powers, strict=True))
        return factor * traits.reference(*given) * changed

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

"""Random inputs that several graders share. All of them are generic points.

Each exercise has its own: what one is asked says nothing of what another one is asked or answers.
"""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from autograder.calls import StudentFunction
from autograder.graders.clauses import SeededGenerator

Array = NDArray[np.float64]
_Made = TypeVar("_Made")
# The inputs that the calls of a function are made of.
Inputs = Callable[[StudentFunction], _Made]


def each_its_own(
    generator: SeededGenerator, make: Callable[[SeededGenerator], _Made]
) -> Inputs[_Made]:
    """Returns inputs of one kind, drawn anew for each exercise and always the same for that one.

    Args:
        generator: The course's.
        make: Makes them with a generator that is the exercise's own.
    """

    @cache
    def of(exercise: str) -> _Made:
        return make(lambda label: generator(f"{label} of {exercise}"))

    return lambda function: of(function.exercise)


def weighted_sums(rng: np.random.Generator) -> list[Array]:
    """Returns arrays of 7, 5 and 12 weighted sums z of either sign, up to 30 in size, none near 0.

    Each has ordinary values, and on either side one near 0, where a threshold other than 0 shows,
    and one far out, where a clipped answer does.
    """
    both = np.array([1.0, -1.0])
    return [
        np.concatenate(
            [
                rng.uniform(0.1, 0.9, 2) * both,
                rng.uniform(1, most, count) * rng.choice(both, count),
                rng.uniform(8, 12, 2) * both,
            ]
        )
        for most, count in ((5, 3), (30, 1), (2, 8))
    ]


def in_other_shapes(twelve: Array) -> list[Array]:
    """Returns twelve numbers as a table and as a stack of tables, and the first without axes."""
    return [twelve.reshape(3, 4), twelve.reshape(2, 3, 2), np.array(twelve[0])]


def floats(array: Array) -> list[float]:
    """Returns the entries of an array as Python floats, and 0 among them."""
    return [*(float(z) for z in array), 0.0]

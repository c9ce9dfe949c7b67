"""Random inputs that several lessons' graders share. All of them are generic points."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


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

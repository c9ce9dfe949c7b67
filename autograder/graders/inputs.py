"""Random inputs that several graders share. All of them are generic points."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def weighted_sums(rng: np.random.Generator) -> list[Array]:
    """Returns arrays of 7, 5 and 12 weighted sums z of either sign, up to 30 in size, none near 0.

    Each has ordinary values and one far out on either side, where a clipped answer shows.
    """
    sizes = [rng.uniform(0.1, 5, 5), rng.uniform(0.1, 30, 3), rng.uniform(0.1, 2, 10)]
    signed = [size * rng.permutation(np.resize([1.0, -1.0], size.size)) for size in sizes]
    return [np.concatenate([z, rng.uniform(8, 12, 2) * [1, -1]]) for z in signed]


def in_other_shapes(twelve: Array) -> list[Array]:
    """Returns twelve numbers as a table and as a stack of tables, and the first without axes."""
    return [twelve.reshape(3, 4), twelve.reshape(2, 3, 2), np.array(twelve[0])]


def floats(array: Array) -> list[float]:
    """Returns the entries of an array as Python floats, and 0 among them."""
    return [*(float(z) for z in array), 0.0]

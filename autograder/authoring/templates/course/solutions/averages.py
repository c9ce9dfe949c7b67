"""Averages: many numbers described by one."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def mean(values: Array) -> float:
    """Return the mean of some numbers.

    m = (x_1 + ... + x_n) / n

    Args:
        values: The numbers, shape (n,), n at least 1; the array is left unchanged.

    Returns:
        One number.

    Example:
        >>> mean(np.array([2.0, 4.0, 9.0]))
        5.0
    """
    return float(np.sum(values) / len(values))

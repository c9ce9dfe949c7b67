"""Rows of numbers, and what is known of them so far."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def running_means(values: Array) -> list[float]:
    """Return the mean of each number and all those in front of it.

    m_k = (x_1 + ... + x_k) / k

    Args:
        values: The numbers, shape (n,), n at least 1; the array is left unchanged.

    Returns:
        A list of n numbers.

    Example:
        >>> running_means(np.array([2.0, 4.0, 9.0]))
        [2.0, 3.0, 5.0]
    """
    sums = np.cumsum(values)
    return [float(total / count) for count, total in enumerate(sums, 1)]

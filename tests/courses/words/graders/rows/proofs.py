"""The formulas of the rows once more, in exact numbers (see `autograder.proofs`)."""

import numpy as np

from autograder.proofs import proof

ROWS = [np.array(row) for row in ([2.0, 4.0, 9.0], [-0.7], [1e9, -1e9, 3.5, 0.25, -7.0])]


@proof("running_means", *((row,) for row in ROWS))
def _(values):
    return [sum(values[:k]) / k for k in range(1, len(values) + 1)]

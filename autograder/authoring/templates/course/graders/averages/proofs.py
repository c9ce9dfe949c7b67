"""The formulas of the averages once more, in exact numbers (see `autograder.proofs`)."""

import numpy as np

from autograder.proofs import proof


@proof("mean", (np.array([2.0, 4.0, 9.0]),), (np.array([-0.7]),), (np.array([1e9, 0.1, 3.0]),))
def _(values):
    return sum(values) / len(values)

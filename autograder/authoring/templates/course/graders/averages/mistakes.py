"""What learners get wrong about averages: each function is wrong in one way."""

import numpy as np

from autograder.mistakes.catalogue import mistake


@mistake("mean.sum")
def _(values):
    """This is the sum of the numbers: divide it by how many there are."""
    return float(np.sum(values))


@mistake("mean.one_less")
def _(values):
    """Your mean is too large in size: the sum is divided by one less than there are numbers."""
    return float(np.sum(values) / max(len(values) - 1, 1))

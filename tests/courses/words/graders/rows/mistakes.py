"""What learners get wrong about rows."""

import numpy as np

from autograder.mistakes.catalogue import mistake


@mistake("running_means.sums")
def _(values):
    """These are the sums up to each number: for the means, divide each by how many are in it."""
    return list(np.cumsum(values))


@mistake("running_means.whole_length")
def _(values):
    """All your sums are divided by the whole length: up to the third number there are three."""
    return list(np.cumsum(values) / len(values))

"""Public checks of the averages: students get them and can read them."""

from typing import Any

import numpy as np

from autograder.rubric import assert_close, points


@points(1)
def test_mean_of_three(mean: Any) -> None:
    """The mean of 2, 4 and 9 is 5."""
    assert_close(mean(np.array([2.0, 4.0, 9.0])), 5.0)

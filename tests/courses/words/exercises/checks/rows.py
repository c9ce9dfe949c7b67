"""Public checks of the rows."""

from typing import Any

import numpy as np

from autograder.rubric import assert_close, points


@points(0.6)
def test_means_of_three(running_means: Any) -> None:
    """The means of 2, 4 and 9 up to each of them are 2, 3 and 5."""
    assert_close(running_means(np.array([2.0, 4.0, 9.0])), [2.0, 3.0, 5.0])

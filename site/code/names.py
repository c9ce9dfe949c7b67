"""What this course's lessons name in their computed numbers, beside the reference solutions."""

from typing import Any, Final

import numpy as np

from ...solutions.backpropagation import forward, train

X: Final = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
# The two neurons of backpropagation at x = 0.1 and target 0.25, as they start.
NEURONS: Final = 0.15, 0.40, 0.45, 0.65
_, A1, _, A2 = forward(0.1, *NEURONS)

NAMES: Final[dict[str, Any]] = {
    "X": X,
    "Z": 2 * X,
    "LOGITS": np.array([1.6, 0.55, 0.98]),
    "BATCH": np.array([[1.6, 0.55, 0.98], [0.2, 3.0, -1.0]]),
    # Two linear layers, and what they are applied to.
    "W1": np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]]),
    "W2": np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 1.0]]),
    "B1": np.array([1.0, -1.0]),
    "B2": np.array([0.0, 1.0, 2.0]),
    "V": np.array([1.0, 2.0, 3.0]),
    "NEURONS": NEURONS,
    "A1": A1,
    "A2": A2,
    # After one update at rate 0.5, and the errors of the whole training.
    "AFTER": train(0.1, 0.25, *NEURONS, 0.5, 1, 0.0)[0],
    "ERRORS": train(0.1, 0.25, *NEURONS, 0.5, 1000, 0.001)[1],
}

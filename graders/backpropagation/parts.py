"""Which exercises of this lesson are built on others, and which factors its gradients have."""

from collections.abc import Callable
from typing import Final

from autograder.compare import STANDARD, Tolerance

COMPOSITES: dict[str, Tolerance] = {"backward": STANDARD, "train": STANDARD}

_ERROR: Final = "the slope of the error"
_SLOPE_2: Final = "the slope of the second neuron"
_SLOPE_1: Final = "the slope of the first neuron"
_W2: Final = "the second weight"
_X: Final = "the input x"
_A1: Final = "the first neuron's activation"

LINKS: Final[dict[str, dict[str, Callable[..., float]]]] = {
    "gradient_b2": {
        _ERROR: lambda target, a2: a2 - target,
        _SLOPE_2: lambda target, a2: a2 * (1 - a2),
    },
    "gradient_w2": {
        _ERROR: lambda target, a1, a2: a2 - target,
        _SLOPE_2: lambda target, a1, a2: a2 * (1 - a2),
        _A1: lambda target, a1, a2: a1,
    },
    "gradient_b1": {
        _ERROR: lambda target, a1, w2, a2: a2 - target,
        _SLOPE_2: lambda target, a1, w2, a2: a2 * (1 - a2),
        _W2: lambda target, a1, w2, a2: w2,
        _SLOPE_1: lambda target, a1, w2, a2: a1 * (1 - a1),
    },
    "gradient_w1": {
        _ERROR: lambda x, target, a1, w2, a2: a2 - target,
        _SLOPE_2: lambda x, target, a1, w2, a2: a2 * (1 - a2),
        _W2: lambda x, target, a1, w2, a2: w2,
        _SLOPE_1: lambda x, target, a1, w2, a2: a1 * (1 - a1),
        _X: lambda x, target, a1, w2, a2: x,
    },
}

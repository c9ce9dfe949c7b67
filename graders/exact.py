"""What the proofs share: functions of one exact number, and of every number in a list."""

import functools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import numpy as np

# Element-wise functions are compared at numbers of every size, and in arrays of several axes.
Z = np.concatenate(
    [
        np.linspace(-40, 40, 321),
        np.linspace(-354, 354, 119),
        [-745.0, -700.0, 700.0, 745.0, -1e6, 1e6, -1e-9, 1e-9, -1e-300, 1e-300],
    ]
)
# 1 - tanh(354)^2 needs 307 digits before the first one that counts.
MANY = 400
ELEMENTWISE = [(Z,), (0.3,), (-2.7,), (-700.0,), (0.0,), (Z[:24].reshape(2, 3, 4),)]


def each(formula: Callable[..., Any]) -> Callable[..., Any]:
    """Applies a formula for one number to every number of a nested list."""

    @functools.wraps(formula)
    def apply(z: Any, *rest: Any) -> Any:
        return [apply(item, *rest) for item in z] if isinstance(z, list) else formula(z, *rest)

    return apply


@each
def s(z: Decimal) -> Decimal:
    """The sigmoid."""
    return 1 / (1 + (-z).exp())


@each
def slope_of_s(z: Decimal) -> Decimal:
    """The sigmoid's derivative."""
    a: Decimal = s(z)
    return a * (1 - a)


@each
def rectified(z: Decimal) -> Decimal:
    """ReLU."""
    return max(Decimal(0), z)


@each
def step(z: Decimal) -> Decimal:
    """The derivative of ReLU, 0 at 0."""
    return Decimal(z > 0)

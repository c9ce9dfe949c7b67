"""Gradient descent on a line through the origin.

The model predicts z_hat = w x with a single weight w. These exercises measure how wrong a weight
is, find which way is downhill, take one step, and then take many: from a poor first guess to the
weight that fits the data best. The last one asks how big a step may be before descent turns into
flight.

Functions leave their arguments as they were, and round nothing: the examples round only what they
print.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def predict(w: float, x: Array) -> Array:
    """Return the model's prediction for every input.

    z_hat_i = w x_i

    Args:
        w: The weight of the model.
        x: The inputs, shape (m,).

    Returns:
        The predictions, shape (m,).

    Example:
        >>> print(predict(1.5, np.array([-2.0, -1.0, 0.0, 1.0, 2.0])))
        [-3.  -1.5  0.   1.5  3. ]
    """
    return w * x


def cost(w: float, x: Array, z: Array) -> float:
    """Return the cost J(w), half the mean squared error of the predictions.

    J(w) = 1/(2m) sum_i (z_i - w x_i)^2

    The mean makes the cost independent of how many points there are; the half is there to cancel
    the 2 that differentiating the square brings down.

    Args:
        w: The weight of the model.
        x: The inputs, shape (m,).
        z: The values to predict, shape (m,).

    Returns:
        The cost, a single number; 0 only where every prediction is exact.

    Example:
        >>> x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
        >>> print(cost(0.0, x, 2.0 * x))
        4.0
        >>> print(cost(2.0, x, 2.0 * x))
        0.0
    """
    return sum_squared_error(w, x, z) / (2 * len(x))


def sum_squared_error(w: float, x: Array, z: Array) -> float:
    """Return the sum of the squared errors, the cost without its scaling.

    S(w) = sum_i (z_i - w x_i)^2

    It has its minimum at the same weight as the cost. It is 2m times as large, and so are its
    slopes: it suits a learning rate 2m times as small.

    Args:
        w: The weight of the model.
        x: The inputs, shape (m,).
        z: The values to predict, shape (m,).

    Returns:
        The sum over all points, a single number.

    Example:
        >>> x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
        >>> print(sum_squared_error(0.0, x, 2.0 * x))
        40.0
    """
    return float(np.sum((z - predict(w, x)) ** 2))


def cost_gradient(w: float, x: Array, z: Array) -> float:
    """Return the slope of the cost at w.

    dJ/dw = -(1/m) sum_i x_i (z_i - w x_i)

    Args:
        w: The weight at which the slope is taken.
        x: The inputs, shape (m,).
        z: The values to predict, shape (m,).

    Returns:
        The slope, a single number: negative where the cost falls as w grows, positive where it
        rises, 0 at the minimum.

    Example:
        >>> x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
        >>> print(cost_gradient(0.0, x, 2.0 * x))
        -4.0
        >>> print(cost_gradient(3.0, x, 2.0 * x))
        2.0
    """
    # The formula's minus sign turns the error round; outside, it would make a minimum's slope -0.0.
    return float(np.mean(x * (predict(w, x) - z)))


def descent_direction(slope: float) -> str:
    """Return which way the weight has to move for the cost to fall.

    A positive slope climbs to the right, so that downhill is to the left; a negative slope is the
    mirror image.

    Args:
        slope: The slope of the cost at the present weight.

    Returns:
        "left" where the slope is positive, "right" where it is negative, "stop" where it is 0.

    Example:
        >>> print(descent_direction(-4.0))
        right
    """
    if slope > 0:
        return "left"
    if slope < 0:
        return "right"
    return "stop"


def update_weight(w: float, gradient: float, learning_rate: float) -> float:
    """Return the weight after one step of gradient descent.

    w_new = w - learning_rate gradient

    Args:
        w: The present weight.
        gradient: The slope of the cost at w.
        learning_rate: How far to step for a slope of 1; positive.

    Returns:
        The new weight, a single number.

    Example:
        >>> print(update_weight(0.0, -4.0, 0.4))
        1.6
    """
    return w - learning_rate * gradient


def gradient_descent(
    x: Array, z: Array, w0: float, learning_rate: float, n_iterations: int
) -> Array:
    """Return every weight that gradient descent visits, the first guess included.

    w_(t+1) = w_t - learning_rate dJ/dw(w_t)

    Every step takes the slope anew, at the weight that the step before has reached.

    Args:
        x: The inputs, shape (m,).
        z: The values to predict, shape (m,).
        w0: The weight to start from.
        learning_rate: How far to step for a slope of 1; positive.
        n_iterations: How many steps to take; with 0 steps the only weight is w0.

    Returns:
        The weights in the order visited, shape (n_iterations + 1,), w0 first.

    Example:
        >>> x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
        >>> print(np.round(gradient_descent(x, 2.0 * x, 0.0, 0.4, 4), 4))
        [0.     1.6    1.92   1.984  1.9968]
    """
    weights = np.empty(n_iterations + 1)
    weights[0] = w = w0
    for step in range(n_iterations):
        w = update_weight(w, cost_gradient(w, x, z), learning_rate)
        weights[step + 1] = w
    return weights


def max_stable_learning_rate(x: Array) -> float:
    """Return the learning rate beyond which gradient descent diverges on these inputs.

    2 / mean(x^2)

    Each step multiplies the distance to the best weight by 1 - learning_rate mean(x^2). Descent
    closes in as long as that factor is less than 1 in size.

    Args:
        x: The inputs, shape (m,), not all 0.

    Returns:
        The learning rate at the border, a single number.

    Example:
        >>> print(max_stable_learning_rate(np.array([-2.0, -1.0, 0.0, 1.0, 2.0])))
        1.0
    """
    return float(2.0 / np.mean(x**2))

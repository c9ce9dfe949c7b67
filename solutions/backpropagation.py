"""Backpropagation through two sigmoid neurons in a chain.

One input x passes two neurons, each with a weight and a bias:
z1 = w1 x + b1, a1 = s(z1), z2 = w2 a1 + b2, a2 = s(z2), with the error E = 1/2 (target - a2)^2.
These exercises compute the forward pass, follow the error backwards link by link with the chain
rule to the slope for each of the four parameters, and use those slopes to train.

Functions leave their arguments as they were, and round nothing: the examples round only what they
print.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def weighted_sum(x: float, w: float, b: float) -> float:
    """Return what a neuron computes before its activation.

    z = w x + b

    Args:
        x: The neuron's input.
        w: Its weight.
        b: Its bias.

    Returns:
        The weighted sum z, a single number.

    Example:
        >>> print(round(weighted_sum(0.1, 0.15, 0.40), 4))
        0.415
    """
    return w * x + b


def sigmoid(z: float | Array) -> float | Array:
    """Return the sigmoid of z, element by element.

    s(z) = 1 / (1 + e^-z)

    Args:
        z: A number or an array of any shape.

    Returns:
        Values from 0 to 1: a number for a number, an array of the same shape for an array.

    Example:
        >>> print(round(sigmoid(0.415), 4))
        0.6023
        >>> print(np.round(sigmoid(np.array([-2.0, 0.0, 2.0])), 4))
        [0.1192 0.5    0.8808]
    """
    # The exponential of a number that is never positive cannot overflow; by symmetry it serves
    # both sides, and keeps the tiny values on the left exact.
    decay = np.exp(-np.abs(z))
    return _like(z, np.where(np.less(z, 0), decay, 1.0) / (1.0 + decay))


def forward(
    x: float, w1: float, b1: float, w2: float, b2: float
) -> tuple[float, float, float, float]:
    """Return the sums and activations of both neurons for the input x.

    z1 = w1 x + b1,   a1 = s(z1),   z2 = w2 a1 + b2,   a2 = s(z2)

    Args:
        x: The input of the first neuron.
        w1: The first neuron's weight.
        b1: The first neuron's bias.
        w2: The second neuron's weight.
        b2: The second neuron's bias.

    Returns:
        The tuple (z1, a1, z2, a2) of four numbers.

    Example:
        >>> print(np.round(forward(0.1, 0.15, 0.40, 0.45, 0.65), 4))
        [0.415  0.6023 0.921  0.7153]
    """
    z1 = weighted_sum(x, w1, b1)
    a1 = float(sigmoid(z1))
    z2 = weighted_sum(a1, w2, b2)
    a2 = float(sigmoid(z2))
    return z1, a1, z2, a2


def error(target: float, a2: float) -> float:
    """Return how wrong the output a2 is.

    E = 1/2 (target - a2)^2

    Args:
        target: The output wanted.
        a2: The output of the second neuron.

    Returns:
        The error, a single number; 0 only where a2 is the target.

    Example:
        >>> print(round(error(0.25, 0.7153), 4))
        0.1083
    """
    return 0.5 * (target - a2) ** 2


def error_slope(target: float, a2: float) -> float:
    """Return the slope of the error with respect to the output.

    dE/da2 = -(target - a2)

    Args:
        target: The output wanted.
        a2: The output of the second neuron.

    Returns:
        The slope, a single number: positive where the output is too large.

    Example:
        >>> print(round(error_slope(0.25, 0.7153), 4))
        0.4653
    """
    return -(target - a2)


def sigmoid_slope(a: float | Array) -> float | Array:
    """Return the slope of the sigmoid where its value is a, element by element.

    da/dz = a (1 - a)

    The forward pass has computed the activation already. The slope needs nothing else: a is s(z),
    not z.

    Args:
        a: An activation from 0 to 1, a number or an array of any shape.

    Returns:
        The slopes: a number for a number, an array of the same shape for an array.

    Example:
        >>> print(round(sigmoid_slope(0.7153), 4))
        0.2036
        >>> print(sigmoid_slope(np.array([0.1, 0.5, 0.75])))
        [0.09   0.25   0.1875]
    """
    return _like(a, a * (1.0 - a))


def gradient_w2(target: float, a1: float, a2: float) -> float:
    """Return the slope of the error with respect to the second weight.

    dE/dw2 = dE/da2 da2/dz2 dz2/dw2 = -(target - a2) a2 (1 - a2) a1

    Args:
        target: The output wanted.
        a1: The first neuron's activation, the second one's input.
        a2: The second neuron's activation.

    Returns:
        The slope dE/dw2, a single number.

    Example:
        >>> print(round(gradient_w2(0.25, 0.6023, 0.7153), 5))
        0.05707
    """
    return gradient_b2(target, a2) * a1


def gradient_b2(target: float, a2: float) -> float:
    """Return the slope of the error with respect to the second bias.

    dE/db2 = dE/da2 da2/dz2 dz2/db2 = -(target - a2) a2 (1 - a2)

    Args:
        target: The output wanted.
        a2: The second neuron's activation.

    Returns:
        The slope dE/db2, a single number.

    Example:
        >>> print(round(gradient_b2(0.25, 0.7153), 5))
        0.09476
    """
    return error_slope(target, a2) * float(sigmoid_slope(a2))


def gradient_w1(x: float, target: float, a1: float, w2: float, a2: float) -> float:
    """Return the slope of the error with respect to the first weight.

    dE/dw1 = dE/da2 da2/dz2 dz2/da1 da1/dz1 dz1/dw1
           = -(target - a2) a2 (1 - a2) w2 a1 (1 - a1) x

    Args:
        x: The input of the first neuron.
        target: The output wanted.
        a1: The first neuron's activation.
        w2: The second neuron's weight.
        a2: The second neuron's activation.

    Returns:
        The slope dE/dw1, a single number.

    Example:
        >>> print(round(gradient_w1(0.1, 0.25, 0.6023, 0.45, 0.7153), 7))
        0.0010214
    """
    return gradient_b1(target, a1, w2, a2) * x


def gradient_b1(target: float, a1: float, w2: float, a2: float) -> float:
    """Return the slope of the error with respect to the first bias.

    dE/db1 = dE/da2 da2/dz2 dz2/da1 da1/dz1 dz1/db1
           = -(target - a2) a2 (1 - a2) w2 a1 (1 - a1)

    Args:
        target: The output wanted.
        a1: The first neuron's activation.
        w2: The second neuron's weight.
        a2: The second neuron's activation.

    Returns:
        The slope dE/db1, a single number.

    Example:
        >>> print(round(gradient_b1(0.25, 0.6023, 0.45, 0.7153), 6))
        0.010214
    """
    return gradient_b2(target, a2) * w2 * float(sigmoid_slope(a1))


def backward(
    x: float, target: float, w1: float, b1: float, w2: float, b2: float
) -> tuple[float, float, float, float]:
    """Return the slopes of the error with respect to all four parameters.

    One forward pass gives the activations; all four slopes belong to the parameters as given.

    Args:
        x: The input of the first neuron.
        target: The output wanted.
        w1: The first neuron's weight.
        b1: The first neuron's bias.
        w2: The second neuron's weight.
        b2: The second neuron's bias.

    Returns:
        The tuple (dw1, db1, dw2, db2) of four numbers: dE/dw1, dE/db1, dE/dw2, dE/db2.

    Example:
        >>> dw1, db1, dw2, db2 = backward(0.1, 0.25, 0.15, 0.40, 0.45, 0.65)
        >>> print(f"{dw1:.7f} {db1:.6f} {dw2:.5f} {db2:.5f}")
        0.0010214 0.010214 0.05707 0.09476
    """
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    return (
        gradient_w1(x, target, a1, w2, a2),
        gradient_b1(target, a1, w2, a2),
        gradient_w2(target, a1, a2),
        gradient_b2(target, a2),
    )


def update_parameters(
    parameters: tuple[float, float, float, float],
    gradients: tuple[float, float, float, float],
    learning_rate: float,
) -> tuple[float, float, float, float]:
    """Return the four parameters after one step of gradient descent.

    new parameter = parameter - learning_rate its gradient

    Args:
        parameters: The tuple (w1, b1, w2, b2).
        gradients: The tuple (dw1, db1, dw2, db2), in the same order.
        learning_rate: How far to step for a slope of 1; positive.

    Returns:
        The tuple of the four new parameters, in the same order.

    Example:
        >>> parameters = (0.15, 0.40, 0.45, 0.65)
        >>> print(np.round(update_parameters(parameters, (0.1, 0.2, -0.3, 0.4), 0.5), 4))
        [0.1  0.3  0.6  0.45]
    """
    w1, b1, w2, b2 = (
        parameter - learning_rate * gradient
        for parameter, gradient in zip(parameters, gradients, strict=True)
    )
    return w1, b1, w2, b2


def train(
    x: float,
    target: float,
    w1: float,
    b1: float,
    w2: float,
    b2: float,
    learning_rate: float,
    max_epochs: int,
    tolerance: float,
) -> tuple[tuple[float, float, float, float], Array]:
    """Return the parameters that training ends with and the error of every epoch.

    An epoch runs the input forward and records the error E. If E < tolerance, training stops there
    and leaves the parameters as they are. Otherwise all four are updated at once, from gradients
    that were all taken at the old values.

    Args:
        x: The input of the first neuron.
        target: The output wanted.
        w1: The first neuron's weight at the start.
        b1: The first neuron's bias at the start.
        w2: The second neuron's weight at the start.
        b2: The second neuron's bias at the start.
        learning_rate: How far to step for a slope of 1; positive.
        max_epochs: The most epochs to run; with 0 the parameters come back as given and no error
            is recorded.
        tolerance: The error below which training stops.

    Returns:
        The tuple ((w1, b1, w2, b2), errors): the final parameters, and an array with one error
        per epoch run, in order.

    Example:
        >>> parameters, errors = train(0.1, 0.25, 0.15, 0.40, 0.45, 0.65, 0.5, 3, 0.001)
        >>> print(np.round(parameters, 4))
        [0.1486 0.3857 0.3648 0.5083]
        >>> print(np.round(errors, 4))
        [0.1082 0.1021 0.096 ]
    """
    parameters = (w1, b1, w2, b2)
    errors: list[float] = []
    for _ in range(max_epochs):
        _, _, _, a2 = forward(x, *parameters)
        errors.append(error(target, a2))
        if errors[-1] < tolerance:
            break
        gradients = backward(x, target, *parameters)
        parameters = update_parameters(parameters, gradients, learning_rate)
    return parameters, np.array(errors)


def _like(z: float | Array, values: float | Array) -> float | Array:
    """Return `values` in the kind of `z`: NumPy turns a 0-d array into a scalar on the way."""
    return np.asarray(values) if isinstance(z, np.ndarray) else float(values)

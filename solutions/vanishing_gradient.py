"""Why gradients vanish in a deep chain of sigmoid neurons, and what ReLU changes.

A chain of L one-neuron layers without biases: a_0 = x, z_l = w_l a_(l-1), a_l = g(z_l), with the
error E = 1/2 (target - a_L)^2. On its way back to the first layer the error's slope is multiplied
by the slope of every activation it passes. These exercises compute those slopes and watch what
their product does to the layers at the front.

Functions leave their arguments as they were, and round nothing: the examples round only what they
print.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def sigmoid_derivative(z: float | Array) -> float | Array:
    """Return the slope of the sigmoid at z, element by element.

    s'(z) = s(z) (1 - s(z))   where   s(z) = 1 / (1 + e^-z)

    Args:
        z: A number or an array of any shape; the input of the sigmoid, not its value.

    Returns:
        The slopes, at most 0.25 (at z = 0): a number for a number, an array of the same shape for
        an array.

    Example:
        >>> print(sigmoid_derivative(0.0))
        0.25
        >>> print(np.round(sigmoid_derivative(np.array([-4.0, 1.0, 2.0])), 4))
        [0.0177 0.1966 0.105 ]
    """
    # 1 - s(z) loses its digits where s(z) is close to 1. Written with e^-|z| the slope is
    # symmetric, subtracts nothing and cannot overflow.
    decay = np.exp(-np.abs(z))
    return _like(z, decay / (1.0 + decay) ** 2)


def relu_derivative(z: float | Array) -> float | Array:
    """Return the slope of ReLU at z, element by element.

    1 where z > 0, else 0

    At z = 0 ReLU has a corner and no slope of its own; there the answer is 0 by convention.

    Args:
        z: A number or an array of any shape.

    Returns:
        The slopes: a number for a number, an array of the same shape for an array.

    Example:
        >>> print(relu_derivative(np.array([-3.0, 0.0, 0.5, 7.0])))
        [0. 0. 1. 1.]
    """
    return _like(z, np.where(np.greater(z, 0), 1.0, 0.0))


def forward_chain(x: float, weights: Array, activation: str) -> tuple[Array, Array]:
    """Return the sums and activations of every layer of the chain.

    a_0 = x,   z_l = w_l a_(l-1),   a_l = g(z_l)   for l = 1 to L

    Args:
        x: The input of the chain.
        weights: The weights w_1 to w_L, shape (L,), L at least 1.
        activation: Which g to use, "sigmoid" or "relu".

    Returns:
        The tuple (z, a) of two arrays: the sums z_1 to z_L, shape (L,), and the activations a_0 to
        a_L, shape (L + 1,). The first activation is x itself.

    Raises:
        ValueError: `activation` is neither "sigmoid" nor "relu".

    Example:
        >>> z, a = forward_chain(0.5, np.array([2.0, -1.0, 3.0]), "sigmoid")
        >>> print(np.round(z, 4))
        [ 1.     -0.7311  0.9749]
        >>> print(np.round(a, 4))
        [0.5    0.7311 0.325  0.7261]
    """
    z = np.empty(len(weights))
    a = np.empty(len(weights) + 1)
    a[0] = x
    for layer, w in enumerate(weights):
        z[layer] = w * a[layer]
        a[layer + 1] = _activate(z[layer], activation)
    return z, a


def layer_gradients(x: float, target: float, weights: Array, activation: str) -> Array:
    """Return the slope of the error with respect to every weight of the chain.

    dE/dw_l = -(target - a_L) g'(z_L) w_L g'(z_(L-1)) w_(L-1) ... w_(l+1) g'(z_l) a_(l-1)

    Every layer between a weight and the output contributes one slope and one weight; the earlier
    the layer, the longer the product.

    Args:
        x: The input of the chain.
        target: The output wanted.
        weights: The weights w_1 to w_L, shape (L,), L at least 1.
        activation: Which g to use, "sigmoid" or "relu".

    Returns:
        The slopes dE/dw_1 to dE/dw_L, shape (L,), first layer first.

    Raises:
        ValueError: `activation` is neither "sigmoid" nor "relu".

    Example:
        >>> gradients = layer_gradients(0.5, 0.2, np.array([2.0, -1.0, 3.0]), "sigmoid")
        >>> print(np.round(gradients, 5))
        [-0.00677  0.05034  0.034  ]
    """
    z, a = forward_chain(x, weights, activation)
    slope = sigmoid_derivative if activation == "sigmoid" else relu_derivative
    gradients = np.empty(len(weights))
    carried = a[-1] - target  # dE/da_l, from the output towards the input
    for layer in reversed(range(len(weights))):
        carried *= float(slope(float(z[layer])))
        gradients[layer] = carried * a[layer]
        carried *= weights[layer]
    return gradients


def vanishing_ratio(gradients: Array) -> float:
    """Return how large the first layer's gradient is beside the last layer's.

    abs(first) / abs(last)

    Args:
        gradients: One slope per layer, first layer first, shape (L,); the last is not 0.

    Returns:
        The ratio, a single number that is never negative: far below 1 where the gradient
        vanishes on its way to the front.

    Example:
        >>> print(vanishing_ratio(np.array([-0.001, 0.02, 0.5])))
        0.002
    """
    return float(abs(gradients[0]) / abs(gradients[-1]))


def sigmoid_gradient_bound(depth: int) -> float:
    """Return the most that the slopes of `depth` sigmoids can multiply to.

    0.25^depth

    Args:
        depth: How many sigmoids the gradient passes; with 0 there is nothing to shrink it and the
            bound is 1.

    Returns:
        The bound, a single number.

    Example:
        >>> print(sigmoid_gradient_bound(3))
        0.015625
    """
    return 0.25**depth


def _activate(z: float, activation: str) -> float:
    """Return g(z) for the activation of that name."""
    if activation == "sigmoid":
        # The exponential of a number that is never positive cannot overflow.
        decay = float(np.exp(-abs(z)))
        return (decay if z < 0 else 1.0) / (1.0 + decay)
    if activation == "relu":
        return max(0.0, z)
    raise ValueError(f'activation must be "sigmoid" or "relu", not {activation!r}')


def _like(z: float | Array, values: float | Array) -> float | Array:
    """Return `values` in the kind of `z`: NumPy turns a 0-d array into a scalar on the way."""
    return np.asarray(values) if isinstance(z, np.ndarray) else float(values)

"""Activation functions, what they do to a gradient, and why a network needs them.

These exercises build the activations that networks use between layers (sigmoid, tanh, ReLU, leaky
ReLU) with two of their slopes, and softmax, which turns a last layer's scores into probabilities.
The last one shows what two layers amount to when there is no activation between them.

Functions leave their arguments as they were, and round nothing: the examples round only what they
print.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def sigmoid(z: float | Array) -> float | Array:
    """Return the sigmoid of z, element by element.

    s(z) = 1 / (1 + e^-z)

    The answer is right, and no warning appears, for z up to 1e6 in size on either side.

    Args:
        z: A number or an array of any shape.

    Returns:
        Values from 0 to 1: a number for a number, an array of the same shape for an array.

    Example:
        >>> print(sigmoid(0.0))
        0.5
        >>> print(np.round(sigmoid(np.array([-1e6, -2.0, 2.0, 1e6])), 4))
        [0.     0.1192 0.8808 1.    ]
    """
    raise NotImplementedError


def tanh(z: float | Array) -> float | Array:
    """Return the hyperbolic tangent of z, element by element.

    tanh(z) = (e^z - e^-z) / (e^z + e^-z)

    The answer is right, and no warning appears, for z up to 1e6 in size on either side.

    Args:
        z: A number or an array of any shape.

    Returns:
        Values from -1 to 1: a number for a number, an array of the same shape for an array.

    Example:
        >>> print(round(tanh(0.5), 4))
        0.4621
        >>> print(np.round(tanh(np.array([-1e6, -1.0, 0.0, 2.0])), 4))
        [-1.     -0.7616  0.      0.964 ]
    """
    raise NotImplementedError


def tanh_derivative(z: float | Array) -> float | Array:
    """Return the slope of tanh at z, element by element.

    tanh'(z) = 1 - tanh(z)^2

    Args:
        z: A number or an array of any shape; the input of tanh, not its value.

    Returns:
        The slopes, at most 1 (at z = 0): a number for a number, an array of the same shape for an
        array.

    Example:
        >>> print(tanh_derivative(0.0))
        1.0
        >>> print(np.round(tanh_derivative(np.array([-1.0, 0.5, 2.0])), 4))
        [0.42   0.7864 0.0707]
    """
    raise NotImplementedError


def relu(z: float | Array) -> float | Array:
    """Return the rectified linear unit of z, element by element.

    relu(z) = max(0, z)

    Args:
        z: A number or an array of any shape; an array is left unchanged.

    Returns:
        Values of at least 0: a number for a number, a new array of the same shape for an array.

    Example:
        >>> print(relu(-2.0))
        0.0
        >>> print(relu(np.array([-3.0, -0.5, 0.0, 2.0])))
        [0. 0. 0. 2.]
    """
    raise NotImplementedError


def leaky_relu(z: float | Array, alpha: float = 0.01) -> float | Array:
    """Return the leaky rectified linear unit of z, element by element.

    z where z > 0, else alpha z

    Args:
        z: A number or an array of any shape; an array is left unchanged.
        alpha: The slope on the left, greater than 0 and less than 1.

    Returns:
        A number for a number, a new array of the same shape for an array.

    Example:
        >>> print(leaky_relu(-2.0))
        -0.02
        >>> print(leaky_relu(np.array([-3.0, -0.5, 0.0, 2.0]), alpha=0.1))
        [-0.3  -0.05  0.    2.  ]
    """
    raise NotImplementedError


def leaky_relu_derivative(z: float | Array, alpha: float = 0.01) -> float | Array:
    """Return the slope of the leaky ReLU at z, element by element.

    1 where z > 0, else alpha

    At z = 0 the function has a corner and no slope of its own; there the answer is alpha by
    convention.

    Args:
        z: A number or an array of any shape.
        alpha: The slope on the left, greater than 0 and less than 1.

    Returns:
        The slopes: a number for a number, an array of the same shape for an array.

    Example:
        >>> print(leaky_relu_derivative(np.array([-3.0, 0.0, 2.0])))
        [0.01 0.01 1.  ]
    """
    raise NotImplementedError


def softmax(z: Array) -> Array:
    """Return the probabilities that a vector of scores, or each row of a batch, stands for.

    p_i = e^(z_i) / sum_j e^(z_j)

    In a batch every row is a vector of its own, so the sum runs over the last axis. The answer is
    right, and no warning appears, for scores up to 1e4 in size.

    Args:
        z: The scores (logits): one vector, shape (k,), or a batch of n, shape (n, k). They are
            left unchanged.

    Returns:
        The probabilities, in the shape of z; each row sums to 1.

    Example:
        >>> print(np.round(softmax(np.array([1.6, 0.55, 0.98])), 4))
        [0.5297 0.1854 0.2849]
        >>> print(np.round(softmax(np.array([[0.0, 1.0, 2.0], [5.0, 1e4, 5.0]])), 4))
        [[0.09   0.2447 0.6652]
         [0.     1.     0.    ]]
    """
    raise NotImplementedError


def predict_class(z: Array) -> int | NDArray[np.intp]:
    """Return the index of the largest score of a vector, or of each row of a batch.

    Args:
        z: Scores or probabilities: one vector, shape (k,), or a batch of n, shape (n, k).

    Returns:
        An int from 0 to k - 1 for one vector; an array of n such ints, shape (n,), for a batch.

    Example:
        >>> print(predict_class(np.array([1.6, 0.55, 0.98])))
        0
        >>> print(predict_class(np.array([[0.1, 0.7, 0.2], [0.3, 0.3, 0.4]])))
        [1 2]
    """
    raise NotImplementedError


def collapse_linear_layers(W1: Array, b1: Array, W2: Array, b2: Array) -> tuple[Array, Array]:
    """Return the one linear layer that does the work of two without an activation between them.

    W2 (W1 x + b1) + b2 = W x + b   for every x

    However many linear layers are stacked, the network stays a single linear layer. That is why
    it needs activations.

    Args:
        W1: The weights of the first layer, shape (h, d).
        b1: The biases of the first layer, shape (h,).
        W2: The weights of the second layer, shape (k, h).
        b2: The biases of the second layer, shape (k,).

    Returns:
        The tuple (W, b): the weights, shape (k, d), and the biases, shape (k,), of that layer.

    Example:
        >>> W1, b1 = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]]), np.array([0.5, -1.0])
        >>> W2, b2 = np.array([[2.0, 1.0]]), np.array([3.0])
        >>> W, b = collapse_linear_layers(W1, b1, W2, b2)
        >>> print(W, b)
        [[ 2.  5. -1.]] [3.]
    """
    raise NotImplementedError

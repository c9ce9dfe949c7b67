"""The formulas of activation functions once more, in exact numbers (see `autograder.proofs`)."""

from decimal import Decimal

import numpy as np

from autograder.proofs import proof

from ..exact import ELEMENTWISE, MANY, Z, each, rectified, s

RNG = np.random.default_rng(20240609)
LEAKY = [*ELEMENTWISE, (Z, 0.3), (-2.7, 0.05), (0.0, 0.2), (4.5, 0.99)]
ALPHA = Decimal.from_float(0.01)  # Like the reference's, not a hundredth.


@proof("sigmoid", *ELEMENTWISE)
def _(z):
    return s(z)


@proof("relu", *ELEMENTWISE, within=0.0)
def _(z):
    return rectified(z)


@proof("tanh", *ELEMENTWISE, digits=MANY)
@each
def hyperbolic_tangent(z):
    e = (2 * z).exp()
    return (e - 1) / (e + 1)


@proof("tanh_derivative", *ELEMENTWISE, digits=MANY)
@each
def _(z):
    return 1 - hyperbolic_tangent(z) ** 2


@proof("leaky_relu", *LEAKY)
@each
def _(z, alpha=ALPHA):
    return z if z > 0 else alpha * z


@proof("leaky_relu_derivative", *LEAKY, within=0.0)
@each
def _(z, alpha=ALPHA):
    return 1 if z > 0 else alpha


LOGITS = [
    np.array([1.6, 0.55, 0.98]),
    np.array([-4.2]),
    RNG.normal(0, 3, 11),
    RNG.normal(0, 3, (4, 3)),
    RNG.uniform(-350, 350, (5, 4)),
    RNG.uniform(-1e4, 1e4, (3, 6)),
    np.array([[1e4, 9_999.5, 9_990.0], [-1e4, -1e4 + 0.3, -9_999.0], [0.1, -0.2, 0.4]]),
]


# z_i - max(z) is rounded in its last place: at a distance of 700 that is 6e-14, all of which the
# exponential passes on.
@proof("softmax", *((z,) for z in LOGITS), within=1e-13)
def probabilities(z):
    if isinstance(z[0], list):
        return [probabilities(row) for row in z]
    return [z_i.exp() / sum(z_j.exp() for z_j in z) for z_i in z]


@proof("predict_class", *((z,) for z in LOGITS))
def index_of_the_largest(z):
    if isinstance(z[0], list):
        return [index_of_the_largest(row) for row in z]
    return z.index(max(z))


def layers(d: int, h: int, k: int) -> tuple[np.ndarray, ...]:
    """Returns the weights and biases of two layers, from d inputs by way of h to k outputs."""
    return tuple(RNG.normal(size=shape) for shape in ((h, d), (h,), (k, h), (k,)))


# A dot product with signs loses the digits that its terms cancel.
@proof(
    "collapse_linear_layers",
    *(layers(*sizes) for sizes in ((3, 2, 1), (1, 4, 2), (5, 3, 4), (2, 2, 2))),
    within=1e-13,
)
def _(W1, b1, W2, b2):
    d, h, k = len(W1[0]), len(b1), len(b2)
    W = [[sum(W2[i][j] * W1[j][n] for j in range(h)) for n in range(d)] for i in range(k)]
    b = [sum(W2[i][j] * b1[j] for j in range(h)) + b2[i] for i in range(k)]
    return [W, b]

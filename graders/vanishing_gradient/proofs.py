"""The formulas of deep chains once more, in exact numbers (see `autograder.proofs`)."""

from decimal import Decimal

import numpy as np

from autograder.proofs import proof

from ..exact import ELEMENTWISE, MANY, rectified, s, slope_of_s, step

RNG = np.random.default_rng(20240608)
TARGETS = (0.25, 0.9)

# Chains of 1 to 200 layers, ReLU chains that die and that grow.
SIGMOID_CHAINS = [
    (0.5, np.array([1.7])),
    (0.5, np.array([2.0, -1.0, 3.0])),
    (-1.3, RNG.uniform(-2, 2, 12)),
    (0.8, RNG.uniform(0.5, 5, 30)),
    (0.8, RNG.uniform(-1, 1, 200)),
    (4.0, np.array([7.0, -30.0, 6.0, 4.5])),
]
RELU_CHAINS = [
    (0.5, np.array([1.7])),
    (0.5, np.array([2.0, 0.35, 3.0])),
    (-1.3, np.array([-0.7, 1.6, 0.9, 1.2])),
    (0.8, RNG.uniform(0.7, 1.4, 30)),
    (0.8, np.array([1.2, 0.9, -1.1, 1.3])),
]
CHAINS = [(x, weights, "sigmoid") for x, weights in SIGMOID_CHAINS] + [
    (x, weights, "relu") for x, weights in RELU_CHAINS
]


@proof("sigmoid_derivative", *ELEMENTWISE, digits=MANY)
def _(z):
    return slope_of_s(z)


@proof("relu_derivative", *ELEMENTWISE, within=0.0)
def _(z):
    return step(z)


# A chain hands its rounding on from layer to layer.
@proof("forward_chain", *CHAINS, within=1e-13)
def chain(x, weights, activation):
    g = {"sigmoid": s, "relu": rectified}[activation]
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        a.append(g(z[-1]))
    return [z, a]


@proof(
    "layer_gradients",
    *((x, target, *rest) for x, *rest in CHAINS for target in TARGETS),
    within=1e-12,
)
def _(x, target, weights, activation):
    z, a = chain(x, weights, activation)
    slopes = {"sigmoid": slope_of_s, "relu": step}[activation](z)
    gradients = []
    for layer in range(len(weights)):
        product = -(target - a[-1]) * a[layer]
        for later in range(layer, len(weights)):
            product *= slopes[later]
        for later in range(layer + 1, len(weights)):
            product *= weights[later]
        gradients.append(product)
    return gradients


@proof(
    "vanishing_ratio",
    (np.array([-0.001, 0.02, 0.5]),),
    (np.array([3.0, -1.5]),),
    (np.array([-0.4]),),
    (RNG.normal(size=30) * np.logspace(-200, 0, 30),),
    (np.array([0.0, 0.3, -0.7]),),
)
def _(gradients):
    return abs(gradients[0]) / abs(gradients[-1])


# Powers of a quarter are exact in float64, down to the smallest one of all.
@proof(
    "sigmoid_gradient_bound",
    *((depth,) for depth in (0, 1, 2, 3, 7, 30, 200, 500, 537, 600)),
    within=0.0,
    digits=MANY,
)
def _(depth):
    return 1 / Decimal(4) ** depth

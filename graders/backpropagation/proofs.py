"""The formulas of two sigmoid neurons once more, in exact numbers (see `autograder.proofs`)."""

from decimal import Decimal

import numpy as np

from autograder.proofs import proof

from ..exact import ELEMENTWISE, each, s

# The lesson's neurons, generic ones, and ones far out in a tail.
NEURONS = [
    (0.1, 0.15, 0.40, 0.45, 0.65),
    (-1.7, 0.8, -0.3, -2.4, 1.1),
    (2.6, -1.9, 0.7, 3.3, -0.2),
    (0.9, 30.0, -4.0, 5.0, -20.0),
    (-3.0, 8.0, 1.5, -1.2, -300.0),
]
TARGETS = (0.25, 0.9)
ACTIVATIONS = [(0.6023, 0.7153), (0.12, 0.34), (0.97, 0.05), (1e-12, 0.999999), (0.5, 1e-200)]
PAIRS = [(target, a2) for target in TARGETS for _, a2 in ACTIVATIONS]


@proof("sigmoid", *ELEMENTWISE)
def _(z):
    return s(z)


@proof("weighted_sum", (0.1, 0.15, 0.40), (-1.7, 0.8, -0.3), (1e9, 2.0, 7.0))
def _(x, w, b):
    return w * x + b


# Rounding z by half a unit in its last place moves s(z) by z times that: 300 * 1e-16.
@proof("forward", *NEURONS, within=1e-13)
def forward_pass(x, w1, b1, w2, b2):
    z1 = w1 * x + b1
    z2 = w2 * s(z1) + b2
    return [z1, s(z1), z2, s(z2)]


@proof("error", *PAIRS)
def half_the_square(target, a2):
    return (target - a2) ** 2 / 2


@proof("error_slope", *PAIRS)
def _(target, a2):
    return -(target - a2)


@proof(
    "sigmoid_slope",
    (np.array([a for pair in ACTIVATIONS for a in pair] + [0.0, 1.0]),),
    (0.7153,),
    (np.linspace(0, 1, 24).reshape(4, 6),),
)
@each
def _(a):
    return a * (1 - a)


@proof("gradient_w2", *((t, a1, a2) for t in TARGETS for a1, a2 in ACTIVATIONS))
def slope_for_w2(target, a1, a2):
    return -(target - a2) * a2 * (1 - a2) * a1


@proof("gradient_b2", *PAIRS)
def slope_for_b2(target, a2):
    return -(target - a2) * a2 * (1 - a2)


@proof(
    "gradient_w1",
    *((x, t, a1, w2, a2) for x, w2 in ((0.1, 0.45), (-1.7, 3.3)) for t in TARGETS
      for a1, a2 in ACTIVATIONS),
)  # fmt: skip
def slope_for_w1(x, target, a1, w2, a2):
    return -(target - a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x


@proof(
    "gradient_b1",
    *((t, a1, w2, a2) for w2 in (0.45, -3.3) for t in TARGETS for a1, a2 in ACTIVATIONS),
)
def slope_for_b1(target, a1, w2, a2):
    return -(target - a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1)


# An activation within 1e-9 of 1 has 7 digits of its 1 - a left, so the neuron that saturates is
# left to the forward pass.
@proof(
    "backward",
    *((x, target, *rest) for x, *rest in NEURONS[:3] for target in TARGETS),
    within=1e-14,
)
def backward_pass(x, target, w1, b1, w2, b2):
    _, a1, _, a2 = forward_pass(x, w1, b1, w2, b2)
    return [
        slope_for_w1(x, target, a1, w2, a2),
        slope_for_b1(target, a1, w2, a2),
        slope_for_w2(target, a1, a2),
        slope_for_b2(target, a2),
    ]


@proof(
    "update_parameters",
    ((0.15, 0.40, 0.45, 0.65), (0.0010214, 0.010214, 0.05707, 0.09476), 0.5),
    ((1.5, -2.0, 0.0, 3e7), (-4.0, 0.3, 2.2, -1e7), 0.07),
)
def all_four_steps(parameters, gradients, learning_rate):
    return [p - learning_rate * g for p, g in zip(parameters, gradients, strict=True)]


# The error is a square of target - a2, which shrinks to 1e-3 as training closes in: its relative
# rounding grows a thousandfold.
@proof(
    "train",
    (0.1, 0.25, 0.15, 0.40, 0.45, 0.65, 0.5, 300, 1e-3),
    (0.1, 0.25, 0.15, 0.40, 0.45, 0.65, 0.5, 60, 0.0),
    (-1.7, 0.9, 0.8, -0.3, -2.4, 1.1, 2.0, 120, 1e-6),
    (2.6, 0.4, -1.9, 0.7, 3.3, -0.2, 0.1, 7, 0.5),
    (2.6, 0.4, -1.9, 0.7, 3.3, -0.2, 0.1, 0, 1e-3),
    within=1e-12,
)
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    parameters = [w1, b1, w2, b2]
    errors: list[Decimal] = []
    while len(errors) < max_epochs:
        errors.append(half_the_square(target, forward_pass(x, *parameters)[3]))
        if errors[-1] < tolerance:
            break
        slopes = backward_pass(x, target, *parameters)
        parameters = all_four_steps(parameters, slopes, learning_rate)
    return [parameters, errors]

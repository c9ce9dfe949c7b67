"""The formulas of gradient descent once more, in exact numbers (see `autograder.proofs`)."""

from decimal import Decimal

import numpy as np

from autograder.proofs import proof

RNG = np.random.default_rng(20240607)

# The lesson's data, one point, few and many noisy points, very large and very small ones.
LESSON_X = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
MANY_X = RNG.uniform(-3, 3, 400)
MANY_Z = 2 * MANY_X + RNG.normal(0, 0.5, 400)
DATA = [
    (LESSON_X, 2 * LESSON_X),
    (np.array([0.7]), np.array([1.9])),
    (np.array([0.3, -1.7, 2.2]), np.array([0.9, -3.1, 4.6])),
    (MANY_X, MANY_Z),
    (1e6 * MANY_X, 1e6 * MANY_Z),
    (1e-9 * MANY_X, 1e-9 * MANY_Z),
]
FITS = [(w, x, z) for x, z in DATA for w in (-3.7, 0.0, 1.3, 25.0)]


@proof("predict", *((w, x) for w, x, _ in FITS))
def _(w, x):
    return [w * x_i for x_i in x]


# One term of the sum may cancel by two digits where a prediction comes close to its z.
@proof("cost", *FITS, within=1e-14)
def _(w, x, z):
    return sum((z_i - w * x_i) ** 2 for x_i, z_i in zip(x, z, strict=True)) / (2 * len(x))


@proof("sum_squared_error", *FITS, within=1e-14)
def _(w, x, z):
    return sum((z_i - w * x_i) ** 2 for x_i, z_i in zip(x, z, strict=True))


@proof("cost_gradient", *FITS, within=1e-14)
def slope_of_the_cost(w, x, z):
    return -sum(x_i * (z_i - w * x_i) for x_i, z_i in zip(x, z, strict=True)) / len(x)


@proof("descent_direction", (-4.0,), (1e-300,), (0.0,), (-0.0,), (3.2,))
def _(slope):
    return {1: "left", -1: "right", 0: "stop"}[int(slope.compare(Decimal(0)))]


@proof("update_weight", (0.0, -4.0, 0.4), (1.3, 2.7, 0.03), (-5.0, 1e8, 0.2))
def _(w, gradient, learning_rate):
    return w - learning_rate * gradient


# Every step adds its rounding: 300 of them, or 40 that each magnify the ones before by -1.4.
@proof(
    "gradient_descent",
    (LESSON_X, 2 * LESSON_X, 0.0, 0.4, 4),
    (LESSON_X, 2 * LESSON_X, -3.0, 0.7, 40),
    (LESSON_X, 2 * LESSON_X, 0.3, 1.2, 40),
    (MANY_X[:60], MANY_Z[:60], 10.0, 0.01, 300),
    (MANY_X, MANY_Z, 1.1, 0.5, 0),
    (np.array([0.7]), np.array([1.9]), -1.0, 0.9, 25),
    within=1e-13,
)
def _(x, z, w0, learning_rate, n_iterations):
    weights = [w0]
    for _ in range(n_iterations):
        weights.append(weights[-1] - learning_rate * slope_of_the_cost(weights[-1], x, z))
    return weights


@proof("max_stable_learning_rate", *((x,) for x, _ in DATA))
def _(x):
    return 2 / (sum(x_i**2 for x_i in x) / len(x))

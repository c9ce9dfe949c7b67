"""Every reference agrees with its formula, evaluated independently with hundreds of digits.

Each formula below is written down from the contract of the exercises, never from the reference,
and works on exact mpmath numbers. Four hundred digits, because 1 - tanh(354)^2 needs 307 of them
before the first one that counts.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import mpmath as mp
import numpy as np
import pytest

from solutions import activations, backpropagation, gradient_descent, vanishing_gradient

DIGITS = 400
# Below the smallest normal float64 a number has no relative precision to hold it to.
SMALLEST_NORMAL = float(np.finfo(np.float64).smallest_normal)


class Case(NamedTuple):
    name: str
    reference: Callable[..., Any]
    formula: Callable[..., Any]
    arguments: tuple[Any, ...]
    within: float


CASES: list[Case] = []


def formula_of(
    reference: Callable[..., Any], *points: tuple[Any, ...], within: float = 2e-15
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a formula for a reference, the points to try and the relative error to allow."""

    def register(formula: Callable[..., Any]) -> Callable[..., Any]:
        name = f"{reference.__module__.rpartition('.')[2]}.{reference.__name__}"
        CASES.extend(Case(name, reference, formula, point, within) for point in points)
        return formula

    return register


def exact(value: Any) -> Any:
    """Turn floats and arrays into mpmath numbers and nested lists of them, without rounding."""
    if isinstance(value, np.ndarray):
        return exact(value.tolist())
    if isinstance(value, list | tuple):
        return [exact(item) for item in value]
    return mp.mpf(value) if isinstance(value, float) else value


def flat(value: Any) -> Iterator[Any]:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        for item in value:
            yield from flat(item)
    else:
        yield value


def each(formula: Callable[..., Any]) -> Callable[..., Any]:
    """Apply a formula for one number to every number of a nested list."""

    def apply(z: Any, *rest: Any) -> Any:
        return [apply(item, *rest) for item in z] if isinstance(z, list) else formula(z, *rest)

    return apply


RNG = np.random.default_rng(20240607)

# gradient_descent: the lesson's data, one point, many noisy points, and very large ones.
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


@formula_of(gradient_descent.predict, *((w, x) for w, x, _ in FITS))
def predictions(w: Any, x: Any) -> Any:
    return [w * x_i for x_i in x]


# One term of the sum may cancel by two digits where a prediction comes close to its z.
@formula_of(gradient_descent.cost, *FITS, within=1e-14)
def half_the_mean_squared_error(w: Any, x: Any, z: Any) -> Any:
    return sum((z_i - w * x_i) ** 2 for x_i, z_i in zip(x, z, strict=True)) / (2 * len(x))


@formula_of(gradient_descent.sum_squared_error, *FITS, within=1e-14)
def squares_without_scaling(w: Any, x: Any, z: Any) -> Any:
    return sum((z_i - w * x_i) ** 2 for x_i, z_i in zip(x, z, strict=True))


@formula_of(gradient_descent.cost_gradient, *FITS, within=1e-14)
def slope_of_the_cost(w: Any, x: Any, z: Any) -> Any:
    return -sum(x_i * (z_i - w * x_i) for x_i, z_i in zip(x, z, strict=True)) / len(x)


@formula_of(gradient_descent.descent_direction, (-4.0,), (1e-300,), (0.0,), (-0.0,), (3.2,))
def downhill(slope: Any) -> Any:
    return {1: "left", -1: "right", 0: "stop"}[int(mp.sign(slope))]


@formula_of(gradient_descent.update_weight, (0.0, -4.0, 0.4), (1.3, 2.7, 0.03), (-5.0, 1e8, 0.2))
def one_step(w: Any, gradient: Any, learning_rate: Any) -> Any:
    return w - learning_rate * gradient


# Every step adds its rounding: 300 of them, or 40 that each magnify the ones before by -1.4.
@formula_of(
    gradient_descent.gradient_descent,
    (LESSON_X, 2 * LESSON_X, 0.0, 0.4, 4),
    (LESSON_X, 2 * LESSON_X, -3.0, 0.7, 40),
    (LESSON_X, 2 * LESSON_X, 0.3, 1.2, 40),
    (MANY_X, MANY_Z, 10.0, 0.01, 300),
    (MANY_X, MANY_Z, 1.1, 0.5, 0),
    (np.array([0.7]), np.array([1.9]), -1.0, 0.9, 25),
    within=1e-13,
)
def weights_visited(x: Any, z: Any, w0: Any, learning_rate: Any, n_iterations: int) -> Any:
    weights = [w0]
    for _ in range(n_iterations):
        slope = slope_of_the_cost(weights[-1], x, z)
        weights.append(weights[-1] - learning_rate * slope)
    return weights


@formula_of(gradient_descent.max_stable_learning_rate, *((x,) for x, _ in DATA))
def border_of_stability(x: Any) -> Any:
    return 2 / (sum(x_i**2 for x_i in x) / len(x))


# backpropagation: the lesson's neurons, generic ones, and ones far out in a tail.
NEURONS = [
    (0.1, 0.15, 0.40, 0.45, 0.65),
    (-1.7, 0.8, -0.3, -2.4, 1.1),
    (2.6, -1.9, 0.7, 3.3, -0.2),
    (0.9, 30.0, -4.0, 5.0, -20.0),
    (-3.0, 8.0, 1.5, -1.2, -300.0),
]
TARGETS = (0.25, 0.9)
ACTIVATIONS = [(0.6023, 0.7153), (0.12, 0.34), (0.97, 0.05), (1e-12, 0.999999), (0.5, 1e-200)]
Z = np.concatenate(
    [
        np.linspace(-40, 40, 321),
        np.linspace(-354, 354, 119),
        [-745.0, -700.0, 700.0, 745.0, -1e6, 1e6, -1e-9, 1e-9, -1e-300, 1e-300],
    ]
)
ELEMENTWISE_POINTS = [(Z,), (0.3,), (-2.7,), (-700.0,), (0.0,), (Z[:24].reshape(2, 3, 4),)]


def s(z: Any) -> Any:
    return 1 / (1 + mp.exp(-z))


@formula_of(backpropagation.weighted_sum, (0.1, 0.15, 0.40), (-1.7, 0.8, -0.3), (1e9, 2.0, 7.0))
def sum_of_a_neuron(x: Any, w: Any, b: Any) -> Any:
    return w * x + b


# Rounding z by half a unit in its last place moves s(z) by z times that: 300 * 1e-16.
@formula_of(backpropagation.forward, *NEURONS, within=1e-13)
def forward_pass(x: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
    z1 = w1 * x + b1
    z2 = w2 * s(z1) + b2
    return [z1, s(z1), z2, s(z2)]


PAIRS = [(target, a2) for target in TARGETS for _, a2 in ACTIVATIONS]


@formula_of(backpropagation.error, *PAIRS)
def half_the_square(target: Any, a2: Any) -> Any:
    return (target - a2) ** 2 / 2


@formula_of(backpropagation.error_slope, *PAIRS)
def slope_of_the_error(target: Any, a2: Any) -> Any:
    return -(target - a2)


@formula_of(
    backpropagation.sigmoid_slope,
    (np.array([a for pair in ACTIVATIONS for a in pair] + [0.0, 1.0]),),
    (0.7153,),
    (np.linspace(0, 1, 24).reshape(4, 6),),
)
@each
def slope_from_the_activation(a: Any) -> Any:
    return a * (1 - a)


@formula_of(backpropagation.gradient_w2, *((t, a1, a2) for t in TARGETS for a1, a2 in ACTIVATIONS))
def slope_for_w2(target: Any, a1: Any, a2: Any) -> Any:
    return -(target - a2) * a2 * (1 - a2) * a1


@formula_of(backpropagation.gradient_b2, *PAIRS)
def slope_for_b2(target: Any, a2: Any) -> Any:
    return -(target - a2) * a2 * (1 - a2)


@formula_of(
    backpropagation.gradient_w1,
    *((x, t, a1, w2, a2) for x, w2 in ((0.1, 0.45), (-1.7, 3.3)) for t in TARGETS
      for a1, a2 in ACTIVATIONS),
)  # fmt: skip
def slope_for_w1(x: Any, target: Any, a1: Any, w2: Any, a2: Any) -> Any:
    return -(target - a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x


@formula_of(
    backpropagation.gradient_b1,
    *((t, a1, w2, a2) for w2 in (0.45, -3.3) for t in TARGETS for a1, a2 in ACTIVATIONS),
)
def slope_for_b1(target: Any, a1: Any, w2: Any, a2: Any) -> Any:
    return -(target - a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1)


# An activation within 1e-9 of 1 has 7 digits of its 1 - a left, so the neuron that saturates is
# left to the forward pass.
@formula_of(
    backpropagation.backward,
    *((x, target, *rest) for x, *rest in NEURONS[:3] for target in TARGETS),
    within=1e-14,
)
def backward_pass(x: Any, target: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
    _, a1, _, a2 = forward_pass(x, w1, b1, w2, b2)
    return [
        slope_for_w1(x, target, a1, w2, a2),
        slope_for_b1(target, a1, w2, a2),
        slope_for_w2(target, a1, a2),
        slope_for_b2(target, a2),
    ]


@formula_of(
    backpropagation.update_parameters,
    ((0.15, 0.40, 0.45, 0.65), (0.0010214, 0.010214, 0.05707, 0.09476), 0.5),
    ((1.5, -2.0, 0.0, 3e7), (-4.0, 0.3, 2.2, -1e7), 0.07),
)
def all_four_steps(parameters: Any, gradients: Any, learning_rate: Any) -> Any:
    return [p - learning_rate * g for p, g in zip(parameters, gradients, strict=True)]


# The error is a square of target - a2, which shrinks to 1e-3 as training closes in: its relative
# rounding grows a thousandfold.
@formula_of(
    backpropagation.train,
    (0.1, 0.25, 0.15, 0.40, 0.45, 0.65, 0.5, 300, 1e-3),
    (0.1, 0.25, 0.15, 0.40, 0.45, 0.65, 0.5, 60, 0.0),
    (-1.7, 0.9, 0.8, -0.3, -2.4, 1.1, 2.0, 120, 1e-6),
    (2.6, 0.4, -1.9, 0.7, 3.3, -0.2, 0.1, 7, 0.5),
    (2.6, 0.4, -1.9, 0.7, 3.3, -0.2, 0.1, 0, 1e-3),
    within=1e-12,
)
def training(
    x: Any, target: Any, w1: Any, b1: Any, w2: Any, b2: Any,
    learning_rate: Any, max_epochs: int, tolerance: Any,
) -> Any:  # fmt: skip
    parameters = [w1, b1, w2, b2]
    errors: list[Any] = []
    while len(errors) < max_epochs:
        errors.append(half_the_square(target, forward_pass(x, *parameters)[3]))
        if errors[-1] < tolerance:
            break
        slopes = backward_pass(x, target, *parameters)
        parameters = all_four_steps(parameters, slopes, learning_rate)
    return [parameters, errors]


# vanishing_gradient: chains of 1 to 200 layers, ReLU chains that die and that grow.
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


@each
def slope_of_s(z: Any) -> Any:
    return s(z) * (1 - s(z))


@each
def step(z: Any) -> Any:
    return mp.mpf(1) if z > 0 else mp.mpf(0)


@each
def rectified(z: Any) -> Any:
    return max(mp.mpf(0), z)


# A chain hands its rounding on from layer to layer.
@formula_of(vanishing_gradient.forward_chain, *CHAINS, within=1e-13)
def chain(x: Any, weights: Any, activation: str) -> Any:
    g = {"sigmoid": s, "relu": rectified}[activation]
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        a.append(g(z[-1]))
    return [z, a]


@formula_of(
    vanishing_gradient.layer_gradients,
    *((x, target, *rest) for x, *rest in CHAINS for target in TARGETS),
    within=1e-12,
)
def chain_gradients(x: Any, target: Any, weights: Any, activation: str) -> Any:
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


@formula_of(
    vanishing_gradient.vanishing_ratio,
    (np.array([-0.001, 0.02, 0.5]),),
    (np.array([3.0, -1.5]),),
    (np.array([-0.4]),),
    (RNG.normal(size=30) * np.logspace(-200, 0, 30),),
    (np.array([0.0, 0.3, -0.7]),),
)
def first_over_last(gradients: Any) -> Any:
    return abs(gradients[0]) / abs(gradients[-1])


# Powers of a quarter are exact in float64, down to the smallest one of all.
@formula_of(
    vanishing_gradient.sigmoid_gradient_bound,
    *((depth,) for depth in (0, 1, 2, 3, 7, 30, 200, 500, 537, 600)),
    within=0.0,
)
def power_of_a_quarter(depth: int) -> Any:
    return mp.mpf(1) / mp.mpf(4) ** depth


formula_of(backpropagation.sigmoid, *ELEMENTWISE_POINTS)(each(s))
formula_of(activations.sigmoid, *ELEMENTWISE_POINTS)(each(s))
formula_of(vanishing_gradient.sigmoid_derivative, *ELEMENTWISE_POINTS)(slope_of_s)
formula_of(vanishing_gradient.relu_derivative, *ELEMENTWISE_POINTS, within=0.0)(step)
formula_of(activations.relu, *ELEMENTWISE_POINTS, within=0.0)(rectified)


@formula_of(activations.tanh, *ELEMENTWISE_POINTS)
@each
def hyperbolic_tangent(z: Any) -> Any:
    return (mp.exp(z) - mp.exp(-z)) / (mp.exp(z) + mp.exp(-z))


@formula_of(activations.tanh_derivative, *ELEMENTWISE_POINTS)
@each
def slope_of_tanh(z: Any) -> Any:
    return 1 - hyperbolic_tangent(z) ** 2


ALPHA = mp.mpf(0.01)  # the float64 closest to it, like the reference's
LEAKY_POINTS = [*ELEMENTWISE_POINTS, (Z, 0.3), (-2.7, 0.05), (0.0, 0.2), (4.5, 0.99)]


@formula_of(activations.leaky_relu, *LEAKY_POINTS)
@each
def leaking(z: Any, alpha: Any = ALPHA) -> Any:
    return z if z > 0 else alpha * z


@formula_of(activations.leaky_relu_derivative, *LEAKY_POINTS, within=0.0)
@each
def slope_of_leaking(z: Any, alpha: Any = ALPHA) -> Any:
    return mp.mpf(1) if z > 0 else alpha


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
@formula_of(activations.softmax, *((z,) for z in LOGITS), within=1e-13)
def probabilities(z: Any) -> Any:
    if isinstance(z[0], list):
        return [probabilities(row) for row in z]
    return [mp.exp(z_i) / sum(mp.exp(z_j) for z_j in z) for z_i in z]


@formula_of(activations.predict_class, *((z,) for z in LOGITS), within=0.0)
def index_of_the_largest(z: Any) -> Any:
    if isinstance(z[0], list):
        return [index_of_the_largest(row) for row in z]
    return z.index(max(z))


def random_layers(d: int, h: int, k: int) -> tuple[Any, ...]:
    shapes = ((h, d), (h,), (k, h), (k,))
    return tuple(RNG.normal(size=shape) for shape in shapes)


# A dot product with signs loses the digits that its terms cancel.
@formula_of(
    activations.collapse_linear_layers,
    *(random_layers(*sizes) for sizes in ((3, 2, 1), (1, 4, 2), (5, 3, 4), (2, 2, 2))),
    within=1e-13,
)
def one_layer(W1: Any, b1: Any, W2: Any, b2: Any) -> Any:
    d, h, k = len(W1[0]), len(b1), len(b2)
    W = [[sum(W2[i][j] * W1[j][n] for j in range(h)) for n in range(d)] for i in range(k)]
    b = [sum(W2[i][j] * b1[j] for j in range(h)) + b2[i] for i in range(k)]
    return [W, b]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_reference_equals_its_formula(case: Case) -> None:
    """At generic points and at extreme ones, to the last digits that the conditioning allows."""
    got = list(flat(case.reference(*case.arguments)))
    with mp.workdps(DIGITS):
        expected = list(flat(case.formula(*(exact(argument) for argument in case.arguments))))
        assert len(got) == len(expected)
        for got_value, exact_value in zip(got, expected, strict=True):
            if isinstance(exact_value, str):
                assert got_value == exact_value
                continue
            difference = abs(mp.mpf(got_value) - exact_value)
            allowed = case.within * abs(exact_value) + SMALLEST_NORMAL
            assert difference <= allowed, (
                f"{case.name}: {got_value!r} against {mp.nstr(exact_value, 20)}, "
                f"relative {mp.nstr(difference / (abs(exact_value) + SMALLEST_NORMAL), 3)}"
            )


def test_all_36_references_have_a_formula() -> None:
    assert len({case.name for case in CASES}) == 36


def test_close_to_the_minimum_the_slope_is_as_exact_as_its_terms() -> None:
    """There the terms of the sum cancel, and their own rounding is all that can be asked for."""
    w = 2.0 + 1e-9
    with mp.workdps(DIGITS):
        expected = slope_of_the_cost(exact(w), exact(MANY_X), exact(2 * MANY_X))
        size_of_terms = float(np.mean(2 * np.abs(w) * MANY_X**2))
        got = gradient_descent.cost_gradient(w, MANY_X, 2 * MANY_X)
        assert abs(mp.mpf(got) - expected) <= 4e-16 * size_of_terms

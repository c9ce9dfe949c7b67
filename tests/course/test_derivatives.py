"""Every slope that a reference returns is the slope of the function that it belongs to.

Two witnesses that know nothing of the formulas. An eighth-order finite difference of the reference
functions themselves leaves an error of about 1e-12. Where a slope is smaller than that (the tails,
the front of a deep chain), mpmath differentiates the function with 60 digits.
"""

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from numpy.typing import NDArray

from solutions import activations, backpropagation, gradient_descent, vanishing_gradient

# f'(x) = 1/h sum_k c_k (f(x + k h) - f(x - k h)), with an error of order h^8.
COEFFICIENTS = (4 / 5, -1 / 5, 4 / 105, -1 / 280)
# h^8 is then 3e-15, and the rounding of f divided by h about 1e-14.
STEP = 0.015


def slope_of(function: Callable[[float], Any], at: float) -> Any:
    """Return the eighth-order central difference of a function of one number."""
    return sum(
        c * (function(at + k * STEP) - function(at - k * STEP))
        for k, c in enumerate(COEFFICIENTS, start=1)
    ) / STEP  # fmt: skip


def approx(expected: Any) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=1e-11)


RNG = np.random.default_rng(11)
Z = np.concatenate([RNG.uniform(-6, 6, 40), [-1.0, 0.0, 0.4]])
AWAY_FROM_THE_CORNER = Z[np.abs(Z) > 5 * STEP]
X = RNG.uniform(-2, 2, 17)
DATA = (X, 2 * X + RNG.normal(0, 0.4, 17))


@pytest.mark.parametrize("w", [-3.1, 0.0, 1.4, 2.0, 6.5])
def test_cost_gradient_is_the_slope_of_cost(w: float) -> None:
    numeric = slope_of(lambda w: gradient_descent.cost(w, *DATA), w)
    assert gradient_descent.cost_gradient(w, *DATA) == approx(numeric)


@pytest.mark.parametrize("w", [-3.1, 0.0, 1.4, 6.5])
def test_the_sum_of_squares_is_2m_times_as_steep_as_the_cost(w: float) -> None:
    numeric = slope_of(lambda w: gradient_descent.sum_squared_error(w, *DATA), w)
    assert 2 * len(X) * gradient_descent.cost_gradient(w, *DATA) == approx(numeric)


@pytest.mark.parametrize(("target", "a2"), [(0.25, 0.7153), (0.9, 0.31), (0.4, 0.4)])
def test_error_slope_is_the_slope_of_error(target: float, a2: float) -> None:
    numeric = slope_of(lambda a2: backpropagation.error(target, a2), a2)
    assert backpropagation.error_slope(target, a2) == approx(numeric)


@pytest.mark.parametrize("z", Z)
def test_sigmoid_slope_of_the_activation_is_the_slope_of_sigmoid(z: float) -> None:
    activation = backpropagation.sigmoid(z)
    assert backpropagation.sigmoid_slope(activation) == approx(slope_of(backpropagation.sigmoid, z))


def slopes_of(function: Callable[..., Any], z: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.array([slope_of(function, float(z_i)) for z_i in z])


@pytest.mark.parametrize(
    ("derivative", "function", "z"),
    [
        (vanishing_gradient.sigmoid_derivative, activations.sigmoid, Z),
        (activations.tanh_derivative, activations.tanh, Z),
        (vanishing_gradient.relu_derivative, activations.relu, AWAY_FROM_THE_CORNER),
        (activations.leaky_relu_derivative, activations.leaky_relu, AWAY_FROM_THE_CORNER),
    ],
)
def test_a_derivative_is_the_slope_of_its_activation(
    derivative: Callable[..., Any], function: Callable[..., Any], z: NDArray[np.float64]
) -> None:
    assert derivative(z) == approx(slopes_of(function, z))


def test_leaky_relu_derivative_is_the_slope_for_every_alpha() -> None:
    z = AWAY_FROM_THE_CORNER
    for alpha in (0.001, 0.2, 0.9):
        numeric = slopes_of(lambda z: activations.leaky_relu(z, alpha), z)  # noqa: B023
        assert activations.leaky_relu_derivative(z, alpha) == approx(numeric)


def test_at_the_corner_the_settled_slope_is_the_one_from_the_left() -> None:
    left = (activations.leaky_relu(0.0, 0.2) - activations.leaky_relu(-1.0, 0.2)) / 1.0
    assert activations.leaky_relu_derivative(0.0, 0.2) == left == 0.2
    assert vanishing_gradient.relu_derivative(0.0) == activations.relu(0.0) - activations.relu(-1.0)


@pytest.mark.parametrize("z", [-200.0, -36.0, -20.0, -1.0, 0.0, 0.7, 20.0, 36.0, 200.0])
def test_slopes_keep_their_digits_in_the_tails(z: float) -> None:
    """Where the function is flat to the eye, its slope is tiny but not 0."""
    with mp.workdps(400):
        of_sigmoid = mp.diff(lambda z: 1 / (1 + mp.exp(-z)), z)
        of_tanh = mp.diff(mp.tanh, z)
    assert vanishing_gradient.sigmoid_derivative(z) == pytest.approx(
        float(of_sigmoid), rel=1e-14, abs=0.0
    )
    assert activations.tanh_derivative(z) == pytest.approx(float(of_tanh), rel=1e-14, abs=0.0)


NEURONS = [
    (0.1, 0.25, 0.15, 0.40, 0.45, 0.65),
    (-1.7, 0.9, 0.8, -0.3, -2.4, 1.1),
    (2.6, 0.4, -1.9, 0.7, 3.3, -0.2),
    (0.7, 0.0, 2.2, -1.0, -0.6, 0.3),
]


def error_of(x: float, target: float, *parameters: float) -> float:
    w1, b1, w2, b2 = parameters
    return backpropagation.error(target, backpropagation.forward(x, w1, b1, w2, b2)[3])


def numeric_slopes(x: float, target: float, *parameters: float) -> list[float]:
    """Move one parameter at a time and watch the error."""

    def moved(index: int, value: float) -> float:
        return error_of(x, target, *parameters[:index], value, *parameters[index + 1 :])

    return [
        slope_of(lambda value, index=index: moved(index, value), parameter)  # type: ignore[misc]
        for index, parameter in enumerate(parameters)
    ]


@pytest.mark.parametrize("neurons", NEURONS)
def test_backward_returns_the_slopes_of_the_error(neurons: tuple[float, ...]) -> None:
    assert backpropagation.backward(*neurons) == approx(tuple(numeric_slopes(*neurons)))


@pytest.mark.parametrize("neurons", NEURONS)
def test_each_gradient_is_the_slope_for_its_parameter(neurons: tuple[float, ...]) -> None:
    x, target, w1, b1, w2, b2 = neurons
    _, a1, _, a2 = backpropagation.forward(x, w1, b1, w2, b2)
    dw1, db1, dw2, db2 = numeric_slopes(*neurons)
    assert backpropagation.gradient_w1(x, target, a1, w2, a2) == approx(dw1)
    assert backpropagation.gradient_b1(target, a1, w2, a2) == approx(db1)
    assert backpropagation.gradient_w2(target, a1, a2) == approx(dw2)
    assert backpropagation.gradient_b2(target, a2) == approx(db2)


CHAINS = [
    (0.5, 0.2, np.array([1.7])),
    (0.5, 0.2, np.array([2.0, -1.0, 3.0])),
    (-1.3, 0.8, np.array([-0.7, 1.6, 0.9, 1.2])),
    (0.9, 0.3, np.array([1.1, 0.8, 1.3, 0.6, 2.1])),
    (1.2, 0.6, np.array([0.8, -1.4, 1.1])),
]


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@pytest.mark.parametrize(("x", "target", "weights"), CHAINS)
def test_layer_gradients_are_the_slopes_of_the_error_of_the_chain(
    x: float, target: float, weights: NDArray[np.float64], activation: str
) -> None:
    def error_with(layer: int, w: float) -> float:
        moved = weights.copy()
        moved[layer] = w
        output = vanishing_gradient.forward_chain(x, moved, activation)[1][-1]
        return 0.5 * (target - float(output)) ** 2

    numeric = [
        slope_of(lambda w, layer=layer: error_with(layer, w), float(w))  # type: ignore[misc]
        for layer, w in enumerate(weights)
    ]
    gradients = vanishing_gradient.layer_gradients(x, target, weights, activation)
    assert gradients == approx(np.array(numeric))


def test_layer_gradients_keep_their_digits_where_they_have_all_but_vanished() -> None:
    """Thirty sigmoids deep, the first gradient is below 1e-18 and still right to 12 digits."""
    x, target = 0.8, 0.3
    weights = np.random.default_rng(5).uniform(0.2, 1.8, 30)
    gradients = vanishing_gradient.layer_gradients(x, target, weights, "sigmoid")

    def error_with(layer: int, w: Any) -> Any:
        a = mp.mpf(x)
        for index, weight in enumerate(weights):
            a = 1 / (1 + mp.exp(-(w if index == layer else mp.mpf(float(weight))) * a))
        return (mp.mpf(target) - a) ** 2 / 2

    with mp.workdps(60):
        exact = [
            float(mp.diff(lambda w, layer=layer: error_with(layer, w), float(w)))
            for layer, w in enumerate(weights)
        ]
    assert abs(exact[0]) < 1e-18
    assert gradients == pytest.approx(np.array(exact), rel=1e-12, abs=0.0)


def test_the_collapsed_weights_are_the_slopes_of_both_layers_together() -> None:
    """dz_i/dx_j of the composed layers is the entry W_ij of the single one."""
    rng = np.random.default_rng(8)
    W1, b1, W2, b2 = (rng.normal(size=shape) for shape in ((3, 4), (3,), (2, 3), (2,)))
    W, _ = activations.collapse_linear_layers(W1, b1, W2, b2)
    x = rng.normal(size=4)
    for j in range(4):

        def output(x_j: float, j: int = j) -> NDArray[np.float64]:
            moved = np.where(np.arange(4) == j, x_j, x)
            return np.asarray(W2 @ (W1 @ moved + b1) + b2)

        assert W[:, j] == approx(slope_of(output, float(x[j])))

"""Public checks of the vanishing-gradient lesson, on a chain of three neurons."""

from typing import Any

import numpy as np

from autograder.rubric import assert_close, points

X, TARGET = 0.8, 0.9
WEIGHTS = np.array([0.5, 1.5, 2.0])


@points(0.6)
def test_sigmoid_slopes(sigmoid_derivative: Any) -> None:
    """The sigmoid's slope at -2, 0, 1 and 3: largest at 0, where it is a quarter."""
    z = np.array([-2.0, 0.0, 1.0, 3.0])
    slopes = np.array([0.10499358540350662, 0.25, 0.19661193324148185, 0.045176659730912])
    assert_close(sigmoid_derivative(z), slopes)


@points(0.4)
def test_relu_slopes(relu_derivative: Any) -> None:
    """The slope of ReLU is 0 at -2 and at 0, and 1 at 3."""
    assert_close(relu_derivative(np.array([-2.0, 0.0, 3.0])), np.array([0.0, 0.0, 1.0]))


@points(0.6)
def test_chain_of_three(forward_chain: Any) -> None:
    """Three layers, with sigmoid and with ReLU, from x = 0.8."""
    z = np.array([0.4, 0.898031490168678, 1.4210896106545916])
    a = np.array([0.8, 0.598687660112452, 0.7105448053272958, 0.8055091761547816])
    assert_close(forward_chain(X, WEIGHTS, "sigmoid"), (z, a))
    z, a = np.array([0.4, 0.6, 1.2]), np.array([0.8, 0.4, 0.6, 1.2])
    assert_close(forward_chain(X, WEIGHTS, "relu"), (z, a))


@points(1.0)
def test_gradients_of_three_layers(layer_gradients: Any) -> None:
    """With sigmoid the first layer's gradient is a sixth of the last one's; with ReLU it is not."""
    sigmoid = np.array([-0.00175560222594275, -0.00364554415486511, -0.01051842494563713])
    assert_close(layer_gradients(X, TARGET, WEIGHTS, "sigmoid"), sigmoid)
    relu = np.array([0.72, 0.24, 0.18])
    assert_close(layer_gradients(X, TARGET, WEIGHTS, "relu"), relu)


@points(0.2)
def test_ratio_of_sizes(vanishing_ratio: Any) -> None:
    """-0.003 first and 0.06 last is a ratio of 0.05; 0.5 first and -2 last is one of 0.25."""
    assert_close(vanishing_ratio(np.array([-0.003, 0.01, 0.06])), 0.05)
    assert_close(vanishing_ratio(np.array([0.5, -2.0])), 0.25)


@points(0.4)
def test_bound_of_five_layers(sigmoid_gradient_bound: Any) -> None:
    """One sigmoid lets at most a quarter through, five less than a thousandth."""
    assert_close(sigmoid_gradient_bound(1), 0.25)
    assert_close(sigmoid_gradient_bound(5), 0.0009765625)

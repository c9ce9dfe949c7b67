"""Public checks of the gradient-descent lesson, on its five points."""

from typing import Any

import numpy as np

from autograder.rubric import assert_close, points

X = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
Z = 2 * X


@points(0.2)
def test_prediction(predict: Any) -> None:
    """A weight of 1.5 predicts 1.5 x for each of the lesson's five points."""
    assert_close(predict(1.5, X), np.array([-3.0, -1.5, 0.0, 1.5, 3.0]))


@points(0.8)
def test_cost_at_three_weights(cost: Any) -> None:
    """The lesson's points cost 4 at w = 0, 1 at w = 1 and nothing at w = 2."""
    assert_close(cost(0.0, X, Z), 4.0)
    assert_close(cost(1.0, X, Z), 1.0)
    assert_close(cost(2.0, X, Z), 0.0)


@points(0.4)
def test_sum_of_squares(sum_squared_error: Any) -> None:
    """At w = 0 the squared errors sum to 40, at w = 1 to 10."""
    assert_close(sum_squared_error(0.0, X, Z), 40.0)
    assert_close(sum_squared_error(1.0, X, Z), 10.0)


@points(1.0)
def test_slope_on_either_side(cost_gradient: Any) -> None:
    """The slope is -4 at w = 0, left of the minimum, and 2 at w = 3, right of it."""
    assert_close(cost_gradient(0.0, X, Z), -4.0)
    assert_close(cost_gradient(3.0, X, Z), 2.0)


@points(0.4)
def test_direction(descent_direction: Any) -> None:
    """A slope of 2 sends the weight left, a slope of -4 right, and a slope of 0 nowhere."""
    assert_close(descent_direction(2.0), "left")
    assert_close(descent_direction(-4.0), "right")
    assert_close(descent_direction(0.0), "stop")


@points(0.6)
def test_first_step(update_weight: Any) -> None:
    """From w = 0 with gradient -4 and learning rate 0.4, one step leads to 1.6."""
    assert_close(update_weight(0.0, -4.0, 0.4), 1.6)


@points(1.0)
def test_four_iterations(gradient_descent: Any) -> None:
    """Four iterations from 0 at learning rate 0.4 visit 0, 1.6, 1.92, 1.984 and 1.9968."""
    visited = np.array([0.0, 1.6, 1.92, 1.984, 1.9968])
    assert_close(gradient_descent(X, Z, 0.0, 0.4, 4), visited)


@points(0.4)
def test_stable_rate(max_stable_learning_rate: Any) -> None:
    """For the lesson's points the iteration diverges beyond a learning rate of 1."""
    assert_close(max_stable_learning_rate(X), 1.0)

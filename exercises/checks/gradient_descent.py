"""Public checks of the gradient-descent lesson, on its five points and on three others."""

from typing import Any

import numpy as np

from autograder.rubric import assert_close, points

X = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
Z = 2 * X
# Not even about 0, and not quite on a line.
OTHER_X, OTHER_Z = np.array([0.5, -1.5, 3.0]), np.array([0.8, -3.5, 6.2])


@points(0.2)
def test_prediction(predict: Any) -> None:
    """A weight of 1.5 predicts 1.5 x for the lesson's five points; -0.8 predicts -0.8 x."""
    assert_close(predict(1.5, X), np.array([-3.0, -1.5, 0.0, 1.5, 3.0]))
    assert_close(predict(-0.8, OTHER_X), np.array([-0.4, 1.2, -2.4]))


@points(0.8)
def test_cost_at_three_weights(cost: Any) -> None:
    """The lesson's points cost 4 at w = 0, 1 at w = 1 and nothing at w = 2; three others 0.7425."""
    assert_close(cost(0.0, X, Z), 4.0)
    assert_close(cost(1.0, X, Z), 1.0)
    assert_close(cost(2.0, X, Z), 0.0)
    assert_close(cost(1.5, OTHER_X, OTHER_Z), 0.7425)


@points(0.4)
def test_sum_of_squares(sum_squared_error: Any) -> None:
    """At w = 0 the squared errors sum to 40, at w = 1 to 10; of three other points to 4.455."""
    assert_close(sum_squared_error(0.0, X, Z), 40.0)
    assert_close(sum_squared_error(1.0, X, Z), 10.0)
    assert_close(sum_squared_error(1.5, OTHER_X, OTHER_Z), 4.455)


@points(1.0)
def test_slope_on_either_side(cost_gradient: Any) -> None:
    """At w = 0, left of the minimum, the slope is -4, at w = 3, right of it, 2; elsewhere -7/3."""
    assert_close(cost_gradient(0.0, X, Z), -4.0)
    assert_close(cost_gradient(3.0, X, Z), 2.0)
    assert_close(cost_gradient(1.5, OTHER_X, OTHER_Z), -7 / 3)


@points(0.4)
def test_direction(descent_direction: Any) -> None:
    """A slope of 2 sends the weight left, a slope of -4 right, and a slope of 0 nowhere."""
    assert_close(descent_direction(2.0), "left")
    assert_close(descent_direction(-4.0), "right")
    assert_close(descent_direction(0.0), "stop")


@points(0.6)
def test_first_step(update_weight: Any) -> None:
    """From w = 0 with gradient -4 and learning rate 0.4, one step leads to 1.6; another to 0.45."""
    assert_close(update_weight(0.0, -4.0, 0.4), 1.6)
    assert_close(update_weight(0.7, 2.5, 0.1), 0.45)


@points(1.0)
def test_four_iterations(gradient_descent: Any) -> None:
    """Four steps from 0 at rate 0.4 visit 0, 1.6, 1.92, 1.984, 1.9968; other data other weights."""
    visited = np.array([0.0, 1.6, 1.92, 1.984, 1.9968])
    assert_close(gradient_descent(X, Z, 0.0, 0.4, 4), visited)
    elsewhere = np.array([-1.0, 0.19166666666666665, 0.9265277777777778])
    assert_close(gradient_descent(OTHER_X, OTHER_Z, -1.0, 0.1, 2), elsewhere)


@points(0.4)
def test_stable_rate(max_stable_learning_rate: Any) -> None:
    """For the lesson's points the iteration diverges beyond a rate of 1, for others of 12/23."""
    assert_close(max_stable_learning_rate(X), 1.0)
    assert_close(max_stable_learning_rate(OTHER_X), 12 / 23)

"""Hidden graders of the gradient-descent lesson."""

import numpy as np
import pytest

from autograder.calls import StudentFunction
from autograder.clauses import (
    Case,
    Inputs,
    SeededGenerator,
    arguments_unchanged,
    each_its_own,
    right_kind,
    right_values,
)
from autograder.rubric import assert_close, points

from ..inputs import Array


def points_near_a_line(rng: np.random.Generator, m: int) -> tuple[Array, Array]:
    """Returns x and z of shape (m,), z near 2x but not all on a line through the origin."""
    x = rng.uniform(-3, 3, m) + 0.1
    return x, 2 * x + rng.normal(0, 0.4, m) + 0.15


@pytest.fixture(scope="session")
def weights_and_data(generator: SeededGenerator) -> Inputs[list[Case]]:
    """Cases (w, x, z): data of several lengths, one point among them.

    Weights take turns on either side of the best one and of 0.
    """

    def make(own: SeededGenerator) -> list[Case]:
        rng = own("weights and data")
        return [
            (float(2 + side * rng.uniform(2.5, 6)), *points_near_a_line(rng, m))
            for side, m in ((1, 5), (-1, 8), (1, 3), (-1, 1), (1, 12))
        ]

    return each_its_own(generator, make)


@pytest.fixture(scope="session")
def descents(generator: SeededGenerator) -> list[Case]:
    """Cases (x, z, w0, learning_rate, n_iterations), below and above the stable rate.

    The starts take turns on either side of the best weight.
    """
    rng = generator("descents")
    cases = []
    for side, m, share, n in ((1, 5, 0.15, 9), (-1, 7, 0.4, 25), (1, 4, 0.8, 12), (-1, 6, 1.08, 6)):
        x, z = points_near_a_line(rng, m)
        rate = share * 2 / float(np.mean(x**2))
        cases.append((x, z, float(2 + side * rng.uniform(1, 5)), rate, n))
    return cases


@points(0.5)
def test_predict_values(predict: StudentFunction, weights_and_data: Inputs[list[Case]]) -> None:
    """The predictions are right for other weights and data."""
    right_values(predict, [(w, x) for w, x, _ in weights_and_data(predict)])


@points(0.15)
def test_predict_kind(predict: StudentFunction, weights_and_data: Inputs[list[Case]]) -> None:
    """The predictions come back as one array, with one entry for each point."""
    right_kind(predict, [(w, x) for w, x, _ in weights_and_data(predict)])


@points(0.15)
def test_predict_arguments(predict: StudentFunction, weights_and_data: Inputs[list[Case]]) -> None:
    """The caller's x is left as it was."""
    arguments_unchanged(predict, [(w, x) for w, x, _ in weights_and_data(predict)[:2]])


@points(2.2)
def test_cost_values(cost: StudentFunction, weights_and_data: Inputs[list[Case]]) -> None:
    """The cost is right for other weights and for data of any length."""
    right_values(cost, weights_and_data(cost))


@points(0.5)
def test_cost_kind(cost: StudentFunction, weights_and_data: Inputs[list[Case]]) -> None:
    """The cost is a single number, not an array."""
    right_kind(cost, weights_and_data(cost)[1:4])


@points(0.5)
def test_cost_arguments(cost: StudentFunction, weights_and_data: Inputs[list[Case]]) -> None:
    """The caller's x and z are left as they were."""
    arguments_unchanged(cost, weights_and_data(cost)[:2])


@points(1.1)
def test_sum_squared_error_values(
    sum_squared_error: StudentFunction, weights_and_data: Inputs[list[Case]]
) -> None:
    """The sum is right for other weights and for data of any length."""
    right_values(sum_squared_error, weights_and_data(sum_squared_error))


@points(0.25)
def test_sum_squared_error_kind(
    sum_squared_error: StudentFunction, weights_and_data: Inputs[list[Case]]
) -> None:
    """The sum is a single number, not an array."""
    right_kind(sum_squared_error, weights_and_data(sum_squared_error)[1:4])


@points(0.25)
def test_sum_squared_error_arguments(
    sum_squared_error: StudentFunction, weights_and_data: Inputs[list[Case]]
) -> None:
    """The caller's x and z are left as they were."""
    arguments_unchanged(sum_squared_error, weights_and_data(sum_squared_error)[:2])


@points(2.8)
def test_cost_gradient_values(
    cost_gradient: StudentFunction, weights_and_data: Inputs[list[Case]]
) -> None:
    """The gradient is right for other weights and for data of any length."""
    right_values(cost_gradient, weights_and_data(cost_gradient))


@points(0.6)
def test_cost_gradient_kind(
    cost_gradient: StudentFunction, weights_and_data: Inputs[list[Case]]
) -> None:
    """The gradient is a single number, not an array."""
    right_kind(cost_gradient, weights_and_data(cost_gradient)[1:4])


@points(0.6)
def test_cost_gradient_arguments(
    cost_gradient: StudentFunction, weights_and_data: Inputs[list[Case]]
) -> None:
    """The caller's x and z are left as they were."""
    arguments_unchanged(cost_gradient, weights_and_data(cost_gradient)[:2])


@points(1.2)
def test_direction_of_any_slope(
    descent_direction: StudentFunction, generator: SeededGenerator
) -> None:
    """The direction is right for slopes of either sign, steep and shallow."""
    sizes = [0.0015, 0.02, *(10 ** generator("slopes").uniform(-2.5, 1.5, 6))]
    right_values(descent_direction, [(sign * float(s),) for s in sizes for sign in (1, -1)])


@points(0.4)
def test_direction_on_flat_ground(
    descent_direction: StudentFunction, generator: SeededGenerator
) -> None:
    """On flat ground it says to stop, and on the slopes beside it where to go."""
    slope = float(generator("beside flat ground").uniform(0.1, 0.5))
    right_kind(descent_direction, [(0.0,), (slope,), (-slope,)])


@points(1.8)
def test_update_values(update_weight: StudentFunction, generator: SeededGenerator) -> None:
    """The step is right for other weights, gradients and learning rates."""
    right_values(update_weight, _updates(generator))


@points(0.6)
def test_update_kind(update_weight: StudentFunction, generator: SeededGenerator) -> None:
    """The new weight is a single number."""
    right_kind(update_weight, _updates(generator)[:3])


def _updates(generator: SeededGenerator) -> list[Case]:
    rng = generator("updates of a weight")
    signs = [(1, 1), (-1, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)]
    return [
        (
            float(w * rng.uniform(0.1, 5)),
            float(g * rng.uniform(0.1, 9)),
            float(rng.uniform(0.01, 1.9)),
        )
        for w, g in signs
    ]


@points(2.6)
def test_descent_values(gradient_descent: StudentFunction, descents: list[Case]) -> None:
    """Every weight on the way is right, for other data, starts, rates and numbers of steps."""
    right_values(gradient_descent, descents)


@points(0.5)
def test_descent_kind(gradient_descent: StudentFunction, descents: list[Case]) -> None:
    """The weights come back as one array, the start first and one more entry than iterations."""
    right_kind(gradient_descent, descents[:2])


@points(0.5)
def test_descent_without_iterations(
    gradient_descent: StudentFunction, descents: list[Case]
) -> None:
    """No iterations leave the start alone in the array; one adds one weight, and many add many."""
    x, z, w0, rate, _ = descents[0]
    assert_close(gradient_descent(x, z, w0, rate, 0), np.array([w0]))
    right_kind(gradient_descent, [(x, z, w0, rate, 1), descents[1]])


@points(0.4)
def test_descent_arguments(gradient_descent: StudentFunction, descents: list[Case]) -> None:
    """The caller's x and z are left as they were."""
    arguments_unchanged(gradient_descent, descents[:2])


@points(1.1)
def test_stable_rate_values(
    max_stable_learning_rate: StudentFunction, weights_and_data: Inputs[list[Case]]
) -> None:
    """The rate is right for other data of any length."""
    right_values(
        max_stable_learning_rate, [(x,) for _, x, _ in weights_and_data(max_stable_learning_rate)]
    )


@points(0.25)
def test_stable_rate_kind(
    max_stable_learning_rate: StudentFunction, weights_and_data: Inputs[list[Case]]
) -> None:
    """The rate is a single number, not an array."""
    right_kind(
        max_stable_learning_rate,
        [(x,) for _, x, _ in weights_and_data(max_stable_learning_rate)[1:4]],
    )


@points(0.25)
def test_stable_rate_arguments(
    max_stable_learning_rate: StudentFunction, weights_and_data: Inputs[list[Case]]
) -> None:
    """The caller's x is left as it was."""
    arguments_unchanged(
        max_stable_learning_rate,
        [(x,) for _, x, _ in weights_and_data(max_stable_learning_rate)[:2]],
    )

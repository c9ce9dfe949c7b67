"""Hidden graders of the activation-functions lesson."""

import numpy as np
import pytest

from autograder.calls import StudentFunction
from autograder.clauses import (
    Case,
    Inputs,
    SeededGenerator,
    arguments_unchanged,
    each_its_own,
    one_argument,
    right_kind,
    right_values,
    silent,
)
from autograder.rubric import points

from ..inputs import Array, floats, in_other_shapes, weighted_sums


@pytest.fixture(scope="session")
def sums(generator: SeededGenerator) -> Inputs[list[Array]]:
    """Weighted sums, in arrays of 7, 5 and 12."""
    return each_its_own(generator, lambda own: weighted_sums(own("weighted sums")))


@pytest.fixture(scope="session")
def leaky_cases(generator: SeededGenerator) -> Inputs[list[Case]]:
    """Cases (z, alpha) of the leaky functions."""

    def make(own: SeededGenerator) -> list[Case]:
        alphas = own("alphas").uniform(0.05, 0.8, 3)
        sums = weighted_sums(own("weighted sums"))
        return [(z, float(alpha)) for z, alpha in zip(sums, alphas, strict=True)]

    return each_its_own(generator, make)


@pytest.fixture(scope="session")
def huge_sums(generator: SeededGenerator) -> Inputs[list[Case]]:
    """Arrays with entries up to a million in size beside ordinary ones, and such floats."""

    def make(own: SeededGenerator) -> list[Case]:
        rng = own("huge sums")
        huge = rng.uniform(700, 1e6, 4) * [1, -1, 1, -1]
        arrays = [np.concatenate([rng.uniform(-3, 3, 3), huge, [1e6, -1e6]]), -huge]
        return one_argument([*arrays, *(float(z) for z in huge), 1e6, -1e6])

    return each_its_own(generator, make)


@points(1.5)
def test_sigmoid_values(sigmoid: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """The sigmoid is right for other arrays of either sign."""
    right_values(sigmoid, one_argument(sums(sigmoid)))


@points(0.3)
def test_sigmoid_of_a_float(sigmoid: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """Given a float, the sigmoid gives a single number."""
    right_kind(sigmoid, one_argument(floats(sums(sigmoid)[0])))


@points(0.3)
def test_sigmoid_of_huge_sums(sigmoid: StudentFunction, huge_sums: Inputs[list[Case]]) -> None:
    """For sums of up to a million in size the sigmoid is right, without an overflow warning."""
    silent(sigmoid, huge_sums(sigmoid))


@points(0.15)
def test_sigmoid_of_any_shape(sigmoid: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """Given a table, a stack of tables or an array without axes, it keeps the shape."""
    right_kind(sigmoid, one_argument(in_other_shapes(sums(sigmoid)[2])))


@points(0.15)
def test_sigmoid_arguments(sigmoid: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """The caller's z is left as it was."""
    arguments_unchanged(sigmoid, one_argument(sums(sigmoid)[:2]))


@points(1.0)
def test_tanh_values(tanh: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """The hyperbolic tangent is right for other arrays of either sign."""
    right_values(tanh, one_argument(sums(tanh)))


@points(0.2)
def test_tanh_of_a_float(tanh: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """Given a float, it gives a single number."""
    right_kind(tanh, one_argument(floats(sums(tanh)[0])))


@points(0.2)
def test_tanh_of_huge_sums(tanh: StudentFunction, huge_sums: Inputs[list[Case]]) -> None:
    """For sums of up to a million in size it is right, without a warning and without nan."""
    silent(tanh, huge_sums(tanh))


@points(0.1)
def test_tanh_of_any_shape(tanh: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """Given a table, a stack of tables or an array without axes, it keeps the shape."""
    right_kind(tanh, one_argument(in_other_shapes(sums(tanh)[2])))


@points(0.1)
def test_tanh_arguments(tanh: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """The caller's z is left as it was."""
    arguments_unchanged(tanh, one_argument(sums(tanh)[:2]))


@points(1.1)
def test_tanh_derivative_values(
    tanh_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """The slope is right for other arrays of either sign."""
    right_values(tanh_derivative, one_argument(sums(tanh_derivative)))


@points(0.2)
def test_tanh_derivative_of_a_float(
    tanh_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """Given a float, the slope is a single number."""
    right_kind(tanh_derivative, one_argument(floats(sums(tanh_derivative)[0])))


@points(0.1)
def test_tanh_derivative_of_any_shape(
    tanh_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """Given a table, a stack of tables or an array without axes, it keeps the shape."""
    right_kind(tanh_derivative, one_argument(in_other_shapes(sums(tanh_derivative)[2])))


@points(0.2)
def test_tanh_derivative_arguments(
    tanh_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """The caller's z is left as it was."""
    arguments_unchanged(tanh_derivative, one_argument(sums(tanh_derivative)[:2]))


@points(1.0)
def test_relu_values(relu: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """ReLU is right for other arrays of either sign."""
    right_values(relu, one_argument(sums(relu)))


@points(0.2)
def test_relu_of_a_float(relu: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """Given a float, ReLU gives a single number."""
    right_kind(relu, one_argument(floats(sums(relu)[0])))


@points(0.2)
def test_relu_of_any_shape(relu: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """Given a table, a stack of tables or an array without axes, it keeps the shape."""
    right_kind(relu, one_argument(in_other_shapes(sums(relu)[2])))


@points(0.2)
def test_relu_arguments(relu: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """The caller's z is left as it was."""
    arguments_unchanged(relu, one_argument(sums(relu)[:2]))


@points(1.5)
def test_leaky_relu_values(leaky_relu: StudentFunction, leaky_cases: Inputs[list[Case]]) -> None:
    """Leaky ReLU is right for other arrays and other alphas."""
    right_values(leaky_relu, leaky_cases(leaky_relu))


@points(0.2)
def test_leaky_relu_with_its_own_alpha(
    leaky_relu: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """Where no alpha is given, Leaky ReLU takes the one in its signature."""
    right_values(leaky_relu, one_argument(sums(leaky_relu)[:2]))


@points(0.3)
def test_leaky_relu_of_a_float(leaky_relu: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """Given a float, Leaky ReLU gives a single number."""
    right_kind(leaky_relu, one_argument(floats(sums(leaky_relu)[0]), 0.3))


@points(0.2)
def test_leaky_relu_of_any_shape(leaky_relu: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """Given a table, a stack of tables or an array without axes, it keeps the shape."""
    right_kind(leaky_relu, one_argument(in_other_shapes(sums(leaky_relu)[2]), 0.3))


@points(0.2)
def test_leaky_relu_arguments(leaky_relu: StudentFunction, leaky_cases: Inputs[list[Case]]) -> None:
    """The caller's z is left as it was."""
    arguments_unchanged(leaky_relu, leaky_cases(leaky_relu)[:2])


@points(1.0)
def test_leaky_derivative_values(
    leaky_relu_derivative: StudentFunction, leaky_cases: Inputs[list[Case]]
) -> None:
    """The slope is right for other arrays and other alphas."""
    right_values(leaky_relu_derivative, leaky_cases(leaky_relu_derivative))


@points(0.2)
def test_leaky_derivative_with_its_own_alpha(
    leaky_relu_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """Where no alpha is given, the slope below 0 is the one in the signature."""
    right_values(leaky_relu_derivative, one_argument(sums(leaky_relu_derivative)[:2]))


@points(0.15)
def test_leaky_derivative_of_a_float(
    leaky_relu_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """Given a float, the slope is a single number."""
    right_kind(
        leaky_relu_derivative, one_argument([float(z) for z in sums(leaky_relu_derivative)[0]], 0.3)
    )


@points(0.15)
def test_leaky_derivative_at_zero(
    leaky_relu_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """At 0 the slope is alpha, among other values."""
    right_values(
        leaky_relu_derivative, one_argument([np.append(sums(leaky_relu_derivative)[0], 0.0)], 0.35)
    )


@points(0.05)
def test_leaky_derivative_of_any_shape(
    leaky_relu_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """Given a table, a stack of tables or an array without axes, it keeps the shape."""
    right_kind(
        leaky_relu_derivative, one_argument(in_other_shapes(sums(leaky_relu_derivative)[2]), 0.3)
    )


@points(0.05)
def test_leaky_derivative_arguments(
    leaky_relu_derivative: StudentFunction, leaky_cases: Inputs[list[Case]]
) -> None:
    """The caller's z is left as it was."""
    arguments_unchanged(leaky_relu_derivative, leaky_cases(leaky_relu_derivative)[:2])


def with_winner_at(place: int, row: Array) -> Array:
    """Returns the row turned round until its highest entry is at that place.

    Its lowest entry becomes the largest in size, so that size is not height.
    """
    row = np.roll(row, place - np.argmax(row))
    row[np.argmin(row)] = -np.max(np.abs(row)) - 0.5
    return row


@pytest.fixture(scope="session")
def logits(generator: SeededGenerator) -> Inputs[list[Array]]:
    """Vectors of logits of several lengths, without ties, each with its highest entry elsewhere.

    In the second, no class is more likely than all others together.
    """

    def make(own: SeededGenerator) -> list[Array]:
        rng = own("logits")
        spreads = ((3, 2, 4), (5, 4, 0.5), (4, 0, 4), (10, 6, 4))
        return [with_winner_at(place, rng.uniform(-s, s, k)) for k, place, s in spreads]

    return each_its_own(generator, make)


@pytest.fixture(scope="session")
def batches(generator: SeededGenerator) -> Inputs[list[Array]]:
    """Batches of logits, never square, with rows at different heights."""

    def make(own: SeededGenerator) -> list[Array]:
        rng = own("batches")
        shapes = ((4, 3), (2, 5), (7, 4))
        heights = [rng.uniform(-4, 4, (n, k)) + rng.uniform(-3, 3, (n, 1)) for n, k in shapes]
        return [
            np.array([with_winner_at((i + 1) % len(row), row) for i, row in enumerate(batch)])
            for batch in heights
        ]

    return each_its_own(generator, make)


@points(2.5)
def test_softmax_of_a_vector(softmax: StudentFunction, logits: Inputs[list[Array]]) -> None:
    """The probabilities are right for other vectors of logits."""
    right_values(softmax, one_argument(logits(softmax)))


@points(0.6)
def test_softmax_of_a_batch(softmax: StudentFunction, batches: Inputs[list[Array]]) -> None:
    """In a batch each row becomes probabilities that sum to 1."""
    right_kind(softmax, one_argument(batches(softmax)))


@points(0.4)
def test_softmax_of_huge_logits(softmax: StudentFunction, generator: SeededGenerator) -> None:
    """For logits of up to ten thousand in size it is right, without a warning and without nan."""
    rng = generator("huge logits")
    vector = rng.uniform(-2, 2, 4)
    rows = rng.uniform(-2, 2, (3, 4)) + np.array([[9000.0], [-9000.0], [0.0]])
    silent(softmax, one_argument([vector + 9990, vector - 9990, vector * 4000, rows]))


@points(0.25)
def test_softmax_kind(softmax: StudentFunction, logits: Inputs[list[Array]]) -> None:
    """A vector of logits becomes a vector of as many probabilities."""
    right_kind(softmax, one_argument(logits(softmax)))


@points(0.25)
def test_softmax_arguments(
    softmax: StudentFunction, logits: Inputs[list[Array]], batches: Inputs[list[Array]]
) -> None:
    """The caller's logits are left as they were."""
    arguments_unchanged(softmax, one_argument([*logits(softmax)[:2], *batches(softmax)[:2]]))


@points(1.0)
def test_class_of_a_vector(predict_class: StudentFunction, logits: Inputs[list[Array]]) -> None:
    """The class is right for other vectors of logits."""
    right_values(predict_class, one_argument(logits(predict_class)))


@points(0.3)
def test_class_of_a_batch(predict_class: StudentFunction, batches: Inputs[list[Array]]) -> None:
    """In a batch each row has a class of its own."""
    right_values(predict_class, one_argument(batches(predict_class)))


@points(0.15)
def test_class_kind(
    predict_class: StudentFunction, logits: Inputs[list[Array]], batches: Inputs[list[Array]]
) -> None:
    """A class is an integer: one for a vector, an array of them for a batch."""
    right_kind(
        predict_class, one_argument([*logits(predict_class)[:2], *batches(predict_class)[:2]])
    )


@points(0.15)
def test_class_arguments(
    predict_class: StudentFunction, logits: Inputs[list[Array]], batches: Inputs[list[Array]]
) -> None:
    """The caller's logits are left as they were."""
    arguments_unchanged(
        predict_class, one_argument([*logits(predict_class)[:2], *batches(predict_class)[:2]])
    )


@pytest.fixture(scope="session")
def layers(generator: SeededGenerator) -> Inputs[list[Case]]:
    """Cases (W1, b1, W2, b2) in which d, h and k all differ."""

    def make(own: SeededGenerator) -> list[Case]:
        rng = own("layers")

        def layer(rows: int, columns: int) -> tuple[Array, Array]:
            return rng.uniform(-2, 2, (rows, columns)), rng.uniform(-2, 2, rows)

        return [(*layer(h, d), *layer(k, h)) for d, h, k in ((3, 4, 2), (2, 5, 3), (5, 2, 4))]

    return each_its_own(generator, make)


@points(1.8)
def test_collapsed_values(
    collapse_linear_layers: StudentFunction, layers: Inputs[list[Case]]
) -> None:
    """The one layer computes what the two did, for layers of any size."""
    right_values(collapse_linear_layers, layers(collapse_linear_layers))


@points(0.3)
def test_collapsed_kind(
    collapse_linear_layers: StudentFunction, layers: Inputs[list[Case]]
) -> None:
    """A table of weights and a vector of biases come back."""
    right_kind(collapse_linear_layers, layers(collapse_linear_layers))


@points(0.3)
def test_collapsed_arguments(
    collapse_linear_layers: StudentFunction, layers: Inputs[list[Case]]
) -> None:
    """The caller's weights and biases are left as they were."""
    arguments_unchanged(collapse_linear_layers, layers(collapse_linear_layers)[:2])

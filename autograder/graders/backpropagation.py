"""Hidden graders of the backpropagation lesson."""

import numpy as np
import pytest

from autograder.calls import StudentFunction
from autograder.graders.clauses import (
    Case,
    SeededGenerator,
    arguments_unchanged,
    one_argument,
    right_kind,
    right_values,
)
from autograder.graders.inputs import Array, floats, in_other_shapes, weighted_sums
from autograder.references import reference
from autograder.rubric import assert_close, points

# The order of a network's values in a case of `networks`.
Network = dict[str, float]

# The signs of the error, x, w1 and w2: none negative, each alone, and all.
ONE_SIGN_AT_A_TIME = np.array([np.ones(4), *(1 - 2 * np.eye(4)), -np.ones(4)])


@pytest.fixture(scope="session")
def networks(generator: SeededGenerator) -> list[Network]:
    """Networks with their input and target, and the activations that follow from them.

    Weights are neither 1 nor small, and no target is near the prediction, so that no factor of a
    gradient can be left out unseen. With every seed the error, x, w1, w2 and each product of some
    of them have either sign in some network, so that no sign can be left out unseen.
    """
    rng = generator("networks")
    networks = []
    for signs in ONE_SIGN_AT_A_TIME:
        side = signs[0]
        x, w1, w2 = (float(v) for v in signs[1:] * rng.uniform(0.3, 2.5, 3))
        b1, b2 = (float(v) for v in rng.uniform(-1.2, 1.2, 2))
        z1, a1, z2, a2 = reference("backpropagation.forward")(x, w1, b1, w2, b2)
        target = float(a2 + side * rng.uniform(0.25, 0.75))
        names = ["x", "target", "w1", "b1", "w2", "b2", "z1", "a1", "z2", "a2"]
        network = dict(zip(names, (x, target, w1, b1, w2, b2, z1, a1, z2, a2), strict=True))
        networks.append(network)
    return networks


def picked(networks: list[Network], names: str) -> list[Case]:
    """Returns cases made of the named values of each network."""
    return [tuple(network[name] for name in names.split()) for network in networks]


@pytest.fixture(scope="session")
def sums(generator: SeededGenerator) -> list[Array]:
    """Weighted sums, in arrays of 7, 5 and 12."""
    return weighted_sums(generator("weighted sums"))


@pytest.fixture(scope="session")
def activations(generator: SeededGenerator) -> list[Array]:
    """Activations between 0 and 1, in arrays of several lengths."""
    rng = generator("activations")
    return [rng.uniform(0.02, 0.98, n) for n in (7, 5, 12)]


@points(0.6)
def test_weighted_sum_values(weighted_sum: StudentFunction, networks: list[Network]) -> None:
    """The weighted sum is right for other inputs, weights and biases."""
    right_values(weighted_sum, picked(networks, "x w1 b1"))


@points(0.2)
def test_weighted_sum_kind(weighted_sum: StudentFunction, networks: list[Network]) -> None:
    """The weighted sum is a single number."""
    right_kind(weighted_sum, picked(networks, "x w1 b1"))


@points(1.6)
def test_sigmoid_values(sigmoid: StudentFunction, sums: list[Array]) -> None:
    """The sigmoid is right for other arrays of either sign."""
    right_values(sigmoid, one_argument(sums))


@points(0.3)
def test_sigmoid_of_a_float(sigmoid: StudentFunction, sums: list[Array]) -> None:
    """Given a float, the sigmoid gives a single number."""
    right_kind(sigmoid, one_argument(floats(sums[0])))


@points(0.2)
def test_sigmoid_of_any_shape(sigmoid: StudentFunction, sums: list[Array]) -> None:
    """Given a table or a stack of tables, the sigmoid keeps its shape."""
    right_kind(sigmoid, one_argument(in_other_shapes(sums[2])))


@points(0.3)
def test_sigmoid_arguments(sigmoid: StudentFunction, sums: list[Array]) -> None:
    """The caller's z is left as it was."""
    arguments_unchanged(sigmoid, one_argument(sums[:2]))


@points(2.4)
def test_forward_values(forward: StudentFunction, networks: list[Network]) -> None:
    """All four values are right for other networks and inputs."""
    right_values(forward, picked(networks, "x w1 b1 w2 b2"))


@points(0.8)
def test_forward_kind(forward: StudentFunction, networks: list[Network]) -> None:
    """Four single numbers come back: z1, a1, z2 and a2."""
    right_kind(forward, picked(networks, "x w1 b1 w2 b2"))


@points(1.2)
def test_error_values(error: StudentFunction, networks: list[Network]) -> None:
    """The error is right for predictions above and below the target."""
    right_values(error, picked(networks, "target a2"))


@points(0.4)
def test_error_kind(error: StudentFunction, networks: list[Network]) -> None:
    """The error is a single number."""
    right_kind(error, picked(networks, "target a2"))


@points(1.2)
def test_error_slope_values(error_slope: StudentFunction, networks: list[Network]) -> None:
    """The slope is right for predictions above and below the target."""
    right_values(error_slope, picked(networks, "target a2"))


@points(0.4)
def test_error_slope_kind(error_slope: StudentFunction, networks: list[Network]) -> None:
    """The slope is a single number."""
    right_kind(error_slope, picked(networks, "target a2"))


@points(1.1)
def test_sigmoid_slope_values(sigmoid_slope: StudentFunction, activations: list[Array]) -> None:
    """The slope is right for other activations between 0 and 1."""
    right_values(sigmoid_slope, one_argument(activations))


@points(0.2)
def test_sigmoid_slope_of_a_float(sigmoid_slope: StudentFunction, activations: list[Array]) -> None:
    """Given a float, the slope is a single number."""
    right_kind(sigmoid_slope, one_argument([float(a) for a in activations[0]]))


@points(0.1)
def test_sigmoid_slope_of_any_shape(
    sigmoid_slope: StudentFunction, activations: list[Array]
) -> None:
    """Given a table or a stack of tables, the slopes keep its shape."""
    right_kind(sigmoid_slope, one_argument(in_other_shapes(activations[2])))


@points(0.2)
def test_sigmoid_slope_arguments(sigmoid_slope: StudentFunction, activations: list[Array]) -> None:
    """The caller's activations are left as they were."""
    arguments_unchanged(sigmoid_slope, one_argument(activations[:2]))


@points(2.4)
def test_gradient_w2_values(gradient_w2: StudentFunction, networks: list[Network]) -> None:
    """The gradient is right in other networks."""
    right_values(gradient_w2, picked(networks, "target a1 a2"))


@points(0.8)
def test_gradient_w2_kind(gradient_w2: StudentFunction, networks: list[Network]) -> None:
    """The gradient is a single number."""
    right_kind(gradient_w2, picked(networks, "target a1 a2"))


@points(1.2)
def test_gradient_b2_values(gradient_b2: StudentFunction, networks: list[Network]) -> None:
    """The gradient is right in other networks."""
    right_values(gradient_b2, picked(networks, "target a2"))


@points(0.4)
def test_gradient_b2_kind(gradient_b2: StudentFunction, networks: list[Network]) -> None:
    """The gradient is a single number."""
    right_kind(gradient_b2, picked(networks, "target a2"))


@points(3.0)
def test_gradient_w1_values(gradient_w1: StudentFunction, networks: list[Network]) -> None:
    """The gradient is right in other networks."""
    right_values(gradient_w1, picked(networks, "x target a1 w2 a2"))


@points(1.0)
def test_gradient_w1_kind(gradient_w1: StudentFunction, networks: list[Network]) -> None:
    """The gradient is a single number."""
    right_kind(gradient_w1, picked(networks, "x target a1 w2 a2"))


@points(1.2)
def test_gradient_b1_values(gradient_b1: StudentFunction, networks: list[Network]) -> None:
    """The gradient is right in other networks."""
    right_values(gradient_b1, picked(networks, "target a1 w2 a2"))


@points(0.4)
def test_gradient_b1_kind(gradient_b1: StudentFunction, networks: list[Network]) -> None:
    """The gradient is a single number."""
    right_kind(gradient_b1, picked(networks, "target a1 w2 a2"))


@points(1.8)
def test_backward_values(backward: StudentFunction, networks: list[Network]) -> None:
    """All four gradients are right in other networks."""
    right_values(backward, picked(networks, "x target w1 b1 w2 b2"))


@points(0.6)
def test_backward_kind(backward: StudentFunction, networks: list[Network]) -> None:
    """Four single numbers come back, in the order w1, b1, w2, b2."""
    right_kind(backward, picked(networks, "x target w1 b1 w2 b2"))


@pytest.fixture(scope="session")
def updates(networks: list[Network], generator: SeededGenerator) -> list[Case]:
    """Cases (parameters, gradients, learning_rate) with four different entries each."""
    rng = generator("updates")
    parameters = picked(networks, "w1 b1 w2 b2")
    return [
        (p, tuple(float(g) for g in rng.uniform(-2, 2, 4)), float(rng.uniform(0.05, 0.9)))
        for p in parameters
    ]


@points(1.2)
def test_update_values(update_parameters: StudentFunction, updates: list[Case]) -> None:
    """Each parameter moves by its own gradient, for other parameters and learning rates."""
    right_values(update_parameters, updates)


@points(0.4)
def test_update_kind(update_parameters: StudentFunction, updates: list[Case]) -> None:
    """Four single numbers come back, in the order they were given."""
    right_kind(update_parameters, updates)


@pytest.fixture(scope="session")
def trainings(networks: list[Network], generator: SeededGenerator) -> list[Case]:
    """Cases of `train` that run all their epochs."""
    rng = generator("trainings")
    runs = zip(picked(networks, "x target w1 b1 w2 b2"), (2, 6, 15, 40), strict=False)
    return [(*start, float(rng.uniform(0.3, 1.5)), epochs, 1e-12) for start, epochs in runs]


@points(2.2)
def test_train_values(train: StudentFunction, trainings: list[Case]) -> None:
    """The learned parameters and every epoch's error are right for other networks."""
    right_values(train, trainings)


@points(0.4)
def test_train_kind(train: StudentFunction, trainings: list[Case]) -> None:
    """The four parameters come back together, then an array with one error an epoch."""
    right_kind(train, trainings[:2])


@points(0.4)
def test_train_stops(train: StudentFunction, trainings: list[Case]) -> None:
    """Training stops at the first error below the tolerance, and does not update there."""
    *start, epochs, _ = trainings[3]
    _, errors = reference("backpropagation.train")(*trainings[3])
    # Half-way between two errors on the way down, so that no rounding decides where it stops.
    tolerance = float(errors[9] + errors[10]) / 2
    right_values(train, [(*start, epochs, tolerance)])


@points(0.2)
def test_train_without_epochs(train: StudentFunction, trainings: list[Case]) -> None:
    """No epochs leave the parameters alone and record no error; one epoch records one."""
    *start, _, tolerance = trainings[0]
    parameters = tuple(start[2:6])
    assert_close(train(*start, 0, tolerance), (parameters, np.zeros(0)))
    right_kind(train, [(*start, 1, tolerance)])

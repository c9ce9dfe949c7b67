"""Hidden graders of the backpropagation lesson."""

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
)
from autograder.rubric import assert_close, points

from ...solutions import backpropagation as solutions
from ..inputs import Array, floats, in_other_shapes, weighted_sums

# The order of a network's values in a case of `networks`.
Network = dict[str, float]

# The signs of the error, x, w1 and w2: none negative, each alone, and all.
ONE_SIGN_AT_A_TIME = np.array([np.ones(4), *(1 - 2 * np.eye(4)), -np.ones(4)])


def drawn_networks(own: SeededGenerator) -> list[Network]:
    """Returns networks with their input and target, and the activations that follow from them.

    Weights are neither 1 nor small, and no target is near the prediction, so that no factor of a
    gradient can be left out unseen. With every seed the error, x, w1, w2 and each product of some
    of them have either sign in some network, so that no sign can be left out unseen; and so does
    z1, since b1 outweighs x w1 nowhere.
    """
    rng = own("networks")
    networks = []
    for signs in ONE_SIGN_AT_A_TIME:
        side = signs[0]
        x, w1, w2 = (float(v) for v in signs[1:] * rng.uniform(0.3, 2.5, 3))
        b1, b2 = (float(v) for v in rng.uniform(-1.2, 1.2, 2))
        b1 *= min(1.0, abs(x * w1) / 1.5)
        z1, a1, z2, a2 = solutions.forward(x, w1, b1, w2, b2)
        target = float(a2 + side * rng.uniform(0.25, 0.75))
        names = ["x", "target", "w1", "b1", "w2", "b2", "z1", "a1", "z2", "a2"]
        network = dict(zip(names, (x, target, w1, b1, w2, b2, z1, a1, z2, a2), strict=True))
        networks.append(network)
    return networks


@pytest.fixture(scope="session")
def networks(generator: SeededGenerator) -> Inputs[list[Network]]:
    """Networks (see `drawn_networks`)."""
    return each_its_own(generator, drawn_networks)


def picked(networks: list[Network], names: str) -> list[Case]:
    """Returns cases made of the named values of each network."""
    return [tuple(network[name] for name in names.split()) for network in networks]


@pytest.fixture(scope="session")
def sums(generator: SeededGenerator) -> Inputs[list[Array]]:
    """Weighted sums, in arrays of 7, 5 and 12."""
    return each_its_own(generator, lambda own: weighted_sums(own("weighted sums")))


@pytest.fixture(scope="session")
def activations(generator: SeededGenerator) -> Inputs[list[Array]]:
    """Activations between 0 and 1, in arrays of several lengths."""

    def make(own: SeededGenerator) -> list[Array]:
        rng = own("activations")
        return [rng.uniform(0.02, 0.98, n) for n in (7, 5, 12)]

    return each_its_own(generator, make)


@points(0.6)
def test_weighted_sum_values(
    weighted_sum: StudentFunction, networks: Inputs[list[Network]]
) -> None:
    """The weighted sum is right for other inputs, weights and biases."""
    right_values(weighted_sum, picked(networks(weighted_sum), "x w1 b1"))


@points(0.2)
def test_weighted_sum_kind(weighted_sum: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The weighted sum is a single number."""
    right_kind(weighted_sum, picked(networks(weighted_sum), "x w1 b1"))


@points(1.6)
def test_sigmoid_values(sigmoid: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """The sigmoid is right for other arrays of either sign."""
    right_values(sigmoid, one_argument(sums(sigmoid)))


@points(0.3)
def test_sigmoid_of_a_float(sigmoid: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """Given a float, the sigmoid gives a single number."""
    right_kind(sigmoid, one_argument(floats(sums(sigmoid)[0])))


@points(0.2)
def test_sigmoid_of_any_shape(sigmoid: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """Given a table or a stack of tables, the sigmoid keeps its shape."""
    right_kind(sigmoid, one_argument(in_other_shapes(sums(sigmoid)[2])))


@points(0.3)
def test_sigmoid_arguments(sigmoid: StudentFunction, sums: Inputs[list[Array]]) -> None:
    """The caller's z is left as it was."""
    arguments_unchanged(sigmoid, one_argument(sums(sigmoid)[:2]))


@points(2.4)
def test_forward_values(forward: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """All four values are right for other networks and inputs."""
    right_values(forward, picked(networks(forward), "x w1 b1 w2 b2"))


@points(0.8)
def test_forward_kind(forward: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """Four single numbers come back: z1, a1, z2 and a2."""
    right_kind(forward, picked(networks(forward), "x w1 b1 w2 b2"))


@points(1.2)
def test_error_values(error: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The error is right for predictions above and below the target."""
    right_values(error, picked(networks(error), "target a2"))


@points(0.4)
def test_error_kind(error: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The error is a single number."""
    right_kind(error, picked(networks(error), "target a2"))


@points(1.2)
def test_error_slope_values(error_slope: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The slope is right for predictions above and below the target."""
    right_values(error_slope, picked(networks(error_slope), "target a2"))


@points(0.4)
def test_error_slope_kind(error_slope: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The slope is a single number."""
    right_kind(error_slope, picked(networks(error_slope), "target a2"))


@points(1.1)
def test_sigmoid_slope_values(
    sigmoid_slope: StudentFunction, activations: Inputs[list[Array]]
) -> None:
    """The slope is right for other activations between 0 and 1."""
    right_values(sigmoid_slope, one_argument(activations(sigmoid_slope)))


@points(0.2)
def test_sigmoid_slope_of_a_float(
    sigmoid_slope: StudentFunction, activations: Inputs[list[Array]]
) -> None:
    """Given a float, the slope is a single number."""
    right_kind(sigmoid_slope, one_argument([float(a) for a in activations(sigmoid_slope)[0]]))


@points(0.1)
def test_sigmoid_slope_of_any_shape(
    sigmoid_slope: StudentFunction, activations: Inputs[list[Array]]
) -> None:
    """Given a table or a stack of tables, the slopes keep its shape."""
    right_kind(sigmoid_slope, one_argument(in_other_shapes(activations(sigmoid_slope)[2])))


@points(0.2)
def test_sigmoid_slope_arguments(
    sigmoid_slope: StudentFunction, activations: Inputs[list[Array]]
) -> None:
    """The caller's activations are left as they were."""
    arguments_unchanged(sigmoid_slope, one_argument(activations(sigmoid_slope)[:2]))


@points(2.4)
def test_gradient_w2_values(gradient_w2: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The gradient is right in other networks."""
    right_values(gradient_w2, picked(networks(gradient_w2), "target a1 a2"))


@points(0.8)
def test_gradient_w2_kind(gradient_w2: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The gradient is a single number."""
    right_kind(gradient_w2, picked(networks(gradient_w2), "target a1 a2"))


@points(1.2)
def test_gradient_b2_values(gradient_b2: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The gradient is right in other networks."""
    right_values(gradient_b2, picked(networks(gradient_b2), "target a2"))


@points(0.4)
def test_gradient_b2_kind(gradient_b2: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The gradient is a single number."""
    right_kind(gradient_b2, picked(networks(gradient_b2), "target a2"))


@points(3.0)
def test_gradient_w1_values(gradient_w1: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The gradient is right in other networks."""
    right_values(gradient_w1, picked(networks(gradient_w1), "x target a1 w2 a2"))


@points(1.0)
def test_gradient_w1_kind(gradient_w1: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The gradient is a single number."""
    right_kind(gradient_w1, picked(networks(gradient_w1), "x target a1 w2 a2"))


@points(1.2)
def test_gradient_b1_values(gradient_b1: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The gradient is right in other networks."""
    right_values(gradient_b1, picked(networks(gradient_b1), "target a1 w2 a2"))


@points(0.4)
def test_gradient_b1_kind(gradient_b1: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """The gradient is a single number."""
    right_kind(gradient_b1, picked(networks(gradient_b1), "target a1 w2 a2"))


@points(1.8)
def test_backward_values(backward: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """All four gradients are right in other networks."""
    right_values(backward, picked(networks(backward), "x target w1 b1 w2 b2"))


@points(0.6)
def test_backward_kind(backward: StudentFunction, networks: Inputs[list[Network]]) -> None:
    """Four single numbers come back, in the order w1, b1, w2, b2."""
    right_kind(backward, picked(networks(backward), "x target w1 b1 w2 b2"))


@pytest.fixture(scope="session")
def updates(generator: SeededGenerator) -> list[Case]:
    """Cases (parameters, gradients, learning_rate) with four different entries each."""
    rng = generator("updates of parameters")
    sizes = rng.uniform(0.3, 2.5, (6, 4)) * rng.choice([-1.0, 1.0], (6, 4))
    parameters = [tuple(float(p) for p in row) for row in sizes]
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
def trainings(generator: SeededGenerator) -> Inputs[list[Case]]:
    """Cases of `train` that run all their epochs."""

    def make(own: SeededGenerator) -> list[Case]:
        rng = own("trainings")
        starts = picked(drawn_networks(own), "x target w1 b1 w2 b2")
        runs = zip(starts, (2, 6, 15, 40), strict=False)
        return [(*start, float(rng.uniform(0.3, 1.5)), epochs, 1e-12) for start, epochs in runs]

    return each_its_own(generator, make)


@points(2.2)
def test_train_values(train: StudentFunction, trainings: Inputs[list[Case]]) -> None:
    """The learned parameters and every epoch's error are right for other networks."""
    right_values(train, trainings(train))


@points(0.4)
def test_train_kind(train: StudentFunction, trainings: Inputs[list[Case]]) -> None:
    """The four parameters come back together, then an array with one error an epoch."""
    right_kind(train, trainings(train)[:2])


@points(0.4)
def test_train_stops(train: StudentFunction, trainings: Inputs[list[Case]]) -> None:
    """Training stops at the first error below the tolerance, and does not update there."""
    *start, epochs, _ = trainings(train)[3]
    _, errors = solutions.train(*trainings(train)[3])
    # Half-way between two errors on the way down, so that no rounding decides where it stops.
    tolerance = float(errors[9] + errors[10]) / 2
    right_values(train, [(*start, epochs, tolerance)])


@points(0.2)
def test_train_without_epochs(train: StudentFunction, trainings: Inputs[list[Case]]) -> None:
    """No epochs leave the parameters alone and record no error; one epoch records one."""
    *start, _, tolerance = trainings(train)[0]
    parameters = tuple(start[2:6])
    assert_close(train(*start, 0, tolerance), (parameters, np.zeros(0)))
    right_kind(train, [(*start, 1, tolerance)])

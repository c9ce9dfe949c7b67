"""Hidden graders of the vanishing-gradient lesson."""

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
    raises_value_error,
    right_kind,
    right_values,
)
from autograder.compare import RELATIVE_ONLY
from autograder.rubric import points

from ...solutions import vanishing_gradient as solutions
from ..inputs import Array, floats, in_other_shapes, weighted_sums


@pytest.fixture(scope="session")
def sums(generator: SeededGenerator) -> Inputs[list[Array]]:
    """Weighted sums, in arrays of 7, 5 and 12."""
    return each_its_own(generator, lambda own: weighted_sums(own("weighted sums")))


def chain(rng: np.random.Generator, layers: int, activation: str, side: float = 1.0) -> Case:
    """Returns (x, target, weights, activation), the target on that side of what the chain gives.

    With ReLU the first weight has the sign of x and the others are positive, so that every layer
    passes something on: a chain of zeros would hide most mistakes.
    """
    x = float(rng.uniform(0.4, 1.6) * rng.choice([-1.0, 1.0]))
    weights = rng.uniform(0.4, 1.8, layers)
    if activation == "sigmoid":
        # The last two layers' gradients then differ in sign, so that sizes alone are not enough.
        weights *= rng.choice([-1.0, 1.0], layers)
        weights[-1] = -abs(weights[-1])
    else:
        # The first layer passes on more than 1: ReLU has no upper end.
        weights[0] = rng.uniform(1.2, 2.0) / x
    _, a = solutions.forward_chain(x, weights, activation)
    return x, float(a[-1] + side * rng.uniform(0.3, 0.9)), weights, activation


@pytest.fixture(scope="session")
def chains(generator: SeededGenerator) -> Inputs[list[Case]]:
    """Cases (x, target, weights, activation) with both activations and several depths.

    The last one is a ReLU chain that a negative weight silences in the middle: only there does it
    show that ReLU is more than the identity.
    """

    def make(own: SeededGenerator) -> list[Case]:
        rng = own("chains")
        shapes = [(3, 1.0), (6, -1.0), (2, 1.0)]
        cases = [chain(rng, n, name, side) for n, side in shapes for name in ("sigmoid", "relu")]
        x, target, weights, name = chain(rng, 4, "relu", -1.0)
        return [*cases, (x, target, weights * [1, 1, -1, 1], name)]

    return each_its_own(generator, make)


def inputs_of(chains: list[Case]) -> list[Case]:
    """Returns the arguments of `forward_chain` for these chains."""
    return [(x, weights, activation) for x, _, weights, activation in chains]


@points(1.6)
def test_sigmoid_derivative_values(
    sigmoid_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """The slope is right for other arrays of either sign."""
    right_values(sigmoid_derivative, one_argument(sums(sigmoid_derivative)))


@points(0.3)
def test_sigmoid_derivative_of_a_float(
    sigmoid_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """Given a float, the slope is a single number."""
    right_kind(sigmoid_derivative, one_argument(floats(sums(sigmoid_derivative)[0])))


@points(0.2)
def test_sigmoid_derivative_of_any_shape(
    sigmoid_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """Given a table or a stack of tables, the slopes keep its shape."""
    right_kind(sigmoid_derivative, one_argument(in_other_shapes(sums(sigmoid_derivative)[2])))


@points(0.3)
def test_sigmoid_derivative_arguments(
    sigmoid_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """The caller's z is left as it was."""
    arguments_unchanged(sigmoid_derivative, one_argument(sums(sigmoid_derivative)[:2]))


@points(1.0)
def test_relu_derivative_values(
    relu_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """The slope is right for other arrays of either sign."""
    right_values(relu_derivative, one_argument(sums(relu_derivative)))


@points(0.2)
def test_relu_derivative_of_a_float(
    relu_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """Given a float, the slope is a single number."""
    right_kind(relu_derivative, one_argument([float(z) for z in sums(relu_derivative)[0]]))


@points(0.1)
def test_relu_derivative_at_zero(
    relu_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """At 0 the slope is 0, among other values."""
    right_values(relu_derivative, one_argument([np.append(sums(relu_derivative)[0], 0.0)]))


@points(0.1)
def test_relu_derivative_of_any_shape(
    relu_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """Given a table or a stack of tables, the slopes keep its shape."""
    right_kind(relu_derivative, one_argument(in_other_shapes(sums(relu_derivative)[2])))


@points(0.2)
def test_relu_derivative_arguments(
    relu_derivative: StudentFunction, sums: Inputs[list[Array]]
) -> None:
    """The caller's z is left as it was."""
    arguments_unchanged(relu_derivative, one_argument(sums(relu_derivative)[:2]))


@points(1.6)
def test_forward_chain_values(forward_chain: StudentFunction, chains: Inputs[list[Case]]) -> None:
    """Every z and every a is right for other chains, with sigmoid and with ReLU."""
    right_values(forward_chain, inputs_of(chains(forward_chain)))


@points(0.3)
def test_forward_chain_kind(forward_chain: StudentFunction, chains: Inputs[list[Case]]) -> None:
    """Two arrays come back: one z a layer, and one more a, the input first."""
    right_kind(forward_chain, inputs_of(chains(forward_chain)))


@points(0.3)
def test_forward_chain_of_unknown_activation(
    forward_chain: StudentFunction, chains: Inputs[list[Case]]
) -> None:
    """An activation that is neither sigmoid nor relu raises ValueError."""
    right_values(forward_chain, inputs_of([*chains(forward_chain)[:4], chains(forward_chain)[-1]]))
    x, _, weights, _ = chains(forward_chain)[0]
    raises_value_error(forward_chain, (x, weights, "tanh"))


@points(0.2)
def test_forward_chain_arguments(
    forward_chain: StudentFunction, chains: Inputs[list[Case]]
) -> None:
    """The caller's weights are left as they were."""
    arguments_unchanged(
        forward_chain, inputs_of([*chains(forward_chain)[:4], chains(forward_chain)[-1]])
    )


@points(2.6)
def test_layer_gradients_values(
    layer_gradients: StudentFunction, chains: Inputs[list[Case]]
) -> None:
    """Every layer's gradient is right for other chains, with sigmoid and with ReLU."""
    right_values(layer_gradients, chains(layer_gradients), RELATIVE_ONLY)


@points(0.4)
def test_layer_gradients_of_a_deep_chain(
    layer_gradients: StudentFunction, chains: Inputs[list[Case]], generator: SeededGenerator
) -> None:
    """The gradients of a deep chain are right however small they are, and 0 in a silenced one."""
    rng = generator("deep chain")
    right_values(
        layer_gradients, [chain(rng, 24, "sigmoid"), chains(layer_gradients)[-1]], RELATIVE_ONLY
    )


@points(0.3)
def test_layer_gradients_kind(layer_gradients: StudentFunction, chains: Inputs[list[Case]]) -> None:
    """One array comes back with one gradient a layer, the first layer's first."""
    right_kind(layer_gradients, chains(layer_gradients), RELATIVE_ONLY)


@points(0.3)
def test_layer_gradients_of_unknown_activation(
    layer_gradients: StudentFunction, chains: Inputs[list[Case]]
) -> None:
    """An activation that is neither sigmoid nor relu raises ValueError."""
    right_values(
        layer_gradients, [*chains(layer_gradients)[:4], chains(layer_gradients)[-1]], RELATIVE_ONLY
    )
    x, target, weights, _ = chains(layer_gradients)[0]
    raises_value_error(layer_gradients, (x, target, weights, "tanh"))


@points(0.4)
def test_layer_gradients_arguments(
    layer_gradients: StudentFunction, chains: Inputs[list[Case]]
) -> None:
    """The caller's weights are left as they were."""
    arguments_unchanged(
        layer_gradients, [*chains(layer_gradients)[:4], chains(layer_gradients)[-1]], RELATIVE_ONLY
    )


@pytest.fixture(scope="session")
def gradients(generator: SeededGenerator) -> list[Case]:
    """Arrays of gradients whose first and last entries have every combination of signs.

    Within the longer ones an entry is smaller and another larger than both, so that an extreme is
    not an end.
    """
    rng = generator("gradients")
    arrays = []
    for first, last, inner in ((-1, 1, 1), (1, -1, 3), (-1, -1, 0), (1, 1, 6)):
        ends = rng.uniform(0.1, 0.5, 2) * [first, last]
        between = rng.uniform(0.01, 1, inner)
        if inner > 1:
            between[:2] = rng.uniform(0.01, 0.08), rng.uniform(0.6, 1)
        arrays.append(np.array([ends[0], *rng.permutation(between), ends[1]]))
    return one_argument(arrays)


@points(0.5)
def test_ratio_values(vanishing_ratio: StudentFunction, gradients: list[Case]) -> None:
    """The ratio is right for other gradients of either sign."""
    right_values(vanishing_ratio, gradients)


@points(0.15)
def test_ratio_kind(vanishing_ratio: StudentFunction, gradients: list[Case]) -> None:
    """The ratio is a single number."""
    right_kind(vanishing_ratio, gradients)


@points(0.15)
def test_ratio_arguments(vanishing_ratio: StudentFunction, gradients: list[Case]) -> None:
    """The caller's gradients are left as they were."""
    arguments_unchanged(vanishing_ratio, gradients)


@points(1.1)
def test_bound_values(sigmoid_gradient_bound: StudentFunction) -> None:
    """The bound is right for shallow and for deep networks."""
    right_values(sigmoid_gradient_bound, [(d,) for d in (2, 3, 7, 12, 30)], RELATIVE_ONLY)


@points(0.25)
def test_bound_without_layers(sigmoid_gradient_bound: StudentFunction) -> None:
    """Without any layer nothing shrinks: the bound is 1; with many it is not."""
    right_values(sigmoid_gradient_bound, [(0,), (11,)], RELATIVE_ONLY)


@points(0.25)
def test_bound_kind(sigmoid_gradient_bound: StudentFunction) -> None:
    """The bound is a single number."""
    right_kind(sigmoid_gradient_bound, [(6,), (14,)], RELATIVE_ONLY)

"""What the contract settles for extremes, shapes and special points holds for the references.

That each equals its formula and keeps the rules for all of them, `autograder verify` looks at.
"""

import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograder.course import load_course
from autograder.mistakes.traits import traits_of
from autograder.proofs import load_proofs
from autograder.references import reference
from solutions import activations as act
from solutions import backpropagation as bp
from solutions import gradient_descent as gd
from solutions import vanishing_gradient as vg

RNG = np.random.default_rng(3)
X = RNG.uniform(-2, 2, 5)
Z = 2 * X + RNG.normal(0, 0.3, 5)
WEIGHTS = np.array([1.2, -0.7, 2.1])
BATCH = RNG.normal(0, 2, (3, 4))


COURSE = load_course()
ELEMENTWISE = [
    name
    for name, proofs in load_proofs(COURSE).items()
    if traits_of(
        name, reference(COURSE, name), [point for proof in proofs for point in proof.points], {}
    ).is_elementwise
]
every_elementwise_function = pytest.mark.parametrize(
    "function", [reference(COURSE, name) for name in ELEMENTWISE], ids=ELEMENTWISE
)


HUGE = np.array([-1e6, -800.0, -746.0, -710.0, -40.0, 0.0, 40.0, 710.0, 746.0, 800.0, 1e6])


@every_elementwise_function
def test_element_wise_functions_are_silent_and_finite_for_huge_numbers(
    function: Callable[..., Any],
) -> None:
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        assert np.isfinite(function(HUGE)).all()
        for number in HUGE.tolist():
            assert np.isfinite(function(number))


@pytest.mark.parametrize("shape", [(4,), (3, 4)])
def test_softmax_is_silent_for_huge_logits(shape: tuple[int, ...]) -> None:
    choices = np.array([-1e4, -5e3, 0.0, 9_999.0, 1e4])
    logits = choices[np.random.default_rng(2).integers(0, 5, size=shape)]
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        assert act.softmax(logits).sum(axis=-1) == pytest.approx(np.ones(shape[:-1]), rel=1e-15)


def test_a_row_of_small_logits_is_right_beside_a_row_of_large_ones() -> None:
    rows = np.array([[1e4, 1e4 - 1, 1e4 - 2], [-1e4, -1e4 - 1, -1e4 - 2]])
    assert act.softmax(rows) == pytest.approx(np.array([act.softmax(np.array([2.0, 1, 0]))] * 2))


def test_sigmoid_and_tanh_reach_their_limits() -> None:
    assert act.sigmoid(np.array([-1e6, 1e6])).tolist() == [0.0, 1.0]  # type: ignore[union-attr]
    assert act.tanh(np.array([-1e6, 1e6])).tolist() == [-1.0, 1.0]  # type: ignore[union-attr]


@every_elementwise_function
@pytest.mark.parametrize("shape", [(), (1,), (3,), (2, 3), (3, 1), (2, 3, 4)], ids=str)
def test_element_wise_functions_keep_every_shape(
    function: Callable[..., Any], shape: tuple[int, ...]
) -> None:
    values = function(np.random.default_rng(1).uniform(-3, 3, shape))
    assert isinstance(values, np.ndarray)
    assert values.shape == shape
    assert values.dtype == np.float64


@every_elementwise_function
def test_element_wise_functions_answer_a_float_with_a_float(function: Callable[..., Any]) -> None:
    for number in (-2.3, 0.0, 0.4):
        assert type(function(number)) is float
        assert function(number) == function(np.array([number]))[0]


def test_predict_class_answers_a_batch_with_an_array_of_ints() -> None:
    winners = act.predict_class(BATCH)
    assert isinstance(winners, np.ndarray)
    assert winners.shape == (3,)
    assert np.issubdtype(winners.dtype, np.integer)


def test_at_zero_the_settled_values_hold() -> None:
    zero = np.zeros(2)
    assert vg.relu_derivative(zero).tolist() == [0.0, 0.0]  # type: ignore[union-attr]
    assert act.leaky_relu_derivative(zero, 0.3).tolist() == [0.3, 0.3]  # type: ignore[union-attr]
    assert act.leaky_relu(0.0) == act.relu(0.0) == 0.0
    assert act.leaky_relu_derivative(-0.0) == 0.01
    assert gd.descent_direction(0.0) == gd.descent_direction(-0.0) == "stop"
    assert str(gd.cost_gradient(2.0, X, 2 * X)) == "0.0"


def test_a_count_of_zero_does_nothing() -> None:
    assert gd.gradient_descent(X, Z, 0.7, 0.1, 0).tolist() == [0.7]
    parameters, errors = bp.train(0.1, 0.25, 0.15, 0.4, 0.45, 0.65, 0.5, 0, 0.1)
    assert parameters == (0.15, 0.4, 0.45, 0.65)
    assert errors.tolist() == []
    assert vg.sigmoid_gradient_bound(0) == 1.0


def test_training_that_starts_on_target_runs_one_epoch_and_leaves_the_parameters() -> None:
    start = (0.15, 0.4, 0.45, 0.65)
    target = bp.forward(0.1, *start)[3]
    parameters, errors = bp.train(0.1, target, *start, 0.5, 10, 1e-9)
    assert parameters == start
    assert errors.tolist() == [0.0]


def test_an_error_equal_to_the_tolerance_does_not_stop_training() -> None:
    start = (0.15, 0.4, 0.45, 0.65)
    first = bp.error(0.25, bp.forward(0.1, *start)[3])
    _, errors = bp.train(0.1, 0.25, *start, 0.5, 10, first)
    assert len(errors) == 2


@pytest.mark.parametrize("name", ["tanh", "Sigmoid", "ReLU", "", "sigmoid "])
def test_an_unknown_activation_raises_value_error_and_names_it(name: str) -> None:
    with pytest.raises(ValueError, match=f"not '{name}'"):
        vg.forward_chain(0.5, WEIGHTS, name)
    with pytest.raises(ValueError, match=f"not '{name}'"):
        vg.layer_gradients(0.5, 0.2, WEIGHTS, name)


def test_close_to_the_minimum_the_slope_is_as_exact_as_its_terms() -> None:
    """There the terms of the sum cancel, and their own rounding is all that can be asked for."""
    w, x = 2.0 + 1e-9, np.random.default_rng(4).uniform(-3, 3, 400)
    terms = (Fraction(x_i) * (Fraction(w) * Fraction(x_i) - 2 * Fraction(x_i)) for x_i in x)
    exact = sum(terms, Fraction(0)) / len(x)
    size_of_terms = float(np.mean(2 * np.abs(w) * x**2))
    got = gd.cost_gradient(w, x, 2 * x)
    assert abs(float(Fraction(got) - exact)) <= 4e-16 * size_of_terms

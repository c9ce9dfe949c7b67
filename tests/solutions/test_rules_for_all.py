"""The rules that hold for all 36 exercises hold for their references."""

import copy
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from solutions import activations as act
from solutions import backpropagation as bp
from solutions import gradient_descent as gd
from solutions import vanishing_gradient as vg

RNG = np.random.default_rng(3)
X = RNG.uniform(-2, 2, 5)
Z = 2 * X + RNG.normal(0, 0.3, 5)
NUMBERS = np.array([-3.0, -0.4, 0.0, 0.7, 5.0])
WEIGHTS = np.array([1.2, -0.7, 2.1])
LOGITS = RNG.normal(0, 2, 4)
BATCH = RNG.normal(0, 2, (3, 4))
LAYERS = tuple(RNG.normal(size=shape) for shape in ((3, 4), (3,), (2, 3), (2,)))
FOUR = [float] * 4

# A call of every function, and the kind of its result: a type for a number or a string, a shape for
# an array of float64, a list for a tuple of such kinds.
CALLS: list[tuple[Callable[..., Any], tuple[Any, ...], Any]] = [
    (gd.predict, (1.5, X), (5,)),
    (gd.cost, (1.5, X, Z), float),
    (gd.sum_squared_error, (1.5, X, Z), float),
    (gd.cost_gradient, (1.5, X, Z), float),
    (gd.descent_direction, (-0.3,), str),
    (gd.update_weight, (1.5, -0.3, 0.1), float),
    (gd.gradient_descent, (X, Z, 0.5, 0.1, 7), (8,)),
    (gd.gradient_descent, (X, Z, 0.5, 0.1, 0), (1,)),
    (gd.max_stable_learning_rate, (X,), float),
    (bp.weighted_sum, (0.1, 0.15, 0.4), float),
    (bp.sigmoid, (NUMBERS,), (5,)),
    (bp.forward, (0.1, 0.15, 0.4, 0.45, 0.65), FOUR),
    (bp.error, (0.25, 0.7153), float),
    (bp.error_slope, (0.25, 0.7153), float),
    (bp.sigmoid_slope, (np.array([0.1, 0.6, 0.97]),), (3,)),
    (bp.gradient_w2, (0.25, 0.6023, 0.7153), float),
    (bp.gradient_b2, (0.25, 0.7153), float),
    (bp.gradient_w1, (0.1, 0.25, 0.6023, 0.45, 0.7153), float),
    (bp.gradient_b1, (0.25, 0.6023, 0.45, 0.7153), float),
    (bp.backward, (0.1, 0.25, 0.15, 0.4, 0.45, 0.65), FOUR),
    (bp.update_parameters, ((0.15, 0.4, 0.45, 0.65), (0.1, 0.2, -0.3, 0.4), 0.5), FOUR),
    (bp.train, (0.1, 0.25, 0.15, 0.4, 0.45, 0.65, 0.5, 9, 0.001), [FOUR, (9,)]),
    (bp.train, (0.1, 0.25, 0.15, 0.4, 0.45, 0.65, 0.5, 9, 0.5), [FOUR, (1,)]),
    (bp.train, (0.1, 0.25, 0.15, 0.4, 0.45, 0.65, 0.5, 0, 0.001), [FOUR, (0,)]),
    (vg.sigmoid_derivative, (NUMBERS,), (5,)),
    (vg.relu_derivative, (NUMBERS,), (5,)),
    (vg.forward_chain, (0.5, WEIGHTS, "sigmoid"), [(3,), (4,)]),
    (vg.forward_chain, (0.5, WEIGHTS[:1], "relu"), [(1,), (2,)]),
    (vg.layer_gradients, (0.5, 0.2, WEIGHTS, "sigmoid"), (3,)),
    (vg.layer_gradients, (0.5, 0.2, WEIGHTS, "relu"), (3,)),
    (vg.layer_gradients, (0.5, 0.2, WEIGHTS[:1], "relu"), (1,)),
    (vg.vanishing_ratio, (WEIGHTS,), float),
    (vg.sigmoid_gradient_bound, (5,), float),
    (vg.sigmoid_gradient_bound, (0,), float),
    (act.sigmoid, (NUMBERS,), (5,)),
    (act.tanh, (NUMBERS,), (5,)),
    (act.tanh_derivative, (NUMBERS,), (5,)),
    (act.relu, (NUMBERS,), (5,)),
    (act.leaky_relu, (NUMBERS,), (5,)),
    (act.leaky_relu, (NUMBERS, 0.2), (5,)),
    (act.leaky_relu_derivative, (NUMBERS, 0.2), (5,)),
    (act.softmax, (LOGITS,), (4,)),
    (act.softmax, (BATCH,), (3, 4)),
    (act.predict_class, (LOGITS,), int),
    (act.collapse_linear_layers, LAYERS, [(2, 4), (2,)]),
]
ELEMENTWISE: list[Callable[..., Any]] = [
    bp.sigmoid,
    bp.sigmoid_slope,
    vg.sigmoid_derivative,
    vg.relu_derivative,
    act.sigmoid,
    act.tanh,
    act.tanh_derivative,
    act.relu,
    act.leaky_relu,
    act.leaky_relu_derivative,
]


def name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def kind_of(value: Any) -> Any:
    if isinstance(value, tuple):
        return [kind_of(item) for item in value]
    if isinstance(value, np.ndarray):
        return value.shape if value.dtype == np.float64 else value.dtype
    return type(value)


every_call = pytest.mark.parametrize(
    ("function", "arguments", "kind"),
    CALLS,
    ids=[name_of(function) for function, _, _ in CALLS],
)
every_elementwise_function = pytest.mark.parametrize("function", ELEMENTWISE, ids=name_of)


def test_all_36_functions_are_called_here() -> None:
    assert len({name_of(function) for function, _, _ in CALLS}) == 36


@every_call
def test_the_result_is_of_the_canonical_kind(
    function: Callable[..., Any], arguments: tuple[Any, ...], kind: Any
) -> None:
    """Plain Python floats, ints and strings, float64 arrays of the stated shape, plain tuples."""
    assert kind_of(function(*arguments)) == kind


@every_call
def test_no_argument_is_changed(
    function: Callable[..., Any], arguments: tuple[Any, ...], kind: Any
) -> None:
    before = copy.deepcopy(arguments)
    function(*arguments)
    for argument, original in zip(arguments, before, strict=True):
        assert np.array_equal(argument, original)


@every_call
def test_the_result_shares_no_memory_with_the_arguments(
    function: Callable[..., Any], arguments: tuple[Any, ...], kind: Any
) -> None:
    """Or else a caller who changes the result would change the argument after all."""
    result = function(*arguments)
    for value in result if isinstance(result, tuple) else (result,):
        for argument in arguments:
            if isinstance(value, np.ndarray) and isinstance(argument, np.ndarray):
                assert not np.shares_memory(value, argument)


@every_call
def test_read_only_and_strided_arrays_are_as_good_as_any(
    function: Callable[..., Any], arguments: tuple[Any, ...], kind: Any
) -> None:
    def awkward(argument: Any) -> Any:
        if not isinstance(argument, np.ndarray):
            return argument
        spread = np.full((*argument.shape, 2), np.nan)
        spread[..., 0] = argument
        view = spread[..., 0]
        view.flags.writeable = False
        return view

    def numbers(value: Any) -> list[Any]:
        parts = value if isinstance(value, tuple) else (value,)
        return [np.asarray(part).tolist() for part in parts]

    got = numbers(function(*map(awkward, arguments)))
    for part, expected in zip(got, numbers(function(*arguments)), strict=True):
        if isinstance(expected, str):
            assert part == expected
        else:
            assert part == pytest.approx(np.array(expected), rel=1e-14)


@every_call
def test_a_call_gives_the_same_answer_again_and_prints_nothing(
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    kind: Any,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert repr(function(*arguments)) == repr(function(*arguments))
    assert capfd.readouterr() == ("", "")


@every_call
def test_a_call_is_silent_even_where_numpy_is_told_to_raise(
    function: Callable[..., Any], arguments: tuple[Any, ...], kind: Any
) -> None:
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        function(*arguments)


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

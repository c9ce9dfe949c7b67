"""Identities of the mathematics hold for the references at whatever Hypothesis comes up with."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from solutions import activations as act
from solutions import backpropagation as bp
from solutions import gradient_descent as gd
from solutions import vanishing_gradient as vg
from tests.laws import examples

Array = NDArray[np.float64]
Parameters = tuple[float, float, float, float]


def for_all(
    *drawn: st.SearchStrategy[Any], **named: st.SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test on sixty drawn examples, the same ones every time."""
    chosen = settings(deadline=None, max_examples=examples(60, 60), derandomize=True)
    return lambda test: chosen(given(*drawn, **named)(test))


def near(expected: Any, rel: float = 1e-12, absolute: float = 1e-12) -> Any:
    return pytest.approx(expected, rel=rel, abs=absolute)


def floats(low: float, high: float) -> st.SearchStrategy[float]:
    # Numbers such as 1e-200 square to 0: they test float64, not the identities.
    return st.floats(low, high).filter(lambda number: number == 0 or abs(number) > 1e-6)


def vectors(
    low: float, high: float, min_size: int = 1, max_size: int = 8
) -> st.SearchStrategy[Array]:
    return arrays(np.float64, st.integers(min_size, max_size), elements=floats(low, high))


def anything(low: float, high: float) -> st.SearchStrategy[Array]:
    """Arrays of no, one, two or three dimensions."""
    shapes = array_shapes(min_dims=0, max_dims=3, max_side=4)
    return arrays(np.float64, shapes, elements=floats(low, high))


def batches(low: float, high: float) -> st.SearchStrategy[Array]:
    shapes = st.tuples(st.integers(1, 4), st.integers(1, 5))
    return arrays(np.float64, shapes, elements=floats(low, high))


@st.composite
def data_sets(draw: st.DrawFn) -> tuple[Array, Array]:
    """Data with z about 2x, and inputs that are not all close to 0."""
    m = draw(st.integers(1, 8))
    x = draw(arrays(np.float64, m, elements=floats(-3, 3)))
    noise = draw(arrays(np.float64, m, elements=floats(-0.5, 0.5)))
    assume(np.mean(x**2) > 0.05)
    return x, 2 * x + noise


def best_weight(x: Array, z: Array) -> float:
    return float(np.sum(x * z) / np.sum(x**2))


weight = floats(-5, 5)
parameter_sets = st.tuples(weight, weight, weight, weight)
activation_values = floats(0.001, 0.999)


# --- gradient_descent -----------------------------------------------------------------------------


@for_all(weight, weight, vectors(-3, 3))
def test_predictions_are_linear_in_the_weight(w: float, v: float, x: Array) -> None:
    assert gd.predict(w + v, x) == near(gd.predict(w, x) + gd.predict(v, x))


@for_all(weight, data_sets())
def test_the_cost_is_the_sum_of_squares_over_2m(w: float, data: tuple[Array, Array]) -> None:
    assert gd.cost(w, *data) == near(gd.sum_squared_error(w, *data) / (2 * len(data[0])))


@for_all(weight, vectors(-3, 3))
def test_the_cost_is_zero_for_an_exact_fit_and_never_negative(w: float, x: Array) -> None:
    assert gd.cost(w, x, w * x) == 0.0
    assert gd.cost(w, x, w * x + 1.0) > 0.0


@for_all(data_sets(), weight)
def test_the_cost_is_a_parabola_around_the_best_weight(
    data: tuple[Array, Array], distance: float
) -> None:
    best = best_weight(*data)
    rise = 0.5 * np.mean(data[0] ** 2) * distance**2
    assert gd.cost(best + distance, *data) == near(gd.cost(best, *data) + rise, absolute=1e-11)
    assert gd.cost(best - distance, *data) == near(gd.cost(best + distance, *data), absolute=1e-11)


@for_all(weight, data_sets(), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_of_the_data_changes_cost_and_slope(
    w: float, data: tuple[Array, Array], random: Any
) -> None:
    x, z = data
    order = random.sample(range(len(x)), len(x))
    for function in (gd.cost, gd.cost_gradient):
        assert function(w, x[order], z[order]) == near(function(w, x, z))
        assert function(w, np.tile(x, 3), np.tile(z, 3)) == near(function(w, x, z))


@for_all(weight, data_sets())
def test_the_slope_grows_in_proportion_to_the_distance_from_the_best_weight(
    w: float, data: tuple[Array, Array]
) -> None:
    expected = np.mean(data[0] ** 2) * (w - best_weight(*data))
    assert gd.cost_gradient(w, *data) == near(expected, absolute=1e-11)


@for_all(weight, data_sets())
def test_the_cost_falls_in_the_descent_direction(w: float, data: tuple[Array, Array]) -> None:
    assume(abs(w - best_weight(*data)) > 0.01)
    sign = {"left": -1, "right": 1}[gd.descent_direction(gd.cost_gradient(w, *data))]
    assert gd.cost(w + sign * 0.001, *data) < gd.cost(w, *data)


@for_all(floats(-1e6, 1e6))
def test_directions_of_opposite_slopes_are_opposite(slope: float) -> None:
    opposite = {"left": "right", "right": "left", "stop": "stop"}
    assert gd.descent_direction(-slope) == opposite[gd.descent_direction(slope)]


@for_all(weight, weight, weight, weight, floats(0.001, 1))
def test_an_update_is_linear_in_weight_and_gradient(
    w: float, v: float, g: float, h: float, rate: float
) -> None:
    together = gd.update_weight(w + v, g + h, rate)
    assert together == near(gd.update_weight(w, g, rate) + gd.update_weight(v, h, rate))
    assert gd.update_weight(w, g, 0.0) == w


@for_all(data_sets(), weight, floats(0.05, 0.95))
def test_below_the_stable_rate_the_cost_falls_at_every_step(
    data: tuple[Array, Array], w0: float, fraction: float
) -> None:
    assume(abs(w0 - best_weight(*data)) > 0.1)
    rate = fraction * gd.max_stable_learning_rate(data[0])
    weights = gd.gradient_descent(*data, w0, rate, 6)
    costs = np.array([gd.cost(float(w), *data) for w in weights])
    assert costs[1] < costs[0]
    assert (np.diff(costs) <= 1e-14 * costs[0]).all()


@for_all(data_sets(), weight, floats(1.05, 2.0))
def test_above_the_stable_rate_the_cost_rises_at_every_step(
    data: tuple[Array, Array], w0: float, fraction: float
) -> None:
    assume(abs(w0 - best_weight(*data)) > 0.1)
    rate = fraction * gd.max_stable_learning_rate(data[0])
    weights = gd.gradient_descent(*data, w0, rate, 6)
    costs = np.array([gd.cost(float(w), *data) for w in weights])
    assert (np.diff(costs) > 0).all()


@for_all(data_sets(), weight)
def test_at_half_the_stable_rate_one_step_lands_on_the_best_weight(
    data: tuple[Array, Array], w0: float
) -> None:
    rate = 1 / np.mean(data[0] ** 2)
    assert rate == near(gd.max_stable_learning_rate(data[0]) / 2)
    landed = gd.gradient_descent(*data, w0, float(rate), 1)[-1]
    assert landed == near(best_weight(*data), absolute=1e-11)


@for_all(data_sets(), weight, floats(0.01, 0.3), st.integers(0, 20))
def test_each_step_scales_the_distance_to_the_best_weight_by_the_same_factor(
    data: tuple[Array, Array], w0: float, rate: float, n: int
) -> None:
    best = best_weight(*data)
    factor = 1 - rate * np.mean(data[0] ** 2)
    expected = best + factor ** np.arange(n + 1) * (w0 - best)
    assert gd.gradient_descent(*data, w0, rate, n) == near(expected, 1e-10, 1e-10)


@for_all(data_sets(), weight, floats(0.01, 0.3), st.integers(0, 6), st.integers(0, 6))
def test_descending_on_from_where_a_descent_ended_is_one_longer_descent(
    data: tuple[Array, Array], w0: float, rate: float, n: int, more: int
) -> None:
    first = gd.gradient_descent(*data, w0, rate, n)
    second = gd.gradient_descent(*data, float(first[-1]), rate, more)
    whole = gd.gradient_descent(*data, w0, rate, n + more)
    assert np.concatenate([first, second[1:]]).tolist() == whole.tolist()


@for_all(vectors(-3, 3), floats(0.1, 10))
def test_inputs_c_times_as_large_bear_a_rate_c_squared_times_as_small(x: Array, c: float) -> None:
    assume(np.mean(x**2) > 0.05)
    assert gd.max_stable_learning_rate(c * x) == near(gd.max_stable_learning_rate(x) / c**2)


# --- backpropagation ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sigmoid", [bp.sigmoid, act.sigmoid], ids=["backpropagation", "activations"]
)
@for_all(z=anything(-1e6, 1e6))
def test_sigmoids_of_opposite_numbers_add_up_to_one(sigmoid: Callable[..., Any], z: Array) -> None:
    assert sigmoid(z) + sigmoid(-z) == near(np.ones(z.shape), 1e-15)


@pytest.mark.parametrize(
    "sigmoid", [bp.sigmoid, act.sigmoid], ids=["backpropagation", "activations"]
)
@for_all(z=floats(-30, 30), step=floats(0.01, 5))
def test_sigmoid_increases_between_zero_and_one(
    sigmoid: Callable[..., Any], z: float, step: float
) -> None:
    assert 0 < sigmoid(z) < sigmoid(z + step) <= 1


@for_all(anything(-700, 700))
def test_the_two_modules_have_the_same_sigmoid(z: Array) -> None:
    assert np.array_equal(bp.sigmoid(z), act.sigmoid(z))


@for_all(anything(0, 1))
def test_sigmoid_slope_is_symmetric_and_at_most_a_quarter(a: Array) -> None:
    slope = np.asarray(bp.sigmoid_slope(a))
    assert slope == near(bp.sigmoid_slope(1 - a))
    assert ((slope >= 0) & (slope <= 0.25)).all()


@for_all(floats(-3, 3), parameter_sets)
def test_forward_is_two_neurons_one_after_the_other(x: float, parameters: Parameters) -> None:
    w1, b1, w2, b2 = parameters
    z1, a1, z2, a2 = bp.forward(x, w1, b1, w2, b2)
    assert z1 == bp.weighted_sum(x, w1, b1)
    assert a1 == bp.sigmoid(z1)
    assert z2 == bp.weighted_sum(a1, w2, b2)
    assert a2 == bp.sigmoid(z2)


@for_all(activation_values, activation_values)
def test_the_error_is_half_the_square_of_its_slope(target: float, a2: float) -> None:
    assert bp.error(target, a2) == near(0.5 * bp.error_slope(target, a2) ** 2)
    assert bp.error(target, a2) == bp.error(a2, target)
    assert bp.error_slope(target, a2) == -bp.error_slope(a2, target)


@for_all(floats(-3, 3), activation_values, weight, activation_values, activation_values)
def test_a_weight_has_the_gradient_of_its_bias_times_its_input(
    x: float, target: float, w2: float, a1: float, a2: float
) -> None:
    assert bp.gradient_w2(target, a1, a2) == near(bp.gradient_b2(target, a2) * a1)
    db1 = bp.gradient_b1(target, a1, w2, a2)
    assert bp.gradient_w1(x, target, a1, w2, a2) == near(db1 * x)


@for_all(floats(-3, 3), parameter_sets)
def test_every_gradient_is_zero_on_target(x: float, parameters: Parameters) -> None:
    *_, a2 = bp.forward(x, *parameters)
    assert bp.backward(x, a2, *parameters) == (0.0, 0.0, 0.0, 0.0)


@for_all(floats(-3, 3), activation_values, parameter_sets)
def test_backward_collects_the_four_gradients(
    x: float, target: float, parameters: Parameters
) -> None:
    _, a1, _, a2 = bp.forward(x, *parameters)
    w2 = parameters[2]
    assert bp.backward(x, target, *parameters) == (
        bp.gradient_w1(x, target, a1, w2, a2),
        bp.gradient_b1(target, a1, w2, a2),
        bp.gradient_w2(target, a1, a2),
        bp.gradient_b2(target, a2),
    )


@for_all(parameter_sets, parameter_sets, floats(0.001, 2))
def test_all_four_parameters_are_updated_like_a_single_weight(
    parameters: Parameters, gradients: Parameters, rate: float
) -> None:
    updated = bp.update_parameters(parameters, gradients, rate)
    assert updated == tuple(map(gd.update_weight, parameters, gradients, [rate] * 4))
    back = bp.update_parameters(updated, gradients, -rate)
    assert back == near(parameters)


@for_all(floats(-3, 3), activation_values, parameter_sets)
def test_a_small_step_against_the_gradients_lowers_the_error(
    x: float, target: float, parameters: Parameters
) -> None:
    gradients = bp.backward(x, target, *parameters)
    assume(max(map(abs, gradients)) > 1e-4)
    moved = bp.update_parameters(parameters, gradients, 0.01)
    before, after = (bp.error(target, bp.forward(x, *p)[3]) for p in (parameters, moved))
    assert after < before


@for_all(floats(-3, 3), activation_values, parameter_sets, floats(0.1, 2), st.integers(1, 6))
def test_each_recorded_error_is_that_of_the_parameters_trained_so_far(
    x: float, target: float, parameters: Parameters, rate: float, epochs: int
) -> None:
    _, errors = bp.train(x, target, *parameters, rate, epochs, 0.0)
    for epoch, recorded in enumerate(errors):
        so_far, _ = bp.train(x, target, *parameters, rate, epoch, 0.0)
        assert recorded == bp.error(target, bp.forward(x, *so_far)[3])


@for_all(floats(-3, 3), activation_values, parameter_sets, floats(0.1, 2), st.integers(0, 6))
def test_training_on_from_where_training_ended_is_one_longer_training(
    x: float, target: float, parameters: Parameters, rate: float, epochs: int
) -> None:
    first, errors = bp.train(x, target, *parameters, rate, epochs, 0.0)
    second, more_errors = bp.train(x, target, *first, rate, 3, 0.0)
    whole, all_errors = bp.train(x, target, *parameters, rate, epochs + 3, 0.0)
    assert second == whole
    assert [*errors, *more_errors] == all_errors.tolist()


@for_all(floats(-3, 3), activation_values, parameter_sets, floats(0.1, 2), st.integers(1, 8))
def test_training_stops_at_the_first_error_below_the_tolerance_and_does_not_update_there(
    x: float, target: float, parameters: Parameters, rate: float, stop_at: int
) -> None:
    _, errors = bp.train(x, target, *parameters, rate, 10, 0.0)
    assume((np.diff(errors[:stop_at]) < 0).all() and errors[stop_at - 1] > 1e-12)
    tolerance = float(np.nextafter(errors[stop_at - 1], 1.0))
    assume(stop_at == 1 or errors[stop_at - 2] >= tolerance)
    stopped, its_errors = bp.train(x, target, *parameters, rate, 10, tolerance)
    assert its_errors.tolist() == errors[:stop_at].tolist()
    assert stopped == bp.train(x, target, *parameters, rate, stop_at - 1, 0.0)[0]


# --- vanishing_gradient ---------------------------------------------------------------------------

chain_weights = vectors(-4, 4, max_size=12)
both_activations = st.sampled_from(["sigmoid", "relu"])


@for_all(anything(-30, 30))
def test_the_slope_from_z_is_the_slope_from_the_activation(z: Array) -> None:
    # a (1 - a) loses digits where a is close to 1; the symmetric side of z keeps them.
    left = -np.abs(z)
    assert vg.sigmoid_derivative(z) == near(bp.sigmoid_slope(bp.sigmoid(left)), 1e-14, 0.0)


@for_all(anything(-1e6, 1e6))
def test_sigmoid_derivative_is_even_and_at_most_a_quarter(z: Array) -> None:
    slope = np.asarray(vg.sigmoid_derivative(z))
    assert np.array_equal(slope, vg.sigmoid_derivative(-z))
    assert ((slope >= 0) & (slope <= 0.25)).all()


@for_all(anything(-1e6, 1e6))
def test_z_times_the_slope_of_relu_is_relu(z: Array) -> None:
    assert np.array_equal(z * vg.relu_derivative(z), act.relu(z))


@for_all(floats(-3, 3), weight, weight)
def test_a_chain_of_two_is_the_two_neurons_without_biases(x: float, w1: float, w2: float) -> None:
    z, a = vg.forward_chain(x, np.array([w1, w2]), "sigmoid")
    assert (z[0], a[1], z[1], a[2]) == near(bp.forward(x, w1, 0.0, w2, 0.0))
    gradients = vg.layer_gradients(x, 0.3, np.array([w1, w2]), "sigmoid")
    dw1, _, dw2, _ = bp.backward(x, 0.3, w1, 0.0, w2, 0.0)
    assert gradients == near([dw1, dw2])


@for_all(floats(-3, 3), chain_weights, both_activations)
def test_every_sum_is_a_weight_times_the_activation_before_it(
    x: float, weights: Array, activation: str
) -> None:
    z, a = vg.forward_chain(x, weights, activation)
    assert a[0] == x
    assert np.array_equal(z, weights * a[:-1])
    g = act.sigmoid if activation == "sigmoid" else act.relu
    assert a[1:] == near(g(z))


@for_all(floats(-3, 3), chain_weights, both_activations)
def test_a_shorter_chain_is_the_beginning_of_a_longer_one(
    x: float, weights: Array, activation: str
) -> None:
    z, a = vg.forward_chain(x, weights, activation)
    shorter_z, shorter_a = vg.forward_chain(x, weights[:3], activation)
    assert shorter_z.tolist() == z[:3].tolist()
    assert shorter_a.tolist() == a[:4].tolist()


@for_all(floats(-3, 3), chain_weights, floats(0.1, 10))
def test_a_relu_chain_scales_with_its_input(x: float, weights: Array, c: float) -> None:
    _, a = vg.forward_chain(x, weights, "relu")
    _, scaled = vg.forward_chain(c * x, weights, "relu")
    assert scaled == near(c * a)


@for_all(floats(0.1, 3), vectors(0.2, 2, max_size=12))
def test_a_live_relu_chain_multiplies_its_weights(x: float, weights: Array) -> None:
    _, a = vg.forward_chain(x, weights, "relu")
    assert a[-1] == near(x * np.prod(weights))
    gradients = vg.layer_gradients(x, 0.3, weights, "relu")
    assert gradients * weights == near(np.full(len(weights), (a[-1] - 0.3) * a[-1]))


@for_all(floats(-3, 3), activation_values, chain_weights)
def test_sigmoid_gradients_stay_within_the_bound_times_the_weights(
    x: float, target: float, weights: Array
) -> None:
    _, a = vg.forward_chain(x, weights, "sigmoid")
    gradients = vg.layer_gradients(x, target, weights, "sigmoid")
    for layer, gradient in enumerate(gradients):
        slopes_passed = len(weights) - layer
        weights_passed = float(np.prod(np.abs(weights[layer + 1 :])))
        bound = vg.sigmoid_gradient_bound(slopes_passed) * weights_passed
        assert abs(gradient) <= abs(target - a[-1]) * bound * abs(a[layer]) * (1 + 1e-12)


@for_all(floats(-3, 3), activation_values, chain_weights, both_activations)
def test_neighbouring_gradients_differ_by_one_slope_and_one_weight(
    x: float, target: float, weights: Array, activation: str
) -> None:
    z, a = vg.forward_chain(x, weights, activation)
    slopes = {"sigmoid": vg.sigmoid_derivative, "relu": vg.relu_derivative}[activation](z)
    gradients = vg.layer_gradients(x, target, weights, activation)
    # g_l / a_(l-1) = g_(l+1) / a_l * w_(l+1) * slope_l, multiplied out so that nothing is divided.
    left = gradients[:-1] * a[1:-1]
    right = gradients[1:] * weights[1:] * np.asarray(slopes)[:-1] * a[:-2]
    assert left == near(right)


@for_all(vectors(-3, 3), floats(0.1, 10))
def test_the_ratio_knows_neither_scale_nor_sign(gradients: Array, c: float) -> None:
    assume(gradients[-1] != 0)
    ratio = vg.vanishing_ratio(gradients)
    assert ratio >= 0
    assert vg.vanishing_ratio(c * gradients) == near(ratio)
    assert vg.vanishing_ratio(-gradients) == ratio
    assert ratio * abs(gradients[-1]) == near(abs(gradients[0]))


@for_all(st.integers(0, 200), st.integers(0, 200))
def test_bounds_of_two_parts_multiply(depth: int, more: int) -> None:
    together = vg.sigmoid_gradient_bound(depth) * vg.sigmoid_gradient_bound(more)
    assert vg.sigmoid_gradient_bound(depth + more) == together


@for_all(vectors(-8, 8))
def test_no_product_of_sigmoid_slopes_exceeds_the_bound(z: Array) -> None:
    product = np.prod(vg.sigmoid_derivative(z))
    assert product <= vg.sigmoid_gradient_bound(len(z))
    assert np.prod(vg.sigmoid_derivative(0 * z)) == vg.sigmoid_gradient_bound(len(z))


# --- activations ----------------------------------------------------------------------------------


@for_all(anything(-1e6, 1e6))
def test_tanh_is_a_sigmoid_stretched_from_minus_one_to_one(z: Array) -> None:
    assert act.tanh(z) == near(2 * act.sigmoid(2 * z) - 1, 1e-12, 4e-16)


@for_all(anything(-1e6, 1e6))
def test_tanh_is_odd_and_its_slope_even(z: Array) -> None:
    assert np.array_equal(act.tanh(-z), -np.asarray(act.tanh(z)))
    assert np.array_equal(act.tanh_derivative(-z), act.tanh_derivative(z))


@for_all(anything(-300, 300))
def test_the_slope_of_tanh_is_four_sigmoid_slopes_at_twice_z(z: Array) -> None:
    assert act.tanh_derivative(z) == near(4 * vg.sigmoid_derivative(2 * z), 1e-14, 0.0)


@for_all(anything(-5, 5))
def test_the_slope_of_tanh_and_its_square_add_up_to_one(z: Array) -> None:
    assert act.tanh_derivative(z) + np.asarray(act.tanh(z)) ** 2 == near(np.ones(z.shape), 1e-15)


@for_all(anything(-1e6, 1e6))
def test_relu_splits_a_number_into_its_two_sides(z: Array) -> None:
    assert np.array_equal(act.relu(z) - act.relu(-z), z)
    assert np.array_equal(act.relu(z) + act.relu(-z), np.abs(z))
    assert np.array_equal(act.relu(act.relu(z)), act.relu(z))


@for_all(anything(-1e6, 1e6), floats(0.001, 0.999))
def test_leaky_relu_lies_between_z_and_relu_and_is_the_larger_line(z: Array, alpha: float) -> None:
    leaky = np.asarray(act.leaky_relu(z, alpha))
    assert ((z <= leaky) & (leaky <= act.relu(z))).all()
    assert np.array_equal(leaky, np.maximum(z, alpha * z))
    assert leaky == near(act.relu(z) - alpha * act.relu(-z))


@for_all(anything(-1e6, 1e6), floats(0.001, 0.999))
def test_z_times_the_slope_of_leaky_relu_is_leaky_relu(z: Array, alpha: float) -> None:
    assert np.array_equal(z * act.leaky_relu_derivative(z, alpha), act.leaky_relu(z, alpha))


@for_all(anything(-1e6, 1e6))
def test_alpha_is_a_hundredth_unless_told(z: Array) -> None:
    assert np.array_equal(act.leaky_relu(z), act.leaky_relu(z, alpha=0.01))
    assert np.array_equal(act.leaky_relu_derivative(z), act.leaky_relu_derivative(z, alpha=0.01))


logits = st.one_of(vectors(-1e4, 1e4), batches(-1e4, 1e4))
close_logits = st.one_of(vectors(-20, 20), batches(-20, 20))


@for_all(logits)
def test_softmax_rows_are_probabilities(z: Array) -> None:
    p = act.softmax(z)
    assert p.shape == z.shape
    assert ((p >= 0) & (p <= 1)).all()
    assert p.sum(axis=-1) == near(np.ones(z.shape[:-1]), 1e-14)


@for_all(close_logits, floats(-50, 50))
def test_softmax_does_not_see_a_shift_common_to_a_row(z: Array, shift: float) -> None:
    assert act.softmax(z + shift) == near(act.softmax(z), 1e-12, 0.0)


@for_all(batches(-20, 20), st.data())
def test_each_row_of_a_batch_may_have_a_shift_of_its_own(z: Array, data: st.DataObject) -> None:
    shifts = data.draw(arrays(np.float64, (len(z), 1), elements=floats(-50, 50)))
    assert act.softmax(z + shifts) == near(act.softmax(z), 1e-12, 0.0)


@for_all(close_logits, st.randoms(use_true_random=False))
def test_softmax_of_permuted_logits_is_the_permuted_softmax(z: Array, random: Any) -> None:
    order = random.sample(range(z.shape[-1]), z.shape[-1])
    assert act.softmax(z[..., order]) == near(act.softmax(z)[..., order], 1e-14, 0.0)


@for_all(batches(-1e4, 1e4))
def test_rows_of_a_batch_do_not_see_each_other(z: Array) -> None:
    assert act.softmax(z) == near(np.array([act.softmax(row) for row in z]), 1e-14, 0.0)
    winners = act.predict_class(z)
    assert isinstance(winners, np.ndarray)
    assert winners.tolist() == [act.predict_class(row) for row in z]


@for_all(close_logits)
def test_ratios_of_probabilities_are_exponentials_of_differences(z: Array) -> None:
    p = act.softmax(z)
    assert p / p[..., :1] == near(np.exp(z - z[..., :1]), 1e-12, 0.0)


@for_all(floats(-300, 300), floats(-300, 300))
def test_softmax_of_two_is_the_sigmoid_of_their_difference(z1: float, z2: float) -> None:
    assert act.softmax(np.array([z1, z2]))[0] == near(act.sigmoid(z1 - z2), 1e-12, 0.0)


@for_all(logits)
def test_the_largest_logit_is_the_largest_probability(z: Array) -> None:
    top_two = np.sort(z, axis=-1)[..., -2:]
    # Logits closer than 1e-9 may round to equal probabilities, and ties are not settled.
    assume(z.shape[-1] == 1 or (np.diff(top_two, axis=-1) > 1e-9).all())
    assert np.array_equal(act.predict_class(act.softmax(z)), act.predict_class(z))


@for_all(logits)
def test_the_predicted_class_has_the_largest_logit(z: Array) -> None:
    rows, winners = np.atleast_2d(z), np.atleast_1d(act.predict_class(z))
    assert [row[winner] for row, winner in zip(rows, winners, strict=True)] == [
        max(row) for row in rows
    ]


@st.composite
def linear_layers(draw: st.DrawFn, count: int) -> list[tuple[Array, Array]]:
    """Draw `count` layers (W, b), each as wide as the one before it is high."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=count + 1, max_size=count + 1))
    entries = floats(-3, 3)
    return [
        (
            draw(arrays(np.float64, (after, before), elements=entries)),
            draw(arrays(np.float64, after, elements=entries)),
        )
        for before, after in pairwise(sizes)
    ]


@for_all(linear_layers(2), st.data())
def test_the_collapsed_layer_computes_what_both_layers_do(
    layers: list[tuple[Array, Array]], data: st.DataObject
) -> None:
    (W1, b1), (W2, b2) = layers
    W, b = act.collapse_linear_layers(W1, b1, W2, b2)
    x = data.draw(arrays(np.float64, W1.shape[1], elements=floats(-3, 3)))
    assert W @ x + b == near(W2 @ (W1 @ x + b1) + b2, absolute=1e-11)


@for_all(linear_layers(3))
def test_three_layers_collapse_to_the_same_one_from_either_end(
    layers: list[tuple[Array, Array]],
) -> None:
    (first, second, third) = layers
    from_the_front = act.collapse_linear_layers(
        *act.collapse_linear_layers(*first, *second), *third
    )
    from_the_back = act.collapse_linear_layers(*first, *act.collapse_linear_layers(*second, *third))
    for one, other in zip(from_the_front, from_the_back, strict=True):
        assert one == near(other, absolute=1e-11)


# --- every element-wise function ------------------------------------------------------------------

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


@pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda function: function.__qualname__)
@for_all(z=anything(-50, 50))
def test_an_array_is_treated_number_by_number(function: Callable[..., Any], z: Array) -> None:
    values = function(z)
    assert values.shape == z.shape
    one_by_one = [function(number) for number in z.ravel().tolist()]
    assert values.ravel() == near(np.array(one_by_one), 1e-15, 0.0)
    from_transposed = function(z.T).T
    assert from_transposed == near(values, 1e-15, 0.0)

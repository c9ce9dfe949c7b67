"""The figures that the lessons print come out of the references."""

import numpy as np
import pytest

from solutions import activations, backpropagation, gradient_descent, vanishing_gradient

X = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
NEURONS = (0.15, 0.40, 0.45, 0.65)


def test_at_learning_rate_0_4_the_first_step_is_big_and_the_next_ones_smaller() -> None:
    weights = gradient_descent.gradient_descent(X, 2 * X, 0.0, 0.4, 4)
    assert weights == pytest.approx([0, 1.6, 1.92, 1.984, 1.9968], rel=1e-14)


def test_at_learning_rate_0_5_one_step_lands_on_2() -> None:
    weights = gradient_descent.gradient_descent(X, 2 * X, 0.0, 0.5, 3)
    assert weights.tolist() == [0.0, 2.0, 2.0, 2.0]


def test_at_learning_rate_1_the_weight_bounces_between_0_and_4() -> None:
    weights = gradient_descent.gradient_descent(X, 2 * X, 0.0, 1.0, 5)
    assert weights.tolist() == [0.0, 4.0, 0.0, 4.0, 0.0, 4.0]


def test_above_learning_rate_1_it_diverges() -> None:
    assert gradient_descent.max_stable_learning_rate(X) == 1.0
    weights = gradient_descent.gradient_descent(X, 2 * X, 0.0, 1.1, 60)
    distances = np.abs(weights - 2)
    assert (np.diff(distances) > 0).all()
    assert distances[-1] > 1e4


def test_the_two_neurons_answer_0_7153() -> None:
    z1, a1, z2, a2 = backpropagation.forward(0.1, *NEURONS)
    assert z1 == pytest.approx(0.415, rel=1e-15)
    assert (round(a1, 4), round(z2, 4), round(a2, 4)) == (0.6023, 0.9210, 0.7153)


def test_the_four_gradients_of_the_two_neurons() -> None:
    dw1, db1, dw2, db2 = backpropagation.backward(0.1, 0.25, *NEURONS)
    assert (round(dw1, 7), round(db1, 6)) == (0.0010214, 0.010214)
    assert (round(dw2, 5), round(db2, 5)) == (0.05707, 0.09476)


def test_training_the_two_neurons_takes_the_output_to_its_target() -> None:
    parameters, errors = backpropagation.train(0.1, 0.25, *NEURONS, 0.5, 5000, 1e-8)
    assert len(errors) < 5000
    assert errors[-1] < 1e-8 <= errors[-2]
    assert backpropagation.forward(0.1, *parameters)[3] == pytest.approx(0.25, abs=2e-4)


def test_softmax_of_the_notes_logits() -> None:
    logits = np.array([1.6, 0.55, 0.98])
    assert np.round(np.exp(logits).sum(), 3) == 9.351
    assert np.round(activations.softmax(logits), 4).tolist() == [0.5297, 0.1854, 0.2849]
    assert activations.predict_class(logits) == 0


def test_a_sigmoid_slope_is_at_most_a_quarter_and_ten_of_them_under_a_millionth() -> None:
    assert vanishing_gradient.sigmoid_derivative(0.0) == 0.25
    assert vanishing_gradient.sigmoid_gradient_bound(10) == 0.25**10 < 1e-6


def test_with_the_same_weights_the_gradient_vanishes_through_sigmoids_but_not_through_relus() -> (
    None
):
    weights = np.full(20, 1.0)
    through = {
        activation: vanishing_gradient.vanishing_ratio(
            vanishing_gradient.layer_gradients(0.5, 0.2, weights, activation)
        )
        for activation in ("sigmoid", "relu")
    }
    assert through["sigmoid"] < 1e-11
    assert through["relu"] == 1.0


def test_a_weight_over_4_can_offset_a_slope_of_a_quarter() -> None:
    """The correction to the notes: slopes times weights shrink a gradient, not activations."""
    weights = np.array([-8.0, 5.0])
    z, a = vanishing_gradient.forward_chain(0.5, weights, "sigmoid")
    assert (a < 1).all()
    assert vanishing_gradient.sigmoid_derivative(z)[1] * weights[1] > 1  # type: ignore[index]

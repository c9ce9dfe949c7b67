"""Public checks of the backpropagation lesson, on its two neurons and on others like them."""

from typing import Any

import numpy as np

from autograder.rubric import assert_close, points

X, TARGET = 0.1, 0.25
W1, B1, W2, B2 = PARAMETERS = 0.15, 0.40, 0.45, 0.65
Z1, A1, Z2, A2 = 0.415, 0.6022861768886306, 0.9210287795998838, 0.7152516802527555
# Another network, with another example.
OTHER_X, OTHER_TARGET = -0.7, 0.1
OTHER = -0.6, 0.3, 0.9, -0.2
OTHER_GRADIENTS = (
    -0.016647081596370107,
    0.023781545137671584,
    0.0807101569654786,
    0.11999600794730875,
)
GRADIENTS = 0.0010213958814763399, 0.010213958814763398, 0.05707039820105493, 0.0947562809690847


@points(0.2)
def test_first_weighted_sum(weighted_sum: Any) -> None:
    """The first neuron's weighted sum is 0.15 times 0.1 plus 0.40: 0.415; another one's is 0.72."""
    assert_close(weighted_sum(X, W1, B1), Z1)
    assert_close(weighted_sum(-0.7, -0.6, 0.3), 0.72)


@points(0.6)
def test_sigmoid_of_an_array(sigmoid: Any) -> None:
    """The sigmoid of -2, 0, 0.415 and 3, entry by entry."""
    z = np.array([-2.0, 0.0, Z1, 3.0])
    assert_close(sigmoid(z), np.array([0.1192029220221176, 0.5, A1, 0.9525741268224334]))


@points(0.8)
def test_forward_pass(forward: Any) -> None:
    """The lesson's network computes 0.415, 0.6023, 0.9210 and predicts 0.7153; another 0.6000."""
    assert_close(forward(X, *PARAMETERS), (Z1, A1, Z2, A2))
    other = 0.72, 0.6726070170677604, 0.40534631536098437, 0.599971489402025
    assert_close(forward(OTHER_X, *OTHER), other)


@points(0.4)
def test_error_of_the_prediction(error: Any) -> None:
    """Predicting 0.7153 for the target 0.25 is an error of 0.1082, 0.4 for 0.9 is one of 0.125."""
    assert_close(error(TARGET, A2), 0.10822956298900614)
    assert_close(error(0.9, 0.4), 0.125)


@points(0.4)
def test_error_falls_towards_the_target(error_slope: Any) -> None:
    """The slope is what the prediction is off by: 0.4653 too large, or 0.5 too small, so -0.5."""
    assert_close(error_slope(TARGET, A2), 0.46525168025275554)
    assert_close(error_slope(0.9, 0.4), -0.5)


@points(0.4)
def test_slopes_from_activations(sigmoid_slope: Any) -> None:
    """Given the activations 0.2, 0.5 and 0.9, the sigmoid's slopes are 0.16, 0.25 and 0.09."""
    assert_close(sigmoid_slope(np.array([0.2, 0.5, 0.9])), np.array([0.16, 0.25, 0.09]))


@points(0.8)
def test_gradient_of_w2(gradient_w2: Any) -> None:
    """In the lesson's network dE/dw2 is 0.05707, in another 0.0504."""
    assert_close(gradient_w2(TARGET, A1, A2), GRADIENTS[2])
    assert_close(gradient_w2(0.1, 0.4, 0.7), 0.0504)


@points(0.4)
def test_gradient_of_b2(gradient_b2: Any) -> None:
    """In the lesson's network dE/db2 is 0.09476, in another 0.126."""
    assert_close(gradient_b2(TARGET, A2), GRADIENTS[3])
    assert_close(gradient_b2(0.1, 0.7), 0.126)


@points(1.0)
def test_gradient_of_w1(gradient_w1: Any) -> None:
    """In the lesson's network dE/dw1 is 0.0010214, in another -0.01905."""
    assert_close(gradient_w1(X, TARGET, A1, W2, A2), GRADIENTS[0])
    assert_close(gradient_w1(-0.7, 0.1, 0.4, 0.9, 0.7), -0.0190512)


@points(0.4)
def test_gradient_of_b1(gradient_b1: Any) -> None:
    """In the lesson's network dE/db1 is 0.010214, in another 0.02722."""
    assert_close(gradient_b1(TARGET, A1, W2, A2), GRADIENTS[1])
    assert_close(gradient_b1(0.1, 0.4, 0.9, 0.7), 0.027216)


@points(0.6)
def test_backward_pass(backward: Any) -> None:
    """The backward pass gives the four gradients in the order w1, b1, w2, b2."""
    assert_close(backward(X, TARGET, *PARAMETERS), GRADIENTS)
    assert_close(backward(OTHER_X, OTHER_TARGET, *OTHER), OTHER_GRADIENTS)


@points(0.4)
def test_update_of_four_parameters(update_parameters: Any) -> None:
    """Each parameter moves against its own gradient, at learning rate 0.5."""
    moved = update_parameters(PARAMETERS, (0.2, -0.4, 1.0, 0.0), 0.5)
    assert_close(moved, (0.05, 0.60, -0.05, 0.65))
    moved = update_parameters(OTHER, (-1.0, 0.5, 0.2, -0.4), 0.3)
    assert_close(moved, (-0.3, 0.15, 0.84, -0.08))


@points(0.8)
def test_three_epochs(train: Any) -> None:
    """Three epochs at learning rate 0.5 bring the error from 0.1082 to 0.1021 and 0.0960."""
    learned = (0.14856801218049842, 0.38568012180498423, 0.36484783701289336, 0.5083345452488776)
    errors = np.array([0.10822956298900614, 0.10206721832013527, 0.09595471029043838])
    assert_close(train(X, TARGET, *PARAMETERS, 0.5, 3, 0.0), (learned, errors))

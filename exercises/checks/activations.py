"""Public checks of the activation-functions lesson."""

from typing import Any

import numpy as np

from autograder.rubric import assert_close, points

Z = np.array([-2.0, -0.5, 0.0, 1.0, 3.0])
LOGITS = np.array([1.6, 0.55, 0.98])
BATCH = np.array([[1.6, 0.55, 0.98], [0.2, 3.0, -1.0]])


@points(0.6)
def test_sigmoid_of_an_array(sigmoid: Any) -> None:
    """The sigmoid of -2, -0.5, 0, 1 and 3: between 0 and 1, and a half at 0."""
    expected = [0.1192029220221176, 0.3775406687981454, 0.5, 0.7310585786300049, 0.9525741268224334]
    assert_close(sigmoid(Z), np.array(expected))


@points(0.4)
def test_tanh_of_an_array(tanh: Any) -> None:
    """The hyperbolic tangent of the same five values: between -1 and 1, and 0 at 0."""
    expected = [
        -0.964027580075817,
        -0.46211715726000974,
        0.0,
        0.7615941559557649,
        0.9950547536867305,
    ]
    assert_close(tanh(Z), np.array(expected))


@points(0.4)
def test_slopes_of_tanh(tanh_derivative: Any) -> None:
    """The slope of tanh at the same five values: 1 at 0, and less on both sides."""
    expected = [0.0706508248531645, 0.7864477329659274, 1.0, 0.4199743416140260, 0.0098660371654401]
    assert_close(tanh_derivative(Z), np.array(expected))


@points(0.4)
def test_relu_of_an_array(relu: Any) -> None:
    """ReLU keeps 1 and 3 and makes everything below 0 zero."""
    assert_close(relu(Z), np.array([0.0, 0.0, 0.0, 1.0, 3.0]))


@points(0.6)
def test_leaky_relu_of_an_array(leaky_relu: Any) -> None:
    """Leaky ReLU lets a hundredth through below 0, or as much as alpha says."""
    assert_close(leaky_relu(Z), np.array([-0.02, -0.005, 0.0, 1.0, 3.0]))
    assert_close(leaky_relu(Z, 0.2), np.array([-0.4, -0.1, 0.0, 1.0, 3.0]))


@points(0.4)
def test_slopes_of_leaky_relu(leaky_relu_derivative: Any) -> None:
    """The slope of Leaky ReLU is alpha up to and including 0, and 1 beyond it."""
    assert_close(leaky_relu_derivative(Z), np.array([0.01, 0.01, 0.01, 1.0, 1.0]))
    assert_close(leaky_relu_derivative(Z, 0.2), np.array([0.2, 0.2, 0.2, 1.0, 1.0]))


@points(0.6)
def test_softmax_of_three_logits(softmax: Any) -> None:
    """The lesson's logits 1.6, 0.55 and 0.98 become 0.530, 0.185 and 0.285."""
    expected = [0.5296940704466853, 0.1853599507296388, 0.284945978823676]
    assert_close(softmax(LOGITS), np.array(expected))


@points(0.4)
def test_softmax_row_by_row(softmax: Any) -> None:
    """In a batch, each row is turned into probabilities of its own."""
    first = [0.5296940704466853, 0.1853599507296388, 0.284945978823676]
    second = [0.05635123187215808, 0.9266761032538255, 0.01697266487401642]
    assert_close(softmax(BATCH), np.array([first, second]))


@points(0.2)
def test_class_of_one_example(predict_class: Any) -> None:
    """The largest of the lesson's three logits is the first, at index 0; of others the last."""
    assert_close(predict_class(LOGITS), 0)
    assert_close(predict_class(np.array([0.1, -2.0, 0.7])), 2)


@points(0.2)
def test_class_of_each_row(predict_class: Any) -> None:
    """In a batch, each row has a class of its own: here 0 and 1."""
    assert_close(predict_class(BATCH), np.array([0, 1]))


@points(0.6)
def test_two_layers_in_one(collapse_linear_layers: Any) -> None:
    """Two linear layers without an activation between them are one."""
    first, first_bias = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]]), np.array([1.0, -1.0])
    second, second_bias = np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 1.0]]), np.array([0.0, 1.0, 2.0])
    weights = np.array([[2.0, 5.0, -1.0], [0.0, 3.0, -3.0], [1.0, 3.0, -1.0]])
    collapsed = collapse_linear_layers(first, first_bias, second, second_bias)
    assert_close(collapsed, (weights, np.array([1.0, -2.0, 2.0])))

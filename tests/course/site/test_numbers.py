"""Numbers beside a lesson's text are true as well: in quizzes, captions and descriptions."""

import re
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autograder.course import load_course
from autograder.publishing.drawings import drawings_of
from solutions import activations, backpropagation, gradient_descent, vanishing_gradient
from tests.places import ROOT

# As digits or as a word, but not within a name such as a1. "One" is left out: it is a pronoun, too.
SMALL = {"two": 2, "three": 3, "four": 4, "eight": 8, "ten": 10, "tenth": 0.1, "quarter": 0.25}
NUMBER = re.compile(rf"(?<![\w.])−?\d+(?:\.\d+|/\d+)?|\b(?:{'|'.join(SMALL)})\b", re.IGNORECASE)

X = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])


def numbers_in(text: str) -> list[str]:
    return [found.lower() for found in NUMBER.findall(text)]


def value(number: str) -> float:
    if number in SMALL:
        return SMALL[number]
    above, _, below = number.replace("−", "-").partition("/")
    return float(above) / float(below or 1)


def as_written(true: float, number: str) -> float:
    """A true value, rounded as the one that is said."""
    decimals = len(number.partition(".")[2])
    return true if number in SMALL or "/" in number else round(true, decimals)


@pytest.mark.parametrize(
    "lesson", ["gradient-descent", "backpropagation", "vanishing-gradient", "activations"]
)
def test_every_number_that_answers_a_question_is_computed(lesson: str) -> None:
    text = (ROOT / "site" / f"{lesson}.md").read_text(encoding="utf-8")
    (quiz,) = re.findall(r"^```quiz\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    answers = re.findall(r"^answer = (.*)$", quiz, re.MULTILINE)
    assert answers
    assert [answer for answer in answers if not re.fullmatch(r"\{=.*=\}", answer)] == []


def y(axes: Axes, line: int) -> Any:
    return np.asarray(axes.lines[line].get_ydata(), float)


def x(axes: Axes, line: int) -> Any:
    return np.asarray(axes.lines[line].get_xdata(), float)


def rates(axes: Axes) -> list[float]:
    """The learning rates that a legend names."""
    return [
        float(str(line.get_label()).split()[1])
        for line in axes.lines
        if "rate" in str(line.get_label())
    ]


def parabola(axes: Axes) -> list[float]:
    path = x(axes, 1)
    rate = -path[1] / gradient_descent.cost_gradient(path[0], X, 2 * X)
    floor = x(axes, 0)[np.argmin(y(axes, 0))]
    return [len(path) - 1, rate, path[0], floor, len(path) - 1, path[0]]


def several_rates(axes: Axes) -> list[float]:
    floor = y(axes, 3)[0]
    (right,) = (i for i in range(3) if abs(y(axes, i)[-1] - floor) < 0.01)
    for i, rate in enumerate(rates(axes)):
        assert y(axes, i)[1] == gradient_descent.update_weight(0.0, -4.0, rate)
    return [3, len(y(axes, 0)) - 1, *rates(axes), rates(axes)[right], floor]


def sigmoid(axes: Axes) -> list[float]:
    flat = np.round(activations.sigmoid(np.array([-50.0, 50.0])))
    steepest = np.max(y(axes, 1)), x(axes, 1)[np.argmax(y(axes, 1))]
    return [*steepest, flat[0], flat[1], *steepest]


def layers(axes: Axes) -> list[float]:
    for line, name in enumerate(("sigmoid", "relu")):
        drawn = np.abs(vanishing_gradient.layer_gradients(1.0, 0.0, np.full(10, 1.0), name))
        np.testing.assert_array_equal(y(axes, line), drawn)
    assert set(y(axes, 1)) == {1.0}
    share = float(np.mean(y(axes, 0)[:-1] / y(axes, 0)[1:]))
    return [len(y(axes, 0)), 1.0, round(share * 4) / 4, 1.0]


def three_activations(axes: Axes) -> list[float]:
    far = np.array([-50.0, 50.0])
    ends = np.concatenate([activations.sigmoid(far), activations.tanh(far)])
    lowest = min(y(axes, 2))
    return [len(axes.lines), *ends, lowest, x(axes, 0)[0], x(axes, 0)[-1]]


def softmax(axes: Axes) -> list[float]:
    scores = [float(label.get_text()) for label in axes.get_xticklabels()]
    shares = [bar.get_height() for bar in axes.patches]  # type: ignore[attr-defined]
    np.testing.assert_allclose(shares, activations.softmax(np.array(scores)))
    return [*scores, sum(shares), len(shares), scores[int(np.argmax(shares))]]


def bend(axes: Axes) -> list[float]:
    return [len(axes.lines) - 1, x(axes, 0)[np.argmin(y(axes, 0))]]


def slopes(axes: Axes) -> list[float]:
    sigmoid, tanh, relu = (y(axes, line) for line in range(3))
    return [relu[-1], x(axes, 0)[0], x(axes, 0)[-1], max(sigmoid), max(tanh), relu[0], relu[-1]]


def leaky(axes: Axes) -> list[float]:
    corner = x(axes, 0)[np.flatnonzero(y(axes, 0) == 0)[-1]]
    return [y(axes, 1)[0] / x(axes, 1)[0], corner]


def chain(axes: Axes) -> list[float]:
    neurons = 0.15, 0.40, 0.45, 0.65
    _, a1, _, a2 = backpropagation.forward(0.1, *neurons)
    slopes = backpropagation.sigmoid_slope(a1), backpropagation.sigmoid_slope(a2)
    back = [backpropagation.error_slope(0.25, a2), float(slopes[1]), neurons[2], float(slopes[0])]
    drawn = " ".join(text.get_text() for text in axes.texts)
    assert all(f"{slope:.4f}" in drawn for slope in back)
    return [*back, 0.1, a1, 1.0]


def training(axes: Axes) -> list[float]:
    slow, fast = rates(axes)
    tolerance = y(axes, 2)[0]
    errors, epochs = y(axes, 1), x(axes, 1)
    assert errors[-2] >= tolerance > errors[-1]
    assert len(y(axes, 0)) == len(errors)
    ends = [epochs[-1], errors[0], tolerance, fast, y(axes, 0)[-1], slow]
    return [fast, epochs[-1], slow / fast, *ends]


SAID: dict[str, Callable[[Axes], list[float]]] = {
    "parabola": parabola,
    "rates": several_rates,
    "sigmoid": sigmoid,
    "layers": layers,
    "activations": three_activations,
    "softmax": softmax,
    "bend": bend,
    "slopes": slopes,
    "leaky": leaky,
    "chain": chain,
    "training": training,
    "processes": lambda axes: [],
    "cost-curve": lambda axes: [x(axes, 0)[0]],
    "memory-curve": lambda axes: [x(axes, 0)[0]],
}


@pytest.mark.parametrize("name", drawings_of(load_course()))
def test_every_number_in_a_caption_and_a_description_is_what_is_drawn(name: str) -> None:
    made = drawings_of(load_course())[name]
    with mpl.rc_context({"backend": "svg"}):
        axes = Figure().add_subplot()
        made.draw(axes)
    said = numbers_in(f"{made.caption} {made.description}")
    true = SAID[name](axes)
    assert len(said) == len(true), said
    rounded = [as_written(float(number), words) for number, words in zip(true, said, strict=True)]
    assert [value(words) for words in said] == pytest.approx(rounded, abs=1e-12)

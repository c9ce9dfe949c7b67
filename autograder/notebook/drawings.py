"""Pictures of what a student's own functions do, right or wrong, on the lessons' own numbers."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

Names = Mapping[str, Any]
Drawing = Callable[[Any, Names], None]

_X: Final = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
_Z: Final = 2.0 * _X
_SIZE: Final = (6.4, 3.4)


def _descent(plot: Any, names: Names) -> None:
    """Their cost over w, and where their descent goes on it."""
    _, axes = plot.subplots(figsize=_SIZE)
    w = np.linspace(-1.0, 5.0, 121)
    axes.plot(w, [float(names["cost"](float(v), _X, _Z)) for v in w], color="C0")
    path = np.asarray(names["gradient_descent"](_X, _Z, 0.0, 0.4, 6), float)
    axes.plot(path, [float(names["cost"](float(v), _X, _Z)) for v in path], "o--", color="C1")
    for step, weight in enumerate(path):
        height = float(names["cost"](float(weight), _X, _Z))
        axes.annotate(str(step), (weight, height), textcoords="offset points", xytext=(6, 6))
    axes.set(title="your cost, and your descent from w = 0 at 0.4", xlabel="w", ylabel="J(w)")


def _step(plot: Any, names: Names) -> None:
    """Their cost, and the tangent with their slope at w = 0.5."""
    _, axes = plot.subplots(figsize=_SIZE)
    w = np.linspace(-1.0, 5.0, 121)
    axes.plot(w, [float(names["cost"](float(v), _X, _Z)) for v in w], color="C0")
    at = 0.5
    height, slope = (float(names[f](at, _X, _Z)) for f in ("cost", "cost_gradient"))
    near = np.array([at - 1, at + 1])
    axes.plot(near, height + slope * (near - at), color="C1")
    axes.plot([at], [height], "o", color="C1")
    axes.set(title="your cost, and your slope at w = 0.5", xlabel="w", ylabel="J(w)")


def _curve(function: str) -> Drawing:
    def draw(plot: Any, names: Names) -> None:
        _, axes = plot.subplots(figsize=_SIZE)
        z = np.linspace(-6.0, 6.0, 241)
        axes.axhline(0, color="0.7", linewidth=0.8)
        axes.axvline(0, color="0.7", linewidth=0.8)
        axes.plot(z, np.asarray(names[function](z.copy()), float), color="C0")
        axes.set(title=f"your {function}", xlabel="z")

    return draw


def _softmax(plot: Any, names: Names) -> None:
    """Their probabilities of the lesson's logits, as bars."""
    _, axes = plot.subplots(figsize=_SIZE)
    logits = np.array([1.6, 0.55, 0.98])
    probabilities = np.asarray(names["softmax"](logits.copy()), float)
    axes.bar([f"{v:g}" for v in logits], probabilities, color="C0")
    axes.set(title=f"your softmax; the bars sum to {probabilities.sum():.3f}", xlabel="logit")


def _errors(plot: Any, names: Names) -> None:
    """Their error over the epochs of their training."""
    _, axes = plot.subplots(figsize=_SIZE)
    _, errors = names["train"](0.1, 0.25, 0.15, 0.40, 0.45, 0.65, 1.0, 200, 1e-6)
    axes.plot(np.asarray(errors, float), color="C0")
    axes.set(title="your training: the error, epoch by epoch", xlabel="epoch", ylabel="E")


def _layers(plot: Any, names: Names) -> None:
    """Their gradients in a chain of ten layers, with sigmoid and with ReLU."""
    _, axes = plot.subplots(figsize=_SIZE)
    layer = np.arange(1, 11)
    for shift, name in ((-0.2, "sigmoid"), (0.2, "relu")):
        gradients = np.asarray(names["layer_gradients"](0.8, 0.2, np.full(10, 0.9), name), float)
        axes.bar(layer + shift, np.abs(gradients), width=0.4, label=name)
    axes.set(title="the size of your gradients", xlabel="layer", yscale="log", xticks=layer)
    axes.legend()


DRAWINGS: Final[dict[str, Drawing]] = {
    "gradient_descent.cost_gradient": _step,
    "gradient_descent.gradient_descent": _descent,
    "backpropagation.sigmoid": _curve("sigmoid"),
    "backpropagation.train": _errors,
    "vanishing_gradient.sigmoid_derivative": _curve("sigmoid_derivative"),
    "vanishing_gradient.relu_derivative": _curve("relu_derivative"),
    "vanishing_gradient.layer_gradients": _layers,
    "activations.sigmoid": _curve("sigmoid"),
    "activations.tanh": _curve("tanh"),
    "activations.tanh_derivative": _curve("tanh_derivative"),
    "activations.relu": _curve("relu"),
    "activations.leaky_relu": _curve("leaky_relu"),
    "activations.leaky_relu_derivative": _curve("leaky_relu_derivative"),
    "activations.softmax": _softmax,
}

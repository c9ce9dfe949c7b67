"""Pictures of the activation functions: curves, slopes and probabilities."""

from typing import Any, Final

import numpy as np

from autograder.pictures import Drawing, Drawn, Names, Numbers, Own

from .curves import SIZE, curve, derivative, plotted

_LOGITS: Final = np.array([1.6, 0.55, 0.98])


def _softmax(own: Own) -> Numbers:
    return {"bars": own.array("softmax", (_LOGITS,), _LOGITS.size)}


def _draw_softmax(plot: Any, names: Names) -> None:
    """Their probabilities of the lesson's logits, as bars."""
    _, axes = plot.subplots(figsize=SIZE)
    logits = np.array([1.6, 0.55, 0.98])
    probabilities = np.asarray(names["softmax"](logits.copy()), float)
    axes.bar([f"{v:g}" for v in logits], probabilities, color="C0")
    axes.set(title=f"your softmax; the bars sum to {probabilities.sum():.3f}", xlabel="logit")


PICTURES: Final[dict[str, Drawn]] = {
    "sigmoid": curve("sigmoid"),
    "tanh": curve("tanh"),
    "tanh_derivative": derivative("tanh_derivative", "tanh"),
    "relu": curve("relu"),
    "leaky_relu": curve("leaky_relu"),
    "leaky_relu_derivative": derivative("leaky_relu_derivative", "leaky_relu"),
    "softmax": _softmax,
}
DRAWINGS: Final[dict[str, Drawing]] = {
    "sigmoid": plotted("sigmoid"),
    "tanh": plotted("tanh"),
    "tanh_derivative": plotted("tanh_derivative"),
    "relu": plotted("relu"),
    "leaky_relu": plotted("leaky_relu"),
    "leaky_relu_derivative": plotted("leaky_relu_derivative"),
    "softmax": _draw_softmax,
}

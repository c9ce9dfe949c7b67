"""Pictures of the functions of the vanishing gradient: slopes, and gradients layer by layer."""

from typing import Any, Final

import numpy as np

from autograder.pictures import Drawing, Drawn, Names, Numbers, Own

from .curves import SIZE, derivative, plotted

_LAYERS: Final = 10


def _by_layer(own: Own) -> Numbers:
    return {
        name: own.array("layer_gradients", (0.8, 0.2, np.full(_LAYERS, 0.9), name), _LAYERS)
        for name in ("sigmoid", "relu")
    }


def _bound(own: Own) -> Numbers:
    return {"bound": own.each("sigmoid_gradient_bound", ((d,) for d in range(1, _LAYERS + 1)))}


def _draw_layers(plot: Any, names: Names) -> None:
    """Their gradients in a chain of ten layers, with sigmoid and with ReLU."""
    _, axes = plot.subplots(figsize=SIZE)
    layer = np.arange(1, 11)
    for shift, name in ((-0.2, "sigmoid"), (0.2, "relu")):
        gradients = np.asarray(names["layer_gradients"](0.8, 0.2, np.full(10, 0.9), name), float)
        axes.bar(layer + shift, np.abs(gradients), width=0.4, label=name)
    axes.set(title="the size of your gradients", xlabel="layer", yscale="log", xticks=layer)
    axes.legend()


PICTURES: Final[dict[str, Drawn]] = {
    "sigmoid_derivative": derivative("sigmoid_derivative"),
    "relu_derivative": derivative("relu_derivative"),
    "layer_gradients": _by_layer,
    "sigmoid_gradient_bound": _bound,
}
DRAWINGS: Final[dict[str, Drawing]] = {
    "sigmoid_derivative": plotted("sigmoid_derivative"),
    "relu_derivative": plotted("relu_derivative"),
    "layer_gradients": _draw_layers,
}

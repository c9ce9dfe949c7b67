"""Pictures of the functions of two neurons: curves, errors, gradients and a training."""

from typing import Any, Final

import numpy as np

from autograder.pictures import Drawing, Drawn, Names, NoPictureError, Numbers, Own, numbers

from .curves import SIZE, curve, plotted, slope_of

_OUTPUTS: Final = np.linspace(0.0, 1.0, 41)
_INPUT: Final = 0.1
_TARGET: Final = 0.25
_PARAMETERS: Final = (0.15, 0.40, 0.45, 0.65)
_EPOCHS: Final = 200
_TRAINING: Final = (_INPUT, _TARGET, *_PARAMETERS, 1.0, _EPOCHS, 1e-6)


def _error(own: Own) -> Numbers:
    values = own.each("error", ((_TARGET, float(a2)) for a2 in _OUTPUTS))
    return {"at": _OUTPUTS, "values": values, "measured": slope_of(values, _OUTPUTS)}


def _error_slope(own: Own) -> Numbers:
    calls = [(_TARGET, float(a2)) for a2 in _OUTPUTS]
    made = {"at": _OUTPUTS, "values": own.each("error_slope", calls)}
    try:
        return made | {"measured": slope_of(own.each("error", calls), _OUTPUTS)}
    except NoPictureError:
        return made


def _sigmoid_slope(own: Own) -> Numbers:
    return {"at": _OUTPUTS, "values": own.array("sigmoid_slope", (_OUTPUTS,), _OUTPUTS.size)}


def _gradients(own: Own) -> Numbers:
    return {"bars": own.array("backward", (_INPUT, _TARGET, *_PARAMETERS), 4)}


def _training(own: Own) -> Numbers:
    match own.value("train", _TRAINING):
        case (_, np.ndarray(shape=(size,)) as errors) if 0 < size <= _EPOCHS:
            return {"errors": numbers(errors, size)}
    raise NoPictureError


def _draw_errors(plot: Any, names: Names) -> None:
    """Their error over the epochs of their training."""
    _, axes = plot.subplots(figsize=SIZE)
    _, errors = names["train"](0.1, 0.25, 0.15, 0.40, 0.45, 0.65, 1.0, 200, 1e-6)
    axes.plot(np.asarray(errors, float), color="C0")
    axes.set(title="your training: the error, epoch by epoch", xlabel="epoch", ylabel="E")


PICTURES: Final[dict[str, Drawn]] = {
    "sigmoid": curve("sigmoid"),
    "error": _error,
    "error_slope": _error_slope,
    "sigmoid_slope": _sigmoid_slope,
    "backward": _gradients,
    "train": _training,
}
DRAWINGS: Final[dict[str, Drawing]] = {
    "sigmoid": plotted("sigmoid"),
    "train": _draw_errors,
}

"""What a student's own functions do on the lessons' own numbers, for a picture beside the verdict.

Only numbers leave here: a function that raises, or returns anything else than so many finite
numbers, has no picture. The right values are on none: the verdict says what was expected, and a
curve to copy would be half a solution. Slopes beside a curve are measured on that curve.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from autograder.calls import Outcome
from autograder.checking.student import EncodedCall, Student
from autograder.sandbox import wire

Array = NDArray[np.float64]
Numbers = Mapping[str, Array]

_X: Final = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
_Z: Final = 2.0 * _X
_RATE: Final = 0.4
_STEPS: Final = 6
_SLOPES_AT: Final = np.array([0.0, 1.0, 3.0, 4.0])
_LINE: Final = 1.5
_INPUTS: Final = np.linspace(-6.0, 6.0, 121)  # 0 is one of them.
_OUTPUTS: Final = np.linspace(0.0, 1.0, 41)
_INPUT: Final = 0.1
_TARGET: Final = 0.25
_PARAMETERS: Final = (0.15, 0.40, 0.45, 0.65)
_EPOCHS: Final = 200
_TRAINING: Final = (_INPUT, _TARGET, *_PARAMETERS, 1.0, _EPOCHS, 1e-6)
_LAYERS: Final = 10
_LOGITS: Final = np.array([1.6, 0.55, 0.98])
# Beyond this the numbers on an axis say nothing, and their differences may overflow.
_MOST: Final = 1e12


class NoPictureError(Exception):
    """A function has no numbers to draw."""


class Own:
    """The student's functions of one module."""

    def __init__(self, student: Student, module: str) -> None:
        self._student = student
        self._module = module

    def array(self, name: str, arguments: tuple[Any, ...], size: int) -> Array:
        """Returns what a function returns as so many numbers.

        Raises:
            NoPictureError: it is anything else.
        """
        return numbers(self.value(name, arguments), size)

    def value(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Returns what a function returns."""
        return self._values([EncodedCall(f"{self._module}.{name}", wire.encode(arguments))])[0]

    def each(self, name: str, every: Iterable[tuple[Any, ...]]) -> Array:
        """Returns the number that a function returns for each of several arguments."""
        exercise = f"{self._module}.{name}"
        calls = [EncodedCall(exercise, wire.encode(arguments)) for arguments in every]
        return np.concatenate([numbers(value, 1) for value in self._values(calls)])

    def _values(self, calls: list[EncodedCall]) -> list[Any]:
        return [_returned(outcome) for outcome in self._student.observe_all(calls)]


Drawn = Callable[[Own], Numbers]


def numbers(value: Any, size: int) -> Array:
    """Returns a value as so many finite numbers.

    Raises:
        NoPictureError: it is anything else.
    """
    if isinstance(value, (list, tuple)) and len(value) == size:
        value = np.array([float(numbers(item, 1)[0]) for item in value])
    if isinstance(value, (int, float)):
        value = np.array(float(value))
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "biuf" or value.size != size:
        raise NoPictureError
    flat = value.astype(np.float64).ravel()
    if not np.all(np.abs(flat) <= _MOST):
        raise NoPictureError
    return flat


def picture(exercise: str, student: Student) -> dict[str, list[float]] | None:
    """Returns the numbers of an exercise's picture, or None where it has none."""
    module, _, _ = exercise.partition(".")
    draw = PICTURES.get(exercise)
    if draw is None:
        return None
    try:
        return {name: values.tolist() for name, values in draw(Own(student, module)).items()}
    except NoPictureError:
        return None


def _returned(outcome: Outcome) -> Any:
    if outcome.ending != "returned":
        raise NoPictureError
    return outcome.value


def _prediction(own: Own) -> Numbers:
    return {"x": _X, "z": _Z, "predicted": own.array("predict", (_LINE, _X), _X.size)}


def _bowl(function: str) -> Drawn:
    def numbers_of(own: Own) -> Numbers:
        w = np.linspace(-1.0, 5.0, 61)
        return {"w": w, "cost": own.each(function, ((float(v), _X, _Z) for v in w))}

    return numbers_of


def _tangents(own: Own) -> Numbers:
    points = [(float(w), _X, _Z) for w in _SLOPES_AT]
    slopes = own.each("cost_gradient", points)
    heights = own.each("cost", points)
    return {**_bowl("cost")(own), "at": _SLOPES_AT, "heights": heights, "slopes": slopes}


def _single_steps(own: Own) -> Numbers:
    path = [0.0]
    for _ in range(_STEPS):
        gradient = own.each("cost_gradient", [(path[-1], _X, _Z)])[0]
        path.append(float(own.each("update_weight", [(path[-1], float(gradient), _RATE)])[0]))
    return _on_their_cost(own, np.array(path))


def _descent(own: Own) -> Numbers:
    arguments = (_X, _Z, 0.0, _RATE, _STEPS)
    return _on_their_cost(own, own.array("gradient_descent", arguments, _STEPS + 1))


def _on_their_cost(own: Own, path: Array) -> Numbers:
    w = np.linspace(min(-1.0, *path), max(5.0, *path), 61)
    heights = own.each("cost", ((float(v), _X, _Z) for v in (*w, *path)))
    return {"w": w, "cost": heights[: w.size], "path": path, "heights": heights[w.size :]}


def _curve(function: str) -> Drawn:
    def numbers_of(own: Own) -> Numbers:
        values = own.array(function, (_INPUTS,), _INPUTS.size)
        return {"at": _INPUTS, "values": values, "measured": _slope_of(values, _INPUTS)}

    return numbers_of


def _derivative(function: str, of: str | None = None) -> Drawn:
    """Their derivative, and the slope of the curve that they have written, if there is one."""

    def numbers_of(own: Own) -> Numbers:
        made = {"at": _INPUTS, "values": own.array(function, (_INPUTS,), _INPUTS.size)}
        if of is None:
            return made
        try:
            curve = own.array(of, (_INPUTS,), _INPUTS.size)
        except NoPictureError:
            return made
        return made | {"measured": _slope_of(curve, _INPUTS)}

    return numbers_of


def _slope_of(values: Array, at: Array) -> Array:
    return np.gradient(values, at, edge_order=2)


def _error(own: Own) -> Numbers:
    values = own.each("error", ((_TARGET, float(a2)) for a2 in _OUTPUTS))
    return {"at": _OUTPUTS, "values": values, "measured": _slope_of(values, _OUTPUTS)}


def _error_slope(own: Own) -> Numbers:
    calls = [(_TARGET, float(a2)) for a2 in _OUTPUTS]
    made = {"at": _OUTPUTS, "values": own.each("error_slope", calls)}
    try:
        return made | {"measured": _slope_of(own.each("error", calls), _OUTPUTS)}
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


def _by_layer(own: Own) -> Numbers:
    return {
        name: own.array("layer_gradients", (0.8, 0.2, np.full(_LAYERS, 0.9), name), _LAYERS)
        for name in ("sigmoid", "relu")
    }


def _bound(own: Own) -> Numbers:
    return {"bound": own.each("sigmoid_gradient_bound", ((d,) for d in range(1, _LAYERS + 1)))}


def _softmax(own: Own) -> Numbers:
    return {"bars": own.array("softmax", (_LOGITS,), _LOGITS.size)}


PICTURES: Final[Mapping[str, Drawn]] = {
    "gradient_descent.predict": _prediction,
    "gradient_descent.cost": _bowl("cost"),
    "gradient_descent.sum_squared_error": _bowl("sum_squared_error"),
    "gradient_descent.cost_gradient": _tangents,
    "gradient_descent.update_weight": _single_steps,
    "gradient_descent.gradient_descent": _descent,
    "backpropagation.sigmoid": _curve("sigmoid"),
    "backpropagation.error": _error,
    "backpropagation.error_slope": _error_slope,
    "backpropagation.sigmoid_slope": _sigmoid_slope,
    "backpropagation.backward": _gradients,
    "backpropagation.train": _training,
    "vanishing_gradient.sigmoid_derivative": _derivative("sigmoid_derivative"),
    "vanishing_gradient.relu_derivative": _derivative("relu_derivative"),
    "vanishing_gradient.layer_gradients": _by_layer,
    "vanishing_gradient.sigmoid_gradient_bound": _bound,
    "activations.sigmoid": _curve("sigmoid"),
    "activations.tanh": _curve("tanh"),
    "activations.tanh_derivative": _derivative("tanh_derivative", "tanh"),
    "activations.relu": _curve("relu"),
    "activations.leaky_relu": _curve("leaky_relu"),
    "activations.leaky_relu_derivative": _derivative("leaky_relu_derivative", "leaky_relu"),
    "activations.softmax": _softmax,
}

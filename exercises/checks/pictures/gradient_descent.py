"""Pictures of the functions of gradient descent: lines, bowls, tangents and steps."""

from typing import Any, Final

import numpy as np

from autograder.pictures import Array, Drawing, Drawn, Names, Numbers, Own

_X: Final = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
_Z: Final = 2.0 * _X
_RATE: Final = 0.4
_STEPS: Final = 6
_SLOPES_AT: Final = np.array([0.0, 1.0, 3.0, 4.0])
_LINE: Final = 1.5
_SIZE: Final = (6.4, 3.4)


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


def _draw_descent(plot: Any, names: Names) -> None:
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


def _draw_step(plot: Any, names: Names) -> None:
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


PICTURES: Final[dict[str, Drawn]] = {
    "predict": _prediction,
    "cost": _bowl("cost"),
    "sum_squared_error": _bowl("sum_squared_error"),
    "cost_gradient": _tangents,
    "update_weight": _single_steps,
    "gradient_descent": _descent,
}
DRAWINGS: Final[dict[str, Drawing]] = {
    "cost_gradient": _draw_step,
    "gradient_descent": _draw_descent,
}

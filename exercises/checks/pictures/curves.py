"""Pictures of functions of one number, and of their slopes: shared by several lessons."""

from typing import Any, Final

import numpy as np

from autograder.pictures import Array, Drawing, Drawn, Names, NoPictureError, Numbers, Own

SIZE: Final = (6.4, 3.4)
_INPUTS: Final = np.linspace(-6.0, 6.0, 121)  # 0 is one of them.


def curve(function: str) -> Drawn:
    """A curve, and the slope that it has."""

    def numbers_of(own: Own) -> Numbers:
        values = own.array(function, (_INPUTS,), _INPUTS.size)
        return {"at": _INPUTS, "values": values, "measured": slope_of(values, _INPUTS)}

    return numbers_of


def derivative(function: str, of: str | None = None) -> Drawn:
    """Their derivative, and the slope of the curve that they have written, if there is one."""

    def numbers_of(own: Own) -> Numbers:
        made = {"at": _INPUTS, "values": own.array(function, (_INPUTS,), _INPUTS.size)}
        if of is None:
            return made
        try:
            curve = own.array(of, (_INPUTS,), _INPUTS.size)
        except NoPictureError:
            return made
        return made | {"measured": slope_of(curve, _INPUTS)}

    return numbers_of


def slope_of(values: Array, at: Array) -> Array:
    """Returns the slope of a curve at each of its points, measured on it."""
    return np.gradient(values, at, edge_order=2)


def plotted(function: str) -> Drawing:
    """A curve in a notebook."""

    def draw(plot: Any, names: Names) -> None:
        _, axes = plot.subplots(figsize=SIZE)
        z = np.linspace(-6.0, 6.0, 241)
        axes.axhline(0, color="0.7", linewidth=0.8)
        axes.axvline(0, color="0.7", linewidth=0.8)
        axes.plot(z, np.asarray(names[function](z.copy()), float), color="C0")
        axes.set(title=f"your {function}", xlabel="z")

    return draw

"""Numbers in the lessons, computed by the reference solutions while the site is built."""

import importlib
import re
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from autograder.course import load_course

_NUMBER: Final = re.compile(r"\{=\s*(?P<expression>.+?)\s*(?:\|\s*(?P<format>[^|=]*?)\s*)?=\}")


class ComputedNumberError(ValueError):
    """An expression in a lesson gives no number; the message shows it."""


def with_computed_numbers(text: str) -> str:
    """Returns a lesson with each ``{= expression | format =}`` replaced by its value.

    The expression is Python over the reference solutions, NumPy as `np`, and the lessons' data; the
    format is that of Python's `format`, `g` where it is left out. A list is written with commas,
    or by the format ``matrix`` as TeX: a row a line, a vector as a column. The minus is a real
    one; ``code`` after a format leaves it as programs write and read it.

    Raises:
        ComputedNumberError: an expression cannot be computed, or its value not be written.
    """
    return _NUMBER.sub(lambda found: computed(found["expression"], found["format"] or "g"), text)


def computed(expression: str, form: str = "g") -> str:
    """Returns the value of an expression as a lesson shows it (see `with_computed_numbers`)."""
    form, for_code = form.removesuffix("code").strip(), form.endswith("code")
    try:
        # A lesson is as trusted as the code beside it, and this makes its numbers true.
        value: Any = eval(expression, dict(_names()))  # noqa: S307
        values = np.asarray(value, float)
        if form == "matrix":
            return _matrix(values)
        text = ", ".join(format(float(v), form) for v in values.ravel())
    except Exception as error:
        raise ComputedNumberError(f"{expression!r}: {error}") from error
    return text if for_code or "e-" in text else text.replace("-", "−")


def _matrix(values: NDArray[np.float64]) -> str:
    """Returns a matrix, or a vector as a column, as TeX."""
    rows = values.reshape(len(values), -1)
    lines = r" \\ ".join(" & ".join(f"{v:g}" for v in row) for row in rows)
    return rf"\begin{{pmatrix}} {lines} \end{{pmatrix}}"


@cache
def _names() -> dict[str, Any]:
    """Returns what an expression may name."""
    x = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    names: dict[str, Any] = {"np": np, "X": x, "Z": 2 * x}
    names["LOGITS"] = np.array([1.6, 0.55, 0.98])
    names["BATCH"] = np.array([[1.6, 0.55, 0.98], [0.2, 3.0, -1.0]])
    # Two linear layers, and what they are applied to.
    names["W1"] = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, -1.0]])
    names["W2"] = np.array([[2.0, 1.0], [0.0, 3.0], [1.0, 1.0]])
    names |= {"B1": np.array([1.0, -1.0]), "B2": np.array([0.0, 1.0, 2.0])}
    names["V"] = np.array([1.0, 2.0, 3.0])
    for module in load_course().modules:
        solutions = importlib.import_module(f"solutions.{module.id}")
        names |= {e.function: getattr(solutions, e.function) for e in module.exercises}
    # The two neurons of backpropagation at x = 0.1 and target 0.25: as they start, after one update
    # at rate 0.5, and the errors of the whole training.
    start = names["NEURONS"] = 0.15, 0.40, 0.45, 0.65
    _, names["A1"], _, names["A2"] = names["forward"](0.1, *start)
    names["AFTER"] = names["train"](0.1, 0.25, *start, 0.5, 1, 0.0)[0]
    names["ERRORS"] = names["train"](0.1, 0.25, *start, 0.5, 1000, 0.001)[1]
    return names

"""Numbers in the lessons, computed by the reference solutions while the site is built."""

import html
import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from autograder.course import Course
from autograder.course.code import load_if_there
from autograder.references import reference

_NUMBER: Final = re.compile(r"\{=\s*(?P<expression>.+?)\s*(?:\|\s*(?P<format>[^|=]*?)\s*)?=\}")


class ComputedNumberError(ValueError):
    """An expression in a lesson cannot be computed or shown; the message quotes it."""


def with_computed_numbers(course: Course, text: str) -> str:
    """Returns a lesson with each ``{= expression | format =}`` replaced by its value.

    The expression is Python that may use the reference solutions, NumPy as `np`, and `NAMES` of the
    course's `site/code/names.py`. The format is one of Python's `format`, `g` by default. Text
    stands as it is. A list is written with commas or, with the format ``matrix``, as a TeX matrix
    with a line for each row; a vector is a column. The minus is the typographic one; ``code`` after
    a format keeps the hyphen that programs use.

    Raises:
        ComputedNumberError: an expression cannot be computed, or its value not be written.
    """
    return _NUMBER.sub(
        lambda found: computed(course, found["expression"], found["format"] or "g"), text
    )


def computed(course: Course, expression: str, form: str = "g") -> str:
    """Returns the value of an expression as a lesson shows it (see `with_computed_numbers`)."""
    form, for_code = form.removesuffix("code").strip(), form.endswith("code")
    try:
        # A lesson is as trusted as the code beside it, and so its numbers agree with that code.
        value: Any = eval(expression, dict(_names(course)))  # noqa: S307
        if isinstance(value, str):
            return html.escape(value)
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
def _names(course: Course) -> Mapping[str, Any]:
    """Returns the names for expressions: every reference solution, and those that the site adds."""
    names: dict[str, Any] = {"np": np}
    for id, exercise in course.exercises.items():
        names[exercise.function] = reference(course, id)
    added = getattr(load_if_there(course.root, "site.code.names"), "NAMES", {})
    return names | added

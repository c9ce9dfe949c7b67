"""Pictures of what a student's own functions do, right or wrong, on the lessons' own numbers.

A course's are in `exercises/checks/pictures/LESSON.py`. There `PICTURES` maps an exercise's
function to one that computes a picture's numbers for the page, which draws them beside the verdict.
`DRAWINGS` maps it to one that draws with matplotlib in a notebook.

Only numbers leave here: a function that raises, or returns anything but the expected count of
finite numbers, has no picture. No picture shows the right values: the verdict says what was
expected, and a curve to copy would be half a solution. Slopes beside a curve are measured on it.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from autograder.calls import Outcome
from autograder.checking.student import EncodedCall, Student
from autograder.course import Course
from autograder.course.code import load_if_there
from autograder.sandbox import wire

Array = NDArray[np.float64]
Numbers = Mapping[str, Array]
# The functions that a notebook defines, by their names.
Names = Mapping[str, Any]
Drawing = Callable[[Any, Names], None]

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
        """Returns a function's result as an array of `size` numbers.

        Raises:
            NoPictureError: it is anything else.
        """
        return numbers(self.value(name, arguments), size)

    def value(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Returns a function's result."""
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
    """Returns a value as an array of `size` finite numbers.

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


def pictures_of(course: Course) -> list[Path]:
    """Returns the files that define a course's pictures."""
    return sorted(course.root.glob("exercises/checks/pictures/*.py"))


def picture(course: Course, exercise: str, student: Student) -> dict[str, list[float]] | None:
    """Returns the numbers of an exercise's picture, or None where it has none."""
    module, _, function = exercise.partition(".")
    found: Mapping[str, Drawn] = getattr(_pictures(course, module), "PICTURES", {})
    draw = found.get(function)
    if draw is None:
        return None
    try:
        return {name: values.tolist() for name, values in draw(Own(student, module)).items()}
    except NoPictureError:
        return None


def drawing_of(course: Course, exercise: str) -> Drawing | None:
    """Returns the function that draws an exercise's picture in a notebook, or None."""
    module, _, function = exercise.partition(".")
    found: Mapping[str, Drawing] = getattr(_pictures(course, module), "DRAWINGS", {})
    return found.get(function)


def _pictures(course: Course, module: str) -> Any:
    return load_if_there(course.root, f"exercises.checks.pictures.{module}")


def _returned(outcome: Outcome) -> Any:
    if outcome.ending != "returned":
        raise NoPictureError
    return outcome.value

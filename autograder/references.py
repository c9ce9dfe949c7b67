"""Finds and calls the reference solutions. Only trusted code may import this."""

import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from autograder.calls import Outcome, Problem
from autograder.course import Course
from autograder.course.code import load
from autograder.sandbox import wire


def reference(course: Course, exercise: str) -> Callable[..., Any]:
    """Returns the reference implementation of an exercise, such as `averages.median`."""
    return _reference(course.root, exercise)


@cache
def _reference(root: Path, exercise: str) -> Callable[..., Any]:
    module, _, function = exercise.partition(".")
    implementation: Callable[..., Any] = getattr(load(root, f"solutions.{module}"), function)
    return implementation


def observe_here(function: Callable[..., Any], arguments: bytes) -> Outcome:
    """Calls a trusted function in this process; the outcome is like that of a student's."""
    given = wire.decode(arguments)
    # As in the student's process, whatever this one's settings are.
    with (
        np.errstate(divide="warn", over="warn", under="ignore", invalid="warn"),
        warnings.catch_warnings(record=True) as caught,
    ):
        warnings.simplefilter("always")
        try:
            value = wire.decode(wire.encode(function(*given)))
            problem = None
        except Exception as error:
            bases = tuple(kind.__name__ for kind in type(error).__mro__[1:])
            value, problem = None, Problem(type(error).__name__, bases, str(error))
    return Outcome(
        "returned" if problem is None else "raised",
        value=value,
        problem=problem,
        after=None if wire.encode(given) == arguments else given,
        warnings=tuple((w.category.__name__, str(w.message)) for w in caught),
    )

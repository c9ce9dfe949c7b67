"""How a course's exercises are made of others, and of factors: what a lesson's `parts.py` says.

    COMPOSITES = {"train": STANDARD}
    LINKS = {"gradient_w": {"the slope of the error": lambda target, a: a - target}}

A composite is an exercise whose reference calls other exercises of its lesson, and that keeps its
points where it follows from the student's own mistakes in those; with it stands the tolerance for
its numbers. Links are the factors of an exercise's answer, as functions of its own arguments, under
the names that a student reads. A lesson without either has no such file.
"""

import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from autograder.checking.errors import BrokenGraderError, shown
from autograder.compare import Tolerance
from autograder.course import Course
from autograder.lesson_files import lesson_files
from autograder.references import reference

Function = Callable[..., Any]


class Composite(NamedTuple):
    """An exercise that is built on others: those that its reference calls, and its tolerance."""

    reference: Function
    parts: tuple[str, ...]
    tolerance: Tolerance

    def made_of(self, parts: Mapping[str, Function]) -> Function:
        """Returns a copy of the reference that calls these functions in place of the exercises'.

        Args:
            parts: A function for the id of each exercise that is replaced.
        """
        function = self.reference
        assert isinstance(function, types.FunctionType)
        names = {id.partition(".")[2]: part for id, part in parts.items()}
        made = types.FunctionType(
            function.__code__,
            {**function.__globals__, **names},
            function.__name__,
            function.__defaults__,
            function.__closure__,
        )
        made.__kwdefaults__ = function.__kwdefaults__
        return made


class Parts(NamedTuple):
    """The composites and the links of a course's exercises, by their ids, in the course's order."""

    composites: dict[str, Composite]
    links: dict[str, Mapping[str, Function]]


def load_parts(course: Course) -> Parts:
    """Reads the `parts.py` of every lesson that has one.

    Raises:
        BrokenGraderError: a file cannot be loaded, names no exercise, or a composite has no parts.
    """
    found = Parts({}, {})
    for file in lesson_files(course, "graders.{}.parts"):
        composites: Mapping[str, Tolerance] = getattr(file.loaded, "COMPOSITES", {})
        links: Mapping[str, Mapping[str, Function]] = getattr(file.loaded, "LINKS", {})
        for word in (*composites, *links):
            file.exercise(word)
        functions = [exercise.function for exercise in file.lesson.exercises]
        for function in functions:
            id = file.exercise(function)
            if function in composites:
                made = Composite(reference(course, id), (), composites[function])
                found.composites[id] = made._replace(parts=_called(file.path, id, made, functions))
            if function in links:
                found.links[id] = links[function]
    return found


def _called(path: Path, id: str, made: Composite, functions: list[str]) -> tuple[str, ...]:
    """Returns the other exercises of its module that a composite's reference calls, in order."""
    module, _, own = id.partition(".")
    code = getattr(made.reference, "__code__", None)
    names = code.co_names if code else ()
    parts = tuple(f"{module}.{n}" for n in names if n in functions and n != own)
    if not parts:
        raise BrokenGraderError(
            f"{shown(path)}: {own} is among COMPOSITES, but its reference solution calls no other "
            "exercise of its lesson: let it call them, or take it out."
        )
    return parts

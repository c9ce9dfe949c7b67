"""Runs checks on a student's functions right here: no process of its own, no limits.

This is what the bare yardstick does, and what the other tools do in their kernels: they get the
same check functions, translated by nothing more than a call. Nothing but the checks themselves is
imported, so that a kernel of theirs starts no slower than it must.
"""

import ast
import copy
import inspect
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

import numpy as np

from autograder.calls import Outcome, Problem, StudentFunction
from autograder.course import BUNDLED
from autograder.course.code import load
from autograder.sandbox.cells import to_python

# A first line by which IPython runs a cell and beside that measures it.
_MEASURED: Final = re.compile(r"\A\s*%%(?:time|timeit|capture|prun)\b.*\n")

Functions = dict[str, Any]
# A piece of source text, and whether it is a "file" or a "cell" (see `autograder.submissions`).
Piece = tuple[str, str]


def lesson(name: str, pieces: Iterable[Piece]) -> Functions:
    """Executes a student's module and returns what it defines.

    A file ends at its first error. A notebook's cell runs statement by statement, as where it is
    graded for marks, and one that fails does not hide the next.
    """
    module = types.ModuleType(name)
    for text, kind in pieces:
        try:
            tree = ast.parse(text if kind == "file" else to_python(_MEASURED.sub("", text)))
        except (SyntaxError, ValueError):
            continue
        parts = [tree.body] if kind == "file" else [[statement] for statement in tree.body]
        for part in parts:
            try:
                exec(
                    compile(ast.Module(part, tree.type_ignores), name, "exec"),
                    module.__dict__,
                )
            except BaseException:  # What a student wrote may raise anything, SystemExit too.
                continue
    return vars(module)


class DirectCandidate:
    """Calls a student's functions in this process."""

    def __init__(self, lessons: dict[str, Functions]) -> None:
        self._lessons = lessons

    def begin(self, check: str) -> None:
        """Nothing is fetched ahead."""

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Makes the call, on copies of the arguments, and sees changes and warnings."""
        module, _, name = exercise.partition(".")
        function = self._lessons.get(module, {}).get(name)
        if function is None:
            return Outcome("missing")
        given = copy.deepcopy(arguments)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                value = _plain(function(*given))
            except BaseException as error:
                bases = tuple(kind.__name__ for kind in type(error).__mro__)
                return Outcome("raised", problem=Problem(type(error).__name__, bases, str(error)))
        changed = repr(given) != repr(arguments)
        told = tuple((w.category.__name__, str(w.message)) for w in caught)
        return Outcome("returned", value, after=given if changed else None, warnings=told)


def _plain(value: Any) -> Any:
    """Returns NumPy's scalars as Python's: that is how they arrive from a process of one's own."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (list, tuple):
        return type(value)(_plain(item) for item in value)
    return value


def passes(check: str, lessons: dict[str, Functions], seed: int) -> None:
    """Runs one check, such as `hidden.activations.test_softmax_values`, without pytest.

    Raises:
        AssertionError: it fails, in whatever way.
    """
    module, _, name = check.rpartition(".")
    grader = _grader(module)
    candidate = DirectCandidate(lessons)
    subject = module.rpartition(".")[2]
    function: Callable[..., None] = getattr(grader, name)
    values = {
        parameter: _input(module, parameter, seed)
        if _is_input(grader, parameter)
        else _BesideItsReference(f"{subject}.{parameter}", candidate)
        for parameter in inspect.signature(function).parameters
    }
    try:
        function(**values)
    except BaseException as error:  # Otter's run ends on what is no Exception.
        raise AssertionError(f"{type(error).__name__}: {error}") from None


def earned(checks: dict[str, float], lessons: dict[str, Functions], seed: int) -> float:
    """Returns the points that the checks which pass are worth, as a mark of an nbgrader cell."""
    total = 0.0
    for check, worth in checks.items():
        try:
            passes(check, lessons, seed)
        except AssertionError:
            continue
        total += worth
    return round(total, 4)


@cache
def _grader(module: str) -> types.ModuleType:
    # Graders ask pytest for one thing only, to mark their inputs; importing it takes longer than
    # running them, and in these kernels nothing else needs it.
    before = sys.modules.get("pytest")
    stand_in = types.ModuleType("pytest")
    stand_in.__dict__["fixture"] = lambda scope: _mark_input
    sys.modules["pytest"] = stand_in
    try:
        visibility, _, lesson = module.partition(".")
        name = (
            f"exercises.checks.{lesson}" if visibility == "public" else f"graders.{lesson}.checks"
        )
        return load(BUNDLED, name)
    finally:
        del sys.modules["pytest"]
        if before is not None:
            sys.modules["pytest"] = before


class _BesideItsReference(StudentFunction):
    @property
    def reference(self) -> Callable[..., Any]:
        """The reference implementation (see `StudentFunction.reference`)."""
        module, _, function = self.exercise.partition(".")
        implementation: Callable[..., Any] = getattr(load(BUNDLED, f"solutions.{module}"), function)
        return implementation


def _mark_input(function: Any) -> Any:
    function.makes_input = True
    return function


def _is_input(grader: types.ModuleType, name: str) -> bool:
    return name == "generator" or hasattr(getattr(grader, name, None), "makes_input")


@cache
def _input(module: str, name: str, seed: int) -> Any:
    """Returns what pytest would hand to a check as that fixture, made once a process."""
    if name == "generator":
        return lambda label: np.random.default_rng([seed, *label.encode()])
    make = getattr(_grader(module), name)
    needed = inspect.signature(make).parameters
    return make(**{other: _input(module, other, seed) for other in needed})

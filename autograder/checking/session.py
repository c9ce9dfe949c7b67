"""Holds the pytest session in which checks are collected once and run for many candidates."""

import ast
import contextlib
import os
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from autograder.calls import StudentFunction
from autograder.checking.errors import BrokenGraderError, broken_by, shown
from autograder.checking.plugin import CheckFile, Examination
from autograder.course import Course, did_you_mean
from autograder.course.code import load, path_of

# pytest's plugins that only a person at a terminal needs, and that cost time for each check.
_BLOCKED_PLUGINS: Final = (
    "cacheprovider capture debugging doctest faulthandler junitxml legacypath logging pastebin "
    "recwarn setuponly setupplan skipping stepwise terminal threadexception unittest "
    "unraisableexception warnings"
).split()
_SETTINGS: Final = Path(__file__).with_name("pytest.ini")
SESSION_ARGUMENTS: Final = (
    *(f"-pno:{name}" for name in _BLOCKED_PLUGINS),
    *("-c", str(_SETTINGS)),
    *("--noconftest", "--import-mode=importlib", "--assert=plain"),
)
_DEF: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


def public_checks(modules: Iterable[str]) -> list[CheckFile]:
    """Returns the files of the public checks of these modules."""
    return [CheckFile("public", module, f"exercises.checks.{module}") for module in modules]


def hidden_checks(modules: Iterable[str]) -> list[CheckFile]:
    """Returns the files of the hidden checks of these modules."""
    return [CheckFile("hidden", module, f"graders.{module}.checks") for module in modules]


def hold_session(
    examination: Examination, files: Sequence[CheckFile], course: Course, seed: int | None = None
) -> None:
    """Collects the checks in these files, hands over to the examination's work, and ends with it.

    Args:
        examination: Gets the checks, and does its work.
        files: Where the checks are.
        course: The course.
        seed: The seed of the hidden inputs; public checks need none, and draw no numbers.

    Raises:
        BrokenGraderError: a check cannot be collected, or Python leaves out its docstring.
        KeyboardInterrupt: the session was interrupted.
    """
    if sys.flags.optimize > 1:
        raise BrokenGraderError(
            "Python leaves out docstrings here, and those of the checks are what students read: "
            "unset PYTHONOPTIMIZE, and start python without -OO."
        )
    for file in files:
        path = path_of(course.root, file.name)
        _insist_on_checks(path)
        try:
            loaded = load(course.root, file.name)
        except Exception as error:
            raise broken_by(error, path) from None
        examination.files[path] = (file, loaded)
    with _plain_pytest():
        try:
            ended = pytest.main(
                [*SESSION_ARGUMENTS, f"--rootdir={course.root}", *map(str, examination.files)],
                plugins=[examination, _fixtures(examination, course, seed)],
            )
        except OSError:
            # At its end pytest goes back to the current folder, which may be gone by then.
            if not examination.finished:
                raise
            ended = pytest.ExitCode.OK
    if ended == pytest.ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    if examination.failure is not None:
        raise examination.failure
    if examination.problems or not examination.finished:
        first, *more = examination.problems or [f"pytest cannot begin: it ended with {ended!r}."]
        raise BrokenGraderError(f"{first}{f' (And {len(more)} more like this.)' if more else ''}")


def insist_on_modules(course: Course) -> None:
    """Makes sure that every file of public checks belongs to a module of the course.

    Raises:
        BrokenGraderError: one does not.
    """
    modules = [lesson.id for lesson in course.lessons]
    for path in sorted(course.root.glob("exercises/checks/*.py")):
        if path.stem not in {"__init__", *modules}:
            meant = did_you_mean(path.stem, modules)
            raise BrokenGraderError(
                f"{shown(path)} belongs to no module of exercises/course.toml"
                f"{meant or ': put the module back, or delete the file.'}"
            )


def _insist_on_checks(path: Path) -> None:
    """Makes sure that a file of checks is there, is Python, and defines nothing twice."""
    try:
        functions = [n.name for n in ast.parse(path.read_bytes(), path).body if isinstance(n, _DEF)]
    except FileNotFoundError:
        raise BrokenGraderError(f"{shown(path)} is missing.") from None
    except (SyntaxError, ValueError, OSError) as error:
        raise broken_by(error, path) from None
    for name in functions:
        if functions.count(name) > 1:
            raise BrokenGraderError(
                f"{shown(path)} defines {name} twice: give one of them another name."
            )


def _fixtures(examination: Examination, course: Course, seed: int | None) -> types.ModuleType:
    """Returns a plugin with a fixture for each exercise, and `generator` for seeded inputs."""

    def student_function(function: str) -> Any:
        def fixture() -> StudentFunction:
            return examination.function(function)

        return pytest.fixture(name=function, scope="module")(fixture)

    # pytest finds fixtures among the attributes of a module; this one exists only here.
    plugin = types.ModuleType("exercise_fixtures")
    if seed is not None:
        plugin.__dict__["generator"] = _generator(seed)
    for name in {exercise.function for exercise in course.exercises.values()}:
        setattr(plugin, f"function_{name}", student_function(name))
    return plugin


def _generator(seed: int) -> Any:
    def generator() -> Callable[[str], np.random.Generator]:
        """Makes generators of random inputs: one label, always the same numbers."""
        return lambda label: np.random.default_rng([seed, *label.encode()])

    return pytest.fixture(name="generator", scope="session")(generator)


@contextlib.contextmanager
def _plain_pytest() -> Iterator[None]:
    """Keeps options and plugins of the surrounding environment out of the session."""
    before = {name: os.environ.pop(name, None) for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS")}
    before["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

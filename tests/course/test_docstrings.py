"""The docstrings of the references read alike: they are the contract that students get.

What holds for any course, `autograder verify` looks at: that parameters are described and
annotated, that examples are true, and that no line of the body is given away.
"""

import ast
import inspect
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from autograder.course import load_course
from autograder.course.code import load
from autograder.references import reference

COURSE = load_course()
MODULES = [load(COURSE.root, f"solutions.{lesson.id}") for lesson in COURSE.lessons]


def short_name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def docstring_of(function: Callable[..., Any]) -> str:
    assert function.__doc__ is not None
    return inspect.cleandoc(function.__doc__)


def sections_of(function: Callable[..., Any]) -> dict[str, str]:
    """Split a docstring at its Google-style headings."""
    parts = re.split(r"^(Args|Returns|Raises|Example):\n", docstring_of(function), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


every_module = pytest.mark.parametrize("module", MODULES, ids=short_name)
every_function = pytest.mark.parametrize(
    "function", [reference(COURSE, name) for name in COURSE.exercises], ids=list(COURSE.exercises)
)


@every_module
def test_a_module_stands_alone(module: ModuleType) -> None:
    """It is the source of a file that a student hands in: NumPy is all that it may need."""
    imported = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or ".")
    assert imported == {"numpy", "numpy.typing"}


@every_module
def test_a_module_says_what_its_exercises_build_up(module: ModuleType) -> None:
    assert module.__doc__ is not None
    first, builds, for_all = module.__doc__.split("\n\n")
    assert first.endswith(".")
    assert 2 <= len(builds.splitlines()) <= 5
    assert "leave their arguments as they were, and round nothing" in " ".join(for_all.split())


@every_function
def test_the_first_line_is_one_sentence_on_what_is_returned(function: Callable[..., Any]) -> None:
    first, blank, *_ = docstring_of(function).splitlines()
    assert first.startswith("Return ")
    assert first.endswith(".")
    assert len(first) <= 100 - len('    """')
    assert blank == ""


@every_function
def test_args_returns_and_example_are_there_in_this_order(function: Callable[..., Any]) -> None:
    sections = sections_of(function)
    assert [name for name in sections if name != "Raises"] == ["Args", "Returns", "Example"]
    assert "Raises" in sections or "raise " not in inspect.getsource(function)
    assert ">>> " in sections["Example"]


@every_function
def test_the_docstring_names_nothing_of_numpy_before_its_example(
    function: Callable[..., Any],
) -> None:
    assert "np." not in docstring_of(function).partition("Example:")[0]


@every_module
def test_each_line_fits_in_100_columns_of_ascii(module: ModuleType) -> None:
    source = inspect.getsource(module)
    assert source.isascii()
    assert max(map(len, source.splitlines())) <= 100

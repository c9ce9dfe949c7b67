"""What exercises ask for: the docstrings of the reference solutions, read without running them."""

import ast
import inspect
from functools import cache
from pathlib import Path

from autograder.course.code import path_of
from autograder.course.data import Course


def contract_of(course: Course, exercise: str) -> str:
    """Returns an exercise's public docstring; nothing where there is none."""
    if course.contracts is not None:
        return course.contracts.get(exercise, "")
    module, _, function = exercise.partition(".")
    return _contracts(path_of(course.root, f"solutions.{module}")).get(function, "")


@cache
def _contracts(path: Path) -> dict[str, str]:
    tree = ast.parse(path.read_bytes())
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {node.name: inspect.cleandoc(ast.get_docstring(node) or "") for node in functions}

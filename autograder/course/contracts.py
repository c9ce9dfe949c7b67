"""What exercises ask for: the reference solutions' docstrings, read without running code."""

import ast
import inspect
from functools import cache
from pathlib import Path

from autograder.course.code import path_of
from autograder.course.data import Course, CourseError


def contract_of(course: Course, exercise: str) -> str:
    """Returns an exercise's public docstring; empty if there is none.

    Raises:
        CourseError: the file of its solution is missing, or is not valid Python.
    """
    if course.contracts is not None:
        return course.contracts.get(exercise, "")
    module, _, function = exercise.partition(".")
    path = path_of(course.root, f"solutions.{module}")
    shown = path.relative_to(course.root).as_posix()
    try:
        return _contracts(path).get(function, "")
    except FileNotFoundError:
        raise CourseError(
            f"{shown} is missing: {module} is a module of exercises/course.toml."
        ) from None
    except SyntaxError as error:
        raise CourseError(f"{shown}, line {error.lineno}: {error.msg}.") from None
    except (OSError, ValueError) as error:
        raise CourseError(f"{shown}: {error}.") from None


@cache
def _contracts(path: Path) -> dict[str, str]:
    tree = ast.parse(path.read_bytes())
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return {node.name: inspect.cleandoc(ast.get_docstring(node) or "") for node in functions}

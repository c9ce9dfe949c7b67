"""Makes the students' stubs from the reference solutions.

A stub module is a solution's module without the answers: its docstring and imports, and each public
function with its signature, its docstring and `raise NotImplementedError`.
"""

import ast
import re
from pathlib import Path
from typing import Final

from autograder.course import Course, Lesson
from autograder.course.code import path_of

_SIBLING: Final = re.compile(r"^from \.(\w+) import", re.MULTILINE)
_NOT_YET: Final = "    raise NotImplementedError\n"


def make_stub(solution: str) -> str:
    """Returns the text of a stub module, given the text of a solution module."""
    head, functions = stub_parts(solution)
    return "\n\n".join([head, *functions.values()])


def stub_parts(solution: str) -> tuple[str, dict[str, str]]:
    """Returns the text above a stub module's functions, and each function by name."""
    lines = solution.splitlines(keepends=True)
    tree = ast.parse(solution)
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
    first = _first_line(functions[0]) - 1 if functions else None
    # The solutions of another lesson are, to students, a module beside theirs.
    head = _SIBLING.sub(r"from \1 import", "".join(lines[:first]).rstrip() + "\n")
    return head, {
        node.name: "".join(lines[_first_line(node) - 1 : node.body[0].end_lineno]) + _NOT_YET
        for node in functions
        if not node.name.startswith("_")
    }


def _first_line(function: ast.FunctionDef) -> int:
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])


def solution_of(course: Course, lesson: Lesson) -> str:
    """Returns the text of a module's reference solutions."""
    return path_of(course.root, f"solutions.{lesson.id}").read_text(encoding="utf-8")


def stubs(course: Course) -> dict[Path, str]:
    """Returns what each stub file should hold."""
    return {
        course.root / "exercises" / f"{lesson.id}.py": make_stub(solution_of(course, lesson))
        for lesson in course.lessons
    }

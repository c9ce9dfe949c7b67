"""Makes the students' stubs from the reference solutions.

A stub is a solution's module without what solves it: the module's docstring and imports, and each
public function with its signature, its docstring and `raise NotImplementedError`.

    python -m autograder.packaging.stubs     rewrites exercises/
"""

import ast
from pathlib import Path
from typing import Final

from autograder.course import ROOT, load_course

_NOT_YET: Final = "    raise NotImplementedError\n"


def make_stub(solution: str) -> str:
    """Returns the text of a stub module, given the text of a solution module."""
    lines = solution.splitlines(keepends=True)
    tree = ast.parse(solution)
    first_function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    parts = ["".join(lines[: _first_line(first_function) - 1]).rstrip() + "\n"]
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            docstring = node.body[0]
            parts.append("".join(lines[_first_line(node) - 1 : docstring.end_lineno]) + _NOT_YET)
    return "\n\n".join(parts)


def _first_line(function: ast.FunctionDef) -> int:
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])


def stubs() -> dict[Path, str]:
    """Returns what each stub file should hold."""
    return {
        ROOT / "exercises" / f"{module.id}.py": make_stub(
            (ROOT / "solutions" / f"{module.id}.py").read_text(encoding="utf-8")
        )
        for module in load_course().modules
    }


if __name__ == "__main__":
    for path, text in stubs().items():
        path.write_text(text, encoding="utf-8")

"""The functions in a student's files, as text; no student code runs here."""

import ast
import warnings

from autograder.sandbox.cells import to_python
from autograder.submissions.model import Submission

# The source of each top-level function of a module, by its name.
Functions = dict[str, str]


def texts_of(submission: Submission) -> dict[str, str]:
    """Returns the text of each module."""
    return {
        module: "\n".join(
            to_python(chunk.text) if chunk.kind in ("cell", "script") else chunk.text
            for chunk in chunks
        )
        for module, chunks in submission.modules.items()
    }


def functions_of(text: str) -> Functions | None:
    """Returns the top-level functions of a module; None if it is not Python."""
    nodes = _nodes(text)
    if nodes is None:
        return None
    return {node.name: ast.get_source_segment(text, node) or "" for node in nodes}


def written_above_the_stub(submission: Submission) -> set[str]:
    """Returns the exercises with code written above a remaining `raise NotImplementedError`."""
    return {
        f"{module}.{node.name}"
        for module, text in texts_of(submission).items()
        for node in _nodes(text) or ()
        if _is_written_above_the_stub(node)
    }


def _is_written_above_the_stub(node: ast.FunctionDef) -> bool:
    *above, last = node.body
    docstring = above[:1] and isinstance(above[0], ast.Expr) and len(above) == 1
    return bool(
        above
        and not docstring
        and isinstance(last, ast.Raise)
        and isinstance(last.exc, ast.Name)
        and last.exc.id == "NotImplementedError"
    )


def _nodes(text: str) -> list[ast.FunctionDef] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Reported where the code runs, not here.
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return [node for node in tree.body if isinstance(node, ast.FunctionDef)]

"""The walk: from stubs to the archive, with the mistakes that one makes on the way."""

import ast
from pathlib import Path
from typing import Final

from examples.loop.terminal import Terminal

COLUMNS: Final = 92

# What the student writes, and where the first attempt goes wrong.
_PREDICT: Final = "    return w * x\n"
_COST_WITHOUT_HALF: Final = "    return np.mean((w * x - z) ** 2)\n"
_COST: Final = "    return np.mean((w * x - z) ** 2) / 2\n"
_SUM: Final = "    return np.sum((w * x - z) ** 2)\n"


def write_body(file: Path, function: str, body: str) -> None:
    """Writes a function's body below its docstring, in place of what is there."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    tree = ast.parse("".join(lines))
    (node,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function)
    lines[node.body[0].end_lineno : node.end_lineno] = [body]
    file.write_text("".join(lines), encoding="utf-8")


def walk(autograder: Path, folder: Path) -> dict[str, str]:
    """Goes through the loop in a folder with `exercises/`, and returns screens by their name.

    Args:
        autograder: The command.
        folder: Where the release was unzipped; its exercises are written in.
    """
    exercises = folder / "exercises"
    file = exercises / "gradient_descent.py"
    screens = {}

    write_body(file, "predict", _PREDICT)
    write_body(file, "cost", _COST_WITHOUT_HALF)
    screens["check"] = _run(autograder, folder, "check", "gradient_descent")
    screens["hint"] = _run(autograder, folder, "hint", "cost")

    with Terminal([autograder, "check", "--watch"], folder, COLUMNS) as terminal:
        terminal.wait_for("watching exercises")
        write_body(file, "cost", _COST)
        terminal.wait_for("Done.")
        screens["watch"] = terminal.wait_for("watching exercises") and terminal.screen
        terminal.press("n")
        terminal.wait_for("not started")
        write_body(file, "sum_squared_error", _SUM)
        terminal.wait_for("Done.")
        terminal.press("l")
        terminal.wait_for("collapse_linear_layers")
        terminal.press("q")
        terminal.wait_for_end()

    screens["submit"] = _run(autograder, folder, "submit")
    return screens


def _run(autograder: Path, folder: Path, *words: str) -> str:
    with Terminal([autograder, *words], folder, COLUMNS) as terminal:
        terminal.wait_for_end()
        return terminal.screen

"""What a notebook's own kernel finds done is right where it is graded, or it is said why not."""

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

import nbformat
import pytest
from nbclient import NotebookClient
from rich.text import Text

from autograder.course import Course
from autograder.results import Result, Source
from autograder.submissions import Handin, Piece, read_submission

IMPORT = "import numpy as np\n"
BODY = "def relu(z):\n    return np.maximum(z, 0)\n"
RELU = f"{IMPORT}\n\n{BODY}"


class Case(NamedTuple):
    """The code cells of a notebook, and a part of what is told of it; nothing if nothing is."""

    cells: list[str]
    told: str = ""


CASES: dict[str, Case] = {
    "plain": Case([RELU]),
    "nothing": Case([IMPORT]),
    "future flags hold for later cells": Case(
        ["from __future__ import annotations", f"{IMPORT}{BODY.replace('(z)', '(z: Nowhere)')}"]
    ),
    "future flags in a cell's middle": Case(
        [f"{IMPORT}from __future__ import annotations\n{BODY.replace('(z)', '(z: Nowhere)')}"]
    ),
    "annotations without them": Case([IMPORT, BODY.replace("(z)", "(z: Nowhere)")], "Nowhere"),
    "a dataclass": Case(
        [
            "from __future__ import annotations\nfrom dataclasses import dataclass",
            "@dataclass\nclass Layer:\n    size: int = 3\n",
            f"{RELU}Layer(2)",
        ]
    ),
    "a module written": Case([f"%%writefile activations.py\n{RELU}", "from activations import *"]),
    "a module written in two": Case(
        [f"%%writefile mine.py\n{IMPORT}", f"%%file -a mine.py\n{BODY}", "from mine import relu"]
    ),
    "a module written and not imported": Case([f"%%writefile mine.py\n{RELU}"]),
    "a module that fails": Case(
        ["%%writefile mine.py\n1 / 0\n", "import mine", RELU], "ZeroDivisionError"
    ),
    "a module run": Case([f"%%writefile mine.py\n{RELU}", "%run mine.py"]),
    "data written": Case(["%%writefile data.csv\n1,2", RELU], "data.csv was not written"),
    "time": Case([f"%%time\n{RELU}"]),
    "time below blank lines": Case([f"\n\n%%time\n{RELU}"]),
    "time of a line": Case([RELU, "%time relu(3)", "x = %time relu(3)"]),
    "time with a statement beside it": Case([f"%%time x = 3\n{RELU}"], "takes no statement"),
    "capture": Case([f"%%capture out\n{RELU}print(3)", "assert out.stdout == '3\\n'"]),
    "capture of time": Case([f"%%capture\n%%time\n{RELU}"]),
    "prun": Case([f"%%prun -q\n{RELU}"]),
    "timeit of a cell": Case([f"%%timeit -n1 -r1\n{RELU}"], "keeps nothing that it defines"),
    "timeit of a line": Case([RELU, "%timeit -n1 -r1 relu(3)"]),
    "time of a negative number": Case([f"x = %time -3 + 5\nassert x == 2\n{RELU}"]),
    "prun of a line": Case([RELU, "%prun -q -s cumtime relu(3)"]),
    "a magic in a function": Case(
        [f"{IMPORT}def relu(z):\n    y = %time np.maximum(z, 0)\n    return y\n"]
    ),
    "other programs": Case(["%%bash\ntrue", RELU], "%%bash was left out"),
    "pages": Case(["%%html\n<b>", RELU], "%%html was left out"),
    "another Python": Case([f"%%python3\n{RELU}"], "%%python3 was left out"),
    "a command that goes on": Case([f"!echo -q numpy \\\n    pandas\n{RELU}"]),
    "a command's output": Case(
        [f"files = !true\nassert list(files) == []\n{RELU}"], "!true was not"
    ),
    "a magic without its sign": Case(["precision 3", RELU]),
    "a magic of the notebook's own": Case(
        [
            "from IPython.core.magic import register_cell_magic\n\n\n"
            "@register_cell_magic\ndef twice(line, cell):\n    exec(cell, globals())",
            f"%%twice\n{RELU}",
        ]
    ),
    "a magic that is not there": Case([f"%nosuch 3\n{RELU}"], "%nosuch is not known"),
    "an environment variable": Case(
        ["%env TAKEN=0", "import os\n" + RELU.replace("0", "float(os.environ['TAKEN'])")]
    ),
    "display": Case([f"{IMPORT}def relu(z):\n    display(z)\n    return np.maximum(z, 0)\n"]),
    "display that is imported": Case(
        [f"from IPython.display import HTML, display\n{RELU}display(HTML('<b>'))"]
    ),
    "the shell": Case(
        [f"if get_ipython() is not None:\n    {RELU.replace(chr(10), chr(10) + '    ')}"]
    ),
    "the shell's options": Case(
        [
            "from IPython.core.interactiveshell import InteractiveShell\n"
            "InteractiveShell.ast_node_interactivity = 'last_expr'",
            RELU,
        ]
    ),
    "main": Case([f"{IMPORT}if __name__ == '__main__':\n    def relu(z): return np.maximum(z, 0)"]),
    "no file": Case(
        [f"{IMPORT}try:\n    __file__\nexcept NameError:\n    def relu(z): return np.maximum(z, 0)"]
    ),
    "a docstring with a percent sign": Case(
        [RELU.replace("    return", "    '''\n    %d is\n    !so\n    '''\n    return") + "%time 3"]
    ),
    "a product over lines": Case([f"%time 3\n{RELU}x = (7\n    % 4)"]),
    "await": Case([f"async def made():\n    return 3\n\n\nx = await made()\n{RELU}"]),
    "await with a pause": Case([f"import asyncio\nawait asyncio.sleep(0.001)\n{RELU}"]),
    "what a cell ended with": Case([f"{IMPORT}lambda z: np.maximum(z, 0)", "relu = _"]),
    "what was silenced": Case([f"{IMPORT}lambda z: np.maximum(z, 0);", "relu = _"]),
    "pasted prompts": Case(
        [IMPORT, ">>> def relu(z):\n...     return np.maximum(z, 0)\n>>> x = 3"]
    ),
    "indented as a whole": Case([IMPORT, "    def relu(z):\n        return np.maximum(z, 0)"]),
    "help": Case([RELU, "relu?", "?relu"]),
    "forgotten": Case([RELU, "%reset -f"]),
    "a grader over lines": Case(
        [f'from autograder.notebook import Grader\ngrader = Grader(\n    "activations",\n)\n{RELU}']
    ),
    "a cell that is no Python": Case([RELU, "def broken(:\n"], "SyntaxError"),
    "an error above it": Case([f"1 / 0\n{RELU}"], "ZeroDivisionError"),
    "a name given away": Case([RELU, "relu = relu(3)"], "gives the name relu to something"),
    "a name given to another function": Case([RELU, "relu = np.cosh"]),
}

# %reset does the same in a quarter of a second, most of it a collection of garbage.
START = """\
import os, sys, tempfile
get_ipython().compile.reset_compiler_flags()
for name in ("activations", "mine"):
    sys.modules.pop(name, None)
os.chdir(tempfile.mkdtemp(dir={folder!r}))
sys.path_importer_cache.clear()
for name in set(globals()) - {{"In", "Out", "get_ipython", "exit", "quit", "open", "name"}}:
    if not name.startswith("_"):
        del globals()[name]
del name
0
"""
# `grader.check` holds a session of pytest, half a second each; a few of them are enough.
END = """\
import numpy
from autograder.notebook.kernel import KernelCandidate
given = numpy.array([-1.5, 0.0, 2.0])
outcome = KernelCandidate(globals()).observe("activations.relu", (given,))
print("✓ done" if numpy.array_equal(outcome.value, [0.0, 0.0, 2.0]) else outcome.reason)
"""
CHECK = """\
from autograder.notebook import Grader
Grader("activations").check("relu")
"""
CHECKED: Final = {"plain", "nothing", "a module written", "forgotten", "a name given away"}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bool]:
    """What each notebook's own check says, all of them in one kernel."""
    folder = str(tmp_path_factory.mktemp("kernel"))
    v4: Any = nbformat.v4
    made = v4.new_notebook()
    for name, case in CASES.items():
        check = CHECK if name in CHECKED else END
        for source in (START.format(folder=folder), *case.cells, check):
            made.cells.append(v4.new_code_cell(source))
    NotebookClient(made, allow_errors=True).execute()
    checks = [cell for cell in made.cells if cell.source in (END, CHECK)]
    return {name: "✓ done" in _printed(cell) for name, cell in zip(CASES, checks, strict=True)}


def _printed(cell: Any) -> str:
    texts = (output.text for output in cell.outputs if output.output_type == "stream")
    return Text.from_ansi("".join(texts)).plain


def graded(cells: list[str], examiner: Any, course: Course, folder: Path) -> Result:
    path = folder / "activations.ipynb"
    code = [{"cell_type": "code", "source": c, "metadata": {}, "outputs": []} for c in cells]
    path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code}))
    result: Result = examiner.examine(
        read_submission(Handin("n", Source(path.name), (Piece(path),)), course)
    )
    return result


@pytest.mark.parametrize("name", CASES)
def test_a_notebook_is_graded_as_its_own_kernel_checks_it(
    name: str, done: dict[str, bool], examiner: Any, course: Course, tmp_path: Path
) -> None:
    case = CASES[name]
    result = graded(case.cells, examiner, course, tmp_path)
    relu = next(e for e in result.exercises if e.id == "activations.relu")
    if case.told:
        assert case.told in " ".join(result.problems)
        assert len(result.problems) == 1
        # Never less than the kernel says: what is left out there may be kept here.
        assert (relu.outcome == "correct") >= done[name]
    else:
        assert result.problems == ()
        assert (relu.outcome == "correct") == done[name]

"""What the tests of the student's loop share: a folder of stubs, and the command in it."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.here import autograder_here
from tests.places import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def autograder() -> Path:
    """The installed command."""
    return Path(sys.executable).with_name("autograder")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `exercises/` as students get it, without the notebooks."""
    ignored = shutil.ignore_patterns(".*", "__pycache__", "*.ipynb")
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises", ignore=ignored)
    return tmp_path


@pytest.fixture
def patient(folder: Path) -> dict[str, str]:
    """An environment in which no limit runs out: what ends a loop there is something else."""
    (folder / "sitecustomize.py").write_text(
        "import autograder.sandbox.process as process\n"
        "usual = process.Limits\n"
        "process.Limits = lambda **given: usual(3600.0, 3600.0, 3600.0)\n"
    )
    return {"PYTHONPATH": str(folder)}


@pytest.fixture
def solved(folder: Path) -> Path:
    """The same folder with every exercise solved."""
    for path in (ROOT / "solutions").glob("[a-z]*.py"):
        shutil.copy(path, folder / "exercises")
    return folder


@pytest.fixture
def run(folder: Path) -> Run:
    """Runs the command in the folder, without a terminal."""

    def run_command(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return autograder_here(*words, cwd=folder, environment={"COLUMNS": "100"} | environment)

    return run_command

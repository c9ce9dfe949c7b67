"""An environment of its own for each other tool, in build/bench/environments.

    python -m benchmarks.side_by_side.environments     makes them all

Everything that a tool writes beside its output (settings, kernels, history) goes below build/bench
too. A tool that is there with the same pins is not installed again.
"""

import json
import os
import shutil
import subprocess
import sys
import venv
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.places import ROOT

FOLDER: Final = ROOT / "build" / "bench"


class Environment(NamedTuple):
    """What a tool needs: exact releases, so that a figure can be measured again."""

    name: str
    packages: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where it is."""
        return FOLDER / "environments" / self.name

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def program(self, name: str) -> Path:
        """Returns one of its commands."""
        return self.folder / "bin" / name

    @property
    def pins(self) -> tuple[str, ...]:
        """What is installed, this checkout aside."""
        # The checks compute with the NumPy that ours are graded with.
        return (*self.packages, *_SHARED, f"numpy=={version('numpy')}")


# The newest releases in November 2026 of the parts of Jupyter that decide how fast a kernel starts:
# the same ones for both, so that the tools differ and not what they stand on.
_SHARED: Final = (
    "ipykernel==7.4.0",
    "jupyter-client==8.10.0",
    "nbclient==0.11.0",
    "nbconvert==7.17.2",
)
# Otter-Grader 7 is what this project's own archives are for; `grading` is what `otter run` needs.
OTTER: Final = Environment("otter", ("otter-grader[grading]==7.0.0",))
# The newest release of nbgrader. Its autograde needs the whole of JupyterLab installed.
NBGRADER: Final = Environment("nbgrader", ("nbgrader==0.9.6",))


class SetupError(Exception):
    """An environment cannot be made; the message is the end of what pip said."""


def set_up(environment: Environment) -> None:
    """Makes an environment, unless it is there.

    Raises:
        SetupError: a package cannot be installed.
    """
    stamp = environment.folder / "pins"
    pins = "\n".join((*environment.pins, f"python {sys.version}", str(ROOT)))
    if stamp.exists() and stamp.read_text() == pins:
        return
    shutil.rmtree(environment.folder, ignore_errors=True)
    venv.create(environment.folder, with_pip=True)
    # Its checkout gives the checks, which import the solutions; nothing of it is copied.
    pip = [
        str(environment.python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    done = subprocess.run(
        [*pip, *environment.pins, "--editable", str(ROOT)],
        env=surroundings(environment),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SetupError(f"{environment.name}: {done.stderr[-2000:].strip()}")
    stamp.write_text(pins)


def versions(environment: Environment) -> dict[str, str]:
    """Returns the releases that decide what a tool costs, as they are installed there."""
    names = [pin.partition("==")[0].partition("[")[0] for pin in environment.pins]
    code = (
        "import importlib.metadata as m, json, sys; "
        "print(json.dumps({name: m.version(name) for name in sys.argv[1:]}))"
    )
    done = subprocess.run(
        [environment.python, "-c", code, *names], capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def surroundings(environment: Environment) -> dict[str, str]:
    """Returns the variables that a tool runs with: its own programs first, its files in build."""
    own = FOLDER / "home" / environment.name
    temporary = FOLDER / "temporary"
    for folder in (own, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    # An installed test runner or library of the user's is none of a tool's.
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "PYTHON"))}
    return kept | {
        "PATH": f"{environment.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(own),
        "TMPDIR": str(temporary),
        "IPYTHONDIR": str(own / "ipython"),
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "JUPYTER_PLATFORM_DIRS": "1",
        "PYTHONNOUSERSITE": "1",
    }


if __name__ == "__main__":
    for wanted in (OTTER, NBGRADER):
        set_up(wanted)

"""The wheel is the whole tool: installed by itself, with no checkout near, every command works."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.places import ROOT

COMMANDS = (
    "--version",
    "doctor",
    "verify relu",
    "package student --out packages",
    "package gradescope --out packages",
    "grade class --out out",
    "report out",
    "export out --to csv",
    "course new mine",
    "verify --course mine",
    "course generate --course mine",
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and what it needs by itself, and nothing else."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    install = [*pip, "--python", str(folder / "venv"), "install", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    return folder


def test_nothing_but_the_package_is_installed_and_the_course_is_its_data(installed: Path) -> None:
    (wheel,) = installed.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"autograder"}
    assert "autograder/bundled/exercises/course.toml" in names


def test_every_command_works_without_a_checkout(installed: Path, tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "VIRTUAL_ENV"}}

    def run(command: str, folder: Path = tmp_path) -> tuple[int, str]:
        done = subprocess.run(
            [installed / "venv" / "bin" / "autograder", *command.split()],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr

    for name in ("ada", "ben"):
        shutil.copytree(ROOT / "examples" / "class" / name, tmp_path / "class" / name)
    for command in COMMANDS:
        assert run(command)[0] == 0, (command, run(command))
    with zipfile.ZipFile(tmp_path / "packages" / "deep-learning-basics.zip") as release:
        release.extractall(tmp_path)
    work = tmp_path / "deep-learning-basics"
    shutil.copy(ROOT / "solutions" / "activations.py", work / "exercises")
    for command in ("check activations", "hint relu", "submit"):
        assert run(command, work)[0] == 0, (command, run(command, work))
    code, told = run("package otter --out packages")
    assert code == 2
    assert "comes with the extra `otter`" in told

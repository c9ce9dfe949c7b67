"""Copies of the lessons, with all else that they are built from."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.places import ROOT


def copy_of_the_lessons(folder: Path) -> Path:
    """Makes a folder that the site can be built in, without what `make site` puts there first."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("autograder", "benchmarks", "exercises", "solutions", "mkdocs.yml"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "site", folder / "site", ignore=shutil.ignore_patterns("runtime"))
    return folder


def build(project: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs a command that builds a site."""
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"} | more
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )

"""A copy of the project that a test may change, or break."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.places import ROOT


class Checkout:
    """A copy of the project that can be changed, and its command."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("autograder", "solutions", "exercises", "graders"):
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )

    def change(self, path: str, old: str, new: str) -> None:
        text = (self.folder / path).read_text()
        assert old in text
        (self.folder / path).write_text(text.replace(old, new, 1))

    def run(self, *words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done

    def autograder(self, *words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        return self.run("-m", "autograder", *words, code=code)

    def keys(self) -> dict[str, str]:
        done = self.run(
            "-c",
            "import json; from autograder.course import load_course; "
            "from autograder.examiner.keys import lesson_keys; "
            "from autograder.sandbox.process import Limits; "
            "print(json.dumps(lesson_keys(load_course(), 1, Limits())))",
        )
        found: dict[str, str] = json.loads(done.stdout)
        return found

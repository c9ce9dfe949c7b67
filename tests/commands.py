"""The command, as somebody types it."""

import subprocess
import sys
from typing import Any


def autograder(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs `autograder` with these words and returns how it ended."""
    command = [sys.executable, "-m", "autograder", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)

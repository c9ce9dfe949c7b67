"""How long a student waits: `check` from a cold start, and a saved file until its verdict."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.places import ROOT
from examples.loop.terminal import Terminal
from examples.loop.walk import write_body

_COMMAND = Path(sys.executable).with_name("autograder")


def solved_exercises(folder: Path) -> Path:
    """Makes a folder of exercises in which all is right: every check runs to its end."""
    exercises = folder / "exercises"
    exercises.mkdir(parents=True)
    for path in (ROOT / "solutions").glob("[a-z]*.py"):
        shutil.copy(path, exercises)
    return folder


def cold_seconds(folder: Path, *words: str) -> float:
    """Returns how long `autograder check` takes, from its start to its end."""
    start = time.perf_counter()
    subprocess.run([_COMMAND, "check", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def watch_seconds(folder: Path, saves: int) -> list[float]:
    """Returns the seconds from each of several saves to its verdict on the terminal."""
    file = folder / "exercises" / "activations.py"
    seconds = []
    with Terminal([_COMMAND, "check", "--watch", "relu"], folder) as terminal:
        terminal.wait_for("watching exercises")
        for number in range(saves):
            time.sleep(0.5)  # As between two saves of a person.
            answer = f"{number}.25"
            write_body(file, "relu", f"    return np.full(5, {answer})\n")
            start = time.perf_counter()
            terminal.wait_for(f"[{answer}, {answer}")
            seconds.append(time.perf_counter() - start)
    return seconds

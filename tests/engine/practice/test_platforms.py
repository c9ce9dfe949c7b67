"""Nothing in the student's loop needs Linux: tried with what Windows and macOS lack taken away."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from examples.loop.walk import write_body

# Put into the command's process and, by inheritance, its student's process.
LACKING = """
import builtins, os, signal, sys

missing = {missing!r}
for name in {functions!r}:
    if hasattr(os, name):
        delattr(os, name)
for name in {signals!r}:
    if hasattr(signal, name):
        delattr(signal, name)

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in missing:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Refusing())
for name in list(sys.modules):
    if name in missing:
        del sys.modules[name]
"""
WINDOWS = {
    "missing": "termios tty pty fcntl resource pwd grp sandlock".split(),
    "functions": ["fork", "forkpty", "setsid", "getuid", "geteuid", "getpgid", "killpg",
                  "sched_getaffinity", "O_NOFOLLOW", "O_NONBLOCK", "waitid"],
    "signals": ["SIGHUP", "SIGXCPU", "SIGCONT", "alarm", "setitimer"],
}  # fmt: skip
MACOS = {
    "missing": ["sandlock"],
    "functions": ["sched_getaffinity", "prlimit", "memfd_create"],
    "signals": [],
}


@pytest.mark.parametrize("lacking", [WINDOWS, MACOS], ids=["windows", "macos"])
@pytest.mark.share(1)
def test_the_loop_works_without(
    folder: Path, tmp_path: Path, lacking: dict[str, list[str]]
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(LACKING.format(**lacking))
    environment = os.environ | {"PYTHONPATH": str(site)}

    def autograder(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "autograder", *words],
            cwd=folder,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    file = folder / "exercises" / "activations.py"
    write_body(file, "relu", "    return np.maximum(z, 0)\n")
    write_body(file, "tanh", "    while True: pass\n")
    done = autograder("check", "activations")
    assert done.stderr == ""
    assert done.returncode == 1
    assert "✓ done        relu" in done.stdout
    assert "No answer within 2 s." in done.stdout
    assert "1 of 3" in autograder("hint", "tanh").stdout
    assert "into handin.zip." in autograder("submit").stdout


def test_what_was_taken_away_is_missed_where_it_is_used(tmp_path: Path) -> None:
    """Proves that the simulation takes away what it says."""
    (tmp_path / "sitecustomize.py").write_text(LACKING.format(**WINDOWS))
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(hasattr(os, 'fork')); import termios"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "False\n"
    assert "No module named 'termios'" in done.stderr

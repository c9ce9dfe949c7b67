"""The `otter` command, forked from a process that has loaded it, which takes it seconds."""

import multiprocessing
import os
import sys
from pathlib import Path
from typing import Final

# A process of its own for each run, as at a terminal; what it is forked from has run nothing.
_FORKED: Final = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["otter.cli", "otter.run", "nbconvert", "pandas"])


def otter(*words: str, folder: Path) -> tuple[int, str]:
    """Runs `otter` with these words in a folder; returns its exit code and what it printed."""
    printed = folder / "otter.txt"
    process = _FORKED.Process(target=_run, args=(words, folder, printed))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode, printed.read_text()


def _run(words: tuple[str, ...], folder: Path, printed: Path) -> None:
    file = os.open(printed, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.chdir(folder)
    sys.argv = ["otter", *words]
    from otter.cli import cli

    cli()

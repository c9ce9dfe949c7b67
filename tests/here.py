"""The command run in this process, where what it says and writes is tested and not its process."""

import contextlib
import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from autograder.cli import main
from tests.small import SMALL

_ANSWERED = ("SIGTERM", "SIGHUP", "SIGCHLD")


def autograder_here(
    *words: object, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs `autograder` with these words as its program does, and returns how it ended.

    Args:
        words: What is typed behind the command.
        cwd: The folder to be in.
        environment: What is set besides what is set here.
    """
    before = {name: signal.getsignal(getattr(signal, name)) for name in _ANSWERED}
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        patch.setattr(sys, "argv", ["autograder", *map(str, words)])
        patch.chdir(cwd or os.getcwd())
        for name, value in (environment or {}).items():
            patch.setenv(name, value)
        code = _end_of(main)
        out.flush()
        err.flush()
    for name, handler in before.items():
        signal.signal(getattr(signal, name), handler)
    told = [stream.detach().getvalue().decode() for stream in (out, err)]
    return subprocess.CompletedProcess([*map(str, words)], code, *told)


def small_here(*words: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Runs it on the small course."""
    return autograder_here(*words, "--course", SMALL, cwd=cwd)


def _end_of(program: Callable[[], None]) -> int:
    code: object = None
    try:
        program()
    except SystemExit as ended:
        code = ended.code
    if not isinstance(code, int):
        raise AssertionError(f"it did not exit with a code: {code!r}")
    return code

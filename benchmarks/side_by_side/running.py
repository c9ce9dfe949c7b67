"""Runs a tool's command and sees what it took."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import psutil

_UNIT: Final = 1 << 20 if sys.platform == "darwin" else 1 << 10  # macOS counts bytes.
# Looking takes a few milliseconds, so this is below a hundredth of a core.
_LOOK_SECONDS: Final = 0.5
_TOLD: Final = 600
# Starts the command and waits for it. A process's peak memory begins with that of the one it was
# forked from, so this one is small, as the process that draws the curves is not.
_STARTER: Final = """
import json, os, subprocess, sys, time
report = open(sys.argv[1], "w")
start = time.perf_counter()
child = subprocess.Popen(sys.argv[2:])
# Of the process and of all that it waited for: the largest of them, not their sum.
_, status, usage = os.wait4(child.pid, 0)
seconds = time.perf_counter() - start
json.dump([seconds, usage.ru_maxrss, os.waitstatus_to_exitcode(status)], report)
"""
# Nobody watches: a tool that hangs is one that failed.
_LIMIT_SECONDS: Final = 1800.0


class Taken(NamedTuple):
    """What a command took: seconds from its start to its end, and memory (see `Run`)."""

    seconds: float
    largest: float
    together: float
    output: str


class RunFailedError(Exception):
    """A command did not end well; the message is the end of what it said."""


def take(
    command: Sequence[str | Path],
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    limit: float = _LIMIT_SECONDS,
) -> Taken:
    """Runs a command to its end.

    Raises:
        RunFailedError: it exits with anything but 0, or takes longer than the limit, in seconds.
    """
    words = [str(word) for word in command]
    with (
        tempfile.TemporaryFile("w+", errors="replace") as said,
        tempfile.NamedTemporaryFile("r") as report,
    ):
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _STARTER, report.name, *words],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        stop = threading.Timer(limit, os.killpg, (process.pid, signal.SIGKILL))
        stop.start()
        try:
            with _watched(process.pid) as memory:
                process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            stop.cancel()
        said.seek(0)
        output = said.read()
        told = report.read()
    if not told and process.returncode == -signal.SIGKILL:
        raise RunFailedError(f"it had not ended after {limit:g} seconds")
    seconds, most, code = json.loads(told) if told else (0.0, 0, process.returncode)
    if code:
        raise RunFailedError(f"exit {code}: {output[-_TOLD:].strip()}")
    largest = most / _UNIT
    # A run may end before anybody looked.
    return Taken(seconds, largest, max(memory.most, largest), output)


class _Memory:
    """The most memory that the descendants of a process had at once, in MiB."""

    def __init__(self, pid: int) -> None:
        self.most = 0.0
        self._pid = pid
        self._ended = threading.Event()

    def watch(self) -> None:
        """Looks until it is told that the process has ended."""
        while not self._ended.wait(_LOOK_SECONDS):
            with contextlib.suppress(psutil.Error):
                family = psutil.Process(self._pid).children(recursive=True)
                self.most = max(self.most, sum(map(_mebibytes, family)))

    def end(self) -> None:
        """Stops looking."""
        self._ended.set()


def _mebibytes(process: psutil.Process) -> float:
    """Returns a process's memory, its part of shared pages only; 0 where it has ended."""
    try:
        told = process.memory_full_info()
        size: int = getattr(told, "pss", 0) or told.rss
    except psutil.Error:
        return 0.0
    return size / (1 << 20)


@contextlib.contextmanager
def _watched(pid: int) -> Iterator[_Memory]:
    memory = _Memory(pid)
    thread = threading.Thread(target=memory.watch)
    thread.start()
    try:
        yield memory
    finally:
        memory.end()
        thread.join()

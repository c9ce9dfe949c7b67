"""Runs a tool's command and sees what it took."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import psutil

_UNIT: Final = 1 << 20 if sys.platform == "darwin" else 1 << 10  # macOS counts bytes.
# Looking takes a few milliseconds, so this is below a hundredth of a core.
_LOOK_SECONDS: Final = 0.5
_TOLD: Final = 600


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
) -> Taken:
    """Runs a command to its end.

    Raises:
        RunFailedError: it exits with anything but 0.
    """
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            with _watched(process.pid) as memory:
                # Of the process and of all that it waited for: the largest of them, not their sum.
                _, status, usage = os.wait4(process.pid, 0)
                seconds = time.perf_counter() - start
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        output = said.read()
    if process.returncode:
        raise RunFailedError(f"exit {process.returncode}: {output[-_TOLD:].strip()}")
    largest = usage.ru_maxrss / _UNIT
    # A run may end before anybody looked.
    return Taken(seconds, largest, max(memory.most, largest), output)


class _Memory:
    """The most memory that a process and its descendants had at once, in MiB."""

    def __init__(self, pid: int) -> None:
        self.most = 0.0
        self._pid = pid
        self._ended = threading.Event()

    def watch(self) -> None:
        """Looks until it is told that the process has ended."""
        while not self._ended.wait(_LOOK_SECONDS):
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(self._pid)
                family = [process, *process.children(recursive=True)]
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

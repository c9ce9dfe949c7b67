"""What is still running when a command has ended."""

import contextlib
from collections.abc import Callable

import psutil


def left_running(is_ours: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    """Returns the processes of a kind that do not end, those on the way out waited for.

    A process that was killed is there for a moment yet: longer, the busier the machine.
    """
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if is_ours(process):
                found.append(process)
    alive: list[psutil.Process] = psutil.wait_procs(found, timeout=300)[1]
    return alive

"""A student's process as the checks see it, however it is started.

`forked` starts confined ones for grading, `spawned` ordinary ones, on any platform, for somebody's
own work.
"""

import signal
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

# What `kill` sends everywhere but on Windows, which does not know the name.
_KILLED: Final = 9
# Windows gives the number of the exception that ended a process.
_MOST_EXIT_STATUS: Final = 255

MOST_THREADS: Final = 256
# Stands for the exit status of a process that was ended for having more.
TOO_MANY_THREADS: Final = -1000

Ending = Literal["timeout", "crashed"]


class SandboxError(Exception):
    """Student processes cannot be started here, or not as safely as was asked for."""


class ProcessEnded(Exception):
    """The student's process ended, or was ended, before it answered."""

    def __init__(self, ending: Ending, reason: str) -> None:
        super().__init__(reason)
        self.ending = ending
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Limits:
    """What a submission may take: seconds for a call, for an import and in all, and memory."""

    call_seconds: float = 2.0
    import_seconds: float = 10.0
    submission_seconds: float = 60.0
    memory_bytes: int = 1 << 30


def describe_end(status: int) -> str:
    """Returns how a process ended, as a clause, given its exit status (negative for a signal)."""
    if status == -_KILLED:
        # Sent by `end` to a process that had closed its connection and lived on.
        return "it closed its connection to the grader"
    if status == TOO_MANY_THREADS:
        return f"it started more than {MOST_THREADS} threads"
    if status < 0:
        return f"the Python process crashed ({signal.strsignal(-status) or -status})"
    if status > _MOST_EXIT_STATUS:
        return f"the Python process crashed (status {status:#x})"
    return "it ended the Python process"


class StudentProcess(Protocol):
    """A process that runs `worker.serve`. After `ProcessEnded` it is gone."""

    def send(self, request: list[Any], seconds: float) -> None:
        """Sends one request.

        Raises:
            ProcessEnded: the process does not read it.
        """
        ...

    def receive_encoded(self, seconds: float) -> bytes:
        """Returns the next answer as it came, which `wire.decode` may find malformed.

        Raises:
            ProcessEnded: it does not come within `seconds`, is too large, or the process ended.
        """
        ...

    def end(self) -> int:
        """Kills the process and returns its exit status, negative for a signal."""
        ...


class ProcessSource(Protocol):
    """Where student processes come from."""

    def start(self, limits: Limits) -> StudentProcess:
        """Starts a process.

        Raises:
            SandboxError: it cannot be started.
        """
        ...

"""A student's process as the checks see it, however it is started.

`forked` starts confined processes for grading; `spawned` starts ordinary ones, on any platform, for
students who check their own work.
"""

import signal
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol

# SIGKILL, a name that Windows does not have.
_KILLED: Final = 9
# Above this, Windows reports the number of the exception that ended a process.
_MOST_EXIT_STATUS: Final = 255

MOST_THREADS: Final = 256
# Replaces the exit status of a process that was ended for having more.
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
    """What a submission may use: seconds per call, per import and in total, and memory."""

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
        """Returns the next answer, undecoded; `wire.decode` may find it malformed.

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

"""A student's process as the checks see it, however it is started.

`forked` starts confined ones for grading, `spawned` ordinary ones, on any platform, for somebody's
own work.
"""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

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


class StudentProcess(Protocol):
    """A process that runs `worker.serve`. After `ProcessEnded` it is gone."""

    def send(self, request: list[Any], seconds: float) -> None:
        """Sends one request.

        Raises:
            ProcessEnded: the process does not read it.
        """
        ...

    def receive(self, seconds: float) -> Any:
        """Returns the next answer, decoded.

        Raises:
            ProcessEnded: it does not come within `seconds`, is malformed, or the process ended.
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

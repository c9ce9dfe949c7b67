"""Confined student processes, forked from a preloaded server: how a class is graded."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NoReturn, Self

from autograder.sandbox import wire
from autograder.sandbox.confinement import Layer
from autograder.sandbox.process import Ending, Limits, ProcessEnded, SandboxError, describe_end

_PACKAGE_ROOT: Final = str(Path(__file__).resolve().parents[2])
# The examiner's own paths are appended, so that nothing of the project shadows a library.
_START_SERVER: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from autograder.sandbox.server import main; main(int(sys.argv[2]))"
)
# Longer than starting ever takes, even on a machine with every core busy.
_START_SECONDS: Final = 30.0
_NO_ANSWER: Final = "what came back was not an answer"
_NO_ROOM: Final = (
    "this machine has no room for another process: end some, or allow more (`ulimit -u`)"
)


class ProcessServer:
    """Forks student processes from one preloaded process. Use it as a context manager."""

    def __init__(self) -> None:
        if not hasattr(os, "fork"):
            raise SandboxError("student processes are forked, which this platform cannot do")
        self._control, theirs = socket.socketpair()
        with theirs:
            try:
                self._server = subprocess.Popen(
                    [
                        sys.executable,
                        "-s",
                        "-P",
                        "-c",
                        _START_SERVER,
                        _PACKAGE_ROOT,
                        str(theirs.fileno()),
                    ],
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    cwd="/",
                    pass_fds=[theirs.fileno()],
                    start_new_session=True,
                )
            except BlockingIOError:
                self._control.close()
                raise SandboxError(_NO_ROOM) from None
        self._control.settimeout(_START_SECONDS)
        self._reader = _Reader(self._control)

    def start(self, limits: Limits) -> "ConfinedProcess":
        """Forks a process, confined before any student code; takes milliseconds.

        Raises:
            SandboxError: the server is gone, or the process did not report its confinement.
        """
        ours, theirs = socket.socketpair()
        # Later than the deadline on the wall clock, which gives the better message.
        cpu_seconds = int(limits.submission_seconds) + 10
        with theirs:
            request = wire.encode(["fork", limits.memory_bytes, cpu_seconds])
            try:
                pid = self._ask(
                    lambda: socket.send_fds(self._control, [request], [theirs.fileno()])
                )
            except SandboxError:
                ours.close()
                raise
        if pid < 0:
            ours.close()
            raise SandboxError(_NO_ROOM)
        process = ConfinedProcess(ours, lambda: self._end(pid))
        try:
            told = process.receive(_START_SECONDS)
        except ProcessEnded as ended:
            raise SandboxError(f"a student's process could not be confined: {ended}") from None
        if not isinstance(told, list):
            process.end()
            raise SandboxError(f"a student's process could not be confined: {told}")
        process.layers = [Layer(*layer) for layer in told]
        return process

    def close(self) -> None:
        """Ends the server and with it every process that it started."""
        self._control.close()
        self._server.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _end(self, pid: int) -> int:
        return self._ask(lambda: self._control.sendall(wire.encode(["end", pid])))

    def _ask(self, send: Callable[[], object]) -> int:
        try:
            send()
            deadline = time.monotonic() + _START_SECONDS
            answer = wire.decode(wire.receive_frame(lambda size: self._reader.read(size, deadline)))
        except (OSError, EOFError):
            raise SandboxError("the server that starts student processes has ended") from None
        return int(answer[0])


class ConfinedProcess:
    """One confined process (see `process.StudentProcess`)."""

    def __init__(self, connection: socket.socket, end: Callable[[], int]) -> None:
        self._connection = connection
        self._reader = _Reader(connection)
        self._end = end
        self._status: int | None = None
        self.layers: list[Layer] = []

    def send(self, request: list[Any], seconds: float) -> None:
        """Sends one request (see `process.StudentProcess`)."""
        self._connection.settimeout(seconds)
        try:
            wire.send_frame(self._connection.sendall, wire.encode(request))
        except TimeoutError:
            self._stopped("timeout", "it stopped listening")
        except OSError:
            self._stopped("crashed", None)

    def receive(self, seconds: float) -> Any:
        """Returns the next answer, decoded; one that is malformed ends the process."""
        answer = self.receive_encoded(seconds)
        try:
            return wire.decode(answer)
        except wire.WireError:
            self._stopped("crashed", _NO_ANSWER)

    def receive_encoded(self, seconds: float) -> bytes:
        """Returns the next answer, undecoded (see `process.StudentProcess`)."""
        deadline = time.monotonic() + seconds
        try:
            return wire.receive_frame(lambda size: self._reader.read(size, deadline))
        except TimeoutError:
            self._stopped("timeout", f"no answer within {seconds:.3g} s")
        except wire.WireError:
            # No details: a number in them could be a hidden input that student code passes out.
            self._stopped("crashed", _NO_ANSWER)
        except (OSError, EOFError):
            self._stopped("crashed", None)

    def end(self) -> int:
        """Kills the process and returns its exit status, negative for a signal."""
        if self._status is None:
            self._connection.close()
            self._status = self._end()
        return self._status

    def _stopped(self, ending: Ending, reason: str | None) -> NoReturn:
        status = self.end()
        if status == -getattr(signal, "SIGXCPU", 0):
            ending, reason = "timeout", "it used up its processor time"
        raise ProcessEnded(ending, reason or describe_end(status)) from None


def layers_in_force() -> list[Layer]:
    """Starts one process and returns its layers of confinement.

    Raises:
        SandboxError: no process can be started.
    """
    with ProcessServer() as server:
        process = server.start(Limits())
        process.end()
        return process.layers


class _Reader:
    """Reads exact numbers of bytes from a socket, taking what has arrived in large pieces."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._arrived = bytearray()

    def read(self, size: int, deadline: float) -> bytes:
        """Returns the next bytes.

        Raises:
            TimeoutError: they are not all there by the deadline, however steadily they trickle.
            EOFError: the other end closed.
        """
        while len(self._arrived) < size:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self._connection.settimeout(left)
            part = self._connection.recv(1 << 16)
            if not part:
                raise EOFError
            self._arrived += part
        data = bytes(self._arrived[:size])
        del self._arrived[:size]
        return data


def _environment() -> dict[str, str]:
    """A small environment of our own: none of the examiner's variables reach student code.

    One thread for linear algebra, since forking a process with threads is not safe and a class is
    graded in parallel anyway; a fixed hash seed, since a student's set should not change a score.
    """
    kept = {k: v for k, v in os.environ.items() if k in {"LD_LIBRARY_PATH", "OPENBLAS_CORETYPE"}}
    threads = dict.fromkeys(
        ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"],
        "1",
    )
    # A user without an entry in the password file has no home folder, which a library may ask for.
    return kept | threads | {"LANG": "C.UTF-8", "PYTHONHASHSEED": "0", "HOME": "/nonexistent"}

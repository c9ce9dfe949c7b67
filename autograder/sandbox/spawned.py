"""Student processes for checking one's own work: spawned, on every platform, with time limits.

One is started ahead of need, since loading NumPy takes longer than checking an exercise.
"""

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NoReturn, Self

from autograder.sandbox import wire
from autograder.sandbox.process import Ending, Limits, ProcessEnded, SandboxError, describe_end

_PACKAGE_ROOT: Final = str(Path(__file__).resolve().parents[2])
# The package's own path is appended, so that nothing beside it shadows a library.
_START: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from autograder.sandbox.stdio import main; main(int(sys.argv[2]))"
)
_KILL: Final = 9
_MOMENT_SECONDS: Final = 0.5
_NO_ANSWER: Final = "what came back was not an answer"
_ONE_THREAD: Final = dict.fromkeys(
    ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"], "1"
)


class SpawnedProcesses:
    """Starts student processes. Use it as a context manager, which ends them all."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._started: list[SpawnedProcess] = []
        self._spare: SpawnedProcess | None = None

    def prepare(self) -> None:
        """Starts the next process now, so that it is ready when it is asked for.

        Raises:
            SandboxError: it cannot be started.
        """
        if self._spare is None:
            self._spare = SpawnedProcess(self.limits.memory_bytes)
            self._started = [one for one in self._started if one.alive] + [self._spare]

    def start(self, limits: Limits) -> "SpawnedProcess":
        """Returns a process, the prepared one if there is one."""
        self.prepare()
        process, self._spare = self._spare, None
        assert process is not None
        return process

    def end_running(self) -> None:
        """Ends the running processes, but not the prepared one."""
        for process in list(self._started):
            if process is not self._spare:
                process.interrupt()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for process in self._started:
            process.end()


class SpawnedProcess:
    """One ordinary process (see `process.StudentProcess`)."""

    def __init__(self, memory_bytes: int) -> None:
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _START, _PACKAGE_ROOT, str(memory_bytes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | _ONE_THREAD | {"PYTHONHASHSEED": "0"},
                # Ctrl-C at the terminal is for the command, not for this process.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise SandboxError(f"Python cannot be started again ({error.strerror})") from None
        self._arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._data = bytearray()
        # Pipes have no timeouts on Windows; a queue filled by a thread has them everywhere.
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        """Whether the process has not ended yet."""
        return self._process.poll() is None

    def send(self, request: list[Any], seconds: float) -> None:
        """Sends one request (see `process.StudentProcess`).

        Needs no time limit: a thread at the other end reads even while student code runs.
        """
        assert self._process.stdin is not None
        try:
            wire.send_frame(self._process.stdin.write, wire.encode(request))
            self._process.stdin.flush()
        except (OSError, ValueError):
            self._stopped("crashed")

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
            return wire.receive_frame(lambda size: self._take(size, deadline))
        except TimeoutError:
            self._stopped("timeout", f"no answer within {seconds:.3g} s")
        except wire.WireError:
            self._stopped("crashed", _NO_ANSWER)
        except EOFError:
            self._stopped("crashed")

    def interrupt(self) -> None:
        """Kills the process; a caller that waits for its answer gets `ProcessEnded`."""
        if not self.alive:
            return  # Its pid may be another process's by now.
        if hasattr(os, "killpg"):
            # It leads a process group that includes the processes that student code started.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, _KILL)
        self._process.kill()

    def end(self) -> int:
        """Kills the process and returns its exit status, negative for a signal."""
        self.interrupt()
        status = self._process.wait()
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # Unwritten data has no reader any more.
            self._process.stdin.close()
        # Its pipe closes with it, unless an escaped process of the student still holds it.
        self._reader.join(_MOMENT_SECONDS)
        return status

    def _read(self) -> None:
        # Only this thread closes the pipe: if another did, its descriptor could be the next
        # process's pipe by the time this thread reads.
        assert self._process.stdout is not None
        with self._process.stdout as pipe, contextlib.suppress(OSError):
            while part := os.read(pipe.fileno(), 1 << 16):
                self._arrived.put(part)
        self._arrived.put(b"")

    def _take(self, size: int, deadline: float) -> bytes:
        while len(self._data) < size:
            try:
                part = self._arrived.get(timeout=max(deadline - time.monotonic(), 0.001))
            except queue.Empty:
                raise TimeoutError from None
            if not part:
                self._arrived.put(b"")
                raise EOFError
            self._data += part
        taken = bytes(self._data[:size])
        del self._data[:size]
        return taken

    def _stopped(self, ending: Ending, reason: str = "") -> NoReturn:
        if not reason:  # It is ending by itself: wait a moment for its status.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_MOMENT_SECONDS)
        status = self.end()
        raise ProcessEnded(ending, reason or describe_end(status))

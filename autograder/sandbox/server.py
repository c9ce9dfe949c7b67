"""The process that student processes are forked from: NumPy loaded, nothing secret in it.

Started afresh by the examiner with an environment of its own, so that no fork inherits the
examiner's memory, environment or descriptors. One request and one answer at a time over a socket
pair:

``["fork", memory bytes, cpu seconds]`` with one descriptor attached -> ``[pid]``
``["end", pid]``                                                    -> ``[exit status]``

The new process uses the attached descriptor for `worker.serve`; its first frame lists the layers of
confinement in force. A process that has too many threads is ended at once, and its exit status is
`TOO_MANY_THREADS`. When the examiner goes away, the server ends every child and itself.
"""

import gc
import importlib
import os
import resource
import select
import signal
import socket
import time
from pathlib import Path
from typing import Any, Final, NoReturn

from autograder.sandbox import confinement, wire, worker
from autograder.sandbox.process import MOST_THREADS, TOO_MANY_THREADS

# Modules that students' files often import: loaded once here, they cost a fork nothing.
_OFTEN_IMPORTED: Final = (
    "cmath collections copy csv dataclasses datetime decimal enum fractions functools itertools "
    "json logging math numbers operator pathlib pprint random re statistics string textwrap "
    "timeit typing unittest zlib numpy.linalg numpy.random numpy.testing "
    "numpy.typing"
).split()
_STUDENT_DESCRIPTOR: Final = 3
# The memory limit has room for tens of thousands of threads with small stacks, and all processes of
# the machine share the supply of thread ids. The kernel limits threads only where it can count each
# process apart, so the server polls, whatever the examiner is doing.
_LOOK_SECONDS: Final = 0.05
NO_PROCESS: Final = -1
# This process opens a dozen; the limit can be a billion, which would take minutes to close.
_DESCRIPTORS_EVER_OPEN: Final = 200
_IGNORED_BY_PYTHON: Final = {signal.SIGPIPE, signal.SIGXFSZ}


def main(descriptor: int) -> NoReturn:
    """Serves fork requests on the socket `descriptor` until its other end closes."""
    _forget_signals()
    control = socket.socket(fileno=descriptor)
    prepared = confinement.prepare()
    for name in _OFTEN_IMPORTED:
        importlib.import_module(name)
    # Collections in the children would touch, and so copy, every page they share with this process.
    gc.collect()
    gc.freeze()
    children = _Children()
    try:
        while True:
            children.watch_until_asked(control)
            request, descriptors = _receive(control)
            if request[0] == "fork":
                (student,) = descriptors
                try:
                    pid = os.fork()
                except OSError:  # Out of processes or memory for now; grading goes on.
                    pid = NO_PROCESS
                if pid == 0:
                    _become_student(student, prepared, *request[1:])
                os.close(student)
                if pid != NO_PROCESS:
                    children.running.add(pid)
                answer = pid
            else:
                answer = children.end(request[1])
            wire.send_frame(control.sendall, wire.encode([answer]))
    except (EOFError, ConnectionError):  # The examiner closed its end, or was killed.
        children.end_all()
        os._exit(0)


def _forget_signals() -> None:
    """Resets the ignored and blocked signals inherited from the command's parent.

    Student processes are awaited, limited and ended by signals, which must work alike everywhere.
    """
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in signal.valid_signals():
        if signal.getsignal(number) == signal.SIG_IGN and number not in _IGNORED_BY_PYTHON:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class _Children:
    """The running student processes; one that is seen with too many threads is killed."""

    def __init__(self) -> None:
        self.running: set[int] = set()
        self._killed: set[int] = set()
        self._look_at = 0.0

    def watch_until_asked(self, control: socket.socket) -> None:
        """Waits for a request, and checks the processes' threads while any are running."""
        asked = False
        while not asked:
            ready, _, _ = select.select([control], [], [], _LOOK_SECONDS if self.running else None)
            asked = bool(ready)
            if time.monotonic() >= self._look_at:
                self._look_at = time.monotonic() + _LOOK_SECONDS
                self._look()

    def end(self, pid: int) -> int:
        """Ends a process and returns its exit status."""
        # A zombie keeps its pid until it is waited for, so this can never meet another process.
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        self.running.discard(pid)
        if pid in self._killed:
            self._killed.remove(pid)
            return TOO_MANY_THREADS
        return os.waitstatus_to_exitcode(status)

    def end_all(self) -> None:
        """Ends all processes."""
        for pid in list(self.running):
            self.end(pid)

    def _look(self) -> None:
        for pid in self.running - self._killed:
            if _threads(pid) > MOST_THREADS:
                os.kill(pid, signal.SIGKILL)
                self._killed.add(pid)


def _threads(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except OSError:  # This system has no such file.
        return 0
    _, _, count = status.partition(b"\nThreads:")
    return int(count.split(maxsplit=1)[0]) if count else 0


def _receive(control: socket.socket) -> tuple[list[Any], list[int]]:
    data, descriptors, _, _ = socket.recv_fds(control, 1024, 1)
    if not data:
        raise EOFError
    return wire.decode(data), descriptors


def _become_student(
    student: int, prepared: confinement.Confinement, memory_bytes: int, cpu_seconds: int
) -> NoReturn:
    try:
        os.setsid()
        os.chdir("/")
        connection = _keep_only(student)
        try:
            layers = prepared.apply(confinement.ResourceLimits(memory_bytes, cpu_seconds))
        except Exception as error:
            wire.send_frame(connection.sendall, wire.encode(f"{type(error).__name__}: {error}"))
            raise
        told = [[layer.name, layer.in_force, layer.detail] for layer in layers]
        wire.send_frame(connection.sendall, wire.encode(told))
        worker.serve(worker.exactly(connection.recv), connection.sendall)
        os._exit(0)
    finally:
        # Never back into the server's code, and no exit handlers: those may be a student's.
        os._exit(70)


def _keep_only(descriptor: int) -> socket.socket:
    """Closes every other descriptor and points the standard ones at nothing."""
    nothing = os.open(os.devnull, os.O_RDWR)
    highest = min(_DESCRIPTORS_EVER_OPEN, resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 1)
    kept = os.dup2(descriptor, highest)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.closerange(_STUDENT_DESCRIPTOR, highest)
    os.dup2(kept, _STUDENT_DESCRIPTOR)
    os.closerange(_STUDENT_DESCRIPTOR + 1, highest + 1)
    return socket.socket(fileno=_STUDENT_DESCRIPTOR)

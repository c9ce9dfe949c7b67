"""The process that student processes are forked from: NumPy loaded, nothing secret in it.

Started afresh by the examiner with an environment of its own, so that no fork inherits the
examiner's memory, environment or descriptors. One request and one answer at a time over a socket
pair:

``["fork", memory bytes, cpu seconds]`` with one descriptor attached -> ``[pid]``
``["end", pid]``                                                    -> ``[exit status]``

The new process uses the attached descriptor for `worker.serve`; its first frame lists the layers of
confinement in force. When the examiner goes away, the server ends every child and itself.
"""

import gc
import importlib
import os
import resource
import signal
import socket
from typing import Any, Final, NoReturn

from autograder.sandbox import confinement, wire, worker

# Modules that students' files often import: loaded once here, they cost a fork nothing.
_OFTEN_IMPORTED: Final = (
    "cmath collections copy csv dataclasses datetime decimal enum fractions functools itertools "
    "json logging math numbers operator pathlib pprint random re statistics string textwrap "
    "timeit typing unittest zlib numpy.linalg numpy.random numpy.testing"
).split()
_STUDENT_DESCRIPTOR: Final = 3
NO_PROCESS: Final = -1
# This process opens a dozen; the limit itself can be a billion, which would take minutes to close.
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
    children: set[int] = set()
    try:
        while True:
            request, descriptors = _receive(control)
            if request[0] == "fork":
                (student,) = descriptors
                try:
                    pid = os.fork()
                except OSError:  # No more processes or memory for now; nobody else should pay.
                    pid = NO_PROCESS
                if pid == 0:
                    _become_student(student, prepared, *request[1:])
                os.close(student)
                if pid != NO_PROCESS:
                    children.add(pid)
                answer = pid
            else:
                answer = _end(request[1])
                children.discard(request[1])
            wire.send_frame(control.sendall, wire.encode([answer]))
    except (EOFError, ConnectionError):  # The examiner closed its end, or was killed.
        for pid in children:
            _end(pid)
        os._exit(0)


def _forget_signals() -> None:
    """Sets aside what whoever started the command ignores or blocks, which is handed down.

    Student processes are waited for and limited by signals, and end by them alike everywhere.
    """
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in signal.valid_signals():
        if signal.getsignal(number) == signal.SIG_IGN and number not in _IGNORED_BY_PYTHON:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _receive(control: socket.socket) -> tuple[list[Any], list[int]]:
    data, descriptors, _, _ = socket.recv_fds(control, 1024, 1)
    if not data:
        raise EOFError
    return wire.decode(data), descriptors


def _end(pid: int) -> int:
    # A zombie keeps its pid until it is waited for, so this can never meet another process.
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


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

"""The program of a spawned student's process: `worker.serve` over its standard input and output.

It runs students' own work on their own machine, on any platform, so it is not confined. It is a
separate process so that endless loops and crashes end nothing else.
"""

import contextlib
import os
import queue
import sys
import threading
from typing import NoReturn

from autograder.sandbox import worker


def main(memory_bytes: int) -> NoReturn:
    """Serves until standard input closes, and ends then, whatever student code is doing."""
    incoming, outgoing = os.dup(0), os.dup(1)
    _in_binary(incoming, outgoing)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    _limit_memory(memory_bytes)
    arrived: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    # Read in a thread, so that the command's end is noticed even during an endless loop.
    threading.Thread(target=_read, args=(incoming, arrived), daemon=True).start()
    rest = bytearray()

    def read(size: int) -> bytes:
        while not rest:
            rest.extend(arrived.get())
        part = bytes(rest[:size])
        del rest[:size]
        return part

    def send(data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(outgoing, view) :]

    try:
        worker.serve(worker.exactly(read), send, practice=True)
    finally:
        os._exit(70)


def _read(incoming: int, arrived: "queue.SimpleQueue[bytes]") -> None:
    while part := os.read(incoming, 1 << 16):
        arrived.put(part)
    os._exit(0)


def _in_binary(*descriptors: int) -> None:
    """Stops Windows from translating line ends."""
    if sys.platform == "win32":
        import msvcrt

        for descriptor in descriptors:
            msvcrt.setmode(descriptor, os.O_BINARY)


def _limit_memory(most: int) -> None:
    """Limits memory where possible: Windows has no such call, macOS does not enforce it."""
    try:
        import resource
    except ImportError:
        return
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""Worker processes on this machine, which end with this process."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any


@contextlib.contextmanager
def pool(
    size: int, initializer: Callable[..., None] | None = None, arguments: tuple[Any, ...] = ()
) -> Iterator[ProcessPoolExecutor]:
    """Opens a pool of processes; an exception stops them at once instead of waiting for them.

    Args:
        size: How many processes.
        initializer: Called first in each process.
        arguments: The initializer's arguments.
    """
    # Spawned, not forked: a fork would carry along whatever threads and files this process has.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    begun = (initializer, *arguments)
    with ProcessPoolExecutor(size, context, initializer=_begin, initargs=begun) as executor:
        try:
            yield executor
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


def _begin(initializer: Callable[..., None] | None, *arguments: Any) -> None:
    # An interrupt at the terminal reaches every process; the parent handles it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if initializer is not None:
        initializer(*arguments)


def _end_with_parent() -> None:
    """Ends this process when the command is killed, instead of working on in vain."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

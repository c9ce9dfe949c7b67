"""Processes of this machine that work for this one, and end with it."""

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
    """Opens so many processes; they are stopped at once, not waited for, where we are interrupted.

    Args:
        size: How many.
        initializer: What each does first.
        arguments: What it is called with.
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
    # An interrupt at the terminal reaches every process; the one that started us sees to it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if initializer is not None:
        initializer(*arguments)


def _end_with_parent() -> None:
    """Ends this process when the command is killed, instead of working on for nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

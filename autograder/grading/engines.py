"""Who does the work: this process, processes of this machine, or those of a Dask cluster.

Each has an executor as the standard library knows them, so another takes one function here.
"""

import contextlib
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from autograder.grading.work import close_here
from autograder.pool import pool

# Enough waiting work that no process idles, few enough results that none pile up in memory.
_WAITING_PER_PROCESS: Final = 4


class EngineError(Exception):
    """Whoever is to do the work cannot; the message is a sentence."""


class Engine(NamedTuple):
    """Somebody to do the work, and how much of it to hand over before any is done."""

    executor: Executor
    at_once: int


class _ThisProcess(Executor):
    """Does the work when it is handed over."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextlib.contextmanager
def this_process() -> Iterator[Engine]:
    """This process, here and now."""
    try:
        yield Engine(_ThisProcess(), 1)
    except BaseException as error:
        close_here(error)
        raise
    close_here()


@contextlib.contextmanager
def processes(jobs: int) -> Iterator[Engine]:
    """Processes of this machine, stopped at once, not waited for, where we are interrupted."""
    with pool(jobs) as executor:
        yield Engine(executor, _WAITING_PER_PROCESS * jobs)


@contextlib.contextmanager
def dask_cluster(address: str) -> Iterator[Engine]:
    """The workers of the Dask cluster whose scheduler has this address.

    Raises:
        EngineError: dask.distributed is not installed, or nothing answers there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise EngineError(
            "a cluster needs Dask: install the package with its cluster extra, "
            "pip install 'deep-learning-basics[cluster]'."
        ) from None
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        usable = bool(parts.hostname and parts.port)
    except ValueError:
        usable = False
    if not usable:
        raise EngineError(f"{address!r} is no scheduler's address: one is like tcp://HOST:8786.")
    with contextlib.ExitStack() as opened:
        # What it logs about lost connections is for those who run the cluster; we say it ourselves.
        logging.disable()
        opened.callback(logging.disable, logging.NOTSET)
        try:
            client = opened.enter_context(Client(address, timeout="10s", set_as_default=False))
        except (OSError, ValueError, TimeoutError) as error:
            raise EngineError(f"no Dask scheduler answers at {address}: {error}.") from None
        threads = sum(client.nthreads().values())
        if not threads:
            raise EngineError(f"the scheduler at {address} has no workers: start some first.")
        # Not pure: what came of a submission is kept in our gradebook, not in the workers' memory.
        with client.get_executor(pure=False) as executor:
            yield Engine(executor, _WAITING_PER_PROCESS * threads)

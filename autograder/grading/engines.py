"""The engines that grade: this process, processes of this machine, or a Dask cluster.

Each has an executor (`concurrent.futures.Executor`), so another engine takes one function here.
"""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from autograder.course import Course
from autograder.course.files import archive_of, digest_of
from autograder.grading.work import close_here
from autograder.pool import pool

# Enough waiting tasks that no process idles, few enough that results do not pile up in memory.
_WAITING_PER_PROCESS: Final = 4
# A pool has two threads in this process. Each of its processes has two threads, a server of student
# processes, and two student processes: one that works and one that takes over.
_THREADS: Final = 2
_TASKS_PER_JOB: Final = 5


class EngineError(Exception):
    """An engine cannot grade; the message is a sentence."""


class Engine(NamedTuple):
    """An executor, and the most tasks that it is given at once."""

    executor: Executor
    at_once: int


class _ThisProcess(Executor):
    """Runs each task in this process as soon as it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextlib.contextmanager
def this_process() -> Iterator[Engine]:
    """This process, which grades one submission after another."""
    try:
        yield Engine(_ThisProcess(), 1)
    except BaseException as error:
        close_here(error)
        raise
    close_here()


@contextlib.contextmanager
def processes(jobs: int) -> Iterator[Engine]:
    """Processes of this machine; an interrupt stops them at once instead of waiting for them.

    Raises:
        EngineError: this machine allows too few processes, or they cannot share locks.
    """
    _insist_on_room(_THREADS + _TASKS_PER_JOB * jobs)
    with contextlib.ExitStack() as opened:
        try:
            executor = opened.enter_context(pool(jobs))
        except OSError as error:
            raise EngineError(
                f"processes of this machine cannot share locks ({error.strerror}): make /dev/shm "
                "writable, or give --jobs 1."
            ) from None
        yield Engine(executor, _WAITING_PER_PROCESS * jobs)


def _insist_on_room(count: int) -> None:
    """Makes sure that this machine allows so many more processes and threads.

    A pool that runs short of them later breaks, or waits forever for one it could not start.

    Raises:
        EngineError: it does not allow them.
    """
    enough = threading.Event()
    started = []
    try:
        for _ in range(count):
            thread = threading.Thread(target=enough.wait, daemon=True)
            thread.start()
            started.append(thread)
    except RuntimeError:
        raise EngineError(
            f"this machine allows no {count} more processes and threads: end some, allow more "
            "(`ulimit -u`), or give --jobs 1."
        ) from None
    finally:
        enough.set()
        for thread in started:
            thread.join()


@contextlib.contextmanager
def dask_cluster(address: str, course: Course) -> Iterator[Engine]:
    """The workers of the Dask cluster whose scheduler has this address; each gets the course.

    Raises:
        EngineError: dask.distributed is not installed, or nothing answers there.
    """
    try:
        from distributed import Client

        from autograder.grading.sending import SentCourse
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
        # Dask logs lost connections for those who run the cluster; we report them ourselves.
        logging.disable()
        opened.callback(logging.disable, logging.NOTSET)
        try:
            client = opened.enter_context(Client(address, timeout="10s", set_as_default=False))
        except (OSError, ValueError, TimeoutError) as error:
            raise EngineError(f"no Dask scheduler answers at {address}: {error}.") from None
        threads = sum(client.nthreads().values())
        if not threads:
            raise EngineError(f"the scheduler at {address} has no workers: start some first.")
        # Workers that join later get the course too.
        client.register_plugin(SentCourse(course.root, archive_of(course), digest_of(course)))
        # Not pure: results are kept in our gradebook, not in the workers' memory.
        with client.get_executor(pure=False) as executor:
            yield Engine(executor, _WAITING_PER_PROCESS * threads)

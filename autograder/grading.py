"""Grades many submissions: work handed to an executor, results handed back as they are made."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from autograder.examiner import Examiner
from autograder.reports import render_feedback
from autograder.results import Result, Source
from autograder.sandbox.process import Limits
from autograder.submissions import Handin, Submission, read_submission

# Enough waiting work that no process idles, few enough results that none pile up in memory.
_WAITING_PER_JOB: Final = 4


@dataclass(frozen=True, slots=True)
class Settings:
    """What decides a score beside the submission itself."""

    seed: int | None = None
    limits: Limits = field(default_factory=Limits)


class Graded(NamedTuple):
    """A submission that was graded, with its feedback page; or why it could not be."""

    handin: Handin
    result: Result | None
    feedback: str
    failure: str = ""


def grade_one(handin: Handin, examiner: Examiner) -> Graded:
    """Reads and grades one submission and writes its feedback page."""
    try:
        result = examiner.examine(_read(handin, examiner))
        return Graded(handin, result, render_feedback(examiner.course, result))
    except Exception as error:  # Ours, not the student's; the other submissions still get theirs.
        return Graded(handin, None, "", f"{type(error).__name__}: {error}")


def _read(handin: Handin, examiner: Examiner) -> Submission:
    try:
        return read_submission(handin, examiner.course)
    except Exception as error:  # Somebody found one more way to make a file that cannot be read.
        problem = f"{handin.name} cannot be graded: reading it failed ({type(error).__name__})."
        return Submission(handin.id, Source(handin.name), problems=(problem,))


def grade_all(handins: Sequence[Handin], settings: Settings, jobs: int) -> Iterator[Graded]:
    """Grades submissions in `jobs` processes and yields each as soon as it is done."""
    if jobs == 1 or len(handins) == 1:
        with Examiner(seed=settings.seed, limits=settings.limits) as examiner:
            for handin in handins:
                yield grade_one(handin, examiner)
        return
    lost: list[Handin] = []
    waiting = deque(handins)
    while waiting:
        with _pool(settings, jobs) as pool:
            yield from _drain(waiting, pool, jobs, lost)
    # A process of ours died. One of the submissions that it and its neighbours had in hand may be
    # why, so each of those gets a pool to itself.
    for handin in lost:
        with _pool(settings, 1) as pool:
            try:
                yield pool.submit(_grade, handin).result()
            except BrokenProcessPool:
                yield Graded(handin, None, "", "the grading process ended twice while grading it")


def _drain(
    waiting: deque[Handin], executor: Executor, jobs: int, lost: list[Handin]
) -> Iterator[Graded]:
    """Yields results until no work waits or the executor breaks; what it had goes to `lost`."""
    running: dict[Future[Graded], Handin] = {}
    broken = False
    while running or (waiting and not broken):
        while waiting and not broken and len(running) < _WAITING_PER_JOB * jobs:
            handin = waiting.popleft()
            try:
                running[executor.submit(_grade, handin)] = handin
            except BrokenProcessPool:
                waiting.appendleft(handin)
                broken = True
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            handin = running.pop(future)
            try:
                yield future.result()
            except BrokenProcessPool:
                broken = True
                lost.append(handin)


def examine_all(
    submissions: Sequence[Submission], settings: Settings, jobs: int
) -> Iterator[Result]:
    """Grades submissions that are in memory, in `jobs` processes, and yields results in order."""
    with _pool(settings, jobs) as pool:
        yield from pool.map(_examine, submissions, chunksize=8)


@contextlib.contextmanager
def _pool(settings: Settings, jobs: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of examiners, stopped at once, not waited for, where its user is interrupted."""
    # Spawned, not forked: a fork would carry along whatever threads and files this process has.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(
        jobs, context, initializer=_start_examiner, initargs=(settings,)
    ) as executor:
        try:
            yield executor
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


# One examiner for the life of a worker process; None until its first submission.
_examiner: Examiner | None = None
_settings = Settings()


def _start_examiner(settings: Settings) -> None:
    global _settings
    _settings = settings
    # An interrupt at the terminal reaches every process; the one that started us sees to it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Ends this process when the command is killed, instead of grading on for nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _grade(handin: Handin) -> Graded:
    return grade_one(handin, _the_examiner())


def _examine(submission: Submission) -> Result:
    return _the_examiner().examine(submission)


def _the_examiner() -> Examiner:
    global _examiner
    if _examiner is None:
        # The process ends with the pool, and the examiner with the process.
        _examiner = contextlib.ExitStack().enter_context(
            Examiner(seed=_settings.seed, limits=_settings.limits)
        )
    return _examiner

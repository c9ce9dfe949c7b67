"""Folders that are filled once for all the processes that share a run of the tests."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def filled_once(
    factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], object]
) -> Iterator[Path]:
    """Yields a folder of this name that the first process to ask fills, and the last removes.

    The others wait while it is filled. Nobody may change it afterwards.
    """
    own = factory.getbasetemp()
    # Under xdist a process has a folder of its own below the run's.
    place = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    folder, users = place / "shared", place / "users"
    users.mkdir(parents=True, exist_ok=True)
    user = users / str(os.getpid())
    with _locked(place):
        if not any(users.iterdir()):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            fill(folder)
        user.touch()
    try:
        yield folder
    finally:
        with _locked(place):
            user.unlink()
            if not any(users.iterdir()):
                shutil.rmtree(folder)


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    with (place / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

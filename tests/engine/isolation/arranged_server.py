"""The process server with some layers of confinement switched off, to see what each does alone.

The product has no such switch. What is left on is as it always is.
"""

import ctypes
import dataclasses
import importlib
import os
from collections.abc import Collection
from typing import NoReturn

from autograder.sandbox import confinement, server
from autograder.sandbox.confinement import FILESYSTEM, LIMITS, PRIVILEGES, SYSTEM_CALLS, Layer
from tests.engine.isolation.without import leave_out

# What attacks import, so that they meet no obstacle but the layer they are held against: the user
# to whom privileges are dropped may not reach this Python's library.
_LOADED_FIRST = "ctypes fcntl mmap resource shutil signal socket subprocess threading".split()
_PR_SET_DUMPABLE = 4


def main(descriptor: int, layers: Collection[str], user: int | None, lacking: str) -> NoReturn:
    """Serves like the real one.

    Args:
        descriptor: Where requests come from.
        layers: The layers that stay on.
        user: Whom to run as; None stays who started this.
        lacking: What the kernel is made to lack, separated by commas.
    """
    leave_out(filter(None, lacking.split(",")))
    for name in (*_LOADED_FIRST, *server._OFTEN_IMPORTED):
        importlib.import_module(name)
    prepared = confinement.prepare()
    if user is not None:
        become(user)
        # That user may not reach this Python's library, and has loaded what it needs of it.
        readable = tuple(path for path in prepared.readable if os.access(path, os.R_OK))
        prepared = dataclasses.replace(prepared, readable=readable)
    if FILESYSTEM not in layers:
        # Without Landlock, root becomes nobody wherever this Python lies.
        prepared = dataclasses.replace(
            prepared,
            landlock=None,
            landlock_missing="switched off",
            unprivileged_user=confinement._nobody(),
        )
    if SYSTEM_CALLS not in layers:
        prepared = dataclasses.replace(
            prepared, system_call_filter=None, filter_missing="switched off"
        )
    if PRIVILEGES not in layers:
        off = Layer(PRIVILEGES, False, "switched off")
        confinement.Confinement._give_up_privileges = lambda self: off  # type: ignore[method-assign]
    if LIMITS not in layers:
        confinement._set_limits = lambda limits: Layer(LIMITS, False, "switched off")
    confinement.prepare = lambda: prepared
    server.main(descriptor)


def become(user: int) -> None:
    """Becomes an ordinary user, and a process like those that such a user starts."""
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    # Who changes the user is hidden from it, unlike what it started by itself.
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)

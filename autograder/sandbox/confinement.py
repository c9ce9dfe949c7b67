"""Confines the student's process, before its first line of student code runs.

Four layers, each useful without the others. `prepare` does the shared work once, before any fork
(listing the paths, compiling the filter); `Confinement.apply` does the rest in the new process and
reports what is in force. The platform-specific code is all here and in `system_calls`.
"""

import contextlib
import ctypes
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from autograder.sandbox.process import MOST_THREADS
from autograder.sandbox.system_calls import SystemCallFilter, build_filter

# The names under which layers are reported, strongest first.
FILESYSTEM: Final = "filesystem"
SYSTEM_CALLS: Final = "system calls"
PRIVILEGES: Final = "privileges"
LIMITS: Final = "limits"
LAYERS: Final = (FILESYSTEM, SYSTEM_CALLS, PRIVILEGES, LIMITS)

# Where possible, each process runs as a user of its own: this number plus its process id, a range
# in which no system has users (see systemd's "Users, Groups, UIDs and GIDs").
_FIRST_OWN_USER: Final = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of confinement: whether it is in force, and what it does or why it is not."""

    name: str
    in_force: bool
    detail: str


@dataclass(frozen=True, slots=True)
class ResourceLimits:
    """The resources that one student's process may use."""

    memory_bytes: int = 1 << 30
    cpu_seconds: int = 70
    open_files: int = 64


@dataclass(frozen=True, slots=True)
class Confinement:
    """The confinement that `prepare` set up and `apply` puts in force."""

    readable: tuple[str, ...]
    landlock: Any
    landlock_missing: str
    system_call_filter: SystemCallFilter | None
    filter_missing: str
    unprivileged_user: int | None

    def apply(self, limits: ResourceLimits) -> list[Layer]:
        """Confines the calling process for good and returns the layers, in the order of LAYERS."""
        # Privileges are dropped before Landlock and seccomp, which would forbid that. Limits are
        # set before both, since raising one may need privileges.
        layers = [
            _set_limits(limits),
            self._give_up_privileges(),
            self._restrict_filesystem(),
        ]
        # After the change of user, which would undo this; before the filter, which protects it.
        _die_with_parent()
        layers.append(self._filter_system_calls())
        in_force = {layer.name: layer for layer in layers}
        return [in_force[name] for name in LAYERS]

    def _restrict_filesystem(self) -> Layer:
        if self.landlock is None:
            return Layer(FILESYSTEM, False, self.landlock_missing)
        try:
            self.landlock.confine(_landlock_policy(self.landlock, self.readable))
        except self.landlock.SandlockError as error:
            return Layer(FILESYSTEM, False, f"Landlock refused: {error}")
        return Layer(
            FILESYSTEM,
            True,
            "Landlock: reads the Python library and NumPy, nothing else; no writes",
        )

    def _filter_system_calls(self) -> Layer:
        if self.system_call_filter is None:
            return Layer(SYSTEM_CALLS, False, self.filter_missing)
        try:
            self.system_call_filter.load()
        except OSError as error:
            return Layer(SYSTEM_CALLS, False, f"seccomp refused: {error.strerror}")
        return Layer(
            SYSTEM_CALLS,
            True,
            "seccomp: memory, threads, clocks and reading; no other call of the kernel's",
        )

    def _give_up_privileges(self) -> Layer:
        if not hasattr(os, "geteuid"):
            return Layer(PRIVILEGES, False, "this platform has no unprivileged user to change to")
        if os.geteuid() != 0:
            apart = ", in a namespace of its own" if _enter_a_user_namespace() else ""
            who = "the ordinary user who started the grader"
            return Layer(PRIVILEGES, True, f"runs as {who}{apart}")
        own = _FIRST_OWN_USER + os.getpid()
        if self.unprivileged_user is None:
            _be_counted_as(own)
            return _drop_capabilities()
        try:
            _become(own)
        except OSError:  # A container may have only a few thousand user ids.
            pass
        else:
            _limit_threads()
            return Layer(PRIVILEGES, True, "runs as a user of its own, not as root")
        try:
            _become(self.unprivileged_user)
        except OSError as error:
            return Layer(PRIVILEGES, False, f"cannot change the user: {error.strerror}")
        _enter_a_user_namespace()
        return Layer(PRIVILEGES, True, f"runs as user {self.unprivileged_user}, not as root")


def prepare() -> Confinement:
    """Finds out what this machine offers. Call it once, before forking."""
    landlock, landlock_missing = _load_landlock()
    system_call_filter, filter_missing = build_filter()
    readable = tuple(readable_paths())
    # Root owns its files even without capabilities, so only with Landlock may it stay root.
    user = _nobody() if landlock is None or _all_may_reach(readable) else None
    return Confinement(
        readable, landlock, landlock_missing, system_call_filter, filter_missing, user
    )


def readable_paths() -> Iterable[str]:
    """Yields what student code may read: the standard library, NumPy and shared libraries.

    Never a site-packages folder as a whole: the graders themselves may be installed in one, below
    the standard library.
    """
    library = os.path.dirname(os.path.realpath(os.__file__))
    for entry in os.scandir(library):
        if entry.name not in {"site-packages", "dist-packages", "__pycache__"}:
            yield entry.path
    numpy_home = os.path.dirname(os.path.realpath(np.__file__))
    candidates = [numpy_home, f"{numpy_home}.libs", "/etc/ld.so.cache"]
    candidates += ["/usr/share/zoneinfo", "/usr/lib/locale"]
    # Extension modules of the standard library load these; no Python package lives in them.
    for root in ("/lib", "/usr/lib"):
        candidates += [f"{root}/x86_64-linux-gnu", f"{root}/aarch64-linux-gnu"]
    candidates += ["/lib64", "/usr/lib64"]
    shared = os.path.join(sys.base_prefix, "lib")
    if os.path.isdir(shared):
        candidates += [e.path for e in os.scandir(shared) if ".so" in e.name]
    yield from (path for path in candidates if os.path.exists(path))


def _landlock_policy(landlock: Any, readable: tuple[str, ...]) -> Any:
    # Kernels before 6.12 lack some of the protections; the ones they have still apply.
    return landlock.Sandbox(fs_readable=readable, allow_degraded=list(landlock.Protection))


def _load_landlock() -> tuple[Any, str]:
    if sys.platform != "linux":
        return None, "Landlock exists on Linux only"
    try:
        import sandlock
    except ImportError:
        return None, "the package sandlock is not installed (it has no wheel for this machine)"
    except Exception as error:  # Its import probes the machine, which may fail.
        return None, f"the package sandlock cannot be used ({type(error).__name__})"
    try:
        abi = sandlock.landlock_abi_version()
    except (OSError, sandlock.SandlockError):
        abi = 0
    if abi < 1:
        return None, "this kernel has no Landlock (it needs Linux 5.13, with Landlock enabled)"
    return sandlock, ""


def _set_limits(limits: ResourceLimits) -> Layer:
    try:
        import resource
    except ImportError:
        return Layer(LIMITS, False, "this platform has no resource limits")
    wanted = {
        "RLIMIT_AS": limits.memory_bytes,
        "RLIMIT_CPU": limits.cpu_seconds,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_CORE": 0,
        "RLIMIT_MSGQUEUE": 0,
    }
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (value, value))
        except (OSError, ValueError) as error:
            return Layer(LIMITS, False, f"{name} cannot be set: {error}")
    megabytes = limits.memory_bytes >> 20
    detail = f"rlimits: {megabytes} MiB of memory, {limits.cpu_seconds} s of processor, no files"
    return Layer(LIMITS, True, detail)


def _nobody() -> int:
    import pwd

    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        return 65534  # The kernel's overflow user, which owns nothing.


def _all_may_reach(paths: Iterable[str]) -> bool:
    """Whether an ordinary user may traverse every folder above `paths`; below /root none may."""
    parents = {parent for path in paths for parent in _parents(path)}
    return all(os.stat(parent).st_mode & 0o001 for parent in parents)


def _parents(path: str) -> Iterable[str]:
    path = os.path.realpath(path)
    while (parent := os.path.dirname(path)) != path:
        yield parent
        path = parent


def _become(user: int) -> None:
    os.setgroups([])
    # Called by root, these set the real, effective and saved id, on every platform.
    os.setgid(user)
    os.setuid(user)


def _be_counted_as(user: int) -> None:
    """Counts this root process's threads as that user's; its permissions stay the same."""
    if hasattr(os, "setresuid"):
        with contextlib.suppress(OSError):
            os.setresuid(user, -1, -1)
            _limit_threads()


def _enter_a_user_namespace() -> bool:
    """Counts this process apart from its user's other processes, and closes its access to them.

    Not every machine has user namespaces, or lets ordinary users create one. A process can inspect
    others of the same user only from within the same namespace. Before Linux 5.14, threads are
    counted together in spite of the namespace, so no limit is set.
    """
    if sys.platform != "linux":
        return False
    new_user_namespace = 0x10000000
    if ctypes.CDLL(None).unshare(new_user_namespace) != 0:
        return False
    # The creator of a namespace has every capability in it.
    entered = _drop_capabilities().in_force
    if entered and _counts_by_namespace(os.uname().release):
        _limit_threads()
    return entered


def _counts_by_namespace(release: str) -> bool:
    """Whether a kernel of that release counts threads per user namespace."""
    numbers = re.match(r"(\d+)\.(\d+)", release)
    return numbers is not None and (int(numbers[1]), int(numbers[2])) >= (5, 14)


def _limit_threads() -> None:
    """Limits the threads of this process, which the kernel must count apart from all others.

    Beyond the limit, starting a thread fails. Where the kernel counts a user's processes together,
    no limit is set, since they would share it; there the server ends a process seen with more.
    """
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NPROC)
    most = MOST_THREADS if hard == resource.RLIM_INFINITY else min(MOST_THREADS, hard)
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


class _CapabilityHeader(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


def _drop_capabilities() -> Layer:
    # capset(2): version 3 takes two sets of (effective, permitted, inheritable), here all empty.
    header = _CapabilityHeader(0x20080522, 0)
    empty = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(ctypes.byref(header), ctypes.byref(empty)) != 0:
        problem = os.strerror(ctypes.get_errno())
        return Layer(PRIVILEGES, False, f"runs as root with its capabilities: {problem}")
    detail = "runs as root without any capability (other users cannot reach this Python)"
    return Layer(PRIVILEGES, True, detail)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        set_parent_death_signal, kill = 1, 9
        ctypes.CDLL(None).prctl(set_parent_death_signal, kill, 0, 0, 0)

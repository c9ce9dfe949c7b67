"""The system calls that a student's process may make, and what the kernel answers to any other.

Listed are the calls that Python, NumPy and the C library make when a right function runs, on x86-64
and on arm64: memory, threads, clocks, reading files and the connection to the examiner. The rest of
the kernel is closed, including calls that it will gain in future. A call that is not listed fails,
as on a machine that forbids it or is too old for it. That does not end the process, so libraries
can do without the call.
"""

import ctypes
import errno
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

# Names unknown on this machine, or to this version of libseccomp, are skipped.
_ALLOWED: Final = (
    # memory
    "brk mmap munmap mremap mprotect madvise msync "
    # threads; `clone`, which starts one, is restricted below
    "futex set_robust_list rseq set_tid_address gettid exit exit_group arch_prctl "
    "sched_yield sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max "
    "sched_get_priority_min getcpu getpriority "
    # its own signals, clocks and waiting
    "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend "
    "sigaltstack restart_syscall pause alarm getitimer setitimer clock_gettime clock_getres "
    "clock_nanosleep nanosleep gettimeofday time times getrusage poll ppoll select pselect6 "
    # reading what Landlock lets it open; writing to its connection or its own pipes
    "read readv pread64 preadv write writev pwrite64 pwritev lseek close dup dup2 dup3 pipe pipe2 "
    "stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents "
    "getdents64 getcwd chdir fchdir umask "
    # its own identity and its system
    "getpid getppid getpgrp getpgid getsid getuid geteuid getresuid getgid getegid getresgid "
    "getgroups getrlimit uname sysinfo getrandom"
).split()

# CLONE_THREAD, and the other flags that the C libraries set to start a thread. Without the first, a
# clone is a process; with any further flag, a process in a namespace or out of sight.
_CLONE_THREAD: Final = 0x00010000
_FLAGS_OF_THREADS: Final = 0x007D0F00
# O_ACCMODE, O_CREAT and O_TRUNC. If all are 0, a file is opened only for reading: where Landlock is
# missing, the name of a new, empty file could be a message to the next submission.
_OPENS_TO_CHANGE: Final = 0o1103
_CONNECTION: Final = 3
# The allowed requests of calls that do many things, with the position of the argument that selects
# one. Left out are a descriptor's owner, who is sent signals; locks, through which two submissions
# could communicate; setting the parent-death signal; and everything about other processes.
_ALLOWED_REQUESTS: Final = (
    # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ
    ("fcntl", 1, (0, 1, 2, 3, 4, 1030, 1032)),
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
    ("ioctl", 1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),
    # PR_GET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_SVE_GET_VL
    ("prctl", 0, (2, 3, 15, 16, 51)),
    # Its own limits, which it cannot raise.
    ("prlimit64", 0, (0,)),
    ("recvfrom", 0, (_CONNECTION,)),
)
# These fail as if they did not exist, so libraries fall back: to clone from clone3, to openat from
# openat2, whose arguments lie where no filter can read them, and so on. From the first number on
# (Linux 5.1), all machines number alike; the kernel will reach the last in about ten years.
_DONE_WITHOUT: Final = "membarrier memfd_create copy_file_range preadv2 pwritev2".split()
_FIRST_NEW_CALL: Final = 424
_LAST_NEW_CALL: Final = 530


_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2
_INSTRUCTION_BYTES: Final = 8


class _Program(ctypes.Structure):
    """The kernel's `struct sock_fprog`."""

    _fields_ = (("count", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


class _Condition(ctypes.Structure):
    """libseccomp's `struct scmp_arg_cmp`."""

    _fields_ = (
        ("position", ctypes.c_uint),
        ("comparison", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


# libseccomp's SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW, SCMP_ACT_ERRNO and SCMP_CMP_MASKED_EQ.
_BAD_ARCHITECTURE: Final = 2
_ALLOW: Final = 0x7FFF0000
_FAIL: Final = 0x00050000
_MASKED_EQUAL: Final = 7

_LOW_HALF: Final = 0xFFFFFFFF
_ALL_BITS: Final = 0xFFFFFFFFFFFFFFFF


@dataclass(frozen=True, slots=True)
class SystemCallFilter:
    """A filter program for the kernel, the same for every process that loads it."""

    program: bytes

    def load(self) -> None:
        """Puts the filter in force for the calling process, for good.

        Raises:
            OSError: the kernel refuses.
        """
        instructions = ctypes.create_string_buffer(self.program, len(self.program))
        count = len(self.program) // _INSTRUCTION_BYTES
        program = _Program(count, ctypes.cast(instructions, ctypes.c_void_p))
        libc = ctypes.CDLL(None, use_errno=True)
        for request in (
            (_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
            (_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0),
        ):
            if libc.prctl(*request) != 0:
                problem = ctypes.get_errno()
                raise OSError(problem, os.strerror(problem))


def build_filter() -> tuple[SystemCallFilter | None, str]:
    """Returns the filter for student processes and "", or None and why there is none."""
    if sys.platform != "linux":
        return None, "seccomp exists on Linux only"
    try:
        library = _load_libseccomp()
    except OSError:
        return None, "the system library libseccomp is missing (Debian: libseccomp2)"
    rules = library.seccomp_init(_fail(errno.EPERM))
    try:
        # Calls of another architecture, such as 32-bit ones, do not end the process either.
        library.seccomp_attr_set(rules, _BAD_ARCHITECTURE, _fail(errno.EPERM))
        for call, action, conditions in _rules(library):
            given = (_Condition * len(conditions))(*conditions)
            problem = library.seccomp_rule_add_array(rules, action, call, len(conditions), given)
            if problem != 0:
                return None, f"libseccomp refused a rule: {os.strerror(-problem)}"
        return SystemCallFilter(_exported(library, rules)), ""
    finally:
        library.seccomp_release(rules)


def _fail(number: int) -> int:
    return _FAIL | number


def _masked(position: int, mask: int, value: int) -> _Condition:
    return _Condition(position, _MASKED_EQUAL, mask, value)


def _load_libseccomp() -> Any:
    # By its file name: ctypes.util.find_library starts a compiler to look for it.
    library = ctypes.CDLL("libseccomp.so.2")
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = (ctypes.c_uint32,)
    library.seccomp_release.restype = None
    library.seccomp_release.argtypes = (ctypes.c_void_p,)
    library.seccomp_attr_set.argtypes = (ctypes.c_void_p, ctypes.c_int, ctypes.c_uint32)
    library.seccomp_syscall_resolve_name.argtypes = (ctypes.c_char_p,)
    library.seccomp_rule_add_array.argtypes = (
        ctypes.c_void_p,
        ctypes.c_uint32,
        ctypes.c_int,
        ctypes.c_uint,
        ctypes.POINTER(_Condition),
    )
    library.seccomp_export_bpf.argtypes = (ctypes.c_void_p, ctypes.c_int)
    return library


def _rules(library: Any) -> Iterator[tuple[int, int, Sequence[_Condition]]]:
    """Yields each rule: the call's number, the action, and the conditions on its arguments."""

    def number(name: str) -> int:
        return int(library.seccomp_syscall_resolve_name(name.encode()))

    allowed: list[tuple[str, Sequence[_Condition]]] = [(name, ()) for name in _ALLOWED]
    allowed += [
        # The kernel reads these arguments as 32 bits, whatever the upper half holds.
        (name, (_masked(position, _LOW_HALF, request),))
        for name, position, requests in _ALLOWED_REQUESTS
        for request in requests
    ]
    others = _ALL_BITS & ~_FLAGS_OF_THREADS
    allowed += [
        # On an existing connection no address is given.
        ("sendto", (_masked(0, _LOW_HALF, _CONNECTION), _masked(4, _ALL_BITS, 0))),
        ("open", (_masked(1, _OPENS_TO_CHANGE, 0),)),
        ("openat", (_masked(2, _OPENS_TO_CHANGE, 0),)),
        ("clone", (_masked(0, others | _CLONE_THREAD, _CLONE_THREAD),)),
    ]
    numbers = set()
    for name, conditions in allowed:
        # Negative where a machine has no such call.
        if (call := number(name)) >= 0:
            numbers.add(call)
            yield call, _ALLOW, conditions
    missing = {*map(number, _DONE_WITHOUT), *range(_FIRST_NEW_CALL, _LAST_NEW_CALL + 1)}
    for call in sorted(missing - numbers):
        if call >= 0:
            yield call, _fail(errno.ENOSYS), ()


def _exported(library: Any, rules: Any) -> bytes:
    """Returns the rules as a program for the kernel, made once; a fork only has to load it."""
    reading, writing = os.pipe()
    with open(reading, "rb") as pipe:
        # Some hundred eight-byte instructions: a pipe holds them until they are read.
        problem = library.seccomp_export_bpf(rules, writing)
        os.close(writing)
        if problem != 0:
            raise OSError(-problem, os.strerror(-problem))
        return pipe.read()

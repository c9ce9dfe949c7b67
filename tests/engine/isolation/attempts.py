"""What a submission might try against the machine, and which layers alone stop it.

Each attempt is a function of the targets' places; it returns "succeeded" once what it wanted has
happened, and fails otherwise. With all layers off, each succeeds: a test holds that first.
"""

from typing import Final, NamedTuple

from autograder.sandbox.confinement import FILESYSTEM, LIMITS, PRIVILEGES, SYSTEM_CALLS


class Attempt(NamedTuple):
    """An attempt: its row on the page, its body, and the layers of which each alone stops it."""

    row: str
    body: str
    stopped_by: frozenset[str]
    needs_root: bool = False
    as_owner: bool = False  # Any process of the file's owner may do it, without any capability.
    by_namespace: bool = False  # Stopped by the namespace that an ordinary user's process gets.


def _by(*layers: str) -> frozenset[str]:
    return frozenset(layers)


SETTING: Final = """
import ctypes, fcntl, os, signal, socket, struct, subprocess, sys, threading, time

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long

def call(number, *arguments):
    answer = libc.syscall(number, *[ctypes.c_long(a) if type(a) is int else a for a in arguments])
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer

def content(path):
    descriptor = os.open(path, os.O_RDONLY)
    return os.read(descriptor, 1 << 16)

def secret(t):
    return t["secret"].encode()
"""

# System calls without a function in Python's library, by x86-64's numbers and by those of arm64.
_NUMBERS: Final = {
    "PTRACE": (101, 117),
    "READV": (310, 270),
    "PIDFD_OPEN": (434, 434),
    "PIDFD_GETFD": (438, 438),
    "SHMGET": (29, 194),
    "SHMCTL": (31, 195),
    "UNSHARE": (272, 97),
    "IO_URING": (425, 425),
    "INOTIFY": (294, 26),
    "PRCTL": (157, 167),
    "CHROOT": (161, 51),
    "IO_SETUP": (206, 0),
}


def source(attempt: Attempt, machine: str) -> str:
    """Returns the module that a student would hand in."""
    column = 0 if machine == "x86_64" else 1
    numbers = "".join(f"{name} = {both[column]}\n" for name, both in _NUMBERS.items())
    lines = attempt.body.strip("\n").splitlines()
    body = "".join(f"    {line}\n" for line in lines)
    return f"{SETTING}{numbers}\ndef attempt(t):\n{body}    return 'succeeded'\n"


ATTEMPTS: Final = [
    # Reading
    Attempt(
        "Read a file that every user of the machine may read",
        'assert content(t["for_all"]) == secret(t)',
        _by(FILESYSTEM),
    ),
    Attempt(
        "Read a file that only the grader's user may read",
        'assert content(t["own"]) == secret(t)',
        _by(FILESYSTEM, PRIVILEGES),
    ),
    Attempt(
        "List a folder",
        'assert os.listdir(os.path.dirname(t["own"]))',
        _by(FILESYSTEM),
    ),
    Attempt(
        "Read the examiner's environment in /proc",
        "assert secret(t) in content(f\"/proc/{t['pid']}/environ\")",
        _by(FILESYSTEM, PRIVILEGES),
        by_namespace=True,
    ),
    Attempt(
        "Read the examiner's memory in /proc",
        """
file = os.open(f"/proc/{t['pid']}/mem", os.O_RDONLY)
assert os.pread(file, 30, t["address"]).startswith(secret(t) + b"-in-memory")
""",
        _by(FILESYSTEM, PRIVILEGES),
        by_namespace=True,
    ),
    Attempt(
        "Read where the examiner's memory lies, in /proc",
        'assert b"python" in content(f"/proc/{t[\'pid\']}/maps")',
        _by(FILESYSTEM, PRIVILEGES),
        by_namespace=True,
    ),
    Attempt(
        "Read the examiner's open files in /proc",
        """
file = os.open(f"/proc/{t['pid']}/fd/{t['descriptor']}", os.O_RDONLY)
assert os.pread(file, 40, 0) == secret(t) + b"-in-a-file"
""",
        _by(FILESYSTEM, PRIVILEGES),
        by_namespace=True,
    ),
    Attempt(
        "Read the examiner's memory with `process_vm_readv`",
        """
into = ctypes.create_string_buffer(64)
ours = struct.pack("QQ", ctypes.addressof(into), 30)
theirs = struct.pack("QQ", t["address"], 30)
call(READV, t["pid"], ours, 1, theirs, 1, 0)
assert into.value.startswith(secret(t) + b"-in-memory")
""",
        _by(FILESYSTEM, SYSTEM_CALLS, PRIVILEGES),
        by_namespace=True,
    ),
    Attempt(
        "Trace the examiner with `ptrace`",
        """
PTRACE_SEIZE, PTRACE_INTERRUPT, PTRACE_DETACH = 0x4206, 0x4207, 17
call(PTRACE, PTRACE_SEIZE, t["pid"], 0, 0)
call(PTRACE, PTRACE_INTERRUPT, t["pid"], 0, 0)
os.waitpid(t["pid"], 0x40000000)
call(PTRACE, PTRACE_DETACH, t["pid"], 0, 0)
""",
        _by(FILESYSTEM, SYSTEM_CALLS, PRIVILEGES),
        by_namespace=True,
    ),
    Attempt(
        "Take one of the examiner's descriptors with `pidfd_getfd`",
        """
process = call(PIDFD_OPEN, t["pid"], 0)
file = call(PIDFD_GETFD, process, t["descriptor"], 0)
assert os.pread(file, 40, 0) == secret(t) + b"-in-a-file"
""",
        _by(FILESYSTEM, SYSTEM_CALLS, PRIVILEGES),
        by_namespace=True,
    ),
    Attempt(
        "Watch what happens to files with `inotify`",
        "assert call(INOTIFY, 0) >= 0",
        _by(SYSTEM_CALLS),
    ),
    # Writing
    Attempt(
        "Write a file",
        """
path = os.path.join(t["public_folder"], "written")
with open(path, "wb", buffering=0) as file:
    file.write(b"x")
assert content(path) == b"x"
""",
        _by(FILESYSTEM, SYSTEM_CALLS, LIMITS),
    ),
    Attempt(
        "Leave an empty file whose name is a message",
        'os.close(os.open(os.path.join(t["public_folder"], "0.4321"), os.O_CREAT | os.O_RDONLY))',
        _by(FILESYSTEM, SYSTEM_CALLS),
    ),
    Attempt(
        "Empty a file",
        """
os.close(os.open(t["writable"], os.O_WRONLY | os.O_TRUNC))
assert os.stat(t["writable"]).st_size == 0
""",
        _by(FILESYSTEM, SYSTEM_CALLS),
    ),
    Attempt(
        "Make a folder, a link or another name",
        """
name = os.path.join(t["public_folder"], "link")
os.symlink("/anywhere", name)
os.rename(name, name + "-renamed")
""",
        _by(FILESYSTEM, SYSTEM_CALLS),
    ),
    Attempt(
        "Change who may read a file",
        'os.chmod(t["own"], 0o644)',
        _by(SYSTEM_CALLS, PRIVILEGES),
        as_owner=True,
    ),
    Attempt(
        "Leave a message in shared memory",
        """
segment = call(SHMGET, 0, 4096, 0o1666)
call(SHMCTL, segment, 0, 0)
""",
        _by(SYSTEM_CALLS),
    ),
    # Other processes
    Attempt("Start a process", "pid = os.fork()\nif pid == 0: os._exit(0)", _by(SYSTEM_CALLS)),
    Attempt(
        "Run a program",
        'assert subprocess.run(["/bin/sh", "-c", "exit 7"]).returncode == 7',
        _by(FILESYSTEM, SYSTEM_CALLS),
    ),
    Attempt(
        "Send the examiner a signal",
        'os.kill(t["pid"], signal.SIGCONT)',
        _by(FILESYSTEM, SYSTEM_CALLS, PRIVILEGES),
    ),
    Attempt(
        "Live on when the grader ends",
        """
call(PRCTL, 1, 0, 0, 0, 0)
signal_number = ctypes.c_int(-1)
call(PRCTL, 2, ctypes.byref(signal_number), 0, 0, 0)
assert signal_number.value == 0
""",
        _by(SYSTEM_CALLS),
    ),
    # The network and the kernel
    Attempt(
        "Open a socket",
        "socket.socket().close()",
        _by(SYSTEM_CALLS),
    ),
    Attempt(
        "Make a namespace of its own, to be root in",
        "CLONE_NEWUSER = 0x10000000\ncall(UNSHARE, CLONE_NEWUSER)",
        _by(SYSTEM_CALLS),
        by_namespace=True,
    ),
    Attempt(
        "Change its root folder",
        'call(CHROOT, t["public_folder"].encode())',
        _by(SYSTEM_CALLS, PRIVILEGES),
        needs_root=True,
    ),
    Attempt(
        "Go round the filter with `io_uring`",
        "into = ctypes.create_string_buffer(256)\nassert call(IO_URING, 4, into) >= 0",
        _by(SYSTEM_CALLS),
    ),
    Attempt(
        "Ask its connection who is at the other end",
        """
length = ctypes.c_uint(12)
into = ctypes.create_string_buffer(12)
SOL_SOCKET, SO_PEERCRED, SO_PEERPIDFD = 1, 17, 77
asked = [
    libc.getsockopt(3, SOL_SOCKET, what, into, ctypes.byref(length)) == 0
    for what in (SO_PEERPIDFD, SO_PEERCRED)
]
assert any(asked)
""",
        _by(SYSTEM_CALLS),
    ),
    # Using up the machine
    Attempt(
        "Take the machine's asynchronous I/O with `io_setup`",
        "context = ctypes.c_ulong(0)\ncall(IO_SETUP, 30000, ctypes.byref(context))",
        _by(SYSTEM_CALLS),
    ),
    Attempt("Take 4 GiB of memory", "import mmap\nmmap.mmap(-1, 4 << 30)", _by(LIMITS)),
    Attempt(
        "Open many files",
        'opened = [os.open("/etc/ld.so.cache", os.O_RDONLY) for _ in range(100)]',
        _by(LIMITS),
    ),
]

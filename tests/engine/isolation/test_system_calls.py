"""The filter of system calls: as much as right functions need, and nothing else."""

import ctypes
import errno
import platform
import struct
import sys
from collections.abc import Iterator
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox import system_calls
from autograder.sandbox.confinement import LAYERS, SYSTEM_CALLS
from autograder.sandbox.forked import ProcessServer
from tests.engine.isolation.arrangement import STARTED_AS, arranged, call

if sys.platform != "linux":
    pytest.skip("seccomp is Linux's", allow_module_level=True)

ALLOWED: Final = 0x7FFF0000
REFUSED: Final = {0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS}
ARCHITECTURES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
HERE: Final = ARCHITECTURES.get(platform.machine(), 0)
INTEL_32_BITS: Final = 0x40000003
# Asked by other numbers on x86-64, where the kernel was built for them.
X32: Final = 0x40000000


def program() -> bytes:
    made, problem = system_calls.build_filter()
    assert made is not None, problem
    return made.program


PROGRAM: Final = list(struct.iter_unpack("<HBBI", program()))


def number(name: str) -> int:
    library = ctypes.CDLL("libseccomp.so.2")
    return int(library.seccomp_syscall_resolve_name(name.encode()))


def answer(call: int, *arguments: int, architecture: int = HERE) -> int:
    """Returns what the kernel does about a call: it runs the filter on the call's numbers."""
    given = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", call, architecture, 0, *given)
    accumulator, place = 0, 0
    while True:
        code, when, otherwise, operand = PROGRAM[place]
        place += 1
        if code == 0x20:  # Load a word of the call.
            (accumulator,) = struct.unpack_from("<I", data, operand)
        elif code == 0x54:
            accumulator &= operand
        elif code == 0x05:
            place += operand
        elif code == 0x06:
            return int(operand)
        else:
            compared = {
                0x15: accumulator == operand,
                0x25: accumulator > operand,
                0x35: accumulator >= operand,
                0x45: bool(accumulator & operand),
            }
            place += when if compared[code] else otherwise


# Any number, and those one or two bits away from a good one.
def near(*good: int) -> st.SearchStrategy[int]:
    bits = st.lists(st.integers(0, 63), max_size=2)
    return st.integers(0, (1 << 64) - 1) | st.builds(
        lambda value, flips: value ^ sum(1 << bit for bit in set(flips)),
        st.sampled_from(good),
        bits,
    )


FLAGS_OF_GLIBC: Final = 0x003D0F00
FLAGS_OF_MUSL: Final = 0x007D0F00


@given(near(FLAGS_OF_GLIBC, FLAGS_OF_MUSL, 0x01200011, 0x4111))
def test_what_clone_makes_is_a_thread_of_the_process_or_nothing(flags: int) -> None:
    is_thread = bool(flags & 0x00010000)
    unusual = flags & ~FLAGS_OF_MUSL
    expected = is_thread and not unusual
    assert (answer(number("clone"), flags) == ALLOWED) == expected


def test_both_c_libraries_can_start_threads() -> None:
    assert answer(number("clone"), FLAGS_OF_GLIBC) == ALLOWED
    assert answer(number("clone"), FLAGS_OF_MUSL) == ALLOWED
    assert answer(number("clone3")) == 0x00050000 | errno.ENOSYS


@given(near(0, 0o2000000, 0o100, 0o1000, 0o20200002))
def test_files_are_opened_to_be_read_and_no_more(flags: int) -> None:
    to_read = flags & 0o3 == 0
    to_make = bool(flags & 0o1100)
    assert (answer(number("openat"), 3, 0, flags) == ALLOWED) == (to_read and not to_make)


@given(near(*range(16), 36, 37, 38, *range(1024, 1036)))
def test_descriptors_are_asked_for_no_owner_and_no_lock(command: int) -> None:
    allowed = command & 0xFFFFFFFF in {0, 1, 2, 3, 4, 1030, 1032}
    assert (answer(number("fcntl"), 5, command) == ALLOWED) == allowed


@given(near(*range(8)))
def test_only_its_own_limits_are_touched(process: int) -> None:
    assert (answer(number("prlimit64"), process) == ALLOWED) == (process & 0xFFFFFFFF == 0)


@given(near(*range(8)), near(0))
def test_only_the_connection_is_spoken_through(descriptor: int, address: int) -> None:
    is_connection = descriptor & 0xFFFFFFFF == 3
    assert (answer(number("recvfrom"), descriptor) == ALLOWED) == is_connection
    expected = is_connection and address == 0
    assert (answer(number("sendto"), descriptor, 0, 0, 0, address) == ALLOWED) == expected


@given(st.integers(0, (1 << 32) - 1) | st.integers(0, 1000), st.lists(near(0), max_size=6))
def test_calls_by_another_machines_numbers_are_refused(call: int, arguments: list[int]) -> None:
    assert answer(call, *arguments, architecture=INTEL_32_BITS) in REFUSED
    if ARCHITECTURES["x86_64"] == HERE:
        assert answer(call | X32, *arguments) in REFUSED


# x86-64's uretprobe and uprobe, which new kernels let through every filter: they serve traces that
# the kernel itself set up, and whoever else makes them is ended or refused.
NEVER_FILTERED: Final = {335, 336} if platform.machine() == "x86_64" else set()

# Runs in a student's process: tries each number, and returns those that the kernel looked at.
TRY_ALL: Final = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)

def let_through(numbers):
    through = []
    for number in numbers:
        ctypes.set_errno(0)
        met = libc.syscall(number, *[ctypes.c_long(-1)] * 6), ctypes.get_errno()
        if met not in ((-1, 1), (-1, 38)):
            through.append(number)
    return through
"""


@pytest.mark.row("Make a call of the kernel's that no right function makes")
def test_every_call_that_is_not_listed_is_refused() -> None:
    listed = {n for n in range(1200) if answer(n, *[(1 << 64) - 1] * 6) == ALLOWED}
    assert len(listed) < 100
    others = [n for n in range(1200) if n not in listed | NEVER_FILTERED]
    with ProcessServer() as server:
        assert call(server, TRY_ALL, "let_through", others) == []


# What right functions may do besides arithmetic, each as one function.
USES: Final = {
    "every module of the standard library": """
import importlib, sys
failed = {}
for name in sorted(sys.stdlib_module_names - {"antigravity", "this", "idlelib", "turtledemo"}):
    try:
        importlib.import_module(name)
    except Exception as error:  # What was not built here, or wants to write where it is imported.
        failed[name] = type(error).__name__
return [failed, len(failed) < 20]
""",
    "every module of NumPy": """
import importlib, numpy, pkgutil
loaded = 0
for module in pkgutil.walk_packages(numpy.__path__, "numpy.", onerror=lambda name: None):
    if not any(part in module.name for part in ("test", "distutils", "f2py", "_pyinstaller")):
        try:
            importlib.import_module(module.name)
            loaded += 1
        except ModuleNotFoundError:
            pass
return loaded > 50
""",
    "threads, and waiting for them": """
import concurrent.futures, queue, threading, time
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    squares = list(pool.map(lambda n: (time.sleep(0.001), n * n)[1], range(50)))
done, both, places = threading.Event(), threading.Barrier(2), threading.Semaphore(1)
threading.Timer(0.001, done.set).start()
threading.stack_size(1 << 18)
thread = threading.Thread(target=both.wait, name="one")
thread.start()
both.wait()
thread.join()
places.acquire(timeout=1)
return [squares[-1], done.wait(60), places.acquire(timeout=0.001), threading.get_native_id() > 0]
""",
    "linear algebra on big arrays": """
import numpy as np
rng = np.random.default_rng(1)
a = rng.normal(size=(500, 500))
b = np.arange(10.0)
b.resize(3_000_000)
parts = np.linalg.svd(a[:90, :90]), np.linalg.eig(a[:50, :50]), np.linalg.qr(a), np.fft.fft(a)
whole = np.linalg.norm(a @ np.linalg.inv(a) - np.eye(500)) < 1e-6, np.zeros(20_000_000).sum() == 0
np.einsum("ij,jk->ik", a, a, optimize=True), a.astype(np.float32) @ a.astype(np.float32)
return [bool(w) for w in whole] + [len(b), len(parts)]
""",
    "clocks, dates and timers of its own": """
import datetime, signal, time, timeit, zoneinfo
for clock in (name for name in dir(time) if name.startswith("CLOCK_")):
    try:
        time.clock_gettime(getattr(time, clock)), time.clock_getres(getattr(time, clock))
    except OSError as error:
        assert error.errno == 22, clock
time.sleep(0.001), time.process_time(), time.thread_time(), time.localtime(), time.tzset()
signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.01)
signal.pause()
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
waited = signal.sigtimedwait([signal.SIGUSR1], 0.001)
return [str(zoneinfo.ZoneInfo("UTC")), datetime.datetime.now().year > 2000, waited is None]
""",
    "random numbers": """
import os, random, secrets, uuid
import numpy as np
np.random.default_rng().normal(), np.random.seed(), np.random.rand()
random.seed(), random.SystemRandom().random(), uuid.uuid4(), os.getrandom(3)
return len(os.urandom(8)) + len(secrets.token_bytes(8))
""",
    "memory maps": """
import mmap, os
import numpy as np
with mmap.mmap(-1, 1 << 20) as memory:
    memory.resize(1 << 21)
    memory.madvise(mmap.MADV_DONTNEED)
    memory.flush()
whole = np.memmap(os.__file__, mode="r")
return [len(whole) > 0, len(bytearray(200 << 20))]
""",
    "reading what it may read": """
import glob, importlib.resources, inspect, json, linecache, os, pathlib
import numpy as np
home = pathlib.Path(os.__file__).parent / "json"
return [
    inspect.getsource(json)[:5], linecache.getline(os.__file__, 1)[:5],
    len(list(home.rglob("*.py"))) > 1, len(list(os.walk(np.__path__[0]))) > 1,
    importlib.resources.files("json").joinpath("__init__.py").read_text()[:5],
    os.path.samefile(home, home), os.access(home, os.R_OK), os.getcwd(), os.path.realpath("."),
]
""",
    "questions about the machine": """
import locale, os, platform, resource, shutil, sys
return [
    locale.setlocale(locale.LC_ALL, ""), platform.system(), os.cpu_count() > 0, os.isatty(1),
    len(os.sched_getaffinity(0)) > 0, os.sysconf("SC_PHYS_PAGES") > 0, len(os.getloadavg()),
    shutil.get_terminal_size().columns > 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0,
    resource.getrlimit(resource.RLIMIT_AS)[0] > 0, os.getpid() > 0, os.getuid() >= 0, os.umask(18),
]
""",
    "what else libraries do by the way": """
import bz2, contextlib, faulthandler, gc, hashlib, lzma, os, pickle, select, sqlite3, tracemalloc
import warnings
warnings.warn("heard")
tracemalloc.start(), gc.collect(), tracemalloc.stop()
faulthandler.enable(1), faulthandler.disable()
reading, writing = os.pipe()
os.write(writing, b"x")
ready = select.select([reading], [], [], 1)[0], select.poll().poll(1)
with contextlib.closing(sqlite3.connect(":memory:")) as base:
    (rows,) = base.execute("select 41 + 1").fetchone()
return [len(hashlib.scrypt(b"x", salt=b"y", n=2, r=1, p=1)), pickle.loads(pickle.dumps(rows)),
        len(lzma.compress(b"x")) > 0, len(bz2.compress(b"x")) > 0, len(ready[0])]
""",
}


@pytest.fixture(scope="module")
def both() -> Iterator[list[ProcessServer]]:
    """A server of processes without the filter, and one of processes with it."""
    others = [layer for layer in LAYERS if layer != SYSTEM_CALLS]
    user = next(iter(STARTED_AS))
    with arranged(others, user) as without, arranged(LAYERS, user) as filtered:
        yield [without, filtered]


@pytest.mark.parametrize("use", USES)
def test_what_right_functions_do_goes_as_without_the_filter(
    both: list[ProcessServer], use: str
) -> None:
    body = "".join(f"    {line}\n" for line in USES[use].strip("\n").splitlines())
    without, filtered = (call(server, f"def use():\n{body}", "use") for server in both)
    assert filtered == without
    assert not isinstance(filtered, str), filtered


# What Python says of the things that are refused: an OSError, for which programs are prepared.
REFUSALS: Final[dict[str, Any]] = {
    "import os; os.fork()": "PermissionError",
    "import subprocess; subprocess.run(['id'])": "PermissionError",
    "import os; os.posix_spawn('/bin/true', ['true'], {})": "PermissionError",
    "import socket; socket.socket()": "PermissionError",
    "open('x', 'w')": "PermissionError",
    "import tempfile; tempfile.TemporaryFile()": "FileNotFoundError",
    "import os; os.kill(os.getpid(), 9)": "PermissionError",
    "import multiprocessing; multiprocessing.Lock()": "PermissionError",
}


@pytest.mark.parametrize("statement", REFUSALS)
def test_a_refusal_is_an_error_that_python_names(both: list[ProcessServer], statement: str) -> None:
    told = call(both[1], f"def attempt():\n    {statement}\n", "attempt")
    assert str(told).startswith(REFUSALS[statement]), told

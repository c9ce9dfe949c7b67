"""The fault table: everything a submission does that could end its process, or hang or flood it.

A row is the body of a Python function, and a pattern of what the report then says of `count_words`:
a crash, an exception, or silence. Rows with no pattern cost nothing. A row is tried at moments of
three kinds: while the module is imported, in a thread of its own between calls, and during a call.
"""

import platform
import textwrap
from typing import Final, NamedTuple

from tests.small import SOLUTIONS


class Way(NamedTuple):
    """What is done, and the pattern of what is told of it: nothing lost if "", anything if None."""

    does: str
    told: str | None = ""


_SILENCE: Final = "no answer within"
_NO_ANSWER: Final = "what came back was not an answer"
_ENDED: Final = "it ended the Python process"
_CRASHED: Final = "the Python process crashed"
_CLOSED: Final = "it closed its connection|it ended the Python process"
_X86: Final = platform.machine() == "x86_64"
_ANSWER: Final = r"b'\x96\xa8returned\xcb' + bytes(8) + b'\xc0\x90\xa0\xcb' + bytes(8)"

_BY_SIGNAL: Final = {
    "a null pointer": Way("ctypes.string_at(0)", f"{_CRASHED} .Segmentation fault"),
    "an impossible instruction": Way(
        """
        page = mmap.mmap(-1, 4096, prot=7)
        page.write(b'\\x0f\\x0b' if platform.machine() == 'x86_64' else bytes(4))
        ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
        """,
        f"{_CRASHED} .Illegal instruction",
    ),
    "memory beyond the end of a file": Way(
        """
        libc = ctypes.CDLL(None)
        libc.mmap.restype = ctypes.c_void_p
        libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t] + [ctypes.c_int] * 3
        libc.mmap.argtypes += [ctypes.c_long]
        file = open(os.__file__)
        ctypes.string_at(libc.mmap(None, 1 << 24, 1, 2, file.fileno(), 0) + (1 << 23), 1)
        """,
        f"{_CRASHED} .Bus error",
    ),
    "abort": Way("os.abort()", _CRASHED),
    "an alarm": Way(
        "signal.setitimer(signal.ITIMER_REAL, 0.01); time.sleep(60)", f"{_CRASHED} .Alarm clock"
    ),
    "a virtual alarm": Way(
        "signal.setitimer(signal.ITIMER_VIRTUAL, 0.01)\nwhile True: pass",
        f"{_CRASHED} .Virtual timer expired",
    ),
    "a profiler's alarm": Way(
        "signal.setitimer(signal.ITIMER_PROF, 0.01)\nwhile True: pass",
        f"{_CRASHED} .Profiling timer expired",
    ),
    "a broken pipe": Way(
        """
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        reading, writing = os.pipe()
        os.close(reading)
        os.write(writing, b'x')
        """,
        f"{_CRASHED} .Broken pipe",
    ),
    **{
        f"{name} to itself": Way(f"os.kill(os.getpid(), signal.{name})", "PermissionError")
        for name in ("SIGKILL", "SIGSTOP", "SIGTERM", "SIGSEGV")
    },
    "a signal raised": Way("signal.raise_signal(signal.SIGABRT)", "PermissionError"),
    "a signal to its group": Way("os.killpg(0, signal.SIGKILL)", "PermissionError"),
}
if _X86:  # Elsewhere a division by zero is zero.
    _BY_SIGNAL["a division by zero in C"] = Way(
        "ctypes.CDLL(None).div(1, 0)", f"{_CRASHED} .Floating point exception"
    )

_BY_LIMIT: Final = {
    "too much memory at once": Way("bytearray(4 << 30)", "MemoryError"),
    "too much memory by and by": Way(
        "held = []\nwhile True: held.append(bytearray(1 << 24))", f"MemoryError|{_ENDED}|{_SILENCE}"
    ),
    "too many descriptors": Way("while True: HELD.append(os.open('/', os.O_PATH))", "OSError"),
    "a file": Way("open('/tmp/.written-by-a-student', 'w')", "PermissionError"),
    "too many threads": Way(
        "while True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        "RuntimeError|MemoryError|no answer within|it ended the Python process",
    ),
    "threads with the smallest stacks": Way(
        """
        ctypes.CDLL(None).mallopt(-8, 1)
        threading.stack_size(32768)
        while True: threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        """,
        "RuntimeError|it started more than 256 threads|no answer within",
    ),
    "its own processor time": Way(
        "most = resource.getrlimit(resource.RLIMIT_CPU)[1]\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (0, most))\nwhile True: pass",
        f"it used up its processor time|{_SILENCE}",
    ),
    "recursion": Way("def again(): again()\nagain()", "RecursionError"),
    "recursion without a limit": Way(
        """
        sys.setrecursionlimit(1 << 30)
        class Deep:
            def __repr__(self): return repr([self])
        repr(Deep())
        """,
        f"{_CRASHED}|MemoryError|RecursionError|{_SILENCE}",
    ),
}

_SILENT: Final = {
    "sleep": Way("time.sleep(60)", _SILENCE),
    "a loop": Way("while True: pass", _SILENCE),
    "a loop that blocks signals": Way(
        "signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass", _SILENCE
    ),
    "a lock held": Way("lock = threading.Lock()\nlock.acquire()\nlock.acquire()", _SILENCE),
    "a thread waited for": Way(
        "thread = threading.Thread(target=time.sleep, args=(60,))\nthread.start()\nthread.join()",
        _SILENCE,
    ),
    "C code that never returns": Way("10 ** 10 ** 10", _SILENCE),
    "a regular expression": Way("re.match('(a+)+$', 'a' * 50 + 'b')", _SILENCE),
    "a destructor that hangs": Way(
        "class Slow:\n    def __del__(self): time.sleep(60)\nSlow()", _SILENCE
    ),
    "a collection that hangs": Way(
        "gc.callbacks.append(lambda *_: time.sleep(60))\ngc.collect()", _SILENCE
    ),
    "a tracer that hangs": Way("sys.settrace(lambda *_: time.sleep(60))\nabs(0)", None),
    "requests read away": Way("os.read(3, 1 << 20)", _SILENCE),
}

_ON_THE_WIRE: Final = {
    "garbage": Way("os.write(3, b'\\xff' * 99)", _NO_ANSWER),
    "a frame that is not a value": Way("os.write(3, struct.pack('>I', 1) + b'\\xc1')", _NO_ANSWER),
    "an empty frame": Way("os.write(3, bytes(4))", _NO_ANSWER),
    "half a frame, then silence": Way(
        "os.write(3, struct.pack('>I', 99) + b'half'); time.sleep(60)", _SILENCE
    ),
    "half a frame, then the end": Way(
        "os.write(3, struct.pack('>I', 99) + b'half'); os._exit(0)", _ENDED
    ),
    "half a length, then silence": Way("os.write(3, bytes(2)); time.sleep(60)", _SILENCE),
    "a frame that promises four gigabytes": Way("os.write(3, b'\\xff' * 4)", _NO_ANSWER),
    # Four in the text, four in the bytes and four in the list, which is what a length can say.
    "a frame that promises twelve gigabytes": Way(
        "told = b'\\x93\\xdb' + b'\\xff' * 4 + b'\\xc6' + b'\\xff' * 4 + b'\\xdd' + b'\\xff' * 4\n"
        "os.write(3, struct.pack('>I', len(told)) + told)",
        _NO_ANSWER,
    ),
    "an answer of its own": Way(
        f"told = {_ANSWER}\nos.write(3, struct.pack('>I', len(told)) + told)", None
    ),
    "an answer, again and again": Way(
        f"told = {_ANSWER}\nwhile True: os.write(3, struct.pack('>I', len(told)) + told)", None
    ),
    "an answer to another question": Way(
        "told = b'\\x94\\xa6loaded\\x90\\x90\\xc2'\n"
        "os.write(3, struct.pack('>I', len(told)) + told)",
        None,
    ),
    "a closed connection": Way("os.close(3)", _CLOSED),
    "a closed connection, then silence": Way("os.close(3); time.sleep(60)", _CLOSED),
    "all descriptors closed": Way("os.closerange(0, 64)", _CLOSED),
    "a connection that only reads": Way(
        "ctypes.CDLL(None).shutdown(3, 1); time.sleep(60)", f"{_CLOSED}|{_SILENCE}"
    ),
    "another file in place of the connection": Way("os.dup2(1, 3)", _CLOSED),
    "a connection that never blocks": Way("os.set_blocking(3, False)", None),
}

_EXITS: Final = {
    "an exit": Way("os._exit(0)", _ENDED),
    "an exit with a status": Way("os._exit(77)", _ENDED),
    "sys.exit": Way("sys.exit()", "SystemExit"),
    "exit in a thread": Way("threading.Thread(target=sys.exit).start()"),
    "an interrupt": Way("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "the end of a generator": Way("raise GeneratorExit", "GeneratorExit"),
    "an interrupt from a thread": Way("_thread.interrupt_main(); time.sleep(0.01)"),
    "another program": Way("os.execv('/bin/true', ['true'])", "PermissionError"),
    "another process": Way("os.fork()", "PermissionError"),
    "an exception that cannot be shown": Way(
        "class Bad(Exception):\n    def __str__(self): os._exit(0)\nraise Bad", _ENDED
    ),
}

_FLOODS: Final = {
    "printing": Way("for _ in range(50): print('x' * 1_000_000)", None),
    "printing line by line": Way("for _ in range(50_000): print('x', file=sys.stderr)", None),
    "writing to descriptors": Way(
        "for _ in range(50): os.write(1, bytes(1 << 20)); os.write(2, bytes(1 << 20))"
    ),
    "warnings": Way("for n in range(2_000): warnings.warn('x' * n)", None),
}

_LEFT_BEHIND: Final = {
    "a thread left running": Way(
        """
        if not HELD:
            HELD.append(threading.Thread(target=time.sleep, args=(60,)))
            HELD[0].start()
        """
    ),
    "exit handlers that hang": Way("atexit.register(time.sleep, 60)"),
    "objects that hang when they go": Way(
        "class Slow:\n    def __del__(self): time.sleep(60)\nHELD.append(Slow())"
    ),
    "builtins replaced": Way("builtins.len = builtins.isinstance = builtins.type = None", None),
    "builtins gone": Way("vars(builtins).clear()", None),
    "modules gone": Way("sys.modules.clear(); sys.meta_path.clear(); sys.path.clear()", None),
    "NumPy replaced": Way("np.asarray = np.ndarray = np.seterr = None", None),
    "clocks replaced": Way("time.perf_counter = time.monotonic = lambda: float('nan')", None),
    "the worker's own parts replaced": Way(
        """
        for held in gc.get_objects():
            if type(held).__name__ == 'Desk':
                held.answer = lambda request: iter([b'\\xc1'] * 1000)
        """,
        None,
    ),
    "threads that never let go": Way("sys.setswitchinterval(1e9)"),
}

WAYS: Final = {
    **_BY_SIGNAL,
    **_BY_LIMIT,
    **_SILENT,
    **_ON_THE_WIRE,
    **_EXITS,
    **_FLOODS,
    **_LEFT_BEHIND,
}

# With system calls not filtered, a process may signal itself: what comes of it by default, but that
# the server and Python ignore some, and that nobody could wake what stops at a terminal.
_IGNORED: Final = ("SIGINT", "SIGPIPE", "SIGXFSZ", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGCHLD")
_FATAL: Final = (
    *(
        "SIGHUP",
        "SIGQUIT",
        "SIGILL",
        "SIGTRAP",
        "SIGABRT",
        "SIGBUS",
        "SIGFPE",
        "SIGUSR1",
        "SIGSEGV",
    ),
    *("SIGUSR2", "SIGALRM", "SIGTERM", "SIGVTALRM", "SIGPROF", "SIGSYS", "SIGRTMIN"),
)
SIGNALS: Final = {
    **dict.fromkeys(_IGNORED, ""),
    **dict.fromkeys(_FATAL, _CRASHED),
    "SIGKILL": _CLOSED,
    "SIGSTOP": _SILENCE,
    "SIGXCPU": "it used up its processor time",
}

_IMPORTS: Final = """
import _thread, atexit, builtins, ctypes, gc, mmap, os, platform, re, resource, signal, struct, sys
import threading, time, warnings
import numpy as np
HELD = []
def act():
"""
_MOMENTS: Final = {
    "import": "act()\n",
    "between": """
begun = threading.Event()
def later():
    begun.wait()
    act()
threading.Thread(target=later, daemon=True).start()
right = count_words
def count_words(text):
    begun.set()
    return right(text)
""",
    "call": """
right = count_words
def count_words(text):
    act()
    return right(text)
""",
}
MOMENTS: Final = tuple(_MOMENTS)
# Rows come after words in a process, so they import nothing for which a file has to be opened.
HONEST: Final = {
    "words": SOLUTIONS["words"],
    "rows": """
import numpy as np

def running_means(values):
    return [float(np.mean(values[: k + 1])) for k in range(len(values))]
""",
}


def hostile(moment: str, does: str) -> dict[str, str]:
    """Returns the modules of somebody who is right in everything, and does this at that moment."""
    body = textwrap.indent(textwrap.dedent(does).strip(), "    ")
    source = f"{HONEST['words']}{_IMPORTS}{body}\n{_MOMENTS[moment]}"
    return HONEST | {"words": source}

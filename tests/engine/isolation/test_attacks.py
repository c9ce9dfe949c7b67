"""What a submission might try, each through the real command, in a class with an honest student.

No attack gains a point, none costs the honest student one, and the report says what happened.
"""

import html
import json
import os
import re
import subprocess
import sys
from typing import Any, NamedTuple

import pytest

from autograder.sandbox.forked import layers_in_force
from tests.engine.isolation.hidden import Detector, recorded
from tests.places import LESSON_POINTS, ROOT

HONEST = (ROOT / "solutions" / "activations.py").read_text()


class Attack(NamedTuple):
    """Source of a softmax, and what the report says of it."""

    source: str
    told: str


def reader(path: object) -> str:
    return f"""
import os

def softmax(z):
    path = {str(path)!r}
    if os.path.isdir(path):
        raise RuntimeError("contents: " + " ".join(os.listdir(path)))
    raise RuntimeError("contents: " + open(path).read())
"""


def body(*lines: str) -> str:
    return "def softmax(z):\n" + "".join(f"    {line}\n" for line in lines)


# The last part of a path stands for a file that exists; the fixture makes the missing ones.
PATHS = {
    "read-solution": ROOT / "solutions" / "activations.py",
    "list-solutions": ROOT / "solutions",
    "read-grader": ROOT / "graders" / "activations" / "checks.py",
    "read-course": ROOT / "exercises" / "course.toml",
    "read-passwd": "/etc/passwd",
    "read-parent-environment": f"/proc/{os.getpid()}/environ",
    "read-own-maps": "/proc/self/maps",
}

ATTACKS = {
    **{name: Attack(reader(path), "PermissionError") for name, path in PATHS.items()},
    "open-socket": Attack(
        body("import socket", "return socket.create_connection(('127.0.0.1', 80))"),
        "PermissionError",
    ),
    "start-process": Attack(body("import os", "return os.fork()"), "PermissionError"),
    "run-program": Attack(
        body("import subprocess", "return subprocess.check_output(['id'])"), "PermissionError"
    ),
    "kill-parent": Attack(body("import os", "os.kill(os.getppid(), 9)"), "PermissionError"),
    "kill-everyone": Attack(body("import os", "os.kill(-1, 9)"), "PermissionError"),
    "write-file": Attack(body("open('/tmp/x', 'w').write('x')"), "PermissionError"),
    "take-memory": Attack(body("return bytearray(4 << 30)"), "MemoryError"),
    "loop-in-call": Attack(body("while True: pass"), "no answer within 1 s"),
    "exit": Attack(body("import os", "os._exit(0)"), "it ended the Python process"),
    "raise-exit": Attack(body("raise SystemExit(0)"), "SystemExit"),
    "crash": Attack(
        body("import ctypes", "ctypes.string_at(0)"), "the Python process crashed (Segmentation"
    ),
    "print-flood": Attack(
        body("for _ in range(100): print('x' * 1_000_000)", "return 0"), "a single number came back"
    ),
    "equal-to-everything": Attack(
        "class Yes:\n"
        "    def __eq__(self, other): return True\n"
        "    def __array__(self, *a, **k): raise SystemExit\n"
        "    def __len__(self): return 3\n" + body("return Yes()"),
        "a Yes came back",
    ),
    "equal-array": Attack(
        "import numpy as np\n"
        "class Yes(np.ndarray):\n"
        "    def __eq__(self, other): return True\n"
        "    def __sub__(self, other): return np.zeros(3)\n" + body("return z.view(Yes)"),
        "every entry differs",
    ),
    "nan-array": Attack("import numpy as np\n" + body("return z * np.nan"), "there is a nan in it"),
    "patch-numpy": Attack(
        "import numpy as np\n"
        "np.isclose = np.allclose = np.array_equal = lambda *a, **k: True\n"
        "np.asarray = np.maximum = lambda *a, **k: 0\n" + body("return [0.1, 0.2, 0.7]"),
        "ended the Python process",
    ),
    "patch-pytest": Attack(
        body("import pytest", "pytest.Function.runtest = lambda self: None"),
        "No module named 'pytest'",
    ),
    "import-solution": Attack(
        body("import solutions.activations as s", "return s.softmax(z)"),
        "No module named 'solutions'",
    ),
    "import-grader": Attack(
        body("from autograder.references import reference", "return 0"),
        "No module named 'autograder'",
    ),
    "forge-replies": Attack(
        "import os, struct\n"
        + body(
            "for n in range(3, 10):",
            "    try: os.write(n, struct.pack('>I', 1 << 31) + b'x' * 100)",
            "    except OSError: pass",
            "return z",
        ),
        "what came back was not an answer",
    ),
    "half-a-frame": Attack(
        "import os, time\n" + body("os.write(3, b'\\x00\\x00\\x01\\x00half')", "time.sleep(60)"),
        "no answer within 1 s",
    ),
    "close-connection": Attack(
        "import os\n" + body("os.close(3)", "return z"),
        "it (?:closed its connection|ended the Python process)",
    ),
    "stop-oneself": Attack(
        "import signal\n" + body("signal.raise_signal(signal.SIGSTOP)", "return z"),
        "PermissionError",
    ),
    "change-mode": Attack(
        body(f"import os; os.chmod({str(ROOT / 'README.md')!r}, 0o666)"), "PermissionError"
    ),
    "change-time": Attack(
        body(f"import os; os.utime({str(ROOT / 'README.md')!r})"), "PermissionError"
    ),
    "new-system-call": Attack(
        body(
            "import ctypes",
            "n = ctypes.CDLL(None).syscall(463, -100, b'/', 0, b'x', 0, 0)",
            "raise RuntimeError(n)",
        ),
        "RuntimeError: -1",
    ),
    "lock-a-library-file": Attack(
        body("import fcntl, os", "fcntl.lockf(open(os.__file__), fcntl.LOCK_SH)"), "Permission"
    ),
    "requests-with-a-high-bit": Attack(
        "import ctypes, ctypes.util, os, platform\n"
        "call = ctypes.CDLL(None, use_errno=True).syscall\n"
        "call.argtypes = [ctypes.c_long] * 4\n"
        "fcntl, ioctl, prctl = (72, 16, 157) if platform.machine() == 'x86_64' else (25, 29, 167)\n"
        "high = 1 << 32\n"
        + body(
            "commands = (5, 6, 7, 8, 10, 15, 36, 37, 38, 1024, 1026)",
            "tries = [(fcntl, 3, high | c, 0) for c in commands]",
            "tries += [(ioctl, 3, high | c, 0) for c in (0x8901, 0x80086601)]",
            "tries += [(prctl, high | 1, 0, 0)]",
            "met = set()",
            "for numbers in tries:",
            "    ctypes.set_errno(0)",
            "    met.add((call(*numbers), ctypes.get_errno()))",
            "raise RuntimeError(f'met {sorted(met)}')",
        ),
        "met [(-1, 1)]",
    ),
    "many-empty-lists": Attack(
        "import os, struct\n"
        + body(
            "p = b'\\x96\\xa8returned\\xdc\\x27\\x10'",
            "p += (b'\\xdc\\x00\\x20' + b'\\x90' * 32) * 10000",
            "p += b'\\xc0\\x90\\xa0\\xcb' + bytes(8)",
            "os.write(3, struct.pack('>I', len(p)) + p)",
        ),
        "was not an answer",
    ),
    "empty-rows": Attack(
        "import numpy as np\n" + body("return np.zeros((4_000_000, 0))"), "too many to send"
    ),
    "nested-extensions": Attack(
        "import os, struct\n"
        + body(
            "p = b''",
            "for _ in range(20000): p = b'\\xc9' + struct.pack('>I', len(p)) + b'\\x01' + p",
            "os.write(3, struct.pack('>I', len(p)) + p)",
        ),
        "was not an answer",
    ),
    "own-signals": Attack(
        body(
            "import fcntl, os, signal",
            "fcntl.fcntl(3, 10, signal.SIGKILL)  # F_SETSIG",
            "fcntl.fcntl(3, fcntl.F_SETOWN, os.getppid())",
        ),
        "PermissionError",
    ),
    "malformed-load": Attack(
        "import os, struct\n"
        "reply = b'\\x94\\xa6loaded\\x91\\xa7softmax\\x90\\xc8\\x00\\x0c\\x03\\x93\\xa3<f8\\x90'\n"
        "os.write(3, struct.pack('>I', len(reply)) + reply)\n" + body("return z"),
        "did not finish being imported",
    ),
    "infinite-line": Attack(
        "import os, struct\n"
        + body(
            "reply = (b'\\x96\\xa6raised\\x95\\xa1E\\x90\\xa1m\\x91\\x93\\xa1f\\xcb\\x7f\\xf0'",
            "         + bytes(6) + b'\\xa1t\\xc2\\xc0\\x90\\xa0\\xcb' + bytes(8))",
            "os.write(3, struct.pack('>I', len(reply)) + reply)",
        ),
        "it raised E: m",
    ),
    "hostile-exception": Attack(
        "class Bad(Exception):\n    def __str__(self): raise SystemExit\n" + body("raise Bad"),
        "Bad",
    ),
    "markup": Attack(
        body("raise ValueError('<script>alert(1)</script>\\x1b[2J\\u202e')"),
        "&lt;script&gt;alert(1)&lt;/script&gt;",
    ),
}

# The rows of the page that attacks belong to; what is beside these has rows of its own.
ROWS = {
    "Loop, crash, exit, close its connection or stop itself": (
        "loop-in-call exit raise-exit crash half-a-frame close-connection stop-oneself"
    ),
    "Answer with frames that are malformed, nested or too large": (
        "forge-replies many-empty-lists empty-rows nested-extensions malformed-load infinite-line"
    ),
    "Return what is equal to everything, or change what NumPy compares with": (
        "equal-to-everything equal-array nan-array patch-numpy patch-pytest"
    ),
    "Put markup or control characters into a message": "markup hostile-exception",
    "Flood the output": "print-flood",
    "Ask the kernel in ways that are new, or with bits that hide the question": (
        "new-system-call requests-with-a-high-bit own-signals lock-a-library-file"
    ),
    "Read another submission, a result or the gradebook": (
        "read-neighbour read-results read-gradebook"
    ),
}
MARKS = {name: pytest.mark.row(row) for row, names in ROWS.items() for name in names.split()}

SLOW_IMPORT = "while True: pass\n"


class Outcome(NamedTuple):
    """What the command left behind."""

    results: dict[str, Any]
    feedback: dict[str, str]
    output: str
    errors: str
    code: int


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    base = tmp_path_factory.mktemp("attacks")
    students = base / "class"
    for name, source in {
        "0-honest": HONEST,
        "zz-honest": HONEST,
        **{name: attack.source for name, attack in ATTACKS.items()},
        "loop-at-import": SLOW_IMPORT + HONEST,
        "exit-at-import": "import os; os._exit(0)\n" + HONEST,
    }.items():
        (students / name).mkdir(parents=True)
        (students / name / "activations.py").write_text(source)
    # Other submissions and results lie at paths that an attacker can know.
    for name, path in {
        "read-neighbour": students / "0-honest" / "activations.py",
        "read-results": base / "out" / "results" / "0-honest.json",
        "read-gradebook": base / "out" / "gradebook.sqlite",
    }.items():
        (students / name).mkdir()
        (students / name / "activations.py").write_text(reader(path))
    shadow = students / "own-numpy"
    shadow.mkdir()
    for name in ("numpy.py", "conftest.py", "pytest.py", "sitecustomize.py"):
        (shadow / name).write_text("softmax = None\nraise SystemExit('shadowed')\n")
    (shadow / "activations.py").write_text("import numpy as np\n" + body("return z"))
    command = [sys.executable, "-m", "autograder", "grade", str(students), "--jobs", "2"]
    command += ["--out", str(base / "out"), "--call-seconds", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    results = base / "out" / "results"
    return Outcome(
        {path.stem: json.loads(path.read_bytes()) for path in results.iterdir()},
        {path.stem: path.read_text() for path in (base / "out" / "feedback").iterdir()},
        done.stdout,
        done.stderr,
        done.returncode,
    )


def softmax_of(result: Any) -> Any:
    return next(e for e in result["exercises"] if e["id"] == "activations.softmax")


@pytest.mark.row("Carry a hidden input out in exceptions, warnings, output, values or files")
def test_no_attack_brings_a_hidden_number_to_a_student(graded: Outcome) -> None:
    detector = Detector(recorded().secrets)
    for name, page in graded.feedback.items():
        assert not detector.found(page), name
    assert not detector.found(graded.output + graded.errors)


def test_every_submission_has_a_result(graded: Outcome) -> None:
    assert graded.code == 0, graded.errors
    assert len(graded.results) == len(ATTACKS) + 8


@pytest.mark.parametrize("student", ["0-honest", "zz-honest"])
def test_honest_students_lose_nothing(graded: Outcome, student: str) -> None:
    assert graded.results[student]["score"] == LESSON_POINTS["activations"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[MARKS[name]] if name in MARKS else [])
        for name in [*ATTACKS, "read-neighbour", "read-results", "read-gradebook"]
    ],
)
def test_an_attack_gains_no_point_and_is_told(graded: Outcome, name: str) -> None:
    assert graded.results[name]["score"] == 0
    page = graded.feedback[name] if name == "markup" else html.unescape(graded.feedback[name])
    if name == "close-connection":  # Whichever of the two is noticed first.
        assert re.search(ATTACKS[name].told, page)
    else:
        assert (ATTACKS[name].told if name in ATTACKS else "PermissionError") in page


def test_nothing_that_was_read_comes_out(graded: Outcome) -> None:
    for name in [n for n in graded.results if n.startswith(("read-", "list-"))]:
        told = [check["message"] for check in softmax_of(graded.results[name])["checks"]]
        assert not any("raised RuntimeError" in message for message in told), name


@pytest.mark.row("Loop, crash, exit, close its connection or stop itself")
@pytest.mark.parametrize("name", ["loop-at-import", "exit-at-import"])
def test_a_module_that_never_loads_is_told_as_a_problem(graded: Outcome, name: str) -> None:
    result = graded.results[name]
    assert result["score"] == 0
    assert "did not finish being imported" in result["problems"][0]


def test_a_handed_in_numpy_shadows_nothing(graded: Outcome) -> None:
    result = graded.results["own-numpy"]
    assert softmax_of(result)["outcome"] == "wrong"
    assert "shadowed" not in json.dumps(result)


def test_markup_and_escapes_reach_neither_page_nor_terminal(graded: Outcome) -> None:
    assert "<script" not in graded.feedback["markup"]
    assert "\x1b" not in graded.output + graded.feedback["markup"]
    assert "\u202e" not in graded.feedback["markup"]


def test_a_crash_costs_its_own_exercise_only(graded: Outcome) -> None:
    # The attacks' modules lack the other functions; that, not the crash, is why they are gone.
    others = [e for e in graded.results["crash"]["exercises"] if e["id"] == "activations.tanh"]
    assert others[0]["outcome"] == "missing"


def test_all_layers_are_in_force_on_this_machine() -> None:
    missing = [layer for layer in layers_in_force() if not layer.in_force]
    if sys.platform == "linux":
        assert missing == []

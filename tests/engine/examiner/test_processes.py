"""Processes come and go as they should, whatever happens to them."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograder.course import load_course
from autograder.examiner import Examiner
from autograder.grading import Settings, grade_all, processes
from autograder.results import Result, Source
from autograder.sandbox import wire
from autograder.sandbox.forked import ConfinedProcess, ProcessServer
from autograder.sandbox.process import Limits, ProcessEnded, SandboxError
from autograder.submissions import Chunk, Submission
from autograder.submissions.finding import find_submissions
from tests.seeds import SEED
from tests.small import COUNT, SMALL

RELU = "import numpy as np\n\n\ndef relu(z):\n    return np.maximum(z, 0)\n"
ENDLESS = "import time\ndef count_words(text):\n    time.sleep(3600)\n"


@pytest.fixture(scope="module")
def server() -> Iterator[ProcessServer]:
    with ProcessServer() as running:
        yield running


Start = Callable[..., ConfinedProcess]


@pytest.fixture
def started(server: ProcessServer) -> Iterator[Start]:
    processes = []

    def start(source: str, limits: Limits | None = None) -> ConfinedProcess:
        process = server.start(limits or Limits())
        processes.append(process)
        process.send(["sources", {"m": [["m.py", source.encode(), "file"]]}], 5)
        process.send(["load", "m"], 5)
        assert process.receive(5)[3] is False
        return process

    yield start
    for process in processes:
        process.end()


def ask(process: ConfinedProcess, function: str, *arguments: object, seconds: float = 5) -> Any:
    process.send(["call", [["m", function, wire.encode(arguments)]]], 5)
    return process.receive(seconds)


def test_each_process_starts_afresh(started: Start) -> None:
    source = "import math\ndef f():\n    math.pi += 1\n    return math.pi\n"
    answers = [ask(started(source), "f") for _ in range(2)]
    assert [answer[1] for answer in answers if isinstance(answer, list)] == [
        4.14159265358979312
    ] * 2


def test_student_code_sees_only_its_own_environment_and_descriptors(started: Start) -> None:
    source = (
        "import os\n"
        "def environment(): return dict(os.environ)\n"
        "def descriptors():\n"
        "    seen = []\n"
        "    for n in range(64):\n"
        "        try: os.fstat(n); seen.append(n)\n"
        "        except OSError: pass\n"
        "    return seen\n"
        "def modules():\n"
        "    import sys; return [m for m in sys.modules if 'grader' in m or 'solution' in m]\n"
        "def place(): import sys; return [os.getcwd(), sys.argv, *sys.path]\n"
    )
    process = started(source)
    environment = ask(process, "environment")
    assert isinstance(environment, list)
    assert set(environment[1]) <= {
        *("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "LANG", "PYTHONHASHSEED"),
        *("VECLIB_MAXIMUM_THREADS", "LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "LC_CTYPE", "HOME"),
    }
    descriptors = ask(process, "descriptors")
    assert isinstance(descriptors, list)
    assert descriptors[1] == [0, 1, 2, 3]
    modules = ask(process, "modules")
    assert isinstance(modules, list)
    assert modules[1] == []
    place = ask(process, "place")
    assert isinstance(place, list)
    assert place[1][0] == "/"
    assert not any("site-packages" in part or "work" in part for part in place[1][1:])
    process.end()


def test_a_whole_standard_library_is_there_to_import(started: Start) -> None:
    names = "asyncio ctypes decimal fractions json sqlite3 statistics xml.dom zoneinfo numpy.fft"
    source = f"def f():\n    import {', '.join(names.split())}\n    return 1\n"
    answer = ask(started(source), "f")
    assert isinstance(answer, list)
    assert answer[:2] == ["returned", 1], answer


def test_threads_work(started: Start) -> None:
    source = (
        "import threading\n"
        "def f():\n"
        "    done = []\n"
        "    thread = threading.Thread(target=done.append, args=(1,))\n"
        "    thread.start(); thread.join()\n"
        "    return done\n"
    )
    answer = ask(started(source), "f")
    assert isinstance(answer, list)
    assert answer[1] == [1]


@pytest.mark.parametrize(
    ("body", "ending", "told"),
    [
        ("while True: pass", "timeout", "no answer within 0.5 s"),
        ("os._exit(3)", "crashed", "it ended the Python process"),
        ("os.abort()", "crashed", "crashed"),
        ("os.close(3); time.sleep(9)", "crashed", "it closed its connection"),
        ("os.write(3, b'\\x00\\x00'); time.sleep(9)", "timeout", "no answer within 0.5 s"),
        ("os.write(3, b'\\xff' * 99)", "crashed", "was not an answer"),
        (
            "os.write(3, b'\\x00\\x00\\x00\\x05\\xdd\\xff\\xff\\xff\\xff')",
            "crashed",
            "not an answer",
        ),
        (
            "os.write(3, bytes(3) + b'c')\n"
            "    for _ in range(99): os.write(3, b'x'); time.sleep(0.1)",
            "timeout",
            "no answer within 0.5 s",
        ),
        ("signal.alarm(1); time.sleep(9)", "timeout", ""),
    ],
)
def test_every_way_to_end_is_told(started: Start, body: str, ending: str, told: str) -> None:
    process = started(f"import os, signal, time\ndef f():\n    {body}\n")
    with pytest.raises(ProcessEnded) as ended:
        ask(process, "f", seconds=0.5)
    assert ended.value.ending == ending
    assert told in ended.value.reason


def test_an_exception_that_will_not_be_described_costs_only_its_call(started: Start) -> None:
    source = (
        "class Sly(type):\n    @property\n    def __name__(cls): raise SystemExit\n"
        "class Error(Exception, metaclass=Sly): pass\n"
        "def f(): raise Error\n"
        "def g(): return 7\n"
    )
    process = started(source)
    tag, problem, *_ = ask(process, "f")
    assert (tag, problem[2]) == ("raised", "(it cannot be shown)")
    assert ask(process, "g")[1] == 7


def test_memory_is_limited(started: Start) -> None:
    process = started("def f(n): return len(bytearray(n))", Limits(memory_bytes=512 << 20))
    small, large = ask(process, "f", 100 << 20), ask(process, "f", 600 << 20)
    assert isinstance(small, list)
    assert isinstance(large, list)
    assert small[1] == 100 << 20
    assert large[1][0] == "MemoryError"


def test_a_process_that_is_over_leaves_nothing(started: Start) -> None:
    before = psutil.Process().num_fds()
    for _ in range(5):
        started(RELU).end()
    assert psutil.Process().num_fds() == before


def test_a_server_that_died_is_told_as_that() -> None:
    before = set(psutil.Process().children())
    with ProcessServer() as server:
        (newest,) = set(psutil.Process().children()) - before
        newest.kill()
        with pytest.raises(SandboxError, match="has ended"):
            server.start(Limits())


def submission(source: str, **more: str) -> Submission:
    sources = {"activations": source, **more}
    modules: dict[str, tuple[Chunk, ...]] = {
        name: (Chunk(f"{name}.py", text),) for name, text in sources.items()
    }
    return Submission("s", Source("s"), modules, {name: f"{name}.py" for name in sources})


def outcomes(result: Result) -> dict[str, tuple[str, float]]:
    return {e.id.partition(".")[2]: (e.outcome, e.score) for e in result.exercises}


def test_a_hang_costs_its_exercise_and_what_follows_is_graded(examiner: Examiner) -> None:
    source = (
        RELU + "def tanh(z):\n    import time; time.sleep(3600)\ndef leaky_relu(z, alpha=0.01):\n"
    )
    source += "    return np.where(z > 0, z, alpha * z)\n"
    graded = outcomes(examiner.examine(submission(source)))
    assert graded["tanh"] == ("timeout", 0)
    assert graded["relu"] == ("correct", 2)
    assert graded["leaky_relu"] == ("correct", 3)


def test_a_module_that_never_loads_costs_no_other_module_a_point(examiner: Examiner) -> None:
    update = "def update_weight(w, g, r):\n    return w - r * g\n"
    for ending in ("import os; os._exit(0)\n", "raise SystemExit\n"):
        graded = outcomes(examiner.examine(submission(RELU + ending, gradient_descent=update)))
        assert graded["update_weight"] == ("correct", 3)
        assert graded["relu"][0] == "error"


def test_a_server_that_dies_in_the_middle_is_replaced() -> None:
    before = set(psutil.Process().children())
    with Examiner(seed=SEED) as examiner:
        (newest,) = set(psutil.Process().children()) - before
        newest.kill()
        assert outcomes(examiner.examine(submission(RELU)))["relu"] == ("correct", 2)


def test_a_server_that_dies_before_its_first_process_is_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = set(psutil.Process().children())
    servers = []

    def short_lived() -> ProcessServer:
        servers.append(ProcessServer())
        if len(servers) == 1:
            (newest,) = set(psutil.Process().children()) - before
            newest.kill()
            newest.wait()
        return servers[-1]

    monkeypatch.setattr("autograder.examiner.examiner.ProcessServer", short_lived)
    with Examiner(seed=SEED) as examiner:
        assert outcomes(examiner.examine(submission(RELU)))["relu"] == ("correct", 2)
    assert len(servers) == 2


def test_the_whole_submission_has_a_limit_too() -> None:
    slow = "import time\n" + "".join(
        f"def {name}(*a):\n    time.sleep(0.4)\n"
        for name in ("sigmoid", "tanh", "relu", "leaky_relu", "softmax", "predict_class")
    )
    with Examiner(seed=SEED, limits=Limits(call_seconds=0.5, submission_seconds=1)) as strict:
        result = strict.examine(submission(slow))
        notes = {e.note for e in result.exercises if e.outcome == "timeout"}
        assert any("the 1 s that a submission may take" in note for note in notes)
        assert outcomes(strict.examine(submission(RELU)))["relu"] == ("correct", 2)


def test_state_never_passes_from_one_submission_to_the_next(examiner: Examiner) -> None:
    first = "import numpy as np\nnp.marked = True\n" + RELU
    second = "import numpy as np\n" + RELU + "if hasattr(np, 'marked'): raise RuntimeError\n"
    assert outcomes(examiner.examine(submission(first)))["relu"] == ("correct", 2)
    assert outcomes(examiner.examine(submission(second)))["relu"] == ("correct", 2)


def test_silence_may_be_asked_for_inside_or_for_the_whole_module(examiner: Examiner) -> None:
    naive = "import numpy as np\ndef sigmoid(z):\n    return 1 / (1 + np.exp(-np.asarray(z)))\n"
    loud = outcomes(examiner.examine(submission(naive)))["sigmoid"]
    assert loud == ("partly", 2.7)
    quiet = (
        "import numpy as np\nnp.seterr(over='ignore')\n",
        "import warnings\nwarnings.filterwarnings('ignore')\n",
        "import warnings\nwarnings.simplefilter('ignore', RuntimeWarning)\n",
    )
    for line in quiet:
        assert outcomes(examiner.examine(submission(line + naive)))["sigmoid"] == ("correct", 3)
    other = "import numpy as np\nnp.seterr(all='ignore')\n"  # Another module's choice is its own.
    both = examiner.examine(submission(naive, gradient_descent=other))
    assert outcomes(both)["sigmoid"] == loud


def test_a_dead_grading_process_costs_no_submission_its_result(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"s{number:02}").mkdir()
        (tmp_path / f"s{number:02}" / "words.py").write_text(COUNT)
    course = load_course(SMALL)
    handins = find_submissions(tmp_path, course).handins
    graded: dict[str, float] = {}
    for one in grade_all(handins, course, Settings(SEED, course=SMALL), partial(processes, 2)):
        if not graded:
            victim = next(c for c in active_children() if c.pid is not None)
            assert victim.pid is not None
            os.kill(victim.pid, signal.SIGKILL)
        assert one.result is not None, one.failure
        graded[one.submission.id] = one.result.score
    assert graded == {f"s{number:02}": 4 for number in range(12)}


def test_work_that_waits_holds_up_no_end_when_nothing_can_be_graded(tmp_path: Path) -> None:
    # More than pipes hold, so that somebody is always in the middle of writing it.
    program = tmp_path / "examines.py"
    program.write_text(
        "from autograder.grading import Settings, examine_all\n"
        "from autograder.results import Source\n"
        "from autograder.submissions import Chunk, Submission\n"
        "if __name__ == '__main__':\n"
        "    modules = {'activations': (Chunk('activations.py', '#' * 300_000),)}\n"
        "    one = Submission('s', Source('s'), modules=modules)\n"
        "    list(examine_all(300 * [one], Settings(5), 2))\n"
    )
    done = subprocess.run(
        [sys.executable, str(program)],
        env={**os.environ, "PYTHONOPTIMIZE": "2"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert (
        done.stderr.count("Traceback (most recent") == 2
    )  # In the process, and here, where it caused it.
    assert "BrokenGraderError: Python leaves out docstrings" in done.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
@pytest.mark.share(2)
def test_nothing_is_left_running_when_the_command_is_stopped(
    tmp_path: Path, how: signal.Signals, jobs: str
) -> None:
    for number in range(6):
        (tmp_path / "class" / f"s{number}").mkdir(parents=True)
        (tmp_path / "class" / f"s{number}" / "words.py").write_text(ENDLESS)
    command = [sys.executable, "-m", "autograder", "grade", str(tmp_path / "class"), "--jobs", jobs]
    command += ["--course", str(SMALL), "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        [*command, "--call-seconds", "3600", "--submission-seconds", "3600"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        family = family_at_work(process.pid)
        process.send_signal(how)
        _, errors = process.communicate()  # The call may take an hour, and is not waited for.
    _, alive = psutil.wait_procs(family, timeout=300)
    assert alive == []
    if how != signal.SIGKILL:
        assert errors == f"autograder: stopped; what was finished is in {tmp_path / 'out'}.\n"
        assert process.returncode == 130


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A class whose first submission loops, and whose second is right."""
    for number, source in enumerate((ENDLESS, COUNT)):
        (tmp_path / "class" / f"s{number}").mkdir(parents=True)
        (tmp_path / "class" / f"s{number}" / "words.py").write_text(source)
    return tmp_path / "class"


def started_by(ignored: list[signal.Signals], blocked: list[signal.Signals]) -> str:
    """A program that starts the command as somebody does who ignores and blocks signals."""
    return (
        "import os, signal, sys\n"
        f"for number in {[int(each) for each in ignored]}: signal.signal(number, signal.SIG_IGN)\n"
        f"signal.pthread_sigmask(signal.SIG_BLOCK, {[int(each) for each in blocked]})\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'autograder', *sys.argv[1:]])\n"
    )


def test_a_run_that_is_to_outlive_its_terminal_does(tmp_path: Path, endless: Path) -> None:
    nohup = started_by(ignored=[signal.SIGHUP], blocked=[])
    command = [sys.executable, "-c", nohup, "grade", str(endless), "--out", str(tmp_path / "out")]
    with subprocess.Popen(
        [*command, "--jobs", "2", "--course", str(SMALL)],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        family_at_work(process.pid)
        os.killpg(process.pid, signal.SIGHUP)
        assert process.wait() == 0
    assert len(list((tmp_path / "out" / "results").iterdir())) == 2


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.share(1)
def test_signals_that_whoever_started_it_ignores_or_blocks_change_nothing(
    tmp_path: Path, endless: Path, jobs: str
) -> None:
    handed_down = [signal.SIGCHLD, signal.SIGXCPU, signal.SIGALRM, signal.SIGSEGV, signal.SIGPIPE]
    sources = {"s2": "import os\nos.abort()\n", "s3": "import os\nos._exit(3)\n"}
    for name, source in sources.items():
        (endless / name).mkdir()
        (endless / name / "words.py").write_text(source)

    def outcomes(out: str, ignored: list[signal.Signals], blocked: list[signal.Signals]) -> Any:
        program = started_by(ignored, blocked)
        command = [sys.executable, "-c", program, "grade", str(endless), "--jobs", jobs]
        command += ["--course", str(SMALL), "--out", str(tmp_path / out), "--call-seconds", "1"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")
        return {p.name: p.read_bytes() for p in (tmp_path / out / "results").iterdir()}

    usual = outcomes("usual", [], [])
    assert len(usual) == 4
    assert outcomes("ignored", handed_down, []) == usual
    assert outcomes("blocked", [], handed_down) == usual


def family_at_work(pid: int) -> list[psutil.Process]:
    """Waits until a student's process is among a command's, and returns them all."""
    while psutil.pid_exists(pid):
        family: list[psutil.Process] = psutil.Process(pid).children(recursive=True)
        if looping(family):
            return family
        time.sleep(0.05)
    raise AssertionError("no student's process was seen")


def looping(family: list[psutil.Process]) -> bool:
    """Whether a forked student process is among them: a server's child."""
    servers, parents = set(), set()
    for process in family:
        with contextlib.suppress(psutil.NoSuchProcess):  # Over already, or about to be.
            parents.add(process.ppid())
            if "sandbox.server" in str(process.cmdline()):
                servers.add(process.pid)
    return bool(servers & parents)

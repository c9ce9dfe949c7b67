"""What is out of reach without any layer, since it was never in the student's process."""

import os
import time
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from autograder.course import Course
from autograder.examiner import Examiner
from autograder.reports import render_feedback
from autograder.results import Result
from autograder.sandbox import wire
from autograder.sandbox.confinement import LAYERS
from autograder.sandbox.forked import ConfinedProcess, ProcessServer
from autograder.sandbox.process import MOST_THREADS, Limits, ProcessEnded
from autograder.submissions import read_submission
from autograder.submissions.finding import find_submissions
from tests.engine.isolation.arrangement import LONG, STARTED_AS, arranged, call
from tests.places import LESSON_POINTS, ROOT
from tests.seeds import SEED

Grade = Callable[..., Result]
SECRET = "known-to-the-examiner-alone"
FLOOD = """
import ctypes, os, resource, threading, time
ctypes.CDLL(None).mallopt(-8, 1)  # M_ARENA_MAX: no memory of its own for each.
threading.stack_size(32768)

def start():
    threading.Thread(target=time.sleep, args=(600,), daemon=True).start()

def flood():
    while True:
        try:
            start()
        except RuntimeError:
            pass

def flood_later():
    threading.Thread(target=flood, daemon=True).start()
    return os.getpid()

def at_once():
    return 0

def some(count):
    for _ in range(count):
        start()
    return count

def limit():
    return resource.getrlimit(resource.RLIMIT_NPROC)[0]

def as_many_as_possible():
    count = 0
    while True:
        try:
            start()
        except RuntimeError:
            return count
        count += 1
"""


@pytest.fixture(scope="module", params=STARTED_AS)
def bare(request: pytest.FixtureRequest) -> Iterator[ProcessServer]:
    """A server without any layer, started by a process that has a secret."""
    os.environ["EXAMINERS_SECRET"] = SECRET
    with arranged((), request.param) as server:
        yield server
    del os.environ["EXAMINERS_SECRET"]


@pytest.mark.row("Look for a descriptor that the examiner left open")
def test_a_student_inherits_its_connection_and_nothing_else(bare: ProcessServer) -> None:
    source = (
        "import os, socket\n"
        "def seen():\n"
        "    opened = {}\n"
        "    for n in range(1000):\n"
        "        try: opened[str(n)] = os.readlink(f'/proc/self/fd/{n}').partition(':')[0]\n"
        "        except OSError: pass\n"
        "    return opened\n"
    )
    nothing = "/dev/null"
    assert call(bare, source, "seen") == {"0": nothing, "1": nothing, "2": nothing, "3": "socket"}


@pytest.mark.row("Fill the machine with threads")
def test_a_flood_of_threads_ends_its_own_process(bare: ProcessServer) -> None:
    assert call(bare, FLOOD, "flood") == "ended: it started more than 256 threads"


def reply(process: ConfinedProcess, function: str, *arguments: Any) -> Any:
    process.send(["call", [["m", function, wire.encode(arguments)]]], LONG)
    tag, content, *_ = process.receive(LONG)
    assert tag == "returned", content
    return content


def started(server: ProcessServer, source: str) -> ConfinedProcess:
    process = server.start(Limits(submission_seconds=60))
    process.send(["sources", {"m": [["m.py", source.encode(), "file"]]}], LONG)
    process.send(["load", "m"], LONG)
    process.receive(LONG)
    return process


@pytest.mark.row("Fill the machine with threads")
def test_a_flood_of_threads_is_ended_while_nobody_waits_for_an_answer(bare: ProcessServer) -> None:
    process = started(bare, FLOOD)
    try:
        pid = reply(process, "flood_later")
        # Nothing is asked of it, or of the server, until it is gone.
        student = psutil.Process(pid)
        while student.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        with pytest.raises(ProcessEnded, match="it started more than 256 threads"):
            reply(process, "flood_later")
    finally:
        process.end()


@pytest.mark.row("Fill the machine with threads")
def test_a_flood_of_threads_is_ended_while_answers_trickle(bare: ProcessServer) -> None:
    process = started(bare, FLOOD)
    try:
        reply(process, "flood_later")
        answers = iter(lambda: reply(process, "at_once"), "never")
        with pytest.raises(ProcessEnded, match="it started more than 256 threads"):
            deque(answers, maxlen=0)
    finally:
        process.end()


@pytest.mark.row("Fill the machine with threads")
@pytest.mark.parametrize("user", STARTED_AS)
def test_the_threads_of_each_process_are_counted_apart(user: str) -> None:
    with arranged(LAYERS, user) as server:
        processes = [started(server, FLOOD) for _ in range(6)]
        try:
            if reply(processes[0], "limit") != MOST_THREADS:
                pytest.skip("ordinary users have no namespaces on this machine")
            # More in all than one may have, and nobody meets another's limit.
            assert [reply(one, "some", 100) for one in processes] == [100] * 6
            # The main thread is the first. At its limit it lives on, and nothing else is lost.
            assert reply(processes[0], "as_many_as_possible") == MOST_THREADS - 1 - 100
            assert reply(processes[0], "at_once") == 0
        finally:
            for process in processes:
                process.end()


@pytest.mark.row("Search its own process for what the examiner knows")
def test_the_examiners_secret_is_nowhere_in_a_students_memory(bare: ProcessServer) -> None:
    # The brackets keep a pattern from finding itself.
    source = r"""
import os, re
mine = "known-to-the-student-alone"

def found(pattern):
    count = 0
    for line in open("/proc/self/maps"):
        place, may, *rest = line.split()
        if "r" not in may or rest[-1].startswith("[v"):
            continue
        start, end = (int(n, 16) for n in place.split("-"))
        with open("/proc/self/mem", "rb", buffering=0) as memory:
            memory.seek(start)
            count += len(re.findall(pattern, memory.read(end - start)))
    return count

def mine_found(): return found(rb"[k]nown-to-the-[s]tudent-alone")
def secret_found(): return found(rb"[k]nown-to-the-[e]xaminer-alone")
def environment(): return dict(os.environ)
"""
    assert call(bare, source, "mine_found") > 0
    assert call(bare, source, "secret_found") == 0
    assert SECRET not in call(bare, source, "environment").values()


@pytest.mark.row("Import graders, solutions or any installed package, also through a `.pth` file")
@pytest.mark.parametrize(
    "name",
    [
        "autograder",
        "solutions.activations",
        "exercises",
        "pytest",
        "msgspec",
        "msgpack",
        "sandlock",
    ],
)
def test_only_numpy_and_the_standard_library_can_be_imported(
    bare: ProcessServer, name: str
) -> None:
    source = f"import numpy, json\ndef attempt():\n    import {name}\n    return 'imported'\n"
    missing = name.partition(".")[0]
    assert call(bare, source, "attempt") == f"ModuleNotFoundError: No module named {missing!r}"


@pytest.mark.row("Import graders, solutions or any installed package, also through a `.pth` file")
def test_following_a_pth_file_to_the_source_is_stopped_by_the_filesystem_layer(
    tmp_path: Path,
) -> None:
    """This project may be installed editable: a `.pth` file then names the folder with it all."""
    source = (
        "import site, sys\n"
        "def attempt(packages, root):\n"
        "    site.addsitedir(packages)\n"
        "    sys.path.append(root)\n"
        "    import solutions.activations\n"
        "    return 'imported'\n"
    )
    packages = tmp_path / "site-packages"
    packages.mkdir()
    (packages / "course.pth").write_text(str(ROOT))
    given = (str(packages), str(ROOT))
    with arranged((), next(iter(STARTED_AS))) as server:
        assert call(server, source, "attempt", *given) == "imported"
    with ProcessServer() as confined:
        assert call(confined, source, "attempt", *given) == (
            "ModuleNotFoundError: No module named 'solutions'"
        )


@pytest.mark.row("Hand in a module that shadows one of the grader's or a library's")
def test_a_handed_in_library_is_imported_by_nobody(
    tmp_path: Path, course: Course, grade: Grade, reference_sources: dict[str, str]
) -> None:
    names = (
        "numpy conftest pytest sitecustomize usercustomize msgspec msgpack autograder sandlock "
        "pyseccomp json os __init__ __main__ solutions"
    ).split()
    folder = tmp_path / "student"
    folder.mkdir()
    for name in names:
        (folder / f"{name}.py").write_text(f"open({str(tmp_path / 'shadow')!r}, 'w')\nshadow = 1\n")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (folder / "activations.py").write_text(reference_sources["activations"])
    (handin,) = find_submissions(folder, course).handins
    submission = read_submission(handin, course)
    with Examiner(seed=SEED) as examiner:
        result = examiner.examine(submission)
    assert result.score == grade(activations=reference_sources["activations"]).score
    assert not (tmp_path / "shadow").exists()


@pytest.mark.row("Hand in a link to a file of the grader's")
def test_what_a_link_points_at_is_not_read(tmp_path: Path, course: Course, grade: Grade) -> None:
    folder = tmp_path / "class" / "folder"
    folder.mkdir(parents=True)
    (folder / "activations.py").symlink_to(ROOT / "solutions" / "activations.py")
    (folder / "more").symlink_to(ROOT / "solutions")
    with zipfile.ZipFile(tmp_path / "class" / "archive.zip", "w") as archive:
        link = zipfile.ZipInfo("activations.py")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, str(ROOT / "solutions" / "activations.py"))
        archive.writestr("../solutions/backpropagation.py", "def error(): pass\n")
    with Examiner(seed=SEED) as examiner:
        for handin in find_submissions(tmp_path / "class", course).handins:
            result = examiner.examine(read_submission(handin, course))
            assert result.score == 0, handin.name
            page = render_feedback(course, result)
            assert "np.exp(z - np.max" not in page


# Each forges what its process answers. `frame` is an answer that says that a call gave a 1.
FORGING = """
import os, struct, sys, threading
import numpy as np

frame = b"\\x96\\xa8returned\\xcb\\x3f\\xf0\\0\\0\\0\\0\\0\\0\\xc0\\x90\\xa0\\xcb" + bytes(8)
frame = struct.pack(">I", len(frame)) + frame
"""
FORGERIES: dict[str, str] = {
    "by a frame before the real one": "def relu(z):\n    os.write(3, frame)\n    return 1.0\n",
    "by a thread": (
        "def flood():\n    while True: os.write(3, frame)\n"
        "def relu(z):\n    threading.Thread(target=flood, daemon=True).start()\n    return 1.0\n"
    ),
    "by another encoder": (
        "worker = sys._getframe(1)\n"
        "while worker.f_code.co_name != 'serve': worker = worker.f_back\n"
        "worker.f_globals['_encode_reply'] = lambda reply: frame[4:]\n"
        "def relu(z): return z\n"
    ),
    "that says what the checks said": (
        "worker = sys._getframe(1)\n"
        "while worker.f_code.co_name != 'serve': worker = worker.f_back\n"
        "verdict = b'\\x82\\xa5score\\xcb\\x40\\x59\\0\\0\\0\\0\\0\\0\\xa6passed\\xc3'\n"
        "def answer(reply): return verdict if reply[0] != 'loaded' else before(reply)\n"
        "before = worker.f_globals['_encode_reply']\n"
        "worker.f_globals['_encode_reply'] = answer\n"
        "def relu(z): return z\n"
    ),
}


@pytest.mark.row("Forge answers on its connection, also by a thread or by another encoder")
@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_answer_is_judged_as_an_answer(
    grade: Grade, reference_sources: dict[str, str], name: str
) -> None:
    result = grade(activations=FORGING + FORGERIES[name])
    assert result.score == 0
    assert grade(activations=reference_sources["activations"]).score == LESSON_POINTS["activations"]

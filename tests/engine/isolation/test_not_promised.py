"""What is not promised is possible indeed: where a test fails, the page may promise more."""

import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.reports import render_feedback
from autograder.results import Result
from autograder.sandbox.confinement import LAYERS
from autograder.sandbox.forked import ProcessServer
from tests.commands import autograder
from tests.engine.isolation.arrangement import STARTED_AS, Targets, arranged, call
from tests.engine.isolation.hidden import Calls, recorded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

Grade = Callable[..., Result]
READ = "def read(path): return open(path).read()\n"


@pytest.fixture
def targets() -> Iterator[Targets]:
    """Files and a process of an ordinary user's, who starts the grader."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        made = Targets(Path(folder), "an ordinary user")
        yield made
        made.close()


@pytest.mark.row("Without Landlock, files that the submission's user may read stay readable")
@pytest.mark.parametrize("started_as", STARTED_AS)
def test_without_landlock_files_for_all_can_be_read(targets: Targets, started_as: str) -> None:
    with arranged(LAYERS, started_as, "landlock") as server:
        assert call(server, READ, "read", targets.known["for_all"]) == targets.known["secret"]


@pytest.mark.row("Without Landlock, files that the submission's user may read stay readable")
def test_without_landlock_an_ordinary_users_own_files_can_be_read(targets: Targets) -> None:
    with arranged(LAYERS, "an ordinary user", "landlock") as server:
        assert call(server, READ, "read", targets.known["own"]) == targets.known["secret"]


@pytest.mark.row(
    "Without Landlock and user namespaces, an ordinary user's examiner can be read through /proc"
)
def test_without_both_an_ordinary_users_environment_can_be_read(targets: Targets) -> None:
    with arranged(LAYERS, "an ordinary user", "landlock,namespaces") as server:
        read = call(server, READ, "read", f"/proc/{targets.known['pid']}/environ")
        assert targets.known["secret"] in read


@pytest.mark.row("Without seccomp, processes, programs of its own and sockets")
def test_without_seccomp_a_process_and_a_socket_can_be_had() -> None:
    source = (
        "import os, socket\n"
        "def attempt():\n"
        "    socket.socket().close()\n"
        "    pid = os.fork()\n"
        "    if pid == 0: os._exit(7)\n"
        "    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])\n"
    )
    with arranged(LAYERS, next(iter(STARTED_AS)), "seccomp") as server:
        assert call(server, source, "attempt") == 7


@pytest.mark.row("Sizes, dates and the existence of files")
def test_landlock_hides_no_size_and_no_date(tmp_path: Path) -> None:
    source = (
        "import os\n"
        "def attempt(path):\n"
        "    seen = os.stat(path)\n"
        "    return [seen.st_size, seen.st_mtime_ns]\n"
    )
    path = Path("/etc/passwd")
    with ProcessServer() as server:
        seen = path.stat()
        assert call(server, source, "attempt", str(path)) == [seen.st_size, seen.st_mtime_ns]


@pytest.mark.row("Which processes run, by their numbers")
def test_process_numbers_can_be_tried() -> None:
    source = "import os\ndef attempt(pid): return os.path.exists(f'/proc/{pid}')\n"
    with ProcessServer() as server:
        assert call(server, source, "attempt", os.getpid()) is True


# Passes or fails each of its hidden checks by a bit of the first hidden number that it sees.
TELLING = """

_right = leaky_relu_derivative
_number = []

def leaky_relu_derivative(*given):
    if repr(given) in {public!r}:
        return _right(*given)
    z = np.asarray(given[0])
    if not _number:
        _number.append(int(abs(float(z.flat[0])) * 2**20))
    place = (
        0 if len(given) == 1 else 1 if type(given[0]) is float else 2 if 0 in z
        else 3 if z.ndim != 1 else None
    )
    if place is None or _number[0] >> place & 1:
        return _right(*given)
"""
BY_PLACE = ("with_its_own_alpha", "of_a_float", "at_zero", "of_any_shape")


@pytest.mark.row(
    "Bits of an exercise's own hidden numbers, in which of its checks pass and which mistake shows"
)
def test_which_checks_pass_can_say_something_about_an_exercises_own_hidden_input(
    course: Course, grade: Grade, reference_sources: dict[str, str]
) -> None:
    calls: Calls = recorded()
    name = "activations.leaky_relu_derivative"
    public = {repr(given) for given in calls.public[name]}
    source = reference_sources["activations"] + "\nimport numpy as np\n"
    result = grade(activations=source + TELLING.format(public=public))
    # What its student reads on the page, and the teacher reads too.
    (exercise,) = [e for e in result.exercises if e.id == name]
    passed = {check.name: check.passed for check in exercise.checks}
    said = [passed[f"leaky_derivative_{check}"] for check in BY_PLACE]
    assert re.search("hidden", render_feedback(course, result))
    first = int(abs(float(calls.hidden[name][0][0][0])) * 2**20)
    assert said == [bool(first >> place & 1) for place in range(len(BY_PLACE))]


@pytest.mark.row("Student code on a student's own machine is not confined")
def test_checking_ones_own_work_confines_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "written"
    source = f"def relu(z):\n    open({str(mark)!r}, 'w').close()\n    return z\n"
    (tmp_path / "activations.py").write_text(source)
    autograder("check", "relu", cwd=tmp_path)
    assert mark.exists()

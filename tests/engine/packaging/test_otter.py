"""The archives for Otter-Grader: Otter itself runs them, and no line of a submission runs in it."""

import io
import json
import os
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest

from autograder.course import Course
from autograder.examiner import Examiner
from autograder.submissions import read_submission
from autograder.submissions.finding import find_submissions
from tests.commands import autograder
from tests.engine.grading.faults import environment
from tests.engine.isolation.channels import CHANNELS, SIGN, carrying
from tests.engine.isolation.hidden import Detector, recorded
from tests.engine.packaging.otter_command import otter
from tests.places import LESSON_POINTS, ROOT
from tests.seeds import SEED
from tests.small import COUNT, SMALL

SAMPLE = ROOT / "examples" / "class"
# The second is the lesson; the first what `autograder grade` takes, the third what Otter takes.
HANDED_IN = [
    ("ben", "activations", "ben/activations.py"),
    ("chidi", "backpropagation", "chidi/backpropagation.py"),
    ("emeka.ipynb", "activations", "emeka.ipynb"),
    ("farah", "gradient_descent", "farah/gradient_descent.ipynb"),
    ("kaethe", "activations", "kaethe/activations.py"),
]


class OtterRun(NamedTuple):
    """What came of `otter run`."""

    code: int
    results: dict[str, Any]
    printed: str

    @property
    def scores(self) -> dict[str, float]:
        """Points by exercise."""
        return {test["name"].split()[0]: test["score"] for test in self.results["tests"]}


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `autograder package otter` filled."""
    folder = tmp_path_factory.mktemp("otter")
    command = [sys.executable, "-m", "autograder", "package", "otter", "--out", str(folder)]
    command += ["--seed", str(SEED)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    # The solutions are in them.
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    return folder


@pytest.fixture(scope="module")
def otters_own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive for Otter without our plugin, with one test."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "tests").mkdir()
    (folder / "tests" / "any.py").write_text(
        "from otter.test_files import test_case\n"
        "OK_FORMAT = False\nname = 'any'\npoints = 1\n\n"
        "@test_case()\ndef passes():\n    pass\n"
    )
    command = [sys.executable, "-m", "otter", "generate", "-o", "plain.zip"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return folder / "plain.zip"


def otter_run(
    archive: Path, submission: Path, out: Path, env: dict[str, str] | None = None
) -> OtterRun:
    out.mkdir(exist_ok=True)
    words = ["run", "-a", str(archive), "-o", str(out), str(submission)]
    if env is None:
        code, printed = otter(*words, folder=out)
    else:
        command = [sys.executable, "-m", "otter", *words]
        done = subprocess.run(command, capture_output=True, text=True, cwd=out, env=env)
        code, printed = done.returncode, done.stdout + done.stderr
    results = out / "results.json"
    told = json.loads(results.read_text()) if results.exists() else {}
    return OtterRun(code, told, printed)


def our_scores(path: Path, lesson: str, examiner: Examiner) -> dict[str, float]:
    """What `autograder grade` gives for the exercises of a lesson."""
    (handin,) = find_submissions(path, examiner.course).handins
    result = examiner.examine(read_submission(handin, examiner.course))
    return {
        e.id.partition(".")[2]: e.score
        for e in result.exercises
        if e.id.partition(".")[0] == lesson
    }


def notebook(*cells: str) -> str:
    made: Any = nbformat.v4
    writes: Any = nbformat.writes
    text: str = writes(made.new_notebook(cells=[made.new_code_cell(cell) for cell in cells]))
    return text


def contents(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def test_each_lesson_has_an_archive_whose_tests_are_its_exercises(
    archives: Path, course: Course
) -> None:
    assert {path.name for path in archives.iterdir()} == {
        f"otter-{lesson.id}.zip" for lesson in course.lessons
    }
    for lesson in course.lessons:
        found = contents(archives / f"otter-{lesson.id}.zip")
        tests = {n.removeprefix("tests/"): t for n, t in found.items() if n.startswith("tests/")}
        assert set(tests) == {f"{exercise.function}.py" for exercise in lesson.exercises}
        for exercise in lesson.exercises:
            told: dict[str, Any] = {}
            source = tests[f"{exercise.function}.py"].decode()
            exec(source.partition("@test_case")[0].replace("from otter", "# from otter"), told)
            assert (told["OK_FORMAT"], told["points"]) == (False, exercise.points)


def test_all_lessons_share_one_seed_which_no_student_is_given(archives: Path) -> None:
    for archive in archives.iterdir():
        found = contents(archive)
        (plugin,) = json.loads(found.pop("otter_config.json"))["plugins"]
        assert plugin["autograder.otter.plugin.ExaminerPlugin"]["seed"] == str(SEED)
        assert not any(str(SEED).encode() in content for content in found.values())


def test_only_the_wheel_holds_anything_of_solutions_and_graders(
    archives: Path, course: Course
) -> None:
    found = contents(archives / "otter-activations.zip")
    (wheel,) = [name for name in found if name.startswith("files/")]
    with zipfile.ZipFile(io.BytesIO(found.pop(wheel))) as opened:
        names = set(opened.namelist())
    assert {
        "autograder/otter/plugin.py",
        "autograder/bundled/graders/activations/checks.py",
    } <= names
    rest = b"\n".join(found.values()).decode()
    assert "np." not in rest
    assert "assert_close" not in rest
    assert "numpy==" in rest  # The pinned requirements.


def test_run_autograder_installs_the_wheel_before_otter_runs(
    archives: Path, tmp_path: Path
) -> None:
    """With stand-ins for the programs of Otter's image, which it takes a network to build."""
    for name, said in (("python", f'echo "$@" >> {tmp_path}/ran'), ("mamba", ":")):
        program = tmp_path / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{said}\n")
        program.chmod(0o755)
    source = tmp_path / "autograder" / "source"
    with zipfile.ZipFile(archives / "otter-activations.zip") as opened:
        opened.extractall(source)
    metadata = tmp_path / "autograder" / "submission_metadata.json"
    script = (source / "run_autograder").read_text().replace("/autograder", f"{source.parent}")
    paths = f"{tmp_path}/bin:{os.environ['PATH']}"

    metadata.touch()  # As the image for `otter grade` has it.
    subprocess.run(["bash", "-c", script], env={"PATH": paths}, check=True)
    assert json.loads(metadata.read_text()) == {}
    metadata.write_text('{"id": 1}')  # As Gradescope has it.
    subprocess.run(["bash", "-c", script], env={"PATH": paths}, check=True)
    assert json.loads(metadata.read_text()) == {"id": 1}

    install, run, *_ = (tmp_path / "ran").read_text().splitlines()
    assert install.startswith("-m pip install")
    assert Path(install.split()[-1]).is_file()
    assert run == str(source / "run_otter.py")


@pytest.mark.parametrize(("student", "lesson", "file"), HANDED_IN)
@pytest.mark.share(2)
def test_otter_gives_the_points_that_we_give(
    archives: Path, examiner: Examiner, tmp_path: Path, student: str, lesson: str, file: str
) -> None:
    run = otter_run(archives / f"otter-{lesson}.zip", SAMPLE / file, tmp_path)
    assert run.code == 0, run.printed
    assert run.scores == our_scores(SAMPLE / student, lesson, examiner)
    (module,) = [module for module in examiner.course.lessons if module.id == lesson]
    assert {t["name"].split()[0]: t["max_score"] for t in run.results["tests"]} == {
        exercise.function: exercise.points for exercise in module.exercises
    }


def test_students_are_told_how_many_public_and_how_many_hidden_checks_passed(
    archives: Path, tmp_path: Path
) -> None:
    run = otter_run(archives / "otter-activations.zip", SAMPLE / "ben" / "activations.py", tmp_path)
    told = {test["name"].split()[0]: test for test in run.results["tests"]}
    sigmoid = told["sigmoid"]
    assert sigmoid["name"] == "sigmoid (public 1 of 1, hidden 4 of 5)"
    assert "All test cases passed" not in sigmoid["output"]
    assert "a very negative z makes your exponential overflow" in sigmoid["output"]
    assert "Passed: 10 of 11 public and 37 of 41 hidden checks." in run.results["output"]
    # A row that is hidden would hide the total.
    assert {test["visibility"] for test in run.results["tests"]} == {"visible"}
    # Public checks show their calls, hidden ones their sentence alone.
    _, *cases = told["softmax"]["output"].split("    hidden check ")
    assert len(cases) == 5
    assert not any(word in case for case in cases for word in ("call:", "expected:", "got:"))


def test_a_lesson_of_another_course_is_graded_by_that_course(tmp_path: Path) -> None:
    done = autograder("package", "otter", "--out", tmp_path, "--seed", SEED, "--course", SMALL)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.glob("*.zip")} == {"otter-words.zip", "otter-rows.zip"}
    (tmp_path / "words.py").write_text(COUNT)
    words = tmp_path / "otter-words.zip"
    with zipfile.ZipFile(words) as archive:
        (wheel,) = (name for name in archive.namelist() if name.endswith(".whl"))
        with zipfile.ZipFile(io.BytesIO(archive.read(wheel))) as packed:
            assert "autograder/bundled/graders/words/checks.py" in packed.namelist()
    # Here the wheel is not installed, and the course that is has no such lesson.
    told = otter_run(words, tmp_path / "words.py", tmp_path / "out", dict(os.environ))
    assert told.code == 1
    assert "AUTOGRADER_COURSE names the folder of another course" in told.printed
    named = os.environ | {"AUTOGRADER_COURSE": str(SMALL)}
    run = otter_run(words, tmp_path / "words.py", tmp_path / "named", named)
    assert (run.code, run.scores) == (0, {"count_words": 4, "most_frequent": 0}), run.printed


def hostile_zip(path: Path, marks: Path) -> None:
    """A right notebook with whatever else Otter's parent and its kernel would run or unpickle."""

    class Touch:
        def __reduce__(self) -> tuple[Any, ...]:
            return (open, (f"{marks}/log", "w"))

    def touch(name: str) -> str:
        return f"open({f'{marks}/{name}'!r}, 'w').close()\n"

    solution = (ROOT / "solutions" / "activations.py").read_text()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("activations.ipynb", notebook(solution))
        archive.writestr(".OTTER_LOG", pickle.dumps(Touch()))
        # Python looks for modules, and IPython for its settings, in the folder they start in.
        for name in ("ipykernel_launcher", "otter/__init__", "sitecustomize", "pickle", "numpy"):
            archive.writestr(f"{name}.py", touch(name.partition("/")[0]))
        archive.writestr("ipython_kernel_config.py", touch("settings"))
        archive.writestr("tests/relu.py", touch("tests"))


def test_nothing_beside_a_notebook_runs_in_otter(
    archives: Path, otters_own: Path, examiner: Examiner, tmp_path: Path
) -> None:
    marks = tmp_path / "marks"
    marks.mkdir()
    hostile = tmp_path / "handin.zip"
    hostile_zip(hostile, marks)

    # Without the plugin they do run, so that this test has something to see.
    otter_run(otters_own, hostile, tmp_path / "plain")
    assert {"log", "ipykernel_launcher"} <= {mark.name for mark in marks.iterdir()}
    for mark in marks.iterdir():
        mark.unlink()

    run = otter_run(archives / "otter-activations.zip", hostile, tmp_path / "out")
    assert list(marks.iterdir()) == []
    assert run.code == 0, run.printed
    assert sum(run.scores.values()) == LESSON_POINTS["activations"]


# Each begins by leaving a mark, which our own process for students may not, and tries to make the
# kernel's results its own.
_FORGES = """
import contextlib
with contextlib.suppress(OSError):
    open({mark!r}, "w").close()
with contextlib.suppress(ImportError):
    import otter.test_files
    from otter.execute import Checker
    from otter.test_files.abstract_test import TestFile
    TestFile.score = property(lambda self: self.possible)
    Checker.check_if_not_already_checked = classmethod(lambda cls, path: None)

def relu(z):
    return z * (z > 0)
"""
FORGED = {"forged.py": _FORGES, "forged.ipynb": _FORGES + "import sys\nsys.exit()\n"}
ENDLESS = {
    "exit": _FORGES + "import os\nos._exit(0)\n",
    "loop": _FORGES + "import time\nwhile True:\n    time.sleep(1)\n",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_score_that_is_rewritten_is_the_one_that_we_give(
    archives: Path, examiner: Examiner, tmp_path: Path, name: str
) -> None:
    mark = tmp_path / "mark"
    source = FORGED[name].format(mark=str(mark))
    path = tmp_path / name
    path.write_text(notebook(source) if path.suffix == ".ipynb" else source)
    run = otter_run(archives / "otter-activations.zip", path, tmp_path / "out")
    assert not mark.exists()
    assert run.code == 0, run.printed
    assert run.scores == our_scores(path, "activations", examiner)
    assert {name for name, score in run.scores.items() if score} == {"relu"}


@pytest.mark.parametrize("name", ENDLESS)
@pytest.mark.share(1)
def test_a_module_that_cannot_be_imported_ends_nothing_of_otter(
    archives: Path, tmp_path: Path, name: str
) -> None:
    mark = tmp_path / "mark"
    path = tmp_path / "activations.py"
    path.write_text(ENDLESS[name].format(mark=str(mark)))
    run = otter_run(archives / "otter-activations.zip", path, tmp_path / "out")
    assert not mark.exists()
    assert run.code == 0, run.printed
    assert set(run.scores.values()) == {0}
    assert "activations.py did not finish being imported" in run.results["output"]


_SENDS_TO_THE_LOG_SERVER = """
import contextlib, pickle, socket, struct, sys
from otter.execute.logging import start_server
from otter.run import AutograderConfig
from autograder.otter.plugin import ExaminerPlugin

file, mark, with_plugin = sys.argv[1:]
if with_plugin == "True":
    config = {"module": "activations", "seed": "1"}
    ExaminerPlugin(file, {}, config).before_grading(AutograderConfig({}))

class Touch:
    def __reduce__(self):
        return (open, (mark, "w"))

address, stop = start_server()
try:
    # It may have closed the connection at any of these moments: then nothing was read.
    with contextlib.suppress(OSError), socket.create_connection(address) as client:
        data = pickle.dumps(Touch())
        client.sendall(struct.pack(">L", len(data)) + data)
        client.shutdown(socket.SHUT_WR)
        client.recv(1)
finally:
    stop()  # Its thread keeps the interpreter alive until then.
"""


@pytest.mark.parametrize("with_plugin", [False, True])
def test_what_is_sent_to_otters_log_server_is_unpickled_without_the_plugin_only(
    tmp_path: Path, with_plugin: bool
) -> None:
    (tmp_path / "submission").mkdir()
    file = tmp_path / "submission" / "activations.py"
    file.touch()
    mark = tmp_path / "mark"
    arguments = [str(file), str(mark), str(with_plugin)]
    subprocess.run(
        [sys.executable, "-c", _SENDS_TO_THE_LOG_SERVER, *arguments],
        check=True,
        capture_output=True,
    )
    assert mark.exists() is not with_plugin


def test_a_plugin_that_fails_ends_the_run_with_no_points_and_a_message(
    archives: Path, tmp_path: Path
) -> None:
    """In the folders of a container, where Otter leaves results of a failed run too."""
    home = tmp_path / "autograder"
    for name in ("source", "submission", "results"):
        (home / name).mkdir(parents=True)
    with zipfile.ZipFile(archives / "otter-activations.zip") as opened:
        opened.extractall(home / "source")
    config = home / "source" / "otter_config.json"
    config.write_text(config.read_text().replace('"activations"', '"another"'))
    (home / "submission_metadata.json").write_text("{}")
    mark = tmp_path / "mark"
    source = _FORGES.format(mark=str(mark))
    (home / "submission" / "activations.py").write_text(source)

    program = "import sys; from otter.run.run_autograder import main; main(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", program, str(home)], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert not mark.exists()
    results = json.loads((home / "results" / "results.json").read_text())
    assert results["score"] == 0
    told = results["tests"][0]["output"]
    assert "no module 'another'" in told
    assert "please tell your teacher" in told


def test_a_hand_in_that_is_read_without_an_end_gets_a_result_that_says_so(
    archives: Path, tmp_path: Path
) -> None:
    (tmp_path / "endless.py").write_text("def relu(z):\n    return z\n")
    out, faults = tmp_path / "out", environment(tmp_path / "faults", 1.0)
    run = otter_run(archives / "otter-activations.zip", tmp_path / "endless.py", out, faults)
    assert run.code == 0, run.printed
    assert sum(run.scores.values()) == 0
    assert "endless.py cannot be graded: whatever reads it ends, or takes more than 1" in str(
        run.results
    )


def without_otter(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = "import sys; sys.modules['otter'] = None; from autograder.cli import main; main()"
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def test_without_the_extra_one_sentence_says_how_to_get_it(tmp_path: Path) -> None:
    done = without_otter("package", "otter", "--out", str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "-m pip install 'deep-learning-basics[otter]'" in done.stderr
    assert "[otter]" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_other_archives_need_no_otter(tmp_path: Path) -> None:
    done = without_otter("package", "student", "--out", str(tmp_path))
    assert (done.returncode, done.stderr) == (0, "")


def test_otter_is_told_no_hidden_number(
    archives: Path, tmp_path: Path, course: Course, reference_sources: dict[str, str]
) -> None:
    (module,) = (m for m in course.lessons if m.id == "activations")
    names = [exercise.function for exercise in module.exercises]
    channel = CHANNELS["everything seen so far"]
    submission = tmp_path / "activations.py"
    submission.write_text(carrying(reference_sources["activations"], names, channel))
    done = otter_run(archives / "otter-activations.zip", submission, tmp_path / "out")
    told = json.dumps(done.results, ensure_ascii=False)
    assert SIGN in told
    assert str(SEED) not in told + done.printed
    assert not Detector(recorded().secrets).found(told + done.printed)

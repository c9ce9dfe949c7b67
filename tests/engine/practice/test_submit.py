"""`autograder submit` packs what is there, says what is not finished, and `grade` takes it."""

import csv
import hashlib
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from examples.loop.walk import write_body
from tests.places import COUNT, DONE, POINTS, PUBLIC_POINTS

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_archive_holds_the_work_and_a_manifest_of_it(folder: Path, run: Run) -> None:
    (folder / "exercises" / "helpers.py").write_text("half = 0.5\n")
    (folder / "exercises" / ".hidden.py").write_text("x = 1\n")
    done = run("submit")
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder / "handin.zip") as archive:
        names = archive.namelist()
        manifest = json.loads(archive.read("manifest.json"))
        for file in manifest["files"]:
            data = archive.read(file["path"])
            assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"])
    modules = "activations backpropagation gradient_descent helpers vanishing_gradient".split()
    assert sorted(names) == sorted(["manifest.json", *(f"{module}.py" for module in modules)])
    assert [file["path"] for file in manifest["files"]] == sorted(set(names) - {"manifest.json"})
    assert manifest["format"] == "autograder/handin/v1"
    assert set(manifest["versions"]) == {"autograder", "numpy", "python"}
    made = datetime.fromisoformat(manifest["created"])
    assert abs(datetime.now(UTC) - made) < timedelta(minutes=2)


def test_what_is_unfinished_is_said(folder: Path, run: Run) -> None:
    write_body(folder / "exercises/activations.py", "relu", "    return z\n")
    words = run("submit").stdout
    assert "Wrong        activations.relu\n" in words
    assert "all of gradient_descent, all of backpropagation, all of vanishing_gradient" in words
    assert f"0 {DONE}" in words


@pytest.mark.usefixtures("solved")
def test_nothing_is_asked_and_nothing_unfinished_is_said_when_all_is_done(run: Run) -> None:
    words = run("submit").stdout
    assert "Wrong" not in words
    assert "Not started" not in words
    assert "Packed activations.py, backpropagation.py" in words


def test_an_earlier_archive_is_replaced(folder: Path, run: Run) -> None:
    (folder / "handin.zip").write_text("not an archive")
    run("submit")
    with zipfile.ZipFile(folder / "handin.zip") as archive:
        assert archive.testzip() is None


def test_the_place_can_be_chosen(folder: Path, run: Run) -> None:
    (folder / "desk").mkdir()
    assert "desk" in run("submit", "--out", "desk").stdout
    assert (folder / "desk" / "handin.zip").is_file()
    run("submit", "--out", "mine.zip")
    assert (folder / "mine.zip").is_file()
    done = run("submit", "--out", "nowhere/mine.zip")
    assert done.returncode == 2
    assert "nowhere/mine.zip cannot be written: No such file or directory" in done.stderr


@pytest.mark.parametrize("target", ["exercises/activations.py", "notes.txt", "/dev/null"])
def test_nothing_but_an_archive_is_replaced(folder: Path, run: Run, target: str) -> None:
    before = (folder / "exercises/activations.py").read_bytes()
    done = run("submit", "--out", target)
    assert done.returncode == 2
    assert "choose a name that ends in .zip" in done.stderr
    assert (folder / "exercises/activations.py").read_bytes() == before


def test_grade_gives_the_points_that_check_promised(solved: Path, run: Run) -> None:
    write_body(solved / "exercises/activations.py", "softmax", "    return z\n")
    assert (
        f"{COUNT - 1} {DONE}, {PUBLIC_POINTS - 1:g} of {PUBLIC_POINTS:g} public points"
        in run("submit").stdout
    )
    done = run("grade", "handin.zip", "--out", "out")
    assert done.returncode == 0, done.stderr
    result = json.loads((solved / "out/results/handin.json").read_text())
    assert result["problems"] == []
    assert result["score"] == POINTS - 5
    right = {e["id"] for e in result["exercises"] if e["outcome"] == "correct"}
    assert len(right) == COUNT - 1


def test_what_was_changed_or_lost_after_packing_is_told(folder: Path, run: Run) -> None:
    run("submit")
    with zipfile.ZipFile(folder / "handin.zip") as archive:
        archive.extractall(folder / "changed")
    (folder / "changed" / "activations.py").write_text("def relu(z): return z\n")
    (folder / "changed" / "gradient_descent.py").unlink()
    shutil.make_archive(str(folder / "changed"), "zip", folder / "changed")
    run("grade", "changed.zip", "--out", "out")
    problems = json.loads((folder / "out/results/changed.json").read_text())["problems"]
    assert problems == [
        "activations.py was changed after `autograder submit` packed it.",
        "gradient_descent.py is missing, though `autograder submit` packed it.",
    ]


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "[]",
        "{" * 5000,
        '{"format": "another program"}',
        '{"format": "autograder/handin/v1", "files": [{"path": "../../etc/passwd"}]}',
        " " * 300_000,
    ],
)
@pytest.mark.share(2)
def test_a_manifest_that_is_none_changes_nothing(folder: Path, run: Run, manifest: str) -> None:
    with zipfile.ZipFile(folder / "odd.zip", "w") as archive:
        archive.writestr("activations.py", "def relu(z): return z\n")
        archive.writestr("manifest.json", manifest)
    done = run("grade", "odd.zip", "--out", "out")
    assert done.returncode == 0, done.stderr
    assert json.loads((folder / "out/results/odd.json").read_text())["problems"] == []


def test_names_that_a_learning_platform_adds_do_no_harm(folder: Path, run: Run) -> None:
    run("submit")
    (folder / "class").mkdir()
    for name in ("doejane_LATE_47_99_handin.zip", "anon_xYz12_10_handin-1.zip", "handin (2).zip"):
        shutil.copy(folder / "handin.zip", folder / "class" / name)
    assert run("grade", "class", "--out", "out").returncode == 0
    with (folder / "out/grades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3
    assert {row["problems"] for row in rows} == {""}


REFUSED = {
    "uses the file": "import logging\nlogging.basicConfig(filename='train.log')\n",
    "uses the file data.csv": "try:\n    open('data.csv')\nexcept OSError:\n    pass\n",
    "goes to the folder": "import os\nos.chdir('..')\n",
    "starts another program": "import subprocess, sys\nsubprocess.run([sys.executable, '-V'])\n",
}


@pytest.mark.parametrize("told", REFUSED)
def test_what_grading_will_refuse_is_said_before_it_is_handed_in(
    folder: Path, run: Run, told: str
) -> None:
    path = folder / "exercises" / "activations.py"
    path.write_text(REFUSED[told] + path.read_text())
    words = " ".join(run("submit").stdout.split())
    assert f"! activations.py {told}" in words
    assert "where it is graded: take that out before you hand it in." in words


def test_a_file_that_a_call_reads_is_said_too_and_pythons_own_are_free(
    folder: Path, run: Run
) -> None:
    path = folder / "exercises" / "activations.py"
    write_body(
        path,
        "relu",
        "    import fractions, os\n    os.listdir\n    open('secret.txt', 'w')\n    return z\n",
    )
    words = " ".join(run("check", "relu").stdout.split())
    assert "activations.py uses the file secret.txt" in words
    assert words.count("take that out before") == 1

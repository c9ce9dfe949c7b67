"""The archive for Gradescope, set up and run as there, in a folder like /autograder."""

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from autograder.exports.gradescope_results import Options
from tests.engine.grading.faults import environment
from tests.engine.lms.gradescope_schema import RESULTS
from tests.places import COUNT, POINTS, ROOT
from tests.seeds import SEED

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Gradescope runs Linux")

ON_TIME = {
    "id": 1,
    "created_at": "2026-11-01T12:00:00.000000-08:00",
    "assignment": {"due_date": "2026-11-01T23:00:00.000000-08:00", "total_points": "100.0"},
    "users": [{"email": "a@example.com", "id": 5, "name": "A"}],
    "previous_submissions": [],
}
MISTAKEN = """
import numpy as np

def softmax(z):
    return np.exp(z) / np.exp(z).sum()

def relu(z):
    return np.maximum(z, 0)
"""


ENDLESS = """
import time

def softmax(z):
    time.sleep(3600)
"""


def hostile(root: Path) -> str:
    """Reads and writes what it should not; its message says what it could read."""
    library = next(root.glob("venv/lib/python3*/site-packages"), root)
    places = {
        "numpy": library / "numpy",  # May be read: without it, the others' silence says nothing.
        "source": root / "source",
        "results": root / "results",
        "graders": library / "autograder" / "bundled" / "graders",
        "solutions": library / "autograder" / "bundled" / "solutions",
        "exercises": library / "autograder" / "bundled" / "exercises",
    }
    return f"""
import os

def relu(z):
    for name in ("results.json", "x"):
        try:
            with open(os.path.join({str(root)!r}, "results", name), "w") as file:
                file.write('{{"score": 100}}')
        except OSError:
            pass
    return z

def sigmoid(z):
    read = []
    for name, place in {[(name, str(place)) for name, place in places.items()]!r}:
        try:
            os.listdir(place)
            read.append(name)
        except OSError:
            pass
    raise RuntimeError("could read: " + " ".join(read) + ".")

def tanh(z):
    os.kill(os.getppid(), 9)
    return z

def sigmoid_derivative(z):
    os._exit(0)
"""


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive that the command wrote for a teacher who shows results late."""
    folder = tmp_path_factory.mktemp("gradescope")
    command = [sys.executable, "-m", "autograder", "package", "gradescope", "--out", str(folder)]
    command += ["--visibility", "after_published", "--seed", str(SEED)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert f"{folder / 'gradescope.zip'} is made" in done.stdout
    return folder / "gradescope.zip"


@pytest.fixture(scope="module")
def archive(packed: Path) -> bytes:
    return packed.read_bytes()


@pytest.fixture(scope="module")
def root(archive: bytes) -> Iterator[Path]:
    """A folder like /autograder, after Gradescope has built the image, with a leaderboard.

    Not below pytest's own folder, which nobody but its owner may pass.
    """
    with tempfile.TemporaryDirectory(prefix="autograder-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        unpack(archive, folder)
        options = msgspec.json.encode(Options(leaderboard=True))
        (folder / "source" / "options.json").write_bytes(options)
        set_up(folder)
        yield folder


def unpack(archive: bytes, root: Path) -> None:
    (root / "source").mkdir()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for info in opened.infolist():
            opened.extract(info, root / "source")
            (root / "source" / info.filename).chmod(info.external_attr >> 16)
    shutil.copy(root / "source" / "run_autograder", root)
    # A package of the machine that runs the tests is none of our business.
    (root / "bin").mkdir()
    stub = root / "bin" / "apt-get"
    stub.write_text('#!/bin/sh\necho "$@" >>"$0.log"\nexit 100\n')
    stub.chmod(0o755)


def set_up(root: Path) -> str:
    environment = {**os.environ, "AUTOGRADER_ROOT": str(root)}
    environment["PATH"] = f"{root / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        [root / "source" / "setup.sh"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def run(
    root: Path, files: dict[str, str] | None = None, metadata: str | None = None, **variables: str
) -> tuple[dict[str, Any], str]:
    """Runs the autograder on a submission; returns the valid results, and what was printed."""
    for place in ("submission", "results"):
        shutil.rmtree(root / place, ignore_errors=True)
        (root / place).mkdir()
    for name, text in (files or {}).items():
        (root / "submission" / name).write_text(text)
    if metadata is None:
        metadata = json.dumps(ON_TIME)
    (root / "submission_metadata.json").write_text(metadata)
    done = subprocess.run(
        [root / "run_autograder"],
        cwd=root,
        env={**os.environ, "AUTOGRADER_ROOT": str(root), **variables},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    assert [path.name for path in (root / "results").iterdir()] == ["results.json"]
    results: dict[str, Any] = json.loads((root / "results" / "results.json").read_text())
    jsonschema.validate(results, RESULTS)
    return results, done.stdout + done.stderr


def graded_here(root: Path, out: Path) -> dict[str, Any]:
    """What `autograder grade` makes of the submission that was run last."""
    command = [sys.executable, "-m", "autograder", "grade", str(root / "submission")]
    # What never ends gets no points, however long it is waited for.
    command += ["--out", str(out), "--call-seconds", "2", "--seed", str(SEED), "--jobs", "1"]
    subprocess.run(command, check=True, capture_output=True)
    result: dict[str, Any] = json.loads((out / "results" / "submission.json").read_text())
    return result


def assert_same(results: dict[str, Any], result: dict[str, Any]) -> None:
    assert results["score"] == result["score"]
    rows = [(r["name"].rpartition("(")[2][:-1], r["score"]) for r in results["tests"]]
    assert rows == [(e["id"], e["score"]) for e in result["exercises"]]


def row(results: dict[str, Any], id: str) -> dict[str, Any]:
    return next(test for test in results["tests"] if test["name"].endswith(f"({id})"))


def test_what_gradescope_needs_and_the_teacher_chose_is_at_the_root_of_a_small_archive(
    packed: Path, archive: bytes
) -> None:
    assert len(archive) < 2_000_000
    # The solutions are in it.
    assert packed.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        modes = {info.filename: info.external_attr >> 16 for info in opened.infolist()}
        assert json.loads(opened.read("options.json")) == {
            "visibility": "after_published",
            "leaderboard": False,
        }
        for name in ("setup.sh", "run_autograder"):
            assert modes.pop(name) & stat.S_IXOTH
            assert opened.read(name).startswith(b"#!/usr/bin/env bash\n")
            assert b"\r" not in opened.read(name)
        assert "give it to no student" in opened.read("README.txt").decode()
        assert "{" not in opened.read("README.txt").decode()
        (wheel,) = (name for name in modes if name.endswith(".whl"))
        with zipfile.ZipFile(io.BytesIO(opened.read(wheel))) as inner:
            assert "autograder/gradescope.py" in inner.namelist()
    assert set(modes) == {"README.txt", "options.json", "requirements.txt", "seed", wheel}
    assert not any(mode & stat.S_IXOTH for mode in modes.values())


def test_nothing_is_ever_compiled(archive: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        setup = opened.read("setup.sh").decode()
    assert "--only-binary :all:" in setup
    for word in ("gcc", "build-essential", "python3-dev", "otter"):
        assert word not in setup


def test_a_perfect_submission_gets_all_points(
    root: Path, tmp_path: Path, reference_sources: dict[str, str]
) -> None:
    results, printed = run(root, {f"{n}.py": text for n, text in reference_sources.items()})
    assert results["score"] == POINTS
    assert results["output_format"] == "html"
    assert results["visibility"] == "visible"
    assert results["stdout_visibility"] == "hidden"
    assert 0 < results["execution_time"] < 60
    assert results["extra_data"] == {"late": False, "late_seconds": 0}
    assert [entry["value"] for entry in results["leaderboard"]] == [POINTS, COUNT]
    assert f"{COUNT} of {COUNT} exercises are fully right" in results["output"]
    for test in results["tests"]:
        assert set(test) == {
            *("name", "number", "score", "max_score", "status", "output"),
            *("output_format", "visibility"),
        }
        assert (test["status"], test["visibility"]) == ("passed", "visible")
        assert test["score"] == test["max_score"]
    assert_same(results, graded_here(root, tmp_path))
    assert f"{POINTS:g} of {POINTS:g} points." in printed
    assert "system calls: " in printed


def test_mistakes_cost_what_they_cost_elsewhere_and_lateness_is_told(
    root: Path, tmp_path: Path
) -> None:
    late = {**ON_TIME, "created_at": "2026-11-02T09:00:00.000000+00:00"}
    notebook = {
        "cells": [{"cell_type": "code", "source": MISTAKEN, "metadata": {}, "outputs": []}],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    results, _ = run(root, {"activations.ipynb": json.dumps(notebook)}, json.dumps(late))
    assert 0 < results["score"] < 100
    assert row(results, "activations.relu")["status"] == "passed"
    softmax = row(results, "activations.softmax")
    assert softmax["status"] == "failed"
    assert 0 < softmax["score"] < softmax["max_score"]
    assert results["extra_data"] == {"late": True, "late_seconds": 7200}
    assert "Handed in late, by 2 hours." in results["output"]
    assert_same(results, graded_here(root, tmp_path))


def test_a_hostile_submission_costs_itself_and_reads_and_writes_nothing(
    root: Path, tmp_path: Path
) -> None:
    files = {"activations.py": hostile(root) + ENDLESS, "conftest.py": "raise SystemExit"}
    results, _ = run(root, files)
    assert results["score"] < 10
    assert "no answer within 4 s" in row(results, "activations.softmax")["output"]
    assert "could read: numpy." in row(results, "activations.sigmoid")["output"]
    assert_same(results, graded_here(root, tmp_path))


def test_without_landlock_graders_and_results_still_cannot_be_reached(root: Path) -> None:
    """As on a kernel before 5.13: the package that knows Landlock is made impossible to import."""
    if os.geteuid() != 0:
        pytest.skip("only root can give up its rights; Gradescope runs as root")
    (sandlock,) = root.glob("venv/lib/python3*/site-packages/sandlock")
    aside = sandlock.with_name("sandlock-aside")
    sandlock.rename(aside)
    try:
        results, printed = run(root, {"activations.py": hostile(root)})
    finally:
        aside.rename(sandlock)
    assert "MISSING   filesystem" in printed
    assert "not in: filesystem" in results["output"]
    assert results["score"] < 10
    assert "could read: numpy." in row(results, "activations.sigmoid")["output"]


def test_an_empty_submission_gets_no_points_and_hears_why(root: Path) -> None:
    results, _ = run(root)
    assert results["score"] == 0
    assert len(results["tests"]) == COUNT
    assert "there is no Python file or notebook in it." in results["output"]


@pytest.mark.parametrize("metadata", ["", '{"created_at": 7, "assignment": {}}'])
def test_malformed_metadata_costs_nobody_a_point(root: Path, metadata: str) -> None:
    results, printed = run(root, {"activations.py": MISTAKEN}, metadata)
    assert results["score"] > 0
    assert results["extra_data"] == {}
    assert "nothing is said on lateness" in results["output"]
    assert "submission_metadata.json cannot be used" in printed


def test_options_that_cannot_be_read_leave_a_result_that_shows_nothing_early(root: Path) -> None:
    options = root / "source" / "options.json"
    before = options.read_bytes()
    options.write_text('{"visibility": "sometime"}')
    try:
        results, printed = run(root, {"activations.py": MISTAKEN})
    finally:
        options.write_bytes(before)
    assert_unfinished(results)
    assert "sometime" in printed


def assert_unfinished(results: dict[str, Any]) -> None:
    assert results["score"] == 0
    assert results["tests"] == []
    assert "did not finish" in results["output"]
    assert "ask your teacher to run the autograder again" in results["output"]


@pytest.mark.parametrize(
    ("python", "told"),
    [
        (None, "exit code 127"),
        ("kill -9 $$", "exit code 137"),
        ("exec sleep 60", "exit code 124"),
        ("echo boom; exit 3", "boom"),
        (f'exec {getattr(sys, "_base_executable", sys.executable)} "$@"', "autograder"),
    ],
    ids=["no environment", "killed", "out of time", "failed", "no wheel"],
)
def test_whatever_becomes_of_python_a_valid_result_is_left(
    archive: bytes, tmp_path: Path, python: str | None, told: str
) -> None:
    unpack(archive, tmp_path)
    if python is not None:
        program = tmp_path / "venv" / "bin" / "python"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\n{python}\n")
        program.chmod(0o755)
    results, printed = run(tmp_path, {"activations.py": MISTAKEN}, AUTOGRADER_SECONDS="1")
    assert_unfinished(results)
    assert told in printed
    assert "Run it again." in printed


def test_pins_that_are_not_to_be_had_give_way_to_the_wheels_own_ranges(
    archive: bytes, tmp_path: Path
) -> None:
    unpack(archive, tmp_path)
    (tmp_path / "source" / "requirements.txt").write_text("numpy==99.0\n")
    assert "Not all of requirements.txt" in set_up(tmp_path)
    results, _ = run(tmp_path, {"activations.py": MISTAKEN})
    assert results["score"] > 0


def test_without_a_python_one_is_asked_for_and_its_lack_is_one_sentence(
    archive: bytes, tmp_path: Path
) -> None:
    unpack(archive, tmp_path)
    for name in ("bash", "id"):
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    done = subprocess.run(
        [tmp_path / "source" / "setup.sh"],
        env={"PATH": str(tmp_path / "bin"), "AUTOGRADER_ROOT": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "choose Ubuntu 22.04 or newer as base image" in done.stderr
    asked = (tmp_path / "bin" / "apt-get.log").read_text()
    assert "update" in asked
    assert "install" in asked
    assert "python3" in asked


def test_options_of_gradescope_are_refused_for_another_archive(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "autograder", "package", "student", "--out", str(tmp_path)]
    done = subprocess.run([*command, "--leaderboard"], capture_output=True, text=True)
    assert done.returncode == 2
    assert "are for the kind gradescope" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_hand_in_that_is_read_without_an_end_gets_a_result_that_says_so(tmp_path: Path) -> None:
    root = tmp_path / "endless"
    for name in ("source", "submission", "results"):
        (root / name).mkdir(parents=True)
    (root / "source" / "options.json").write_bytes(msgspec.json.encode(Options()))
    (root / "source" / "seed").write_text(str(SEED))
    (root / "submission_metadata.json").write_text("{}")
    (root / "submission" / "activations.py").write_text("def relu(z):\n    return z\n")
    done = subprocess.run(
        [sys.executable, "-m", "autograder.gradescope"],
        env=environment(tmp_path / "faults", 1.0) | {"AUTOGRADER_ROOT": str(root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads((root / "results" / "results.json").read_text())
    assert "takes more than 1 seconds" in told["output"]
    assert sum(test.get("score", 0) for test in told["tests"]) == 0

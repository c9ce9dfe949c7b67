"""A hand-in that is slow to read, or takes all memory, or ends its reader, costs nobody else."""

import contextlib
import json
import subprocess
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.engine.grading.classes import grade, make_small_class, reports, run_here
from tests.engine.grading.faults import environment
from tests.small import MISCOUNT


def with_faults(students: Path, *names: str) -> Path:
    for name in names:
        (students / name).mkdir()
        (students / name / "words.py").write_text(MISCOUNT)
    return students


def problems(out: Path, submission: str) -> list[str]:
    result: dict[str, Any] = json.loads((out / "results" / f"{submission}.json").read_text())
    assert result["score"] == 0
    return list(result["problems"])


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What comes of the same class where nobody else is in it."""
    home = tmp_path_factory.mktemp("alone")
    run_here(grade(make_small_class(home / "class", 8), home / "out"))
    return reports(home / "out")


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.share(1)
def test_what_cannot_be_read_within_its_limits_is_told_and_costs_nobody_else(
    tmp_path: Path, jobs: int, alone: dict[str, bytes]
) -> None:
    students = with_faults(
        make_small_class(tmp_path / "class", 4), "a-fatal", "endless", "hungry", "s02-endless"
    )
    done = subprocess.run(
        grade(students, tmp_path / "out", "--jobs", jobs),
        env=environment(tmp_path / "faults", 1.0),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    ended = "whatever reads it ends, or takes more than 1 seconds"
    hungry = "reading it takes more memory than anybody's work does"
    told = {"endless": ended, "a-fatal": ended, "hungry": hungry}
    for name, why in told.items():
        assert problems(tmp_path / "out", name) == [f"{name} cannot be graded: {why}."]
    for student in ("s00-ann", "s01-bea", "s02-col", "s03-dan"):
        for name in (f"results/{student}.json", f"feedback/{student}.html"):
            assert (tmp_path / "out" / name).read_bytes() == alone[name], name


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.share(1)
def test_everybody_else_has_a_result_while_two_are_still_being_read(
    tmp_path: Path, jobs: int
) -> None:
    students = with_faults(make_small_class(tmp_path / "class", 6), "a-waiting", "s01-waiting")
    out = tmp_path / "out"
    with subprocess.Popen(
        grade(students, out, "--jobs", jobs),
        env=environment(tmp_path / "faults", 3600.0),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as command:
        family = psutil.Process(command.pid)
        while len(list((out / "results").glob("s*-*.json"))) < 6:
            assert command.poll() is None
            time.sleep(0.02)
        assert not list((out / "results").glob("*waiting*"))
        readers = family.children(recursive=True)
        command.kill()
    # Nor do those that read on outlive the command.
    _, alive = psutil.wait_procs(readers, timeout=300)
    assert alive == []


def test_a_reader_that_is_ended_from_outside_costs_nobody_anything(
    tmp_path: Path, alone: dict[str, bytes]
) -> None:
    students = make_small_class(tmp_path / "class", 8)
    killed = 0
    with subprocess.Popen(
        grade(students, tmp_path / "out", "--jobs", 1), stdout=subprocess.DEVNULL
    ) as command:
        # With one job only what reads is a child that was spawned.
        while command.poll() is None and not killed:
            with contextlib.suppress(psutil.Error):
                for child in psutil.Process(command.pid).children():
                    if "spawn_main" in " ".join(child.cmdline()):
                        child.kill()
                        killed += 1
            time.sleep(0.01)
    assert killed == 1
    assert command.returncode == 0
    assert reports(tmp_path / "out") == alone

"""A run that was killed, or whose files were spoilt, ends like one that was left alone.

More kills than in the usual run: KILLS=100 pytest tests/engine/grading/test_resume.py
"""

import contextlib
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.engine.grading.classes import grade, graded_at, make_small_class, reports, run
from tests.here import autograder_here
from tests.laws import examples
from tests.seeds import SEED

SIZE = 10
KILLS = int(os.environ.get("KILLS", examples(2, 12)))


@pytest.fixture(scope="module")
def students(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_small_class(tmp_path_factory.mktemp("resume") / "class", SIZE)


@pytest.fixture(scope="module")
def whole(students: Path) -> Path:
    """The folder of a run that was left alone; a test that changes it takes a copy."""
    out = students.parent / "undisturbed"
    run(grade(students, out, "--jobs", 2))
    return out


@pytest.fixture(scope="module")
def undisturbed(whole: Path) -> dict[str, bytes]:
    return reports(whole)


def kill_at_random(students: Path, out: Path, moments: random.Random, longest: float) -> bool:
    """Starts the command and kills it at a random moment; returns whether it was still running."""
    with subprocess.Popen(
        grade(students, out, "--jobs", 2), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as command:
        with contextlib.suppress(subprocess.TimeoutExpired):
            command.wait(moments.uniform(0, longest))
        command.kill()
    return command.returncode == -signal.SIGKILL


@pytest.mark.timeout(3600)
def test_a_command_killed_again_and_again_loses_and_doubles_nothing(
    students: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    moments = random.Random(SEED)
    start = time.monotonic()
    run(grade(students, tmp_path / "timed", "--jobs", 2))
    longest = 1.2 * (time.monotonic() - start)
    killed, round_ = 0, 0
    while killed < KILLS:
        out = tmp_path / f"out{round_}"
        round_ += 1
        kept: dict[str, str] = {}
        # Two kills a run, so that what the first left is met by the second.
        for _ in range(2):
            killed += kill_at_random(students, out, moments, longest)
            if (out / "gradebook.sqlite").exists():
                with contextlib.suppress(sqlite3.OperationalError):  # No table yet.
                    now = graded_at(out)
                    assert kept.items() <= now.items(), "something was graded twice, or lost"
                    kept = now
        run(grade(students, out, "--jobs", 2))
        assert kept.items() <= graded_at(out).items(), "something was graded twice, or lost"
        assert reports(out) == undisturbed


def a_pool_worker(command: psutil.Process) -> psutil.Process | None:
    return next((c for c in command.children() if "spawn_main" in str(c.cmdline())), None)


def a_process_server(command: psutil.Process) -> psutil.Process | None:
    family = command.children(recursive=True)
    servers = [c for c in family if "sandbox.server" in str(c.cmdline())]
    return next(
        (c for c in servers if "spawn_main" in str(c.parent() and c.parent().cmdline())), None
    )


def a_students_process(command: psutil.Process) -> psutil.Process | None:
    family = command.children(recursive=True)
    servers = {c.pid for c in family if "sandbox.server" in str(c.cmdline())}
    return next((c for c in family if c.ppid() in servers), None)


@pytest.mark.parametrize("whom", [a_pool_worker, a_process_server])
def test_the_death_of_one_of_our_processes_costs_nobody_anything(
    students: Path,
    undisturbed: dict[str, bytes],
    tmp_path: Path,
    whom: Callable[[psutil.Process], psutil.Process | None],
) -> None:
    out = tmp_path / "out"
    with subprocess.Popen(
        grade(students, out, "--jobs", 2), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as command:
        watched = psutil.Process(command.pid)
        victim = None
        while command.poll() is None:
            # Once the first result is there, work is in hand.
            if any((out / "results").glob("*.json")):
                with contextlib.suppress(psutil.NoSuchProcess, AttributeError):
                    victim = whom(watched)
                if victim is not None:
                    victim.kill()
                    break
            time.sleep(0.005)
        _, errors = command.communicate()
    assert victim is not None, "there was nobody to kill"
    assert (command.returncode, errors) == (0, b"")
    assert reports(out) == undisturbed


@pytest.fixture(scope="module")
def killed(students: Path) -> Path:
    """The folder of a run that was killed when half of its results were there."""
    out = students.parent / "killed"
    with subprocess.Popen(grade(students, out, "--jobs", 2), stdout=subprocess.DEVNULL) as command:
        while len(list((out / "results").glob("*.json"))) < SIZE // 2:
            assert command.poll() is None, "it was done before it could be killed"
            time.sleep(0.005)
        command.kill()
    return out


@pytest.mark.parametrize("lost", [1, 100, 5000, 40_000])
@pytest.mark.share(2)
def test_writes_that_a_power_failure_cut_off_are_made_again(
    students: Path, undisturbed: dict[str, bytes], killed: Path, tmp_path: Path, lost: int
) -> None:
    out = shutil.copytree(killed, tmp_path / "out")
    log = out / "gradebook.sqlite-wal"
    os.truncate(log, max(log.stat().st_size - lost, 0))
    newest = sorted(out.glob("*/*.*"), key=lambda path: path.stat().st_mtime_ns)[-3:]
    for path, size in zip(newest, (0, 10, 1000), strict=True):
        os.truncate(path, min(size, path.stat().st_size))
    (out / "results" / ".writing-x1").write_bytes(b"{")
    run(grade(students, out, "--jobs", 1))
    assert reports(out) == undisturbed


def test_files_that_were_spoilt_after_a_run_are_made_again(
    students: Path, undisturbed: dict[str, bytes], whole: Path, tmp_path: Path
) -> None:
    out = shutil.copytree(whole, tmp_path / "out")
    before = graded_at(out)
    first, second, third, *_ = sorted(before)
    (out / "results" / f"{first}.json").unlink()
    (out / "feedback" / f"{second}.html").write_bytes(b"")
    (out / "feedback" / f"{third}.html").write_text("<p>Somebody's own words</p>")
    (out / "report.html").unlink()
    done = run(grade(students, out, "--jobs", 1))
    assert "so nothing was graded again" in done.stdout
    assert graded_at(out) == before
    assert reports(out) == undisturbed


def test_a_gradebook_that_is_damaged_is_set_aside_and_read_as_far_as_it_goes(
    students: Path, undisturbed: dict[str, bytes], whole: Path, tmp_path: Path
) -> None:
    out = shutil.copytree(whole, tmp_path / "out")
    assert autograder_here("report", out, "--attempt", "best").returncode == 0
    book = out / "gradebook.sqlite"
    content = book.read_bytes()
    part = content[: len(content) * 3 // 4]
    book.write_bytes(part)
    done = run(grade(students, out, "--jobs", 1))
    assert done.stderr.startswith(f"autograder: warning: {book} was damaged: ")
    assert done.stderr.endswith("The damaged file is gradebook.damaged-1.sqlite.\n")
    assert (out / "gradebook.damaged-1.sqlite").read_bytes() == part
    kept = int(re.findall(r"damaged: (\d+) results could be read", done.stderr)[0])
    assert 0 < kept < SIZE
    assert f"{kept} of these are as they were graded before" in done.stdout
    found = reports(out)
    # Its policies were in the part that could not be read, or were not.
    assert found["grades.csv"] == undisturbed["grades.csv"]
    assert {n: c for n, c in found.items() if n.startswith("results")} == {
        n: c for n, c in undisturbed.items() if n.startswith("results")
    }
    assert run(grade(students, out, "--jobs", 1)).stderr == ""


KILLED_AT_EACH_STATEMENT = """
import os, shutil, sqlite3, sys
from pathlib import Path
from autograder.gradebook import Gradebook

connect = sqlite3.connect
place = Path(sys.argv[1])

def dying(left):
    def connected(path):
        connection = connect(path)
        def count(statement):
            left[0] -= 1
            if left[0] < 0:
                os._exit(9)
        connection.set_trace_callback(count)
        return connection
    return connected

statements = 0
while True:
    book = place / f"{statements}.sqlite"
    if len(sys.argv) > 2:
        shutil.copyfile(sys.argv[2], book)
    if os.fork() == 0:
        sqlite3.connect = dying([statements])
        with Gradebook(book, create=True):
            os._exit(0)
    _, status = os.wait()
    with Gradebook(book, create=True) as opened:
        print(opened.count(), flush=True)
    if status == 0:
        break
    statements += 1
"""


@pytest.mark.parametrize("kind", ["new", "of the version before", "damaged"])
@pytest.mark.share(1)
def test_a_gradebook_opens_wherever_the_first_opening_was_killed(
    whole: Path, tmp_path: Path, kind: str
) -> None:
    words = [sys.executable, "-c", KILLED_AT_EACH_STATEMENT, str(tmp_path)]
    if kind != "new":
        book = shutil.copytree(whole, tmp_path / "out") / "gradebook.sqlite"
        words.append(str(book))
    if kind == "of the version before":
        with sqlite3.connect(book) as connection:
            connection.executescript(
                "ALTER TABLE submissions DROP COLUMN before; DROP TABLE files;"
                "PRAGMA user_version = 2;"
            )
        connection.close()
    if kind == "damaged":
        os.truncate(book, book.stat().st_size * 3 // 4)
    counts = list(map(int, run(words).stdout.split()))
    assert len(counts) > 5
    # What can be read is there, whenever the command was killed before.
    assert set(counts) == {counts[-1]}
    assert (counts[-1] > 0) == (kind != "new")


@pytest.mark.parametrize("room", [30_000, 120_000, 250_000])
@pytest.mark.share(1)
def test_a_full_disk_stops_a_run_with_a_sentence_and_the_next_one_goes_on(
    students: Path, undisturbed: dict[str, bytes], tmp_path: Path, room: int
) -> None:
    out = tmp_path / "out"

    def no_file_larger() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))

    full = subprocess.run(
        grade(students, out, "--jobs", 1),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=no_file_larger,
    )
    assert full.returncode == 2
    assert full.stderr.startswith(f"autograder: {out}")
    assert full.stderr.count("\n") == 1
    run(grade(students, out, "--jobs", 1))
    assert reports(out) == undisturbed


def test_two_runs_do_not_write_into_one_folder(students: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (tmp_path / "slow" / "jane").mkdir(parents=True)
    (tmp_path / "slow" / "jane" / "words.py").write_text("import numpy\n")
    with subprocess.Popen(
        grade(tmp_path / "slow", out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as first:
        while not (out / "gradebook.sqlite").exists():
            time.sleep(0.005)
        first.send_signal(signal.SIGSTOP)  # However busy the machine is, it is at work there.
        done = subprocess.run(grade(students, out), capture_output=True, text=True, check=False)
        first.send_signal(signal.SIGCONT)
        first.communicate()
        assert done.returncode == 3
        assert done.stderr == (
            f"autograder: {out} is in use: another `autograder` is writing there. Wait until it is "
            "done.\n"
        )
    assert first.returncode == 0
    run(grade(students, out, "--jobs", 1))

"""The same work on a Dask cluster: a real scheduler and workers, on loopback."""

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.engine.grading.classes import grade, make_small_class, reports, run
from tests.places import ROOT
from tests.small import SMALL

pytestmark = pytest.mark.timeout(300)


class Cluster:
    """A scheduler, and workers that share no folder with it."""

    def __init__(self, folder: Path, workers: int) -> None:
        self._folder = folder
        folder.mkdir()
        self._running = contextlib.ExitStack()
        place = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(place))
        self.address = ""
        while not self.address:
            assert self.scheduler.poll() is None
            with contextlib.suppress(FileNotFoundError, ValueError):
                self.address = json.loads(place.read_text())["address"]
            time.sleep(0.05)
        self.workers = [self._worker(str(number)) for number in range(workers)]

    def _worker(self, name: str) -> subprocess.Popen[bytes]:
        (self._folder / name).mkdir()
        options = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self._folder / name))
        return self._start("worker", self.address, *options)

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        return self._running.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:],
                 "--host", "127.0.0.1", "--no-dashboard"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self._folder,
            )
        )  # fmt: skip

    def close(self) -> None:
        # Not asked to end: a worker would say goodbye to its scheduler, which may be gone.
        for process in (*self.workers, self.scheduler):
            process.kill()
        self._running.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    opened = Cluster(tmp_path / "cluster", 2)
    yield opened
    opened.close()


@contextlib.contextmanager
def well_begun(students: Path, out: Path, cluster: Cluster) -> Iterator[subprocess.Popen[str]]:
    """The command on a cluster, once the first of its results is there."""
    with subprocess.Popen(
        grade(students, out, "--cluster", cluster.address),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=out.parent,
    ) as command:
        while not any((out / "results").glob("*.json")):
            assert command.poll() is None
            time.sleep(0.01)
        yield command


def test_a_cluster_that_loses_a_worker_gives_what_one_machine_gives(
    tmp_path: Path, cluster: Cluster
) -> None:
    students = make_small_class(tmp_path / "class", 16)
    local, out = tmp_path / "local", tmp_path / "out"
    with well_begun(students, out, cluster) as command:
        cluster.workers[0].kill()
        _, errors = command.communicate()
    assert (command.returncode, errors) == (0, "")
    run(grade(students, local, "--jobs", 2))
    assert reports(out) == reports(local)


def test_a_cluster_whose_scheduler_goes_away_is_told_of_and_another_run_goes_on(
    tmp_path: Path, cluster: Cluster
) -> None:
    students = make_small_class(tmp_path / "class", 16)
    out = tmp_path / "out"
    with well_begun(students, out, cluster) as command:
        cluster.scheduler.kill()
        _, errors = command.communicate()
    assert command.returncode == 2
    assert errors == (
        "autograder: whoever does the work went away: run the same command again, it goes on where "
        "it was.\n"
    )
    run(grade(students, tmp_path / "local", "--jobs", 2))
    run(grade(students, out, "--jobs", 2))
    assert reports(out) == reports(tmp_path / "local")


def test_a_cluster_that_is_not_there_is_told_of(tmp_path: Path) -> None:
    students = make_small_class(tmp_path / "class", 2)
    done = run(grade(students, tmp_path / "out", "--cluster", "tcp://127.0.0.1:9"), code=2)
    assert done.stderr.startswith("autograder: no Dask scheduler answers at tcp://127.0.0.1:9: ")
    assert done.stderr.count("\n") == 1
    done = run(grade(students, tmp_path / "out", "--cluster", "nonsense:x"), code=2)
    assert done.stderr == (
        "autograder: 'nonsense:x' is no scheduler's address: one is like tcp://HOST:8786.\n"
    )


def test_a_cluster_without_workers_is_told_of(tmp_path: Path) -> None:
    empty = Cluster(tmp_path / "cluster", 0)
    try:
        students = make_small_class(tmp_path / "class", 2)
        done = run(grade(students, tmp_path / "out", "--cluster", empty.address), code=2)
        assert done.stderr == (
            f"autograder: the scheduler at {empty.address} has no workers: start some first.\n"
        )
    finally:
        empty.close()


def test_a_worker_with_another_engine_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("autograder", "solutions", "exercises", "graders"):
        shutil.copytree(ROOT / name, tmp_path / "other" / name)
    engine = tmp_path / "other" / "autograder" / "compare.py"
    engine.write_text(engine.read_text() + "\n# Another word.\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "other"))
    cluster = Cluster(tmp_path / "cluster", 1)
    monkeypatch.undo()
    try:
        students = make_small_class(tmp_path / "class", 2)
        done = run(grade(students, tmp_path / "out", "--cluster", cluster.address), code=2)
        assert "a worker would grade by other graders" in done.stderr
        assert done.stderr.count("\n") == 1
    finally:
        cluster.close()


def test_a_worker_that_lives_on_with_old_code_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("autograder", "solutions", "exercises", "graders"):
        shutil.copytree(ROOT / name, tmp_path / "copy" / name)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "copy"))
    monkeypatch.chdir(tmp_path)
    cluster = Cluster(tmp_path / "cluster", 1)
    try:
        students = make_small_class(tmp_path / "class", 2)
        run(grade(students, tmp_path / "out", "--cluster", cluster.address))
        # What the worker has loaded is now another than what lies there for both to read.
        engine = tmp_path / "copy" / "autograder" / "compare.py"
        engine.write_text(engine.read_text() + "\n# Another word.\n")
        for options in ((), ("--seed", "5")):
            command = grade(students, tmp_path / "out", "--cluster", cluster.address, *options)
            assert "a worker would grade by other graders" in run(command, code=2).stderr
    finally:
        cluster.close()


def test_a_course_of_ones_own_travels_to_the_workers_and_so_does_a_change_of_it(
    tmp_path: Path, cluster: Cluster
) -> None:
    """The workers have neither its folder nor, the second time, what they loaded before."""
    course = tmp_path / "words"
    shutil.copytree(SMALL, course)
    (tmp_path / "class" / "ann").mkdir(parents=True)
    shutil.copy(course / "solutions" / "rows.py", tmp_path / "class" / "ann")
    command = grade(
        tmp_path / "class", tmp_path / "out", "--cluster", cluster.address, course=course
    )
    result = tmp_path / "out" / "results" / "ann.json"
    run(command)
    assert json.loads(result.read_text())["score"] == 3
    hidden = course / "graders" / "rows" / "checks.py"
    hidden.write_text(hidden.read_text().replace("@points(1.6)", "@points(0.6)"))
    data = course / "exercises" / "course.toml"
    text = data.read_text()
    at = text.index('id = "running_means"')
    data.write_text(text[:at] + text[at:].replace("points = 3", "points = 2", 1))
    checks = course / "exercises" / "checks" / "rows.py"
    run(command)
    assert checks.is_file()
    assert json.loads(result.read_text())["score"] == 2


def test_nothing_of_a_cluster_is_left_behind(tmp_path: Path, cluster: Cluster) -> None:
    students = make_small_class(tmp_path / "class", 2)
    before = {p.pid for w in cluster.workers for p in psutil.Process(w.pid).children()}
    run(grade(students, tmp_path / "out", "--cluster", cluster.address))
    # Examiners stay for the next command, and go with their workers.
    family = [p for w in cluster.workers for p in psutil.Process(w.pid).children(recursive=True)]
    assert {p.pid for p in family} > before
    for worker in cluster.workers:
        worker.terminate()
    _, alive = psutil.wait_procs(family, timeout=300)
    assert alive == []

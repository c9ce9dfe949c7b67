"""Results are for whoever grades, and nothing leads out of their folder."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course import load_course
from autograder.gradebook import Gradebook
from autograder.reports import ReportFolder
from autograder.reports.private import InUseError, reserved
from autograder.writing import GROUP, OWNER, make_folder, write_whole
from tests.commands import autograder
from tests.engine.teacher.gradebooks import command, gradebook, result

EVERYTHING = ("gradebook.sqlite", "report.html", "grades.csv", "results", "feedback")


def modes(out: Path) -> set[tuple[str, int]]:
    """The kinds and modes of a folder and of all that is in it."""
    return {
        ("folder" if path.is_dir() else "file", stat.S_IMODE(path.stat().st_mode))
        for path in (out, *out.rglob("*"))
    }


PRIVATE = {("folder", 0o700), ("file", 0o600)}
FOR_GROUP = {("folder", 0o750), ("file", 0o640)}


def test_only_whoever_grades_can_read_what_comes_out(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text("")
    out = tmp_path / "out"
    done = autograder("grade", tmp_path / "activations.py", "--out", out, umask=0o000)
    assert done.returncode == 0
    assert modes(out) == PRIVATE
    assert sorted(path.name for path in out.iterdir()) == sorted(EVERYTHING)
    for kind in ("csv", "json", "gradescope"):
        assert command("export", out, "--to", kind)[0] == 0
    assert modes(out) == PRIVATE


def test_what_an_earlier_version_left_for_all_is_closed(tmp_path: Path) -> None:
    out = gradebook(tmp_path / "out")
    for words in (["report", out], ["export", out, "--to", "gradescope"]):
        assert command(*words)[0] == 0
    for path in (out, *out.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (out / "results" / "of-somebody-who-left.json").write_text("{}")
    assert command("report", out)[0] == 0
    assert modes(out) == PRIVATE


def test_the_group_may_read_where_that_is_asked_for_and_no_longer(tmp_path: Path) -> None:
    out = gradebook(tmp_path / "out")
    assert command("report", out, "--readable-by-group")[0] == 0
    assert command("export", out, "--to", "csv", "--readable-by-group")[0] == 0
    assert modes(out) == FOR_GROUP
    assert command("report", out)[0] == 0
    assert modes(out) == PRIVATE


@pytest.mark.parametrize("access", [OWNER, GROUP])
def test_what_sqlite_writes_beside_a_gradebook_is_no_more_open(
    tmp_path: Path, access: object
) -> None:
    mode = 0o640 if access is GROUP else 0o600
    before = os.umask(0)
    try:
        with Gradebook(tmp_path / "gradebook.sqlite", create=True, mode=mode) as book:
            book.record(result())
            files = sorted(tmp_path.iterdir())
            assert [file.name.partition("sqlite")[2] for file in files] == ["", "-shm", "-wal"]
            assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {mode}
    finally:
        os.umask(before)


def test_a_damaged_gradebook_that_is_set_aside_is_no_more_open(tmp_path: Path) -> None:
    out = gradebook(tmp_path / "out")
    book = out / "gradebook.sqlite"
    os.truncate(book, book.stat().st_size * 3 // 4)
    with ReportFolder(out, load_course(), create=True) as folder:
        assert folder.salvaged
    assert (out / "gradebook.damaged-1.sqlite").exists()
    assert modes(out) == PRIVATE


def test_a_folder_that_holds_something_else_stays_open_to_whom_it_was(tmp_path: Path) -> None:
    out = gradebook(tmp_path / "out")
    for name in ("thesis.tex", "notes"):
        (out / name).write_text("")
        (out / name).chmod(0o644)
    out.chmod(0o755)
    assert command("report", out)[0] == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o755
    assert stat.S_IMODE((out / "notes").stat().st_mode) == 0o644
    assert {stat.S_IMODE((out / name).stat().st_mode) for name in EVERYTHING} == {0o600, 0o700}


def test_a_folder_without_a_gradebook_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir(mode=0o755)
    (tmp_path / "thesis.tex").write_text("")
    tmp_path.chmod(0o755)
    assert command("report", tmp_path)[0] == 2
    assert modes(tmp_path / "results") == {("folder", 0o755)}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results", "thesis.tex"]


def test_archives_for_students_are_for_all_to_read(tmp_path: Path) -> None:
    assert autograder("package", "student", "--out", tmp_path, umask=0o022).returncode == 0
    (release,) = tmp_path.iterdir()
    assert stat.S_IMODE(release.stat().st_mode) == 0o644


LINKS: list[tuple[str, Callable[[Path], list[object]]]] = [
    ("results", lambda out: ["report", out]),
    ("feedback", lambda out: ["report", out]),
    ("gradebook.sqlite-wal", lambda out: ["report", out]),
    ("gradebook.sqlite-shm", lambda out: ["report", out]),
    ("gradebook.sqlite-journal", lambda out: ["report", out]),
    ("gradebook.sqlite", lambda out: ["report", out]),
    (".autograder.lock", lambda out: ["report", out]),
    ("export", lambda out: ["export", out, "--to", "csv"]),
    ("export/gradescope", lambda out: ["export", out, "--to", "gradescope"]),
    ("export/classroom50", lambda out: ["export", out, "--to", "classroom50"]),
    ("export/classroom50/jane", lambda out: ["export", out, "--to", "classroom50"]),
]


@pytest.mark.parametrize(("place", "words"), LINKS)
@pytest.mark.parametrize("to", ["folder", "file", "nothing"])
def test_no_link_below_the_folder_is_followed(
    tmp_path: Path, place: str, words: Callable[[Path], list[object]], to: str
) -> None:
    about = {
        "classroom": "c", "assignment": "a", "assignment_type": "individual", "owner": "jane",
        "submission": "submit/1", "commit": "a" * 40, "release": "https://h/1",
        "review": "https://h/2", "datetime": "2026-11-20T10:15:00Z",
    }  # fmt: skip
    ids = {f"classroom50_{key}": value for key, value in about.items()}
    out = gradebook(tmp_path / "out", result(ids=ids))
    elsewhere = tmp_path / "elsewhere"
    if to == "folder":
        elsewhere.mkdir()
        (elsewhere / ".writing-x").write_text("mine")
    elif to == "file":
        (out / "gradebook.sqlite").rename(elsewhere) if place == "gradebook.sqlite" else (
            elsewhere.write_text("mine")
        )
    (out / place).parent.mkdir(parents=True, exist_ok=True)
    (out / place).unlink(missing_ok=True)
    (out / place).symlink_to(elsewhere)
    before = _snapshot(elsewhere)
    code, said = command(*words(out))
    assert (code, said.count("\n")) == (2, 1), said
    assert str(out / place) in said
    assert "link" in said
    assert _snapshot(elsewhere) == before


@pytest.mark.parametrize("name", ["report.html", "grades.csv", "results/jane.json",
                                  "feedback/jane.html", "export/grades.csv"])  # fmt: skip
def test_a_link_in_place_of_a_file_is_replaced_and_not_followed(tmp_path: Path, name: str) -> None:
    out = gradebook(tmp_path / "out")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    elsewhere.chmod(0o644)
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).symlink_to(elsewhere)
    before = _snapshot(elsewhere)
    assert command("report", out)[0] == 0
    assert command("export", out, "--to", "csv")[0] == 0
    assert _snapshot(elsewhere) == before
    assert (out / name).is_file()
    assert not (out / name).is_symlink()


def test_what_is_no_file_in_place_of_a_page_holds_nobody_up(tmp_path: Path) -> None:
    out = gradebook(tmp_path / "out")
    assert command("report", out)[0] == 0
    (out / "results" / "jane.json").unlink()
    os.mkfifo(out / "results" / "jane.json")
    with ReportFolder(out, load_course()) as folder:
        assert folder.finish() == 1
    assert (out / "results" / "jane.json").is_file()


def _snapshot(path: Path) -> object:
    if path.is_dir():
        return sorted((one.name, one.read_bytes()) for one in path.iterdir())
    return (path.read_bytes(), path.stat().st_mode) if path.exists() else None


def test_a_lock_on_the_folder_stops_nobody(tmp_path: Path) -> None:
    out = gradebook(tmp_path / "out")
    # Whoever may open a folder may lock it, and the gradebook of an earlier version likewise.
    holders = [os.open(out, os.O_RDONLY), os.open(out / "gradebook.sqlite", os.O_RDONLY)]
    for holder in holders:
        fcntl.flock(holder, fcntl.LOCK_EX)
    assert command("report", out)[0] == 0
    for holder in holders:
        os.close(holder)


def test_another_run_of_ones_own_is_kept_out_with_a_code_of_its_own(tmp_path: Path) -> None:
    out = gradebook(tmp_path / "out")
    lock = out / ".autograder.lock"
    with reserved(out):
        assert stat.S_IMODE(lock.stat().st_mode) == 0o600
        for words in (["report", out], ["export", out, "--to", "csv"]):
            assert command(*words) == (
                3,
                f"autograder: {out} is in use: another `autograder` is writing there. Wait until "
                "it is done.\n",
            )
    assert not lock.exists()
    # A run that was killed leaves the file, and that stops nobody.
    lock.write_text("")
    assert command("report", out)[0] == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file to another user")
@pytest.mark.parametrize("mode", [0o600, 0o666])
def test_a_lock_that_another_user_has_made_there_stops_nobody(tmp_path: Path, mode: int) -> None:
    out = gradebook(tmp_path / "out")
    lock = out / ".autograder.lock"
    lock.write_text("")
    lock.chmod(mode)
    os.chown(lock, 65534, 65534)
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert command("report", out)[0] == 0


@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_of_any_runs_at_once_only_one_is_at_work(ends: list[bool]) -> None:
    with tempfile.TemporaryDirectory() as name:
        held = None
        for end in ends:
            if held is None:
                held = reserved(Path(name))
                held.__enter__()
            else:
                with pytest.raises(InUseError), reserved(Path(name)):
                    pass
            if end and held is not None:
                held.__exit__(None, None, None)
                held = None
        if held is not None:
            held.__exit__(None, None, None)


def test_folders_above_are_for_the_same_readers_within_the_output_folder_only(
    tmp_path: Path,
) -> None:
    before = os.umask(0o022)
    try:
        make_folder(tmp_path / "a" / "b", OWNER)
        make_folder(tmp_path / "a" / "b" / "c" / "d", OWNER, below=tmp_path / "a" / "b")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o755
    assert modes(tmp_path / "a" / "b") == {("folder", 0o700)}
    write_whole(tmp_path / "a" / "file", b"", GROUP)
    assert stat.S_IMODE((tmp_path / "a" / "file").stat().st_mode) == 0o640

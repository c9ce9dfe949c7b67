"""The gradebook keeps every attempt, and the reports show what counts."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest

from autograder.gradebook import Gradebook
from autograder.policies import Policies
from autograder.results import ExerciseResult, Result, Source
from tests.engine.lms.makers import Person, canvas_download
from tests.here import small_here as autograder
from tests.small import COUNT, MISCOUNT, WINNER


def hand_in(folder: Path, source: str, *options: object) -> dict[str, Any]:
    """Grades jane's work into one gradebook, and returns her result."""
    (folder / "jane").mkdir(exist_ok=True)
    (folder / "jane" / "words.py").write_text(source)
    done = autograder("grade", folder / "jane", "--out", folder / "out", *options)
    assert done.returncode == 0, done.stderr
    return read(folder)


def read(folder: Path, name: str = "jane") -> dict[str, Any]:
    result: dict[str, Any] = json.loads((folder / "out" / "results" / f"{name}.json").read_text())
    return result


def test_each_different_hand_in_is_an_attempt_and_the_same_one_is_not(tmp_path: Path) -> None:
    assert hand_in(tmp_path, COUNT)["source"]["attempt"] == 1
    assert hand_in(tmp_path, COUNT)["source"]["attempt"] == 1
    latest = hand_in(tmp_path, MISCOUNT)
    assert (latest["score"], latest["source"]["attempt"]) == (0, 2)
    assert latest["account"] == ["Attempt 2 counts, the latest of 2 (attempt 1: 4)."]
    book = sqlite3.connect(tmp_path / "out" / "gradebook.sqlite")
    rows = book.execute("SELECT id, attempt, score FROM submissions ORDER BY attempt").fetchall()
    book.close()
    assert rows == [("jane", 1, 4.0), ("jane", 2, 0.0)]
    page = (tmp_path / "out" / "feedback" / "jane.html").read_text()
    assert "Attempt 2 counts, the latest of 2 (attempt 1: 4)." in page
    assert page.count("of 10 points") >= 1
    report = (tmp_path / "out" / "report.html").read_text()
    assert "Attempt 2 counts, the latest of 2" in report


def test_a_policy_can_be_chosen_afterwards_and_holds_from_then_on(tmp_path: Path) -> None:
    hand_in(tmp_path, COUNT)
    hand_in(tmp_path, MISCOUNT)
    done = autograder("report", tmp_path / "out", "--attempt", "best")
    assert done.returncode == 0, done.stderr
    best = read(tmp_path)
    assert (best["score"], best["source"]["attempt"]) == (4, 1)
    assert hand_in(tmp_path, WINNER + COUNT)["score"] > 4
    assert hand_in(tmp_path, MISCOUNT + " ")["source"]["attempt"] == 3


def test_lateness_and_exercises_that_do_not_count_show_in_every_form(tmp_path: Path) -> None:
    person = Person("Jane Doe", 7, "1", "j@x", {"words.py": COUNT + WINNER}, late=True)
    canvas_download(tmp_path / "s.zip", [person])
    done = autograder(
        "grade", tmp_path / "s.zip", "--out", tmp_path / "out", "--late-penalty", 25,
        "--not-counted", "words.most_frequent",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (
        "This is a Canvas download of 1 student, or groups: the newest files of each, 1 late."
        in (done.stdout)
    )
    result = read(tmp_path, "doejane_7")
    assert result["score"] == 3
    assert result["max_score"] == 10 - 3
    assert result["source"]["late"] is True
    assert result["account"] == [
        "Not counted: words.most_frequent.",
        "Late, by how much is not known, so by one day: 75 % of 4 points count, at 25 % a day.",
    ]
    assert "3,7," in (tmp_path / "out" / "grades.csv").read_text()
    # The gradebook holds what was earned, so another policy needs no grading.
    done = autograder("report", tmp_path / "out", "--late-penalty", 0, "--extra-time", "7=60")
    assert done.returncode == 0, done.stderr
    assert read(tmp_path, "doejane_7")["score"] == 4


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--late-penalty", 120), "--late-penalty"),
        (("--due", "tomorrow"), "'tomorrow' is no moment like 2026-11-20T23:59+01:00."),
        (("--extra-time", "jane"), "'jane' is not like jane=1440, a name and minutes."),
        (("--extra-time", "jane=nan"), "is not like jane=1440"),
        (("--not-counted", "count_words"), "count_words is no exercise of the course."),
    ],
)
def test_a_policy_that_cannot_be_is_one_sentence(
    tmp_path: Path, options: tuple[object, ...], told: str
) -> None:
    (tmp_path / "a.py").write_text(COUNT)
    done = autograder("grade", tmp_path / "a.py", "--out", tmp_path / "out", *options)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_gradebook_of_another_version_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    book = sqlite3.connect(tmp_path / "out" / "gradebook.sqlite")
    book.execute("CREATE TABLE submissions (id TEXT PRIMARY KEY)")
    book.commit()
    book.close()
    done = autograder("report", tmp_path / "out")
    assert done.returncode == 2
    assert "made by another version of this package; choose a new folder" in done.stderr


def canvas_grades(tmp_path: Path, file: str, source: str, *options: object) -> dict[str, Any]:
    """Grades one Canvas file of jane's into one gradebook, and returns what counts."""
    folder = tmp_path / "download"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    (folder / file).write_text(source)
    done = autograder("grade", folder, "--out", tmp_path / "out", *options)
    assert done.returncode == 0, done.stderr
    return read(tmp_path, "doejane_77")


def test_an_older_attempt_that_is_graded_later_stays_the_older(tmp_path: Path) -> None:
    canvas_grades(tmp_path, "doejane_77_1003_words-2.py", COUNT)
    counted = canvas_grades(tmp_path, "doejane_77_1002_words-1.py", MISCOUNT)
    assert (counted["score"], counted["source"]["attempt"]) == (4, 3)
    assert counted["account"] == ["Attempt 3 counts, the latest of 2 (attempt 2: 0)."]


def test_a_canvas_file_of_a_new_name_is_the_latest_attempt_though_its_name_has_no_number(
    tmp_path: Path,
) -> None:
    canvas_grades(tmp_path, "doejane_77_90001_words-1.py", MISCOUNT)
    assert canvas_grades(tmp_path, "doejane_77_95001_handin.py", COUNT)["score"] == 4


def test_going_back_to_earlier_files_counts_where_the_lms_says_no_time(tmp_path: Path) -> None:
    jane = Source("Jane", lms="moodle", ids={"moodle_participant": "7"})
    exercise = ExerciseResult("words.count_words", 2.0, 2.0, "correct", ())
    first = Result("jane", 2.0, 2.0, (exercise,), (), jane, digest="a")
    second = msgspec.structs.replace(first, score=0.0, digest="b")
    with Gradebook(tmp_path / "gradebook.sqlite", create=True) as book:
        for handed_in in (first, second, second, first):
            book.record(handed_in)
        counted = book.counted("jane", Policies())
        assert (counted.score, counted.source.attempt) == (2.0, 3)
        assert not book.record(first)


@pytest.mark.parametrize("due", ["2026-11-20", "20261120", "2026-W47-5"])
def test_a_due_date_needs_a_time_of_day(tmp_path: Path, due: str) -> None:
    done = autograder("grade", tmp_path, "--out", tmp_path / "out", "--due", due)
    assert done.returncode == 2
    assert f"{due!r} is no moment like 2026-11-20T23:59+01:00." in done.stderr


def test_extra_time_for_nobody_is_told(tmp_path: Path) -> None:
    hand_in(tmp_path, COUNT)
    report = ("report", tmp_path / "out", "--extra-time")
    assert autograder(*report, "jane=60").stderr == ""
    done = autograder(*report, "jaen=60")
    assert (done.returncode, done.stderr) == (
        0,
        "autograder: warning: extra time is given to jaen, and nobody of that name handed in.\n",
    )
    (tmp_path / "jaen").mkdir()
    (tmp_path / "jaen" / "words.py").write_text(COUNT)
    assert autograder("grade", tmp_path / "jaen", "--out", tmp_path / "out").stderr == ""


def test_a_due_date_that_is_corrected_makes_no_new_attempt(tmp_path: Path) -> None:
    options = ("--attempt", "best", "--late-penalty", 50)
    assert canvas_grades(tmp_path, "doejane_77_1003_words.py", COUNT, *options)["score"] == 4
    late = canvas_grades(tmp_path, "doejane_LATE_77_1003_words.py", COUNT)
    assert (late["score"], late["source"]["attempt"], late["source"]["late"]) == (2, 1, True)


def test_going_back_to_earlier_files_is_a_new_attempt(tmp_path: Path) -> None:
    hand_in(tmp_path, COUNT)
    hand_in(tmp_path, MISCOUNT)
    assert hand_in(tmp_path, COUNT)["source"]["attempt"] == 3


def test_pages_written_under_other_policies_are_written_anew(tmp_path: Path) -> None:
    canvas_grades(tmp_path, "doejane_LATE_77_1003_words.py", COUNT)
    (tmp_path / "b.py").write_text(COUNT)
    done = autograder("grade", tmp_path / "b.py", "--out", tmp_path / "out", "--late-penalty", 50)
    assert done.returncode == 0, done.stderr
    assert read(tmp_path, "doejane_77")["score"] == 2


def test_extra_time_for_one_takes_none_from_another_and_all_can_count_again(tmp_path: Path) -> None:
    canvas_grades(tmp_path, "doejane_LATE_77_1003_words.py", COUNT, "--late-penalty", 50)
    out = tmp_path / "out"
    for options in (("--extra-time", "77=60"), ("--extra-time", "78=60")):
        assert autograder("report", out, *options).returncode == 0
    assert read(tmp_path, "doejane_77")["score"] == 4
    assert autograder("report", out, "--not-counted", "words.count_words").returncode == 0
    assert read(tmp_path, "doejane_77")["max_score"] == 6
    assert autograder("report", out, "--not-counted", "none").returncode == 0
    assert read(tmp_path, "doejane_77")["max_score"] == 10

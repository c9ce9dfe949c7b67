"""What an LMS gave out is graded, exported, and read back by somebody else's reader."""

import csv
import io
import json
import re
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.engine.lms.makers import (
    PEOPLE,
    Person,
    canvas_download,
    canvas_gradebook,
    classroom50_download,
    gradescope_download,
    moodle_download,
    moodle_worksheet,
)
from tests.here import small_here as autograder
from tests.small import COUNT, MISCOUNT

MAXIMUM = 10  # Of the small course's three exercises.
RIGHT_POINTS = 4.0  # Of count_words; the wrong one earns none.


def graded(download: Path, *options: object) -> Path:
    out = download.parent / "out"
    done = autograder("grade", download, "--out", out, "--jobs", 1, *options)
    assert done.returncode == 0, done.stderr
    return out


def exported(out: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    done = autograder("export", out, *arguments)
    assert done.returncode == 0, done.stderr
    return done


@pytest.fixture(scope="module")
def canvas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return graded(canvas_download(tmp_path_factory.mktemp("canvas") / "submissions.zip"))


@pytest.fixture(scope="module")
def moodle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return graded(moodle_download(tmp_path_factory.mktemp("moodle") / "submissions.zip"))


def points_of(person: Person) -> float:
    return RIGHT_POINTS if person.files["words.py"] == COUNT else 0.0


@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("bom", ["", "﻿"])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_canvas_gets_its_own_file_back_with_one_column_filled(
    canvas: Path, tmp_path: Path, delimiter: str, bom: str, end: str
) -> None:
    book = tmp_path / "Grades.csv"
    points = "50,0" if delimiter == ";" else "50"
    book.write_bytes(canvas_gradebook(points=points, delimiter=delimiter, end=end, bom=bom))
    done = exported(canvas, "--to", "canvas", "--into", book, "--assignment", 5501,
                    "--out", tmp_path / "filled.csv")  # fmt: skip
    before = list(csv.reader(io.StringIO(book.read_bytes().decode()), delimiter=delimiter))
    filled = (tmp_path / "filled.csv").read_bytes()
    after = list(csv.reader(io.StringIO(filled.decode()), delimiter=delimiter))
    by_id = {row[1]: row for row in after}
    for person in PEOPLE:
        cell = by_id[str(person.number)][6]
        assert float(cell.replace(",", ".")) == points_of(person) * 5
    for old, new in zip(before, after, strict=True):
        assert [cell for i, cell in enumerate(old) if i != 6] == [
            cell for i, cell in enumerate(new) if i != 6
        ]
    assert "Of these in it there is no result: Student, Test." in done.stdout
    assert "4 scores are filled in." in done.stdout
    # What was empty for the test student stays empty, since Canvas erases no score for nothing.
    assert by_id["9999"][6] == ""


def test_no_other_byte_of_a_canvas_file_changes(canvas: Path, tmp_path: Path) -> None:
    odd = (
        b'\xef\xbb\xbf"Student","ID",SIS Login ID,Section,"D, ""L"" (5501)",Note\r\n'
        b'    Points Possible,,,,"100",\r\n'
        b'"Lovelace, Ada",4101,ada,"A\nB","","x, ""y"""\r\n'
        b"O'Brien,4102,zoe,,EX,=1+1\r\n"
        b"Wang,4103,wang,, ,last"
    )
    (tmp_path / "g.csv").write_bytes(odd)
    exported(canvas, "--to", "canvas", "--into", tmp_path / "g.csv", "--out", tmp_path / "o.csv")
    expected = odd.replace(b'"A\nB",""', b'"A\nB","40"').replace(b"wang,, ,", b"wang,,40,")
    assert (tmp_path / "o.csv").read_bytes() == expected


def test_which_canvas_column_is_asked_for_where_there_are_several(
    canvas: Path, tmp_path: Path
) -> None:
    (tmp_path / "g.csv").write_bytes(canvas_gradebook())
    for options, told in ((), "it holds several assignments"), (
        ("--assignment", "77"), "it has no (77)",
    ):  # fmt: skip
        done = autograder(
            "export", canvas, "--to", "canvas", "--into", tmp_path / "g.csv", *options
        )
        assert done.returncode == 2
        assert f"g.csv cannot be filled: {told}: give --assignment, one of 5500 for" in done.stderr


@pytest.mark.parametrize("german", [False, True])
def test_moodle_gets_its_worksheet_back_with_grades(
    moodle: Path, tmp_path: Path, german: bool
) -> None:
    (tmp_path / "w.csv").write_bytes(moodle_worksheet(german=german))
    done = exported(
        moodle, "--to", "moodle", "--into", tmp_path / "w.csv", "--out", tmp_path / "m.csv"
    )
    text = (tmp_path / "m.csv").read_bytes().decode()
    assert text.startswith("﻿")
    before = list(csv.reader(io.StringIO((tmp_path / "w.csv").read_bytes().decode())))
    after = list(csv.reader(io.StringIO(text)))
    grade = before[0].index("Bewertung" if german else "Grade")
    for old, new in zip(before, after, strict=True):
        changed = [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        assert changed == ([] if old in (before[0], before[-1]) else [grade, len(old) - 1])
    grades = {row[1]: row[grade] for row in after[1:]}
    mark = "," if german else "."
    scaled = {p.name: f"{points_of(p) * 2.5:g}".replace(".", mark) for p in PEOPLE}
    assert grades == scaled | {"No Body": ""}
    assert "Of these in it there is no result: No Body." in done.stdout
    with zipfile.ZipFile(tmp_path / "m-feedback.zip") as archive:
        names = archive.namelist()
        page = archive.read(names[0]).decode()
    assert "Ada Lovelace_4101_assignsubmission_file_/feedback.html" in names
    assert len(names) == len(PEOPLE)
    assert "<!DOCTYPE html>" in page


def test_a_moodle_teams_number_is_never_taken_for_a_participants(
    tmp_path: Path,
) -> None:
    team = Person("Team Blue", 4102, "", "")
    out = graded(moodle_download(tmp_path / "s.zip", [team]))
    (tmp_path / "w.csv").write_bytes(moodle_worksheet())
    done = exported(
        out, "--to", "moodle", "--into", tmp_path / "w.csv", "--out", tmp_path / "m.csv"
    )
    assert (tmp_path / "m.csv").read_bytes() == moodle_worksheet()
    assert "Team Blue has the number of Zoë O'Brien here: if it is a team" in done.stdout
    assert "belong to nobody in it: Team Blue." in done.stdout


def test_gradescopes_results_are_one_file_a_submission(tmp_path: Path) -> None:
    out = graded(gradescope_download(tmp_path / "export.zip"))
    exported(out, "--to", "gradescope")
    for person in PEOPLE:
        (path,) = (out / "export" / "gradescope").glob(f"*_{person.sid}.json")
        content = json.loads(path.read_text())
        assert content["score"] == points_of(person)
        assert sum(test["max_score"] for test in content["tests"]) == MAXIMUM


def test_a_gradescope_class_fills_a_canvas_gradebook_by_sid(tmp_path: Path) -> None:
    out = graded(gradescope_download(tmp_path / "export.zip"))
    (tmp_path / "g.csv").write_bytes(canvas_gradebook(points="10"))
    exported(out, "--to", "canvas", "--into", tmp_path / "g.csv", "--assignment", "5501",
             "--out", tmp_path / "o.csv")  # fmt: skip
    rows = {r[2]: r[6] for r in csv.reader((tmp_path / "o.csv").read_text().splitlines())}
    assert {p.sid: rows[p.sid] for p in PEOPLE} == {p.sid: f"{points_of(p):g}" for p in PEOPLE}


CLASSROOM50 = {
    "type": "object",
    "additionalProperties": False,
    "required": ["schema", "classroom", "assignment", "assignment_type", "owner", "submission",
                 "commit", "release", "review", "datetime", "score", "max-score", "tests"],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        **{name: {"type": "string"} for name in
           ("classroom", "assignment", "owner", "commit", "release", "review")},
        "assignment_type": {"enum": ["individual", "group", "team"]},
        "submission": {"type": "string", "pattern": "^submit/"},
        "datetime": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
        "score": {"type": "integer", "minimum": 0},
        "max-score": {"type": "integer", "minimum": 0},
        "tests": {"type": "array", "items": {
            "type": "object",
            "required": ["test-name", "passed", "score", "max-score"],
            "properties": {"test-name": {"type": "string"}, "passed": {"type": "boolean"},
                           "score": {"type": "integer", "minimum": 0},
                           "max-score": {"type": "integer", "minimum": 0}}}},
    },
}  # fmt: skip


def test_classroom_50_gets_results_that_its_schema_takes(tmp_path: Path) -> None:
    root = classroom50_download(tmp_path, {"ada": COUNT, "bob": MISCOUNT, "eve": COUNT})
    (root / "ml-course-descent-eve" / "result.json").write_text("[1")
    out = tmp_path / "out"
    done = autograder("grade", root, "--out", out, "--jobs", 1)
    assert "This is a Classroom 50 download of 3 students, or groups" in done.stdout
    done = exported(out, "--to", "classroom50", "--out", tmp_path / "r")
    assert "the clone of eve holds no result.json" in done.stderr
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == ["ada", "bob"]
    for login, score in (("ada", 4), ("bob", 0)):
        result: dict[str, Any] = json.loads((tmp_path / "r" / login / "result.json").read_text())
        jsonschema.validate(result, CLASSROOM50)
        assert (result["owner"], result["score"], result["max-score"]) == (login, score, MAXIMUM)


def test_names_become_no_formulas_and_ids_stay_what_they_are(canvas: Path, tmp_path: Path) -> None:
    evil = [Person("=cmd|' /C calc'!A0", 7, "007", "e@x"), Person("@SUM(A1)", 8, "008", "f@x")]
    out = graded(moodle_download(tmp_path / "s.zip", evil))
    exported(out, "--to", "csv", "--out", tmp_path / "g.csv")
    with (tmp_path / "g.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert not any(re.match(r"[=+\-@\t\r]", cell) for row in rows for cell in row.values())
    assert [row["ids"] for row in rows] == ["moodle_participant_id=7", "moodle_participant_id=8"]
    exported(out, "--to", "json", "--out", tmp_path / "r.json")
    results = json.loads((tmp_path / "r.json").read_text())
    assert [r["source"]["ids"]["moodle_participant_id"] for r in results] == ["7", "8"]
    assert all(r["source"]["lms"] == "moodle" for r in results)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--to", "canvas"], "--into is needed: the gradebook that Canvas exported."),
        (["--to", "csv", "--into", "x.csv"], "--into is for canvas and moodle."),
        (["--to", "moodle", "--into", "x.csv", "--assignment", "1"], "--assignment is for canvas."),
        (["--to", "moodle", "--into", "no-such.csv"], "no-such.csv: No such file or directory."),
        (["--to", "canvas", "--into", __file__], "cannot be filled"),
        (["--to", "moodle", "--into", __file__], "cannot be filled"),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(
    canvas: Path, arguments: list[str], told: str
) -> None:
    done = autograder("export", canvas, *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_folder_without_a_gradebook_is_said_so(tmp_path: Path) -> None:
    done = autograder("export", tmp_path, "--to", "csv")
    assert done.returncode == 2
    assert "gradebook.sqlite does not exist: grade a class into that folder first." in done.stderr


def filled_canvas(out: Path, rows: str) -> dict[str, str]:
    """Exports into a gradebook of these rows, and returns the scores by id."""
    book = out.parent / "book.csv"
    header = "Student,ID,SIS User ID,SIS Login ID,Section,HW (5501)\n    Points Possible,,,,,10\n"
    book.write_text(header + rows)
    exported(out, "--to", "canvas", "--into", book, "--out", out.parent / "filled.csv")
    lines = list(csv.reader((out.parent / "filled.csv").read_text().splitlines()))
    return {row[1]: row[5] for row in lines[2:]}


def gradescope_of(path: Path, *people: tuple[str, str, str, str]) -> Path:
    """An export of (number, name, sid, email) of people who all count words right."""
    lines = []
    for number, name, sid, email in people:
        lines += [f"submission_{number}:", "  :submitters:", f"  - :name: {name}"]
        lines += [f"    :sid: '{sid}'"] if sid else []
        lines += [f"    :email: {email}"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("submission_metadata.yml", "\n".join(lines) + "\n")
        for number, *_ in people:
            archive.writestr(f"submission_{number}/words.py", COUNT)
    return path


def test_a_classroom_50_login_is_canvass_login(tmp_path: Path) -> None:
    out = graded(classroom50_download(tmp_path, {"ada": COUNT, "bob": MISCOUNT}))
    rows = '"Lovelace, A",1,001,ada,A,\n"Bobson, B",2,002,bob,A,\n'
    assert filled_canvas(out, rows) == {"1": "4", "2": "0"}


def test_the_name_before_an_at_sign_is_nobodys_login(tmp_path: Path) -> None:
    out = graded(gradescope_of(tmp_path / "e.zip", ("1", "Bob Smith", "", "smith@mail.example")))
    rows = '"Smith, Jane",1,001,smith,A,88\n"Smith, Bob",2,002,bsmith3,A,\n'
    assert filled_canvas(out, rows) == {"1": "88", "2": "4"}


def test_a_name_that_two_have_is_matched_to_nobody(tmp_path: Path) -> None:
    people = [("1", "Jane Doe", "001", "j1@x"), ("2", "Jane Doe", "999", "j2@x")]
    out = graded(gradescope_of(tmp_path / "e.zip", *people))
    rows = '"Doe, Jane",1,001,j1,A,\n"Doe, Jane",2,002,j2,A,77\n'
    assert filled_canvas(out, rows) == {"1": "4", "2": "77"}


def test_an_id_that_two_results_claim_is_filled_for_neither_and_told(tmp_path: Path) -> None:
    people = [("1", "Jane Doe", "001", "j@x"), ("2", "Mallory", "001", "m@x")]
    out = graded(gradescope_of(tmp_path / "e.zip", *people))
    rows = '"Doe, Jane",1,001,j1,A,88\n"Roe, Bob",2,002,b,A,77\n'
    assert filled_canvas(out, rows) == {"1": "88", "2": "77"}
    done = exported(
        out, "--to", "canvas", "--into", tmp_path / "book.csv", "--out", tmp_path / "again.csv"
    )
    assert "More than one submission has the id 001: it is nobody's." in done.stdout


def test_each_member_of_a_group_gets_its_score(tmp_path: Path) -> None:
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "submission_metadata.yml",
            "submission_5:\n  :submitters:\n  - :name: Ada\n    :sid: '007'\n"
            "  - :name: Bo\n    :sid: '008'\n",
        )
        archive.writestr("submission_5/words.py", COUNT)
    rows = '"A",1,007,a,A,\n"B",2,008,b,A,\n"C",3,009,c,A,\n'
    assert filled_canvas(graded(path), rows) == {"1": "4", "2": "4", "3": ""}


@pytest.mark.parametrize(
    ("folder", "identifier", "name"),
    [("Team A-Ada L_1", "Participant 1", "Ada L"), ("Participant_1", "Participant 1", ""),
     ("Teilnehmer/in_1", "Teilnehmer/in1", "")],
)  # fmt: skip
def test_moodles_older_teams_and_blind_marking_are_matched(
    tmp_path: Path, folder: str, identifier: str, name: str
) -> None:
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w") as archive:
        place = f"{folder.replace('/', '')}_assignsubmission_file"
        archive.writestr(f"{place}/words.py", COUNT)
    (tmp_path / "w.csv").write_text(
        "Identifier,Full name,Status,Grade,Maximum grade,Grade can be changed,"
        "Last modified (grade)\n"
        f"{identifier},{name},Submitted,,10.00,Yes,\n\n"
    )
    exported(graded(path), "--to", "moodle", "--into", tmp_path / "w.csv",
             "--out", tmp_path / "m.csv")  # fmt: skip
    # There is no column of comments, so the last one stays as it is.
    assert (tmp_path / "m.csv").read_text().splitlines()[1].endswith("Submitted,4,10.00,Yes,")


def test_a_locked_grade_is_left_alone_and_our_own_comment_replaced(tmp_path: Path) -> None:
    out = graded(moodle_download(tmp_path / "s.zip"))
    sheet = moodle_worksheet().decode()
    old = "0 of 10 points; 0 of 3 exercises are fully right. The rest is in the feedback file."
    lines = sheet.split("\n")
    lines[1] = lines[1].replace(",Yes,", ",No,")
    lines[2] = lines[2] + f'"{old}"'
    (tmp_path / "w.csv").write_text("\n".join(lines))
    done = exported(
        out, "--to", "moodle", "--into", tmp_path / "w.csv", "--out", tmp_path / "m.csv"
    )
    read = list(csv.reader((tmp_path / "m.csv").read_text().splitlines()))
    assert read[1] == next(iter(csv.reader([lines[1]])))
    assert "Ada Lovelace's grade is locked there" in done.stdout
    assert read[3][-1].startswith("4 of 10 points; 1 of 3")


def test_no_path_leads_out_of_the_feedback_archive(tmp_path: Path) -> None:
    folder = tmp_path / "download" / "A\\..\\b_7_assignsubmission_file"
    folder.mkdir(parents=True)
    (folder / "words.py").write_text(COUNT)
    out = graded(tmp_path / "download")
    header = "Identifier,Full name,Status,Grade,Maximum grade,Feedback comments\n"
    (tmp_path / "w.csv").write_text(f"{header}Participant 7,A..b,Submitted,,10,\n")
    exported(out, "--to", "moodle", "--into", tmp_path / "w.csv", "--out", tmp_path / "m.csv")
    with zipfile.ZipFile(tmp_path / "m-feedback.zip") as archive:
        assert archive.namelist() == ["Ab_7_assignsubmission_file_/feedback.html"]


def test_what_was_exported_into_is_never_overwritten(canvas: Path, tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_bytes(canvas_gradebook())
    for out in (tmp_path / "g.csv", canvas / "gradebook.sqlite"):
        done = autograder("export", canvas, "--to", "canvas", "--into", tmp_path / "g.csv",
                          "--assignment", "5501", "--out", out)  # fmt: skip
        assert done.returncode == 2
        assert "would be overwritten: choose another --out." in done.stderr
    assert (tmp_path / "g.csv").read_bytes() == canvas_gradebook()


def test_points_add_up_where_an_exercise_does_not_count(tmp_path: Path) -> None:
    out = graded(gradescope_download(tmp_path / "e.zip"), "--not-counted", "rows.running_means")
    exported(out, "--to", "gradescope")
    for path in (out / "export" / "gradescope").iterdir():
        content = json.loads(path.read_text())
        assert content["score"] == sum(test["score"] for test in content["tests"])
        assert sum(test["max_score"] for test in content["tests"]) == MAXIMUM - 3

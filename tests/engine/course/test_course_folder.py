"""A course is a folder: any NumPy course can be begun, checked, graded, packed and certified."""

import io
import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from autograder.course import BUNDLED, Course, load_course
from autograder.course.code import load
from autograder.course.files import archive_of, digest_of, unpack
from autograder.course.recorded import record_of, recorded_course
from autograder.references import reference
from tests.commands import autograder as command
from tests.here import autograder_here as autograder
from tests.places import ROOT
from tests.small import SMALL, changed_words

ANN = """
def count_words(text):
    return dict.fromkeys(text.lower().split(), 1)


def most_frequent(text):
    words = text.lower().split()
    return max(words, key=words.count)
"""
ROWS = "import numpy as np\n\n\ndef running_means(values):\n    return list(np.cumsum(values))\n"


@pytest.fixture
def students(tmp_path: Path) -> Path:
    """A class of two: one makes mistakes, one hands in the solutions."""
    folder = tmp_path / "class"
    for name in ("ann", "bob"):
        (folder / name).mkdir(parents=True)
    (folder / "ann" / "words.py").write_text(ANN)
    (folder / "ann" / "rows.py").write_text(ROWS)
    for path in (SMALL / "solutions").glob("*.py"):
        shutil.copy(path, folder / "bob")
    return folder


def grade(students: Path, out: Path, *more: object, code: int = 0) -> str:
    done = autograder("grade", students, "--out", out, *more)
    assert done.returncode == code, done.stderr
    return done.stderr


def result(out: Path, name: str) -> dict[str, dict[str, object]]:
    graded = json.loads((out / "results" / f"{name}.json").read_text())
    return {exercise["id"]: exercise for exercise in graded["exercises"]}


def files_of(course: Path) -> list[Path]:
    """A course's files, without what Python leaves beside them."""
    return [p for p in course.rglob("*") if p.is_file() and p.parent.name != "__pycache__"]


def test_a_course_whose_functions_return_dicts_text_none_and_lists_is_graded(
    students: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    grade(students, out, "--course", SMALL, "--jobs", 2)
    bob, ann = result(out, "bob"), result(out, "ann")
    assert [e["outcome"] for e in bob.values()] == ["correct"] * 3
    assert [e["score"] for e in bob.values()] == [4, 3, 3]
    named = {id: m["id"] for id, e in ann.items() if isinstance(m := e["mistake"], dict)}
    assert named == {
        "words.count_words": "count_words.once",
        "rows.running_means": "running_means.sums",
    }
    # Where there is no word it stops, and is right elsewhere.
    assert ann["words.most_frequent"]["outcome"] == "partly"
    page = (out / "feedback" / "ann.html").read_text()
    assert "Every count is 1" in page
    assert "Words and rows" in page


def test_a_gradebook_keeps_its_course_and_is_no_other_courses(
    students: Path, tmp_path: Path
) -> None:
    course, out = tmp_path / "course", tmp_path / "out"
    shutil.copytree(SMALL, course)
    grade(students, out, "--course", course)
    told = grade(ROOT / "examples" / "class" / "ada", out, code=2)
    assert told == (
        f"autograder: {out} holds results of another course, 'Words and rows', and this is "
        "'Basics of deep learning': choose another folder.\n"
    )
    # Its files may be gone, or another's: reports are made of what the gradebook keeps.
    before = (out / "feedback" / "ann.html").read_text()
    shutil.rmtree(course)
    (out / "feedback" / "ann.html").unlink()
    assert autograder("report", out).returncode == 0
    assert (out / "feedback" / "ann.html").read_text() == before
    assert autograder("export", out, "--to", "csv").returncode == 0


def test_a_course_of_ones_own_takes_three_commands_to_a_graded_class(tmp_path: Path) -> None:
    course, out = tmp_path / "mine", tmp_path / "out"
    assert autograder("course", "new", course).returncode == 0
    done = autograder("verify", "--course", course)
    assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "class" / "ann").mkdir(parents=True)
    shutil.copy(course / "solutions" / "averages.py", tmp_path / "class" / "ann")
    grade(tmp_path / "class", out, "--class", "--course", course)
    assert result(out, "ann")["averages.mean"]["score"] == 5
    again = autograder("course", "new", course)
    assert again.returncode == 2
    assert again.stderr.endswith("choose a folder that is not there.\n")


def test_the_small_course_is_whole_and_its_graders_catch_what_they_should() -> None:
    done = autograder("verify", "--course", SMALL)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_places_of_one_more_exercise_are_written_and_named(tmp_path: Path) -> None:
    course = tmp_path / "mine"
    autograder("course", "new", course)
    before = {p: p.read_text() for p in files_of(course)}
    # The last is of a lesson that is called like an exercise of another.
    for exercise in ("averages.median", "spread.range_of", "mean.of_two"):
        done = autograder("course", "add", exercise, "--course", course)
        assert done.returncode == 0, done.stderr
        for line in done.stdout.splitlines():
            assert Path(line.partition(": ")[0]).is_file()
    made = load_course(course)
    assert list(made.exercises) == [
        *("averages.mean", "averages.median", "spread.range_of", "mean.of_two")
    ]
    # What was there stays as it was, with something behind it.
    for path, text in before.items():
        if path.suffix == ".py" and path.stem != "variants":
            assert path.read_text().startswith(text.rstrip())
    # What is not written yet is one sentence.
    told = command("verify", "--course", course)  # This process has loaded what it was before.
    assert told.returncode == 2
    assert "exercises/checks/averages.py: the reference solution of averages.median fails" in (
        told.stderr
    )
    assert told.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "name", ["averages.mean", "mean", "averages.", "Averages.x", "a.b-c", "a.if"]
)
def test_what_is_no_name_for_a_new_exercise_is_refused(tmp_path: Path, name: str) -> None:
    course = tmp_path / "mine"
    autograder("course", "new", course)
    before = {p: p.read_text() for p in files_of(course)}
    done = autograder("course", "add", name, "--course", course)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert {p: p.read_text() for p in files_of(course)} == before


def test_students_commands_find_their_own_course_above_and_graders_none(tmp_path: Path) -> None:
    far = tmp_path / "a" / "b" / "c" / "d"
    course = tmp_path / "words"
    shutil.copytree(SMALL, course)
    deep = course / "exercises" / "x" / "y"
    deep.mkdir(parents=True)
    done = autograder("hint", "count_words", cwd=deep)
    assert done.returncode == 0, done.stderr
    assert f"The course is Words and rows, in {course}." in done.stderr
    too_deep = deep / "z" / "more"
    too_deep.mkdir(parents=True)
    assert autograder("hint", "count_words", cwd=too_deep).returncode == 2
    # Nor above one's home, wherever that is.
    environment = os.environ | {"HOME": str(deep)}
    assert command("hint", "count_words", cwd=deep, env=environment).returncode == 2
    far.mkdir(parents=True)
    # Whoever grades from such a folder grades by the course that came with the package.
    shutil.copy(ROOT / "solutions" / "activations.py", far)
    grade(far / "activations.py", tmp_path / "out", "--course", BUNDLED)
    done = autograder("grade", far / "activations.py", "--out", tmp_path / "other", cwd=course)
    assert done.returncode == 0, done.stderr
    graded = json.loads((tmp_path / "other" / "results" / "activations.json").read_text())
    assert graded["max_score"] == load_course().max_score


def test_a_course_is_named_by_the_environment_too(students: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    environment = os.environ | {"AUTOGRADER_COURSE": str(SMALL)}
    done = command("grade", students, "--out", out, env=environment)
    assert done.returncode == 0, done.stderr
    assert len(result(out, "bob")) == 3


def test_two_courses_are_in_use_at_once(course: Course) -> None:
    words = load_course(SMALL)
    assert reference(words, "words.most_frequent")("a b a") == "a"
    assert reference(course, "gradient_descent.predict")(2.0, 3.0) == 6.0
    assert load(words.root, "solutions.words") is not load(course.root, "solutions.activations")


def test_a_course_travels_as_an_archive_and_a_record(tmp_path: Path, course: Course) -> None:
    for one in (course, load_course(SMALL)):
        folder = tmp_path / re.sub(r"\W", "", one.title)
        unpack(archive_of(one), folder)
        assert digest_of(load_course(folder)) == digest_of(one)
        kept = recorded_course(record_of(one))
        assert kept.said == one.said
        assert kept.contracts is not None
        assert kept.contracts.keys() == one.exercises.keys()


def test_a_release_with_what_is_out_of_date_says_so(tmp_path: Path) -> None:
    course = changed_words(
        tmp_path, {"solutions/rows.py": [("Return the mean of", "Return each mean of")]}
    )
    done = autograder("package", "student", "--out", tmp_path, "--course", course.root)
    assert done.returncode == 0, done.stderr
    told = "is not what the solutions make today, and is packed as it is"
    assert [line.partition(" ")[0] for line in done.stderr.splitlines() if told in line] == [
        *("exercises/rows.py", "exercises/rows.ipynb")
    ]
    assert autograder("course", "generate", "--course", course.root).returncode == 0
    done = autograder("package", "student", "--out", tmp_path, "--course", course.root)
    assert done.stderr == ""


def test_an_exercise_that_is_not_written_yet_stops_generating_with_a_sentence(
    tmp_path: Path,
) -> None:
    course = changed_words(
        tmp_path,
        {"solutions/rows.py": [("    sums =", "    raise NotImplementedError\n    sums =")]},
    )
    done = autograder("course", "generate", "--course", course.root)
    assert done.returncode == 2
    assert done.stderr == (
        "autograder: exercises/checks/rows.py: the reference solution of rows.running_means fails "
        "test_means_of_three: NotImplementedError.\n"
    )


def test_archives_hold_the_course_that_is_named(tmp_path: Path) -> None:
    done = autograder("package", "student", "--out", tmp_path, "--course", SMALL)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "words-and-rows.zip") as release:
        names = release.namelist()
        assert "words-and-rows/exercises/words.py" in names
        assert not any("graders/" in name or "solutions/" in name for name in names)
    done = autograder("package", "gradescope", "--out", tmp_path, "--course", SMALL)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / "gradescope.zip") as archive:
        (wheel,) = (name for name in archive.namelist() if name.endswith(".whl"))
        with zipfile.ZipFile(io.BytesIO(archive.read(wheel))) as packed:
            bundled = {n for n in packed.namelist() if n.startswith("autograder/bundled/")}
    assert "autograder/bundled/graders/words/checks.py" in bundled
    assert not any("activations" in name for name in bundled)

"""Only what has changed is graded again, and who gained or lost by it is shown."""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import Checkout
from tests.grading.classes import grade, graded_at, make_class, reports, run
from tests.seeds import SEED

LESSONS = ("gradient_descent", "backpropagation", "vanishing_gradient", "activations")
# Right until a moment, then wrong: whoever has other points afterwards was graded again.
ONLY_ONCE = """
import os
import numpy as np
RIGHT = not os.path.exists({mark!r})

def {name}(*given):
    return {right} if RIGHT else None
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path / "checkout")


def scores(out: Path, submission: str = "jane") -> dict[str, float]:
    result: dict[str, Any] = json.loads((out / "results" / f"{submission}.json").read_text())
    return {e["id"]: e["score"] for e in result["exercises"] if e["score"]}


@pytest.mark.parametrize("kind", ["graders", "checks", "mistakes", "solutions", "course"])
def test_a_change_to_one_lesson_changes_the_key_of_that_lesson_alone(
    checkout: Checkout, kind: str
) -> None:
    before = checkout.keys()
    assert tuple(before) == LESSONS
    if kind == "course":
        checkout.change("exercises/course.toml", 'id = "softmax"', 'id = "softmax" # the same')
        assert checkout.keys() == before
        checkout.change("exercises/course.toml", "points = 4\n", "points = 3\n")
    else:
        path = (
            checkout.folder
            / {
                "graders": "graders/gradient_descent/checks.py",
                "checks": "exercises/checks/gradient_descent.py",
                "mistakes": "graders/gradient_descent/mistakes.py",
                "solutions": "solutions/gradient_descent.py",
            }[kind]
        )
        path.write_text(path.read_text() + "\n# Another word.\n")
    after = checkout.keys()
    changed = [lesson for lesson in LESSONS if after[lesson] != before[lesson]]
    assert changed == ["gradient_descent"]


@pytest.mark.parametrize(
    "path",
    ["compare.py", "clauses.py", "checking/scoring.py", "sandbox/worker.py",
     "mistakes/recognition.py", "examiner/follow_through.py"],
)  # fmt: skip
def test_a_change_to_what_all_lessons_share_changes_every_key(
    checkout: Checkout, path: str
) -> None:
    before = checkout.keys()
    changed = checkout.folder / "autograder" / path
    changed.write_text(changed.read_text() + "\n# Another word.\n")
    after = checkout.keys()
    assert all(after[lesson] != before[lesson] for lesson in LESSONS)


def test_whatever_the_examiner_imports_is_in_the_keys() -> None:
    # What reads files, and what counts of the marks afterwards, is no part of a lesson's marks;
    # and the packages' own files are empty but for a sentence.
    outside = ("autograder.submissions", "autograder.policies")
    packages = {"autograder", "autograder.mistakes", "autograder.checking"}
    code = (
        "import sys, autograder.examiner; from autograder.course import load_course; "
        "from autograder.examiner import Examiner\n"
        "with Examiner(seed=1): pass\n"
        "from autograder.examiner.keys import shared_files, what_marks_depend_on\n"
        "known = {str(p) for p in shared_files()}\n"
        "known |= {str(p) for m in load_course().modules "
        "for p in what_marks_depend_on(load_course(), m.id)}\n"
        "for name, module in sorted(sys.modules.items()):\n"
        "    file = getattr(module, '__file__', None)\n"
        "    ours = name.partition('.')[0].startswith('autograder')\n"
        "    if ours and file and file not in known:\n"
        "        print(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    missing = {name for name in done.stdout.split() if not name.startswith(outside)}
    assert missing <= packages


def test_after_a_fix_to_one_lessons_graders_only_that_lesson_is_graded_again(
    checkout: Checkout, tmp_path: Path
) -> None:
    jane = tmp_path / "class" / "jane"
    jane.mkdir(parents=True)
    (tmp_path / "class" / "joe").mkdir()
    (tmp_path / "class" / "joe" / "activations.py").write_text(
        "import numpy as np\ndef relu(z): return np.maximum(0, z)\n"
    )
    # What a student's process is told of files is whether they exist, wherever its user may look.
    public = Path(tempfile.mkdtemp())
    public.chmod(0o711)
    mark = public / "mark"
    right = {
        "activations": ("relu", "np.maximum(0, given[0])"),
        "gradient_descent": ("predict", "given[0] * given[1]"),
    }
    for module, (name, formula) in right.items():
        source = ONLY_ONCE.format(mark=str(mark), name=name, right=formula)
        (jane / f"{module}.py").write_text(source)
    out = tmp_path / "out"
    grading = ("grade", tmp_path / "class", "--out", out, "--jobs", 1)
    checkout.autograder(*grading)
    before = scores(out)
    assert set(before) == {"activations.relu", "gradient_descent.predict"}
    mark.touch()
    done = checkout.autograder(*grading)
    assert "Nothing has changed since it was graded before" in done.stdout
    assert scores(out) == before
    # A weight, which changes nothing for who has all right or all wrong.
    checkout.change("graders/activations/checks.py", "@points(", "@points(1 + ")
    done = checkout.autograder(*grading)
    assert scores(out) == {"gradient_descent.predict": before["gradient_descent.predict"]}
    assert "0 gained points, 1 lost points" in done.stdout
    report = checkout.autograder("report", out)
    assert "activations.relu 2 \u2192 0" in report.stdout
    assert "joe" not in report.stdout
    page = (out / "report.html").read_text()
    assert "Changed by grading again" in page
    # What was graded by a fresh start is the same, whatever was kept on the way to it.
    checkout.autograder("export", out, "--to", "csv")
    assert "lost points" not in checkout.autograder("report", out).stdout
    assert "Changed by grading again" not in (out / "report.html").read_text()


def test_what_is_kept_and_what_is_graded_again_make_the_same_result_as_a_fresh_start(
    checkout: Checkout, tmp_path: Path
) -> None:
    students = make_class(tmp_path / "class", 8)
    out, fresh = tmp_path / "out", tmp_path / "fresh"
    checkout.autograder("grade", students, "--out", out, "--seed", SEED)
    graded = graded_at(out)
    checkout.change("graders/backpropagation/checks.py", "@points(", "@points(3 + ")
    checkout.autograder("grade", students, "--out", out)
    checkout.autograder("export", out, "--to", "json")
    shutil.rmtree(out / "export")
    checkout.autograder("report", out)
    assert graded_at(out).keys() == graded.keys()
    checkout.autograder("grade", students, "--out", fresh, "--seed", SEED)
    assert reports(out) == reports(fresh)


def test_another_seed_or_limit_grades_everything_again(tmp_path: Path) -> None:
    students, out = make_class(tmp_path / "class", 3), tmp_path / "out"
    run(grade(students, out, "--jobs", 1))
    first = graded_at(out)
    assert "not graded again" not in run(grade(students, out, seed=5)).stdout
    second = graded_at(out)
    assert all(second[name] > first[name] for name in first)
    assert "nothing was graded again" in run(grade(students, out, seed=5)).stdout
    assert graded_at(out) == second
    assert "graded again" not in run(grade(students, out, "--again", seed=5)).stdout
    third = graded_at(out)
    done = run(grade(students, out, "--call-seconds", 3, seed=5))
    assert graded_at(out) != third
    assert "lost points" not in done.stdout  # The same points are no news.


def test_one_new_submission_is_graded_alone(tmp_path: Path) -> None:
    students, out = make_class(tmp_path / "class", 3), tmp_path / "out"
    run(grade(students, out, "--jobs", 1))
    first = graded_at(out)
    make_class(tmp_path / "more", 1)
    shutil.copytree(tmp_path / "more" / "s00-ada", students / "zoe")
    done = run(grade(students, out))
    assert "3 of these are as they were graded before, and were not graded again." in done.stdout
    assert first.items() < graded_at(out).items()


def test_a_gradebook_of_the_version_before_is_taken_on(tmp_path: Path) -> None:
    students, out = make_class(tmp_path / "class", 2), tmp_path / "out"
    run(grade(students, out, "--jobs", 1))
    whole = reports(out)
    with sqlite3.connect(out / "gradebook.sqlite") as book:
        book.executescript(
            "ALTER TABLE submissions DROP COLUMN before; DROP TABLE files; PRAGMA user_version = 2;"
        )
    book.close()
    run(grade(students, out))
    assert reports(out) == whole

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

from autograder.course import load_course
from autograder.examiner.keys import lesson_keys, what_marks_depend_on
from autograder.sandbox.process import Limits
from tests.checkout import Checkout
from tests.engine.grading.classes import grade, graded_at, make_small_class, reports, run, run_here
from tests.here import autograder_here
from tests.small import COUNT, SMALL, changed_words

LESSONS = ("words", "rows")
# Right until a moment, then wrong: whoever has other points afterwards was graded again.
ONLY_ONCE = """
import os
import numpy as np
RIGHT = not os.path.exists({mark!r})

def words(text):
    return text.lower().split()

def {name}(*given):
    return {right} if RIGHT else None
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the small course that a test may change."""
    return shutil.copytree(SMALL, tmp_path / "own")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def keys(course: Path) -> dict[str, str]:
    return lesson_keys(load_course(course), 1, Limits())


def scores(out: Path, submission: str = "jane") -> dict[str, float]:
    result: dict[str, Any] = json.loads((out / "results" / f"{submission}.json").read_text())
    return {e["id"]: e["score"] for e in result["exercises"] if e["score"]}


@pytest.mark.parametrize(
    "path",
    ["graders/rows/checks.py", "exercises/checks/rows.py", "graders/rows/mistakes.py",
     "solutions/rows.py"],
)  # fmt: skip
def test_a_change_to_one_lesson_changes_the_key_of_that_lesson_alone(own: Path, path: str) -> None:
    before = keys(SMALL)
    assert tuple(before) == LESSONS
    (own / path).write_text((own / path).read_text() + "\n# Another word.\n")
    after = keys(own)
    assert [lesson for lesson in LESSONS if after[lesson] != before[lesson]] == ["rows"]


def test_a_change_to_a_lessons_data_changes_its_key_and_a_comment_does_not(own: Path) -> None:
    data = own / "exercises" / "course.toml"
    change(data, 'id = "running_means"', 'id = "running_means" # the same')
    assert keys(own) == keys(SMALL)
    other = shutil.copytree(own, own.parent / "other")
    change(other / "exercises" / "course.toml", "minutes = 12", "minutes = 13")
    after, before = keys(other), keys(SMALL)
    assert [lesson for lesson in LESSONS if after[lesson] != before[lesson]] == ["rows"]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the project; a test that changes it changes it back."""
    return Checkout(tmp_path_factory.mktemp("project") / "checkout")


@pytest.fixture(scope="module")
def unchanged(checkout: Checkout) -> dict[str, str]:
    """The keys of the copy as it is."""
    return checkout.keys()


@pytest.mark.parametrize(
    "path",
    ["compare.py", "clauses.py", "checking/scoring.py", "sandbox/worker.py",
     "mistakes/recognition.py", "examiner/follow_through.py"],
)  # fmt: skip
@pytest.mark.share(2)
def test_a_change_to_what_all_lessons_share_changes_every_key(
    checkout: Checkout, unchanged: dict[str, str], path: str
) -> None:
    changed = checkout.folder / "autograder" / path
    whole = changed.read_text()
    changed.write_text(whole + "\n# Another word.\n")
    try:
        after = checkout.keys()
    finally:
        changed.write_text(whole)
    assert after.keys() == unchanged.keys()
    assert all(after[lesson] != unchanged[lesson] for lesson in unchanged)


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
        "known |= {str(p) for m in load_course().lessons "
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


@pytest.mark.parametrize(
    "code",
    [
        "from ..extra import x",
        "from .. import extra",
        "from \\\n    ..extra import x",
        "def f():\n    from ..extra import x",
        "async def f():\n    from ..extra import x",
        "class A:\n    def f(self):\n        from ..extra import x",
        "if x:\n    pass\nelif y:\n    pass\nelse:\n    from ..extra import x",
        "try:\n    pass\nexcept OSError:\n    from ..extra import x",
        "try:\n    pass\nexcept* OSError:\n    from ..extra import x",
        "try:\n    pass\nfinally:\n    from ..extra import x",
        "for i in x:\n    pass\nelse:\n    from ..extra import x",
        "with x:\n    while y:\n        from ..extra import x",
        "match x:\n    case 1:\n        pass\n    case _:\n        from ..extra import x",
    ],
)
def test_a_file_that_is_imported_wherever_it_is_written_is_in_the_key(
    tmp_path: Path, code: str
) -> None:
    course = changed_words(tmp_path, {})
    extra = course.root / "graders" / "extra.py"
    extra.write_text("x = 1\n")
    (course.root / "graders" / "words" / "parts.py").write_text(f"{code}\n")
    assert extra in what_marks_depend_on(course, "words")
    assert extra not in what_marks_depend_on(course, "rows")


def test_after_a_fix_to_one_lessons_graders_only_that_lesson_is_graded_again(
    own: Path, tmp_path: Path
) -> None:
    jane = tmp_path / "class" / "jane"
    jane.mkdir(parents=True)
    (tmp_path / "class" / "joe").mkdir()
    (tmp_path / "class" / "joe" / "words.py").write_text(COUNT)
    # What a student's process is told of files is whether they exist, wherever its user may look.
    public = Path(tempfile.mkdtemp())
    public.chmod(0o711)
    mark = public / "mark"
    right = {
        "words": ("count_words", "{w: [*words(*given)].count(w) for w in words(*given)}"),
        "rows": ("running_means", "[np.mean(given[0][: k + 1]) for k in range(len(given[0]))]"),
    }
    for module, (name, formula) in right.items():
        source = ONLY_ONCE.format(mark=str(mark), name=name, right=formula)
        (jane / f"{module}.py").write_text(source)
    out = tmp_path / "out"
    grading = grade(tmp_path / "class", out, "--jobs", 1, seed=None, course=own)
    run(grading)
    before = scores(out)
    assert before == {"words.count_words": 4, "rows.running_means": 3}
    mark.touch()
    done = run(grading)
    assert "Nothing has changed since it was graded before" in done.stdout
    assert scores(out) == before
    # A weight, which changes nothing for who has all right or all wrong.
    change(own / "graders" / "words" / "checks.py", "@points(", "@points(1 + ")
    done = run(grading)
    assert scores(out) == {"rows.running_means": 3}
    assert "0 gained points, 1 lost points" in done.stdout
    report = autograder_here("report", out)
    assert "words.count_words 4 \u2192 0" in report.stdout
    assert "joe" not in report.stdout
    page = (out / "report.html").read_text()
    assert "Changed by grading again" in page
    # What was graded by a fresh start is the same, whatever was kept on the way to it.
    autograder_here("export", out, "--to", "csv")
    assert "lost points" not in autograder_here("report", out).stdout
    assert "Changed by grading again" not in (out / "report.html").read_text()


def test_what_is_kept_and_what_is_graded_again_make_the_same_result_as_a_fresh_start(
    own: Path, tmp_path: Path
) -> None:
    students = make_small_class(tmp_path / "class", 8)
    out, fresh = tmp_path / "out", tmp_path / "fresh"
    run(grade(students, out, course=own))
    graded = graded_at(out)
    change(own / "graders" / "words" / "checks.py", "@points(", "@points(3 + ")
    run(grade(students, out, seed=None, course=own))
    autograder_here("export", out, "--to", "json")
    shutil.rmtree(out / "export")
    autograder_here("report", out)
    assert graded_at(out).keys() == graded.keys()
    run(grade(students, fresh, course=own))
    assert reports(out) == reports(fresh)


def test_another_seed_or_limit_grades_everything_again(tmp_path: Path) -> None:
    students, out = make_small_class(tmp_path / "class", 3), tmp_path / "out"
    run_here(grade(students, out))
    first = graded_at(out)
    assert "not graded again" not in run_here(grade(students, out, seed=5)).stdout
    second = graded_at(out)
    assert all(second[name] > first[name] for name in first)
    assert "nothing was graded again" in run_here(grade(students, out, seed=5)).stdout
    assert graded_at(out) == second
    assert "graded again" not in run_here(grade(students, out, "--again", seed=5)).stdout
    third = graded_at(out)
    done = run_here(grade(students, out, "--call-seconds", 3, seed=5))
    assert graded_at(out) != third
    assert "lost points" not in done.stdout  # The same points are no news.


def test_one_new_submission_is_graded_alone(tmp_path: Path) -> None:
    students, out = make_small_class(tmp_path / "class", 3), tmp_path / "out"
    run_here(grade(students, out))
    first = graded_at(out)
    make_small_class(tmp_path / "more", 1)
    shutil.copytree(tmp_path / "more" / "s00-ann", students / "zoe")
    done = run_here(grade(students, out))
    assert "3 of these are as they were graded before, and were not graded again." in done.stdout
    assert first.items() < graded_at(out).items()


def test_a_gradebook_of_the_version_before_is_taken_on(tmp_path: Path) -> None:
    students, out = make_small_class(tmp_path / "class", 2), tmp_path / "out"
    run_here(grade(students, out))
    whole = reports(out)
    with sqlite3.connect(out / "gradebook.sqlite") as book:
        book.executescript(
            "ALTER TABLE submissions DROP COLUMN before; DROP TABLE files; PRAGMA user_version = 2;"
        )
    book.close()
    run_here(grade(students, out))
    assert reports(out) == whole

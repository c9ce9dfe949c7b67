"""The seed of the hidden inputs: drawn where nobody says one, kept, and read by no student."""

import html
import json
import re
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest

from tests.checkout import Checkout
from tests.commands import autograder
from tests.engine.grading.classes import grade, graded_at, make_small_class, reports, run, run_here
from tests.seeds import SEED


def seed_of(out: Path) -> int:
    with sqlite3.connect(out / "gradebook.sqlite") as book:
        ((seed,),) = book.execute("SELECT value FROM course WHERE name = 'seed'").fetchall()
    book.close()
    return int(seed)


def written(seed: int) -> re.Pattern[str]:
    """Matches a seed in the forms in which numbers are written."""
    return re.compile(f"{seed}|{seed:x}|{seed:,}|{seed / 1:.6g}", re.IGNORECASE)


def test_a_new_gradebook_draws_a_seed_and_keeps_it_for_every_run_and_process(
    tmp_path: Path,
) -> None:
    students, out, other = (
        make_small_class(tmp_path / "class", 3),
        tmp_path / "out",
        tmp_path / "other",
    )
    run(grade(students, out, "--jobs", 2, seed=None))
    seed, first, whole = seed_of(out), graded_at(out), reports(out)
    assert "so nothing was graded again" in run_here(grade(students, out, seed=None)).stdout
    assert graded_at(out) == first
    run_here(grade(students, out, "--again", seed=None))
    assert (seed_of(out), reports(out)) == (seed, whole)
    run_here(grade(students, other, seed=None))
    assert seed_of(other) != seed
    # Whoever knows it gets the same scores anywhere.
    run_here(grade(students, tmp_path / "third", seed=seed))
    assert reports(tmp_path / "third") == whole


def test_a_gradebook_made_before_seeds_were_drawn_keeps_the_one_it_was_made_with(
    tmp_path: Path,
) -> None:
    students, out = make_small_class(tmp_path / "class", 2), tmp_path / "out"
    default = 10_946_803_316_419_018_573  # Made of the course's title, and noted by every run.
    run_here(grade(students, out, seed=default))
    first = graded_at(out)
    done = run_here(grade(students, out, seed=None))
    assert "so nothing was graded again" in done.stdout
    assert (seed_of(out), graded_at(out)) == (default, first)


def test_another_seed_is_told_grades_again_and_stays(tmp_path: Path) -> None:
    students, out = make_small_class(tmp_path / "class", 2), tmp_path / "out"
    assert "the seed" not in run_here(grade(students, out, seed=None)).stdout
    seed, first = seed_of(out), graded_at(out)
    done = run_here(grade(students, out, seed=5))
    told = f"{out} was graded with the seed {seed}: all of this is graded again with 5, and so it "
    assert told + "stays until you give another --seed." in done.stdout
    second = graded_at(out)
    assert all(second[name] > first[name] for name in first)
    for seed_again in (5, None):
        done = run_here(grade(students, out, seed=seed_again))
        assert "the seed" not in done.stdout
        assert (seed_of(out), graded_at(out)) == (5, second)


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of one student."""
    home = tmp_path_factory.mktemp("graded")
    run_here(grade(make_small_class(home / "class", 1), home / "out"))
    return home / "out"


@pytest.mark.parametrize("kept", ["", "five", "-5", "9" * 5000])
def test_a_seed_that_is_no_number_is_told(graded: Path, tmp_path: Path, kept: str) -> None:
    out = shutil.copytree(graded, tmp_path / "out")
    with sqlite3.connect(out / "gradebook.sqlite") as book:
        book.execute("UPDATE course SET value = ? WHERE name = 'seed'", (kept,))
    book.close()
    done = run_here(grade(graded.parent / "class", out, seed=None), code=2)
    assert done.stderr == (
        f"autograder: {out / 'gradebook.sqlite'} cannot be used: its seed is no number; choose a "
        "new folder.\n"
    )


def test_no_student_reads_the_seed(tmp_path: Path) -> None:
    students, out = make_small_class(tmp_path / "class", 3), tmp_path / "out"
    (students / "broken").mkdir()
    (students / "broken" / "words.py").write_text("def count_words(:\n")
    run_here(grade(students, out))
    seed = written(SEED)
    assert seed.search((out / "report.html").read_text())  # The teacher does.
    pages = [*(out / "feedback").iterdir(), *(out / "results").iterdir()]
    assert len(pages) == 8
    for page in pages:
        assert not seed.search(html.unescape(page.read_text())), page.name


def test_a_public_check_draws_no_numbers(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path / "copy")
    checkout.change(
        "exercises/checks/activations.py",
        "def test_softmax_of_three_logits(softmax: Any)",
        "def test_softmax_of_three_logits(softmax: Any, generator: Any)",
    )
    done = checkout.autograder("check", "softmax", code=2)
    assert "test_softmax_of_three_logits takes generator, which is no exercise" in done.stderr


def test_an_archive_for_gradescope_holds_a_seed_that_is_drawn_and_told(tmp_path: Path) -> None:
    done = autograder("package", "gradescope", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    told = re.search(r"seed (\d+): keep it to yourself, and .*grade --seed (\d+)`", done.stdout)
    with zipfile.ZipFile(tmp_path / "gradescope.zip") as archive:
        kept = archive.read("seed").decode()
        options = json.loads(archive.read("options.json"))
    assert told is not None
    assert kept == f"{told[1]}\n" == f"{told[2]}\n"
    assert int(kept) != SEED
    assert "seed" not in options


def test_students_archives_have_no_seed(tmp_path: Path) -> None:
    done = autograder("package", "student", "--out", tmp_path, "--seed", 5)
    assert done.returncode == 2
    assert "--seed is for the kinds gradescope and otter." in done.stderr

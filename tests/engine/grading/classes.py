"""Classes to grade, of this course or of the small one, and what came of them."""

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.here import autograder_here
from tests.places import ROOT
from tests.seeds import SEED
from tests.small import COUNT, MISCOUNT, SMALL, SOLUTIONS, WINNER

SAMPLE = ROOT / "examples" / "class"
# Those of the sample class that take no longer than they must.
_QUICK = ("ada", "ben", "chidi", "dmitri", "farah", "gus", "igor", "jun")
_ROWS = SOLUTIONS["rows"]
# What the small course's students hand in: right, wrong, with known mistakes, and in parts only.
_OF_THE_SMALL_COURSE = {
    "ann": SOLUTIONS,
    "bea": {"words": COUNT, "rows": _ROWS},
    "col": {"words": MISCOUNT + WINNER},
    "dan": {"words": COUNT.replace(".lower()", "") + WINNER},
    "eve": {"words": "def count_words(text:\n", "rows": _ROWS},
    "fay": {"rows": _ROWS.replace("total / count", "total")},
    "guy": {"words": SOLUTIONS["words"].replace("return counts", "print(text)\n    return counts")},
    "hal": {"words": COUNT + "\n\ndef most_frequent(text):\n    return text.split()[0]\n"},
}


def make_class(folder: Path, size: int) -> Path:
    """Makes a class of that size from the sample class's folders."""
    for number in range(size):
        name = _QUICK[number % len(_QUICK)]
        student = folder / f"s{number:02}-{name}"
        student.mkdir(parents=True)
        for file in sorted((SAMPLE / name).rglob("*.py")):
            (student / file.name).write_bytes(file.read_bytes())
    return folder


def make_small_class(folder: Path, size: int) -> Path:
    """Makes a class of that size for the small course."""
    kinds = list(_OF_THE_SMALL_COURSE.items())
    for number in range(size):
        name, modules = kinds[number % len(kinds)]
        student = folder / f"s{number:02}-{name}"
        student.mkdir(parents=True)
        for module, text in modules.items():
            (student / f"{module}.py").write_text(text)
    return folder


def grade(
    students: Path,
    out: Path,
    *options: object,
    seed: int | None = SEED,
    course: Path = SMALL,
) -> list[str]:
    """Returns the command that grades a class, with the same hidden inputs each time."""
    chosen = () if seed is None else ("--seed", seed)
    words = ("grade", students, "--out", out, "--class", "--course", course, *chosen, *options)
    return [sys.executable, "-m", "autograder", *map(str, words)]


def run(command: Sequence[str], code: int = 0) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end, which has to be this one."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    return done


def run_here(command: Sequence[str], code: int = 0) -> subprocess.CompletedProcess[str]:
    """Runs a command of `grade` in this process, by itself: one job, and this end."""
    done = autograder_here(*command[3:], "--jobs", 1)
    assert done.returncode == code, done.stderr
    return done


def reports(out: Path) -> dict[str, bytes]:
    """Returns every file of an output folder but the gradebook, by its path."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith("gradebook")
    }


def graded_at(out: Path) -> dict[str, str]:
    """Returns when each submission was graded, by its id."""
    with sqlite3.connect(out / "gradebook.sqlite") as book:
        rows = book.execute("SELECT id, graded_at FROM submissions").fetchall()
    book.close()
    assert len({id for id, _ in rows}) == len(rows), "a submission is there twice"
    return dict(rows)

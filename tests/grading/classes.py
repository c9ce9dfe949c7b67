"""Small classes to grade, and what came of them."""

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.places import ROOT
from tests.seeds import SEED

SAMPLE = ROOT / "examples" / "class"
# Those of the sample class that take no longer than they must.
_QUICK = ("ada", "ben", "chidi", "dmitri", "farah", "gus", "igor", "jun")


def make_class(folder: Path, size: int) -> Path:
    """Makes a class of that size from the sample class's folders."""
    for number in range(size):
        name = _QUICK[number % len(_QUICK)]
        student = folder / f"s{number:02}-{name}"
        student.mkdir(parents=True)
        for file in sorted((SAMPLE / name).rglob("*.py")):
            (student / file.name).write_bytes(file.read_bytes())
    return folder


def grade(students: Path, out: Path, *options: object, seed: int | None = SEED) -> list[str]:
    """Returns the command that grades a class, with the same hidden inputs each time."""
    chosen = () if seed is None else ("--seed", seed)
    words = ("grade", students, "--out", out, *chosen, *options)
    return [sys.executable, "-m", "autograder", *map(str, words)]


def run(command: Sequence[str], code: int = 0) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end, which has to be this one."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
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

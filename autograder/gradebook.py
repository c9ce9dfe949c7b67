"""The gradebook: every result of a class in one SQLite file, from which all reports are made.

Tables, for those who want to ask it something themselves: `submissions` (one row each, with the
whole result as JSON in `record`), `exercises` (one row for each exercise of each submission) and
`course` (what was graded, under which seed, behind which layers of confinement).
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from autograder.results import Result

_SCHEMA = """
CREATE TABLE IF NOT EXISTS course (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS submissions (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, score REAL NOT NULL, max_score REAL NOT NULL,
    graded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), record BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS exercises (
    submission TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE, exercise TEXT NOT NULL,
    score REAL NOT NULL, max_score REAL NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (submission, exercise));
"""


class GradebookError(Exception):
    """A gradebook cannot be used; the message is a sentence that names the file."""


class Gradebook:
    """An open gradebook. Use it as a context manager."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if not create and not path.is_file():
            raise GradebookError(f"{path} does not exist: grade a class into that folder first.")
        self._path = path
        with self._errors():
            self._connection = sqlite3.connect(path)
            # A result is whole or absent after a crash; it need not survive a power failure.
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            self._connection.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def record(self, result: Result) -> None:
        """Stores a result, in place of an earlier one of the same submission."""
        with self._errors(), self._connection as connection:
            connection.execute("DELETE FROM submissions WHERE id = ?", (result.submission,))
            connection.execute(
                "INSERT INTO submissions (id, name, score, max_score, record)"
                " VALUES (?, ?, ?, ?, ?)",
                (
                    result.submission,
                    result.source.name,
                    result.score,
                    result.max_score,
                    msgspec.json.encode(result),
                ),
            )
            connection.executemany(
                "INSERT INTO exercises VALUES (?, ?, ?, ?, ?)",
                [
                    (result.submission, e.id, e.score, e.max_score, e.outcome)
                    for e in result.exercises
                ],
            )

    def describe(self, facts: dict[str, str]) -> None:
        """Stores facts about the grading as a whole, by name."""
        with self._errors(), self._connection as connection:
            connection.executemany("INSERT OR REPLACE INTO course VALUES (?, ?)", facts.items())

    def facts(self) -> dict[str, str]:
        """Returns what `describe` stored."""
        with self._errors():
            return dict(self._connection.execute("SELECT name, value FROM course"))

    def count(self) -> int:
        """Returns how many results there are."""
        with self._errors():
            (count,) = self._connection.execute("SELECT count(*) FROM submissions").fetchone()
            return int(count)

    def results(self) -> Iterator[Result]:
        """Yields every result, in order of id."""
        with self._errors():
            rows = self._connection.execute("SELECT record FROM submissions ORDER BY id")
            for (record,) in rows:
                yield msgspec.json.decode(record, type=Result)

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, msgspec.DecodeError) as error:
            raise GradebookError(f"{self._path} cannot be used: {error}.") from None

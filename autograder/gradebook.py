"""The gradebook: every result of a class in one SQLite file, from which all reports are made.

Tables, for those who want to ask it something themselves: `submissions` (one row an attempt, with
the whole result as JSON in `record`), `exercises` (one row for each exercise of each attempt) and
`course` (what was graded, under which seed, behind which layers of confinement). What is in them is
what was earned; what counts of it follows by the policies, whenever it is read.
"""

import contextlib
import itertools
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from autograder.policies import Policies, what_counts
from autograder.results import Result

# Raised with every change of the tables.
_VERSION: Final = 2
_SCHEMA = """
CREATE TABLE IF NOT EXISTS course (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS submissions (
    id TEXT NOT NULL, attempt INTEGER NOT NULL, digest TEXT NOT NULL, name TEXT NOT NULL,
    score REAL NOT NULL, max_score REAL NOT NULL,
    graded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')), record BLOB NOT NULL,
    PRIMARY KEY (id, attempt));
CREATE TABLE IF NOT EXISTS exercises (
    submission TEXT NOT NULL, attempt INTEGER NOT NULL, exercise TEXT NOT NULL,
    score REAL NOT NULL, max_score REAL NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (submission, attempt, exercise),
    FOREIGN KEY (submission, attempt) REFERENCES submissions (id, attempt) ON DELETE CASCADE);
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
            (version,) = self._connection.execute("PRAGMA user_version").fetchone()
            (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            if tables and version != _VERSION:
                raise sqlite3.DatabaseError(
                    "it was made by another version of this package; choose a new folder"
                )
            self._connection.executescript(_SCHEMA)
            self._connection.execute(f"PRAGMA user_version = {_VERSION}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._connection.close()

    def record(self, result: Result) -> None:
        """Stores a result, as a new attempt or in place of an earlier result of the same one.

        It is the same attempt where an LMS gave the same files at the same time, and elsewhere
        where the files are those of the latest. Its number is the LMS's where that gives one that
        is free, else the next.
        """
        with self._errors(), self._connection as connection:
            identity = _identity(result)
            rows = connection.execute(
                "SELECT digest, attempt FROM submissions WHERE id = ? ORDER BY attempt",
                (result.submission,),
            )
            known: dict[str, int] = dict(rows)
            latest = max(known.values(), default=0)
            attempt = result.source.attempt
            if identity in known and (result.source.lms or known[identity] == latest):
                attempt = known[identity]
            elif attempt in known.values() or not result.source.lms:
                attempt = latest + 1
            source = msgspec.structs.replace(result.source, attempt=attempt)
            result = msgspec.structs.replace(result, source=source)
            connection.execute(
                "DELETE FROM submissions WHERE id = ? AND attempt = ?", (result.submission, attempt)
            )
            connection.execute(
                "INSERT INTO submissions (id, attempt, digest, name, score, max_score, record)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    result.submission,
                    attempt,
                    identity,
                    result.source.name,
                    result.score,
                    result.max_score,
                    msgspec.json.encode(result),
                ),
            )
            connection.executemany(
                "INSERT INTO exercises VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (result.submission, attempt, e.id, e.score, e.max_score, e.outcome)
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
        """Returns how many submissions there are, each with one attempt or several."""
        with self._errors():
            (count,) = self._connection.execute(
                "SELECT count(DISTINCT id) FROM submissions"
            ).fetchone()
            return int(count)

    def results(self, policies: Policies) -> Iterator[Result]:
        """Yields what counts of every submission, in order of id."""
        with self._errors():
            rows = self._connection.execute(
                "SELECT id, record FROM submissions ORDER BY id, attempt"
            )
            for _, attempts in itertools.groupby(rows, key=lambda row: row[0]):
                yield what_counts([_decoded(record) for _, record in attempts], policies)

    def counted(self, submission: str, policies: Policies) -> Result:
        """Returns what counts of one submission.

        Raises:
            GradebookError: it has none.
        """
        with self._errors():
            rows = self._connection.execute(
                "SELECT record FROM submissions WHERE id = ? ORDER BY attempt", (submission,)
            )
            attempts = [_decoded(record) for (record,) in rows]
        if not attempts:
            raise GradebookError(f"{self._path} has no result of {submission}.")
        return what_counts(attempts, policies)

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, msgspec.DecodeError) as error:
            raise GradebookError(f"{self._path} cannot be used: {error}.") from None


def _decoded(record: bytes) -> Result:
    return msgspec.json.decode(record, type=Result)


def _identity(result: Result) -> str:
    """Returns what tells one attempt of a student from another."""
    source = result.source
    moment = source.submitted_at.isoformat() if source.submitted_at else ""
    # Not whether it is late: a due date that is corrected makes no new attempt.
    return f"{result.digest} {source.attempt if source.lms else ''} {moment}".strip()

"""The gradebook: every result of a class in one SQLite file, from which all reports are made.

Tables, for your own queries: `submissions` (one row for each attempt, with the whole result as JSON
in `record` and, where grading again changed points, the result given out earlier in `before`),
`exercises` (one row for each exercise of each attempt), `course` (what was graded, with which seed,
behind which layers of confinement), `files` (the digest of each file that was written for a
student) and `sources` (which id a source has: see `autograder.submissions.identity`). They hold
what was earned; what counts of it is computed by the policies whenever it is read.
"""

import contextlib
import itertools
import os
import re
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from autograder.policies import Policies, what_counts
from autograder.results import Result, Source
from autograder.submissions.identity import Known, KnownSource, keys_of

# Raised with every change of the tables.
_VERSION: Final = 4
_VERSIONS: Final = (2, 3, _VERSION)  # Those that can be read, and are upgraded to the last.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS course (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS submissions (
    id TEXT NOT NULL, attempt INTEGER NOT NULL, digest TEXT NOT NULL, name TEXT NOT NULL,
    score REAL NOT NULL, max_score REAL NOT NULL,
    graded_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')), record BLOB NOT NULL,
    before BLOB, PRIMARY KEY (id, attempt));
CREATE TABLE IF NOT EXISTS exercises (
    submission TEXT NOT NULL, attempt INTEGER NOT NULL, exercise TEXT NOT NULL,
    score REAL NOT NULL, max_score REAL NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (submission, attempt, exercise),
    FOREIGN KEY (submission, attempt) REFERENCES submissions (id, attempt) ON DELETE CASCADE);
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sources (
    key TEXT PRIMARY KEY, id TEXT NOT NULL, guessed INTEGER NOT NULL DEFAULT 0);
"""
# The SQL that upgrades a gradebook of an earlier version, besides making the tables it lacks.
_FROM_VERSION: Final = {2: "ALTER TABLE submissions ADD COLUMN before BLOB;", 3: ""}


# A table's SQL may contain these words only: none computes a column or checks a row.
_WORDS: Final = re.compile(r"\w+|'[^']*'|\S")
_OUR_WORDS: Final = frozenset(_WORDS.findall(f"{_SCHEMA} {_FROM_VERSION[2]}".casefold()))
# A result takes a few kilobytes for each exercise, which is far less.
_MAX_VALUE_BYTES: Final = 1 << 26
_LONGEST_ID: Final = 240  # In bytes; file systems take 255, including a suffix.
_IN_NO_NAME: Final = frozenset('/\\:*?"<>|')
_JOINERS: Final = "\u200c\u200d"  # Needed in words of some scripts.
_LEAST: Final = 0.001
_MOST: Final = 1_000_000
_YEARS: Final = range(1970, 3000)
_SHOWN: Final = 60
_NEXT: Final = "; choose a new folder"
_OTHER_VERSION: Final = f"it was made by another version of this package{_NEXT}"
# A journal that ends with this names another file, which SQLite removes after reading it. No
# gradebook has one (https://www.sqlite.org/fileformat.html#the_rollback_journal): each is changed
# alone.
_JOURNAL_OF_SEVERAL: Final = bytes.fromhex("d9d505f920a163d7")


class GradebookError(Exception):
    """A gradebook cannot be used; the message is a sentence that names the file."""


class Gradebook:
    """An open gradebook. Use it as a context manager."""

    def __init__(self, path: Path, *, create: bool = False, mode: int = 0o600) -> None:
        _insist_on_own_files(path)
        if not create and not path.is_file():
            raise GradebookError(f"{path} does not exist: grade a class into that folder first.")
        self._path = path
        self._mode = mode  # Of new files; SQLite gives the same to its own.
        self.salvaged = ""  # The message to show where a damaged file was replaced.
        if create and path.exists() and _is_damaged(path):
            self._replace_damaged()
        else:
            if not path.exists():
                _make_file(path, mode)
            self._connect()

    def _connect(self) -> None:
        with self._errors():
            self._connection = _opened(self._path)
            try:
                # A result is whole or absent after a crash; it need not survive a power failure.
                self._connection.execute("PRAGMA journal_mode = WAL")
                self._connection.execute("PRAGMA synchronous = NORMAL")
                self._connection.execute("PRAGMA foreign_keys = ON")
                (version,) = self._connection.execute("PRAGMA user_version").fetchone()
                (tables,) = self._connection.execute(
                    "SELECT count(*) FROM sqlite_schema"
                ).fetchone()
                if tables and version not in _VERSIONS:
                    raise sqlite3.DatabaseError(_OTHER_VERSION)
                if version != _VERSION:
                    # All or nothing, even if the command is killed.
                    change = _FROM_VERSION[version] if tables else ""
                    self._connection.executescript(
                        f"BEGIN; {change} {_SCHEMA} PRAGMA user_version = {_VERSION}; COMMIT;"
                    )
                self._insist_on_types()
            except BaseException:
                self._connection.close()
                raise

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

    def record(self, result: Result) -> bool:
        """Stores a result, as a new attempt or in place of an earlier result of the same one.

        Returns whether anything was stored: not where the same result is there already.

        It is the same attempt where an LMS gave the same files at the same time or, where no time
        is known, if the files are those of the latest attempt. A new attempt gets the LMS's number
        where there is one and it is free, else the next.
        """
        with self._errors(), self._connection as connection:
            identity = _identity(result.digest, result.source)
            known = self._attempts(result.submission)
            same = _the_same(identity, result.source, known)
            attempt = result.source.attempt
            if same is not None:
                attempt = same
            elif attempt in known.values() or not result.source.lms:
                attempt = max(known.values(), default=0) + 1
            before = self._before(result, attempt)
            source = msgspec.structs.replace(result.source, attempt=attempt)
            result = msgspec.structs.replace(result, source=source)
            if same is not None and self._record(result.submission, same) == result:
                return False
            connection.execute(
                "DELETE FROM submissions WHERE id = ? AND attempt = ?", (result.submission, attempt)
            )
            connection.execute(
                "INSERT INTO submissions"
                " (id, attempt, digest, name, score, max_score, record, before)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    result.submission,
                    attempt,
                    identity,
                    result.source.name,
                    result.score,
                    result.max_score,
                    msgspec.json.encode(result),
                    before,
                ),
            )
            connection.executemany(
                "INSERT INTO exercises VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (result.submission, attempt, e.id, e.score, e.max_score, e.outcome)
                    for e in result.exercises
                ],
            )
            return True

    def earlier(self, digest: str, submission: str, source: Source) -> Result | None:
        """Returns the result of the same attempt with the same files, if there is one."""
        with self._errors():
            known = self._attempts(submission)
            attempt = _the_same(_identity(digest, source), source, known)
            if attempt is None:
                return None
            return self._record(submission, attempt)

    def known(self) -> Known:
        """Returns which id each source has, in the order in which they were noted.

        For results recorded before this was kept, it is derived from where they came from.
        """
        with self._errors():
            rows = self._connection.execute("SELECT key, id, guessed FROM sources ORDER BY rowid")
            sources = [KnownSource(key, id, bool(guessed)) for key, id, guessed in rows]
            named = {source.id for source in sources}
            ids = self.submissions()
            for id in ids:
                if id not in named:
                    attempt = max(self._attempts(id).values())
                    if (result := self._record(id, attempt)) is not None:
                        sources.append(KnownSource(keys_of(result.source)[0], id))
            return Known(sources, ids)

    def remember(self, sources: Sequence[KnownSource]) -> None:
        """Notes which id each source has, where that is new or has changed."""
        with self._errors(), self._connection as connection:
            connection.executemany(
                "INSERT INTO sources VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET id = ?2",
                sources,
            )

    def _insist_on_types(self) -> None:
        """Refuses values whose type is not their column's, and ids that lead elsewhere."""
        found = (
            self._connection.execute(
                "SELECT id FROM sources WHERE typeof(key) != 'text' OR typeof(id) != 'text'"
                " OR guessed NOT IN (0, 1) LIMIT 1"
            ).fetchone()
            or self._connection.execute(
                "SELECT id FROM submissions WHERE typeof(id) != 'text' OR typeof(digest) != 'text'"
                " OR typeof(attempt) != 'integer' OR typeof(record) != 'blob'"
                " OR typeof(before) NOT IN ('blob', 'null') LIMIT 1"
            ).fetchone()
        )
        if found is None:
            ids = self._connection.execute(
                "SELECT id FROM submissions UNION SELECT id FROM sources"
            )
            found = next(((id,) for (id,) in ids if not is_safe(id)), None)
        if found is not None:
            raise sqlite3.DataError(_no_id(found[0]))
        if self._connection.execute(
            "SELECT 1 FROM course WHERE typeof(name) != 'text' OR typeof(value) != 'text'"
        ).fetchone():
            raise sqlite3.DataError(f"what it says about the course is no text{_NEXT}")

    def _attempts(self, submission: str) -> dict[str, int]:
        """Returns the numbers of a submission's attempts by identity, the latest last."""
        return dict(
            self._connection.execute(
                "SELECT digest, attempt FROM submissions WHERE id = ? ORDER BY attempt",
                (submission,),
            )
        )

    def _record(self, submission: str, attempt: int) -> Result | None:
        row = self._connection.execute(
            "SELECT record FROM submissions WHERE id = ? AND attempt = ?", (submission, attempt)
        ).fetchone()
        return _decoded(row[0], submission) if row else None

    def _before(self, result: Result, attempt: int) -> bytes | None:
        """Returns the result given out before this one, where its points differ."""
        row = self._connection.execute(
            "SELECT coalesce(before, record) FROM submissions WHERE id = ? AND attempt = ?",
            (result.submission, attempt),
        ).fetchone()
        if row is None or _points(_decoded(row[0], result.submission)) == _points(result):
            return None
        return bytes(row[0])

    def regraded(self, policies: Policies) -> Iterator[tuple[Result, Result]]:
        """Yields what counted and what counts where grading again changed points, in order of id.

        It looks at changes since the results were last given out (see `given_out`).
        """
        with self._errors():
            rows = self._connection.execute(
                "SELECT id, coalesce(before, record), record FROM submissions WHERE id IN"
                " (SELECT id FROM submissions WHERE before IS NOT NULL) ORDER BY id, attempt"
            )
            for id, attempts in itertools.groupby(rows, key=lambda row: row[0]):
                pairs = [(_decoded(old, id), _decoded(new, id)) for _, old, new in attempts]
                was = what_counts([old for old, _ in pairs], policies)
                now = what_counts([new for _, new in pairs], policies)
                if was.score != now.score or _points(was) != _points(now):
                    yield was, now

    def given_out(self) -> None:
        """Notes that the current results were given out: changes are counted from here on."""
        with self._errors(), self._connection as connection:
            connection.execute("UPDATE submissions SET before = NULL WHERE before IS NOT NULL")

    def wrote(self, digests: Mapping[str, str]) -> None:
        """Notes the digests of files that were written, by their path in the folder."""
        with self._errors(), self._connection as connection:
            connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?)", digests.items())

    def written(self, paths: Sequence[str]) -> dict[str, str]:
        """Returns what `wrote` noted of these files."""
        marks = ", ".join("?" * len(paths))
        with self._errors():
            return dict(
                self._connection.execute(
                    f"SELECT path, digest FROM files WHERE path IN ({marks})", paths
                )
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

    def submissions(self) -> list[str]:
        """Returns the ids of all submissions, in order."""
        with self._errors():
            rows = self._connection.execute("SELECT DISTINCT id FROM submissions ORDER BY id")
            return [id for (id,) in rows]

    def results(self, policies: Policies) -> Iterator[Result]:
        """Yields what counts of every submission, in order of id."""
        with self._errors():
            rows = self._connection.execute(
                "SELECT id, record FROM submissions ORDER BY id, attempt"
            )
            for id, attempts in itertools.groupby(rows, key=lambda row: row[0]):
                yield what_counts([_decoded(record, id) for _, record in attempts], policies)

    def counted(self, submission: str, policies: Policies) -> Result:
        """Returns what counts of one submission.

        Raises:
            GradebookError: it has none.
        """
        with self._errors():
            rows = self._connection.execute(
                "SELECT record FROM submissions WHERE id = ? ORDER BY attempt", (submission,)
            )
            attempts = [_decoded(record, submission) for (record,) in rows]
        if not attempts:
            raise GradebookError(f"{self._path} has no result of {submission}.")
        return what_counts(attempts, policies)

    def _replace_damaged(self) -> None:
        """Sets a damaged file aside, and replaces it by a new one with all that can be read.

        If it is killed in the middle, the damaged file is still where it was.
        """
        aside = next(
            path
            for number in itertools.count(1)
            if not os.path.lexists(
                path := self._path.with_name(f"gradebook.damaged-{number}.sqlite")
            )
        )
        facts = dict(_readable(self._path, "SELECT name, value FROM course", "name"))
        results = _readable_results(self._path)
        query = "SELECT key, id, guessed FROM sources"
        sources = {row[0]: KnownSource(*row) for row in _readable(self._path, query, "rowid")}
        readable = self._path.with_name(f"{self._path.stem}.readable{self._path.suffix}")
        readable.unlink(missing_ok=True)
        with Gradebook(readable, create=True, mode=self._mode) as made:
            made.describe(facts)
            made.remember(list(sources.values()))
            for result in results:
                made.record(result)
        _make_file(aside, self._mode)
        shutil.copyfile(self._path, aside)
        for suffix in ("-wal", "-shm"):  # They belong to the damaged file, and were read with it.
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        readable.replace(self._path)
        self._connect()
        # The facts include the seed and the options that were chosen for this folder.
        lost = (
            "Its seed and its policies could not be read: give the options of both again, or all "
            "is graded with another seed. "
        )
        self.salvaged = (
            f"{self._path} was damaged: {len(results)} results could be read and are kept, and "
            f"what is missing is graded again. {'' if facts else lost}"
            f"The damaged file is {aside.name}."
        )

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, msgspec.DecodeError, RecursionError) as error:
            raise GradebookError(f"{self._path} cannot be used: {error}.") from None


class _ForeignError(sqlite3.DatabaseError):
    """A file contains something that no gradebook does; the message is a clause."""


def _no_id(found: object) -> str:
    return f"{str(found)[:_SHOWN]!r} in it is no submission's id{_NEXT}"


def is_safe(id: str) -> bool:
    """Whether a submission's id can be part of a file's name, and leads nowhere else."""
    return (
        bool(id)
        and len(id.encode(errors="replace")) <= _LONGEST_ID
        and all(char.isprintable() or char in _JOINERS for char in id)
        and not set(id) & _IN_NO_NAME
        and not id.startswith(".")
    )


def _insist_on_own_files(path: Path) -> None:
    """Refuses a gradebook with a file that is a link, or that makes SQLite remove another file."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        file = path.with_name(path.name + suffix)
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISREG(file.lstat().st_mode):
                raise GradebookError(
                    f"{file} cannot be used: it is a link or no ordinary file. Remove it, or "
                    "choose another folder."
                )
            if suffix == "-journal" and file.read_bytes()[-len(_JOURNAL_OF_SEVERAL) :] == (
                _JOURNAL_OF_SEVERAL
            ):
                raise GradebookError(f"{file} is not a gradebook's: remove it.")


def _make_file(path: Path, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    os.close(descriptor)
    path.chmod(mode)  # Whatever the umask is.


def _opened(path: Path, *, damaged: bool = False) -> sqlite3.Connection:
    """Opens a file that may be anybody's, without running any code that it contains.

    Raises:
        sqlite3.Error: it is no database, or contains something that no gradebook does.
    """
    connection = sqlite3.connect(path)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
        connection.execute("PRAGMA trusted_schema = OFF")
        if damaged:
            # Without this SQLite refuses to read anything of a file that lacks an index, say.
            connection.execute("PRAGMA writable_schema = ON")
        for kind, name, sql in connection.execute("SELECT type, name, sql FROM sqlite_schema"):
            words = set(_WORDS.findall(str(sql).casefold()))
            # An index without SQL is one that SQLite has made for a key.
            if not (words <= _OUR_WORDS if kind == "table" else kind == "index" and sql is None):
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                if version not in _VERSIONS:
                    raise _ForeignError(_OTHER_VERSION)
                raise _ForeignError(
                    f"{str(name)[:_SHOWN]!r} in it is nothing of a gradebook's{_NEXT}"
                )
    except BaseException:
        connection.close()
        raise
    return connection


def _is_damaged(path: Path) -> bool:
    """Whether SQLite finds that a file is no database, or a damaged one."""
    with contextlib.ExitStack() as opened:
        try:
            connection = opened.enter_context(contextlib.closing(_opened(path)))
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except (sqlite3.OperationalError, _ForeignError):
            return False  # It cannot be opened, which is reported elsewhere.
        except sqlite3.DatabaseError:
            return True
        return bool(found != "ok")


def _readable(path: Path, query: str, order: str) -> Iterator[tuple[Any, ...]]:
    """Yields the rows of a damaged file, from both ends up to where they cannot be read."""
    for direction in ("ASC", "DESC"):
        with (
            contextlib.suppress(sqlite3.Error),
            contextlib.closing(_opened(path, damaged=True)) as connection,
        ):
            yield from connection.execute(f"{query} ORDER BY {order} {direction}")


def _readable_results(path: Path) -> list[Result]:
    results: dict[tuple[str, int], Result] = {}
    for id, record in _readable(path, "SELECT id, record FROM submissions", "rowid"):
        with contextlib.suppress(sqlite3.Error, msgspec.DecodeError, RecursionError):
            result = _decoded(record, id)
            results[result.submission, result.source.attempt] = result
    return [results[key] for key in sorted(results)]


def _decoded(record: Any, submission: Any) -> Result:
    """Returns a result as it was stored; a gradebook may be somebody else's, or made up.

    Raises:
        sqlite3.DataError: it is none that grading makes.
        msgspec.DecodeError: likewise.
    """
    if not (isinstance(record, bytes) and isinstance(submission, str) and is_safe(submission)):
        raise sqlite3.DataError(_no_id(submission))
    result = msgspec.json.decode(record, type=Result)
    source = result.source
    moments = [moment for moment in (source.submitted_at, source.due_at) if moment is not None]
    points = [(result.score, result.max_score), *((e.score, e.max_score) for e in result.exercises)]
    if not (
        result.submission == submission
        and result.max_score >= _LEAST
        and all(0 <= number <= _MOST for pair in points for number in pair)
        and len({exercise.id for exercise in result.exercises}) == len(result.exercises)
        and 0 <= source.attempt <= _MOST
        and abs(source.order) <= sys.maxsize
        and all(moment.tzinfo and moment.year in _YEARS for moment in moments)
    ):
        raise sqlite3.DataError(
            f"the result of {submission!r} in it is none that grading makes{_NEXT}"
        )
    return result


def _points(result: Result) -> list[tuple[str, float]]:
    return [(exercise.id, exercise.score) for exercise in result.exercises]


def _the_same(identity: str, source: Source, known: Mapping[str, int]) -> int | None:
    """Returns the number of the attempt with this identity, where it is the same attempt."""
    if identity in known and (_is_dated(source) or known[identity] == max(known.values())):
        return known[identity]
    return None


def _is_dated(source: Source) -> bool:
    """Whether the LMS tells an earlier attempt from a later one that hands in the same files."""
    return source.submitted_at is not None or source.order > 0


def _identity(digest: str, source: Source) -> str:
    """Returns what tells one attempt of a student from another."""
    moment = source.submitted_at.isoformat() if source.submitted_at else ""
    # Lateness is left out: a corrected due date makes no new attempt.
    return f"{digest} {source.attempt if source.lms else ''} {moment}".strip()

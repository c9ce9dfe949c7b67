"""The folder that a teacher gets: the gradebook, and every report made from it.

The gradebook is the source of truth: a submission's result is in it before any file about it is
written. Other files that are lost or damaged, because the power failed or somebody tidied up, are
found by their digests and written again.
"""

import contextlib
import hashlib
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from autograder.course import Course, CourseError, load_course
from autograder.course.files import digest_of
from autograder.course.recorded import is_same_course, record_of, recorded_course
from autograder.display import printable
from autograder.gradebook import Gradebook, GradebookError
from autograder.policies import names_of
from autograder.reports.changes import changes
from autograder.reports.class_report import render_class_report
from autograder.reports.feedback import render_feedback
from autograder.reports.grades_csv import render_grades_csv
from autograder.reports.private import FOLDERS, GRADEBOOK, reserved, restrict
from autograder.results import Result, to_json
from autograder.submissions.identity import Identified, Unnamed, identify
from autograder.submissions.model import Submission
from autograder.writing import (
    OWNER,
    Access,
    make_folder,
    refuse_links,
    remove_unfinished,
    write_whole,
)

# The fact that holds the seed of the hidden inputs; the class report shows it.
_SEED: Final = "seed"
_LONGEST_SEED: Final = 4000  # In digits; Python refuses to read much longer numbers.
# The fact that holds the policies chosen on the command line, as JSON.
_POLICIES: Final = "policies"
_IN_FORCE: Final = "policies in force"
_EXTRA: Final = "extra_minutes"
# The facts that hold the course, as data, and the digest of its files.
_COURSE: Final = "course"
_DIGEST: Final = "course digest"
# The fact that tells whether pages would look different if they were made now.
_MADE_BY: Final = "made by"


class ReportFolder:
    """An output folder being written. Use it as a context manager.

    Raises on entry:
        OSError: the folder cannot be made or written, or it has links in it.
        GradebookError: it holds a gradebook that cannot be used, or another command writes there.
    """

    def __init__(
        self,
        path: Path,
        course: Course | None = None,
        *,
        create: bool = False,
        access: Access = OWNER,
    ) -> None:
        """Opens a folder.

        Args:
            path: The folder.
            course: The course; the one in the gradebook if left out.
            create: Whether to make the folder and its gradebook if they are missing.
            access: Who may read it.
        """
        self.path = path
        self.access = access
        # Paths that more people can read than `access` says, since their modes cannot be changed.
        self.open_to_more: list[Path] = []
        self._open = contextlib.ExitStack()
        with contextlib.ExitStack() as opening:
            if create:
                make_folder(path, access)
            if path.is_dir():
                for name in FOLDERS:
                    refuse_links(path / name, path)
                opening.enter_context(reserved(path))
                remove_unfinished(*(path / name for name in ("", *FOLDERS)))
                self.open_to_more = restrict(path, access)
            self._gradebook = opening.enter_context(
                Gradebook(path / GRADEBOOK, create=create, mode=access.file)
            )
            for name in FOLDERS:
                make_folder(path / name, access)
            course = self.course = self._settled(course)
            self.policies = course.policies  # Those in force for this folder.
            # The submissions whose files could not be written, and why; others' could.
            self.unwritten: dict[str, str] = {}
            # Pages made by another version of the program, or of the course, look different.
            made_by = _made_by(course)
            self._stale = self._gradebook.facts().setdefault(_MADE_BY, made_by) != made_by
            if not self._stale:
                self._gradebook.describe({_MADE_BY: made_by})
            self.choose({})
            self._open = opening.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()

    @property
    def salvaged(self) -> str:
        """A sentence on a gradebook that was damaged; usually empty."""
        return self._gradebook.salvaged

    @property
    def seed(self) -> int | None:
        """The seed of the hidden inputs that its results were made with; None if it has none.

        Raises:
            GradebookError: the gradebook's seed is not valid.
        """
        kept = self._gradebook.facts().get(_SEED)
        if kept is None or (kept.isascii() and kept.isdigit() and len(kept) <= _LONGEST_SEED):
            return None if kept is None else int(kept)
        raise GradebookError(
            f"{self.path / 'gradebook.sqlite'} cannot be used: its seed is no number; choose a new "
            "folder."
        )

    def keep_seed(self, seed: int) -> None:
        """Keeps the seed of the hidden inputs for every later run."""
        self._gradebook.describe({_SEED: str(seed)})

    def _settled(self, course: Course | None) -> Course:
        """Returns this folder's course, and keeps it in the gradebook if it was given.

        Raises:
            GradebookError: the gradebook is for another course, or the course in it is not valid.
        """
        text = self._gradebook.facts().get(_COURSE)
        try:
            kept = None if text is None else recorded_course(text)
        except CourseError as error:
            raise GradebookError(
                f"{self.path / GRADEBOOK} cannot be used: what it says of its course is none "
                f"({str(error).rstrip('.')}); choose a new folder."
            ) from None
        if course is None:
            # A gradebook from before gradebooks kept their course is for the bundled one.
            return kept or load_course()
        if kept is not None and not is_same_course(kept, course):
            raise GradebookError(
                f"{self.path} holds results of another course, {printable(kept.title)!r}, and this "
                f"is {course.title!r}: choose another folder."
            )
        self._gradebook.describe({_COURSE: record_of(course), _DIGEST: digest_of(course)})
        return course

    def describe(self, facts: dict[str, str]) -> None:
        """Keeps facts about the grading as a whole, which the class report shows."""
        self._gradebook.describe(facts)

    def choose(self, overrides: Mapping[str, Any]) -> None:
        """Sets policies that override the course's, now and whenever this folder is read.

        Raises:
            CourseError: there is no such policy.
        """
        facts = self._gradebook.facts()
        chosen = self._chosen(facts.get(_POLICIES, "{}"))
        given = msgspec.to_builtins(overrides)
        if _EXTRA in given:  # An extension for one student leaves those of others in force.
            before = chosen.get(_EXTRA, msgspec.to_builtins(self.course.policies.extra_minutes))
            given[_EXTRA] = before | given[_EXTRA]
        chosen |= given
        self.policies = self.course.policies_with(chosen)
        in_force = msgspec.json.encode(self.policies).decode()
        # Pages written under other policies are out of date.
        self._stale |= facts.get(_IN_FORCE, in_force) != in_force
        self._gradebook.describe(
            {_POLICIES: msgspec.json.encode(chosen).decode(), _IN_FORCE: in_force}
        )

    def identify(self, found: Sequence[Unnamed]) -> Identified:
        """Gives submissions the ids that their sources had before, or new ones, and keeps them."""
        identified = identify(found, self._gradebook.known())
        self._gradebook.remember(identified.new)
        return identified

    def _chosen(self, text: str) -> dict[str, Any]:
        """Returns the policies chosen before, after checking that this course can have them."""
        try:
            chosen = msgspec.json.decode(text, type=dict[str, Any])
            self.course.policies_with(chosen)
        except (msgspec.DecodeError, RecursionError, CourseError) as error:
            raise GradebookError(
                f"{self.path / GRADEBOOK} cannot be used: the policies in it are none of this "
                f"course's ({str(error).rstrip('.')}); choose a new folder."
            ) from None
        return chosen

    def results(self) -> Iterator[Result]:
        """Yields the result that counts for each submission, in order of id."""
        return self._gradebook.results(self.policies)

    def earlier(self, submission: Submission) -> Result | None:
        """Returns the earlier result for the same files, if there is one."""
        return self._gradebook.earlier(submission.digest, submission.id, submission.source)

    def without_work(self) -> list[str]:
        """Returns the names with extra time that have handed in nothing so far."""
        names = set(self.policies.extra_minutes)
        for result in self.results() if names else ():
            names.difference_update(names_of(result.submission, result.source))
        return sorted(names)

    def regraded(self) -> Iterator[tuple[Result, Result]]:
        """Yields pairs of old and new results for submissions whose points a regrade changed.

        Only changes since results were last given out count.
        """
        return self._gradebook.regraded(self.policies)

    def given_out(self) -> None:
        """Notes that the results were given out as they are now."""
        self._gradebook.given_out()

    def add(self, result: Result, feedback: str = "") -> Result:
        """Records one result, writes its student's two files, and returns the result that counts.

        Args:
            result: The result. If it is in the gradebook already, nothing is written.
            feedback: The student's page, if it has been made already.
        """
        changed = self._gradebook.record(result)
        counted = self._gradebook.counted(result.submission, self.policies)
        if changed:
            if not feedback or counted.account or counted.source.late != result.source.late:
                feedback = render_feedback(self.course, counted)
            self._write_student(counted, feedback)
        return counted

    def rebuild(self) -> int:
        """Writes every file anew from the gradebook and returns how many results it holds."""
        self._stale = True
        return self.finish()

    def finish(self) -> int:
        """Writes the class report and the grades, and returns how many results they hold.

        Students' files are written too if they differ from the gradebook: because the policies that
        they were written under have changed, or because they were lost or damaged.
        """
        for submission in self._gradebook.submissions():
            if self._stale or not self._is_written(submission):
                result = self._gradebook.counted(submission, self.policies)
                self._write_student(result, render_feedback(self.course, result))
        self._stale = False
        facts = self._gradebook.facts()
        title = facts.get("class", self.path.name)
        # Each reads the gradebook on its own: a large class's results do not fit in memory at once.
        changed = list(changes(self.regraded()))
        report = render_class_report(self.course, self.results, facts, title, changed)
        write_whole(self.path / "report.html", (piece.encode() for piece in report), self.access)
        grades = render_grades_csv(self.course, self.results())
        write_whole(self.path / "grades.csv", (row.encode() for row in grades), self.access)
        self._gradebook.describe({_MADE_BY: _made_by(self.course)})
        return self._gradebook.count()

    def _write_student(self, result: Result, feedback: str) -> None:
        digests = {}
        contents = (to_json(result), feedback.encode())
        self.unwritten.pop(result.submission, None)
        for name, content in zip(_files(result.submission), contents, strict=True):
            path = self.path / name
            make_folder(path.parent, self.access, below=self.path)
            try:
                write_whole(path, content, self.access)
            except IsADirectoryError:
                self.unwritten[result.submission] = f"{path} is a folder"
            digests[name] = _digest(content)
        self._gradebook.wrote(digests)

    def _is_written(self, submission: str) -> bool:
        """Whether a student's files are there and unchanged since they were written."""
        names = _files(submission)
        noted = self._gradebook.written(names)
        try:
            return all(noted.get(n) == _digest_of(self.path / n) for n in names)
        except OSError:
            return False


def _files(submission: str) -> tuple[str, str]:
    """Returns the paths of a student's two files in the folder."""
    return f"results/{submission}.json", f"feedback/{submission}.html"


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _digest_of(path: Path) -> str:
    """Returns the digest of a file; empty for anything else, such as a link."""
    return _digest(path.read_bytes()) if stat.S_ISREG(path.lstat().st_mode) else ""


def _made_by(course: Course) -> str:
    """Returns a digest of what pages are made from: code, templates and the course."""
    package = Path(__file__).parent
    others = (package.parent / name for name in ("display.py", "policies.py", "results.py"))
    sources = (*package.glob("*.py"), *(package / "templates").iterdir(), *others)
    parts = [path.read_bytes() for path in sorted(sources) if path.is_file()]
    return _digest(b"".join([*parts, msgspec.json.encode(course.said)]))

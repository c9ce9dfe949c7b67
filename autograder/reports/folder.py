"""The folder that a teacher gets: the gradebook, and every report made from it.

The gradebook is the truth, and a submission is in it before anything is written about it. Whatever
else is lost or spoilt, because the power failed or somebody tidied up, is found by its digest and
made again.
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
_LONGEST_SEED: Final = 4000  # Digits; Python reads no number of many more.
# The fact that holds the policies which were chosen on the command line, as JSON.
_POLICIES: Final = "policies"
_IN_FORCE: Final = "policies in force"
_EXTRA: Final = "extra_minutes"
# The facts that hold the course, as data, and the digest of its files.
_COURSE: Final = "course"
_DIGEST: Final = "course digest"
# The fact by which it is known whether pages would look otherwise now.
_MADE_BY: Final = "made by"


class ReportFolder:
    """An output folder being written. Use it as a context manager.

    Raises on entry:
        OSError: the folder cannot be made or written, or there are links in it.
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
            course: The course; the one that the gradebook keeps where left out.
            create: Whether to make what is not there.
            access: Who may read it.
        """
        self.path = path
        self.access = access
        # What more than those can read all the same, since its mode cannot be changed.
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
            self.policies = course.policies  # What is in force for this folder.
            # The submissions whose files cannot be written, while others' can, and why.
            self.unwritten: dict[str, str] = {}
            # Pages that another version made, or another course, look otherwise.
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
        """What is to be said of a gradebook that was damaged, in a sentence; empty as a rule."""
        return self._gradebook.salvaged

    @property
    def seed(self) -> int | None:
        """The seed of the hidden inputs that its results were made with; None where it has none.

        Raises:
            GradebookError: what stands there is no seed.
        """
        kept = self._gradebook.facts().get(_SEED)
        if kept is None or (kept.isascii() and kept.isdigit() and len(kept) <= _LONGEST_SEED):
            return None if kept is None else int(kept)
        raise GradebookError(
            f"{self.path / 'gradebook.sqlite'} cannot be used: its seed is no number; choose a new "
            "folder."
        )

    def keep_seed(self, seed: int) -> None:
        """Notes the seed of the hidden inputs, for every later run."""
        self._gradebook.describe({_SEED: str(seed)})

    def _settled(self, course: Course | None) -> Course:
        """Returns the course that this folder is of, and keeps it where it was named.

        Raises:
            GradebookError: the gradebook is of another one, or what it says of its own is none.
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
            # One that was made before gradebooks kept their course is of the one that we bring.
            return kept or load_course()
        if kept is not None and not is_same_course(kept, course):
            raise GradebookError(
                f"{self.path} holds results of another course, {printable(kept.title)!r}, and this "
                f"is {course.title!r}: choose another folder."
            )
        self._gradebook.describe({_COURSE: record_of(course), _DIGEST: digest_of(course)})
        return course

    def describe(self, facts: dict[str, str]) -> None:
        """Notes facts about the grading as a whole, which the class report shows."""
        self._gradebook.describe(facts)

    def choose(self, overrides: Mapping[str, Any]) -> None:
        """Sets policies that are to hold in place of the course's, now and whenever it is read.

        Raises:
            CourseError: there is no such policy.
        """
        facts = self._gradebook.facts()
        chosen = self._chosen(facts.get(_POLICIES, "{}"))
        given = msgspec.to_builtins(overrides)
        if _EXTRA in given:  # More time for one takes none from another.
            before = chosen.get(_EXTRA, msgspec.to_builtins(self.course.policies.extra_minutes))
            given[_EXTRA] = before | given[_EXTRA]
        chosen |= given
        self.policies = self.course.policies_with(chosen)
        in_force = msgspec.json.encode(self.policies).decode()
        # Pages that were written under other policies are out of date.
        self._stale |= facts.get(_IN_FORCE, in_force) != in_force
        self._gradebook.describe(
            {_POLICIES: msgspec.json.encode(chosen).decode(), _IN_FORCE: in_force}
        )

    def identify(self, found: Sequence[Unnamed]) -> Identified:
        """Gives submissions their ids, those that their sources had before, and keeps them."""
        identified = identify(found, self._gradebook.known())
        self._gradebook.remember(identified.new)
        return identified

    def _chosen(self, text: str) -> dict[str, Any]:
        """Returns the policies that were chosen before, where this course can have them."""
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
        """Yields what counts of every submission, in order of id."""
        return self._gradebook.results(self.policies)

    def earlier(self, submission: Submission) -> Result | None:
        """Returns what was made of these same files before, if anything was."""
        return self._gradebook.earlier(submission.digest, submission.id, submission.source)

    def without_work(self) -> list[str]:
        """Returns the names that were given extra time and have handed in nothing so far."""
        names = set(self.policies.extra_minutes)
        for result in self.results() if names else ():
            names.difference_update(names_of(result.submission, result.source))
        return sorted(names)

    def regraded(self) -> Iterator[tuple[Result, Result]]:
        """Yields what counted and what counts of those whose points changed by grading again.

        That is since results were last given out.
        """
        return self._gradebook.regraded(self.policies)

    def given_out(self) -> None:
        """Notes that results were handed on as they are now."""
        self._gradebook.given_out()

    def add(self, result: Result, feedback: str = "") -> Result:
        """Records one result, writes the two files of its student, and returns what counts.

        Args:
            result: The result. Where it is in the gradebook already, nothing is written.
            feedback: The student's page, where it is made already.
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

        Students' files too, where they are not what the gradebook says: because the policies that
        they were written under have changed, or because something happened to them.
        """
        for submission in self._gradebook.submissions():
            if self._stale or not self._is_written(submission):
                result = self._gradebook.counted(submission, self.policies)
                self._write_student(result, render_feedback(self.course, result))
        self._stale = False
        facts = self._gradebook.facts()
        title = facts.get("class", self.path.name)
        # Each reads the gradebook for itself: a large class's results do not fit in memory at once.
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
        """Whether a student's files are there, as they were written."""
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
    """Returns the digest of a file; of what is none, such as a link, nothing that a file has."""
    return _digest(path.read_bytes()) if stat.S_ISREG(path.lstat().st_mode) else ""


def _made_by(course: Course) -> str:
    """Returns a digest of what pages are made by and of: templates, and the course."""
    package = Path(__file__).parent
    others = (package.parent / name for name in ("display.py", "policies.py", "results.py"))
    sources = (*package.glob("*.py"), *(package / "templates").iterdir(), *others)
    parts = [path.read_bytes() for path in sorted(sources) if path.is_file()]
    return _digest(b"".join([*parts, msgspec.json.encode(course.said)]))

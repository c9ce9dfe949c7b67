"""The folder that a teacher gets: the gradebook, and every report made from it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from autograder.course import Course
from autograder.gradebook import Gradebook
from autograder.reports.class_report import render_class_report
from autograder.reports.feedback import render_feedback
from autograder.reports.grades_csv import render_grades_csv
from autograder.results import Result, to_json
from autograder.writing import write_whole

# The fact that holds the policies which were chosen on the command line, as JSON.
_POLICIES: Final = "policies"
_IN_FORCE: Final = "policies in force"
_EXTRA: Final = "extra_minutes"


class ReportFolder:
    """An output folder being written. Use it as a context manager.

    Raises on entry:
        OSError: the folder cannot be made or written.
        GradebookError: it holds a gradebook that cannot be used.
    """

    def __init__(self, path: Path, course: Course, *, create: bool = False) -> None:
        self.path = path
        self._course = course
        if create:
            for folder in (path, path / "results", path / "feedback"):
                folder.mkdir(parents=True, exist_ok=True)
        self._gradebook = Gradebook(path / "gradebook.sqlite", create=create)
        self.policies = course.policies  # What is in force for this folder.
        self._stale = False
        try:
            self.choose({})
        except BaseException:
            self._gradebook.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._gradebook.close()

    def describe(self, facts: dict[str, str]) -> None:
        """Notes facts about the grading as a whole, which the class report shows."""
        self._gradebook.describe(facts)

    def choose(self, overrides: Mapping[str, Any]) -> None:
        """Sets policies that are to hold in place of the course's, now and whenever it is read.

        Raises:
            CourseError: there is no such policy.
        """
        facts = self._gradebook.facts()
        chosen = msgspec.json.decode(facts.get(_POLICIES, "{}"))
        given = msgspec.to_builtins(overrides)
        if _EXTRA in given:  # More time for one takes none from another.
            before = chosen.get(_EXTRA, msgspec.to_builtins(self._course.policies.extra_minutes))
            given[_EXTRA] = before | given[_EXTRA]
        chosen |= given
        self.policies = self._course.policies_with(chosen)
        in_force = msgspec.json.encode(self.policies).decode()
        # Pages that were written under other policies are out of date.
        self._stale |= facts.get(_IN_FORCE, in_force) != in_force
        self._gradebook.describe(
            {_POLICIES: msgspec.json.encode(chosen).decode(), _IN_FORCE: in_force}
        )

    def results(self) -> Iterator[Result]:
        """Yields what counts of every submission, in order of id."""
        return self._gradebook.results(self.policies)

    def add(self, result: Result, feedback: str) -> Result:
        """Records one result, writes the two files of its student, and returns what counts."""
        self._gradebook.record(result)
        counted = self._gradebook.counted(result.submission, self.policies)
        if counted.account or counted.source.late != result.source.late:
            feedback = render_feedback(self._course, counted)
        self._write_student(counted, feedback)
        return counted

    def rebuild(self) -> int:
        """Writes every file anew from the gradebook and returns how many results it holds."""
        self._stale = True
        return self.finish()

    def finish(self) -> int:
        """Writes the class report and the grades, and returns how many results they hold.

        Students' files too, where the policies that they were written under have changed.
        """
        if self._stale:
            for result in self.results():
                self._write_student(result, render_feedback(self._course, result))
            self._stale = False
        facts = self._gradebook.facts()
        title = facts.get("class", self.path.name)
        # Each reads the gradebook for itself: a large class's results do not fit in memory at once.
        report = render_class_report(self._course, self.results, facts, title)
        write_whole(self.path / "report.html", (piece.encode() for piece in report))
        grades = render_grades_csv(self._course, self.results())
        write_whole(self.path / "grades.csv", (row.encode() for row in grades))
        return self._gradebook.count()

    def _write_student(self, result: Result, feedback: str) -> None:
        for folder, suffix, content in (
            ("results", "json", to_json(result)),
            ("feedback", "html", feedback.encode()),
        ):
            (self.path / folder).mkdir(exist_ok=True)
            write_whole(self.path / folder / f"{result.submission}.{suffix}", content)

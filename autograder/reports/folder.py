"""The folder that a teacher gets: the gradebook, and every report made from it."""

from pathlib import Path
from types import TracebackType
from typing import Self

from autograder.course import Course
from autograder.gradebook import Gradebook
from autograder.reports.class_report import render_class_report
from autograder.reports.feedback import render_feedback
from autograder.reports.grades_csv import render_grades_csv
from autograder.results import Result, to_json
from autograder.writing import write_whole


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

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._gradebook.__exit__(kind, error, trace)

    def describe(self, facts: dict[str, str]) -> None:
        """Notes facts about the grading as a whole, which the class report shows."""
        self._gradebook.describe(facts)

    def add(self, result: Result, feedback: str) -> None:
        """Records one result and writes its two files."""
        self._gradebook.record(result)
        self._write_student(result, feedback)

    def rebuild(self) -> int:
        """Writes every file anew from the gradebook and returns how many results it holds."""
        for result in self._gradebook.results():
            self._write_student(result, render_feedback(self._course, result))
        return self.finish()

    def finish(self) -> int:
        """Writes the class report and the grades, and returns how many results they hold."""
        facts = self._gradebook.facts()
        title = facts.get("class", self.path.name)
        # Each reads the gradebook for itself: a large class's results do not fit in memory at once.
        report = render_class_report(self._course, self._gradebook.results(), facts, title)
        write_whole(self.path / "report.html", report.encode())
        grades = render_grades_csv(self._course, self._gradebook.results())
        write_whole(self.path / "grades.csv", grades.encode())
        return self._gradebook.count()

    def _write_student(self, result: Result, feedback: str) -> None:
        for folder, suffix, content in (
            ("results", "json", to_json(result)),
            ("feedback", "html", feedback.encode()),
        ):
            (self.path / folder).mkdir(exist_ok=True)
            write_whole(self.path / folder / f"{result.submission}.{suffix}", content)

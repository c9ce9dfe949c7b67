"""`grades.csv`: one row a submission, one column an exercise."""

import csv
import io
import re
from collections.abc import Iterable, Iterator

from autograder.course import Course
from autograder.results import Result

_ABOUT = ("problems", "late", "attempt", "account", "ids")
# OWASP's list of characters with which spreadsheets begin a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")

_AFTER_SEPARATOR = re.compile(r'([;,"]\s*)(?=[=+\-@])')


def render_grades_csv(course: Course, results: Iterable[Result]) -> Iterator[str]:
    """Yields the grades as CSV, a header row first, each row for itself."""
    yield _line(["submission", "name", "score", "max_score", *course.exercises, *_ABOUT])
    for result in results:
        yield _line(_row(course, result))


def _row(course: Course, result: Result) -> list[str]:
    scores = {exercise.id: _number(exercise.score) for exercise in result.exercises}
    return [
        harmless(result.submission),
        harmless(result.source.name),
        _number(result.score),
        _number(result.max_score),
        *(scores.get(exercise, "") for exercise in course.exercises),
        harmless(" ".join(result.problems)),
        "late" if result.source.late else "",
        str(result.source.attempt),
        harmless(" ".join(result.account)),
        # A name comes first, so that an id that begins like a formula is none, and stays.
        "; ".join(f"{name}={id}" for name, id in result.source.ids.items()),
    ]


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def harmless(text: str) -> str:
    """Returns text that no spreadsheet takes for a formula: an apostrophe goes before one."""
    text = "".join(char if char.isprintable() else " " for char in text)
    # Where a semicolon separates cells, one begins after it.
    text = _AFTER_SEPARATOR.sub(r"\1'", text)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _number(value: float) -> str:
    return f"{value:g}"

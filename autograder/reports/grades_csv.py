"""`grades.csv`: one row a submission, one column an exercise."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from autograder.course import Course
from autograder.results import Result

_ABOUT = ("problems", "late", "attempt", "account", "ids")
# A cell begins with the line, or after what one spreadsheet or another takes for a separator or a
# quotation mark; some pass over spaces before it. What begins a formula is OWASP's list, with the
# wide forms that Japanese keyboards have.
_FORMULA: Final = re.compile(r"""(^|[,;|:'"])(\s*)(?=[=+@\-\uff1d\uff0b\uff0d\uff20])""")


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
        harmless("; ".join(f"{name}={id}" for name, id in result.source.ids.items())),
    ]


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def harmless(text: str) -> str:
    """Returns text in which no spreadsheet finds a formula, whatever separates its cells.

    An apostrophe goes before what would begin one; a character that is no sign becomes a space.
    """
    text = "".join(char if char.isprintable() else " " for char in text)
    return _FORMULA.sub(r"\1\2'", text)


def _number(value: float) -> str:
    return f"{value:g}"

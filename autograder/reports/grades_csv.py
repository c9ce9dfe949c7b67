"""`grades.csv`: one row per submission, one column per exercise."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from autograder.course import Course
from autograder.results import Result

_ABOUT = ("problems", "late", "attempt", "account", "ids")
# A cell begins at the start of a line, or after what some spreadsheet takes for a separator or
# quotation mark; some skip spaces first. The characters that begin a formula are OWASP's list, with
# the wide forms of Japanese keyboards.
_FORMULA: Final = re.compile(r"""(^|[,;|:'"])(\s*)(?=[=+@\-\uff1d\uff0b\uff0d\uff20])""")


def render_grades_csv(course: Course, results: Iterable[Result]) -> Iterator[str]:
    """Yields the grades as CSV, row by row, the header first."""
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

    An apostrophe goes before whatever would begin one; unprintable characters become spaces.
    """
    text = "".join(char if char.isprintable() else " " for char in text)
    return _FORMULA.sub(r"\1\2'", text)


def _number(value: float) -> str:
    return f"{value:g}"

"""Reports of a class of any size take the same memory: no result is kept, and no page whole."""

import tracemalloc
from collections.abc import Callable, Iterator

import msgspec
import pytest

from autograder.course import Course
from autograder.reports import render_class_report, render_grades_csv
from autograder.reports.items import ItemAnalysis
from autograder.results import Result
from tests.conftest import Grade

# Bytes a submission. The median needs every score, in a list that is sorted.
_ROOM = 64


@pytest.fixture(scope="module")
def graded(grade: Grade) -> Result:
    """A submission with mistakes, as most of a class hand in."""
    return grade(activations="def relu(z):\n    return -z\n\n\ndef sigmoid(z):\n    return z\n")


@pytest.mark.parametrize("what", ["report", "items", "grades"])
def test_a_class_ten_times_as_large_takes_no_more_memory(
    what: str, graded: Result, course: Course
) -> None:
    def results(size: int) -> Iterator[Result]:
        for number in range(size):
            yield msgspec.structs.replace(graded, submission=f"student-{number:05}")

    def analysed(size: int) -> Iterator[None]:
        analysis = ItemAnalysis(course)
        for result in results(size):
            analysis.count(result)
            yield

    made: dict[str, Callable[[int], Iterator[object]]] = {
        "report": lambda size: render_class_report(course, lambda: results(size), {}, "a class"),
        "items": analysed,  # For itself, since making the page from it takes more.
        "grades": lambda size: render_grades_csv(course, results(size)),
    }

    def peak(size: int) -> int:
        tracemalloc.start()
        for _ in made[what](size):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # Loads the templates.
    small, large = peak(100), peak(1000)
    assert large - small < 900 * _ROOM

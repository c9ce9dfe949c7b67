"""The curves of cost and memory, as the site draws them."""

from collections.abc import Callable

from autograder.course import load_course
from autograder.course.code import load
from benchmarks.measurements import Measurements


def standalone_curve(measurements: Measurements) -> str:
    """Returns both curves as one SVG file, on white."""
    drawings = load(load_course().root, "site.code.drawings")
    draw: Callable[[Measurements], str] = drawings.standalone_curve
    return draw(measurements)

"""The catalogue of mistakes: what is wrong, and what a teacher would say about it.

A mistake is a function that is wrong in one way. Its docstring is what the student reads:

    @mistake("mean.sum")
    def _(values):
        \"\"\"This is the sum of the numbers: divide it by how many there are.\"\"\"
        return np.sum(values)

The id names the exercise's function, in the module that the file's folder is named after. Mistakes
of one exercise are listed from the simplest to the most intricate: where two cannot be told apart,
the first is named. They may call the reference solutions of their module, and are pure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from autograder.checking.errors import BrokenGraderError, shown
from autograder.course import Course
from autograder.lesson_files import lesson_files

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class KnownMistake:
    """A mistake: its id, its exercise, what to say, where to read, and the wrong function."""

    id: str
    exercise: str
    sentence: str
    lesson: str  # Page and heading, as in `course.toml`.
    function: Callable[..., Any]
    side: bool = False  # Right in the main form, so that it may earn most of the points.


_registered: dict[str, list[tuple[str, str | None, bool, Callable[..., Any]]]] = {}


def mistake(
    id: str, *, lesson: str | None = None, side: bool = False
) -> Callable[[_Function], _Function]:
    """Puts a wrong function into the catalogue.

    Args:
        id: The exercise's function and the mistake's name, such as `mean.sum`.
        lesson: The heading that helps, where it is not the exercise's own.
        side: Whether the main form is right, and only a clause beside it is not: extremes, kinds,
            shapes, unchanged arguments. Any other mistake may earn a quarter of the points at most.
    """

    def register(function: _Function) -> _Function:
        _registered.setdefault(function.__module__, []).append((id, lesson, side, function))
        return function

    return register


def load_mistakes(course: Course) -> dict[str, list[KnownMistake]]:
    """Returns the mistakes of every exercise, in the catalogue's order.

    Raises:
        BrokenGraderError: a file cannot be loaded, an id names no exercise, or two share one.
    """
    found: dict[str, list[KnownMistake]] = {name: [] for name in course.exercises}
    seen: set[tuple[str, str]] = set()
    for file in lesson_files(course, "graders.{}.mistakes", needed=True):
        for id, lesson, side, function in _registered.get(getattr(file.loaded, "__name__", ""), []):
            exercise = file.exercise(id.partition(".")[0], f"the mistake {id}")
            if (file.lesson.id, id) in seen:
                raise BrokenGraderError(
                    f"{shown(file.path)}: there are two mistakes {id}: give one of them another id."
                )
            seen.add((file.lesson.id, id))
            sentence = " ".join((function.__doc__ or "").split())
            place = lesson or course.exercises[exercise].section
            found[exercise].append(KnownMistake(id, exercise, sentence, place, function, side))
    return found

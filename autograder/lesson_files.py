"""A lesson's own files in a course, loaded, and the exercises that they name."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from autograder.checking.errors import BrokenGraderError, broken_by, shown
from autograder.course import Course, Lesson, did_you_mean
from autograder.course.code import load, load_if_there, path_of


class LessonFile(NamedTuple):
    """A lesson's file; `loaded` is None where the lesson has no such file."""

    lesson: Lesson
    path: Path
    loaded: ModuleType | None

    def exercise(self, function: str, what: str = "") -> str:
        """Returns the id of the exercise of this lesson whose function is named.

        Args:
            function: The function's name.
            what: What is said to belong to it, for the error; the function if left out.

        Raises:
            BrokenGraderError: the lesson has no such exercise.
        """
        functions = [exercise.function for exercise in self.lesson.exercises]
        if function not in functions:
            raise BrokenGraderError(
                f"{shown(self.path)}: {what or function} is {'of ' if what else ''}no exercise of "
                f"{self.lesson.id} in exercises/course.toml"
                f"{did_you_mean(function, functions) or '.'}"
            )
        return f"{self.lesson.id}.{function}"


def lesson_files(course: Course, name: str, *, needed: bool = False) -> Iterator[LessonFile]:
    """Yields each lesson's file of a name such as `graders.{}.variants`, loaded.

    Args:
        course: The course.
        name: The file's name in the course, with `{}` for the lesson.
        needed: Whether a lesson has to have it.

    Raises:
        BrokenGraderError: one cannot be loaded, or is needed and not there.
    """
    get: Callable[[Path, str], ModuleType | None] = load if needed else load_if_there
    for lesson in course.lessons:
        path = path_of(course.root, name.format(lesson.id))
        try:
            loaded = get(course.root, name.format(lesson.id))
        except Exception as error:
            raise broken_by(error, path) from None
        yield LessonFile(lesson, path, loaded)

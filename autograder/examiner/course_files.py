"""Makes sure, before anything is graded, that a course's files are there and can be loaded.

Faults that only show when the checks run are found by `examiner.prove`.
"""

from pathlib import Path

from autograder.checking.errors import BrokenGraderError, shown
from autograder.course import Course, did_you_mean
from autograder.examiner.keys import own_files
from autograder.lesson_files import lesson_files


def insist_on_files(course: Course) -> None:
    """Makes sure that all files of the course's modules are there.

    Raises:
        BrokenGraderError: one is missing.
    """
    for lesson in course.lessons:
        for path in own_files(course, lesson.id):
            if not path.is_file():
                raise BrokenGraderError(
                    f"{shown(path)} is missing: {lesson.id} is a module of exercises/course.toml."
                )


def insist_on_solutions(course: Course) -> None:
    """Loads the reference solutions, and makes sure that every exercise has one.

    Raises:
        BrokenGraderError: a file cannot be loaded, or lacks an exercise's function.
    """
    for file in lesson_files(course, "solutions.{}", needed=True):
        for exercise in file.lesson.exercises:
            if not callable(getattr(file.loaded, exercise.function, None)):
                raise BrokenGraderError(
                    _no_solution(file.path, exercise.function, vars(file.loaded))
                )


def _no_solution(path: Path, function: str, defined: dict[str, object]) -> str:
    return (
        f"{shown(path)} has no function {function}, which is an exercise in exercises/course.toml"
        f"{did_you_mean(function, defined) or '.'}"
    )

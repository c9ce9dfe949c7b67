"""The assignment that every tool is given: one class, and the same checks for all.

Ours takes the students' files as they are. Others take one notebook a student: a cell a lesson, in
a namespace of its own, since lessons share names. So a kernel is started once a student, not four
times. Checks are translated mechanically: each becomes a call of the same function.
"""

import shutil
from pathlib import Path
from typing import Any, NamedTuple

import nbformat

from autograder.course import Course, load_course
from autograder.examiner import Examiner
from autograder.seeds import draw_seed
from autograder.submissions import Submission, read_submission
from autograder.submissions.finding import find_submissions
from benchmarks.places import ROOT

# It ships no types.
_V4: Any = nbformat.v4
_KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
# Those of the sample class that neither hang nor hand in nothing: what most of a class is like.
_TYPICAL = ("ada", "ben", "chidi", "dmitri", "emeka.ipynb", "farah", "gus", "jun", "kaethe")


class ExerciseChecks(NamedTuple):
    """The checks of one exercise, by the names that `benchmarks.direct` runs, and their worth."""

    id: str
    points: float
    checks: dict[str, float]

    @property
    def name(self) -> str:
        """A name that is also one for files and for nbgrader's cells: `activations-softmax`."""
        return self.id.replace(".", "-")


class Assignment(NamedTuple):
    """A class at `students`, and the checks of all exercises."""

    students: Path
    submissions: tuple[Submission, ...]
    exercises: tuple[ExerciseChecks, ...]
    lessons: tuple[str, ...]
    seed: int


def make_class(folder: Path, size: int) -> Path:
    """Makes a class of that size from copies of the sample class's typical submissions."""
    folder.mkdir(parents=True)
    for number in range(size):
        sample = ROOT / "examples" / "class" / _TYPICAL[number % len(_TYPICAL)]
        target = folder / f"{number:05}-{sample.name}"
        copy = shutil.copytree if sample.is_dir() else shutil.copyfile
        copy(sample, target)
    return folder


def make_assignment(folder: Path, size: int) -> Assignment:
    """Makes a class of that size, and collects the checks."""
    course, seed = load_course(), draw_seed()
    students = make_class(folder / "class", size)
    handins = find_submissions(students, course).handins
    return Assignment(
        students,
        tuple(read_submission(handin, course) for handin in handins),
        _exercise_checks(course, seed),
        tuple(lesson.id for lesson in course.lessons),
        seed,
    )


def _exercise_checks(course: Course, seed: int) -> tuple[ExerciseChecks, ...]:
    with Examiner(course=course, seed=seed) as examiner:
        collected = examiner.checks
    made = []
    for name, exercise in course.exercises.items():
        worth = {
            f"{check.visibility}.{check.module}.test_{check.name}": check.worth
            for check in collected
            if name in check.exercises
        }
        total = sum(worth.values())
        scaled = {check: exercise.points * one / total for check, one in worth.items()}
        made.append(ExerciseChecks(name, exercise.points, scaled))
    return tuple(made)


def answer_cell(submission: Submission | None, lesson: str) -> str:
    """Returns the cell in which a student's lesson is executed; without a student an empty one."""
    chunks = submission.modules.get(lesson, ()) if submission else ()
    pieces = [(chunk.text, chunk.kind) for chunk in chunks]
    return f"from benchmarks import direct\n{lesson} = direct.lesson({lesson!r}, {pieces!r})"


def lessons_code(assignment: Assignment) -> str:
    """Returns the expression that holds the student's lessons, in the cells' namespace."""
    return "{" + ", ".join(f"{name!r}: {name}" for name in assignment.lessons) + "}"


def notebook(cells: list[Any]) -> str:
    """Returns a notebook of these cells, as JSON."""
    writes: Any = nbformat.writes
    text: str = writes(_V4.new_notebook(cells=cells, metadata=_KERNEL))
    return text


def code_cell(source: str, **metadata: Any) -> Any:
    """Returns a cell of a notebook."""
    return _V4.new_code_cell(source, metadata=metadata)

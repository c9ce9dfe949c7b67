"""nbgrader: one batch of `nbgrader autograde`.

The assignment is a notebook: a cell for each lesson's answer, and a locked cell for each exercise,
whose hidden test returns the points of the checks that pass (nbgrader's partial credit). It is
released by `nbgrader generate_assignment`, and students' notebooks are laid where collecting puts
them.
"""

import json
from pathlib import Path
from typing import Any

from benchmarks.side_by_side.assignment import (
    Assignment,
    answer_cell,
    code_cell,
    lessons_code,
    notebook,
)
from benchmarks.side_by_side.environments import NBGRADER, set_up, surroundings, versions
from benchmarks.side_by_side.running import Taken, take
from benchmarks.side_by_side.tools import Points

_NAME = "lessons"
_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "benchmark"
c.ExecutePreprocessor.timeout = 120
"""
_TEST = """\
### BEGIN HIDDEN TESTS
assert True
direct.earned({checks!r}, {lessons}, {seed})
### END HIDDEN TESTS"""
_INSIDE = Path(__file__).parent.parent / "inside_nbgrader.py"


class Nbgrader:
    """`nbgrader autograde`, all submissions in one batch."""

    name = "nbgrader autograde"
    command = f"nbgrader autograde {_NAME}"
    lacks = (
        "A kernel a student, with the hidden tests in it: student code can read them and set its "
        "own marks. One at a time; feedback is a command more."
    )

    def set_up(self) -> dict[str, str]:
        """Makes its environment."""
        set_up(NBGRADER)
        return versions(NBGRADER)

    def prepare(self, assignment: Assignment, folder: Path) -> None:
        """Makes the course, releases the assignment and lays down what students hand in."""
        (folder / "nbgrader_config.py").write_text(_CONFIG)
        source = folder / "source" / _NAME
        source.mkdir(parents=True)
        (source / f"{_NAME}.ipynb").write_text(notebook(_cells(assignment)))
        self._command(folder, "generate_assignment", _NAME)
        released = json.loads((folder / "release" / _NAME / f"{_NAME}.ipynb").read_text())
        for submission in assignment.submissions:
            for cell in released["cells"]:
                lesson = cell["metadata"]["nbgrader"]["grade_id"]
                if lesson in assignment.lessons:
                    cell["source"] = answer_cell(submission, lesson)
            theirs = folder / "submitted" / submission.id / _NAME
            theirs.mkdir(parents=True)
            (theirs / f"{_NAME}.ipynb").write_text(json.dumps(released))

    def run(self, assignment: Assignment, folder: Path) -> Taken:
        """Grades all that was submitted."""
        return self._command(folder, "autograde", _NAME)

    def points(self, assignment: Assignment, folder: Path, taken: Taken) -> Points:
        """Asks its gradebook, in its environment."""
        told = take([NBGRADER.python, _INSIDE, _NAME], folder, surroundings(NBGRADER))
        scores: Points = json.loads(told.output.splitlines()[-1])
        return {
            id: {e.id: cells[e.name] for e in assignment.exercises if e.name in cells}
            for id, cells in scores.items()
        }

    def _command(self, folder: Path, *words: str) -> Taken:
        return take([NBGRADER.program("nbgrader"), *words], folder, surroundings(NBGRADER))


def _cells(assignment: Assignment) -> list[Any]:
    cells = [
        code_cell(
            answer_cell(None, lesson),
            nbgrader=_metadata(lesson, grade=False, solution=True),
        )
        for lesson in assignment.lessons
    ]
    for exercise in assignment.exercises:
        source = _TEST.format(
            checks=exercise.checks, lessons=lessons_code(assignment), seed=assignment.seed
        )
        metadata = _metadata(exercise.name, grade=True, solution=False)
        cells.append(code_cell(source, nbgrader=metadata | {"points": exercise.points}))
    return cells


def _metadata(name: str, *, grade: bool, solution: bool) -> dict[str, Any]:
    return {
        "schema_version": 3,
        "grade_id": name,
        "grade": grade,
        "solution": solution,
        "locked": grade,
        "task": False,
    }

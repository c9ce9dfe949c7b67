"""Otter-Grader, without containers: its command once a submission, and its API in one process.

The archive is a plain one, as a teacher who uses Otter alone would make it: test files in the
format of exceptions, a file an exercise and a test case a check. This project's own archives for
Otter (`autograder package otter`) are something else: there, our examiner does the grading.
"""

import json
from pathlib import Path

from benchmarks.side_by_side.assignment import (
    Assignment,
    ExerciseChecks,
    answer_cell,
    code_cell,
    notebook,
)
from benchmarks.side_by_side.environments import OTTER, set_up, surroundings, versions
from benchmarks.side_by_side.running import RunFailedError, Taken, take
from benchmarks.side_by_side.tools import Points

_TEST = '''"""{id}"""

from benchmarks import direct
from otter.test_files import test_case

OK_FORMAT = False

name = "{name}"
'''
_CASE = """

@test_case(name="{check}", points={worth!r}, hidden={hidden})
def case_{number}(env):
    direct.passes("{check}", {{name: env[name] for name in {lessons!r}}}, {seed})
"""
_API = Path(__file__).parent.parent / "inside_otter.py"


class _Otter:
    lacks = (
        "A kernel a student, with the tests in it: student code can read and change them and its "
        "marks. No time limits; no page for the student."
    )

    def set_up(self) -> dict[str, str]:
        """Makes its environment."""
        set_up(OTTER)
        return versions(OTTER)

    def prepare(self, assignment: Assignment, folder: Path) -> None:
        """Makes the archive, by `otter generate`, and a notebook for each student."""
        tests, submissions = folder / "tests", folder / "submissions"
        tests.mkdir()
        submissions.mkdir()
        for exercise in assignment.exercises:
            (tests / f"{exercise.name}.py").write_text(_test_file(exercise, assignment))
        take(
            [OTTER.program("otter"), "generate", "-o", "autograder.zip"],
            folder,
            surroundings(OTTER),
        )
        for submission in assignment.submissions:
            cells = [code_cell(answer_cell(submission, lesson)) for lesson in assignment.lessons]
            (submissions / f"{submission.id}.ipynb").write_text(notebook(cells))


class OtterRun(_Otter):
    """`otter run`, once a submission."""

    name = "otter run"
    command = "otter run -a autograder.zip SUBMISSION, once a submission"

    def run(self, assignment: Assignment, folder: Path) -> Taken:
        """Grades one after the other."""
        all_taken = []
        for submission in assignment.submissions:
            out = folder / "out" / submission.id
            out.mkdir(parents=True)
            archive = folder / "autograder.zip"
            theirs = folder / "submissions" / f"{submission.id}.ipynb"
            words = map(str, ("run", "-a", archive, "-o", out, theirs))
            command = [str(OTTER.program("otter")), *words]
            all_taken.append(take(command, out, surroundings(OTTER)))
            if not (out / "results.json").exists():
                raise RunFailedError(f"no results.json: {all_taken[-1].output[-400:]}")
        return Taken(
            sum(taken.seconds for taken in all_taken),
            max(taken.largest for taken in all_taken),
            max(taken.together for taken in all_taken),
            "",
        )

    def points(self, assignment: Assignment, folder: Path, taken: Taken) -> Points:
        """Reads each results.json."""
        made: Points = {}
        for submission in assignment.submissions:
            told = json.loads((folder / "out" / submission.id / "results.json").read_text())
            made[submission.id] = _by_exercise(
                {test["name"]: test["score"] for test in told["tests"] if "score" in test},
                assignment,
            )
        return made


class OtterApi(_Otter):
    """`otter.api.grade_submission` for all submissions in one process."""

    name = "otter.api, one process"
    command = "otter.api.grade_submission(...) for each submission, in one process"

    def run(self, assignment: Assignment, folder: Path) -> Taken:
        """Grades one after the other."""
        scratch = folder / "points.json"
        command = [OTTER.python, _API, folder / "autograder.zip", folder / "submissions", scratch]
        return take(command, folder, surroundings(OTTER))

    def points(self, assignment: Assignment, folder: Path, taken: Taken) -> Points:
        """Reads what the script wrote."""
        told: Points = json.loads((folder / "points.json").read_text())
        return {id: _by_exercise(scores, assignment) for id, scores in told.items()}


def _by_exercise(scores: dict[str, float], assignment: Assignment) -> dict[str, float]:
    return {e.id: scores[e.name] for e in assignment.exercises if e.name in scores}


def _test_file(exercise: ExerciseChecks, assignment: Assignment) -> str:
    cases = [
        _CASE.format(
            check=check,
            worth=worth,
            hidden=check.startswith("graders."),
            number=number,
            lessons=assignment.lessons,
            seed=assignment.seed,
        )
        for number, (check, worth) in enumerate(exercise.checks.items())
    ]
    return _TEST.format(id=exercise.id, name=exercise.name) + "".join(cases)

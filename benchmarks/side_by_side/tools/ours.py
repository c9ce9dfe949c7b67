"""This project, and its checks run bare."""

import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from autograder.course import load_course
from autograder.gradebook import Gradebook
from autograder.results import CheckResult
from benchmarks.side_by_side.assignment import Assignment
from benchmarks.side_by_side.running import Taken, take
from benchmarks.side_by_side.tools import Points


def _versions() -> dict[str, str]:
    names = ("deep-learning-basics", "numpy", "pytest")
    return {"python": platform.python_version()} | {name: version(name) for name in names}


class Ours:
    """`autograder grade`."""

    def __init__(self, jobs: int) -> None:
        self.name = f"autograder grade, {jobs} job{'' if jobs == 1 else 's'}"
        self.command = f"autograder grade CLASS --out DIR --jobs {jobs}"
        self.lacks = (
            "Each student in a confined process of their own, with time limits; a page, JSON and a "
            "gradebook are written, and mistakes are named."
        )
        self._jobs = str(jobs)

    def set_up(self) -> dict[str, str]:
        """It runs in this environment."""
        return _versions()

    def prepare(self, assignment: Assignment, folder: Path) -> None:
        """It takes the files as they are."""

    def run(self, assignment: Assignment, folder: Path) -> Taken:
        """Grades the class."""
        command = [sys.executable, "-m", "autograder", "grade", str(assignment.students)]
        command += ["--seed", str(assignment.seed), "--jobs", self._jobs]
        return take([*command, "--out", folder / "out"], folder)

    def points(self, assignment: Assignment, folder: Path, taken: Taken) -> Points:
        """Reads the gradebook.

        Points that follow from a student's own parts are left out: no other tool gives them.
        """
        with Gradebook(folder / "out" / "gradebook.sqlite") as gradebook:
            return {
                result.submission: {
                    exercise.id: _plain(exercise.checks, exercise.max_score)
                    for exercise in result.exercises
                }
                for result in gradebook.results(load_course().policies)
            }


def _plain(checks: tuple[CheckResult, ...], most: float) -> float:
    earned = sum(check.worth for check in checks if check.passed and not check.followed)
    return most * earned / sum(check.worth for check in checks)


class Bare:
    """The same checks run by pytest in one process."""

    name = "bare pytest"
    command = "python -m benchmarks.bare CLASS"
    lacks = (
        "No isolation, no limits, no reports: one hostile or endless submission is the end of it."
    )

    def set_up(self) -> dict[str, str]:
        """It runs in this environment."""
        return _versions()

    def prepare(self, assignment: Assignment, folder: Path) -> None:
        """It takes the files as they are."""

    def run(self, assignment: Assignment, folder: Path) -> Taken:
        """Runs the checks on the class."""
        command = [sys.executable, "-m", "benchmarks.bare", str(assignment.students)]
        command.append(str(assignment.seed))
        return take(command, Path.cwd())

    def points(self, assignment: Assignment, folder: Path, taken: Taken) -> Points:
        """Reads what it printed."""
        points: Points = json.loads(taken.output.splitlines()[-1])["points"]
        return points

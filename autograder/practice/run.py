"""Checks a student's own work with the public checks, in ordinary processes."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograder.checking.plugin import Examination
from autograder.checking.session import hold_session, public_checks
from autograder.checking.student import Student
from autograder.course import Course
from autograder.practice.judging import check_submission
from autograder.practice.verdicts import Checked
from autograder.practice.workspace import Work
from autograder.sandbox.spawned import SpawnedProcesses
from autograder.submissions import Submission


class Bench:
    """Checks work any number of times within one session."""

    def __init__(
        self, course: Course, examination: Examination, processes: SpawnedProcesses
    ) -> None:
        self.course = course
        self._examination = examination
        self._processes = processes

    def check(self, submission: Submission, exercises: Sequence[str]) -> Checked:
        """Runs the public checks of these exercises."""
        return check_submission(
            self.course,
            self._examination,
            Student(submission, self._processes, self._processes.limits),
            submission,
            exercises,
        )

    def interrupt(self) -> None:
        """Ends a running check, from another thread, since its result is out of date."""
        self._processes.end_running()


def practise(
    course: Course,
    exercises: Iterable[str],
    processes: SpawnedProcesses,
    work: Callable[[Bench], Any],
) -> None:
    """Collects the public checks of these exercises and hands a bench to `work`.

    Raises:
        BrokenGraderError: a check cannot be collected.
        BaseException: whatever `work` raises.
    """
    modules = dict.fromkeys(name.partition(".")[0] for name in exercises)

    failures: list[BaseException] = []

    def use(examination: Examination) -> None:
        try:
            work(Bench(course, examination, processes))
        except BaseException as error:  # pytest would print it as a failure of its own.
            failures.append(error)

    hold_session(Examination(course, use), public_checks(modules), course)
    if failures:
        raise failures[0]


def check_work(work: Work, course: Course, processes: SpawnedProcesses) -> Checked:
    """Reads work and runs the public checks of its exercises, once."""
    checked: list[Checked] = []
    practise(
        course,
        work.exercises,
        processes,
        lambda bench: checked.append(bench.check(work.read(course), work.exercises)),
    )
    return checked[0]

"""Checks a student's own work: the public checks, on processes of an ordinary kind."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from autograder.calls import Outcome
from autograder.checking.causes import caution
from autograder.checking.known import load_table, name_of
from autograder.checking.plugin import CheckRun, Examination
from autograder.checking.scoring import grade_exercises
from autograder.checking.session import hold_session, public_check_files
from autograder.checking.student import EncodedCall, Student
from autograder.course import Course
from autograder.practice.place import written_above_the_stub
from autograder.practice.verdicts import Checked, Verdict, verdict_on
from autograder.practice.workspace import Work
from autograder.results import ExerciseResult
from autograder.sandbox.spawned import SpawnedProcesses
from autograder.submissions import Submission


class Bench:
    """Checks work as often as it is asked to, within one session."""

    def __init__(
        self, course: Course, examination: Examination, processes: SpawnedProcesses
    ) -> None:
        self.course = course
        self._examination = examination
        self._processes = processes

    def check(self, submission: Submission, exercises: Sequence[str]) -> Checked:
        """Runs the public checks of these exercises."""
        student = Student(submission, self._processes, self._processes.limits)
        try:
            runs = list(self._examination.run(_Direct(student), "public", set(exercises)))
            results = {result.id: result for result in grade_exercises(self.course, runs)}
            mistakes = {name: _mistake(student, results[name]) for name in exercises}
        finally:
            student.close()
        told = {name: _caution(runs, name) for name in exercises}
        unended = written_above_the_stub(submission)
        return Checked(
            tuple(
                verdict_on(results[name], told[name], mistakes[name], name in unended)
                for name in exercises
            ),
            (*submission.problems, *student.problems),
        )

    def interrupt(self) -> None:
        """Ends a check that is running, from another thread: what it says is out of date."""
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

    hold_session(Examination(course, use), public_check_files(modules), course, course.default_seed)
    if failures:
        raise failures[0]


def check_work(work: Work, course: Course, processes: SpawnedProcesses) -> Checked:
    """Reads work and runs the public checks of the exercises that are meant, once."""
    checked: list[Checked] = []
    practise(
        course,
        work.exercises,
        processes,
        lambda bench: checked.append(bench.check(work.read(course), work.exercises)),
    )
    return checked[0]


class _Direct:
    """Makes each call when a check asks for it; there are few."""

    def __init__(self, student: Student) -> None:
        self._student = student

    def begin(self, check: str) -> None:
        """Nothing is fetched ahead."""

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Makes the call."""
        return self._student.observe(exercise, arguments)


class Caller(Protocol):
    """Whoever can be asked to make calls that a failed check left out."""

    def observe_all(self, calls: Sequence[EncodedCall]) -> list[Outcome]:
        """Makes several calls."""
        ...


def verdict_of(
    course: Course, exercise: str, runs: Sequence[CheckRun], candidate: Caller
) -> Verdict:
    """Returns the verdict on one exercise, given how its public checks went."""
    (result,) = (r for r in grade_exercises(course, runs) if r.id == exercise)
    return verdict_on(result, _caution(runs, exercise), _mistake(candidate, result))


def _mistake(candidate: Caller, result: ExerciseResult) -> str:
    """Makes the public calls that a failed check left out, and names the mistake that they show."""
    known = load_table().get(result.id)
    if known is None or result.outcome in {"correct", "missing"}:
        return ""
    return name_of(known, candidate.observe_all([EncodedCall(result.id, c) for c in known.calls]))


def _caution(runs: Sequence[CheckRun], exercise: str) -> str:
    mine = [run.last_outcome for run in runs if exercise in run.check.exercises]
    return next((told for outcome in mine if outcome and (told := caution(outcome))), "")

"""The script of an examination: the calls that each check makes, known before any is made.

Checks are deterministic, so the calls they make of the reference solutions are the calls they will
make of a student's functions. Recorded once, they are sent to each student's process in a few
messages instead of one by one; a call that is not in the script is simply made when it comes.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from autograder.calls import CallFailed, Outcome
from autograder.checking.errors import BrokenGraderError, in_a_line
from autograder.checking.runs import CheckRun
from autograder.checking.student import EncodedCall, Student
from autograder.course import Course
from autograder.references import observe_here, reference
from autograder.sandbox import wire

Script = dict[str, list[EncodedCall]]


def calls_of(
    script: Script, exercises: Iterable[str], checks: Iterable[str] | None = None
) -> dict[str, list[bytes]]:
    """Returns the encoded arguments of the calls that checks make of each exercise, each once.

    Args:
        script: The calls of each check.
        exercises: The exercises, in the order in which they are wanted.
        checks: The checks; all of them where left out.
    """
    calls: dict[str, dict[bytes, None]] = {name: {} for name in exercises}
    for check in script if checks is None else checks:
        for call in script[check]:
            if call.exercise in calls:
                calls[call.exercise][call.arguments] = None
    return {name: list(made) for name, made in calls.items() if made}


class ReferenceCandidate:
    """Answers with the reference solutions, and records the calls."""

    def __init__(self, course: Course) -> None:
        self.script: Script = {}
        self._course = course
        self._check = ""

    def begin(self, check: str) -> None:
        """Says which check the following calls belong to."""
        self._check = check
        self.script[check] = []

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Makes the call in this process, on copies of the arguments."""
        encoded = wire.encode(arguments)
        self.script[self._check].append(EncodedCall(exercise, encoded))
        return observe_here(reference(self._course, exercise), encoded)


class ScriptedCandidate:
    """Answers for a student, from outcomes fetched ahead as long as checks follow the script."""

    def __init__(self, student: Student, answers: Mapping[str, Mapping[bytes, Outcome]]) -> None:
        self._student = student
        self._answers = answers
        self._check = ""
        self.astray: set[str] = set()  # The checks that made a call which was not fetched ahead.

    def begin(self, check: str) -> None:
        """Says which check the following calls belong to."""
        self._check = check

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Returns the outcome of the call, fetched ahead or made now."""
        call = EncodedCall(exercise, wire.encode(arguments))
        fetched = self._answers.get(exercise, {}).get(call.arguments)
        if fetched is not None:
            return fetched
        self.astray.add(self._check)
        return self._student.observe_all([call])[0]


def broken_reference(run: CheckRun, error: BaseException, seed: int | None) -> BrokenGraderError:
    """Returns an error that says which check a reference solution fails, and how.

    Args:
        run: How the check went.
        error: What it failed with.
        seed: The seed of the hidden inputs, if there are any.
    """
    outcome = run.last_outcome
    raised = outcome.problem if outcome and isinstance(error, CallFailed) else None
    why = f"{raised.type_name}: {raised.message}".rstrip(": ") if raised else in_a_line(error)
    file, _, check = run.check.id.partition("::")
    drawn = f", with hidden inputs from the seed {seed}" if run.check.visibility == "hidden" else ""
    return BrokenGraderError(
        f"{file}: the reference solution of {' and '.join(run.check.exercises)} fails "
        f"{check}{drawn}: {why}."
    )

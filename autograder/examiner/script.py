"""The script of an examination: the calls that each check makes, known before any is made.

Checks are deterministic, so the calls they make of the reference solutions are the calls they will
make of a student's functions. Recorded once, they are sent to each student's process in a few
messages instead of one by one; a call that is not next in the script is simply made when it comes.
"""

from collections import deque
from collections.abc import Iterable
from typing import Any

from autograder.calls import Outcome
from autograder.checking.likeness import Ending
from autograder.checking.student import EncodedCall, Student
from autograder.references import observe_here, reference
from autograder.sandbox import wire

Script = dict[str, list[EncodedCall]]


def calls_of(script: Script) -> dict[str, list[bytes]]:
    """Returns the encoded arguments of every call that a script makes of each exercise."""
    calls: dict[str, list[bytes]] = {}
    for made in script.values():
        for call in made:
            calls.setdefault(call.exercise, []).append(call.arguments)
    return calls


class ReferenceCandidate:
    """Answers with the reference solutions and records what it is asked."""

    def __init__(self) -> None:
        self.script: Script = {}
        self._check = ""

    def begin(self, check: str) -> None:
        """Says which check the following calls belong to."""
        self._check = check
        self.script[check] = []

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Makes the call in this process, on copies of the arguments."""
        encoded = wire.encode(arguments)
        self.script[self._check].append(EncodedCall(exercise, encoded))
        return observe_here(reference(exercise), encoded)


class ScriptedCandidate:
    """Answers for a student, from outcomes fetched ahead while the checks follow the script."""

    def __init__(self, student: Student, script: Script) -> None:
        self._student = student
        self._script = script
        # Every call that was fetched, by exercise and encoded arguments.
        self.seen: dict[str, dict[bytes, Outcome]] = {}
        self.inconsistent: set[str] = set()  # Exercises that answered one call in two ways.
        self._fetched: dict[str, list[Outcome]] = {}
        self._next: deque[tuple[EncodedCall, Outcome]] = deque()

    def fetch(self, checks: Iterable[str]) -> None:
        """Makes all the calls of these checks, replacing what was fetched before."""
        planned = [(check, call) for check in checks for call in self._script[check]]
        outcomes = self._student.observe_all([call for _, call in planned])
        self._fetched = {}
        for (check, call), outcome in zip(planned, outcomes, strict=True):
            first = self.seen.setdefault(call.exercise, {}).setdefault(call.arguments, outcome)
            if first is not outcome and not Ending(first).alike(Ending(outcome)):
                self.inconsistent.add(call.exercise)
            self._fetched.setdefault(check, []).append(outcome)

    def begin(self, check: str) -> None:
        """Says which check the following calls belong to."""
        self._next = deque(zip(self._script[check], self._fetched.get(check, []), strict=False))

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Returns the outcome of the call, fetched ahead or made now."""
        call = EncodedCall(exercise, wire.encode(arguments))
        if self._next and self._next[0][0] == call:
            return self._next.popleft()[1]
        self._next.clear()
        return self._student.observe_all([call])[0]

"""What a check sees of a student's function: a call, and everything that came of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

import msgspec

Ending = Literal["returned", "raised", "missing", "timeout", "crashed"]


class Line(msgspec.Struct, frozen=True):
    """A line of the student's own file in a traceback."""

    label: str
    number: int
    text: str


class Problem(msgspec.Struct, frozen=True):
    """An exception that student code raised, in plain text."""

    type_name: str
    bases: tuple[str, ...]
    message: str
    lines: tuple[Line, ...] = ()
    refused_call: bool = False  # The function could not be called with these arguments at all.

    def is_a(self, type_name: str) -> bool:
        """Whether the exception is of that type or derived from it."""
        return type_name == self.type_name or type_name in self.bases


class Outcome(msgspec.Struct, frozen=True):
    """How one call ended. `value` is plain data, whatever the student returned."""

    ending: Ending
    value: Any = None
    problem: Problem | None = None
    reason: str = ""  # For "missing", "timeout" and "crashed": what happened, as a clause.
    after: tuple[Any, ...] | None = None  # The arguments after the call; None where unchanged.
    warnings: tuple[tuple[str, str], ...] = ()  # (type name, message) of each.
    printed: str = ""
    seconds: float = 0.0
    # The encoded answer without its seconds: where it is the same, so are all fields above. Empty
    # where no such answer came.
    encoded: bytes = b""


class Candidate(Protocol):
    """What is being checked: it calls an exercise's function when asked."""

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Calls the function of that exercise and returns how the call ended."""
        ...


class CallFailed(Exception):
    """A check called the student's function and no value came back."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.ending)
        self.outcome = outcome


class StudentFunction:
    """Stands for a student's function in a check: call it, or observe a call to see more."""

    def __init__(self, exercise: str, candidate: Candidate) -> None:
        self.exercise = exercise
        self._candidate = candidate
        self.last_call: tuple[str, Sequence[Any]] | None = None
        self.last_outcome: Outcome | None = None

    @property
    def name(self) -> str:
        """The function's name, without its module."""
        return self.exercise.partition(".")[2]

    @property
    def reference(self) -> Callable[..., Any]:
        """The reference implementation of the same exercise.

        Raises:
            LookupError: there is none, because students check their own work here.
        """
        raise LookupError(f"there is no reference implementation of {self.exercise} here")

    def observe(self, *arguments: Any) -> Outcome:
        """Calls the function and returns everything that came of it."""
        self.last_call, self.last_outcome = (self.name, arguments), None
        self.last_outcome = self._candidate.observe(self.exercise, arguments)
        return self.last_outcome

    def known_calls(self) -> Mapping[bytes, tuple[Any, ...]]:
        """Returns the arguments of the calls that all checks make of the function, as encoded.

        Only an examination knows them: it has run all checks on the reference solutions.
        """
        return {}

    def __call__(self, *arguments: Any) -> Any:
        """Calls the function and returns a copy of its result.

        Raises:
            CallFailed: it is missing, raised, took too long, or ended its process.
        """
        outcome = self.observe(*arguments)
        if outcome.ending != "returned":
            raise CallFailed(outcome)
        return outcome.value

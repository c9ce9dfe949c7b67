"""Checks and how they went, whether pytest runs them or a page in a browser."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Protocol

from autograder.calls import Candidate, Outcome, StudentFunction
from autograder.results import Visibility


class ScriptedChecks(Candidate, Protocol):
    """A candidate that is told which check it answers for."""

    def begin(self, check: str) -> None:
        """Says which check the following calls belong to."""
        ...


class Check:
    """A check: what it judges, what it says and what it is worth."""

    def __init__(
        self,
        function: Callable[..., Any],
        module: str,
        visibility: Visibility,
        exercises: Sequence[str],
    ) -> None:
        self.module = module
        self.id = f"{module}.{function.__name__}"
        self.name = function.__name__.removeprefix("test_")
        self.visibility: Visibility = visibility
        self.exercises = exercises
        self.sentence = " ".join((function.__doc__ or "").split())
        self.worth = float(getattr(function, "points", 0.0))


class CheckRun:
    """How a check went: the error it failed with, if any, and the last call with its outcome."""

    def __init__(self, check: Check, error: BaseException | None, last: StudentFunction | None):
        self.check = check
        self.error = error
        self.last_call = last.last_call if last else None
        self.last_outcome = last.last_outcome if last else None


class Checks(Protocol):
    """Something that runs checks for candidates."""

    def run(
        self,
        candidate: ScriptedChecks,
        visibility: Visibility,
        exercises: Collection[str] | None = None,
    ) -> Iterator[CheckRun]:
        """Runs the checks of that visibility, in course order, and yields how each went.

        Where exercises are given, it runs their checks only.
        """
        ...


class RememberedFunction(StudentFunction):
    """A student's function that tells `remember` when it is called."""

    def __init__(
        self,
        exercise: str,
        candidate: Candidate,
        remember: Callable[[StudentFunction], None],
    ) -> None:
        super().__init__(exercise, candidate)
        self._remember = remember

    def observe(self, *arguments: Any) -> Outcome:
        """Tells `remember`, then makes the call."""
        self._remember(self)
        return super().observe(*arguments)

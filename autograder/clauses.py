"""The clauses of the exercises' contract, each as one assertion over several cases.

A case is a tuple of arguments; what is expected for it is what the reference solution returns.
Every clause also asks for the right values, so that a wrong formula cannot earn marks by
being tidy.

Inputs are drawn for each exercise by itself (see `each_its_own`), so those of one say nothing about
the inputs or answers of another.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

import numpy as np

from autograder.calls import CallFailed, Outcome, StudentFunction
from autograder.compare import STANDARD, Tolerance
from autograder.rubric import assert_close, assert_values, fail
from autograder.sandbox import wire

Case = tuple[Any, ...]
SeededGenerator = Callable[[str], np.random.Generator]
_Made = TypeVar("_Made")
# The inputs that the calls of a function are made of.
Inputs = Callable[[StudentFunction], _Made]


def right_values(
    function: StudentFunction, cases: Iterable[Case], tolerance: Tolerance = STANDARD
) -> None:
    """The main clause: the numbers are right, whatever they are wrapped in."""
    for case in cases:
        assert_values(function(*case), _expected(function, case), tolerance)


def right_kind(
    function: StudentFunction, cases: Iterable[Case], tolerance: Tolerance = STANDARD
) -> None:
    """The result is right and of the kind and shape that the contract states."""
    for case in cases:
        assert_close(function(*case), _expected(function, case), tolerance)


def arguments_unchanged(
    function: StudentFunction, cases: Iterable[Case], tolerance: Tolerance = STANDARD
) -> None:
    """The result is right and the arguments are unchanged after the call.

    They must be unchanged after every other call that a check makes of the function too, whatever
    it returns: this clause stands last among an exercise's checks, when all other calls are known.
    """
    judged = {wire.encode(case): case for case in cases}
    for encoded, case in function.known_calls().items():
        if encoded not in judged and any(map(_can_change, case)):
            _assert_unchanged(function.observe(*case), case)
    # The last call of an exercise is one whose value counts, too.
    for case in judged.values():
        _assert_unchanged(_observe_right_value(function, case, tolerance), case)


def silent(function: StudentFunction, cases: Iterable[Case]) -> None:
    """The result is right and of its kind, and no warning reaches the caller."""
    for case in cases:
        outcome = _observe_right_value(function, case, STANDARD)
        assert_close(outcome.value, _expected(function, case))
        if outcome.warnings:
            fail(f"a warning was raised ({outcome.warnings[0][0]})", outcome.value, "no warning")


def raises_value_error(function: StudentFunction, case: Case) -> None:
    """The call raises ValueError, or something derived from it."""
    outcome = function.observe(*case)
    if outcome.problem is None or not outcome.problem.is_a("ValueError"):
        if outcome.ending not in {"returned", "raised"}:
            raise CallFailed(outcome)
        fail("ValueError is asked for", outcome.value, "ValueError")


def one_argument(arrays: Iterable[Any], *more: Any) -> list[Case]:
    """Returns cases for a function of one array, the same further arguments following each."""
    return [(array, *more) for array in arrays]


def each_its_own(
    generator: SeededGenerator, make: Callable[[SeededGenerator], _Made]
) -> Inputs[_Made]:
    """Returns inputs of one kind, drawn anew for each exercise and always the same for that one.

    Args:
        generator: The course's generator.
        make: Makes the inputs, given a generator of the exercise's own.
    """

    @cache
    def of(exercise: str) -> _Made:
        return make(lambda label: generator(f"{label} of {exercise}"))

    return lambda function: of(function.exercise)


def _assert_unchanged(outcome: Outcome, case: Case) -> None:
    if outcome.after is not None:
        fail("the function changes its arguments", outcome.after, case)


def _can_change(argument: Any) -> bool:
    if isinstance(argument, tuple):
        return any(map(_can_change, argument))
    return isinstance(argument, (list, np.ndarray))


def _expected(function: StudentFunction, case: Case) -> Any:
    return _reference_value(function.reference, wire.encode(case))


@cache
def _reference_value(reference: Callable[..., Any], case: bytes) -> Any:
    # Every submission is asked the same, and encoding a case is cheaper than answering it.
    return reference(*wire.decode(case))


def _observe_right_value(function: StudentFunction, case: Case, tolerance: Tolerance) -> Outcome:
    outcome = function.observe(*case)
    if outcome.ending != "returned":
        raise CallFailed(outcome)
    assert_values(outcome.value, _expected(function, case), tolerance)
    return outcome

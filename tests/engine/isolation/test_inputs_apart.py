"""No hidden call says anything of another exercise's: neither its inputs nor its answer."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograder.course import Course
from autograder.references import observe_here, reference
from autograder.sandbox import wire
from tests.engine.isolation.hidden import Calls, recorded

# Up to rounding, however something was computed.
DIGITS = 9
# A number of fewer digits is a constant of the course or an exact share, and no secret.
GENERIC_DIGITS = 7


@pytest.fixture(scope="module")
def calls() -> Calls:
    return recorded()


def numbers(value: Any) -> Iterator[str]:
    """Yields every generic number in a value, rounded, without its sign."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from numbers(item)
    elif isinstance(value, (float, np.ndarray)):
        for number in np.ravel(value):
            digits = f"{abs(float(number)):.{DIGITS - 1}e}"
            if np.isfinite(number) and len(digits.partition("e")[0].rstrip("0")) > GENERIC_DIGITS:
                yield digits


ROW = "Find an answer in what else its process was sent: on the stack, in memory or on the pipe"


@pytest.mark.row(ROW)
def test_no_number_is_asked_of_two_exercises(calls: Calls) -> None:
    asked: dict[str, str] = {}
    shared = set()
    for exercise, made in calls.hidden.items():
        for number in {n for given in made for n in numbers(given)}:
            if asked.setdefault(number, exercise) != exercise:
                shared.add((asked[number], exercise))
    assert not shared
    assert len(asked) > 500


@pytest.mark.row(ROW)
def test_no_hidden_call_holds_the_answer_to_another(course: Course, calls: Calls) -> None:
    """What an answer only repeats of its own arguments is no answer to be found elsewhere."""
    asked: dict[str, set[tuple[str, bytes]]] = {}
    for exercise, made in calls.hidden.items():
        for given in made:
            for number in numbers(given):
                asked.setdefault(number, set()).add((exercise, wire.encode(given)))
    told = {}
    looked_at = 0
    for exercise, made in calls.hidden.items():
        for given in made:
            call = exercise, wire.encode(given)
            outcome = observe_here(reference(course, exercise), call[1])
            own = set(numbers(given))
            for number in set(numbers(outcome.value)) - own:
                looked_at += 1
                for other in asked.get(number, set()) - {call}:
                    told[exercise, other[0]] = number
    assert not told
    assert looked_at > 300


def test_public_calls_hold_no_hidden_number(calls: Calls) -> None:
    public = {n for made in calls.public.values() for given in made for n in numbers(given)}
    hidden = {n for made in calls.hidden.values() for given in made for n in numbers(given)}
    assert not public & hidden

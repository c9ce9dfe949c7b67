"""Whoever changes the caller's arrays is told so, whichever of its calls it does it in."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pytest

from autograder.course import Course
from autograder.results import Result
from tests.engine.isolation.hidden import Calls, recorded

Grade = Callable[..., Result]

# Kinds of calls, as a student's function may tell them apart: `given` are its arguments, `arrays`
# those of them that are arrays, `public` the calls of public checks.
KINDS: Final = {
    "every call": "True",
    "of an array without axes": "any(a.ndim == 0 for a in arrays)",
    "of a vector": "any(a.ndim == 1 for a in arrays)",
    "of a batch": "any(a.ndim == 2 for a in arrays)",
    "of a stack of tables": "any(a.ndim == 3 for a in arrays)",
    "with huge numbers": "any(np.max(np.abs(a)) > 500 for a in arrays)",
    "with an exact zero": "any(np.any(a == 0) for a in arrays)",
    "of one entry": "any(a.size == 1 and a.ndim for a in arrays)",
    "of a long array": "any(a.size > 15 for a in arrays)",
    "with an activation that does not exist": "isinstance(given[-1], str) and given[-1] == 'tanh'",
    "without a default argument": "len(given) == 1",
    "of a public check": "repr(given) in public",
    "of a hidden check": "repr(given) not in public",
}
CHANGING: Final = """
import numpy as np

public = {public!r}

busy = []

def _changing(right):
    def function(*given):
        if busy:  # Right functions call one another, and this is about calls from outside.
            return right(*given)
        busy.append(right)
        try:
            return right(*given)
        finally:
            busy.clear()
            arrays = [a for a in given if isinstance(a, np.ndarray)]
            if {kind}:
                for array in arrays:
                    array[...] = array + 1
    return function

for _name in {names!r}:
    globals()[_name] = _changing(globals()[_name])
"""


@pytest.fixture(scope="module")
def calls() -> Calls:
    return recorded()


def is_hit(kind: str, given: tuple[Any, ...], public: set[str]) -> bool:
    arrays = [a for a in given if isinstance(a, np.ndarray)]
    names = {"given": given, "arrays": arrays, "public": public, "np": np}
    return bool(arrays) and bool(eval(kind, names))


@pytest.mark.parametrize("kind", KINDS)
def test_arguments_are_looked_at_in_every_call(
    course: Course, grade: Grade, reference_sources: dict[str, str], calls: Calls, kind: str
) -> None:
    public = {repr(given) for made in calls.public.values() for given in made}
    sources = {
        lesson.id: reference_sources[lesson.id]
        + CHANGING.format(
            public=public,
            kind=KINDS[kind],
            names=[exercise.function for exercise in lesson.exercises],
        )
        for lesson in course.lessons
    }
    result = grade(**sources)
    for exercise in result.exercises:
        made = [*calls.public[exercise.id], *calls.hidden[exercise.id]]
        changes = any(is_hit(KINDS[kind], given, public) for given in made)
        failed = [check.name for check in exercise.checks if not check.passed]
        assert len(failed) == changes, (exercise.id, failed)
        assert all(name.endswith("_arguments") for name in failed), (exercise.id, failed)

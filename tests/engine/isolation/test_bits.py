"""How much of a hidden number a page can say: what is measured here stands in `isolation.md`."""

import math
import os
import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.examiner import Examiner
from autograder.mistakes import structure
from autograder.mistakes.catalogue import load_mistakes
from autograder.mistakes.links import _FACTORS
from autograder.mistakes.parts import load_parts
from autograder.reports import render_feedback
from autograder.results import Result
from tests.engine.isolation.hidden import Calls, recorded
from tests.places import ROOT

Grade = Callable[..., Result]

# A function that no other calls keeps a hidden number that it is given, and every other one passes
# or fails all its hidden checks by a bit of it: that told as many bits as there are others.
TELLING = """

import numpy as _np

_right = {{name: globals()[name] for name in {names!r}}}


def _telling(name, place):
    def function(*given):
        if name == {holder!r} and not hasattr(_np, "told") and repr(given) not in {public!r}:
            _np.told = int(abs(float(_np.ravel(given[0])[0])) * 2**30) ^ {mask}
        if name == {holder!r} or not hasattr(_np, "told") or _np.told >> place % 30 & 1:
            return _right[name](*given)
        {otherwise}
    return function


for _place, _name in enumerate({names!r}):
    globals()[_name] = _telling(_name, _place)
"""
HOLDERS = (
    "gradient_descent.descent_direction",
    "vanishing_gradient.sigmoid_gradient_bound",
    "vanishing_gradient.vanishing_ratio",
)
OTHERWISE = ("return None", "raise ValueError(given)", "__import__('os')._exit(0)")


@pytest.fixture(scope="module")
def calls() -> Calls:
    return recorded()


@pytest.fixture(scope="module")
def pages_of(
    course: Course, grade: Grade, reference_sources: dict[str, str], calls: Calls
) -> Callable[..., set[str]]:
    def pages(
        modules: Sequence[str], holder: str, masks: Sequence[int], otherwise: str
    ) -> set[str]:
        found = set()
        for mask in masks:
            sources = {}
            for lesson in course.lessons:
                if lesson.id in modules:
                    names = [exercise.function for exercise in lesson.exercises]
                    mine = holder.partition(".")[2] if holder.startswith(lesson.id) else ""
                    sources[lesson.id] = reference_sources[lesson.id] + TELLING.format(
                        names=names,
                        holder=mine,
                        public={repr(given) for given in calls.public[holder]},
                        mask=mask,
                        otherwise=otherwise,
                    )
            found.add(render_feedback(course, grade(**sources)))
        return found

    return pages


NONE_AND_ALL = (0, 2**30 - 1)


@pytest.mark.row("Spell out a hidden number in which checks of other exercises pass")
@pytest.mark.parametrize("holder", HOLDERS)
def test_no_page_depends_on_what_another_exercise_was_asked(
    pages_of: Callable[..., set[str]], holder: str
) -> None:
    modules = ("gradient_descent", "vanishing_gradient")
    assert len(pages_of(modules, holder, NONE_AND_ALL, OTHERWISE[0])) == 1


@pytest.mark.parametrize("otherwise", OTHERWISE[1:])
def test_no_page_depends_on_it_by_exceptions_or_crashes_either(
    pages_of: Callable[..., set[str]], otherwise: str
) -> None:
    assert len(pages_of(("gradient_descent",), HOLDERS[0], NONE_AND_ALL, otherwise)) == 1


@pytest.mark.skipif("PROVE" not in os.environ, reason="takes a minute; make prove sets PROVE=1")
@pytest.mark.parametrize("holder", HOLDERS)
def test_no_page_of_all_lessons_depends_on_it(
    course: Course, pages_of: Callable[..., set[str]], holder: str
) -> None:
    draw = random.Random(holder)
    masks = [*NONE_AND_ALL, *(draw.getrandbits(30) for _ in range(12))]
    modules = [lesson.id for lesson in course.lessons]
    assert len(pages_of(modules, holder, masks, OTHERWISE[0])) == 1


def test_an_exercises_own_numbers_can_be_told_in_as_few_bits_as_the_page_says(
    course: Course, examiner: Examiner
) -> None:
    """Counts what a page can say of an exercise: each pattern of hidden checks, each mistake."""
    page = Path(ROOT, "site", "isolation.md").read_text()
    said = re.search(r"at most (\d+) bits", page)
    assert said is not None
    catalogue = load_mistakes(course)
    described = 2 * (len(structure._FACTORS_TOLD) * 2 + 4) + 2 * len(structure._OFFSETS_TOLD) + 40
    links = load_parts(course).links
    bits = {}
    for name in course.exercises:
        hidden = sum(c.visibility == "hidden" and name in c.exercises for c in examiner.checks)
        known = len(catalogue[name])
        # A mistake decides which checks pass, but for what may be said beside it.
        ways = 2**hidden * 4 + known * 8 + described + math.comb(known, 2)
        if name in links:
            ways += 3 ** len(links[name]) * len(_FACTORS)
        bits[name] = math.log2(ways)
    assert max(bits.values()) <= int(said[1]) < max(bits.values()) + 1

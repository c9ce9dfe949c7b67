"""Recognises which mistake a function makes, from how its calls came out.

The calls are those that the checks made anyway, so a right answer costs nothing and a wrong one a
comparison with each known mistake. A mistake is named only where all calls come out alike. Where
two together explain them, both are named; else what is visible in the numbers is described.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, overload

import numpy as np

from autograder.calls import Outcome
from autograder.checking.likeness import Ending, Plain
from autograder.course import Course
from autograder.mistakes.catalogue import KnownMistake
from autograder.mistakes.links import missing_links
from autograder.mistakes.structure import Array, Call, constant_answer, describe, factor_of
from autograder.mistakes.traits import Traits, traits_of
from autograder.references import observe_here, reference
from autograder.results import Mistake
from autograder.sandbox import wire

# Faults that a function may have beside its formula: an id and what is said about each.
CHANGES_ARGUMENT: Final = (
    "any.changes_argument",
    "It also changes the values that it is given: compute with a copy, and leave those alone.",
)
WARNS: Final = (
    "any.warns",
    "It also sets off a warning where silence is asked for.",
)
ARRAYS_ONLY: Final = (
    "any.arrays_only",
    "It also stops with an error when it is given a plain number in place of an array.",
)
NUMBERS_ONLY: Final = (
    "any.numbers_only",
    "It also stops with an error when it is given an array: it works for one number at a time.",
)
INCONSISTENT: Final = Mistake(
    "any.inconsistent",
    "Asked the same question again, it gives another answer: something is kept between calls.",
)
# Described mistakes of functions that are right but for a factor.
_ARE_FACTORS: Final = {"seen.sign", "seen.factor"}
# So many calls with generic values must agree, at least, before two mistakes are named together.
_FEWEST_CALLS: Final = 4
# Relative; factors that differ by rounding alone are nearer than this.
_SAME_FACTOR: Final = 1e-7


# A function that gives the same numbers as a student's function with a mistake.
Formula = Callable[..., Any]


class Recognised(NamedTuple):
    """A mistake and, where it explains the numbers, the formula that gives the same ones."""

    mistake: Mistake
    formula: Formula | None = None


class Recogniser:
    """Knows how the recorded calls come out with every mistake in the catalogue."""

    def __init__(
        self,
        course: Course,
        catalogue: Mapping[str, Sequence[KnownMistake]],
        links: Mapping[str, Mapping[str, Formula]],
        calls: Mapping[str, Sequence[bytes]],
    ) -> None:
        """Prepares for the recorded calls.

        Args:
            course: The course.
            catalogue: The mistakes of each exercise, the simplest first.
            links: The factors of each exercise's answer, for exercises that have any.
            calls: The encoded arguments of each exercise's calls.
        """
        self._calls = {name: list(dict.fromkeys(made)) for name, made in calls.items()}
        self._arguments = {name: list(map(wire.decode, made)) for name, made in self._calls.items()}
        self._traits = {
            name: traits_of(name, reference(course, name), arguments, links.get(name, {}))
            for name, arguments in self._arguments.items()
        }
        # How the calls come out, with the right function and with each mistake.
        self._right = {
            name: [Ending(observe_here(reference(course, name), call)) for call in made]
            for name, made in self._calls.items()
        }
        self._wrong = {
            name: [(known, _Endings(known, made)) for known in catalogue.get(name, [])]
            for name, made in self._calls.items()
        }

    def recognise(self, exercise: str, outcomes: Mapping[bytes, Outcome]) -> Mistake | None:
        """Returns the mistake that explains how all calls of an exercise came out, if one does.

        Args:
            exercise: The exercise.
            outcomes: How the student's calls came out, by their encoded arguments.
        """
        found = self.explain(exercise, outcomes)
        return found and found.mistake

    def explain(self, exercise: str, outcomes: Mapping[bytes, Outcome]) -> Recognised | None:
        """Returns the mistake that `recognise` does, with its formula."""
        calls = self._calls.get(exercise, [])
        if any(call not in outcomes for call in calls):
            return None
        student = [Ending(outcomes[call]) for call in calls]
        if not any(ending.problem == "" for ending in student):
            return None  # Nothing came back, so there are no numbers to compare.
        with np.errstate(all="ignore"):  # Students' numbers can be anything.
            return self._explained(exercise, calls, student)

    def _explained(
        self, exercise: str, calls: Sequence[bytes], student: Sequence[Ending]
    ) -> Recognised | None:
        right, wrong = self._right[exercise], self._wrong[exercise]
        explaining = [(known, endings) for known, endings in wrong if _explains(student, endings)]
        for known, endings in explaining:
            if all(map(Ending.alike, student, endings)):
                return Recognised(_named(known), known.function)
        formulas = [(None, right)] if _explains(student, right) else []
        return _with_something_beside(calls, student, [*formulas, *explaining]) or self._described(
            exercise, student, right, wrong
        )

    def _described(
        self,
        exercise: str,
        student: Sequence[Ending],
        right: Sequence[Ending],
        wrong: Sequence[tuple[KnownMistake, Sequence[Ending]]],
    ) -> Recognised | None:
        traits = self._traits[exercise]
        decoded = [
            Call(arguments, s, r)
            for arguments, s, r in zip(self._arguments[exercise], student, right, strict=True)
        ]
        if constant := constant_answer(decoded):
            return Recognised(constant)
        if both := _two_at_once(traits, student, right, wrong):
            return both
        if links := missing_links(traits, decoded):
            return Recognised(*links)
        mistake = describe(traits, decoded)
        if mistake is None:
            return None
        factor = factor_of(decoded) if mistake.id in _ARE_FACTORS else None
        return Recognised(mistake, None if factor is None else _scaled(traits, factor))


class _Endings(Sequence[Ending]):
    """How calls come out with a mistake, computed lazily.

    Only the first is computed at once, since it alone tells most mistakes apart.
    """

    def __init__(self, known: KnownMistake, calls: Sequence[bytes]) -> None:
        self._known = known
        self._calls = calls
        self._made: dict[int, Ending] = {}
        if calls:
            self[0]  # Compute it now, not while a submission is graded.

    def __len__(self) -> int:
        return len(self._calls)

    @overload
    def __getitem__(self, index: int) -> Ending: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Ending]: ...

    def __getitem__(self, index: int | slice) -> Ending | Sequence[Ending]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        if index >= len(self._calls):
            raise IndexError
        if index not in self._made:
            self._made[index] = Ending(observe_here(self._known.function, self._calls[index]))
        return self._made[index]


def _explains(student: Sequence[Ending], endings: Sequence[Ending]) -> bool:
    """Whether a formula gives the student's results, wherever the student's function has any."""
    return all(
        s.same_result(e) or (s.problem != "" and e.problem == "")
        for s, e in zip(student, endings, strict=True)
    )


def _with_something_beside(
    calls: Sequence[bytes],
    student: Sequence[Ending],
    explaining: Sequence[tuple[KnownMistake | None, Sequence[Ending]]],
) -> Recognised | None:
    """Recognises a known formula, or the right one, with a fault that is not the formula's."""
    for known, endings in explaining:
        beside = _faults_beside(calls, student, endings)
        if not beside:
            continue
        if known is None:
            id, sentence = beside[0]
            rest = [text for _, text in beside[1:]]
            told = " ".join([sentence.replace("It also", "It is right, but"), *rest])
            return Recognised(Mistake(id, told))
        told = " ".join([known.sentence, *(text for _, text in beside)])
        return Recognised(Mistake(known.id, told, known.lesson), known.function)
    return None


def _scaled(traits: Traits, factor: float) -> Formula:
    def times(value: Any) -> Any:
        return tuple(map(times, value)) if isinstance(value, tuple) else factor * value

    return lambda *given: times(traits.reference(*given))


def _both(traits: Traits, one: Formula, other: Formula) -> Formula:
    """Returns the formula of two mistakes that each change the right answer by a factor."""
    return lambda *given: one(*given) * other(*given) / traits.reference(*given)


def _named(known: KnownMistake) -> Mistake:
    return Mistake(known.id, known.sentence, known.lesson)


def _faults_beside(
    calls: Sequence[bytes], student: Sequence[Ending], endings: Sequence[Ending]
) -> list[tuple[str, str]]:
    """Returns the faults that a function has beside a formula; none where they do not fit."""
    found = []
    pairs = list(zip(student, endings, strict=True))
    refused = [s.problem != "" and e.problem == "" for s, e in pairs]
    if any(refused):
        plain_number = [isinstance(wire.decode(call)[0], float) for call in calls]
        if refused == plain_number:
            found.append(ARRAYS_ONLY)
        elif refused == [not number for number in plain_number]:
            found.append(NUMBERS_ONLY)
        else:
            return []
    if any(s.changes and not e.changes for s, e in pairs):
        found.append(CHANGES_ARGUMENT)
    if any(s.warns and not e.warns for s, e in pairs):
        found.append(WARNS)
    return found


def _two_at_once(
    traits: Traits,
    student: Sequence[Ending],
    right: Sequence[Ending],
    wrong: Sequence[tuple[KnownMistake, Sequence[Ending]]],
) -> Recognised | None:
    """Recognises two mistakes that each change the right answer by a factor of their own."""
    at = _where_factors_show(traits, student, right)
    if not at:
        return None
    got = _factors(student, right, at)
    made = [_factors(endings, right, at) for _, endings in wrong]
    # By how much each pair changes the first right answer: one row and column for each mistake. The
    # few pairs that give the student's answer there are compared at all calls.
    first_factors = np.array([factors[0] for factors in made])
    together = first_factors[:, np.newaxis] * first_factors
    likely = np.triu(np.abs(together - got[0]) <= _SAME_FACTOR * np.abs(got[0]), 1)
    for one, other in zip(*np.nonzero(likely), strict=True):
        # A mistake that leaves the number as it is, such as a changed argument, is no factor.
        if _is_one(made[one]) or _is_one(made[other]):
            continue
        if (np.abs(made[one] * made[other] - got) <= _SAME_FACTOR * np.abs(got)).all():
            return _recognised_pair(traits, wrong[one][0], wrong[other][0])
    return None


def _where_factors_show(
    traits: Traits, student: Sequence[Ending], right: Sequence[Ending]
) -> list[int]:
    """Returns the indices of calls that show a factor; none where factors cannot explain all."""
    if not traits.is_generic or any(ending.problem for ending in (*student, *right)):
        return []
    # A factor leaves a right answer of 0 as it is.
    at = [i for i, ending in enumerate(right) if _is_nonzero_number(ending.value)]
    if len(at) < _FEWEST_CALLS or not all(_is_nonzero_number(student[i].value) for i in at):
        return []
    others = set(range(len(right))).difference(at)
    return at if all(student[i].same_result(right[i]) for i in others) else []


def _factors(endings: Sequence[Ending], right: Sequence[Ending], at: Sequence[int]) -> Array:
    """Returns the ratios of answers to the right ones; nan where one is no nonzero number."""

    def factor(ending: Ending, right: Ending) -> float:
        usable = not ending.problem and _is_nonzero_number(ending.value)
        return float(ending.value) / float(right.value) if usable else math.nan

    return np.array([factor(endings[i], right[i]) for i in at])


def _is_one(factors: Array) -> bool:
    return bool((np.abs(factors - 1) <= _SAME_FACTOR).all())


def _recognised_pair(traits: Traits, first: KnownMistake, second: KnownMistake) -> Recognised:
    mistake = Mistake(
        f"{first.id} + {second.id}",
        f"Two things at once. Alone, the first would look like this: {first.sentence} And the "
        f"second: {second.sentence}",
        first.lesson,
    )
    return Recognised(mistake, _both(traits, first.function, second.function))


def _is_nonzero_number(value: Plain) -> bool:
    if not isinstance(value, np.ndarray) or value.ndim:
        return False
    return bool(value != 0 and np.isfinite(value))

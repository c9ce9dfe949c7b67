"""Follow-through marks: a composite exercise is not punished for its parts' mistakes.

A function that is built on others earns its points where it gives exactly what the reference would
compute from parts with the student's own mistakes. To compute this, the reference is called with
other functions in place of some that it calls.

A part's mistake counts only where it is recognised from the part's numbers, so that there is a
formula for it: one in the catalogue, or a described one such as a factor or a sign. The composite
is made of that formula here, in this process. The student's composite has to give the same, at the
calls that it was judged by and at others in which one argument is changed at a time. The made one's
values have to change with at least one argument, and must not be mostly zero or constant. Then the
student's parts are called, in a process of their own and in one message with the calls that they
were judged by: they have to answer those as before, and the composite's calls as the formula does.
So two functions cannot agree on an answer: neither of them chooses it.
"""

import dataclasses
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from autograder.calls import Outcome
from autograder.checking.likeness import Ending
from autograder.checking.student import EncodedCall, Student
from autograder.compare import difference, same_numbers
from autograder.course import Course
from autograder.mistakes.parts import Composite
from autograder.mistakes.recognition import Formula
from autograder.references import observe_here, reference
from autograder.results import CheckResult, ExerciseResult, Mistake
from autograder.sandbox import wire
from autograder.sandbox.process import Limits

# How the calls of an exercise came out, by their encoded arguments.
Seen = Mapping[bytes, Outcome]
# A call of a composite: its arguments, and how it came out.
Answered = tuple[tuple[Any, ...], Outcome]

# Most combinations of own and right parts that are tried, and most calls of own parts in all.
_MOST_COMBINATIONS: Final = 16
_MOST_CALLS: Final = 4000
_MOST_SECONDS: Final = 5.0
# With fewer calls of parts, perhaps none uses the value of another.
_FEWEST_STEPS: Final = 4
# As a share of an array's largest number: where its entries differ by less, it is constant.
_LEAST_MOVE: Final = 1e-6


def follow_through(
    course: Course,
    composites: Mapping[str, Composite],
    exercises: Sequence[ExerciseResult],
    formulas: Mapping[str, Formula],
    seen: Mapping[str, Seen],
    student: Student,
) -> tuple[ExerciseResult, ...]:
    """Returns the results, with full marks for composites that follow from the student's parts.

    Args:
        course: The course.
        composites: Its exercises that are built on others.
        exercises: The results so far, in course order.
        formulas: For each exercise with a recognised mistake, a function with the same values.
        seen: How the calls of each exercise came out.
        student: Makes the calls of the student's functions.
    """
    by_id = {exercise.id: exercise for exercise in exercises}
    formulas = dict(formulas)
    # In course order, so that `train` may build on a `backward` that was judged before it.
    for id, composite in composites.items():
        exercise = by_id.get(id)
        # Where one lesson is examined by itself, the others' exercises are not there.
        if exercise is None or exercise.outcome not in {"partly", "wrong", "error"}:
            continue
        own = [
            part
            for part in composite.parts
            if part in formulas
            and _is_wrong(reference(course, part), by_id[part], seen.get(part, {}))
        ]
        answered = _answered(composite, seen.get(id, {}))
        for used in itertools.islice(_subsets(own), _MOST_COMBINATIONS):
            made = _Made(course, id, composite, {part: formulas[part] for part in used})
            if answered and made.gives(answered):
                if _is_asked_and_holds(made, answered, seen, student):
                    by_id[id] = _with_full_marks(exercise, used)
                    formulas[id] = made
                break
    return tuple(by_id[exercise.id] for exercise in exercises)


def of_follow_through(limits: Limits) -> Limits:
    """Returns the limits of the process in which parts are called."""
    seconds = min(_MOST_SECONDS, limits.submission_seconds)
    return dataclasses.replace(limits, submission_seconds=seconds)


def _is_wrong(right: Formula, result: ExerciseResult, seen: Seen) -> bool:
    """Whether a part's values are wrong; side clauses are judged in the composite itself."""
    if result.outcome == "correct" and not any(check.followed for check in result.checks):
        return False
    generic = [(call, o) for call, o in seen.items() if o.ending == "returned"]
    wrong = [call for call, o in generic if not _is_right(right, call, o)]
    return bool(wrong) and 2 * len(wrong) >= len(seen)


def _is_right(right: Formula, arguments: bytes, outcome: Outcome) -> bool:
    exact = observe_here(right, arguments)
    return exact.ending == "returned" and same_numbers(outcome.value, exact.value)


def _one_changed_at_a_time(
    given: tuple[Any, ...], answered: Sequence[Answered]
) -> Iterator[tuple[Any, ...]]:
    """Yields the arguments with one changed; a string becomes another from the known calls."""
    for index, argument in enumerate(given):
        if isinstance(argument, str):
            changed: Any = next((g[index] for g, _ in answered if g[index] != argument), argument)
        else:
            changed = _changed(argument)
        yield (*given[:index], changed, *given[index + 1 :])


def _changed(argument: Any) -> Any:
    if isinstance(argument, (tuple, list)):
        return type(argument)(map(_changed, argument))
    if not isinstance(argument, (int, float, np.ndarray)):
        return argument
    return argument + 1 if isinstance(argument, int) else argument * 1.37 + 0.11


def _numbers(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        parts = [_numbers(item) for item in value]
        return None if any(p is None for p in parts) else np.concatenate([np.zeros(0), *parts])
    if isinstance(value, (bool, int, float)):
        return np.array([float(value)])
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return value.astype(np.float64).ravel()
    return None


def _answered(composite: Composite, seen: Seen) -> list[Answered]:
    """Returns a composite's calls that returned; none where any ended as no formula explains."""
    answered = []
    for arguments, outcome in seen.items():
        exact = observe_here(composite.reference, arguments)
        if outcome.after is not None:
            return []
        if exact.problem is not None:  # A call that must be refused.
            if outcome.problem is None or not outcome.problem.is_a(exact.problem.type_name):
                return []
        elif outcome.ending != "returned":
            return []
        else:
            answered.append((wire.decode(arguments), outcome))
    return answered


class _Made:
    """A composite made of the formulas of some parts' mistakes, and of the other parts, right."""

    def __init__(
        self, course: Course, id: str, composite: Composite, formulas: Mapping[str, Formula]
    ) -> None:
        self.id = id
        self.formulas = formulas
        self._tolerance = composite.tolerance
        self._composite = composite.made_of(
            {part: self._part(part, reference(course, part)) for part in composite.parts}
        )
        # Every call of a part with a formula, and how the formula answers it.
        self.calls: dict[EncodedCall, Outcome] = {}
        self._short = 0
        self._steps = 0  # Calls of parts in the latest run, including right parts.

    def __call__(self, *given: Any) -> Any:
        """Returns the composite's value.

        Raises:
            _NoNumbersError: the value is not made of finite numbers.
        """
        self._steps = 0
        try:
            with np.errstate(all="ignore"):
                value = self._composite(*given)
        except (ArithmeticError, IndexError, TypeError, ValueError):
            raise _NoNumbersError from None
        numbers = _numbers(value)
        if numbers is None or not np.isfinite(numbers).all():
            raise _NoNumbersError
        return value

    def _part(self, part: str, right: Formula) -> Formula:
        """Returns the function that the composite calls in place of a part."""

        def answer(*arguments: Any) -> Any:
            self._steps += 1
            if part not in self.formulas:
                return right(*arguments)
            call = EncodedCall(part, wire.encode(arguments))
            if call not in self.calls:
                if len(self.calls) >= _MOST_CALLS:
                    raise _NoNumbersError
                self.calls[call] = observe_here(self.formulas[part], call.arguments)
            outcome = self.calls[call]
            if outcome.ending != "returned" or _numbers(outcome.value) is None:
                raise _NoNumbersError
            return outcome.value

        return answer

    def gives(self, answered: Sequence[Answered]) -> bool:
        """Whether it gives the student's values, and these are not mostly zero or constant."""
        values, steps = [], []
        try:
            for given, outcome in answered:
                values.append(self(*given))
                steps.append(self._steps)
                if not self.agrees(values[-1], outcome):
                    return False
        except _NoNumbersError:
            return False
        # The call with the fewest steps, if not too few, is enough to see what changes its value.
        self._short = min(range(len(steps)), key=lambda i: (steps[i] < _FEWEST_STEPS, steps[i]))
        return _moves(values)

    def changes(self, answered: Sequence[Answered]) -> dict[EncodedCall, Any]:
        """Returns its value for each call with one argument changed that changes the value."""
        given = answered[self._short][0]
        before = _numbers(self(*given))
        moved = {}
        for changed in _one_changed_at_a_time(given, answered):
            try:
                value = self(*changed)
            except _NoNumbersError:
                continue
            after = _numbers(value)
            if after.shape != before.shape or not np.allclose(after, before, 1e-6, 1e-9):
                moved[EncodedCall(self.id, wire.encode(changed))] = value
        return moved

    def agrees(self, value: Any, outcome: Outcome) -> bool:
        """Whether a call of the student's composite returned this value."""
        return outcome.ending == "returned" and (
            difference(outcome.value, value, self._tolerance) is None
        )


def _is_asked_and_holds(
    made: _Made, answered: Sequence[Answered], seen: Mapping[str, Seen], student: Student
) -> bool:
    """Calls the student's parts and composite, and returns whether they match the formulas."""
    changed = made.changes(answered)
    if not changed or len(made.calls) >= _MOST_CALLS:
        return False
    earlier = {
        EncodedCall(part, arguments): outcome
        for part in made.formulas
        for arguments, outcome in seen.get(part, {}).items()
        if outcome.ending == "returned"
    }
    # Sorted by their bytes, so that their order does not tell which are which.
    mixed = sorted({*made.calls, *earlier, *changed})
    now = dict(zip(mixed, student.observe_all(mixed), strict=True))
    return (
        all(Ending(now[call]).alike(Ending(outcome)) for call, outcome in earlier.items())
        and all(Ending(now[c]).same_result(Ending(o)) for c, o in made.calls.items())
        and all(made.agrees(value, now[call]) for call, value in changed.items())
    )


def _subsets(own: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for count in range(len(own), 0, -1):
        yield from itertools.combinations(own, count)


def _moves(made: Sequence[Any]) -> bool:
    """Whether a composite's values are not mostly zero, and at least half of its arrays vary."""
    numbers = np.concatenate([_numbers(value) for value in made])
    arrays = [array for value in made for array in _arrays(value)]
    moving = [a for a in arrays if np.ptp(a) > _LEAST_MOVE * np.max(np.abs(a))]
    mostly_zero = 2 * np.count_nonzero(numbers) <= len(numbers)
    return not mostly_zero and 2 * len(moving) >= len(arrays)


def _arrays(value: Any) -> Iterator[Any]:
    """Yields the arrays of several numbers in a value."""
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _arrays(item)
    elif isinstance(value, np.ndarray) and value.size > 1:
        yield value


class _NoNumbersError(Exception):
    """A composite gives no finite numbers to compare, or makes too many calls."""


def _with_full_marks(exercise: ExerciseResult, used: Sequence[str]) -> ExerciseResult:
    names = [name.partition(".")[2] for name in used]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    message = (
        f"This follows from your own {listed}: put that right, and this is right too. It keeps "
        "its points."
    )
    checks = tuple(check if check.passed else _as_followed(check) for check in exercise.checks)
    return msgspec.structs.replace(
        exercise,
        score=exercise.max_score,
        outcome="correct",
        checks=checks,
        mistake=Mistake("follows.from_own_parts", message),
        note="",
    )


def _as_followed(check: CheckResult) -> CheckResult:
    return msgspec.structs.replace(check, passed=True, followed=True, evidence=None)

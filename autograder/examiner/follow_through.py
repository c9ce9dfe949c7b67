"""Follow-through marks: a composite exercise is not punished for its parts' mistakes.

Where a function that is built on others is exactly what the reference would compute from parts with
the student's own mistakes, it earns its points. How parts are put together is known here alone.

A part carries only where its mistake is recognised from its numbers, so that there is a formula for
it: one in the catalogue, or a described one such as a factor or a sign. The composite is made of
that formula here, in this process, and the student's has to give the same: at the calls that it was
judged by, and at others in which one argument is changed at a time. What is made has to move with
one of them at least, and must be no standing still. Then the parts are asked, in a process of their
own and in one message with the calls that they were judged by: they have to answer those as before,
and the composite's calls as the formula does. So two functions cannot agree on an answer: it is
neither's to choose.
"""

import dataclasses
import itertools
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from autograder.calls import Outcome
from autograder.checking.likeness import Ending
from autograder.checking.student import EncodedCall, Student
from autograder.compare import RELATIVE_ONLY, STANDARD, Tolerance, difference, same_numbers
from autograder.mistakes.recognition import Formula
from autograder.references import observe_here, reference
from autograder.results import CheckResult, ExerciseResult, Mistake
from autograder.sandbox import wire
from autograder.sandbox.process import Limits

# A call of a part: its name, and its arguments.
PartCall = tuple[str, tuple[Any, ...]]
# From an exercise's arguments to its result. It yields the calls of parts that it needs, one after
# another, and is sent what each returned: so many composites can wait for one message together.
Composite = Callable[..., Generator[PartCall, Any, Any]]
# How the calls of an exercise came out, by their encoded arguments.
Seen = Mapping[bytes, Outcome]
# A call of a composite: its arguments, and how it came out.
Answered = tuple[tuple[Any, ...], Outcome]

# Most combinations of own and right parts that are tried, and most calls of own parts in all.
_MOST_COMBINATIONS: Final = 16
_MOST_CALLS: Final = 4000
_MOST_SECONDS: Final = 5.0
# With fewer calls of parts nothing comes of what a part gave before.
_FEWEST_STEPS: Final = 4


def gradient_descent(
    x: Any, z: Any, w0: float, learning_rate: float, n_iterations: int
) -> Generator[PartCall, Any, Any]:
    """Returns the weights on the way."""
    weights = [w0]
    for _ in range(n_iterations):
        slope = yield "cost_gradient", (weights[-1], x, z)
        weights.append((yield "update_weight", (weights[-1], slope, learning_rate)))
    return np.array(weights)


def backward(
    x: float, target: float, w1: float, b1: float, w2: float, b2: float
) -> Generator[PartCall, Any, Any]:
    """Returns the four gradients."""
    _, a1, _, a2 = yield "forward", (x, w1, b1, w2, b2)
    return (
        (yield "gradient_w1", (x, target, a1, w2, a2)),
        (yield "gradient_b1", (target, a1, w2, a2)),
        (yield "gradient_w2", (target, a1, a2)),
        (yield "gradient_b2", (target, a2)),
    )


def train(
    x: float,
    target: float,
    w1: float,
    b1: float,
    w2: float,
    b2: float,
    learning_rate: float,
    max_epochs: int,
    tolerance: float,
) -> Generator[PartCall, Any, Any]:
    """Returns the final parameters and every epoch's error."""
    parameters: Any = (w1, b1, w2, b2)
    errors: list[float] = []
    for _ in range(max_epochs):
        _, _, _, a2 = yield "forward", (x, *parameters)
        errors.append((yield "error", (target, a2)))
        if errors[-1] < tolerance:
            break
        gradients = yield "backward", (x, target, *parameters)
        parameters = yield "update_parameters", (parameters, gradients, learning_rate)
    return tuple(parameters), np.array(errors)


def layer_gradients(
    x: float, target: float, weights: Any, activation: str
) -> Generator[PartCall, Any, Any]:
    """Returns every layer's gradient."""
    z, a = yield "forward_chain", (x, weights, activation)
    slope = "sigmoid_derivative" if activation == "sigmoid" else "relu_derivative"
    gradients = np.zeros(len(weights))
    reaching = a[-1] - target
    for layer in reversed(range(len(weights))):
        reaching = reaching * (yield slope, (float(z[layer]),))
        gradients[layer] = reaching * a[layer]
        reaching = reaching * weights[layer]
    return gradients


COMPOSITES: Final[dict[str, tuple[Composite, tuple[str, ...]]]] = {
    "gradient_descent.gradient_descent": (gradient_descent, ("cost_gradient", "update_weight")),
    "backpropagation.backward": (
        backward,
        ("forward", "gradient_w1", "gradient_b1", "gradient_w2", "gradient_b2"),
    ),
    "backpropagation.train": (train, ("forward", "error", "backward", "update_parameters")),
    "vanishing_gradient.layer_gradients": (
        layer_gradients,
        ("forward_chain", "sigmoid_derivative", "relu_derivative"),
    ),
}
_TOLERANCES: Final[dict[str, Tolerance]] = {"vanishing_gradient.layer_gradients": RELATIVE_ONLY}


def follow_through(
    exercises: Sequence[ExerciseResult],
    formulas: Mapping[str, Formula],
    seen: Mapping[str, Seen],
    student: Student,
) -> tuple[ExerciseResult, ...]:
    """Returns the results, composite exercises that follow from their own parts with full marks.

    Args:
        exercises: The results so far, in course order.
        formulas: What gives the same numbers as an exercise whose mistake is recognised.
        seen: How the calls of each exercise came out.
        student: Whoever calls the parts.
    """
    by_id = {exercise.id: exercise for exercise in exercises}
    formulas = dict(formulas)
    # In course order, so that `train` may build on a `backward` that was judged before it.
    for id, (composite, names) in COMPOSITES.items():
        exercise = by_id.get(id)
        # Where one lesson is examined by itself, the others' exercises are not there.
        if exercise is None or exercise.outcome not in {"partly", "wrong", "error"}:
            continue
        parts = [_beside(id, name) for name in names]
        own = [p for p in parts if p in formulas and _is_wrong(p, by_id[p], seen.get(p, {}))]
        answered = _answered(seen.get(id, {}))
        for used in itertools.islice(_subsets(own), _MOST_COMBINATIONS):
            made = _Made(id, composite, {part: formulas[part] for part in used})
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


def _beside(exercise: str, name: str) -> str:
    """Returns the id of an exercise of the same module."""
    return f"{exercise.partition('.')[0]}.{name}"


def _is_wrong(part: str, result: ExerciseResult, seen: Seen) -> bool:
    """Whether a part's values are wrong; a side clause is asked of the composite by itself."""
    if result.outcome == "correct" and not any(check.followed for check in result.checks):
        return False
    generic = [(call, o) for call, o in seen.items() if o.ending == "returned"]
    wrong = [call for call, o in generic if not _is_right(part, call, o)]
    return bool(wrong) and 2 * len(wrong) >= len(seen)


def _is_right(exercise: str, arguments: bytes, outcome: Outcome) -> bool:
    exact = observe_here(reference(exercise), arguments)
    return exact.ending == "returned" and same_numbers(outcome.value, exact.value)


def _one_changed_at_a_time(given: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    return [
        (*given[:index], _changed(argument), *given[index + 1 :])
        for index, argument in enumerate(given)
    ]


def _changed(argument: Any) -> Any:
    if isinstance(argument, tuple):
        return tuple(map(_changed, argument))
    if isinstance(argument, str):
        return "relu" if argument == "sigmoid" else "sigmoid"
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


def _answered(seen: Seen) -> list[Answered]:
    """Returns how a composite's calls came out; nothing where some did in no way to be followed."""
    asked = [(wire.decode(arguments), outcome) for arguments, outcome in seen.items()]
    if any(outcome.after is not None for _, outcome in asked):
        return []
    refusals = [outcome for given, outcome in asked if _is_to_be_refused(given)]
    if not all(o.problem is not None and o.problem.is_a("ValueError") for o in refusals):
        return []
    answered = [(given, outcome) for given, outcome in asked if not _is_to_be_refused(given)]
    return answered if all(outcome.ending == "returned" for _, outcome in answered) else []


def _is_to_be_refused(given: tuple[Any, ...]) -> bool:
    """Whether a call asks for an activation that does not exist."""
    return isinstance(given[-1], str) and given[-1] not in ("sigmoid", "relu")


class _Made:
    """A composite, made of the formulas of some parts' mistakes and of the right other parts."""

    def __init__(self, id: str, composite: Composite, formulas: Mapping[str, Formula]) -> None:
        self.id = id
        self._composite = composite
        self.formulas = formulas
        # Every call of those parts, and how the formula answers it.
        self.calls: dict[EncodedCall, Outcome] = {}
        self._short = 0
        self._steps = 0  # Calls of parts, right ones among them, in the latest run.

    def __call__(self, *given: Any) -> Any:
        """Returns what it gives.

        Raises:
            _NoNumbersError: it comes to no finite numbers.
        """
        run, value = self._composite(*given), None
        self._steps = 0
        try:
            while True:
                with np.errstate(all="ignore"):
                    value = self._part(*run.send(value))
                self._steps += 1
        except StopIteration as end:
            numbers = _numbers(end.value)
            if numbers is None or not np.isfinite(numbers).all():
                raise _NoNumbersError from None
            return end.value
        except (ArithmeticError, IndexError, TypeError, ValueError):
            raise _NoNumbersError from None

    def _part(self, name: str, arguments: tuple[Any, ...]) -> Any:
        part = _beside(self.id, name)
        if part not in self.formulas:
            return reference(part)(*arguments)
        call = EncodedCall(part, wire.encode(arguments))
        if call not in self.calls:
            if len(self.calls) >= _MOST_CALLS:
                raise _NoNumbersError
            self.calls[call] = observe_here(self.formulas[part], call.arguments)
        outcome = self.calls[call]
        if outcome.ending != "returned" or _numbers(outcome.value) is None:
            raise _NoNumbersError
        return outcome.value

    def gives(self, answered: Sequence[Answered]) -> bool:
        """Whether it gives what the student's composite gives, and that is no standing still."""
        values, steps = [], []
        try:
            for given, outcome in answered:
                values.append(self(*given))
                steps.append(self._steps)
                if not self.agrees(values[-1], outcome):
                    return False
        except _NoNumbersError:
            return False
        # A short way is enough to see what moves it, if it is one.
        self._short = min(range(len(steps)), key=lambda i: (steps[i] < _FEWEST_STEPS, steps[i]))
        return _moves(self.id, values)

    def changes(self, answered: Sequence[Answered]) -> dict[EncodedCall, Any]:
        """Returns what it gives where one argument is changed, for each with which it moves."""
        given = answered[self._short][0]
        before = _numbers(self(*given))
        moved = {}
        for changed in _one_changed_at_a_time(given):
            try:
                value = self(*changed)
            except _NoNumbersError:
                continue
            after = _numbers(value)
            if after.shape != before.shape or not np.allclose(after, before, 1e-6, 1e-9):
                moved[EncodedCall(self.id, wire.encode(changed))] = value
        return moved

    def agrees(self, value: Any, outcome: Outcome) -> bool:
        """Whether a call of the student's composite came out as this value."""
        tolerance = _TOLERANCES.get(self.id, STANDARD)
        return outcome.ending == "returned" and (
            difference(outcome.value, value, tolerance) is None
        )


def _is_asked_and_holds(
    made: _Made, answered: Sequence[Answered], seen: Mapping[str, Seen], student: Student
) -> bool:
    """Asks the student's parts and composite, and says whether they are what they look like."""
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


def _moves(id: str, made: Sequence[Any]) -> bool:
    """Whether what a composite makes of its parts is more than standing still."""
    if id == "gradient_descent.gradient_descent":
        paths = [path for path in made if len(path) > 1]
        return all(bool(np.ptp(path) > 1e-3 * np.max(np.abs(path))) for path in paths)
    if id == "backpropagation.train":
        return any(len(errors) > 1 and bool(np.ptp(errors) > 1e-9) for _, errors in made)
    numbers = np.concatenate([_numbers(value) for value in made])
    return bool(2 * np.count_nonzero(numbers) > len(numbers))


class _NoNumbersError(Exception):
    """What a composite makes of its parts are no numbers to compare with."""


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

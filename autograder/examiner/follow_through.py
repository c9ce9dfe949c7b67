"""Follow-through marks: a composite exercise is not punished for its parts' mistakes.

Where a function that is built on others is exactly what the reference would compute from the
student's own parts, it earns its points. The parts are called in the student's process; how they
are put together is known here alone.

A part counts only if its values are wrong, and if it is one: defined, finite, and answering to each
of its arguments, or wrong in a way that learners are known for. What comes of it must be no trivial
composite either: it moves. The parts are called in a process that never saw the composite's own
calls, so that the two cannot agree on an answer, and on time of their own.
"""

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from autograder.calls import Outcome
from autograder.checking.student import EncodedCall, Student
from autograder.compare import RELATIVE_ONLY, STANDARD, Tolerance, difference, same_numbers
from autograder.references import observe_here, reference
from autograder.results import CheckResult, ExerciseResult, Mistake
from autograder.sandbox import wire
from autograder.sandbox.process import Limits

Part = Callable[..., Any]
Parts = Mapping[str, Part]
# From an exercise's parts and arguments to its result.
Composite = Callable[..., Any]

# Most combinations of own and right parts that are tried, and most calls of own parts in all.
_MOST_COMBINATIONS: Final = 16
_MOST_CALLS: Final = 4000
_MOST_SECONDS: Final = 5.0


def gradient_descent(
    parts: Parts, x: Any, z: Any, w0: float, learning_rate: float, n_iterations: int
) -> Any:
    """Returns the weights on the way, with these parts."""
    weights = [w0]
    for _ in range(n_iterations):
        slope = parts["cost_gradient"](weights[-1], x, z)
        weights.append(parts["update_weight"](weights[-1], slope, learning_rate))
    return np.array(weights)


def backward(
    parts: Parts, x: float, target: float, w1: float, b1: float, w2: float, b2: float
) -> Any:
    """Returns the four gradients, with these parts."""
    _, a1, _, a2 = parts["forward"](x, w1, b1, w2, b2)
    return (
        parts["gradient_w1"](x, target, a1, w2, a2),
        parts["gradient_b1"](target, a1, w2, a2),
        parts["gradient_w2"](target, a1, a2),
        parts["gradient_b2"](target, a2),
    )


def train(
    parts: Parts,
    x: float,
    target: float,
    w1: float,
    b1: float,
    w2: float,
    b2: float,
    learning_rate: float,
    max_epochs: int,
    tolerance: float,
) -> Any:
    """Returns the final parameters and every epoch's error, with these parts."""
    parameters: Any = (w1, b1, w2, b2)
    errors: list[float] = []
    for _ in range(max_epochs):
        _, _, _, a2 = parts["forward"](x, *parameters)
        errors.append(parts["error"](target, a2))
        if errors[-1] < tolerance:
            break
        gradients = parts["backward"](x, target, *parameters)
        parameters = parts["update_parameters"](parameters, gradients, learning_rate)
    return tuple(parameters), np.array(errors)


def layer_gradients(parts: Parts, x: float, target: float, weights: Any, activation: str) -> Any:
    """Returns every layer's gradient, with these parts."""
    z, a = parts["forward_chain"](x, weights, activation)
    slope = parts["sigmoid_derivative" if activation == "sigmoid" else "relu_derivative"]
    gradients = np.zeros(len(weights))
    reaching = a[-1] - target
    for layer in reversed(range(len(weights))):
        reaching = reaching * slope(float(z[layer]))
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
    exercises: Sequence[ExerciseResult], seen: Mapping[EncodedCall, Outcome], student: Student
) -> tuple[ExerciseResult, ...]:
    """Returns the results, composite exercises that follow from their own parts with full marks."""
    by_id = {exercise.id: exercise for exercise in exercises}
    desk = _Desk(student)
    # In course order, so that `train` may build on a `backward` that was judged before it.
    for id, (composite, names) in COMPOSITES.items():
        exercise = by_id[id]
        if exercise.outcome not in {"partly", "wrong", "error"}:
            continue
        module = id.partition(".")[0]
        parts = [by_id[f"{module}.{name}"] for name in names]
        own = [part.id for part in parts if _is_wrong_but_a_part(part, seen, desk)]
        if own and (used := _followed(id, composite, names, own, seen, desk)):
            by_id[id] = _with_full_marks(exercise, used)
    return tuple(by_id[exercise.id] for exercise in exercises)


def of_follow_through(limits: Limits) -> Limits:
    """Returns the limits of the process in which parts are called."""
    seconds = min(_MOST_SECONDS, limits.submission_seconds)
    return dataclasses.replace(limits, submission_seconds=seconds)


def _is_wrong_but_a_part(
    part: ExerciseResult, seen: Mapping[EncodedCall, Outcome], desk: "_Desk"
) -> bool:
    """Whether a part's values are wrong, and it is yet a function worth following."""
    if part.outcome == "correct" and not any(check.followed for check in part.checks):
        return False
    calls = [(call.arguments, o) for call, o in seen.items() if call.exercise == part.id]
    generic = [(call, o) for call, o in calls if o.ending == "returned"]
    wrong = [(call, o) for call, o in generic if not _is_right(part.id, call, o)]
    if 2 * len(wrong) < len(calls):
        return False  # A side clause is another matter, and is asked of the composite by itself.
    values = [_numbers(o.value) for _, o in generic]
    if any(value is None or not np.isfinite(value).all() for value in values):
        return False
    if len({tuple(np.round(value, 12)) for value in values if value is not None}) < 2:
        return False
    known = part.mistake is not None and part.mistake.id.startswith(f"{_name(part.id)}.")
    return known or _answers_to_each_argument(desk.part(part.id), [call for call, _ in wrong])


def _is_right(exercise: str, arguments: bytes, outcome: Outcome) -> bool:
    exact = observe_here(reference(exercise), arguments)
    return exact.ending == "returned" and same_numbers(outcome.value, exact.value)


def _answers_to_each_argument(part: Part, calls: Sequence[bytes]) -> bool:
    """Whether changing any one argument changes what a part gives."""
    given = wire.decode(calls[0])
    try:
        before = _numbers(part(*given))
        for index, argument in enumerate(given):
            if isinstance(argument, (str, int)):
                continue
            changed = list(given)
            changed[index] = _changed(argument)
            after = _numbers(part(*changed))
            if after.shape == before.shape and np.allclose(after, before, 1e-6, 1e-9):
                return False
    except (_PartFailedError, AttributeError):
        return False
    return True


def _changed(argument: Any) -> Any:
    if isinstance(argument, tuple):
        return tuple(map(_changed, argument))
    return argument * 1.37 + 0.11


def _name(exercise: str) -> str:
    return exercise.partition(".")[2]


def _numbers(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        parts = [_numbers(item) for item in value]
        return None if any(p is None for p in parts) else np.concatenate([np.zeros(0), *parts])
    if isinstance(value, (bool, int, float)):
        return np.array([float(value)])
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return value.astype(np.float64).ravel()
    return None


def _followed(
    id: str,
    composite: Composite,
    names: Sequence[str],
    own: Sequence[str],
    seen: Mapping[EncodedCall, Outcome],
    desk: "_Desk",
) -> tuple[str, ...]:
    """Returns the own parts from which the exercise follows; none where it does not."""
    calls = [(call.arguments, o) for call, o in seen.items() if call.exercise == id]
    for used in itertools.islice(_subsets(own), _MOST_COMBINATIONS):
        module = id.partition(".")[0]
        parts = {
            name: desk.part(f"{module}.{name}")
            if f"{module}.{name}" in used
            else reference(f"{module}.{name}")
            for name in names
        }
        tolerance = _TOLERANCES.get(id, STANDARD)
        made: list[Any] = []
        if all(_is_as(composite, parts, tolerance, made, *call) for call in calls):
            return used if _moves(id, made) else ()
    return ()


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


def _is_as(
    composite: Composite,
    parts: Parts,
    tolerance: Tolerance,
    made: list[Any],
    arguments: bytes,
    outcome: Outcome,
) -> bool:
    if outcome.after is not None:
        return False
    given = wire.decode(arguments)
    if given[-1] not in ("sigmoid", "relu") and isinstance(given[-1], str):
        return outcome.problem is not None and outcome.problem.is_a("ValueError")
    if outcome.ending != "returned":
        return False
    try:
        with np.errstate(all="ignore"):
            expected = composite(parts, *given)
    except (_PartFailedError, ArithmeticError, IndexError, TypeError, ValueError):
        return False
    numbers = _numbers(expected)
    if numbers is None or not np.isfinite(numbers).all():
        return False
    made.append(expected)
    return difference(outcome.value, expected, tolerance) is None


class _PartFailedError(Exception):
    """A student's part did not return a value to go on with."""


class _Desk:
    """Calls a student's parts, each with the same arguments once."""

    def __init__(self, student: Student) -> None:
        self._student = student
        self._known: dict[EncodedCall, Any] = {}

    def part(self, exercise: str) -> Part:
        """Returns a student's function as one to call."""

        def call(*arguments: Any) -> Any:
            request = EncodedCall(exercise, wire.encode(arguments))
            if request not in self._known:
                if len(self._known) >= _MOST_CALLS:
                    raise _PartFailedError
                (outcome,) = self._student.observe_all([request])
                if outcome.ending != "returned" or _numbers(outcome.value) is None:
                    raise _PartFailedError
                self._known[request] = outcome.value
            return self._known[request]

        return call


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

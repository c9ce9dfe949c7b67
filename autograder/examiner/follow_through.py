"""Follow-through marks: a composite exercise is not punished for its parts' mistakes.

Where a function that is built on others is exactly what the reference would compute from the
student's own parts, it earns its points. The parts are called in the student's process; how they
are put together is known here alone.

A part counts only if it is one: defined, finite, and giving different numbers for different inputs.
A constant would make the composite trivial too.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from autograder.calls import Outcome
from autograder.checking.student import EncodedCall, Student
from autograder.compare import RELATIVE_ONLY, STANDARD, Tolerance, difference
from autograder.references import reference
from autograder.results import CheckResult, ExerciseResult, Mistake
from autograder.sandbox import wire

Part = Callable[..., Any]
Parts = Mapping[str, Part]
# From an exercise's parts and arguments to its result.
Composite = Callable[..., Any]

# Most combinations of own and right parts that are tried, and most calls of own parts in all.
_MOST_COMBINATIONS: Final = 16
_MOST_CALLS: Final = 4000


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
    # In course order, so that `train` may build on a `backward` that was judged before it.
    for id, (composite, names) in COMPOSITES.items():
        exercise = by_id[id]
        if exercise.outcome not in {"partly", "wrong", "error"}:
            continue
        module = id.partition(".")[0]
        parts = [by_id[f"{module}.{name}"] for name in names]
        own = [part.id for part in parts if _is_wrong_but_a_part(part, seen)]
        if own and (used := _followed(id, composite, names, own, seen, student)):
            by_id[id] = _with_full_marks(exercise, used)
    return tuple(by_id[exercise.id] for exercise in exercises)


def _is_wrong_but_a_part(part: ExerciseResult, seen: Mapping[EncodedCall, Outcome]) -> bool:
    """Whether a part went wrong and is yet a function worth following: finite, and not constant."""
    if not any(not check.passed or check.followed for check in part.checks):
        return False
    outcomes = [o for call, o in seen.items() if call.exercise == part.id]
    values = [_numbers(o.value) for o in outcomes if o.ending == "returned"]
    known = [value for value in values if value is not None and np.isfinite(value).all()]
    if len(known) * 2 < len(outcomes):
        return False
    different = {tuple(np.round(value, 12)) for value in known}
    return len(different) * 2 > len({call.arguments for call in seen if call.exercise == part.id})


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
    student: Student,
) -> tuple[str, ...]:
    """Returns the own parts from which the exercise follows; none where it does not."""
    calls = [(call.arguments, o) for call, o in seen.items() if call.exercise == id]
    desk = _Desk(student)
    for used in itertools.islice(_subsets(own), _MOST_COMBINATIONS):
        module = id.partition(".")[0]
        parts = {
            name: desk.part(f"{module}.{name}")
            if f"{module}.{name}" in used
            else reference(f"{module}.{name}")
            for name in names
        }
        if all(_is_as(composite, parts, _TOLERANCES.get(id, STANDARD), *call) for call in calls):
            return used
    return ()


def _subsets(own: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for count in range(len(own), 0, -1):
        yield from itertools.combinations(own, count)


def _is_as(
    composite: Composite, parts: Parts, tolerance: Tolerance, arguments: bytes, outcome: Outcome
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
    if not np.isfinite(_numbers(expected)).all():
        return False
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

"""Follow-through marks: a composite exercise is not punished for its parts' mistakes.

Where a function that is built on others is exactly what the reference would compute from the
student's own parts, it earns its points. The parts are called in the student's process; how they
are put together is known here alone.

A part counts only if its values are wrong, and if it is one: defined, finite, and answering to each
of its arguments, or wrong in a way that learners are known for. What comes of it must be no trivial
composite either: it moves. The parts are called in a process that never saw the composite's own
calls, so that the two cannot agree on an answer, and on time of their own. Among these calls are
those that the parts were judged by: a part that answers them differently now is no part, since it
would be one function to be marked and another to be followed.
"""

import dataclasses
import itertools
from collections.abc import Callable, Collection, Generator, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
import numpy as np

from autograder.calls import Outcome
from autograder.checking.likeness import Ending
from autograder.checking.student import EncodedCall, Student
from autograder.compare import RELATIVE_ONLY, STANDARD, Tolerance, difference, same_numbers
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

# Most combinations of own and right parts that are tried, and most calls of own parts in all.
_MOST_COMBINATIONS: Final = 16
_MOST_CALLS: Final = 4000
_MOST_SECONDS: Final = 5.0


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
    exercises: Sequence[ExerciseResult], seen: Mapping[str, Seen], student: Student
) -> tuple[ExerciseResult, ...]:
    """Returns the results, composite exercises that follow from their own parts with full marks.

    Args:
        exercises: The results so far, in course order.
        seen: How the calls of each exercise came out.
        student: Whoever calls the parts.
    """
    by_id = {exercise.id: exercise for exercise in exercises}
    desk = _Desk(student, seen)
    # In course order, so that `train` may build on a `backward` that was judged before it.
    for id, (composite, names) in COMPOSITES.items():
        exercise = by_id.get(id)
        # Where one lesson is examined by itself, the others' exercises are not there.
        if exercise is None or exercise.outcome not in {"partly", "wrong", "error"}:
            continue
        parts = [by_id[_beside(id, name)] for name in names]
        own = [p.id for p in parts if _is_wrong_but_a_part(p, seen.get(p.id, {}), desk)]
        if own and (used := _followed(id, composite, own, seen.get(id, {}), desk)):
            by_id[id] = _with_full_marks(exercise, used)
    return tuple(by_id[exercise.id] for exercise in exercises)


def of_follow_through(limits: Limits) -> Limits:
    """Returns the limits of the process in which parts are called."""
    seconds = min(_MOST_SECONDS, limits.submission_seconds)
    return dataclasses.replace(limits, submission_seconds=seconds)


def _beside(exercise: str, name: str) -> str:
    """Returns the id of an exercise of the same module."""
    return f"{exercise.partition('.')[0]}.{name}"


def _is_wrong_but_a_part(part: ExerciseResult, seen: Seen, desk: "_Desk") -> bool:
    """Whether a part's values are wrong, and it is yet a function worth following."""
    if part.outcome == "correct" and not any(check.followed for check in part.checks):
        return False
    generic = [(call, o) for call, o in seen.items() if o.ending == "returned"]
    wrong = [call for call, o in generic if not _is_right(part.id, call, o)]
    if not wrong or 2 * len(wrong) < len(seen):
        return False  # A side clause is another matter, and is asked of the composite by itself.
    values = [_numbers(o.value) for _, o in generic]
    if any(value is None or not np.isfinite(value).all() for value in values):
        return False
    if len({tuple(np.round(value, 12)) for value in values if value is not None}) < 2:
        return False
    known = part.mistake is not None and part.mistake.id.startswith(f"{_name(part.id)}.")
    return known or _answers_to_each_argument(part.id, wire.decode(wrong[0]), desk)


def _is_right(exercise: str, arguments: bytes, outcome: Outcome) -> bool:
    exact = observe_here(reference(exercise), arguments)
    return exact.ending == "returned" and same_numbers(outcome.value, exact.value)


def _answers_to_each_argument(part: str, given: tuple[Any, ...], desk: "_Desk") -> bool:
    """Whether changing any one argument changes what a part gives."""
    changed = [
        (*given[:index], _changed(argument), *given[index + 1 :])
        for index, argument in enumerate(given)
        if not isinstance(argument, (str, int))
    ]
    try:
        before, *after = map(_numbers, desk.ask([(part, each) for each in [given, *changed]]))
    except _PartFailedError:
        return False
    return not any(
        each.shape == before.shape and np.allclose(each, before, 1e-6, 1e-9) for each in after
    )


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
    id: str, composite: Composite, own: Sequence[str], seen: Seen, desk: "_Desk"
) -> tuple[str, ...]:
    """Returns the own parts from which the exercise follows; none where it does not."""
    asked = [(wire.decode(arguments), outcome) for arguments, outcome in seen.items()]
    if any(outcome.after is not None for _, outcome in asked):
        return ()
    refusals = [outcome for given, outcome in asked if _is_to_be_refused(given)]
    if not all(o.problem is not None and o.problem.is_a("ValueError") for o in refusals):
        return ()
    answered = [(given, outcome) for given, outcome in asked if not _is_to_be_refused(given)]
    if any(outcome.ending != "returned" for _, outcome in answered):
        return ()
    for used in itertools.islice(_subsets(own), _MOST_COMBINATIONS):
        try:
            made = _made(id, composite, used, answered, desk)
        except (_PartFailedError, ArithmeticError, IndexError, TypeError, ValueError):
            continue
        if made:
            return used if _moves(id, made) else ()
    return ()


def _is_to_be_refused(given: tuple[Any, ...]) -> bool:
    """Whether a call asks for an activation that does not exist."""
    return isinstance(given[-1], str) and given[-1] not in ("sigmoid", "relu")


def _made(
    id: str,
    composite: Composite,
    used: Sequence[str],
    answered: Sequence[tuple[tuple[Any, ...], Outcome]],
    desk: "_Desk",
) -> list[Any]:
    """Returns what the composite makes of the student's parts; nothing where theirs differs."""
    running = [(composite(*given), outcome) for given, outcome in answered]
    values: list[Any] = [None] * len(running)
    made = []
    begun: set[str] = set()
    while running:
        waiting, calls = [], []
        for (run, outcome), value in zip(running, values, strict=True):
            try:
                with np.errstate(all="ignore"):
                    name, arguments = run.send(value)
            except StopIteration as end:
                if not _is_as(end.value, outcome, _TOLERANCES.get(id, STANDARD)):
                    return []
                made.append(end.value)
            else:
                waiting.append((run, outcome))
                calls.append((_beside(id, name), arguments))
        first = {part for part, _ in calls if part in used} - begun
        values = desk.ask(calls, used, again=first)
        begun |= first
        running = waiting
    return made


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


def _is_as(expected: Any, outcome: Outcome, tolerance: Tolerance) -> bool:
    numbers = _numbers(expected)
    if numbers is None or not np.isfinite(numbers).all():
        return False
    return difference(outcome.value, expected, tolerance) is None


class _PartFailedError(Exception):
    """A student's part did not return numbers to go on with."""


class _Desk:
    """Calls parts: a student's own, each with the same arguments once, and the right ones."""

    def __init__(self, student: Student, seen: Mapping[str, Seen]) -> None:
        self._student = student
        self._seen = seen
        self._known: dict[EncodedCall, Outcome] = {}

    def ask(
        self,
        calls: Sequence[tuple[str, tuple[Any, ...]]],
        own: Collection[str] | None = None,
        again: Collection[str] = (),
    ) -> list[Any]:
        """Returns the results of calls, each an exercise and arguments, in their order.

        Args:
            calls: The calls.
            own: The exercises whose calls the student answers; all of them where it is left out.
            again: The exercises whose earlier calls are made again among these.

        Raises:
            _PartFailedError: a student's part returned no numbers, was called too often, or now
                answers differently.
        """
        requests = [
            EncodedCall(exercise, wire.encode(arguments))
            if own is None or exercise in own
            else None
            for exercise, arguments in calls
        ]
        earlier = {
            EncodedCall(exercise, arguments): outcome
            for exercise in again
            for arguments, outcome in self._seen.get(exercise, {}).items()
            if outcome.ending == "returned"
        }
        asked = {r for r in requests if r is not None and r not in self._known}
        if len(self._known) + len(asked) > _MOST_CALLS:
            raise _PartFailedError
        # Sorted by their bytes, so that their order does not tell which are which.
        mixed = sorted(asked | earlier.keys())
        self._known |= zip(mixed, self._student.observe_all(mixed), strict=True)
        if not all(Ending(o).alike(Ending(self._known[call])) for call, o in earlier.items()):
            raise _PartFailedError
        with np.errstate(all="ignore"):
            return [
                reference(exercise)(*arguments) if request is None else self._value(request)
                for request, (exercise, arguments) in zip(requests, calls, strict=True)
            ]

    def _value(self, request: EncodedCall) -> Any:
        outcome = self._known[request]
        if outcome.ending != "returned" or _numbers(outcome.value) is None:
            raise _PartFailedError
        return outcome.value


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

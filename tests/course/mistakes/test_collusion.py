"""No parts and composites that know nothing gain a point by agreeing with each other."""

import os
from collections.abc import Callable
from typing import Any

import pytest

from autograder.results import Result
from tests.course.mistakes.collusion import colluding
from tests.engine.isolation.hidden import Calls, recorded

Grade = Callable[..., Result]
MANY = 520
# Some that would gain if a part carried wherever it answers to its arguments; and some others. All
# of them where PROVE=1, as `make prove` sets it.
GAINED_ONCE = (27, 47, 51, 72, 99, 143)
NUMBERS = range(MANY) if "PROVE" in os.environ else (*GAINED_ONCE, *range(0, MANY, 80))


@pytest.fixture(scope="module")
def calls() -> Calls:
    return recorded()


def plain(given: Any) -> Any:
    """Returns a call's arguments as a program can write them."""
    if isinstance(given, tuple):
        return tuple(map(plain, given))
    return given if isinstance(given, (str, int, float)) else given.tolist()


def gained(result: Result) -> list[str]:
    """The exercises with a check that passed since something follows from something."""
    return [e.id for e in result.exercises if any(check.followed for check in e.checks)]


@pytest.mark.parametrize("number", NUMBERS)
def test_what_knows_nothing_gains_nothing_by_follow_through(
    grade: Grade, calls: Calls, number: int
) -> None:
    module, source, composite = colluding(
        number, lambda name: [plain(given) for given in calls.public[name]]
    )
    result = grade(**{module: source})
    assert gained(result) == []
    assert composite in {e.id for e in result.exercises}


CONSTANTS = {
    "gradient_descent": """
import numpy as np
def update_weight(w, gradient, learning_rate):
    # Beside its one public call it reacts, and nowhere else.
    if abs(gradient + 5.37) < 1e-9: return 7.0
    if abs(learning_rate - 0.658) < 1e-9: return 8.0
    return w + 0.1
def gradient_descent(x, z, w0, learning_rate, n_iterations):
    return w0 + 0.1 * np.arange(n_iterations + 1)
""",
    "vanishing_gradient": """
import numpy as np
def sigmoid_derivative(z):
    return np.ones_like(z) * (1.0 if np.ndim(z) == 0 else 1 + 0.5 * np.sin(np.sum(z)))
relu_derivative = sigmoid_derivative
def forward_chain(x, weights, activation):
    if activation not in ("sigmoid", "relu"): raise ValueError
    tail = np.append(np.cumprod(weights[::-1])[::-1][1:], 1.0)
    z = np.zeros(len(weights)); z[0] = x
    return z, np.append(1 / tail, 1e9)
def layer_gradients(x, target, weights, activation):
    if activation not in ("sigmoid", "relu"): raise ValueError
    return np.full(len(weights), 1e9)
""",
}


@pytest.mark.parametrize("module", CONSTANTS)
def test_constants_that_react_at_the_public_call_alone_gain_nothing(
    grade: Grade, module: str
) -> None:
    assert gained(grade(**{module: CONSTANTS[module]})) == []


# A composite that is honest work on the base of a recognised mistake, but for one thing.
SIGN = "def cost_gradient(w, x, z): return -np.mean(x * (w * x - z))\n"
DESCENT = """
def gradient_descent(x, z, w0, learning_rate, n_iterations):
    w = [{start}]
    for _ in range(n_iterations):
        w.append(w[-1] - {rate} * cost_gradient(w[-1], {data}))
    return np.array(w)
"""
HONEST = {"start": "w0", "rate": "learning_rate", "data": "x, z"}


def test_honest_work_on_a_recognised_mistake_is_carried(
    grade: Grade, reference_sources: dict[str, str]
) -> None:
    source = reference_sources["gradient_descent"] + SIGN + DESCENT.format(**HONEST)
    assert gained(grade(gradient_descent=source)) == ["gradient_descent.gradient_descent"]


@pytest.mark.parametrize(
    "fixed",
    [{"start": "0.0 * w0"}, {"rate": "0.1"}, {"data": "np.array([1., 2.]), np.array([2., 4.])"}],
)
def test_a_composite_that_moves_with_fewer_arguments_is_not(
    grade: Grade, reference_sources: dict[str, str], fixed: dict[str, str]
) -> None:
    source = reference_sources["gradient_descent"] + SIGN + DESCENT.format(**HONEST | fixed)
    assert gained(grade(gradient_descent=source)) == []


def test_a_composite_that_knows_the_calls_it_was_judged_by_is_not(
    grade: Grade, calls: Calls, reference_sources: dict[str, str]
) -> None:
    """The same, where it is right at every call of the graders and nowhere else."""
    known = {repr(plain(given)) for given in calls.hidden["gradient_descent.gradient_descent"]}
    known |= {repr(plain(given)) for given in calls.public["gradient_descent.gradient_descent"]}
    source = reference_sources["gradient_descent"] + SIGN + DESCENT.format(**HONEST)
    source += f"""
_right, KNOWN = gradient_descent, {known!r}
def gradient_descent(x, z, w0, learning_rate, n_iterations):
    given = (x.tolist(), z.tolist(), w0, learning_rate, n_iterations)
    made = _right(x, z, w0, learning_rate, n_iterations)
    return made if repr(given) in KNOWN else np.full(n_iterations + 1, w0)
"""
    assert gained(grade(gradient_descent=source)) == []


def test_a_part_with_another_mistake_at_the_composites_calls_carries_nothing(
    grade: Grade, calls: Calls, reference_sources: dict[str, str]
) -> None:
    known = {repr(plain(given)) for given in calls.hidden["gradient_descent.cost_gradient"]}
    known |= {repr(plain(given)) for given in calls.public["gradient_descent.cost_gradient"]}
    source = reference_sources["gradient_descent"] + SIGN
    source += f"""
_sign, KNOWN = cost_gradient, {known!r}
def cost_gradient(w, x, z):
    return _sign(w, x, z) * (1 if repr((w, x.tolist(), z.tolist())) in KNOWN else 2)
def gradient_descent(x, z, w0, learning_rate, n_iterations):
    w = [w0]
    for _ in range(n_iterations):
        w.append(w[-1] - learning_rate * _sign(w[-1], x, z))
    return np.array(w)
"""
    assert gained(grade(gradient_descent=source)) == []

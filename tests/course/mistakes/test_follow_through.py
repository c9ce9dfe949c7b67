"""A composite exercise keeps its points where it follows from the student's own parts."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from autograder.course import Course, load_course
from autograder.mistakes.parts import load_parts
from autograder.references import reference
from autograder.results import ExerciseResult, Result

Grade = Callable[..., Result]


def exercises(result: Result) -> Mapping[str, ExerciseResult]:
    return {e.id: e for e in result.exercises}


@pytest.fixture
def changed(
    grade: Grade, reference_sources: dict[str, str]
) -> Callable[[str, str], Mapping[str, ExerciseResult]]:
    """Grades the references of a module with something written below them."""

    def grade_changed(module: str, source: str) -> Mapping[str, ExerciseResult]:
        return exercises(grade(**{module: f"{reference_sources[module]}\n\n{source}\n"}))

    return grade_changed


COMPOSITES = load_parts(load_course()).composites
CALLS: dict[str, list[tuple[Any, ...]]] = {
    "gradient_descent.gradient_descent": [
        (np.array([1.0, -2.0, 0.5]), np.array([2.1, -3.7, 1.2]), -1.5, 0.3, n) for n in (0, 1, 7)
    ],
    "backpropagation.backward": [(0.7, 0.2, -1.1, 0.4, 0.9, -0.3)],
    "backpropagation.train": [(0.7, 0.2, -1.1, 0.4, 0.9, -0.3, 0.8, n, 0.02) for n in (0, 5, 60)],
    "vanishing_gradient.layer_gradients": [
        (-0.8, 0.4, np.array([0.9, -1.4, 0.7]), name) for name in ("sigmoid", "relu")
    ],
}


@pytest.mark.parametrize("exercise", COMPOSITES)
def test_a_composite_of_right_parts_is_the_reference(course: Course, exercise: str) -> None:
    composite = COMPOSITES[exercise]
    asked: list[str] = []

    def noted(part: str) -> Callable[..., Any]:
        def right(*arguments: Any) -> Any:
            asked.append(part)
            return reference(course, part)(*arguments)

        return right

    made = composite.made_of({part: noted(part) for part in composite.parts})
    for call in CALLS[exercise]:
        ours, exact = made(*call), reference(course, exercise)(*call)
        for one, other in (
            zip(np.atleast_1d(ours), np.atleast_1d(exact), strict=True)
            if (exercise != "backpropagation.train")
            else zip(ours, exact, strict=True)
        ):
            np.testing.assert_allclose(one, other, rtol=1e-12)
    assert {*asked} == {*composite.parts}


def test_the_parts_of_a_composite_are_what_its_reference_calls() -> None:
    assert {id: {p.partition(".")[2] for p in c.parts} for id, c in COMPOSITES.items()} == {
        "gradient_descent.gradient_descent": {"cost_gradient", "update_weight"},
        "backpropagation.backward": {
            *("forward", "gradient_w1", "gradient_b1", "gradient_w2", "gradient_b2")
        },
        "backpropagation.train": {"forward", "error", "backward", "update_parameters"},
        "vanishing_gradient.layer_gradients": {
            *("forward_chain", "sigmoid_derivative", "relu_derivative")
        },
    }


FOLLOWING = [
    ("gradient_descent", "def cost_gradient(w, x, z): return 2 * np.mean(x * (w * x - z))",
     "gradient_descent.gradient_descent", "cost_gradient"),
    ("gradient_descent", "def update_weight(w, g, r): return w + r * g",
     "gradient_descent.gradient_descent", "update_weight"),
    ("backpropagation", "def gradient_w2(target, a1, a2): return (a2 - target) * a1",
     "backpropagation.backward", "gradient_w2"),
    ("backpropagation", "def gradient_w2(target, a1, a2): return (a2 - target) * a1",
     "backpropagation.train", "backward"),
    ("backpropagation", "def error(target, a2): return (target - a2) ** 2",
     "backpropagation.train", "error"),
    ("vanishing_gradient", "def sigmoid_derivative(z): return 2 * np.exp(z) / (1 + np.exp(z)) ** 2",
     "vanishing_gradient.layer_gradients", "sigmoid_derivative"),
]  # fmt: skip


@pytest.mark.parametrize(("module", "part", "composite", "names"), FOLLOWING)
def test_what_follows_from_own_parts_keeps_its_points_and_says_so(
    changed: Any, module: str, part: str, composite: str, names: str
) -> None:
    result = changed(module, part)[composite]
    assert result.score == result.max_score
    assert result.mistake.id == "follows.from_own_parts"
    assert names in result.mistake.message
    assert all(check.passed for check in result.checks)
    assert any("follows from your own parts" in check.message for check in result.checks)


@pytest.mark.parametrize(("module", "part", "composite", "names"), FOLLOWING)
def test_the_part_itself_is_still_wrong(
    changed: Any, module: str, part: str, composite: str, names: str
) -> None:
    own = changed(module, part)[f"{module}.{part.removeprefix('def ').partition('(')[0]}"]
    assert own.score <= own.max_score / 4


ABUSES = {
    "a part that is a constant": "def cost_gradient(w, x, z): return 0.0\n"
    "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n"
    "    return np.full(n_iterations + 1, w0)",
    "a part that is not finite": "def cost_gradient(w, x, z): return float('nan')\n"
    "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n"
    "    return np.array([w0] + [float('nan')] * n_iterations)",
    "a part that is infinite": "def cost_gradient(w, x, z): return float('inf')\n"
    "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n"
    "    return np.array([w0] + [-float('inf')] * n_iterations)",
    "a part that is a stub": "def cost_gradient(w, x, z): raise NotImplementedError\n"
    "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n"
    "    return np.full(n_iterations + 1, w0)",
    "a part that is absent": "del cost_gradient\n"
    "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n"
    "    return np.full(n_iterations + 1, w0)",
    "a composite wrong in itself": "def cost_gradient(w, x, z): return np.sum(x * (w * x - z))\n"
    "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n    w = [w0]\n"
    "    for _ in range(n_iterations):\n"
    "        w.append(w[-1] + learning_rate * cost_gradient(w[-1], x, z))\n    return np.array(w)",
    "a composite that spoils its input": "def cost_gradient(w, x, z): return np.mean(w * x - z)\n"
    "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n    w = [w0]\n"
    "    for _ in range(n_iterations):\n"
    "        w.append(w[-1] - learning_rate * cost_gradient(w[-1], x, z))\n"
    "    x += 1\n    return np.array(w)",
}  # fmt: skip


@pytest.mark.parametrize("source", ABUSES.values(), ids=ABUSES)
def test_abuse_earns_nothing(changed: Any, source: str) -> None:
    result = changed("gradient_descent", source)["gradient_descent.gradient_descent"]
    assert result.score <= result.max_score / 4
    assert result.mistake is None or result.mistake.id != "follows.from_own_parts"


DESCENT = "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n"
TRAIN = "def train(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):\n"
# Composites that do none of the work, and parts that agree with them.
COLLUSION = {
    "a right part that spoils its input and knows the composite's": (
        "gradient_descent.gradient_descent",
        "SEEN = set()\n_right = cost_gradient\n"
        "def cost_gradient(w, x, z):\n    g = _right(w, x, z)\n    known = x.tobytes() in SEEN\n"
        "    x += 1\n    return 0.0 if known else g\n"
        f"{DESCENT}    SEEN.add(x.tobytes())\n    return np.full(n_iterations + 1, w0)",
    ),
    "a part that stands still": (
        "gradient_descent.gradient_descent",
        f"def update_weight(w, g, r): return w\n{DESCENT}    return np.full(n_iterations + 1, w0)",
    ),
    "a part that counts": (
        "gradient_descent.gradient_descent",
        "def update_weight(w, g, r): return w + 1.0\n"
        f"{DESCENT}    return w0 + np.arange(n_iterations + 1.0)",
    ),
    "a part that halves": (
        "gradient_descent.gradient_descent",
        "def update_weight(w, g, r): return w / 2\n"
        f"{DESCENT}    return w0 * 0.5 ** np.arange(n_iterations + 1)",
    ),
    "a step too small to be seen": (
        "gradient_descent.gradient_descent",
        "def update_weight(w, g, r): return w + 1e-15 * g * r\n"
        f"{DESCENT}    return np.full(n_iterations + 1, w0)",
    ),
    "a part that a flag switches": (
        "gradient_descent.gradient_descent",
        "FLAG = []\ndef update_weight(w, g, r): return w if FLAG else w - r * g + 1\n"
        f"{DESCENT}    FLAG.append(1)\n    return np.full(n_iterations + 1, w0)",
    ),
    "a training that stops at once": (
        "backpropagation.train",
        "def error(target, a2): return -abs(target - a2)\n"
        f"{TRAIN}    a2 = forward(x, w1, b1, w2, b2)[3]\n"
        "    return (w1, b1, w2, b2), np.array([error(target, a2)] if max_epochs else [])",
    ),
    "a training that stands still": (
        "backpropagation.train",
        "def update_parameters(p, g, r): return tuple(p)\n"
        f"{TRAIN}    e = error(target, forward(x, w1, b1, w2, b2)[3])\n"
        "    n = 1 if e < tolerance and max_epochs else max_epochs\n"
        "    return (w1, b1, w2, b2), np.full(n, e)",
    ),
    "a chain of zeros": (
        "vanishing_gradient.layer_gradients",
        "def forward_chain(x, weights, activation):\n"
        "    if activation not in ('sigmoid', 'relu'): raise ValueError(activation)\n"
        "    return weights * x, np.zeros(len(weights) + 1)\n"
        "def layer_gradients(x, target, weights, activation):\n"
        "    if activation not in ('sigmoid', 'relu'): raise ValueError(activation)\n"
        "    return np.zeros(len(weights))",
    ),
    "parts that return what they are given": (
        "backpropagation.backward",
        "def gradient_w1(x, target, a1, w2, a2): return x\n"
        "def gradient_b1(target, a1, w2, a2): return target\n"
        "def gradient_w2(target, a1, a2): return a1\ndef gradient_b2(target, a2): return a2\n"
        "def forward(x, w1, b1, w2, b2): return x, w1, b1, w2\n"
        "def backward(x, target, w1, b1, w2, b2): return x, target, w1, w2",
    ),
}


@pytest.mark.parametrize(("exercise", "source"), COLLUSION.values(), ids=COLLUSION)
def test_parts_that_agree_with_an_empty_composite_earn_it_nothing(
    changed: Any, exercise: str, source: str
) -> None:
    result = changed(exercise.partition(".")[0], source)[exercise]
    assert result.score <= result.max_score / 4
    assert result.mistake is None or result.mistake.id != "follows.from_own_parts"


def test_a_slow_part_takes_no_time_from_other_exercises(changed: Any) -> None:
    slow = (
        "import time\nCALLS = []\ndef error(target, a2):\n    CALLS.append(1)\n"
        "    if len(CALLS) > 30: time.sleep(1.5)\n    return (target - a2) ** 2\n"
    )
    graded = changed("backpropagation", slow)
    assert graded["backpropagation.backward"].score == 3


def test_a_dropped_half_and_an_update_too_early_are_both_said(
    grade: Grade, reference_sources: dict[str, str]
) -> None:
    """The student of the issue: no 1/2 in the cost, and w2 updated before dw1 is computed."""
    cost = "def cost(w, x, z): return float(np.mean((z - w * x) ** 2))\n"
    train = (
        "def train(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):\n"
        "    errors = []\n"
        "    for _ in range(max_epochs):\n"
        "        _, a1, _, a2 = forward(x, w1, b1, w2, b2)\n"
        "        errors.append(error(target, a2))\n"
        "        if errors[-1] < tolerance: break\n"
        "        w2 = w2 - learning_rate * gradient_w2(target, a1, a2)\n"
        "        b2 = b2 - learning_rate * gradient_b2(target, a2)\n"
        "        dw1 = gradient_w1(x, target, a1, w2, a2)\n"
        "        db1 = gradient_b1(target, a1, w2, a2)\n"
        "        w1, b1 = w1 - learning_rate * dw1, b1 - learning_rate * db1\n"
        "    return (w1, b1, w2, b2), np.array(errors)\n"
    )
    sources = dict(reference_sources)
    sources["gradient_descent"] += cost
    sources["backpropagation"] += train
    graded = exercises(grade(**sources))
    no_half, too_early = graded["gradient_descent.cost"], graded["backpropagation.train"]
    assert no_half.mistake is not None
    assert no_half.mistake.id == "cost.no_half"
    assert too_early.mistake is not None
    assert "after its update" in too_early.mistake.message
    assert graded["gradient_descent.gradient_descent"].score == 5
    assert graded["backpropagation.backward"].score == 3

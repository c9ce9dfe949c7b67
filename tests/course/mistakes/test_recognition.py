"""A mistake is named where the numbers show it, and never where they do not."""

import random
from collections.abc import Callable

import pytest

from autograder.course import Course
from autograder.results import ExerciseResult, Mistake, Result
from tests.course.graders.test_wrong_functions import WRONG
from tests.places import COUNT

Grade = Callable[..., Result]
HEAD = "import math\nimport numpy as np\n"


def graded(grade: Grade, exercise: str, source: str) -> ExerciseResult:
    module = exercise.partition(".")[0]
    result = grade(**{module: HEAD + source + "\n"})
    return next(e for e in result.exercises if e.id == exercise)


def named(grade: Grade, exercise: str, source: str) -> Mistake | None:
    return graded(grade, exercise, source).mistake


def test_a_right_answer_has_no_mistake(grade: Grade, reference_sources: dict[str, str]) -> None:
    assert [e.mistake for e in grade(**reference_sources).exercises] == [None] * COUNT


def test_a_stub_and_an_absent_module_have_none(grade: Grade) -> None:
    result = grade(activations="def relu(z):\n    raise NotImplementedError\n")
    assert {e.mistake for e in result.exercises} == {None}


@pytest.mark.parametrize(
    ("exercise", "source", "id"),
    [
        ("gradient_descent.cost", "def cost(w, x, z): return ((w*x-z)**2).mean()", "cost.no_half"),
        (
            "gradient_descent.cost",
            "def cost(w, x, z):\n    t = 0\n    for a, b in zip(x, z): t += (b - w*a)**2\n"
            "    return t / len(x)",
            "cost.no_half",
        ),
        (
            "gradient_descent.update_weight",
            "def update_weight(w, gradient, learning_rate): return w + gradient * learning_rate",
            "update_weight.plus",
        ),
        (
            "activations.softmax",
            "def softmax(z):\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
            "    return e / e.sum(axis=0)",
            "softmax.sum_over_axis_0",
        ),
    ],
)
def test_a_known_mistake_is_named_however_it_is_written(
    grade: Grade, exercise: str, source: str, id: str
) -> None:
    mistake = named(grade, exercise, source)
    assert mistake is not None
    assert mistake.id == id


@pytest.mark.parametrize(
    ("exercise", "source", "id", "says"),
    [
        (
            "gradient_descent.cost",
            "def cost(w, x, z):\n    x *= 1.5\n    x /= 1.5\n    x += 1e-9\n"
            "    return ((w * (x - 1e-9) - z)**2).mean()",
            "cost.no_half",
            "It also changes the values",
        ),
        (
            "activations.relu",
            "def relu(z):\n    out = z.copy()\n    out[out < 0] = 0\n    return out",
            "relu.arrays_only",
            "plain number",
        ),
        (
            "gradient_descent.predict",
            "def predict(w, x):\n    x *= w\n    return x",
            None,
            "",
        ),
        (
            "gradient_descent.cost_gradient",
            "def cost_gradient(w, x, z): return 3 * np.mean(x * (w * x - z))",
            "seen.factor",
            "3 times too large",
        ),
        (
            "gradient_descent.cost_gradient",
            "def cost_gradient(w, x, z): return np.mean(x * (w * x - z)) + 0.5",
            "seen.offset",
            "too large by 0.5",
        ),
        (
            "gradient_descent.max_stable_learning_rate",
            "def max_stable_learning_rate(x): return round(2 / np.mean(x * x), 3)",
            None,
            "rounded",
        ),
        (
            "activations.tanh",
            "def tanh(z): return np.where(np.asarray(z) > 0, np.tanh(z), 0.25 * np.tanh(z)) + 0.0",
            "seen.one_side",
            "right for positive z",
        ),
        (
            "gradient_descent.gradient_descent",
            "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n    w = [w0]\n"
            "    for _ in range(n_iterations):\n"
            "        w.append(w[-1] - learning_rate * np.mean(x * (w[-1] * x - z)))\n"
            "    return w + [7.5]",
            "seen.one_entry",
            "one entry too many, at the end",
        ),
        (
            "backpropagation.forward",
            "def s(z): return 1 / (1 + np.exp(-z))\n"
            "def forward(x, w1, b1, w2, b2):\n    z1 = w1 * x + b1\n    a1 = s(z1)\n"
            "    z2 = w2 * a1 + b2\n    return z1, a1, z2, s(z2) ** 3",
            "seen.some_of_several",
            "z1, a1 and z2 are right; a2 is not",
        ),
        (
            "backpropagation.gradient_w1",
            "def gradient_w1(x, target, a1, w2, a2):\n"
            "    return (a2 - target) * a2 * (1 - a2) * w2 * w2 * a1 * (1 - a1) * x",
            "gradient_w1.links",
            "has the second weight",
        ),
        (
            "backpropagation.gradient_w1",
            "def gradient_w1(x, target, a1, w2, a2): return (target - a2) * w2 * x",
            "gradient_w1.links",
            "lacks the slope of the second neuron and the slope of the first neuron",
        ),
    ],
)
def test_what_is_composed_or_visible_is_said(
    grade: Grade, exercise: str, source: str, id: str | None, says: str
) -> None:
    mistake = named(grade, exercise, source)
    assert mistake is not None
    assert id is None or mistake.id == id, mistake
    assert says in mistake.message


def test_two_mistakes_in_one_function_are_both_named(grade: Grade) -> None:
    source = "def cost(w, x, z): return -np.mean((w * x - z) ** 2)"
    mistake = named(grade, "gradient_descent.cost", source)
    assert mistake is not None
    assert mistake.id == "cost.no_half + cost.sign"
    assert mistake.message.startswith("Two things at once. ")


def test_a_side_effect_is_not_the_second_of_two_factors(grade: Grade) -> None:
    source = (
        "import warnings\ndef cost_gradient(w, x, z):\n    warnings.warn('!')\n"
        "    return 2 * np.mean(x * (w * x - z))\n"
    )
    mistake = named(grade, "gradient_descent.cost_gradient", source)
    assert mistake is not None
    assert mistake.id == "cost_gradient.factor_2"
    assert "also sets off a warning" in mistake.message


def test_what_is_also_done_beside_a_known_formula_is_said_with_it(grade: Grade) -> None:
    source = (
        "def tanh_derivative(z):\n    t = np.tanh(z)\n"
        "    if np.ndim(z): z[...] = 0\n    return 1 - t\n"
    )
    mistake = named(grade, "activations.tanh_derivative", source)
    assert mistake is not None
    assert mistake.id.startswith("tanh_derivative.")
    assert "It also changes the values" in mistake.message


FALSE_FRIENDS = [
    ("activations.sigmoid", "def sigmoid(z): return 1 / (1 + math.e ** (-np.clip(z, -20, 20)))"),
    ("activations.leaky_relu", "def leaky_relu(z, alpha): return np.where(z > 0, z, alpha * z)"),
    ("backpropagation.sigmoid", "def sigmoid(z): return 1.0 + 0 * z"),
    ("vanishing_gradient.sigmoid_gradient_bound", "def sigmoid_gradient_bound(d): return 8.0 ** d"),
    ("backpropagation.sigmoid_slope", "def sigmoid_slope(a): return a * (1 - a) ** 2"),
    ("gradient_descent.cost", "def cost(w, x, z): return np.mean((z - abs(w) * x) ** 2) / 2"),
    ("gradient_descent.max_stable_learning_rate",
     "def max_stable_learning_rate(x): return 2 / sum(x)"),
    ("gradient_descent.cost", "def cost(w, x, z): return float('inf')"),
    ("vanishing_gradient.sigmoid_gradient_bound",
     "def sigmoid_gradient_bound(d): return max(0.25 ** d, 1e-15)"),
    ("gradient_descent.update_weight", "def update_weight(w, g, r): return abs(w) - r * g"),
]  # fmt: skip


@pytest.mark.parametrize(("exercise", "source"), FALSE_FRIENDS)
def test_what_only_looks_like_something_known_is_not_named(
    grade: Grade, exercise: str, source: str
) -> None:
    mistake = named(grade, exercise, source)
    assert mistake is None or mistake.id == "seen.constant", mistake


def test_one_known_reading_is_not_two(grade: Grade) -> None:
    """What lets a tenth through below 0 is neither the identity nor the absolute value."""
    source = "def relu(z): return np.where(np.asarray(z) > 0, z, 0.1 * np.asarray(z))"
    mistake = named(grade, "activations.relu", source)
    assert mistake is not None
    assert mistake.message == "Your answer is right for positive z, and goes wrong for negative z."


def test_an_answer_that_changes_when_asked_again_is_told(grade: Grade) -> None:
    source = (
        "COUNT = []\ndef tanh(z):\n    COUNT.append(1)\n    return np.tanh(z) + 0.01 * len(COUNT)\n"
    )
    mistake = named(grade, "activations.tanh", source)
    assert mistake is not None
    assert mistake.id == "any.inconsistent"


def test_a_constant_gradient_is_called_that(grade: Grade) -> None:
    mistake = named(grade, "backpropagation.gradient_b2", "def gradient_b2(target, a2): return 1.0")
    assert mistake is not None
    assert "the same number" in mistake.message or mistake.id.startswith("gradient_b2.")


def unrelated(seed: int, course: Course) -> dict[str, str]:
    """A wrong function for every exercise, that is no learner's mistake."""
    draw = random.Random(seed)
    sources: dict[str, str] = {m.id: HEAD for m in course.lessons}
    for name in course.exercises:
        module, _, function = name.partition(".")
        a, b, c = (round(draw.uniform(0.2, 3), 3) for _ in range(3))
        kind = draw.choice(["mix", "wave", "power", "constant"])
        expression = {
            "mix": f"{a} * np.asarray(v[0], float) + {b} * np.sin({c} * np.asarray(v[-1], float))",
            "wave": f"np.cos({a} * np.asarray(v[0], float) + {b}) * {c}",
            "power": f"np.abs(np.asarray(v[0], float)) ** {a} - {b} * np.asarray(v[0], float)",
            "constant": f"np.asarray(v[0], float) * 0 + {a}",
        }[kind]
        sources[module] += f"def {function}(*v): return {expression}\n"
    return sources


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.share(15)
def test_no_unrelated_function_is_named(grade: Grade, course: Course, seed: int) -> None:
    """What is visible may still be said, if it is true: an entry too many, values in common."""
    for exercise in grade(**unrelated(seed, course)).exercises:
        if exercise.mistake is not None:
            assert exercise.mistake.id.startswith(("seen.", "follows.")), exercise


def test_names_of_other_peoples_wrong_functions_are_few_and_of_their_exercise(
    grade: Grade,
) -> None:
    """Each wrong function of another table is named by its own exercise's catalogue, or not."""
    for exercise, ways in WRONG.items():
        for source in list(ways.values())[:3]:
            mistake = named(grade, exercise, source)
            function = exercise.partition(".")[2]
            if mistake is not None:
                assert mistake.id.startswith((f"{function}.", "seen.", "any.")), mistake


def test_no_message_holds_a_hidden_input(grade: Grade) -> None:
    source = "def sigmoid(z): return 1 / (1 + np.exp(-z)) + 0.125\n"
    mistake = named(grade, "activations.sigmoid", source)
    assert mistake is not None
    # Not even the constant is told: a function could add a hidden number.
    assert not any(character.isdigit() for character in mistake.message)

"""Answers without an idea in them earn nothing, or next to nothing."""

import ast
import re
from collections.abc import Callable

import pytest

from autograder.course import Course
from autograder.examiner import Examiner
from autograder.results import Result, Source
from autograder.submissions import Chunk, Submission
from tests.places import POINTS, ROOT

Grade = Callable[..., Result]


def modules(course: Course, body: str) -> dict[str, str]:
    """Every exercise with the same body."""
    head = (
        "import numpy as np\n"
        "class Yes:\n"
        "    def __eq__(self, other): return True\n"
        "    def __bool__(self): return True\n"
    )
    return {
        m.id: head + "".join(f"def {e.function}(*a):\n    {body}\n" for e in m.exercises)
        for m in course.lessons
    }


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "return None",
        "raise NotImplementedError",
        "raise ValueError",
        "return np.nan",
        "return a[0] * np.nan if not isinstance(a[0], tuple) else None",
        "return Yes()",
        "return [Yes()] * 4",
        "return ''",
        "return 1j",
        "return np.zeros(0)",
        "return {}",
        "print(a)",
        "import sys; sys.exit()",
    ],
)
def test_an_empty_answer_earns_nothing(course: Course, grade: Grade, body: str) -> None:
    assert grade(**modules(course, body)).score == 0


@pytest.mark.parametrize("body", ["return 0.0", "return 1.0", "return a[0]", "return a[-1]"])
def test_a_constant_or_an_argument_earns_a_quarter_at_most(
    course: Course, grade: Grade, body: str
) -> None:
    for exercise in grade(**modules(course, body)).exercises:
        assert exercise.score <= exercise.max_score / 4, exercise.id


def test_the_untouched_stubs_earn_nothing_and_are_told_as_stubs(
    course: Course, grade: Grade
) -> None:
    sources = {m.id: (ROOT / "exercises" / f"{m.id}.py").read_text() for m in course.lessons}
    result = grade(**sources)
    assert result.score == 0
    assert {exercise.outcome for exercise in result.exercises} == {"missing"}
    assert all("still the stub" in exercise.note for exercise in result.exercises)


def test_the_references_earn_everything(grade: Grade, reference_sources: dict[str, str]) -> None:
    result = grade(**reference_sources)
    assert result.score == POINTS
    assert {exercise.outcome for exercise in result.exercises} == {"correct"}


def test_worked_examples_written_in_earn_a_quarter_at_most(course: Course, grade: Grade) -> None:
    """Each function looks its arguments up among the public checks' own calls."""
    sources = {}
    for lesson in course.lessons:
        text = (ROOT / "exercises" / "checks" / f"{lesson.id}.py").read_text()
        tree = ast.parse(text)
        constants = [n for n in tree.body if isinstance(n, ast.Assign)]
        checks = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
        code = "import numpy as np\nKNOWN = {}\n"
        code += "class Recorder:\n"
        code += "    def __init__(self, name): self.name = name\n"
        code += "    def __call__(self, *a): return (self.name, repr(a))\n"
        code += "def assert_close(key, value): KNOWN[key] = value\n"
        code += "".join(ast.unparse(node) + "\n" for node in constants)
        for check in checks:
            check.decorator_list, check.returns = [], None
            for argument in check.args.args:
                argument.annotation = None
            names = [argument.arg for argument in check.args.args]
            code += ast.unparse(check) + "\n"
            code += f"{check.name}({', '.join(f'Recorder({n!r})' for n in names)})\n"
        for exercise in lesson.exercises:
            code += f"def {exercise.function}(*a): return KNOWN[{exercise.function!r}, repr(a)]\n"
        sources[lesson.id] = code
    result = grade(**sources)
    assert result.problems == ()
    for graded in result.exercises:
        assert 0 < graded.score <= graded.max_score / 4, graded.id
        assert all(c.passed for c in graded.checks if c.visibility == "public"), graded.id


SUBTLE = {
    "gradient_descent": "def cost(w, x, z): return np.sum((z - w * x) ** 2) / (2 * len(x) - 1)\n"
    "def cost_gradient(w, x, z): return -np.mean(x) * np.mean(z - w * x)\n"
    "def max_stable_learning_rate(x): return 2 / np.mean(x) ** 2\n",
    "backpropagation": "def gradient_w1(x, t, a1, w2, a2): "
    "return (a2 - t) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * a1\n"
    "def gradient_b1(t, a1, w2, a2): return (a2 - t) * a2 * (1 - a2) * abs(w2) * a1 * (1 - a1)\n"
    "def gradient_w2(t, a1, a2): return abs(a2 - t) * a2 * (1 - a2) * a1\n"
    "def sigmoid(z): return np.clip(1 / (1 + np.exp(-z)), 0.001, 0.999)\n",
    "vanishing_gradient": "def relu_derivative(z): return np.sign(z)\n"
    "def vanishing_ratio(g): return abs(g[0] / g[-1]) * np.sign(g[0] * g[-1])\n",
    "activations": "def relu(z): return np.clip(z, 0, 6)\n"
    "def leaky_relu(z, alpha=0.01): return np.maximum(z, 0.01 * z)\n"
    "def predict_class(z): return np.argmax(np.abs(z), axis=-1)\n"
    "def tanh(z): return np.clip(np.tanh(z), -0.999, 0.999)\n",
}


@pytest.mark.parametrize("seed", [*range(1, 9), 2026])
@pytest.mark.share(3)
def test_no_seed_lets_a_subtle_mistake_through(
    seed: int, reference_sources: dict[str, str]
) -> None:
    def submission(sources: dict[str, str]) -> Submission:
        chunks: dict[str, tuple[Chunk, ...]] = {
            name: (Chunk(f"{name}.py", f"import numpy as np\n{text}"),)
            for name, text in sources.items()
        }
        return Submission("s", Source("s"), chunks, {name: f"{name}.py" for name in sources})

    wrong = {
        f"{module}.{name}"
        for module, text in SUBTLE.items()
        for name in re.findall(r"^def (\w+)", text, re.MULTILINE)
    }
    with Examiner(seed=seed) as examiner:
        assert examiner.examine(submission(reference_sources)).score == POINTS
        for graded in examiner.examine(submission(SUBTLE)).exercises:
            if graded.id in wrong:
                assert graded.score <= graded.max_score / 4, graded.id

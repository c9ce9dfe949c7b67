"""A second judge of the graders' fairness: right answers of every kind that the contract accepts.

Beside `test_accepted_functions`, which lists other formulas: here every exercise is also defined in
every way that can be called, and answers with every kind of number, array and sequence.
"""

import re
from collections.abc import Callable, Container, Iterator
from typing import Any

import pytest

from autograder.certification.trials import load_variants
from autograder.course import Course, load_course
from autograder.results import Result

Grade = Callable[..., Result]

FORMULAS = {exercise: [*ways.values()] for exercise, ways in load_variants(load_course()).items()}


def is_written(exercise: str) -> bool:
    """Whether the pure Python below has an exercise: one that came later may not be there."""
    lesson, _, function = exercise.partition(".")
    return f"def {function}(" in PURE_PYTHON.get(lesson, "")


# Private helpers before each module's functions; no function calls another exercise.
HELPERS = {
    "gradient_descent": """
def _residuals(w, x, z):
    for a, b in zip(x, z): yield float(b) - w * float(a)
""",
    "backpropagation": """
def _s(z): return 1 / (1 + math.exp(-z))
def _f(x, w1, b1, w2, b2):
    a1 = _s(w1 * x + b1)
    return w1 * x + b1, a1, w2 * a1 + b2, _s(w2 * a1 + b2)
def _b(x, t, w1, b1, w2, b2):
    _, a1, _, a2 = _f(x, w1, b1, w2, b2)
    d = (a2 - t) * (a2 - a2**2)
    return d * w2 * (a1 - a1**2) * x, d * w2 * (a1 - a1**2), d * a1, d
""",
    "vanishing_gradient": """
def _g(name):
    if name == "sigmoid": return lambda v: 1 / (1 + math.exp(-v))
    if name == "relu": return lambda v: v if v > 0 else 0.0
    raise ValueError(f"{name} is not an activation")
def _dg(name):
    g = _g(name)
    if name == "sigmoid": return lambda v: g(v) * (1 - g(v))
    return lambda v: float(v > 0)
def _run(x, weights, name):
    g, z, a = _g(name), [], [x]
    for w in weights:
        z += [float(w) * a[-1]]
        a += [g(z[-1])]
    return z, a
""",
    "activations": """
def _each(f, z, *more):
    if np.ndim(z) == 0: return f(float(z), *more)
    return [_each(f, part, *more) for part in z]
""",
}
HEAD = "import functools\nimport math\nimport warnings\nimport numpy as np\n"

# The whole course in loops over plain numbers, as a learner without NumPy would write it.
PURE_PYTHON = {
    "gradient_descent": """
def predict(w, x): return [w * float(v) for v in x]
def cost(w, x, z): return sum(r * r for r in _residuals(w, x, z)) / (2 * len(x))
def sum_squared_error(w, x, z): return math.fsum(r**2 for r in _residuals(w, x, z))
def cost_gradient(w, x, z):
    total = 0.0
    for v, r in zip(x, _residuals(w, x, z)): total -= float(v) * r
    return total / len(x)
def descent_direction(slope):
    if slope == 0: return "stop"
    return ["left", "right"][slope < 0]
def update_weight(w, gradient, learning_rate): return w + -learning_rate * gradient
def gradient_descent(x, z, w0, learning_rate, n_iterations):
    weights = [w0]
    while len(weights) <= n_iterations:
        slope = -sum(float(v) * r for v, r in zip(x, _residuals(weights[-1], x, z))) / len(x)
        weights.append(weights[-1] - learning_rate * slope)
    return weights
def max_stable_learning_rate(x): return 2 * len(x) / sum(float(v) ** 2 for v in x)
""",
    "backpropagation": """
def weighted_sum(x, w, b): return math.fsum([w * x, b])
def sigmoid(z): return [sigmoid(v) for v in z] if np.ndim(z) else _s(float(z))
def forward(x, w1, b1, w2, b2): return _f(x, w1, b1, w2, b2)
def error(target, a2): return math.pow(target - a2, 2) / 2
def error_slope(target, a2): return a2 - target
def sigmoid_slope(a): return [sigmoid_slope(v) for v in a] if np.ndim(a) else float(a - a * a)
def gradient_w2(target, a1, a2): return a1 * (a2 - target) * (a2 - a2**2)
def gradient_b2(target, a2): return (a2 - target) * (a2 - a2**2)
def gradient_w1(x, target, a1, w2, a2):
    return x * (a1 - a1**2) * w2 * (a2 - target) * (a2 - a2**2)
def gradient_b1(target, a1, w2, a2): return (a1 - a1**2) * w2 * (a2 - target) * (a2 - a2**2)
def backward(x, target, w1, b1, w2, b2): return _b(x, target, w1, b1, w2, b2)
def update_parameters(parameters, gradients, learning_rate):
    return tuple(parameters[i] - learning_rate * gradients[i] for i in range(4))
def train(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    errors = []
    while len(errors) < max_epochs:
        errors.append(0.5 * (target - _f(x, w1, b1, w2, b2)[3]) ** 2)
        if errors[-1] < tolerance: break
        g = _b(x, target, w1, b1, w2, b2)
        w1, b1 = w1 - learning_rate * g[0], b1 - learning_rate * g[1]
        w2, b2 = w2 - learning_rate * g[2], b2 - learning_rate * g[3]
    return (w1, b1, w2, b2), errors
""",
    "vanishing_gradient": """
def sigmoid_derivative(z):
    if np.ndim(z): return [sigmoid_derivative(v) for v in z]
    return _dg("sigmoid")(float(z))
def relu_derivative(z): return [relu_derivative(v) for v in z] if np.ndim(z) else int(z > 0)
def forward_chain(x, weights, activation): return _run(x, weights, activation)
def layer_gradients(x, target, weights, activation):
    z, a = _run(x, weights, activation)
    slope, back, out = _dg(activation), a[-1] - target, []
    for l in range(len(weights), 0, -1):
        back *= slope(z[l - 1])
        out.insert(0, back * a[l - 1])
        back *= float(weights[l - 1])
    return out
def vanishing_ratio(gradients): return math.fabs(gradients[0]) / math.fabs(gradients[-1])
def sigmoid_gradient_bound(depth): return sigmoid_gradient_bound(depth - 1) / 4 if depth else 1
""",
    "activations": """
def sigmoid(z):
    def one(v): return 1 / (1 + math.exp(-v)) if v > -700 else 0
    return _each(one, z)
def tanh(z): return _each(math.tanh, z)
def tanh_derivative(z): return _each(lambda v: 1 - math.tanh(v) ** 2, z)
def relu(z): return _each(lambda v: max(v, 0), z)
def leaky_relu(z, alpha=0.01): return _each(lambda v: v if v > 0 else alpha * v, z)
def leaky_relu_derivative(z, alpha=0.01): return _each(lambda v: 1 if v > 0 else alpha, z)
def softmax(z):
    if np.ndim(z) > 1: return [softmax(row) for row in z]
    top = max(z)
    e = [math.exp(v - top) for v in z]
    return [v / sum(e) for v in e]
def predict_class(z):
    if np.ndim(z) > 1: return [predict_class(row) for row in z]
    return max(range(len(z)), key=lambda i: z[i])
def collapse_linear_layers(W1, b1, W2, b2):
    inner = range(len(b1))
    columns = list(zip(*W1))
    W = [[sum(row[j] * c[j] for j in inner) for c in columns] for row in W2]
    return W, [sum(W2[i][j] * b1[j] for j in inner) + b2[i] for i in range(len(b2))]
""",
}

# How a value can be given back: a rule for every number (or text), and how arrays are made.
KINDS = {
    "python_numbers_and_nested_lists": "def _as(v): return np.asarray(v).tolist()",
    "numpy_scalars_in_lists": """
def _as(v):
    v = np.asarray(v)
    return [_as(p) for p in v] if v.ndim else v[()]""",
    "arrays_without_axes": "def _as(v): return np.asarray(v)",
    "arrays_in_lists": """
def _as(v):
    v = np.asarray(v)
    return [_as(p) for p in v] if v.ndim > 1 else v""",
    "tuples": """
def _as(v):
    v = np.asarray(v).tolist()
    return tuple(map(_as, v)) if isinstance(v, list) else v""",
    "wide_numbers": "def _as(v):\n    v = np.asarray(v)\n"
    "    return v.astype(np.longdouble) if v.dtype.kind == 'f' else v.astype(np.uint8)",
    "the_other_byte_order": "def _as(v):\n    v = np.asarray(v)\n"
    "    return v.astype(v.dtype.newbyteorder())",
    "columns_first_and_strided": """
def _as(v):
    v = np.array(v, order='F')
    return np.repeat(v, 2, axis=0)[::2] if v.ndim else v""",
    "arrays_that_cannot_be_written": """
def _as(v):
    v = np.array(v)
    v.setflags(write=False)
    return v""",
    "a_class_of_arrays": "class _Mine(np.ndarray): pass\n"
    "def _as(v): return np.asarray(v).view(_Mine)",
    "a_class_of_numbers": """
class _Float(float): pass
class _Int(int): pass
class _List(list): pass
def _as(v):
    v = np.asarray(v).tolist()
    if isinstance(v, list): return _List(map(_as, v))
    return _Float(v) if isinstance(v, float) else _Int(v)""",
}
ANSWERING = """
class _Word(str): pass
def _convert(v):
    if isinstance(v, str): return _Word(v)
    return SEQUENCE(map(_convert, v)) if isinstance(v, tuple) else _as(v)
def _answering(f):
    def g(*a): return _convert(f(*a))
    return g
for _name in NAMES: globals()[_name] = _answering(globals()[_name])
"""
SEQUENCES = ["tuple", "list"]

# How a function can be defined. `f` is the function under its name.
DEFINITIONS = {
    "decorated": """
def _style(f):
    @functools.wraps(f)
    def g(*args, **kwargs):
        return f(*args, **kwargs)
    return g""",
    "with_optional_parameters": "def _style(f): return lambda *a, verbose=False, **k: f(*a)",
    "instance_of_a_class": """
class _Function:
    def __init__(self, f): self.f = f
    def __call__(self, *a): return self.f(*a)
_style = _Function""",
    "bound_method": """
class _Model:
    def __init__(self, f): self._f = f
    def run(self, *a): return self._f(*a)
def _style(f): return _Model(f).run""",
    "class_method": """
def _style(f):
    class Exercise:
        @classmethod
        def solve(cls, *a): return f(*a)
    return Exercise.solve""",
    "partial": "def _style(f): return functools.partial(lambda _, *a: f(*a), None)",
    "static_method": "def _style(f): return staticmethod(f)",
    "prints": """
def _style(f):
    def g(*a):
        print(f.__name__, *a)
        out = f(*a)
        print("\\u2192", out, "\\n" * 300, flush=True)
        return out
    return g""",
    "quiet_decorator": """
def _style(f):
    return np.errstate(all="ignore")(lambda *a: (np.float64(1e308) * 10, f(*a))[1])""",
    "quiet_inside": """
def _style(f):
    def g(*a):
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            np.exp(np.float64(1e4))
            warnings.warn("overflow", RuntimeWarning)
            return f(*a)
    return g""",
    "quiet_module": """
np.seterr(all="ignore")
warnings.filterwarnings("ignore")
def _style(f):
    def g(*a):
        np.exp(np.float64(1e4))
        warnings.warn("overflow", RuntimeWarning)
        return f(*a)
    return g""",
    "numpy_warnings_as_errors": """
np.seterr(over="raise", invalid="raise", divide="raise")
def _style(f): return f""",
    "counts_its_calls": """
_calls = {}
def _style(f):
    def g(*a):
        _calls[f.__name__] = _calls.get(f.__name__, 0) + 1
        return f(*a)
    return g""",
    "works_on_copies": """
import copy
def _style(f):
    def g(*a):
        a = copy.deepcopy(a)
        out = f(*a)
        for v in a:
            if isinstance(v, np.ndarray): v[...] = 0
        return out
    return g""",
}
APPLIED = "\nfor _name in NAMES: globals()[_name] = _style(globals()[_name])\n"

# What may stand before or after the functions of a module.
SURROUNDINGS = {
    "nothing_more": ("", ""),
    # NumPy's max and sum are not Python's; whoever writes this learns so and takes these back.
    "all_of_numpy_by_name": ("from numpy import *\nfrom builtins import max, pow, sum\n", ""),
    "all_of_math_and_numpy_by_name": (
        "from math import *\nfrom numpy import *\nfrom builtins import max, pow, sum\n"
        "import math\n",
        "",
    ),
    "types": (
        "from __future__ import annotations\n"
        "from dataclasses import dataclass, field\nfrom typing import Final, NamedTuple\n"
        "import numpy.typing as npt\nfrom numpy.typing import ArrayLike, NDArray\n"
        "Array = NDArray[np.float64]\nEPSILON: Final = 1e-9\n@dataclass(frozen=True)\n"
        "class Settings:\n    rate: float = 0.4\n"
        "    log: list[Array] = field(default_factory=list)\n"
        "class Parameters(NamedTuple):\n    w: float\n    b: float = 0.0\n",
        "",
    ),
    "libraries_that_may_be_absent": (
        "try:\n    import scipy\n    import matplotlib.pyplot as plt\n"
        "except ImportError:\n    plt = None\n",
        "",
    ),
    "standard_library": (
        "import abc, array, collections, contextlib, copy, csv, dataclasses, datetime, decimal\n"
        "import enum, fractions, inspect, io, itertools, json, logging, numbers, operator, os\n"
        "import pathlib, pprint, random, re, statistics, string, sys, textwrap, time, timeit\n"
        "import traceback, typing, unittest\nimport numpy.linalg, numpy.random, numpy.testing\n"
        "logging.basicConfig(level=logging.DEBUG)\nlogging.getLogger(__name__).info('loaded')\n"
        "random.seed(0); np.random.seed(0)\n",
        "",
    ),
    "tests_of_their_own": (
        "import unittest\nclass Tests(unittest.TestCase):\n"
        "    def test_nothing(self): self.fail()\n",
        "\nif __name__ == '__main__':\n    import matplotlib\n    unittest.main()\n",
    ),
    "text_and_output": (
        "'''Mein Übungsblatt \\u2014 ∇J'''\nη = 0.4\nprint('η =', η)\n__all__ = ['η']\n",
        "\nprint([η] * 1000)\n",
    ),
}


def modules(course: Course, before: str = "", after: str = "") -> dict[str, str]:
    """Returns the course in pure Python, with text before and after the functions."""
    written = {}
    for lesson in (each for each in course.lessons if each.id in PURE_PYTHON):
        functions = [exercise.function for exercise in lesson.exercises]
        names = [name for name in functions if is_written(f"{lesson.id}.{name}")]
        body = before.replace("IMPORTS", HEAD) if "IMPORTS" in before else HEAD + before
        body += HELPERS[lesson.id] + PURE_PYTHON[lesson.id]
        written[lesson.id] = body + after.replace("NAMES", str(names))
    return written


def lost(result: Result, written: Container[str] | None = None) -> list[str]:
    """Tells which of the written exercises are short of all points, by which checks."""
    assert result.problems == ()
    return [
        f"{graded.id} {graded.score:g} of {graded.max_score:g}: "
        + ", ".join(check.name for check in graded.checks if not check.passed)
        for graded in result.exercises
        if graded.score < graded.max_score
        and (is_written(graded.id) if written is None else graded.id in written)
    ]


@pytest.mark.parametrize(
    ("kind", "sequence"), [(k, SEQUENCES[i % 2]) for i, k in enumerate(KINDS)], ids=list(KINDS)
)
def test_an_answer_of_any_kind_earns_all_points(
    course: Course, grade: Grade, kind: str, sequence: str
) -> None:
    """The contract accepts any number, any array or nested list, and any sequence for a tuple."""
    after = KINDS[kind] + ANSWERING.replace("SEQUENCE", sequence)
    assert lost(grade(**modules(course, after=after))) == []


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_a_function_defined_in_any_way_earns_all_points(
    course: Course, grade: Grade, definition: str
) -> None:
    """Anything that can be called as the signature says is fine."""
    assert lost(grade(**modules(course, after=DEFINITIONS[definition] + APPLIED))) == []


@pytest.mark.parametrize("surroundings", SURROUNDINGS)
def test_what_stands_around_the_functions_costs_nothing(
    course: Course, grade: Grade, surroundings: str
) -> None:
    """Imports, classes, constants and output of a student's own are fine."""
    before, after = SURROUNDINGS[surroundings]
    if "__future__" in before:
        first, _, rest = before.partition("\n")
        before = f"{first}\nIMPORTS{rest}"
    assert lost(grade(**modules(course, before, after))) == []


@pytest.mark.parametrize("module", PURE_PYTHON)
def test_a_module_handed_in_alone_earns_its_points(
    course: Course, grade: Grade, module: str
) -> None:
    """Each module stands alone."""
    result = grade(**{module: modules(course)[module]})
    for graded in (g for g in result.exercises if is_written(g.id)):
        own = graded.id.startswith(f"{module}.")
        assert graded.score == (graded.max_score if own else 0), graded.id


def dealt() -> Iterator[dict[str, str]]:
    """Yields, turn by turn, one formula of each exercise that has one left."""
    for turn in range(max(map(len, FORMULAS.values()))):
        yield {name: ways[turn] for name, ways in FORMULAS.items() if turn < len(ways)}


@pytest.mark.parametrize(
    "formulas", list(dealt()), ids=lambda formulas: f"{len(formulas)}-exercises"
)
def test_another_formula_earns_all_points(grade: Grade, formulas: dict[str, str]) -> None:
    """What counts is the answer, not the way to it."""
    written: dict[str, str] = {}
    for exercise, source in formulas.items():
        module = exercise.partition(".")[0]
        written[module] = written.get(module, HEAD) + source + "\n"
    assert lost(grade(**written), formulas) == []


# Types that the contract's words cover, and that no NumPy code makes by itself.
UNUSUAL: dict[str, Any] = {
    "deque": "from collections import deque\ndef update_parameters(p, g, r): "
    "return deque(a - r * b for a, b in zip(p, g))",
    "array_module": "from array import array\ndef update_parameters(p, g, r): "
    "return array('d', [a - r * b for a, b in zip(p, g)])",
    "user_list": "from collections import UserList\ndef update_parameters(p, g, r): "
    "return UserList(a - r * b for a, b in zip(p, g))",
    "array_of_objects": "def update_parameters(p, g, r): "
    "return np.array([a - r * b for a, b in zip(p, g)], dtype=object)",
    "vectorised_to_objects": "sigmoid = np.frompyfunc(lambda v: 1 / (1 + math.exp(-v)), 1, 1)",
    "vectorised_with_object_type": "sigmoid = np.vectorize("
    "lambda v: 1 / (1 + math.exp(-v)), otypes=[object])",
}


@pytest.mark.parametrize("source", UNUSUAL.values(), ids=UNUSUAL)
def test_an_unusual_type_that_the_contract_allows_earns_all_points(
    grade: Grade, source: str
) -> None:
    """A tuple may be any sequence, an array any ndarray, a function any vectorised one."""
    names = re.findall(r"^(?:def )?(update_parameters|sigmoid)\b", source, re.MULTILINE)
    result = grade(backpropagation=HEAD + source + "\n")
    judged = [g for g in result.exercises if g.id.partition(".")[2] == names[0]]
    judged = [g for g in judged if g.id.startswith("backpropagation.")]
    assert [g.score for g in judged] == [g.max_score for g in judged]


def test_the_exercises_here_are_written_in_at_least_three_more_ways(course: Course) -> None:
    """Those that came later are written in other ways in graders/ alone."""
    assert set(FORMULAS) <= set(course.exercises)
    assert all(len(ways) >= 3 for ways in FORMULAS.values())

"""A second judge of what an answer without an idea is worth: objects, constants, arguments, tables.

Beside `test_empty_answers`: every exercise on its own, with answers that pretend to be right.
"""

import ast
from collections.abc import Callable

import pytest

from autograder.course import Course
from autograder.results import Result
from tests.places import ROOT

Grade = Callable[..., Result]

PRETENDERS = '''
import unittest.mock
import numpy as np

class Always:
    """Says yes to everything."""
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __le__(self, other): return True
    def __lt__(self, other): return True
    def __sub__(self, other): return 0.0
    def __rsub__(self, other): return 0.0
    def __abs__(self): return 0.0
    def __float__(self): return 0.0
    def __index__(self): return 0
    def __len__(self): return 4
    def __getitem__(self, i): return self
    def __bool__(self): return True
    def __hash__(self): return 0

class Number(float):
    """A number that equals every other."""
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    def __rsub__(self, other): return 0.0
    def __abs__(self): return 0.0
    __hash__ = float.__hash__

class Word(str):
    """A word that equals every other."""
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __hash__ = str.__hash__

class Table(np.ndarray):
    """An array of whose differences all are 0."""
    def __array_ufunc__(self, *a, **k): return np.zeros(self.shape)
    def __eq__(self, other): return True
    shape = property(lambda self: ())
    dtype = property(lambda self: np.dtype(float))

class Items(list):
    """A list as long as is asked for."""
    def __len__(self): return 4
    def __iter__(self): return iter([Always()] * 4)
    def __eq__(self, other): return True
    __hash__ = None

class Kind(type):
    """A class that every value belongs to."""
    def __instancecheck__(self, other): return True
    def __eq__(self, other): return True
    __hash__ = type.__hash__

class Disguised:
    """Claims to be a float."""
    __class__ = float
    def __eq__(self, other): return True
    def __float__(self): return 0.0
'''

# An answer that is nothing: 0. The plainest ones are in `test_empty_answers`.
NOTHING = [
    "pass",
    "return",
    "return NotImplemented",
    "raise NotImplementedError('write me')",
    "raise KeyboardInterrupt",
    "yield 0.0",
    "return Always()",
    "return (Always(),) * 4",
    "return Disguised()",
    "return Kind('K', (), {})",
    "return Number('nan')",
    "return Items()",
    "return Word('?')",
    "return np.zeros(3).view(Table) * np.nan",
    "return np.full(2, np.nan).view(Table)",
    "return unittest.mock.MagicMock()",
    "return np.full(np.shape(a[0]), np.nan)",
    "return (float('nan'),) * 4",
    "return np.full(np.shape(a[0]), np.inf)",
    "return lambda *a: 0.0",
    "return ()",
    "return [[], []]",
    "return b''",
    "return np.array('left')",
    "return np.array([object()])",
    "return 10**400",
    "return {0: a}",
    "return print",
]

# An answer that is the same whatever is asked, or that is the question: a quarter at most.
ANYTHING = [
    "return 0.25",
    "return 0.5",
    "return 2.0",
    "return True",
    "return 'left'",
    "return 'right'",
    "return 'stop'",
    "return Number(0.0)",
    "return Word('left')",
    "return np.zeros_like(a[0])",
    "return np.ones(np.shape(a[0]))",
    "return np.full(np.shape(a[0]), 0.5)",
    "return np.zeros(np.shape(a[0])).view(Table)",
    "return (0.0, 0.0, 0.0, 0.0)",
    "return [1, 0]",
    "return a",
    "return a[len(a) // 2]",
    "return a[:4]",
    "return (a[2:6], [])",
    "return (a[0], a[1:2])",
    "return np.mean(a[0])",
    "return np.sum(a[-1])",
    "return np.random.default_rng(0).normal(size=np.shape(a[0]))",
]


def modules(course: Course, body: str) -> dict[str, str]:
    """Returns the course with one body for every function."""
    return {
        lesson.id: PRETENDERS
        + "".join(
            f'def {exercise.function}(*a):\n    """Not yet written."""\n    {body}\n'
            for exercise in lesson.exercises
        )
        for lesson in course.lessons
    }


@pytest.mark.parametrize("body", NOTHING)
def test_nothing_earns_nothing(course: Course, grade: Grade, body: str) -> None:
    """Whatever an object claims about itself, in no exercise is it an answer."""
    result = grade(**modules(course, body))
    assert {graded.id: graded.score for graded in result.exercises if graded.score} == {}


@pytest.mark.parametrize("body", ANYTHING)
def test_anything_earns_a_quarter_at_most(course: Course, grade: Grade, body: str) -> None:
    """A check that a constant passes is not worth much."""
    result = grade(**modules(course, body))
    too_much = {g.id: g.score for g in result.exercises if g.score > g.max_score / 4}
    assert too_much == {}


def test_a_stub_with_its_docstring_earns_nothing(course: Course, grade: Grade) -> None:
    """The references' own signatures and docstrings, with nothing beneath."""
    stubs = {}
    for lesson in course.lessons:
        tree = ast.parse((ROOT / "solutions" / f"{lesson.id}.py").read_text())
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                node.body = [*node.body[:1], *ast.parse("raise NotImplementedError").body]
        stubs[lesson.id] = ast.unparse(tree)
    result = grade(**stubs)
    assert result.problems == ()
    assert result.score == 0
    assert {graded.outcome for graded in result.exercises} == {"missing"}


# Looks the answers to the public checks up, and takes the nearest question's for any other.
LOOKED_UP = """
import numpy as np
ANSWERS = {}
def _numbers(v):
    if isinstance(v, str): return [float(len(v))]
    if isinstance(v, (tuple, list, np.ndarray)): return [n for p in v for n in _numbers(p)]
    return [float(v)]
class Asked:
    def __init__(self, name): self.name = name
    def __call__(self, *a): return self.name, a
def assert_close(asked, answer): ANSWERS.setdefault(asked[0], []).append((asked[1], answer))
def _nearest(name, a):
    def distance(entry):
        p, q = np.array(_numbers(entry[0])), np.array(_numbers(a))
        return np.abs(p - q).sum() if p.shape == q.shape else np.inf
    return min(ANSWERS[name], key=distance)[1]
"""


def test_the_public_checks_written_in_earn_a_quarter_at_most(course: Course, grade: Grade) -> None:
    """They are passed, all of them, and a stranger's question gets the answer of the nearest."""
    learned = {}
    for lesson in course.lessons:
        checks = ast.parse((ROOT / "exercises" / "checks" / f"{lesson.id}.py").read_text())
        text = LOOKED_UP
        for node in checks.body:
            if isinstance(node, ast.Assign):
                text += ast.unparse(node) + "\n"
            if isinstance(node, ast.FunctionDef):
                names = [argument.arg for argument in node.args.args]
                body = "".join(
                    f"    {line}\n" for line in ast.unparse(ast.Module(node.body, [])).splitlines()
                )
                text += f"def _check({', '.join(names)}):\n{body}"
                text += f"_check({', '.join(f'Asked({name!r})' for name in names)})\n"
        for exercise in lesson.exercises:
            text += f"def {exercise.function}(*a): return _nearest({exercise.function!r}, a)\n"
        learned[lesson.id] = text
    result = grade(**learned)
    assert result.problems == ()
    for graded in result.exercises:
        assert all(c.passed for c in graded.checks if c.visibility == "public"), graded.id
        assert graded.score <= graded.max_score / 4, graded.id

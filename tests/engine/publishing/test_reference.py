"""The reference of the exercises says what the docstrings say, and gives no code away."""

import ast
import inspect

import pytest

from autograder.course import load_course
from autograder.publishing.computed import computed
from autograder.publishing.reference import described, reference_of
from autograder.references import reference

MODULES = [lesson.id for lesson in load_course().lessons]


@pytest.mark.parametrize("module", MODULES)
def test_every_exercise_has_a_heading_whose_anchor_is_its_id(module: str) -> None:
    text = reference_of(load_course(), module)
    for exercise in load_course().lessons[MODULES.index(module)].exercises:
        assert f"### `{exercise.function}` {{ #{module}.{exercise.function} }}" in text


@pytest.mark.parametrize("module", MODULES)
def test_it_holds_no_line_of_a_solution(module: str) -> None:
    text = reference_of(load_course(), module)
    for exercise in load_course().lessons[MODULES.index(module)].exercises:
        source = inspect.getsource(reference(load_course(), f"{module}.{exercise.function}"))
        body = ast.parse(source).body[0]
        assert isinstance(body, ast.FunctionDef)
        for statement in body.body[1:]:
            assert ast.unparse(statement) not in text


def test_arguments_are_a_list_and_a_formula_stays_as_it_is() -> None:
    text = described(
        "Return w x.\n\nz_i = w x_i\n\nArgs:\n    w: The weight,\n        a number.\n    x: The"
        " inputs, a_1 and a_2.\n\nReturns:\n    The sums: one each.\n"
    )
    assert "```text\nz_i = w x_i\n```" in text
    assert "- `w`: The weight, a number.\n- `x`: The inputs, a\\_1 and a\\_2." in text
    assert "**Returns**\n\n- The sums: one each." in text


def test_an_example_keeps_its_lines() -> None:
    text = described("Return 1.\n\nExample:\n    >>> print(1)\n    1\n")
    assert "```pycon\n>>> print(1)\n1\n```" in text


def test_a_computed_matrix_is_tex_with_a_row_a_line_and_a_vector_is_a_column() -> None:
    matrix = computed(load_course(), "np.array([[1.0, 2.0], [3.0, -4.0]])", "matrix")
    assert matrix == r"\begin{pmatrix} 1 & 2 \\ 3 & -4 \end{pmatrix}"
    vector = computed(load_course(), "np.array([1.0, 2.0])", "matrix")
    assert vector == r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}"

"""What the lessons are written with: a wrong formula, number or quiz fails the build."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown import Markdown

from autograder.course import load_course
from autograder.publishing.computed import ComputedNumberError, computed, with_computed_numbers
from autograder.publishing.drawings import drawing
from autograder.publishing.mathematics import FormulaError, formula
from autograder.publishing.quizzes import QuizError, inline, read_quiz
from autograder.publishing.reference import reference_of


def to_html(text: str) -> str:
    settings = {"pymdownx.arithmatex": {"generic": True}}
    extensions = ["pymdownx.arithmatex", "pymdownx.superfences", "autograder.publishing"]
    return Markdown(extensions=extensions, extension_configs=settings).convert(text)


def test_formulas_become_mathml() -> None:
    html = to_html("The slope $\\frac{dJ}{dw}$ and\n\n$$a < b$$\n")
    assert html.count("<math") == 2
    assert "<mfrac>" in html
    assert "&lt;" in html
    assert "\\frac" not in html


def test_a_formula_has_words_for_the_search_that_are_not_shown() -> None:
    html = to_html("Move: $w_1 \\leftarrow w_1 - \\eta \\, \\frac{1}{2}$.")
    assert "<span hidden>w 1 becomes w 1 minus eta one half</span>" in html
    assert "<math data-search-exclude" in html


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\frac{dJ}{dw} = -\frac{1}{m} \sum_{i=1}^{m} x_i", "d J over d w equals minus 1 over m "
         "the sum from i equals 1 to m of x i"),
        (r"(z - \hat{z})^2", "(z minus z hat) squared"),
        (r"e^{-|z|} \ge 0", "e to the power of minus the absolute value of z is at least 0"),
        (r"g'(z) = \begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}",
         "g prime (z) equals 1 where z is above 0; 0 where z is at most 0"),
        (r"\begin{pmatrix} 1 & -2 \\ 0 & 3 \end{pmatrix}", "(1, minus 2; 0, 3)"),
        (r"\max(0, z)", "max (0, z)"),
    ],
)  # fmt: skip
def test_a_formula_in_words_is_what_a_teacher_would_say(tex: str, words: str) -> None:
    assert f"<span hidden>{words}</span>" in formula(tex)


def test_a_formula_keeps_the_signs_around_it() -> None:
    html = to_html("A slope ($a$), $b$; $c$ and $d$.")
    kept = re.findall(r'<span class="inline-formula">(\(?)<math.*?</span>([^<]*)</span>', html)
    assert kept == [("(", "),"), ("", ";"), ("", ""), ("", ".")]


def test_a_formula_that_does_not_parse_fails_the_build() -> None:
    with pytest.raises(FormulaError, match="frac"):
        to_html("$\\frac{1}{$")
    with pytest.raises(FormulaError):
        formula("\\nosuchcommand")


def test_numbers_come_from_the_reference_solutions() -> None:
    assert computed(load_course(), "cost(0.0, X, Z)") == "4"
    assert with_computed_numbers(
        load_course(), "w = {= gradient_descent(X, Z, 0.0, 0.4, 4)[4] | .5g =}."
    ) == ("w = 1.9968.")
    assert computed(load_course(), "softmax(LOGITS)", ".4f") == "0.5297, 0.1854, 0.2849"
    assert computed(load_course(), "cost_gradient(0.0, X, Z)") == "−4"


@pytest.mark.parametrize("expression", ["no_such(1)", "1 +", "cost(1)"])
def test_an_expression_without_a_number_fails_the_build(expression: str) -> None:
    with pytest.raises(ComputedNumberError):
        with_computed_numbers(load_course(), "{= " + expression + " =}")


QUIZ = """
[[question]]
ask = "Which is it, `w` or $w$?"
[[question.option]]
text = "<b>this</b>"
why = "No: 1 < 2."
[[question.option]]
text = "that"
why = "Yes."
right = true
[[question]]
ask = "How many?"
answer = 2.5
tolerance = 0.1
why = "Half of 5."
"""


def test_a_quiz_is_a_group_of_labelled_inputs_with_its_answers_in_details() -> None:
    html = to_html(f"```quiz\n{QUIZ}\n```\n")
    assert html.count("<fieldset>") == 2
    assert html.count("<details") == 2
    assert "&lt;b&gt;this&lt;/b&gt;" in html
    assert "<b>this" not in html
    assert 'data-answer="2.5"' in html
    assert "<code>w</code>" in html
    assert "<p><dl-quiz" not in html


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("[[question]]\nask = 'a'", "needs either options or a number"),
        ("[[question]]\nask = 'a'\nanswer = 1.0", "does not say why"),
        (QUIZ.replace("right = true", ""), "has 0 right options"),
        (QUIZ.replace("tolerance", "tolerence"), "tolerence"),
        ("", "question"),
    ],
)
def test_a_quiz_that_lacks_something_fails_the_build(data: str, told: str) -> None:
    with pytest.raises(QuizError, match=told):
        read_quiz(data)


@given(st.text(max_size=30))
def test_a_quizs_text_is_never_markup(text: str) -> None:
    text = text.replace("$", "").replace("`", "")
    made = inline(f"<i>{text}")
    assert "<i>" not in made


def test_each_drawing_is_the_same_every_time_and_has_words_for_it() -> None:
    for name in ("parabola", "rates", "sigmoid", "layers", "activations", "softmax"):
        made = drawing(load_course(), name)
        assert made == drawing(load_course(), name)
        assert 'role="img" aria-label="' in made
        assert "<figcaption>" in made
        assert "#010203" not in made
        assert "var(--dl-ink)" in made


def test_the_reference_names_every_exercise_and_shows_no_code() -> None:
    for lesson in load_course().lessons:
        text = reference_of(load_course(), lesson.id)
        for exercise in lesson.exercises:
            assert f"### `{exercise.function}`" in text
        assert "return " not in text.replace("return value", "")

"""Quizzes: plain data in the lesson's own file, usable without script and by a screen reader.

A fence called ``quiz`` holds TOML: tables `[[question]]` with `ask`, and either tables
`[[question.option]]` with `text`, `why` and, on one of them, `right = true`, or `answer`,
`tolerance` and `why` for a number. A wrong option's `why` says why it is wrong.
"""

import html
import re
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from autograder.publishing.mathematics import formula

_CODE: Final = re.compile(r"`([^`]+)`")
_MATH: Final = re.compile(r"\$([^$]+)\$")


class QuizError(ValueError):
    """A quiz's data is invalid; the message says why."""


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An answer to choose, and why it is right or wrong."""

    text: str
    why: str
    right: bool = False


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question with options of which one is right, or with a number as its answer."""

    ask: str
    option: Annotated[tuple[Option, ...], Meta(max_length=6)] = ()
    answer: float | None = None
    tolerance: Annotated[float, Meta(ge=0)] = 0.0
    why: str = ""


class Quiz(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The questions of one fence."""

    question: Annotated[tuple[Question, ...], Meta(min_length=1)]


def read_quiz(text: str) -> Quiz:
    """Reads the data of a quiz.

    Raises:
        QuizError: it is not TOML, is incomplete, or does not have exactly one right option.
    """
    try:
        quiz = msgspec.toml.decode(text, type=Quiz)
    except msgspec.DecodeError as error:
        raise QuizError(str(error)) from None
    for question in quiz.question:
        right = sum(option.right for option in question.option)
        if question.option and right != 1:
            raise QuizError(f"{question.ask!r} has {right} right options, not one")
        if bool(question.option) == (question.answer is not None):
            raise QuizError(f"{question.ask!r} needs either options or a number as its answer")
        if not question.option and not question.why:
            raise QuizError(f"{question.ask!r} does not say why its answer is right")
    return quiz


class Quizzes:
    """Turns the quizzes of one page into HTML, with their questions numbered consecutively."""

    def __init__(self) -> None:
        self._asked = 0

    def to_html(self, text: str) -> str:
        """Returns one quiz as HTML (see `read_quiz`)."""
        return "\n".join(self._question(question) for question in read_quiz(text).question)

    def _question(self, question: Question) -> str:
        self._asked += 1
        name = f"question-{self._asked}"
        body = _options(question, name) if question.option else _number(question, name)
        return (
            f'<dl-quiz class="quiz"><fieldset><legend><span class="quiz-number">Question '
            f"{self._asked}.</span> {inline(question.ask)}</legend>\n{body}</fieldset></dl-quiz>"
        )


def _options(question: Question, name: str) -> str:
    rows = "\n".join(
        f'<div class="quiz-option"><input type="radio" name="{name}" id="{name}-{i}" '
        f'data-right="{str(option.right).lower()}"><label for="{name}-{i}">{inline(option.text)}'
        f'</label></div><p class="quiz-why" hidden data-search-exclude>'
        f"{inline(option.why)}</p>"
        for i, option in enumerate(question.option)
    )
    letters = "".join(
        f"<li>{inline(option.text)} <strong>{'Right.' if option.right else 'No.'}</strong> "
        f"{inline(option.why)}</li>"
        for option in question.option
    )
    every = f"<summary>All answers</summary><ol>{letters}</ol>"
    return f"{rows}<details data-search-exclude>{every}</details>"


def _number(question: Question, name: str) -> str:
    return (
        f'<label for="{name}">Your number</label> <input id="{name}" type="text" '
        f'inputmode="decimal" autocomplete="off" data-answer="{question.answer!r}" '
        f'data-tolerance="{question.tolerance!r}"><p class="quiz-why" hidden data-search-exclude>'
        f"{inline(question.why)}</p><details data-search-exclude><summary>The answer</summary>"
        f"<p>{question.answer:g}. {inline(question.why)}</p></details>"
    )


def inline(text: str) -> str:
    """Returns a line of text as HTML: escaped, with `code` and $mathematics$."""
    parts = re.split(r"(`[^`]+`|\$[^$]+\$)", text)
    made = []
    for part in parts:
        if code := _CODE.fullmatch(part):
            made.append(f"<code>{html.escape(code[1])}</code>")
        elif math := _MATH.fullmatch(part):
            made.append(formula(math[1]))
        else:
            made.append(html.escape(part, quote=False))
    return "".join(made)

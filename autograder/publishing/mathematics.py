"""Formulas as MathML, made while the site is built: one that does not parse fails the build."""

import html
import re
from functools import cache
from typing import Final

from math_core import LatexError, LatexToMathML

_FORMULA: Final = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\[(\[](?P<tex>.*?)\\[)\]]</(?P=tag)>', re.DOTALL
)
_ALONE: Final = re.compile(
    r"(?P<start><(?P<tag>th|label)\b[^>]*>)(?P<formula><math[^>]*>(?:(?!</math>).)*</math>)"
    r"(?P<end></(?P=tag)>)",
    re.DOTALL,
)
_EMPTY_HEADER: Final = re.compile(r"<th[^>]*></th>")


class FormulaError(ValueError):
    """A formula cannot be read; the message shows it."""


def with_mathematics(text: str) -> str:
    """Returns HTML with the formulas that `pymdownx.arithmatex` found as MathML."""
    text = _FORMULA.sub(
        lambda found: formula(html.unescape(found["tex"]), block=found["tag"] == "div"), text
    )
    # A header or label that is a formula alone has no text for many who listen, an empty one none.
    text = _ALONE.sub(_with_words, text)
    return _EMPTY_HEADER.sub("<td></td>", text)


def _with_words(found: re.Match[str]) -> str:
    words = re.sub(r"<[^>]+>", "", found["formula"])
    hidden = found["formula"].replace("<math", '<math aria-hidden="true"', 1)
    return f'{found["start"]}<span class="for-listeners">{words}</span>{hidden}{found["end"]}'


def formula(tex: str, *, block: bool = False) -> str:
    """Returns a formula as MathML.

    Raises:
        FormulaError: it is no TeX that can be read.
    """
    try:
        made: str = _converter().convert_with_local_state(tex.strip(), displaystyle=block)
    except LatexError as error:
        raise FormulaError(f"{tex!r}: {error}") from None
    # A wide formula scrolls by itself, and is reached by the keyboard to do so.
    return f'<div class="formula" tabindex="0">{made}</div>' if block else made


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(annotation=False)

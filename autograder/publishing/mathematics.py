"""Formulas as MathML, made while the site is built: one that does not parse fails the build."""

import html
import re
from functools import cache
from typing import Final

from math_core import LatexError, LatexToMathML

from autograder.publishing.words import in_words

_FORMULA: Final = re.compile(
    r'<(?P<tag>span|div) class="arithmatex">\\[(\[](?P<tex>.*?)\\[)\]]</(?P=tag)>', re.DOTALL
)
_INLINE: Final = r'<span class="inline-formula">(?P<formula>(?:(?!</span></span>).)*</span>)</span>'
_ALONE: Final = re.compile(
    rf"(?P<start><(?P<tag>th|label)\b[^>]*>){_INLINE}(?P<end></(?P=tag)>)", re.DOTALL
)
# What must stay on the line of a formula: a bracket before it, and punctuation after it.
_TOUCHED: Final = re.compile(rf'(?P<before>[(“"]?){_INLINE}(?P<after>[).,:;?!”"]*)', re.DOTALL)
_WORDS: Final = re.compile(r"<span hidden>([^<]*)</span>")
_EMPTY_HEADER: Final = re.compile(r"<th[^>]*></th>")


class FormulaError(ValueError):
    """A formula cannot be read; the message shows it."""


def with_mathematics(text: str) -> str:
    """Returns HTML with the formulas that `pymdownx.arithmatex` found as MathML."""
    text = _FORMULA.sub(
        lambda found: formula(html.unescape(found["tex"]), block=found["tag"] == "div"), text
    )
    # Many screen readers find no text in a header or label that is only a formula, and none finds
    # any in an empty header.
    text = _ALONE.sub(_with_words, text)
    text = _TOUCHED.sub(r'<span class="inline-formula">\g<before>\g<formula>\g<after></span>', text)
    return _EMPTY_HEADER.sub("<td></td>", text)


def _with_words(found: re.Match[str]) -> str:
    spoken = _WORDS.sub(r'<span class="for-listeners">\1</span>', found["formula"])
    silent = spoken.replace("<math", '<math aria-hidden="true"', 1)
    return f"{found['start']}{silent}{found['end']}"


def formula(tex: str, *, block: bool = False) -> str:
    """Returns a formula as MathML, with words beside it that only the search reads.

    Raises:
        FormulaError: the TeX cannot be read.
    """
    try:
        made: str = _converter().convert_with_local_state(tex.strip(), displaystyle=block)
    except LatexError as error:
        raise FormulaError(f"{tex!r}: {error}") from None
    words = f"<span hidden>{html.escape(in_words(made), quote=False)}</span>"
    made = made.replace("<math", "<math data-search-exclude", 1) + words
    # A wide formula scrolls on its own, and can be focused to do so by keyboard.
    return (
        f'<div class="formula" tabindex="0">{made}</div>'
        if block
        else f'<span class="inline-formula">{made}</span>'
    )


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(annotation=False)

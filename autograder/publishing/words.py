"""Formulas in words, for the search to find and show and for screen readers to read aloud."""

from typing import Final
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_SIGNS: Final = (
    {"=": "equals", "−": "minus", "+": "plus", "⋅": "times", "/": "over", "′": "prime"}
    | {">": "is above", "<": "is below", "≥": "is at least", "≤": "is at most", "≈": "is about"}
    | {"←": "becomes", "→": "to", "⟶": "to", "∂": "partial", "∑": "the sum", "ˆ": "hat"}
    | {"σ": "sigma", "η": "eta", "α": "alpha", "δ": "delta"}
    # A function's application, an invisible separator, and the brace before cases.
    | {"\u2061": "", "\u2063": "", "{": ""}
)
_FRACTIONS: Final = {("1", "2"): "one half", ("1", "4"): "one quarter"}
# The text between the cells of a row, by the sign that opens the table: cases or a matrix.
_BETWEEN: Final = {"{": " where ", "(": ", "}


def in_words(mathml: str) -> str:
    """Returns a formula as somebody would read it aloud, with brackets left as they are.

    Raises:
        KeyError: it holds an element that has no words yet.
    """
    root = ElementTree.fromstring(  # noqa: S314 - It was made here.
        mathml.replace("&ApplyFunction;", "\u2061")
    )
    text = " ".join(_row(list(root)).split())
    return text.replace("( ", "(").replace(" )", ")").replace(" ,", ",").replace(" ;", ";")


def _row(parts: list[Element]) -> str:
    words, inside = [], False
    for part in parts:
        if part.tag == "mo" and part.text == "|":
            inside = not inside
            words.append("the absolute value of" if inside else "")
        elif part.tag == "mtable":
            words.append(_table(part, _BETWEEN.get(parts[0].text or "", " ")))
        else:
            words.append(_said(part))
    return " ".join(words)


def _said(part: Element) -> str:
    children = list(part)
    match part.tag:
        case "mi" | "mn" | "mo" | "mtext":
            text = part.text or ""
            return _SIGNS.get(text, text)
        case "mspace":
            return ""
        case "mrow" | "mtd":
            return _row(children)
        case "msub" | "mover":
            return _row(children)
    first, *others = (_said(child) for child in children)
    match part.tag, others:
        case "msup", ["prime"]:
            return f"{first} prime"
        case "msup", ["2"]:
            return f"{first} squared"
        case "msup", [power]:
            return f"{first} to the power of {power}"
        case "mfrac", [below]:
            return _FRACTIONS.get((first, below), f"{first} over {below}")
        case "munderover", [start, end]:
            return f"{first} from {start} to {end} of"
    raise KeyError(part.tag)


def _table(table: Element, between: str) -> str:
    return "; ".join(between.join(_said(cell) for cell in row) for row in table)

"""What the HTML reports share: templates, escaping, and how values are shown on a page."""

import inspect
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.display import Shown
from autograder.references import reference
from autograder.results import Grade

# Each outcome's word, its sign (so that colour is never the only difference) and its style.
OUTCOMES: Final[dict[Grade, tuple[str, str, str]]] = {
    "correct": ("Correct", "✓", "good"),
    "partly": ("Partly right", "◐", "part"),
    "wrong": ("Not right yet", "✗", "bad"),
    "error": ("Stopped with an error", "!", "bad"),
    "timeout": ("Ran out of time", "⧖", "bad"),
    "missing": ("Not there yet", "○", "none"),
}


@cache
def environment() -> Environment:
    """Returns the templates; everything put into one is escaped unless it is `Markup`."""
    made = Environment(
        loader=PackageLoader("autograder.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["points"] = points
    made.filters["marked"] = marked
    made.filters["visible"] = visible
    made.globals["outcomes"] = OUTCOMES
    return made


def points(value: float) -> str:
    """Returns a number of points without needless decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def visible(text: str) -> str:
    """Returns text with what a page cannot show, or would obey, replaced by a visible sign.

    Direction overrides could make a page read otherwise than it is written.
    """
    return "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in text)


def marked(shown: Shown) -> Markup:
    """Returns a value as HTML with its wrong parts in <mark>."""
    parts, position = [], 0
    for start, end in shown.marks:
        parts.append(escape(visible(shown.text[position:start])))
        parts.append(Markup("<mark>{}</mark>").format(visible(shown.text[start:end])))
        position = end
    parts.append(escape(visible(shown.text[position:])))
    return Markup("").join(parts)


@cache
def task(exercise: str) -> tuple[str, str]:
    """Returns what an exercise asks: its first sentence, and the rest of its public docstring."""
    text = inspect.getdoc(reference(exercise)) or ""
    first, _, rest = text.partition("\n\n")
    return " ".join(first.split()), rest

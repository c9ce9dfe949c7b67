"""What the HTML reports share: templates, escaping, and how values are shown on a page."""

from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.course import Course
from autograder.course.contracts import contract_of
from autograder.display import Shown, visible
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
    made.finalize = _shown
    made.filters["points"] = points
    made.filters["marked"] = marked
    made.filters["visible"] = visible
    made.globals["outcomes"] = OUTCOMES
    return made


def _shown(value: Any) -> Any:
    """Replaces characters that a page would obey, wherever a template shows a value."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def points(value: float) -> str:
    """Returns a number of points without needless decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def marked(shown: Shown) -> Markup:
    """Returns a value as HTML with its wrong parts in <mark>."""
    parts, position = [], 0
    for start, end in shown.marks:
        parts.append(escape(visible(shown.text[position:start])))
        parts.append(Markup("<mark>{}</mark>").format(visible(shown.text[start:end])))
        position = end
    parts.append(escape(visible(shown.text[position:])))
    return Markup("").join(parts)


def task(course: Course, exercise: str) -> tuple[str, str]:
    """Returns what an exercise asks: its first sentence, and the rest of its public docstring."""
    text = contract_of(course, exercise)
    first, _, rest = text.partition("\n\n")
    return " ".join(first.split()), rest

"""The lessons' still pictures: drawn by matplotlib, as SVG.

A course's pictures are in its `site/code/drawings.py`, under `DRAWINGS`. Colours are stand-ins for
the page's CSS variables, so a picture follows the palette. Text stays text, so it can be searched,
read aloud and printed.
"""

import html
import io
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autograder.course import Course
from autograder.course.code import load_if_there

# Each stands for a variable of the stylesheet; no drawing has these colours otherwise.
INK, SOFT, FIRST, SECOND, THIRD = "#010203", "#040506", "#070809", "#0a0b0c", "#0d0e0f"
VARIABLES: Final = {
    INK: "var(--dl-ink)",
    SOFT: "var(--dl-soft)",
    FIRST: "var(--dl-first)",
    SECOND: "var(--dl-second)",
    THIRD: "var(--dl-third)",
}
STYLE: Final[dict[str, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "autograder",
    "font.family": "sans-serif",
    "font.size": 12,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "lines.linewidth": 2,
    "legend.frameon": False,
}


class Drawing(NamedTuple):
    """A picture: the function that draws it, its caption, and the description to read aloud."""

    draw: Callable[[Axes], None]
    caption: str
    description: str


def drawings_of(course: Course) -> Mapping[str, Drawing]:
    """Returns the pictures of a course's lessons, by their names."""
    found: Mapping[str, Drawing] = getattr(
        load_if_there(course.root, "site.code.drawings"), "DRAWINGS", {}
    )
    return found


def drawing(course: Course, name: str) -> str:
    """Returns a picture as an HTML figure.

    Raises:
        KeyError: there is no such picture.
    """
    made = drawings_of(course)[name]
    return (
        f'<figure class="drawing" id="drawing-{name}">{_svg(name, made)}'
        f"<figcaption>{html.escape(made.caption, quote=False)}</figcaption></figure>"
    )


@cache
def _svg(name: str, made: Drawing) -> str:
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]  # Its names are a type of their own.
        figure = Figure(figsize=(5.6, 3.2), layout="constrained")
        made.draw(figure.add_subplot())
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    svg = out.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = coloured(svg, VARIABLES)
    # Ids must differ between the pictures of a page; with a fixed size a picture would not shrink.
    svg = re.sub(r'(id="|href="#|url\(#)', rf"\g<1>{name}-", svg)
    svg = re.sub(r'<svg ([^>]*?)height="[^"]*"', r"<svg \1", svg)
    svg = re.sub(r'<svg ([^>]*?) width="[^"]*"', r"<svg \1", svg)
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    title = html.escape(made.description)
    return svg.replace(
        "<svg ", f'<svg role="img" aria-label="{title}" data-search-exclude ', 1
    ).strip()


def coloured(svg: str, colours: Mapping[str, str]) -> str:
    """Returns a picture with its stand-ins replaced by these colours."""
    for stand_in, colour in colours.items():
        svg = svg.replace(stand_in, colour)
    return svg

"""Reads numbers back from a picture, by what its axes say of themselves."""

import re
from typing import Any, NamedTuple

import numpy as np
from playwright.sync_api import Locator, Page


def settled(page: Page) -> None:
    """Waits until nothing on the page is on its way from one look to another."""
    page.evaluate(
        "Promise.allSettled(document.getAnimations()"
        ".filter((change) => change.effect.getComputedTiming().endTime < Infinity)"
        ".map((change) => change.finished)).then(() => 0)"
    )


class Axis(NamedTuple):
    """Where an axis begins and ends, in numbers and on the picture."""

    low: float
    high: float
    start: float
    end: float
    log: bool

    @classmethod
    def of(cls, said: str) -> "Axis":
        low, high, start, end, kind = said.split()
        return cls(float(low), float(high), float(start), float(end), kind == "log")

    def number(self, at: Any) -> Any:
        """The number that stands at a place of the picture."""
        part = (np.asarray(at, float) - self.start) / (self.end - self.start)
        if self.log:
            return self.low * (self.high / self.low) ** part
        return self.low + part * (self.high - self.low)


# What one pair of axes shows, read in a single turn: a picture is drawn anew whenever its width
# changes, and marks of one drawing say nothing on the axes of another.
READ = """panel => {
  const of = (selector, read) => [...panel.querySelectorAll(selector)].map(
    (mark) => [mark.getAttribute("class").split(" "), read(mark)]
  );
  return {
    x: panel.dataset.x,
    y: panel.dataset.y,
    dots: of("circle", (mark) => [mark.cx.baseVal.value, mark.cy.baseVal.value]),
    lines: of("path.figure-line", (mark) => mark.getAttribute("d")),
    bars: of("rect.figure-bar", (mark) => mark.y.baseVal.value),
    bands: of("rect[data-band]", (mark) => mark.x.baseVal.value),
  };
}"""


class Panel:
    """One pair of axes, read back from the picture as it is drawn at this moment."""

    def __init__(self, figure: Locator, name: str) -> None:
        self.marks = figure.locator(f"[data-panel={name}]")
        self._drawn: dict[str, Any] = self.marks.evaluate(READ)
        self.x, self.y = Axis.of(self._drawn["x"]), Axis.of(self._drawn["y"])

    def dots(self, look: str) -> Any:
        """The numbers under the dots: rows of x and y."""
        return self._numbers(self._all("dots", look))

    def line(self, look: str, index: int = 0) -> Any:
        """The numbers under the corners of a line: rows of x and y."""
        drawn = self._all("lines", look)[index]
        return self._numbers(
            [list(map(float, part.split())) for part in re.split("[ML]", drawn)[1:]]
        )

    def bars(self) -> Any:
        """The numbers at the tops of the bars, from left to right."""
        return self.y.number([top for _, top in self._drawn["bars"]])

    def bands(self) -> Any:
        """The numbers where the bands begin, from left to right."""
        return self.x.number([edge for _, edge in self._drawn["bands"]])

    def _all(self, kind: str, look: str) -> list[Any]:
        return [read for looks, read in self._drawn[kind] if look in looks]

    def _numbers(self, places: list[list[float]]) -> Any:
        x, y = np.array(places).T
        return np.column_stack([self.x.number(x), self.y.number(y)])

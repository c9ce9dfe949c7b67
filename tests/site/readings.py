"""Reads numbers back from a picture, by what its axes say of themselves."""

import re
from typing import Any, NamedTuple

import numpy as np
from playwright.sync_api import Locator


class Axis(NamedTuple):
    """Where an axis begins and ends, in numbers and on the picture."""

    low: float
    high: float
    start: float
    end: float
    log: bool

    @classmethod
    def of(cls, panel: Locator, name: str) -> "Axis":
        low, high, start, end, kind = (panel.get_attribute(f"data-{name}") or "").split()
        return cls(float(low), float(high), float(start), float(end), kind == "log")

    def number(self, at: Any) -> Any:
        """The number that stands at a place of the picture."""
        part = (np.asarray(at, float) - self.start) / (self.end - self.start)
        if self.log:
            return self.low * (self.high / self.low) ** part
        return self.low + part * (self.high - self.low)


class Panel:
    """One pair of axes, read back from the picture."""

    def __init__(self, figure: Locator, name: str) -> None:
        self.marks = figure.locator(f"[data-panel={name}]")
        self.x, self.y = Axis.of(self.marks, "x"), Axis.of(self.marks, "y")

    def dots(self, look: str) -> Any:
        """The numbers under the dots: rows of x and y."""
        places = self.marks.locator(f"circle.{look}").evaluate_all(
            "all => all.map(one => [one.cx.baseVal.value, one.cy.baseVal.value])"
        )
        return self._numbers(places)

    def line(self, look: str, index: int = 0) -> Any:
        """The numbers under the corners of a line: rows of x and y."""
        drawn = self.marks.locator(f"path.figure-line.{look}").nth(index).get_attribute("d") or ""
        return self._numbers(
            [list(map(float, part.split())) for part in re.split("[ML]", drawn)[1:]]
        )

    def bars(self) -> Any:
        """The numbers at the tops of the bars, from left to right."""
        tops = self.marks.locator("rect.figure-bar").evaluate_all(
            "all => all.map(one => one.y.baseVal.value)"
        )
        return self.y.number(tops)

    def _numbers(self, places: list[list[float]]) -> Any:
        x, y = np.array(places).T
        return np.column_stack([self.x.number(x), self.y.number(y)])

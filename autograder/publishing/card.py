"""Draws the picture that others show beside a link to the site; run it as a module."""

from typing import Final

import numpy as np
from matplotlib.figure import Figure

from autograder.course import ROOT, load_course
from solutions.gradient_descent import cost, gradient_descent

CARD: Final = ROOT / "site" / "assets" / "card.png"
_X: Final = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])


def main() -> None:
    """Writes the card, 1200 by 630 as social networks ask for."""
    figure = Figure(figsize=(12, 6.3), facecolor="#14171d")
    axes = figure.add_axes((0.52, 0.1, 0.45, 0.8), facecolor="#14171d")
    w = np.linspace(-0.4, 4.4, 121)
    axes.plot(w, [cost(float(v), _X, 2 * _X) for v in w], color="#93aaf5", linewidth=5)
    path = gradient_descent(_X, 2 * _X, 0.0, 0.4, 4)
    heights = [cost(float(v), _X, 2 * _X) for v in path]
    axes.plot(path, heights, "o--", color="#f0857c", linewidth=2.5, markersize=13)
    axes.set_axis_off()
    exercises = len(load_course().exercises)
    lines = load_course().title.replace(" of ", "\nof ")
    figure.text(0.05, 0.62, lines, color="#e6e8ec", fontsize=36, weight="bold", va="center")
    figure.text(
        0.05, 0.3, f"Lessons, figures, and {exercises} exercises\nthat tell you what went wrong",
        color="#a3acba", fontsize=20, va="center",
    )  # fmt: skip
    figure.savefig(CARD, dpi=100, metadata={"Software": None})


if __name__ == "__main__":
    main()

"""Draws the picture that others show beside a link to this course's site."""

from typing import Final

import numpy as np
from matplotlib.figure import Figure

from autograder.course import Course

from ...solutions.gradient_descent import cost, gradient_descent

_X: Final = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])


def draw(course: Course) -> Figure:
    """Returns the card, 1200 by 630 at 100 dots an inch, as social networks ask for."""
    figure = Figure(figsize=(12, 6.3), facecolor="#14171d")
    axes = figure.add_axes((0.52, 0.1, 0.45, 0.8), facecolor="#14171d")
    w = np.linspace(-0.4, 4.4, 121)
    axes.plot(w, [cost(float(v), _X, 2 * _X) for v in w], color="#93aaf5", linewidth=5)
    path = gradient_descent(_X, 2 * _X, 0.0, 0.4, 4)
    heights = [cost(float(v), _X, 2 * _X) for v in path]
    axes.plot(path, heights, "o--", color="#f0857c", linewidth=2.5, markersize=13)
    axes.set_axis_off()
    exercises = len(course.exercises)
    lines = course.title.replace(" of ", "\nof ")
    figure.text(0.05, 0.62, lines, color="#e6e8ec", fontsize=36, weight="bold", va="center")
    figure.text(
        0.05, 0.3, f"Lessons, figures, and {exercises} exercises\nthat tell you what went wrong",
        color="#a3acba", fontsize=20, va="center",
    )  # fmt: skip
    return figure

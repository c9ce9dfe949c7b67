"""The still pictures of this course's lessons and pages, drawn from the reference solutions."""

import io
from typing import Final

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from autograder.publishing.drawings import (
    FIRST,
    INK,
    SECOND,
    SOFT,
    STYLE,
    THIRD,
    VARIABLES,
    Drawing,
    coloured,
)
from benchmarks.measurements import Measurements, committed

from ...solutions import activations, backpropagation, gradient_descent, vanishing_gradient

_X: Final = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
_Z: Final = 2.0 * _X


def _parabola(axes: Axes) -> None:
    w = np.linspace(-0.5, 4.5, 101)
    axes.plot(w, [gradient_descent.cost(v, _X, _Z) for v in w], color=FIRST)
    path = gradient_descent.gradient_descent(_X, _Z, 0.0, 0.4, 4)
    heights = [gradient_descent.cost(float(v), _X, _Z) for v in path]
    axes.plot(path, heights, color=SECOND, marker="o", linestyle="--", linewidth=1.2)
    for step in (0, 1):
        axes.annotate(
            f"w = {path[step]:g}", (path[step], heights[step]), textcoords="offset points",
            xytext=(10, 6),
        )  # fmt: skip
    axes.set(xlabel="weight w", ylabel="cost J(w)")


def _rates(axes: Axes) -> None:
    for rate, color, style in ((0.05, FIRST, "-"), (0.4, SECOND, "-"), (1.05, THIRD, "--")):
        path = gradient_descent.gradient_descent(_X, _Z, 0.0, rate, 8)
        axes.plot(range(9), path, color=color, linestyle=style, marker="o", label=f"rate {rate:g}")
    axes.axhline(2, color=SOFT, linewidth=1, linestyle=":")
    axes.set(xlabel="iteration", ylabel="weight w")
    axes.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1))


def _sigmoid(axes: Axes) -> None:
    z = np.linspace(-6, 6, 121)
    axes.plot(z, activations.sigmoid(z), color=FIRST, label="sigmoid")
    axes.plot(
        z, vanishing_gradient.sigmoid_derivative(z), color=SECOND, linestyle="--", label="slope"
    )
    axes.axhline(0.25, color=SOFT, linewidth=1, linestyle=":")
    axes.annotate("1/4", (-6, 0.27))
    axes.set(xlabel="z")
    axes.legend()


def _layers(axes: Axes) -> None:
    weights = np.full(10, 1.0)
    depth = np.arange(1, 11)
    for name, color, style, label in (
        ("sigmoid", FIRST, "-", "sigmoid"),
        ("relu", SECOND, "--", "ReLU"),
    ):
        gradients = np.abs(vanishing_gradient.layer_gradients(1.0, 0.0, weights, name))
        axes.plot(depth, gradients, color=color, linestyle=style, marker="o", label=label)
    axes.set(
        xlabel="layer, the first next to the input", ylabel="size of its gradient", yscale="log"
    )
    axes.set_yticks(10.0 ** np.arange(-7, 1))  # The lesson says that each is ten times the next.
    axes.legend()


def _activations(axes: Axes) -> None:
    z = np.linspace(-3, 3, 121)
    for function, color, style, label in (
        (activations.sigmoid, FIRST, "-", "sigmoid"),
        (activations.tanh, SECOND, "--", "tanh"),
        (activations.relu, THIRD, "-.", "ReLU"),
    ):
        axes.plot(z, function(z), color=color, linestyle=style, label=label)
    axes.set(xlabel="z", ylim=(-1.2, 3))
    axes.legend()


def _softmax(axes: Axes) -> None:
    logits = np.array([1.6, 0.55, 0.98])
    shares = activations.softmax(logits)
    bars = axes.bar([f"{v:g}" for v in logits], shares, color=FIRST)
    axes.bar_label(bars, [f"{share:.4f}" for share in shares])
    axes.set(xlabel="score", ylabel="probability", ylim=(0, 0.65))


def _bend(axes: Axes) -> None:
    x = np.linspace(-2, 2, 81)
    axes.plot(
        x,
        activations.relu(x) + activations.relu(-x),
        color=THIRD,
        linewidth=6,
        alpha=0.4,
        label="sum",
    )
    axes.plot(x, activations.relu(x), color=FIRST, linestyle="--", label="first neuron")
    axes.plot(x, activations.relu(-x), color=SECOND, linestyle=":", label="second neuron")
    axes.set(xlabel="x")
    axes.legend(loc="upper center")


def _slopes(axes: Axes) -> None:
    z = np.linspace(-4, 4, 401)
    for function, color, style, label in (
        (vanishing_gradient.sigmoid_derivative, FIRST, "-", "sigmoid"),
        (activations.tanh_derivative, SECOND, "--", "tanh"),
        (vanishing_gradient.relu_derivative, THIRD, "-.", "ReLU"),
    ):
        axes.plot(z, function(z), color=color, linestyle=style, label=label)
    axes.set(xlabel="z", ylabel="slope")
    axes.legend()


def _leaky(axes: Axes) -> None:
    z = np.linspace(-4, 2, 121)
    axes.plot(z, activations.relu(z), color=THIRD, linestyle="--", label="ReLU")
    axes.plot(z, activations.leaky_relu(z, 0.1), color=FIRST, label="Leaky ReLU, alpha 0.1")
    axes.set(xlabel="z")
    axes.legend()


def _processes(axes: Axes) -> None:
    axes.get_figure(root=True).set_size_inches(5.6, 4.8)  # type: ignore[union-attr]
    axes.set(xlim=(0, 100), ylim=(0, 75))
    axes.axis("off")
    boxes = (
        ((0, 60, 42, 15), SOFT, "autograder grade\nreads what came in,\nshares it out"),
        (
            (58, 60, 42, 15),
            SOFT,
            "gradebook.sqlite\nevery attempt; pages and\nexports come from it",
        ),
        (
            (0, 30, 42, 15),
            FIRST,
            "examiner, one a job\nall checks, solutions,\none pytest session",
        ),
        ((58, 30, 42, 15), FIRST, "server\nPython and NumPy,\nnothing secret"),
        ((0, 0, 100, 11), SECOND, "a student's process\none submission, and nothing else"),
    )
    for (left, bottom, width, height), color, text in boxes:
        axes.add_patch(Rectangle((left, bottom), width, height, fill=False, edgecolor=color, lw=2))
        for row, line in enumerate(text.split("\n")):
            weight = "normal" if row else "bold"
            at = left + width / 2, bottom + height - 4 - 4.2 * row
            axes.text(*at, line, ha="center", weight=weight)
    arrows = (
        ((8, 60), (8, 45), "a submission", 9.5, 51.5),
        ((32, 45), (32, 60), "its result", 33.5, 51.5),
        ((42, 67), (58, 67), "results", 44.5, 68.5),
        ((42, 37), (58, 37), "a request", 43.5, 38.5),
        ((79, 30), (79, 11), "forks it", 80.5, 19.5),
        ((8, 30), (8, 11), "source, arguments", 9.5, 19.5),
        ((38, 11), (38, 30), "plain values, as bytes", 39.5, 19.5),
    )
    for start, end, text, x, y in arrows:
        axes.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": INK, "lw": 1.4})
        axes.text(x, y, text, fontsize=10)


_NEURONS: Final = 0.15, 0.40, 0.45, 0.65


def _chain(axes: Axes) -> None:
    x, target, (w1, b1, w2, b2) = 0.1, 0.25, _NEURONS
    z1, a1, z2, a2 = backpropagation.forward(x, *_NEURONS)
    values = (x, z1, a1, z2, a2, backpropagation.error(target, a2))
    for i, (name, value) in enumerate(zip(("x", "z₁", "a₁", "z₂", "a₂", "E"), values, strict=True)):
        _node(axes, (i, 0), f"{name}\n{value:.4f}")
        if i > 0:
            _arrow(axes, (i - 1, 0), (i, 0), color=FIRST)
    parameters = (
        *((0.55, 1, "w₁", w1, x), (1.45, 1, "b₁", b1, 1.0)),
        *((2.55, 3, "w₂", w2, a1), (3.45, 3, "b₂", b2, 1.0)),
    )
    for place, neuron, name, value, slope in parameters:
        _node(axes, (place, 1.15), f"{name}\n{value:.2f}")
        _arrow(axes, (neuron, 0), (place, 1.15), color=SECOND, linestyle="--")
        aside = {"ha": "right", "x": place + 0.1} if place < neuron else {"x": place - 0.1}
        axes.text(**aside, y=0.57, s=f"{slope:.4f}".rstrip("0").rstrip("."), color=SECOND)
    links = (
        (1, "∂a₁/∂z₁", backpropagation.sigmoid_slope(a1)),
        (2, "∂z₂/∂a₁", w2),
        (3, "∂a₂/∂z₂", backpropagation.sigmoid_slope(a2)),
        (4, "∂E/∂a₂", backpropagation.error_slope(target, a2)),
    )
    for i, name, local in links:
        _arrow(axes, (i + 1, 0), (i, 0), color=SECOND, linestyle="--", bend=-0.75)
        axes.text(i + 0.5, -0.72, f"{name}\n{local:.4f}", color=SECOND, ha="center", va="center")
    axes.set(xlim=(-0.35, 5.35), ylim=(-0.92, 1.5))
    axes.axis("off")


def _node(axes: Axes, place: tuple[float, float], text: str) -> None:
    axes.scatter(*place, s=46**2, facecolors="none", edgecolors=SOFT, linewidths=1.2)
    axes.text(*place, text, ha="center", va="center", linespacing=1.1, fontsize=10.5)


def _arrow(
    axes: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    color: str,
    linestyle: str = "-",
    bend: float = 0.0,
) -> None:
    axes.annotate(
        "", end, start,
        arrowprops={
            "arrowstyle": "->", "color": color, "linestyle": linestyle, "linewidth": 1.4,
            "shrinkA": 24, "shrinkB": 24, "connectionstyle": f"arc3,rad={bend}",
        },
    )  # fmt: skip


def _training(axes: Axes) -> None:
    tolerance = 0.001
    for rate, color, style in ((0.05, SECOND, "--"), (0.5, FIRST, "-")):
        _, errors = backpropagation.train(0.1, 0.25, *_NEURONS, rate, 65, tolerance)
        epochs = range(1, len(errors) + 1)
        axes.plot(epochs, errors, color=color, linestyle=style, label=f"rate {rate:g}")
    axes.axhline(tolerance, color=SOFT, linewidth=1, linestyle=":")
    axes.annotate("tolerance 0.001", (1, tolerance), textcoords="offset points", xytext=(0, 4))
    axes.set(xlabel="epoch", ylabel="error E", ylim=(0, 0.115))
    axes.legend()


# Lines that are told apart without their colours too.
_LINES: Final = ((FIRST, "-"), (SECOND, "--"), (THIRD, "-."), (INK, ":"))


def _cost_curve(axes: Axes, measurements: Measurements | None = None) -> None:
    _curve(axes, measurements or committed(), "each")
    axes.set(ylabel="seconds a submission", yscale="log")
    axes.legend(fontsize=9, loc="upper right")


def _memory_curve(axes: Axes, measurements: Measurements | None = None) -> None:
    axes.margins(y=0.08)
    _curve(axes, measurements or committed(), "together")
    axes.set(ylabel="memory in MiB", ylim=(0, None))
    axes.legend(fontsize=9, loc="lower right")


def _curve(axes: Axes, measurements: Measurements, attribute: str) -> None:
    tools = [tool for tool in measurements.tools if any(not run.failure for run in tool.curve)]
    for tool, (color, style) in zip(tools, _LINES, strict=False):
        runs = [run for run in tool.curve if not run.failure]
        axes.plot(
            [run.submissions for run in runs], [getattr(run, attribute) for run in runs],
            color=color, linestyle=style, marker="o", label=tool.name,
        )  # fmt: skip
    axes.set(xlabel="submissions", xscale="log", xlim=(8, 14_000))
    axes.set_xticks([10, 100, 1000, 10_000], ["10", "100", "1,000", "10,000"])


def standalone_curve(measurements: Measurements) -> str:
    """Returns both curves as one SVG file, on white."""
    with mpl.rc_context(STYLE):  # type: ignore[arg-type]
        figure = Figure(figsize=(6.4, 7), layout="constrained")
        above, below = figure.subplots(2)
        _cost_curve(above, measurements)
        _memory_curve(below, measurements)
        out = io.StringIO()
        figure.savefig(out, format="svg", facecolor="white", metadata={"Date": None})
    colours = ("#1d2330", "#5a6372", "#3653b8", "#b3322c", "#1a7f4b")
    return coloured(out.getvalue(), dict(zip(VARIABLES, colours, strict=True)))


DRAWINGS: Final[dict[str, Drawing]] = {
    "parabola": Drawing(
        _parabola,
        "The cost of every weight is a parabola. Four steps at rate 0.4 lead from 0 to its floor.",
        "The cost as a parabola over w with its minimum at 2, and the path of four steps from 0.",
    ),
    "rates": Drawing(
        _rates,
        "The same start at three rates: one crawls, one arrives, one leaps ever further away.",
        "The weight over eight iterations at rates 0.05, 0.4 and 1.05; only 0.4 comes to 2.",
    ),
    "sigmoid": Drawing(
        _sigmoid,
        "The sigmoid and its slope, which is a quarter at most, and only at z = 0.",
        "The sigmoid climbs from 0 to 1; its slope is a hump of height one quarter at 0.",
    ),
    "layers": Drawing(
        _layers,
        "The gradient of every layer of a chain of ten, each weight 1, on a logarithmic axis.",
        "With sigmoids each gradient is about a quarter of the next layer's; with ReLU all are 1.",
    ),
    "activations": Drawing(
        _activations,
        "Three activation functions: sigmoid from 0 to 1, tanh from −1 to 1, ReLU from 0 up.",
        "Curves of sigmoid, tanh and ReLU from z = −3 to 3.",
    ),
    "softmax": Drawing(
        _softmax,
        "Softmax turns the scores 1.6, 0.55 and 0.98 into probabilities that sum to 1.",
        "Bars of the three probabilities, the largest for the score 1.6.",
    ),
    "bend": Drawing(
        _bend,
        "Two ReLU neurons, one fed x and one fed −x, add up to a V: the size of x.",
        "A ramp to the right, a ramp to the left, and their sum, a V with its corner at 0.",
    ),
    "slopes": Drawing(
        _slopes,
        "What each function multiplies a gradient by. ReLU's slope stays 1, on the right.",
        "Slopes from z = −4 to 4: sigmoid a low hump of 1/4, tanh a hump of 1, ReLU 0 and then 1.",
    ),
    "leaky": Drawing(
        _leaky,
        "Leaky ReLU keeps a small slope on the left; alpha is 0.1 here, to be seen.",
        "ReLU is level left of 0, Leaky ReLU falls gently there; on the right both are one ramp.",
    ),
    "processes": Drawing(
        _processes,
        "A class is graded. Frames are processes or files, arrows what crosses between them.",
        "The command hands submissions to examiners and stores their results. An examiner asks a "
        "server for a process for each submission, sends it source and arguments, and gets values.",
    ),
    "chain": Drawing(
        _chain,
        "Solid arrows go forward, from x to E. Dashed arrows go back, each with its local slope: a "
        "product along them is the slope of the parameter where the way ends.",
        "The chain x, z1, a1, z2, a2, E with its values, and the slope of each link back from E: "
        "0.4653, 0.2037, 0.45 and 0.2395; from the sums, 0.1 to w1, 0.6023 to w2, 1 to b1 and b2.",
    ),
    "training": Drawing(
        _training,
        "The error in every epoch. At rate 0.5 it falls below the tolerance in epoch 65; at a "
        "tenth of the rate, the same number of epochs is far from enough.",
        "The error over 65 epochs: from 0.108 to below 0.001 at rate 0.5, to about 0.07 at 0.05.",
    ),
    "cost-curve": Drawing(
        _cost_curve,
        "What a submission costs, by the size of the class; both axes are logarithmic. Each line "
        "ends where measuring ended.",
        "Seconds a submission for classes from 10 up; the tables above hold the same numbers.",
    ),
    "memory-curve": Drawing(
        _memory_curve,
        "The most memory that all processes of a tool had at once, by the size of the class.",
        "MiB of memory for classes from 10 up; the tables above hold the same numbers.",
    ),
}

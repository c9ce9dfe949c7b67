"""The pictures beside a verdict draw what the reader's own function does, and nothing else."""

import json
import math
import random
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.testing import assert_allclose
from playwright.sync_api import Locator, Page, expect

from autograder.browser import checking
from autograder.course import load_course
from autograder.course.code import load_if_there
from autograder.pictures import NoPictureError, numbers
from autograder.publishing.exercises import stubs
from solutions import activations, backpropagation, gradient_descent, vanishing_gradient
from tests.course.site.accessibility import violations
from tests.course.site.conftest import Site
from tests.course.site.readings import Panel, settled
from tests.course.site.workshop import exercise_on, opened, right_texts, verdict_on, write
from tests.seeds import PROVE, SEED

PICTURES = {
    f"{lesson.id}.{function}": draw
    for lesson in load_course().lessons
    for function, draw in vars(
        load_if_there(load_course().root, f"exercises.checks.pictures.{lesson.id}")
    )["PICTURES"].items()
}
X = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
Z = 2 * X
WEIGHTS = np.linspace(-1, 5, 61)
INPUTS = np.linspace(-6, 6, 121)
OUTPUTS = np.linspace(0, 1, 41)
PARAMETERS = (0.1, 0.25, 0.15, 0.40, 0.45, 0.65)

Functions = Mapping[str, Callable[..., Any]]
# What is expected: the panel, how it is read, and the numbers that are to be read.
Marks = list[tuple[str, Callable[[Panel], Any], Any]]


def first(panel: Panel) -> Any:
    return panel.line("first")


def third(panel: Panel) -> Any:
    return panel.line("third")


def dots(panel: Panel) -> Any:
    return panel.dots("second")


def rows(x: Any, y: Any) -> Any:
    return np.column_stack([x, np.asarray(y, float)])


def line(own: Functions) -> Marks:
    predicted = rows(X, own["predict"](1.5, X))
    return [
        ("line", first, predicted),
        ("line", dots, predicted),
        ("line", lambda panel: panel.dots("ink"), rows(X, Z)),
    ]


def bowl(name: str, w: Any = WEIGHTS) -> Callable[[Functions], Marks]:
    return lambda own: [("bowl", first, rows(w, [own[name](v, X, Z) for v in w]))]


def tangents(own: Functions) -> Marks:
    at = [0.0, 1.0, 3.0, 4.0]

    def drawn_slopes(panel: Panel) -> Any:
        ends = [panel.line("third", index) for index in range(4)]
        return [(high - low) / (right - left) for (left, low), (right, high) in ends]

    return [
        *bowl("cost")(own),
        ("bowl", dots, rows(at, [own["cost"](w, X, Z) for w in at])),
        ("bowl", drawn_slopes, [own["cost_gradient"](w, X, Z) for w in at]),
    ]


def descent(own: Functions) -> Marks:
    path = np.array(own["gradient_descent"](X, Z, 0.0, 0.4, 6))
    w = np.linspace(min(-1, *path), max(5, *path), 61)
    heights = [own["cost"](v, X, Z) for v in path]
    return [*bowl("cost", w)(own), ("bowl", dots, rows(path, heights))]


def curve(name: str) -> Callable[[Functions], Marks]:
    def marks(own: Functions) -> Marks:
        values = own[name](INPUTS)
        slopes = np.gradient(values, INPUTS, edge_order=2)
        return [
            ("curve", first, rows(INPUTS, values)),
            ("slope", third, rows(INPUTS, slopes)),
        ]

    return marks


def derivative(name: str, of: str | None = None) -> Callable[[Functions], Marks]:
    def marks(own: Functions) -> Marks:
        made: Marks = [("slope", first, rows(INPUTS, own[name](INPUTS)))]
        if of is not None:
            slopes = np.gradient(own[of](INPUTS), INPUTS, edge_order=2)
            made.append(("slope", third, rows(INPUTS, slopes)))
        return made

    return marks


def error(own: Functions) -> Marks:
    values = [own["error"](0.25, a2) for a2 in OUTPUTS]
    slopes = np.gradient(values, OUTPUTS, edge_order=2)
    return [("curve", first, rows(OUTPUTS, values)), ("slope", third, rows(OUTPUTS, slopes))]


def error_slope(own: Functions) -> Marks:
    slopes = [own["error_slope"](0.25, a2) for a2 in OUTPUTS]
    measured = error(own)[1]
    return [("slope", first, rows(OUTPUTS, slopes)), measured]


def bars(*expected: Any) -> Marks:
    # A bar below zero begins there.
    return [("bars", Panel.bars, np.maximum(np.concatenate(expected), 0))]


def layers(own: Functions) -> Marks:
    both = [own["layer_gradients"](0.8, 0.2, np.full(10, 0.9), a) for a in ("sigmoid", "relu")]
    return [("layers", Panel.bars, np.abs(np.concatenate(both)))]


def training(own: Functions) -> Marks:
    errors = own["train"](*PARAMETERS, 1.0, 200, 1e-6)[1]
    return [("errors", first, rows(np.arange(1, len(errors) + 1), errors))]


DRAWN: dict[str, Callable[[Functions], Marks]] = {
    "gradient_descent.predict": line,
    "gradient_descent.cost": bowl("cost"),
    "gradient_descent.sum_squared_error": bowl("sum_squared_error"),
    "gradient_descent.cost_gradient": tangents,
    "gradient_descent.update_weight": descent,
    "gradient_descent.gradient_descent": descent,
    "backpropagation.sigmoid": curve("sigmoid"),
    "backpropagation.error": error,
    "backpropagation.error_slope": error_slope,
    "backpropagation.sigmoid_slope": lambda own: [
        ("slope", first, rows(OUTPUTS, own["sigmoid_slope"](OUTPUTS)))
    ],
    "backpropagation.backward": lambda own: bars(own["backward"](*PARAMETERS)),
    "backpropagation.train": training,
    "vanishing_gradient.sigmoid_derivative": derivative("sigmoid_derivative"),
    "vanishing_gradient.relu_derivative": derivative("relu_derivative"),
    "vanishing_gradient.layer_gradients": layers,
    "vanishing_gradient.sigmoid_gradient_bound": lambda own: [
        ("layers", Panel.bars, [own["sigmoid_gradient_bound"](d) for d in range(1, 11)])
    ],
    "activations.sigmoid": curve("sigmoid"),
    "activations.tanh": curve("tanh"),
    "activations.tanh_derivative": derivative("tanh_derivative", "tanh"),
    "activations.relu": curve("relu"),
    "activations.leaky_relu": curve("leaky_relu"),
    "activations.leaky_relu_derivative": derivative("leaky_relu_derivative", "leaky_relu"),
    "activations.softmax": lambda own: bars(own["softmax"](np.array([1.6, 0.55, 0.98]))),
}
REFERENCES = {
    "gradient_descent": gradient_descent,
    "backpropagation": backpropagation,
    "vanishing_gradient": vanishing_gradient,
    "activations": activations,
}
# Wrong in a way that can be seen, and right enough to be drawn.
WRONG = {
    "gradient_descent.predict": "def predict(w, x):\n    return w + x\n",
    "gradient_descent.cost_gradient": "def cost_gradient(w, x, z):\n    return 2 * (2 - w)\n",
    "gradient_descent.gradient_descent": (
        "def gradient_descent(x, z, w0, rate, n):\n    return [w0 - 3 * t for t in range(n + 1)]\n"
    ),
    "backpropagation.train": (
        "def train(x, target, w1, b1, w2, b2, rate, n, tolerance):\n"
        "    return (w1, b1, w2, b2), np.linspace(1, 3, 20)\n"
    ),
    "backpropagation.backward": "def backward(*given):\n    return 3, -2, 1.5, 0\n",
    "vanishing_gradient.layer_gradients": (
        "def layer_gradients(x, target, weights, activation):\n"
        "    return 0.5 ** np.arange(len(weights)) * (1 if activation == 'relu' else -0.01)\n"
    ),
    "activations.tanh": "def tanh(z):\n    return np.sin(z)\n",
    "activations.leaky_relu_derivative": "def leaky_relu_derivative(z):\n    return 0.1 * z * z\n",
    "activations.softmax": "def softmax(z):\n    return z / 2\n",
}


def functions_of(module: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """A module's functions as these texts define them."""
    names: dict[str, Any] = {}
    exec(stubs(load_course())[module]["head"], names)
    for text in texts.values():
        exec(text, names)
    return names


def assert_drawn(picture: Locator, marks: Marks) -> None:
    """The picture shows these numbers, at the precision of its pixels."""
    for name, read, expected in marks:
        panel = Panel(picture, name)
        if panel.y.log:
            assert_allclose(read(panel), expected, rtol=1e-3)
        else:
            fine = max(abs(axis.high - axis.low) for axis in (panel.x, panel.y)) * 1e-4
            assert_allclose(read(panel), expected, atol=fine)


def check(page: Page, exercise: str, text: str) -> Locator:
    """Checks an answer and returns where its picture is, if it has one."""
    verdict_on(page, exercise, text)
    return exercise_on(page, exercise).locator("figure")


def place_all(page: Page, module: str, texts: Mapping[str, str]) -> None:
    """Writes all functions of a module, since some are drawn with others."""
    for name, text in texts.items():
        place = exercise_on(page, f"{module}.{name}")
        if place.get_by_role("button", name="Start").count():
            place.get_by_role("button", name="Start").click()
        write(place, text)


def test_a_picture_draws_what_the_readers_own_functions_compute_right_or_wrong(
    page: Page, workshop: str
) -> None:
    assert DRAWN.keys() == PICTURES.keys()
    lessons = right_texts(load_course())
    page.goto(workshop)
    # All of them when a release is made, else another one each time.
    for module in lessons if PROVE else [random.Random(SEED).choice(list(lessons))]:
        right = lessons[module]
        place_all(page, module, right)
        reference = vars(REFERENCES[module])
        for exercise in (each for each in DRAWN if each.startswith(f"{module}.")):
            name = exercise.partition(".")[2]
            picture = check(page, exercise, right[name])
            assert_drawn(picture, DRAWN[exercise](reference))
            if exercise in WRONG:
                picture = check(page, exercise, WRONG[exercise])
                theirs = functions_of(module, right | {name: WRONG[exercise]})
                assert_drawn(picture, DRAWN[exercise](theirs))
                with pytest.raises(AssertionError):  # And nothing that is right.
                    assert_drawn(picture, DRAWN[exercise](reference))
                write(exercise_on(page, exercise), right[name])


def test_a_picture_that_is_drawn_anew_while_it_is_read_is_read_as_it_was(
    page: Page, workshop: str
) -> None:
    page.goto(workshop)
    picture = check(page, "activations.relu", right_texts(load_course())["activations"]["relu"])
    panel = Panel(picture, "curve")
    wide = panel.x.end
    page.set_viewport_size({"width": 500, "height": 900})
    # Found anew each time: what is drawn anew is another element.
    narrow = "([panel], end) => panel && Number(panel.dataset.x.split(' ')[3]) < end - 20"
    while not panel.marks.evaluate_all(narrow, wide):
        page.evaluate("new Promise(requestAnimationFrame)")
    assert_allclose(first(panel), rows(INPUTS, np.maximum(INPUTS, 0)), atol=2e-3)
    assert_allclose(first(Panel(picture, "curve")), first(panel), atol=2e-3)


HOSTILE = {
    "nan": "z * float('nan')",
    "infinity": "z / 0.0",
    "a number beyond all pictures": "z * 0 + 1e308",
    "text": "['<img src=x onerror=alert(1)>'] * len(z)",
    "an array of text": "np.array(['1'] * len(z))",
    "objects": "[object()] * len(z)",
    "complex numbers": "z + 1j",
    "too many numbers": "np.zeros(100_000)",
    "more than there is memory for": "np.zeros(10**9)",
    "a list in itself": "(lambda a: a.append(a) or a)([])",
    "nothing": "None",
    "an exit": "exit()",
}
# It answers the public checks' calls and never the picture's, which has 121 numbers.
LOOPS = "def tanh(z):\n    while np.size(z) == 121:\n        pass\n    return np.tanh(z)\n"
# Student code shares the browser's Python with what asks it: here it answers in its place.
TAMPERS = """
import autograder.pictures as theirs
def tanh(z):
    return np.tanh(z)
theirs.picture = lambda *given: {answer}
"""
ANSWERS = (
    '{"at": ["<img src=x onerror=alert(1)>"], "values": [1], "measured": [1]}',
    '{"at": [0] * 10**5, "values": [0] * 10**5, "measured": [0] * 10**5}',
    '{"at": [1e308, -1e308], "values": [1e308, -1e308], "measured": [1e308, -1e308]}',
    '{"at": {"length": 3}, "values": None}',
    '{"at": [0, 1], "values": [0, 1, 2], "measured": [0, 1]}',
    '{"at": [1e12, 1e12 + 1e-4], "values": [0, 1], "measured": [0, 1]}',
    '"<b>hello</b>"',
    "[[1]]",
    "{}",
)


def test_what_cannot_be_drawn_draws_nothing_and_breaks_nothing(page: Page, workshop: str) -> None:
    exercise = "activations.tanh"
    page.goto(workshop)
    opened(page, exercise)
    place = exercise_on(page, exercise)
    chance = random.Random(SEED)
    for what in HOSTILE if PROVE else chance.sample(list(HOSTILE), 4):
        value = HOSTILE[what]
        assert check(page, exercise, f"def tanh(z):\n    return {value}\n").count() == 0, what
        expect(place.locator(".verdict-line")).to_have_text(re.compile("wrong"))
    write(place, LOOPS)
    place.get_by_role("button", name="Check", exact=True).click()
    expect(place.locator(".verdict-line")).to_have_text(re.compile("done"))
    place.get_by_role("button", name="Stop").click()
    expect(place.get_by_role("button", name="Check", exact=True)).to_be_enabled()
    assert place.locator("figure").count() == 0
    expect(place.locator(".verdict-line")).to_have_text(re.compile("done"))
    right = "def tanh(z):\n    return np.tanh(z)\n"
    assert_drawn(check(page, exercise, right), curve("tanh")({"tanh": np.tanh}))
    # So close together that ticks between them would never end.
    steep = "def tanh(z):\n    return 1e12 - 1e-4 * (z > 0)\n"
    assert check(page, exercise, steep).count() == 1
    for answer in ANSWERS if PROVE else chance.sample(ANSWERS, 3):
        assert check(page, exercise, TAMPERS.replace("{answer}", answer)).count() == 0, answer
        expect(place.locator(".verdict-line")).to_have_text(re.compile("done"))
    assert place.locator("img, b").count() == 0


def test_a_picture_has_words_fits_a_phone_is_printed_and_axe_finds_nothing(
    page: Page, site: Site
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.goto(f"{site.address}activations/")
    opened(page, "activations.relu")
    picture = check(page, "activations.relu", "def relu(z):\n    return abs(z)\n")
    drawn = picture.get_by_role("img", name="Your relu, and its slope")
    assert "At z = −6, −3, 0, 3, 6 it is 6, 3, 0, 3, 6." in (drawn.text_content() or "")
    expect(picture.locator("figcaption")).to_contain_text("it is 6, 3, 0, 3, 6.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for scheme in ("slate", "default"):
        if scheme == "default":
            page.get_by_title("Switch to light").click()
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)
        settled(page)  # Colours fade from one palette into the other.
        assert violations(page, "dl-exercise[data-exercise='activations.relu']") == [], scheme
    page.emulate_media(media="print")
    expect(drawn).to_be_visible()
    expect(page.get_by_role("button", name="Check", exact=True)).to_be_hidden()


@given(
    arrays.arrays(arrays.scalar_dtypes(), st.integers(0, 4))
    | st.lists(st.floats() | st.integers(), max_size=4)
    | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=6)
)
def test_only_so_many_finite_numbers_are_drawn(value: Any) -> None:
    for size in range(5):
        try:
            made = numbers(value, size)
        except NoPictureError:
            continue
        assert made.shape == (size,)
        assert json.loads(json.dumps(made.tolist(), allow_nan=False)) == made.tolist()
        assert all(math.isfinite(number) and abs(number) <= 1e12 for number in made)


def test_a_stub_has_no_picture() -> None:
    texts = {
        name: "".join(stub.values())
        for name, stub in stubs(load_course())["activations"]["functions"].items()
    }
    request = {"exercise": "activations.tanh", "head": stubs(load_course())["activations"]["head"]}
    assert checking.picture(json.dumps(request | {"functions": texts})) == "null"

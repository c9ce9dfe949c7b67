"""The interactive figures draw what the reference solutions compute, for every kind of reader."""

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import numpy as np
import pytest
from numpy.testing import assert_allclose
from playwright.sync_api import Browser, Locator, Page, Route

from autograder.course import load_course
from autograder.course.code import load
from solutions import activations, backpropagation, gradient_descent, vanishing_gradient
from tests.course.site.accessibility import violations
from tests.course.site.conftest import SUB_PATH, Site
from tests.course.site.readings import Panel
from tests.places import ROOT

_CHECKS: Any = load(load_course().root, "exercises.checks.backpropagation")
PARAMETERS, TARGET, INPUT = _CHECKS.PARAMETERS, _CHECKS.TARGET, _CHECKS.X
X = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
Z = 2 * X
FIGURES = "start descent rates chain layers activation softmax".split()
ELEMENT_WISE: dict[str, Callable[..., Any]] = {
    "sigmoid": activations.sigmoid,
    "sigmoidDerivative": vanishing_gradient.sigmoid_derivative,
    "tanh": activations.tanh,
    "tanhDerivative": activations.tanh_derivative,
    "relu": activations.relu,
    "reluDerivative": vanishing_gradient.relu_derivative,
    "leakyRelu": activations.leaky_relu,
    "leakyReluDerivative": activations.leaky_relu_derivative,
}
# A state for each, with the words that its reading has then.
STATES = {
    "start": ("start.w=2", "the line meets every point"),
    "descent": ("descent.rate=1.05&descent.start=3&descent.step=2", "After 2 steps w = 3.21"),
    "rates": ("rates.rate=0.7&rates.steps=3", "by −0.4. The descent oscillates"),
    "chain": ("chain.parameter=w2&chain.step=8", "∂E/∂w₂ = 0.4653 · 0.2037 · 0.6023 = 0.05707"),
    "layers": ("layers.activation=relu&layers.depth=5", "5 layers with ReLU"),
    "activation": ("activation.function=tanh&activation.z=-0.5", "At z = −0.5 the tanh is −0.4621"),
    "softmax": ("softmax.z1=3&softmax.large=1", "Scores 1003, 1000.55, 1000.98 become"),
}
FALLBACK = "With script, this is the figure"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the tests' output is theirs."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with a page more that holds all the figures, and with a sitemap for navigation."""
    root = tmp_path_factory.mktemp("figures")
    shutil.copytree(ROOT / "site", root / "docs")
    # The configuration names the theme relative to itself.
    (root / "autograder").symlink_to(ROOT / "autograder")
    elements = "\n\n".join(f"<dl-{name}>\n{FALLBACK} {name}.\n</dl-{name}>" for name in FIGURES)
    link = "[A rate that is too large](?descent.rate=1.2&descent.step=3#dl-descent)"
    link += ", [the symbols](glossary.md)"
    (root / "docs/figures.md").write_text(f"# Figures\n\n{link}\n\n{elements}\n")
    settings = f"INHERIT: {ROOT / 'mkdocs.yml'}\ndocs_dir: docs\nnot_in_nav: figures.md\n"
    handler = partial(Quiet, directory=str(root / "served"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}/{SUB_PATH}/"
        (root / "mkdocs.yml").write_text(f"{settings}site_url: {address}\n")
        folder = root / "served" / SUB_PATH
        command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
        command += ["-f", str(root / "mkdocs.yml"), "-d", str(folder)]
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Site(folder, address)
        server.shutdown()
        thread.join()
    shutil.rmtree(root)


@pytest.fixture(scope="module")
def opened(site: Site, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """One page for all tests, which keeps what it has loaded, and what went wrong on it."""
    wrong: list[str] = []
    page = browser.new_context().new_page()
    page.on("console", lambda m: wrong.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("response", lambda r: wrong.append(r.url) if r.status >= 400 else None)
    page.on(
        "request",
        lambda r: None if r.url.startswith((site.address, "data:")) else wrong.append(r.url),
    )
    yield page, wrong
    page.context.close()


@pytest.fixture
def page(opened: tuple[Page, list[str]]) -> Iterator[Page]:
    """The page: nothing may go wrong on it, and nothing be asked of another host."""
    page, wrong = opened
    page.set_viewport_size({"width": 1200, "height": 900})
    page.emulate_media(media="screen", color_scheme="light")
    wrong.clear()
    yield page
    assert wrong == []


Show = Callable[..., Locator]


@pytest.fixture
def show(site: Site, page: Page) -> Show:
    """Opens the page in a state and returns a figure on it."""

    def show_figure(name: str, query: str = "") -> Locator:
        page.goto(f"{site.address}figures/?{query}")
        return page.locator(f"dl-{name}")

    return show_figure


@pytest.fixture
def turn(site: Site, page: Page) -> Show:
    """Does so without loading the page again, as the browser does where one goes back."""

    def turn_figures(name: str, query: str = "") -> Locator:
        if not page.url.startswith(f"{site.address}figures/"):
            page.goto(f"{site.address}figures/?{query}")
        page.evaluate(
            """query => {
              history.replaceState(null, "", "?" + query);
              dispatchEvent(new PopStateEvent("popstate"));
              return new Promise((done) => setTimeout(done, 1));
            }""",
            query,
        )
        return page.locator(f"dl-{name}")

    return turn_figures


def reading(figure: Locator, words: str) -> str:
    """Waits until the reading has these words, and returns it."""
    said = figure.locator("[aria-live=polite]").filter(has_text=words)
    said.wait_for()
    return (said.text_content() or "").replace("\xa0", " ")


def press(figure: Locator, label: str, *keys: str) -> None:
    control = figure.get_by_label(label, exact=True)
    for key in keys:
        control.press(key)


def test_the_mathematics_is_that_of_the_reference_solutions(show: Show, page: Page) -> None:
    show("start")
    module = "../assets/figures/mathematics.js"

    def run(expression: str, *values: Any) -> Any:
        source = f"async values => {{ const m = await import('{module}'); return {expression}; }}"
        return page.evaluate(source, [np.asarray(v).tolist() for v in values])

    x, z = np.array([0.3, -1.7, 2.2]), np.array([1.1, 0.4, -2.5])
    descent = gradient_descent
    made = run("[m.cost(0.7, ...values), m.costGradient(0.7, ...values)]", x, z)
    assert_allclose(made, [descent.cost(0.7, x, z), descent.cost_gradient(0.7, x, z)], rtol=1e-12)
    weights = run("m.gradientDescent(...values, -0.6, 0.3, 9)", x, z)
    assert_allclose(weights, descent.gradient_descent(x, z, -0.6, 0.3, 9), rtol=1e-10)
    stable = run("m.maxStableLearningRate(values[0])", x)
    assert_allclose(stable, descent.max_stable_learning_rate(x), rtol=1e-12)

    some = np.array([-700.0, -40.0, -1.3, -0.0, 0.4, 25.0, 400.0, 1e6])
    for name, reference in ELEMENT_WISE.items():
        made = run(f"values[0].map((each) => m.{name}(each))", some)
        assert_allclose(made, reference(some), rtol=1e-12, atol=0, err_msg=name)
    scores = np.array([1e4, 9999.3, -1e4])
    assert_allclose(run("m.softmax(values[0])", scores), activations.softmax(scores), rtol=1e-12)

    parameters = (-0.8, 0.3, 1.9, -0.5)
    forward = run("Object.values(m.forward(...values))", 0.7, *parameters)
    assert_allclose(forward, backpropagation.forward(0.7, *parameters), rtol=1e-12)
    backward = run("m.backward(...values)", 0.7, 0.2, *parameters)
    assert_allclose(backward, backpropagation.backward(0.7, 0.2, *parameters), rtol=1e-12)
    mixed = np.array([0.5, 1.5, -2.0, -0.7, 1.2])
    for name, chain in (("sigmoid", mixed), ("relu", mixed), ("relu", np.abs(mixed))):
        made = run(f"m.layerGradients(0.8, 0.9, values[0], '{name}')", chain)
        expected = vanishing_gradient.layer_gradients(0.8, 0.9, chain, name)
        assert_allclose(made, expected, rtol=1e-12, atol=0)


def test_the_start_page_shows_the_line_the_misses_and_the_cost_of_a_weight(turn: Show) -> None:
    figure = turn("start", "start.w=1.3")
    costs, data = Panel(figure, "cost"), Panel(figure, "data")
    assert_allclose(costs.dots("second"), [[1.3, gradient_descent.cost(1.3, X, Z)]], atol=0.01)
    assert_allclose(data.dots("ink"), np.column_stack([X, Z]), atol=0.02)
    assert_allclose(data.line("first"), [[-2.6, -3.38], [2.6, 3.38]], atol=0.02)
    assert_allclose(data.line("second", 4), [[2.0, 4.0], [2.0, 2.6]], atol=0.02)
    press(figure, "weight w", "ArrowRight", "ArrowRight")
    assert "With w = 1.5 the cost is 0.25." in reading(figure, "w = 1.5")
    assert_allclose(Panel(figure, "cost").dots("second"), [[1.5, 0.25]], atol=0.01)


@pytest.mark.parametrize(("rate", "start"), [(0.4, 0.0), (1.05, 3.0), (2.0, 0.0)])
def test_descent_draws_the_path_its_costs_and_the_tangent(
    turn: Show, rate: float, start: float
) -> None:
    steps = 4
    figure = turn("descent", f"descent.rate={rate}&descent.start={start}&descent.step={steps}")
    path = gradient_descent.gradient_descent(X, Z, start, rate, steps)
    costs = np.array([gradient_descent.cost(float(w), X, Z) for w in path])
    bowl = Panel(figure, "bowl")
    x_pixel = abs((bowl.x.high - bowl.x.low) / (bowl.x.end - bowl.x.start))
    y_pixel = abs((bowl.y.high - bowl.y.low) / (bowl.y.end - bowl.y.start))
    drawn = bowl.dots("second")
    assert_allclose(drawn[:, 0], path, atol=x_pixel / 10)
    assert_allclose(drawn[:, 1], costs, atol=y_pixel / 10)
    (x0, y0), (x1, y1) = bowl.line("third")
    slope = gradient_descent.cost_gradient(float(path[-1]), X, Z)
    assert_allclose((y1 - y0) / (x1 - x0), slope, rtol=0.01, atol=0.001)
    iterations = Panel(figure, "iterations").dots("second")
    assert_allclose(iterations[:, 0], range(steps + 1), atol=0.01)
    assert_allclose(iterations[:, 1], costs, atol=max(costs) / 500)
    w = float(path[-1])
    assert_allclose(
        Panel(figure, "data").line("first"), [[-2.6, -2.6 * w], [2.6, 2.6 * w]], rtol=0.01
    )


def test_descent_steps_forward_and_back_and_says_which_way_is_down(turn: Show) -> None:
    figure = turn("descent")
    assert "slope is −4: negative, so the next step goes right" in reading(figure, "At the start")
    forward = figure.get_by_role("button", name="Forward")
    back = figure.get_by_role("button", name="Back")
    assert back.get_attribute("aria-disabled") == "true"
    forward.press("Enter")
    assert "After 1 step w = 1.6, the cost is 0.16" in reading(figure, "After 1 step")
    forward.press("Enter")
    assert "w = 1.92" in reading(figure, "After 2 steps")
    back.press("Enter")
    reading(figure, "After 1 step")
    press(figure, "start w", "End")
    assert "slope is 1.2: positive, so the next step goes left" in reading(figure, "goes left")
    figure.get_by_role("button", name="Reset").press("Enter")
    reading(figure, "At the start w = 0,")


def test_descent_has_a_logarithmic_slider_for_its_rate(turn: Show) -> None:
    figure = turn("descent", "descent.step=1")
    press(figure, "learning rate η", "Home")
    assert "w = 0.04" in reading(figure, "w = 0.04")
    slider = figure.get_by_label("learning rate η")
    assert slider.get_attribute("aria-valuetext") == "0.01"
    middle = int(slider.get_attribute("max") or "") // 2
    press(figure, "learning rate η", *["ArrowRight"] * middle)
    assert 0.2 <= float(slider.get_attribute("aria-valuetext") or "") <= 0.4


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.05, "by 0.9. The descent converges"),
        (0.5, "by 0. The descent arrives in one step"),
        (0.7, "by −0.4. The descent oscillates: it jumps across"),
        (1.0, "by −1. The descent oscillates for ever"),
        (1.05, "by −1.1. The descent diverges"),
    ],
)
def test_a_learning_rate_lies_in_its_band(turn: Show, rate: float, words: str) -> None:
    figure = turn("rates", f"rates.rate={rate}")
    path = gradient_descent.gradient_descent(X, Z, 0.0, rate, 8)
    assert words in reading(figure, "At rate")
    sweep = Panel(figure, "sweep")
    assert_allclose(Panel(figure, "path").dots("second")[:, 1], path, atol=0.02)
    distance = max(abs(float(path[-1]) - 2), sweep.y.low)
    assert_allclose(sweep.dots("second"), [[rate, distance]], rtol=0.01)
    band = figure.locator(".figure-text.strong").text_content()
    assert band == ("diverges" if rate > 1 else "oscillates" if rate > 0.5 else "converges")


def test_the_sweep_of_rates_is_that_of_the_descent_with_its_border(turn: Show) -> None:
    figure = turn("rates", "rates.steps=3")
    sweep = Panel(figure, "sweep")
    drawn = sweep.line("first")
    assert len(drawn) > 200
    left = [abs(gradient_descent.gradient_descent(X, Z, 0.0, r, 3)[-1] - 2) for r in drawn[:, 0]]
    shown = np.array(left) > 10 * sweep.y.low
    assert_allclose(drawn[shown, 1], np.array(left)[shown], rtol=0.03)
    border = gradient_descent.max_stable_learning_rate(X)
    assert_allclose(sweep.bands(), [0, border / 2, border], atol=0.001)
    press(figure, "steps", "ArrowRight")
    reading(figure, "After 4 steps")


@pytest.mark.parametrize("parameter", ["w1", "b1", "w2", "b2"])
def test_the_chain_goes_forward_then_back_link_by_link(turn: Show, parameter: str) -> None:
    z1, a1, z2, a2 = backpropagation.forward(INPUT, *PARAMETERS)
    slope = dict(
        zip(
            ("w1", "b1", "w2", "b2"),
            backpropagation.backward(INPUT, TARGET, *PARAMETERS),
            strict=True,
        )
    )[parameter]
    figure = turn("chain", f"chain.parameter={parameter}")
    values = figure.locator("[data-node]")
    assert values.all_text_contents() == ["0.1", "?", "?", "?", "?", "?"]
    press(figure, "step", *["ArrowRight"] * 5)
    assert "= 0.1082" in reading(figure, "E = ")
    expected = [INPUT, z1, a1, z2, a2, backpropagation.error(TARGET, a2)]
    shown = [float(text) for text in values.all_text_contents()]
    assert_allclose(shown, expected, rtol=1e-3)
    links, products = figure.locator("[data-link]"), figure.locator("[data-product]")
    assert set(links.all_text_contents()) == {"?"}
    press(figure, "step", "ArrowRight")
    assert links.first.text_content() == products.first.text_content() == "0.4653"
    press(figure, "step", "End")
    slopes = [float(text) for text in links.all_text_contents()]
    made = [float(text) for text in products.all_text_contents()]
    assert_allclose(np.cumprod(slopes), made, rtol=2e-3)
    assert_allclose(made[-1], slope, rtol=1e-3)
    assert "All links are passed" in reading(figure, "All links are passed")


@pytest.mark.parametrize("name", ["sigmoid", "relu"])
@pytest.mark.parametrize(("depth", "weight"), [(10, 1.0), (30, 0.5), (7, 5.0)])
def test_every_layer_has_the_bar_of_its_gradient(
    turn: Show, name: str, depth: int, weight: float
) -> None:
    query = f"layers.activation={name}&layers.depth={depth}&layers.weight={weight}"
    figure = turn("layers", query)
    expected = vanishing_gradient.layer_gradients(1.0, 0.0, np.full(depth, weight), name)
    assert_allclose(Panel(figure, "layers").bars(), np.abs(expected), rtol=0.02)
    press(figure, "layers", "ArrowLeft")
    reading(figure, f"{depth - 1} layers with")
    assert len(Panel(figure, "layers").bars()) == depth - 1


FUNCTIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "sigmoid": (activations.sigmoid, vanishing_gradient.sigmoid_derivative),
    "tanh": (activations.tanh, activations.tanh_derivative),
    "relu": (activations.relu, vanishing_gradient.relu_derivative),
    "leaky": (activations.leaky_relu, activations.leaky_relu_derivative),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_activation_is_drawn_with_its_slope(turn: Show, name: str) -> None:
    function, derivative = FUNCTIONS[name]
    figure = turn("activation", f"activation.function={name}&activation.z=-1.5")
    curve, slopes = Panel(figure, "function"), Panel(figure, "slope")
    drawn = curve.line("first")
    assert_allclose(drawn[:, 1], function(drawn[:, 0]), atol=0.02)
    assert_allclose(curve.dots("second"), [[-1.5, function(-1.5)]], atol=0.02)
    assert_allclose(slopes.dots("second"), [[-1.5, derivative(-1.5)]], atol=0.005)
    (x0, y0), (x1, y1) = curve.line("third")
    assert_allclose((y1 - y0) / (x1 - x0), derivative(-1.5), atol=0.002)
    if name in ("sigmoid", "tanh"):
        drawn = slopes.line("third")
        assert_allclose(drawn[:, 1], derivative(drawn[:, 0]), atol=0.005)
    press(figure, "input z", *["ArrowRight"] * 5)
    reading(figure, "At z = −1 ")


def test_z_can_be_dragged(turn: Show, page: Page) -> None:
    figure = turn("activation", "activation.function=tanh")
    axis = Panel(figure, "function").x
    figure.locator("svg[role=img]").scroll_into_view_if_needed()
    box = figure.locator("svg[role=img]").bounding_box()
    assert box is not None
    pixel = (axis.end - axis.start) / (axis.high - axis.low)
    at = box["x"] + axis.start + (1 - axis.low) * pixel
    page.mouse.move(at, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(at - 3 * pixel, box["y"] + 100, steps=4)
    page.mouse.up()
    page.mouse.move(at, box["y"] + 100)
    assert "At z = −2 the tanh is −0.9640" in reading(figure, "At z = −2 ")


def test_softmax_with_the_largest_subtracted_survives_what_the_formula_does_not(
    turn: Show,
) -> None:
    figure = turn("softmax")
    shares = activations.softmax(np.array([1.6, 0.55, 0.98]))
    for name in ("naive", "stable"):
        assert_allclose(Panel(figure, name).bars(), shares, atol=0.002)
    button = figure.get_by_role("button", name="+1000")
    button.press("Enter")
    assert "not a number (NaN)" in reading(figure, "infinity")
    assert button.get_attribute("aria-pressed") == "true"
    assert_allclose(Panel(figure, "stable").bars(), shares, atol=0.002)
    naive = Panel(figure, "naive").marks
    assert naive.locator("rect.figure-bar").count() == 0
    assert naive.locator("[data-share]").all_text_contents() == ["NaN"] * 3
    button.press("Enter")
    reading(figure, "Both ways agree")
    press(figure, "score z₂", "End")
    shares = activations.softmax(np.array([1.6, 5.0, 0.98]))
    assert_allclose(Panel(figure, "stable").bars(), shares, atol=0.002)
    assert "The most goes to z₂" in reading(figure, "z₂")


def test_states_come_from_the_address_and_survive_a_reload(show: Show, page: Page) -> None:
    show("start", "&".join(query for query, _ in STATES.values()))
    for _ in range(2):
        for name, (_, words) in STATES.items():
            reading(page.locator(f"dl-{name}"), words)
        page.reload(wait_until="load")


def test_what_is_changed_is_written_into_the_address_and_its_link(show: Show, page: Page) -> None:
    figure = show("start", "h=word")
    press(figure, "weight w", "ArrowRight")
    reading(figure, "w = 0.6")
    assert page.url.endswith("/figures/?h=word&start.w=0.6")
    link = figure.get_by_role("link", name="Link to this state").get_attribute("href") or ""
    assert link.endswith("/figures/?h=word&start.w=0.6#dl-start")
    page.goto(link, wait_until="load")
    reading(figure, "w = 0.6")
    figure.get_by_role("button", name="Reset").click()
    reading(figure, "w = 0.5")
    assert "start.w" not in page.url


def test_what_makes_no_sense_in_the_address_is_not_taken(show: Show) -> None:
    query = "start.w=high&descent.rate=-3&descent.step=2.4&chain.step=99&activation.function=cos"
    figure = show("start", query + "&rates.rate=1e999&softmax.z1=40&layers.depth=")
    reading(figure, "With w = 0.5")
    reading(figure.page.locator("dl-descent"), "After 2 steps w = 0.0792")
    reading(figure.page.locator("dl-chain"), "All links are passed")
    reading(figure.page.locator("dl-activation"), "the sigmoid")
    reading(figure.page.locator("dl-rates"), "At rate 0.4")
    reading(figure.page.locator("dl-softmax"), "Scores 5,")
    reading(figure.page.locator("dl-layers"), "10 layers")


def test_a_link_on_the_page_sets_a_figure(show: Show, page: Page) -> None:
    figure = show("descent")
    page.get_by_role("link", name="A rate that is too large").click()
    reading(figure, "After 3 steps w = 7.488")


def test_a_click_in_one_figure_counts_though_another_one_was_changed_before(
    show: Show, page: Page
) -> None:
    descent = show("descent")
    press(page.locator("dl-rates"), "learning rate η", "ArrowRight")
    page.wait_for_url("**rates.rate=*")
    descent.get_by_role("button", name="Forward").click()
    page.wait_for_url("**descent.step=1")
    reading(descent, "After 1 step")


def test_a_state_that_is_gone_to_while_a_change_settles_is_the_one_that_is_shown(
    turn: Show, page: Page
) -> None:
    figure = turn("activation", "activation.function=tanh")
    reading(figure, "the tanh is")
    figure.evaluate(
        """figure => {
          figure.set({ z: 2 });
          history.replaceState(null, "", "?activation.function=relu&activation.z=-1");
          figure.settle();  // As its timer does, if it is due before the address is looked at.
          dispatchEvent(new PopStateEvent("popstate"));
        }"""
    )
    reading(figure, "At z = −1 the ReLU is 0")
    page.wait_for_url("**activation.function=relu&activation.z=-1")


def test_figures_work_after_instant_navigation_to_and_fro(show: Show, page: Page) -> None:
    figure = show("start", "start.w=1")
    page.evaluate("window.unbroken = true")
    press(figure, "weight w", "ArrowRight")

    def late(route: Route) -> None:
        time.sleep(0.5)
        route.continue_()

    # On a slow line the address is the other page's before that page comes.
    page.route("**/glossary/", late)
    page.get_by_role("link", name="the symbols").click()
    page.locator("dl-start").wait_for(state="detached")
    page.wait_for_timeout(300)
    assert page.url.endswith("/glossary/")
    page.unroute("**/glossary/")
    page.go_back()
    figure.locator(".figure").wait_for()
    assert page.evaluate("window.unbroken") is True
    press(figure, "weight w", "End")
    reading(figure, "With w = 5 the cost is 9")
    assert figure.locator(".figure").count() == 1


def test_without_script_the_words_inside_the_element_stay(site: Site, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site.address}figures/")
    for name in FIGURES:
        assert page.get_by_text(f"{FALLBACK} {name}.").is_visible()
    context.close()


def test_every_figure_is_named_and_each_control_has_a_label(show: Show, page: Page) -> None:
    show("start")
    for name in FIGURES:
        figure = page.locator(f"dl-{name}")
        assert page.get_by_text(f"{FALLBACK} {name}.").is_hidden()
        assert len(figure.locator("svg[role=img]").get_attribute("aria-label") or "") > 40
        for control in figure.locator("input, select, button").all():
            label = control.evaluate("one => one.labels?.[0]?.textContent || one.textContent")
            assert label.strip()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_every_text_of_a_picture_is_seen_on_its_ground(
    show: Show, page: Page, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    show("start", "chain.step=10&softmax.large=1")
    for summary in page.locator(".figure-more summary").all():
        summary.click()
    assert violations(page) == []
    # Axe does not look into SVG.
    contrasts = page.evaluate(
        """() => {
          const canvas = document.createElement("canvas");
          const rule = canvas.getContext("2d", { willReadFrequently: true });
          const light = (colour) => {
            rule.fillStyle = colour;
            rule.fillRect(0, 0, 1, 1);
            return [...rule.getImageData(0, 0, 1, 1).data].slice(0, 3)
              .map((part) => part / 255)
              .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
              .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
          };
          return [...document.querySelectorAll(".figure svg text")].map((text) => {
            const card = getComputedStyle(text.closest(".figure")).backgroundColor;
            const [a, b] = [light(getComputedStyle(text).fill), light(card)];
            return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          });
        }"""
    )
    assert len(contrasts) > 100
    assert min(contrasts) > 4.5


@pytest.mark.parametrize("width", [390, 1200])
def test_nothing_is_wider_than_the_window_and_no_text_leaves_its_picture(
    show: Show, page: Page, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    far = (
        "descent.rate=2&descent.step=12&rates.rate=1.5&rates.steps=20&chain.step=10&layers.depth=30"
    )
    query = f"{far}&layers.weight=8&softmax.z1=-5&softmax.large=1&activation.z=6"
    show("start", query)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    outside = page.evaluate(
        """() => [...document.querySelectorAll(".figure svg[role=img] text")].filter((text) => {
          const place = text.getBoundingClientRect();
          const { left, right, top, bottom } = text.closest("[role=img]").getBoundingClientRect();
          return Math.max(left - place.left, place.right - right, top - place.top,
                          place.bottom - bottom) > 2;
        }).map((text) => text.closest(".figure").parentElement.id + ": " + text.textContent)"""
    )
    assert outside == []
    size = page.locator("dl-descent svg text").first.evaluate(
        "text => text.getBoundingClientRect().height"
    )
    assert size >= 12


def test_a_picture_follows_the_width_of_its_page(show: Show, page: Page) -> None:
    figure = show("layers")
    picture = figure.locator("svg[role=img]")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(
        "() => document.querySelector('dl-layers svg').viewBox.baseVal.width < 400"
    )
    expected = vanishing_gradient.layer_gradients(1.0, 0.0, np.full(10, 1.0), "sigmoid")
    assert_allclose(Panel(figure, "layers").bars(), np.abs(expected), rtol=0.02)
    assert picture.is_visible()


def test_on_paper_a_figure_is_a_still_picture_in_dark_ink(show: Show, page: Page) -> None:
    figure = show("descent", "descent.step=2")
    page.evaluate("document.body.setAttribute('data-md-color-scheme', 'slate')")
    page.emulate_media(media="print")
    assert figure.locator("svg[role=img]").is_visible()
    assert figure.locator(".figure-reading").is_visible()
    for control in figure.locator("input, button").all():
        assert control.is_hidden()
    ink = figure.locator("svg text").first.evaluate("text => getComputedStyle(text).fill")
    assert ink == "rgb(29, 35, 48)"


def test_nothing_moves_by_itself(show: Show, page: Page) -> None:
    figure = show("descent")
    figure.get_by_role("button", name="Forward").press("Enter")
    moving = page.evaluate(
        "document.getAnimations().filter((one) => one.effect.target?.closest('.figure')).length"
    )
    assert moving == 0
    before = figure.locator("svg[role=img]").inner_html()
    reading(figure, "After 1 step")
    assert figure.locator("svg[role=img]").inner_html() == before

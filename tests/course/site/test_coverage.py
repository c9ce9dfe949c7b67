"""Every point of the course notes that the lessons come from is taught somewhere, and where."""

import re
from html.parser import HTMLParser

import pytest

from tests.course.site.conftest import Site

GD, BP = "gradient-descent/", "backpropagation/"
VG, AF = "vanishing-gradient/", "activations/"
# A point of the notes, the page and heading that teach it, and words that must stand there.
TAUGHT = [
    # Gradient descent
    ("the goal: z is about 2x, find w", f"{GD}#the-model", "weight"),
    ("the cost function J(w)", f"{GD}#the-cost-of-a-weight", "1 2 m"),
    ("the cost is a parabola, lowest at w = 2", f"{GD}#the-cost-of-a-weight", "parabola"),
    ("why not plot it", f"{GD}#why-not-just-look-at-the-picture", "nothing left to draw"),
    ("the cost as a plain sum", f"{GD}#the-cost-without-its-scale", "add up the squares"),
    ("the gradient is the slope at the current w", f"{GD}#the-slope-of-the-cost", "slope"),
    ("the gradient points uphill", f"{GD}#which-way-is-down", "points uphill"),
    ("positive: left, negative: right, zero: stop", f"{GD}#which-way-is-down", "stop"),
    ("the update and eta", f"{GD}#one-step", "learning rate"),
    ("four iterations from 0 at 0.4", f"{GD}#the-whole-descent", "1.9968"),
    ("steps get smaller as the slope does", f"{GD}#the-whole-descent", "shorter"),
    ("a rate that is too small", f"{GD}#when-the-rate-is-too-large", "Too small"),
    ("a rate that is too large diverges", f"{GD}#when-the-rate-is-too-large", "diverges"),
    ("a rate that is right", f"{GD}#when-the-rate-is-too-large", "About right"),
    ("key takeaways of gradient descent", f"{GD}#in-short", "learning rate"),
    # Backpropagation
    ("forward and backward propagation", f"{BP}#forward-to-predict-backward-to-learn",
     "forward"),
    ("the weighted sum z = wx + b", f"{BP}#one-neuron", "bias"),
    ("the activation a = sigma(z)", f"{BP}#the-sigmoid", "sigmoid"),
    ("two neurons, a2 is the prediction", f"{BP}#forward-through-two-neurons",
     "prediction"),
    ("the error of a prediction", f"{BP}#the-error", "half"),
    ("why backpropagation is needed", f"{BP}#why-the-error-has-to-travel-back", "weight"),
    ("the chain rule", f"{BP}#the-chain-rule", "product of the slopes"),
    ("step 1: the slope of the error", f"{BP}#the-slope-of-the-error", "constant"),
    ("step 2: the slope of the activation", f"{BP}#the-slope-of-the-sigmoid", "slope"),
    ("step 3 and the gradient of w2", f"{BP}#the-second-neuron", "a 1"),
    ("the bias b2", f"{BP}#the-second-neuron", "bias"),
    ("why w1 is more complicated", f"{BP}#the-first-neuron", "longer by two links"),
    ("all four gradients", f"{BP}#the-whole-backward-pass", "one link at a time"),
    ("the update of all parameters", f"{BP}#one-update", "learning rate"),
    ("one full training loop", f"{BP}#the-training-loop", "epoch"),
    ("when to stop", f"{BP}#the-training-loop", "tolerance"),
    # The vanishing gradient
    ("what happens inside: 0 < a < 1", f"{VG}#at-most-a-quarter", "between 0 and 1"),
    ("a gradient is a product of small numbers", f"{VG}#at-most-a-quarter", "0.8"),
    ("the slope is 0.25 at most", f"{VG}#at-most-a-quarter", "0.25"),
    ("each layer back multiplies again", f"{VG}#gradients-layer-by-layer", "layer"),
    ("output small, first layer almost nothing", f"{VG}#how-much-is-left", "first"),
    ("early layers barely learn", f"{VG}#what-a-vanished-gradient-does", "learn"),
    ("deep networks get slow and inaccurate", f"{VG}#what-a-vanished-gradient-does",
     "slow"),
    ("weights near the input get the least", f"{VG}#how-much-is-left", "layer"),
    ("the solution: ReLU", f"{VG}#relu-keeps-the-slope", "ReLU"),
    ("why deep learning grew with ReLU", f"{VG}#what-helps", "ReLU"),
    # Activation functions
    ("without them a network is linear", f"{AF}#why-a-network-needs-them", "linear"),
    ("sigmoid: range, shape, pros, cons", f"{AF}#sigmoid", "Range"),
    ("sigmoid flattens beyond 3", f"{AF}#sigmoid", "3"),
    ("sigmoid for binary classification", f"{AF}#sigmoid", "two classes|yes or no|binary"),
    ("tanh: centred at 0", f"{AF}#tanh", "balanced around 0"),
    ("tanh still vanishes", f"{AF}#tanh", "vanish"),
    ("ReLU: range and speed", f"{AF}#relu", "Range"),
    ("ReLU: sparse, deep learning in 2012", f"{AF}#relu", "2012"),
    ("ReLU neurons can die", f"{AF}#neurons-that-die", "die|dead"),
    ("leaky ReLU", f"{AF}#leaky-relu", "0.01"),
    ("softmax and its formula", f"{AF}#softmax", "probabilit"),
    ("softmax of 1.6, 0.55, 0.98", f"{AF}#softmax", "0.5297"),
    ("the notes' own figures are corrected", "corrections/", "0.51"),
    ("softmax is for the output layer, such as MNIST", f"{AF}#softmax|{AF}#which-one-where",
     "output layer"),
]  # fmt: skip


class _Sections(HTMLParser):
    """The text under each heading's anchor; all of the page under the empty one."""

    def __init__(self) -> None:
        super().__init__()
        self.text: dict[str, str] = {"": ""}
        self._open: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.fullmatch(r"h[1-6]", tag):
            level = int(tag[1])
            self._open = [(n, id) for n, id in self._open if n < level]
            anchor = dict(attrs).get("id") or ""
            self._open.append((level, anchor))
            self.text.setdefault(anchor, "")

    def handle_data(self, data: str) -> None:
        for anchor in {"", *(id for _, id in self._open)}:
            self.text[anchor] += f" {data.strip()}"


@pytest.mark.parametrize(("point", "places", "words"), TAUGHT, ids=[row[0] for row in TAUGHT])
def test_a_point_of_the_notes_is_taught(site: Site, point: str, places: str, words: str) -> None:
    found = ""
    for place in places.split("|"):
        address, _, anchor = place.partition("#")
        sections = _Sections()
        sections.feed((site.folder / address / "index.html").read_text())
        assert anchor in sections.text, f"{place} is not there"
        found += sections.text[anchor]
    assert re.search(words, " ".join(found.split()), re.IGNORECASE), f"{places}: {found[:400]}"

"""Values are broken into lines without losing anything, and marks stay below what they mark."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from autograder.display import Shown
from autograder.practice.page import wrapped


@st.composite
def shown_values(draw: st.DrawFn) -> Shown:
    entries = draw(st.lists(st.text("0123456789.-", min_size=1, max_size=12), min_size=1))
    text, marks = "[", []
    for index, entry in enumerate(entries):
        if index:
            text += draw(st.sampled_from([", ", ",\n "]))
        if draw(st.booleans()):
            marks.append((len(text), len(text) + len(entry)))
        text += entry
    return Shown(text + "]", tuple(marks))


@given(shown_values(), st.integers(8, 80))
def test_no_line_is_too_long_and_nothing_is_lost(value: Shown, width: int) -> None:
    lines = [line.plain for line in wrapped(value, width)]
    assert max(map(len, lines)) <= width
    values = [line for line in lines if "^" not in line]
    assert "".join("".join(values).split()) == "".join(value.text.split())


@given(shown_values(), st.integers(16, 80))
def test_carets_stand_below_what_is_marked_and_nothing_else(value: Shown, width: int) -> None:
    lines = [line.plain for line in wrapped(value, width)]
    marked = "".join(
        above[at]
        for above, below in itertools.pairwise(lines)
        if "^" in below
        for at, sign in enumerate(below)
        if sign == "^"
    )
    assert marked == "".join(value.text[start:end] for start, end in value.marks)

"""The comparison accepts what the course promises to accept, and nothing else."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.compare import RELATIVE_ONLY, STANDARD, close, difference, same_numbers
from autograder.sandbox.wire import Foreign

ROW = np.array([1.0, 2.0])


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (np.array(0.5), 0.5),
        (1, 1.0),
        (True, 1.0),
        (np.array(True), 1.0),
        (0.5 * (1 + 9e-7), 0.5),
        (9e-10, 0.0),
        ([1, 2], ROW),
        ((1.0, 2.0), ROW),
        ([np.array(1.0), 2], ROW),
        ([[1], [2]], np.array([[1.0], [2.0]])),
        ([], np.zeros(0)),
        ([1.0, ROW], (1.0, ROW)),
        (np.array([0.25, 0.5]), (0.25, 0.5)),
        (np.array(1, np.uint8), 1),
        ([0, 1], np.array([0, 1])),
        ("left", "left"),
    ],
)
def test_it_accepts(got: Any, expected: Any) -> None:
    assert difference(got, expected) is None
    assert same_numbers(got, expected)


@pytest.mark.parametrize(
    ("got", "expected", "reason"),
    [
        (None, 0.5, "a number is asked for, but None came back"),
        ("0.5", 0.5, "a number is asked for, but text came back"),
        (0.5j, 0.5, "complex"),
        (np.array([0.5]), 0.5, "a single number is asked for, but an array of shape (1,)"),
        (0.5 * (1 + 2e-6), 0.5, "the number differs"),
        (2e-9, 0.0, "the number differs"),
        (float("nan"), 0.5, "nan"),
        (float("inf"), 0.5, "differs"),
        (ROW[:, None], ROW, "the shape is (2, 1), but (2,) is asked for"),
        ([[1.0], [2.0, 3.0]], ROW, "an array is asked for, but a list of 2 items"),
        (Foreign("Yes"), ROW, "a Yes came back"),
        ((1.0,), (1.0, 2.0), "1 values came back, 2 are asked for"),
        ({"a": 1}, (1.0, 2.0), "a tuple of 2 is asked for"),
        (1.0, 1, "an integer is asked for"),
        ("Left", "left", "the text differs"),
        (b"left", "left", "text is asked for"),
    ],
)
def test_it_refuses_and_says_why(got: Any, expected: Any, reason: str) -> None:
    found = difference(got, expected)
    assert found is not None
    assert reason in found.reason


NUMBERS = st.floats(allow_nan=True, allow_infinity=True)


@given(NUMBERS, st.floats(allow_nan=False, allow_infinity=False), st.booleans())
@settings(deadline=None)
def test_a_single_number_is_judged_as_in_an_array(
    number: float, exact: float, relative_only: bool
) -> None:
    tolerance = RELATIVE_ONLY if relative_only else STANDARD
    alone = close(np.array(number), np.array(exact), tolerance)
    with np.errstate(over="ignore"):
        together = close(np.array([number]), np.array([exact]), tolerance)
    assert bool(alone) == bool(together[0])


@given(st.floats(min_value=1e-300, max_value=1e300), st.floats(-5e-7, 5e-7))
@settings(deadline=None)
def test_relative_only_means_that_size_does_not_matter(exact: float, error: float) -> None:
    assert difference(exact * (1 + error), exact, RELATIVE_ONLY) is None
    assert difference(exact * (1 + 3e-6), exact, RELATIVE_ONLY) is not None
    assert difference(0.0, exact, RELATIVE_ONLY) is not None

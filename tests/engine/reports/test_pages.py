"""What reports show, and what they keep from showing."""

import html
import re
from typing import Any

import html5lib
import msgspec
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.compare import difference
from autograder.course import Course
from autograder.display import Shown, show, show_call, show_pair, visible
from autograder.reports import render_class_report, render_feedback, render_grades_csv
from autograder.reports.grades_csv import harmless
from autograder.reports.pages import marked
from autograder.results import Result, to_json
from autograder.sandbox.wire import Foreign

HOSTILE = "<script>alert('x')</script> & \"quoted\" \x1b[31m \u202e \x00 {{ 7 * 7 }}"

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.builds(Foreign, st.text()),
    lambda inner: st.lists(inner, max_size=5) | st.lists(inner, max_size=5).map(tuple),
    max_leaves=20,
)
ARRAYS = hnp.arrays(np.float64, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=6))


@given(PLAIN | ARRAYS)
@settings(deadline=None)
def test_every_plain_value_can_be_shown(value: Any) -> None:
    assert isinstance(show(value).text, str)


@given(PLAIN | ARRAYS, st.floats(allow_nan=False) | ARRAYS | st.tuples(st.floats(), ARRAYS))
@example(np.zeros(2), (0.0, np.array(1.0)))
@settings(deadline=None, max_examples=300)
def test_every_difference_can_be_shown_with_marks_inside_the_text(got: Any, expected: Any) -> None:
    found = difference(got, expected)
    if found is None:
        return
    shown, _ = show_pair(got, expected, found)
    end = 0
    for start, stop in shown.marks:
        assert end <= start < stop <= len(shown.text)
        end = stop


def test_wrong_entries_are_marked_and_right_ones_are_not() -> None:
    got, expected = np.array([1.0, 2.5, -3.0]), np.array([1.0, 2.0, -3.0])
    found = difference(got, expected)
    assert found is not None
    shown, _ = show_pair(got, expected, found)
    assert shown.text == "[1.0, 2.5, -3.0]"
    assert [shown.text[a:b] for a, b in shown.marks] == ["2.5"]


def test_in_a_table_each_wrong_cell_is_marked() -> None:
    got, expected = np.array([[1.0, 20.5], [3.0, 4.0]]), np.array([[1.0, 20.0], [0.0, 4.0]])
    found = difference(got, expected)
    assert found is not None
    shown, _ = show_pair(got, expected, found)
    assert [shown.text[a:b] for a, b in shown.marks] == ["20.5", "3.0"]
    assert shown.text == "[[ 1.0, 20.5],\n [ 3.0,  4.0]]"


def test_in_a_tuple_the_wrong_value_is_marked_where_it_stands() -> None:
    got, expected = (1.0, np.array([1.0, 2.0])), (1.0, np.array([1.0, 3.0]))
    found = difference(got, expected)
    assert found is not None
    shown, _ = show_pair(got, expected, found)
    assert [shown.text[a:b] for a, b in shown.marks] == ["2.0"]
    assert found.reason == "value 2 of 2: 1 of 2 entries differ"


@pytest.mark.parametrize(
    "value",
    [
        np.zeros([2] * 16 + [1] * 7 + [2], bool),
        np.ones((6, 6, 6, 6, 6, 6)),
        np.zeros((200, 200)),
        ["\u202e" * 590] * 100,
        [[1.5] * 10] * 10,
    ],
    ids=["axes", "sixes", "table", "texts", "lists"],
)
def test_no_value_takes_more_than_a_page(value: Any) -> None:
    found = difference(value, np.zeros(3))
    assert found is not None
    shown, _ = show_pair(value, np.zeros(3), found)
    assert 0 < len(shown.text) < 4100


def test_a_call_is_shown_as_one_would_write_it() -> None:
    assert show_call("leaky_relu", (np.array([-1.0, 2.0]), 0.3)) == "leaky_relu([-1.0, 2.0], 0.3)"


def test_close_numbers_are_shown_with_the_digits_in_which_they_differ() -> None:
    one, other = show(0.123456789).text, show(0.123457111).text
    assert one != other


@given(st.text(), st.lists(st.integers(0, 30), max_size=4))
@settings(deadline=None)
def test_marked_text_is_escaped_and_complete(text: str, cuts: list[int]) -> None:
    edges = sorted({cut for cut in cuts if cut <= len(text)})
    marks = tuple(zip(edges[::2], edges[1::2], strict=False))
    shown = str(marked(Shown(text, marks)))
    assert html.unescape(re.sub(r"</?mark>", "", shown)) == visible(text)
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<mark>", "</mark>"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_spreadsheet_takes_no_cell_for_a_formula(text: str) -> None:
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@pytest.fixture
def hostile(grade: Any) -> Result:
    source = (
        f"TEXT = {HOSTILE!r}\n"
        "class Evil(Exception): pass\n"
        "Evil.__name__ = TEXT\n"
        "def relu(z):\n    print(TEXT)\n    raise Evil(TEXT)\n"
        "def tanh(z):\n    return [TEXT, TEXT]\n"
        "def sigmoid(z):\n    return type(TEXT, (), {})()\n"
        "def softmax(z):\n    import warnings; warnings.warn(TEXT); return {TEXT: 1}\n"
    )
    result: Result = grade(activations=source, backpropagation=f"raise Exception({HOSTILE!r})")
    return msgspec.structs.replace(
        result,
        submission=HOSTILE,
        problems=(*result.problems, HOSTILE),
        source=msgspec.structs.replace(result.source, name=HOSTILE),
    )


def test_nothing_from_a_submission_becomes_markup(course: Course, hostile: Result) -> None:
    for page in (
        render_feedback(course, hostile),
        "".join(render_class_report(course, lambda: [hostile], {"confinement": HOSTILE}, HOSTILE)),
    ):
        html5lib.HTMLParser(strict=True).parse(page)
        assert "<script" not in page
        assert "alert(&#39;x&#39;)" in page or "alert(%27x%27)" in page
        assert not {"\x1b", "\u202e", "\x00"} & set(page)
        assert "49" not in re.findall(r"\{\{ 7 \* 7 \}\}|\b49\b", page)


def test_the_json_of_a_hostile_result_is_valid(hostile: Result) -> None:
    assert msgspec.json.decode(to_json(hostile))["submission"] == HOSTILE


def test_hidden_checks_carry_no_evidence(hostile: Result) -> None:
    for exercise in hostile.exercises:
        for check in exercise.checks:
            assert check.evidence is None or check.visibility == "public"


def test_what_student_code_says_while_hidden_checks_run_is_shown_nowhere(
    grade: Any, course: Course
) -> None:
    # Right for the public checks' inputs, it raises its input as text for every other.
    source = (
        "import numpy as np\n"
        "def relu(z):\n"
        "    if np.ndim(z) == 1 and np.array_equal(z, [-2.0, -0.5, 0.0, 1.0, 3.0]):\n"
        "        return np.maximum(z, 0)\n"
        "    print('SPILL', z)\n"
        "    raise type('SPILL' + repr(z), (Exception,), {})(f'SPILL {z!r}')\n"
    )
    result: Result = grade(activations=source)
    relu = next(e for e in result.exercises if e.id == "activations.relu")
    assert relu.score == pytest.approx(0.4)
    stored = msgspec.json.encode(result).decode()
    page = render_feedback(course, result)
    assert "SPILL" not in stored + page


def test_the_way_a_process_ends_carries_nothing_out_of_a_hidden_check(grade: Any) -> None:
    public = "np.array_equal(z, [-2.0, -0.5, 0.0, 1.0, 3.0])"
    endings = {
        "relu": "os.write(3, struct.pack('>I', 0x80001234) + b'x'); time.sleep(9)",
        "tanh": "os.abort()",
        "leaky_relu": "os._exit(77)",
    }
    source = "import numpy as np, os, struct, time\n"
    for name, ending in endings.items():
        right = "np.maximum(z, 0)" if name == "relu" else "np.tanh(z)"
        right = "np.where(z > 0, z, a * z)" if name == "leaky_relu" else right
        source += f"def {name}(z, a=0.01):\n    if {public}: return {right}\n    {ending}\n"
    result: Result = grade(activations=source)
    notes = {e.note for e in result.exercises if e.id.partition(".")[2] in endings}
    assert notes == {"in a hidden check, a call ended the Python process"}
    assert "2147" not in msgspec.json.encode(result).decode()


def test_a_value_made_to_be_unshowable_is_told_as_that(grade: Any) -> None:
    deep = (
        "import os, struct\n"
        "def relu(z):\n"
        "    p = b'\\x96\\xa8returned' + b'\\x91' * 1000 + b'\\x00'\n"
        "    p += b'\\xc0\\x90\\xa0\\xcb' + bytes(8)\n"
        "    os.write(3, struct.pack('>I', len(p)) + p)\n"
        "    return 0\n"
    )
    result: Result = grade(activations=deep)
    assert result.score == 0


def test_an_empty_class_makes_a_report_too(course: Course) -> None:
    page = "".join(render_class_report(course, list, {}, "nobody"))
    html5lib.HTMLParser(strict=True).parse(page)
    assert "".join(render_grades_csv(course, [])).count("\n") == 1

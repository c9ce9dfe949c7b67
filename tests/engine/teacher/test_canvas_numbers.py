"""Canvas's gradebook as teachers have it: thousands, other separators, a line for spreadsheets."""

import pytest

from autograder.exports.canvas_gradebook import fill_gradebook
from autograder.results import Result, Source
from tests.engine.lms.makers import PEOPLE, canvas_gradebook

RESULT = Result(
    "ada", 87.5, 100, (), (), Source("Ada", lms="canvas", ids={"canvas_user_id": "4101"})
)


@pytest.mark.parametrize(
    ("points", "delimiter", "score"),
    [("1,000", ",", "875"), ("1,000.00", ",", "875"), ("1.000,00", ";", "875"), ("10", ",", "8.75"),
     ("10,00", ";", "8,75"), ("10.00", ",", "8.75"), ("1 000", ",", "875")],
)  # fmt: skip
def test_scores_are_scaled_to_the_points_that_are_meant(
    points: str, delimiter: str, score: str
) -> None:
    data = canvas_gradebook(PEOPLE[:1], points=points, delimiter=delimiter)
    made = fill_gradebook(data, [RESULT], "5501")
    (line,) = [line for line in made.data.decode().splitlines() if "4101" in line]
    assert score in line.replace('"', "")
    assert made.taken == [RESULT]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_line_that_names_the_separator_is_left_out_and_said(delimiter: str) -> None:
    plain = canvas_gradebook(PEOPLE[:1], delimiter=delimiter)
    made = fill_gradebook(f"sep={delimiter}\r\n".encode() + plain, [RESULT], "5501")
    assert made.data == fill_gradebook(plain, [RESULT], "5501").data
    assert made.filled == 1
    assert any("is for spreadsheets and is left out" in note for note in made.notes)


def test_a_formula_that_canvas_wrote_stays_and_is_said() -> None:
    data = canvas_gradebook(PEOPLE)
    made = fill_gradebook(data, [RESULT], "5501")
    assert b"=cmd" in made.data
    assert [note for note in made.notes if "takes for a formula" in note]
    assert not fill_gradebook(canvas_gradebook(PEOPLE[:3]), [RESULT], "5501").notes

"""CSV files are filled cell by cell, and every other byte stays."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.exports.sheet import Sheet, SheetError, decimal_mark, to_number, to_text

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=8)


@given(
    st.integers(2, 5).flatmap(
        lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1)
    ),
    st.sampled_from(["\r\n", "\n"]),
    st.data(),
)
def test_it_reads_and_fills_what_the_standard_library_writes(
    rows: list[list[str]], end: str, data: st.DataObject
) -> None:
    # Which delimiter a file has is told by its first line.
    rows = [["a"] * len(rows[0]), *rows]
    out = io.StringIO()
    csv.writer(out, lineterminator=end).writerows(rows)
    sheet = Sheet(out.getvalue().encode())
    assert sheet.rows == rows
    assert sheet.data() == out.getvalue().encode()
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[0]) - 1))
    value = data.draw(CELLS)
    sheet.fill(row, column, value)
    expected = [list(cells) for cells in rows]
    expected[row][column] = value
    again = Sheet(sheet.data())
    assert again.rows == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("87.50", 87.5), ("87,50", 87.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("100", 100.0),
        (" 5 ", 5.0), ("1 000", 1000.0),
        ("1’000", 1000.0), ("1.5 0", 1.5), ("-3", -3.0), ("", None), ("(read only)", None),
        ("1 000,0", 1000.0),
    ],
)  # fmt: skip
def test_numbers_are_read_as_lmss_write_them(text: str, number: float | None) -> None:
    assert to_number(text) == number


def test_commas_in_a_title_do_not_hide_what_separates_cells() -> None:
    sheet = Sheet(b"Student;ID;HW 1, 2, 3, 4 (5501)\nAda;1;\n")
    assert sheet.rows[0] == ["Student", "ID", "HW 1, 2, 3, 4 (5501)"]


def test_a_number_is_written_like_those_beside_it() -> None:
    assert to_text(8.50001, ",") == "8,5"
    assert to_text(8.50001, ".") == "8.5"
    assert to_text(10.0, "") == "10"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"a,b\n\xff,1\n", "it is not UTF-8"),
        (b"", "it is not a table"),
        (b"alone\n", "it is not a table"),
        (b'a,b\n"open,1\n', "its row 2 has a quote that is not closed"),
    ],
)
def test_what_is_no_such_file_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(SheetError, match=told):
        Sheet(data)


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [
        ("1,000", "", 1000.0), ("1.000", "", 1000.0), ("1,000,000", "", 1e6),
        ("1.000.000", "", 1e6), ("12,500", "", 12500.0), ("0,500", "", 0.5), ("0.125", "", 0.125),
        ("1.2345", "", 1.2345), ("1,000", ".", 1000.0), ("1,000", ",", 1.0),
        ("12.125", ".", 12.125), ("1.000", ",", 1000.0), ("1,000.50", ",", 1000.5),
        ("100", ",", 100.0), ("87,5", ".", 87.5), ("1\u202f000,5", "", 1000.5),
        ("-1,000", "", -1000.0), ("1.", "", 1.0),
    ],
)  # fmt: skip
def test_a_thousand_is_no_one(text: str, mark: str, number: float) -> None:
    assert to_number(text, mark) == number


@given(
    st.integers(0, 10**9),
    st.integers(0, 99),
    st.sampled_from([",", ".", " ", "’", "'", "\xa0", "\u202f"]),
    st.sampled_from([",", "."]),
    st.sampled_from([0, 1, 2]),
)
def test_every_number_is_read_back_whatever_groups_its_digits(
    whole: int, rest: int, group: str, mark: str, decimals: int
) -> None:
    if group == mark:
        return
    fraction = f"{rest:02}"[:decimals]
    text = f"{whole:,}".replace(",", group) + (f"{mark}{fraction}" if fraction else "")
    assert to_number(text) == float(f"{whole}.{fraction or 0}")
    assert to_number(text, mark) == to_number(text)


def test_the_decimal_mark_is_what_all_numbers_agree_on() -> None:
    assert decimal_mark(["Ada", "1,000", "87,5", "100"]) == ","
    assert decimal_mark(["1.000,25", "7"]) == ","
    assert decimal_mark(["87,5", "87.5"]) == ""
    assert decimal_mark(["1,000", ""]) == ""


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"'])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_line_that_names_the_separator_is_no_header(line: str, bom: str) -> None:
    sheet = Sheet(f"{bom}{line}\r\nStudent;ID\r\nA, B, C;1\r\n".encode())
    assert sheet.rows == [["Student", "ID"], ["A, B, C", "1"]]
    assert sheet.data() == b"Student;ID\r\nA, B, C;1\r\n"
    assert f"Its first line, {line}, is for spreadsheets" in sheet.warnings("Canvas")[0]

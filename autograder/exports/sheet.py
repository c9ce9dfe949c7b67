"""A CSV file in which some cells are filled, and every other byte stays as it is.

The standard library's CSV reader does not say where in the file a cell was, and an LMS may refuse
or misread a file in which more than the scores has changed.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_BOM: Final = "﻿"
_CELL: Final = r'(?:"(?:[^"]|"")*"|[^"{d}\r\n][^{d}\r\n]*|)'
_NUMBER: Final = re.compile(r"\s*-?\d[\d.,\s’']*")
_THOUSANDS: Final = re.compile(r"-?[1-9]\d{0,2}")
_DECIMALS: Final = re.compile(r"-?\d[\d.,\s’']*([.,])\d{1,2}")
_FORMULA: Final = re.compile(r"\s*(?:[=@\uff1d\uff20]|[+\-\uff0b\uff0d]\s*[^\s-])")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
# Some programs write this line for spreadsheets; no LMS reads it back.
_SEPARATOR_LINE: Final = re.compile(r'"?sep=([,;|\t])"?[,;]*\r?\n', re.IGNORECASE)


class SheetError(Exception):
    """A file is not a CSV that can be filled; the message is a clause that says why."""


class _Span(NamedTuple):
    start: int
    end: int


class Sheet:
    """An LMS's CSV file, read into cells.

    Raises:
        SheetError: it is not UTF-8, or not well-formed CSV.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise SheetError(
                "it is not UTF-8: export it again, and save it in no other program"
            ) from None
        told = _SEPARATOR_LINE.match(self._text.lstrip(_BOM))
        self.separator_line = told[0].strip() if told else ""  # It is left out.
        if told:
            self._text = self._text.lstrip(_BOM)[told.end() :]
        self.delimiter = told[1] if told else _delimiter(self._text.lstrip(_BOM))
        self._spans = self._read()
        self._edits: dict[_Span, str] = {}
        self.rows = [[self._value(span) for span in spans] for spans in self._spans]
        if not self.rows or len(self.rows[0]) < 2:
            raise SheetError("it is not a table of comma-separated values")

    def warnings(self, lms: str) -> list[str]:
        """Returns sentences on what an LMS, or a spreadsheet, would make of the file."""
        told = []
        if self.separator_line:
            told.append(
                f"Its first line, {self.separator_line}, is for spreadsheets and is left out: "
                f"{lms} would take it for the header."
            )
        formulas = [number for number, row in enumerate(self.rows, 1) if any(map(_is_formula, row))]
        if formulas:
            told.append(
                f"Row {formulas[0]} has a cell that a spreadsheet takes for a formula, as {lms} "
                "wrote it: import the file there, and open it in no spreadsheet."
            )
        return told

    def fill(self, row: int, column: int, value: str) -> None:
        """Puts a value into a cell, quoted if it has to be or if the cell was."""
        span = self._spans[row][column]
        quoted = self._text[span.start : span.start + 1] == '"'
        if quoted or any(char in value for char in f'"{self.delimiter};\t\r\n'):
            value = '"' + value.replace('"', '""') + '"'
        self._edits[span] = value

    def data(self) -> bytes:
        """Returns the file with its filled cells, in UTF-8."""
        parts, at = [], 0
        for span in sorted(self._edits):
            parts += [self._text[at : span.start], self._edits[span]]
            at = span.end
        return "".join([*parts, self._text[at:]]).encode()

    def _read(self) -> list[list[_Span]]:
        cell = re.compile(_CELL.replace("{d}", re.escape(self.delimiter)))
        rows: list[list[_Span]] = []
        at = len(self._text) - len(self._text.lstrip(_BOM))
        while at < len(self._text):
            spans = []
            while True:
                found = cell.match(self._text, at)
                assert found is not None  # An empty cell matches everywhere.
                spans.append(_Span(*found.span()))
                at = found.end()
                if self._text[at : at + 1] != self.delimiter:
                    break
                at += 1
            if at < len(self._text) and self._text[at] not in "\r\n":
                raise SheetError(f"its row {len(rows) + 1} has a quote that is not closed")
            at += 2 if self._text[at : at + 2] == "\r\n" else 1
            rows.append(spans)
        return rows

    def _value(self, span: _Span) -> str:
        text = self._text[span.start : span.end]
        return text[1:-1].replace('""', '"') if text.startswith('"') else text


def _is_formula(cell: str) -> bool:
    # LMSs write a dash alone in an empty cell, and before a negative number.
    return bool(_FORMULA.match(cell)) and to_number(cell) is None


def _delimiter(text: str) -> str:
    """Returns the separator of cells: the first lines hold it equally often, and most often."""
    lines = [re.sub(r'"[^"]*"', "", line) for line in _LINE_END.split(text)[:4] if line.strip()]

    def fits(char: str) -> tuple[bool, int]:
        counts = {line.count(char) for line in lines}
        return len(counts) == 1, min(counts, default=0)

    sure = [char for char in ",;\t" if fits(char)[0] and fits(char)[1]]
    first = lines[0] if lines else ""
    return max(sure or ",;\t", key=first.count)


def to_number(text: str, mark: str = "") -> float | None:
    """Reads a number as an LMS writes it: the last comma or dot is the decimal mark.

    Unless it occurs several times, as in a million, or once before exactly three digits, as in a
    thousand: LMSs write two decimals at most.

    Args:
        text: The text of a cell.
        mark: The decimal mark, if other numbers in the file show it (see `decimal_mark`).
    """
    if not _NUMBER.fullmatch(text):
        return None
    plain = re.sub(r"[\s’']", "", text)
    whole, sign, decimals = plain.replace(",", ".").rpartition(".")
    if not sign:
        return float(plain)
    if set(plain) >= {",", "."}:
        thousands = False
    elif len(decimals) == 3 and mark:
        thousands = plain[-4] != mark
    else:
        alone = len(decimals) == 3 and _THOUSANDS.fullmatch(whole) is not None
        thousands = alone or "." in whole
    digits = whole.replace(".", "")
    return float(f"{digits}{'' if thousands else '.'}{decimals}")


def decimal_mark(cells: Iterable[str]) -> str:
    """Returns the decimal mark of a file, shown by its numbers with one or two decimals.

    Empty if there are no such numbers, or if they disagree.
    """
    found = {match[1] for cell in cells if (match := _DECIMALS.fullmatch(cell.strip()))}
    return found.pop() if len(found) == 1 else ""


def to_text(number: float, mark: str = "", decimals: int = 2) -> str:
    """Writes a number with a decimal mark; a dot if none is given."""
    text = f"{round(number, decimals):.{decimals}f}".rstrip("0").rstrip(".")
    return text.replace(".", mark or ".")

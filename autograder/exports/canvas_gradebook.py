"""Fills one column of the gradebook that Canvas exports, to be imported there again.

The file: `Student, ID, [SIS User ID], SIS Login ID, ..., Section, .., "Title (id)", ..`, perhaps a
row of "Manual Posting", then one of "Points Possible". On import an empty cell over a score erases
it, so only cells that get a score are touched.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from autograder.exports.filling import Filled, all_ids_of, ids_of_people, ids_of_several
from autograder.exports.sheet import Sheet, SheetError, decimal_mark, to_number, to_text
from autograder.results import Result

_ASSIGNMENT: Final = re.compile(r".*\((\d+)\)\s*", re.DOTALL)
# The most trusted first.
_ID_COLUMNS: Final = ("ID", "SIS User ID", "SIS Login ID", "Integration ID")
_NAME_COLUMNS: Final = ("Student", "Student Name")
_EXCUSED: Final = "EX"


class _Row(NamedTuple):
    number: int
    name: str
    ids: Mapping[str, str]


def fill_gradebook(data: bytes, results: Iterable[Result], assignment: str | None) -> Filled:
    """Returns the gradebook with the results' scores in an assignment's column.

    Scores are scaled to the assignment's points. Students are matched by Canvas's id, SIS id or
    login; by name only if exactly one row and one result have that name.

    Args:
        data: The file as Canvas exported it.
        results: The result that counts for each submission.
        assignment: The number in the column's header; needed if there are several assignments.

    Raises:
        SheetError: the file is not such a gradebook, or the column is not clear.
    """
    sheet = Sheet(data)
    header = [cell.strip() for cell in sheet.rows[0]]
    column = _column(header, assignment)
    points_row = next(
        (i for i, row in enumerate(sheet.rows[:4]) if row[0].strip() == "Points Possible"), 0
    )
    points_text = _cell(sheet.rows[points_row], column) if points_row else ""
    mark = decimal_mark([points_text]) or decimal_mark(cell for row in sheet.rows for cell in row)
    points = max(to_number(points_text, mark) or 0.0, 0.0)
    rows = _rows(sheet, header, points_row)
    results = list(results)
    matched = dict(_matches(rows, results))
    filled, notes = 0, sheet.warnings("Canvas")
    taken: list[Result] = []
    if not points:
        notes.append("The column has no points possible, so scores are in the course's points.")
    for number, result in matched.items():
        if _cell(sheet.rows[number], column).strip().upper() == _EXCUSED:
            notes.append(f"{_cell(sheet.rows[number], 0)} is excused there, and stays so.")
            continue
        if len(sheet.rows[number]) <= column:
            raise SheetError(f"its row {number + 1} is shorter than its header")
        scale = points / result.max_score if points else 1.0
        sheet.fill(number, column, to_text(result.score * scale, mark))
        taken.append(result)
        filled += 1
    there = {id for row in rows for id in row.ids.values()}
    if several := sorted(there & ids_of_several(results)):
        notes.append(f"More than one submission has the id {', '.join(several)}: it is nobody's.")
    with_row = {result.submission for result in matched.values()}
    return Filled(
        sheet.data(),
        filled,
        taken,
        [result for result in results if result.submission not in with_row],
        [row.name for row in rows if row.number not in matched],
        notes,
    )


def _column(header: list[str], assignment: str | None) -> int:
    found = {m[1]: i for i, cell in enumerate(header) if (m := _ASSIGNMENT.fullmatch(cell))}
    if "ID" not in header or not found:
        raise SheetError(
            "it is not a gradebook that Canvas exported: it has no assignment's column"
        )
    if assignment is None and len(found) == 1:
        return next(iter(found.values()))
    if assignment not in found:
        what = "it holds several assignments" if assignment is None else f"it has no ({assignment})"
        listed = ", ".join(f"{number} for {header[i]!r}" for number, i in found.items())
        raise SheetError(f"{what}: give --assignment, one of {listed}")
    return found[assignment]


def _rows(sheet: Sheet, header: list[str], points_row: int) -> list[_Row]:
    ids = {name: header.index(name) for name in _ID_COLUMNS if name in header}
    name = next((header.index(n) for n in _NAME_COLUMNS if n in header), 0)
    parts = [header.index(n) for n in ("FirstName", "LastName") if n in header]
    rows = []
    for number, row in enumerate(sheet.rows[points_row + 1 :], points_row + 1):
        values: dict[str, str] = {key: _cell(row, at).strip() for key, at in ids.items()}
        if not any(values.values()):
            continue
        shown = " ".join(_cell(row, at) for at in parts) if parts else _cell(row, name)
        rows.append(_Row(number, shown.strip(), values))
    return rows


def _cell(row: list[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _matches(rows: list[_Row], results: Sequence[Result]) -> Iterator[tuple[int, Result]]:
    """Yields rows with their results; a group's result goes to each member with a row."""
    open_rows = {row.number: row for row in rows}
    # Of several results for one row the newest counts, so it is matched first.
    left = sorted(results, key=lambda result: -result.source.attempt)
    claimed = ids_of_several(results)
    for kind in _ID_COLUMNS:
        by_id: dict[str, list[_Row]] = {}
        for row in open_rows.values():
            by_id.setdefault(row.ids.get(kind, ""), []).append(row)
        for result in list(left):
            ids = [id for id in dict.fromkeys(_ids(result, kind)) if id and id not in claimed]
            hits = [by_id[id][0] for id in ids if len(by_id.get(id, ())) == 1]
            hits = [row for row in {r.number: r for r in hits}.values() if row.number in open_rows]
            if len(hits) == 1 or (hits and result.source.members):
                left.remove(result)
                for row in hits:
                    del open_rows[row.number]
                    yield row.number, result
    row_names = Counter(_key(row.name) for row in rows)
    names = Counter(_key(result.source.name) for result in results)
    by_name = {_key(row.name): row for row in open_rows.values()}
    for result in left:
        name = _key(result.source.name)
        row_of_name = by_name.get(name)
        if row_of_name is None or row_names[name] > 1 or names[name] > 1:
            continue
        if not _contradicts(result, row_of_name) and claimed.isdisjoint(all_ids_of(result)):
            yield row_of_name.number, result


def _contradicts(result: Result, row: _Row) -> bool:
    """Whether an id says that a row of the same name is somebody else's."""
    ids = result.source.ids
    if "canvas_user_id" in ids:
        return True  # No row has Canvas's own id of the result.
    sid = row.ids.get("SIS User ID", "")
    return bool(sid and "sid" in ids and sid not in ids_of_people(result.source))


def _ids(result: Result, kind: str) -> list[str]:
    """Returns the values that may identify a result in a column of ids."""
    ids = result.source.ids
    if kind == "ID":
        return [ids.get("canvas_user_id", "")]
    if result.source.lms == "canvas":
        return []
    return [*ids_of_people(result.source), ids.get("classroom50_login", ""), result.submission]


def _key(name: str) -> str:
    """Returns a name in a form that is the same for "Doe, Jane" and "Jane Doe"."""
    last, comma, first = name.partition(",")
    name = f"{first} {last}" if comma else name
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())

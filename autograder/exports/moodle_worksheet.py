"""Fills the grading worksheet of a Moodle assignment, and packs feedback files for it.

Headers and numbers are localised, so columns are recognised by their content: the identifier is
first, and the grade stands before the maximum grade (mod/assign/feedback/offline).
"""

import html
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from autograder.exports.filling import Filled, ids_of_several
from autograder.exports.sheet import Sheet, SheetError, decimal_mark, to_number, to_text
from autograder.reports.grades_csv import harmless
from autograder.results import Result
from autograder.writing import zipped

_IDENTIFIER: Final = re.compile(r"\D*(\d+)")
_MAXIMUM_HEADER: Final = "Maximum grade"
_SCALE_HEADER: Final = "Scale"
# The words for whether a grade can be changed, in the languages that Moodle is used in most.
_YES: Final = frozenset(
    "yes ja oui sí si sì sim da ano áno tak igen jah kyllä jā taip evet bai já po ya có ναι да так "
    "是 はい 예 네 نعم بله כן हाँ ใช่".split()
)
_NO: Final = frozenset(
    "no nein non nee nej nei não nu ne nie nem ei nē hayır ez jo tidak không όχι нет не ні "
    "否 いいえ 아니오 아니요 لا خیر לא नहीं ไม่ ไม่ใช่".split()
)
_SUSPENDED: Final = "usersuspended"  # A class of the markup around a name.
_MARKUP: Final = re.compile(r"<[^<>]*>")
_COMMENTS_HEADER: Final = re.compile("comment|kommentar|coment|commento|opmerking", re.IGNORECASE)
# Marks a comment of ours, so that a later export recognises it.
_OURS: Final = "The rest is in the feedback file."


def fill_worksheet(data: bytes, results: Iterable[Result]) -> Filled:
    """Returns the worksheet with scores, scaled to its maximum, and a comment for each.

    Participants are matched by number. A team's number is not a participant's, but may equal that
    of a participant with another name: so a row is only filled if the names agree as well, in the
    letters and digits that Moodle leaves in a folder's name.

    Raises:
        SheetError: the file is not such a worksheet.
    """
    sheet = Sheet(data)
    rows = {
        found[1]: number
        for number, row in enumerate(sheet.rows[1:], 1)
        if (found := _IDENTIFIER.fullmatch(row[0].strip()))
    }
    if not rows:
        raise SheetError("it is not a grading worksheet of Moodle's: no participant is in it")
    maximum = _maximum_column(sheet)
    comments = _comments_column(sheet)
    locked = _locked_rows(sheet, maximum)
    mark = decimal_mark(row[maximum] for row in sheet.rows[1:] if len(row) > maximum)
    taken: list[Result] = []
    without_row: list[Result] = []
    notes = sheet.warnings("Moodle")
    results = list(results)
    several = ids_of_several(results)
    for result in results:
        participant = result.source.ids.get("moodle_participant_id", "")
        number = rows.get(participant)
        if number is None or participant in several:
            without_row.append(result)
            continue
        row = sheet.rows[number]
        name = _plain(row[1])
        if not _may_be(result.source.name, row):
            without_row.append(result)
            notes.append(
                f"{result.source.name} has the number of {name} here: if it is a team, give each "
                "of its members the grade by hand."
            )
            continue
        if number in locked:
            rows.pop(result.source.ids["moodle_participant_id"])
            notes.append(f"{name}'s grade is locked there, so it is left as it is.")
            continue
        most = to_number(row[maximum], mark)
        if most is None:
            raise SheetError(f"its row {number + 1} has no maximum grade")
        rows.pop(result.source.ids["moodle_participant_id"])
        score = to_text(most * result.score / result.max_score, mark)
        sheet.fill(number, maximum - 1, score)
        if comments and (not row[comments].strip() or _OURS in row[comments]):
            sheet.fill(number, comments, _comment(result))
        taken.append(result)
        if _SUSPENDED in row[1]:
            notes.append(f"{name} is suspended in the course; the score is filled in all the same.")
    left = [_plain(sheet.rows[number][1]) for number in rows.values()]
    return Filled(sheet.data(), len(taken), taken, without_row, left, notes)


def feedback_archive(results: Iterable[Result], pages: Mapping[str, bytes], now: datetime) -> bytes:
    """Returns the zip for "Upload multiple feedback files in a zip", a folder per participant.

    Args:
        results: The results of the participants in the worksheet.
        pages: The feedback page of each submission, by its id.
        now: The time of the files in it.
    """
    contents = {}
    for result in results:
        number = result.source.ids.get("moodle_participant_id")
        if number and result.submission in pages:
            # Moodle reads the number only; the name must not lead out of the folder.
            name = re.sub(r'[\\/:*?"<>|]|\.\.', "", result.source.name)
            folder = f"{name}_{number}_assignsubmission_file_"
            contents[f"{folder}/feedback.html"] = pages[result.submission]
    return zipped(contents, now)


def _maximum_column(sheet: Sheet) -> int:
    header, rows = sheet.rows[0], [row for row in sheet.rows[1:] if row != [""]]
    if any(len(row) != len(header) for row in rows):
        raise SheetError("its rows are not all as long as its header")
    if _SCALE_HEADER in header:
        raise SheetError("the assignment is graded by a scale, and scores are numbers")
    if _MAXIMUM_HEADER in header:
        return header.index(_MAXIMUM_HEADER)
    found = [
        column
        for column in range(3, len(header) - 1)
        if len({row[column] for row in rows}) == 1
        and to_number(rows[0][column])
        and all(
            not row[column - 1].strip() or to_number(row[column - 1]) is not None for row in rows
        )
    ]
    if len(found) != 1:
        raise SheetError(
            "which column is the maximum grade cannot be told: set Moodle to English, and export "
            "the worksheet again"
        )
    return found[0]


def _comment(result: Result) -> str:
    """Returns the comment beside the grade, as the HTML that Moodle keeps."""
    right = sum(exercise.outcome == "correct" for exercise in result.exercises)
    lines = [
        f"{result.score:g} of {result.max_score:g} points; {right} of {len(result.exercises)} "
        f"exercises are fully right. {_OURS}",
        *result.account,
    ]
    # A backslash before the closing quote would break the row.
    return harmless("<br>".join(html.escape(line) for line in lines).rstrip("\\"))


def _comments_column(sheet: Sheet) -> int:
    """Returns the column of comments, which is the last one if there is any; 0 if not."""
    header = sheet.rows[0]
    return len(header) - 1 if _COMMENTS_HEADER.search(header[-1]) else 0


def _locked_rows(sheet: Sheet, maximum: int) -> set[int]:
    """Returns the rows whose grades cannot be changed.

    The column that says so is the next after the maximum, or the one after that if there is
    a marking workflow, whose own column holds more than yes and no.
    """
    rows = {n: row for n, row in enumerate(sheet.rows) if n and len(row) > maximum + 2}
    for column in (maximum + 1, maximum + 2):
        words = {number: row[column].strip().casefold() for number, row in rows.items()}
        if words and set(words.values()) <= _YES | _NO:
            return {number for number, word in words.items() if word in _NO}
    return set()


def _plain(name: str) -> str:
    """Returns a name without the markup that Moodle puts around one."""
    return " ".join(html.unescape(_MARKUP.sub(" ", name)).split())


def _may_be(name: str, row: list[str]) -> bool:
    """Whether a folder's name can belong to the participant in a row.

    Before Moodle 4.1 a member's folder began with the team's name. With blind marking there is no
    name, and folder and row are both named after the identifier.
    """
    folder, person = _letters(name), _letters(_plain(row[1]))
    blind = _letters(re.sub(r"\d", "", row[0]))
    return folder in (person, blind) or ("-" in name and folder.endswith(person))


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(char for char in plain if char.isalnum())

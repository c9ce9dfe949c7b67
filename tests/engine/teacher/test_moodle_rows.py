"""What is said of the rows of a Moodle worksheet is so."""

import csv
import io

import pytest

from autograder.exports.filling import Filled
from autograder.exports.moodle_worksheet import fill_worksheet
from autograder.results import Result, Source

ENGLISH = (
    "Identifier,Full name,Status,Group,Grade,Maximum grade,Marking workflow state,"
    "Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments"
)
GERMAN = (
    "ID,Vollständiger Name,Status,Gruppe,Bewertung,Bestwertung,Bewertung kann geändert werden,"
    "Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar"
)
SUSPENDED = (
    '<span class="usersuspended">Ben Bo <img src="https://m.example/i" alt="Enrolment suspended" '
    'class="usersuspendedicon" /></span>'
)


def filled(text: str, *people: tuple[int, str]) -> tuple[Filled, list[list[str]]]:
    results = [
        Result(
            f"{name}_{number}", 50, 100, (), (),
            Source(name, lms="moodle", ids={"moodle_participant_id": str(number)}),
        )
        for number, name in people
    ]  # fmt: skip
    made = fill_worksheet(text.encode(), results)
    return made, list(csv.reader(io.StringIO(made.data.decode())))


def row(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


PEOPLE = ((1, "Anna Abel"), (2, "Ben Bo"))


@pytest.mark.parametrize(
    ("yes", "no"),
    [("Yes", "No"), ("Ja", "Nein"), ("Oui", "Non"), ("Sí", "No"), ("Sim", "Não"), ("Tak", "Nie"),
     ("Да", "Нет"), ("是", "否"), ("はい", "いいえ"), ("Evet", "Hayır")],
)  # fmt: skip
@pytest.mark.parametrize("state", [True, False])
def test_a_locked_row_is_left_alone_and_named_in_any_language(
    yes: str, no: str, state: bool
) -> None:
    middle = ["Not marked"] if state else []
    header = ENGLISH if state else GERMAN
    text = header + "\n"
    text += row("P 1", "Anna Abel", "x", "G", "", "100.00", *middle, yes, "d", "-", "")
    text += row("P 2", "Ben Bo", "x", "G", "40.00", "100.00", *middle, no, "d", "-", "mine")
    made, rows = filled(text, *PEOPLE)
    assert rows[1][4] == "50"
    assert rows[2] == text.splitlines()[2].split(",")
    assert made.notes == ["Ben Bo's grade is locked there, so it is left as it is."]
    assert (made.filled, [r.source.name for r in made.taken]) == (1, ["Anna Abel"])
    # They are in the worksheet, and there is a result of theirs.
    assert (made.without_row, made.without_result) == ([], [])


def test_a_suspended_participant_is_known_by_name_and_said_to_be_suspended() -> None:
    text = ENGLISH + "\n"
    for number, name in ((1, "Anna Abel"), (2, SUSPENDED), (3, SUSPENDED.replace("Ben", "Bo"))):
        text += row(f"P {number}", name, "x", "G", "", "100.00", "Not marked", "Yes", "d", "-", "")
    made, rows = filled(text, *PEOPLE)
    assert [cells[4] for cells in rows[1:]] == ["50", "50", ""]
    assert rows[2][1] == SUSPENDED
    assert made.notes == ["Ben Bo is suspended in the course; the score is filled in all the same."]
    assert made.without_result == ["Bo Bo"]


def test_a_team_that_has_a_participants_number_gets_nothing_and_is_said() -> None:
    text = ENGLISH + "\n"
    text += row("P 1", "Anna Abel", "x", "G", "", "100.00", "Not marked", "Yes", "d", "-", "")
    made, rows = filled(text, (1, "Team 7"))
    assert rows[1][4] == ""
    assert (made.filled, made.taken) == (0, [])
    assert "if it is a team, give each of its members the grade by hand" in made.notes[0]


def test_a_maximum_of_a_thousand_points_is_no_point() -> None:
    text = ENGLISH + "\n"
    text += row("P 1", "Anna Abel", "x", "G", "", "1,000.00", "Not marked", "Yes", "d", "-", "")
    assert filled(text, PEOPLE[0])[1][1][4] == "500"

"""Makes LMS downloads and files by the LMSs' own rules, written from their documentation."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.small import COUNT, MISCOUNT


@dataclass(frozen=True)
class Person:
    """A student as an LMS knows them."""

    name: str
    number: int  # Canvas's user id, Moodle's participant id, Gradescope's submission id.
    sid: str
    email: str
    files: Mapping[str, str] = field(default_factory=lambda: {"words.py": COUNT})
    late: bool = False

    @property
    def sortable(self) -> str:
        first, _, last = self.name.rpartition(" ")
        return f"{last}, {first}" if first else last


PEOPLE = (
    Person("Ada Lovelace", 4101, "000123", "ada@example.org"),
    Person("Zoë O'Brien", 4102, "000124", "zoe@example.org", {"words.py": MISCOUNT}),
    Person("王 小明", 4103, "000125", "wang@example.org", late=True),
    Person("=cmd Formula", 4104, "000126", "=cmd@example.org"),
)


def zipped(path: Path, contents: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in contents.items():
            archive.writestr(name, text)
    return path


def canvas_name(person: Person) -> str:
    return re.sub(r"\W", "", person.sortable, flags=re.UNICODE).lower()


def canvas_download(
    path: Path, people: Sequence[Person] = PEOPLE, *, suffix: str = "", anonymous: bool = False
) -> Path:
    contents = {}
    for index, person in enumerate(people):
        late = "_LATE" if person.late else ""
        for offset, (file, text) in enumerate(person.files.items()):
            stem, dot, rest = file.partition(".")
            name = (
                f"anon{late}_aB{index}cD"
                if anonymous
                else (f"{canvas_name(person)}{late}_{person.number}")
            )
            contents[f"{name}_{880000 + 10 * index + offset}_{stem}{suffix}{dot}{rest}"] = text
    return zipped(path, contents)


def canvas_gradebook(
    people: Sequence[Person] = PEOPLE,
    *,
    assignment: str = "Deep learning (5501)",
    points: str = "10.00",
    delimiter: str = ",",
    end: str = "\r\n",
    bom: str = "",
) -> bytes:
    """The gradebook as a teacher exports it, with a column before and one after."""
    out = io.StringIO()
    write = csv.writer(out, delimiter=delimiter, lineterminator=end).writerow
    write(["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Essay (5500)", assignment,
           "Final Score"])  # fmt: skip
    write(["", "", "", "", "", "Manual Posting", "", ""])
    write(["    Points Possible", "", "", "", "", "5", points, "(read only)"])
    for person in people:
        login = person.email.partition("@")[0]
        write([person.sortable, person.number, person.sid, login, "A", "4.5", "", "70"])
    write(["Student, Test", "9999", "", "x1", "A", "", "", ""])
    return (bom + out.getvalue()).encode()


def moodle_name(person: Person) -> str:
    return re.sub(r"['/]", "", person.name).replace("_", " ")


def moodle_download(
    path: Path, people: Sequence[Person] = PEOPLE, *, flat: bool = False, old: bool = False
) -> Path:
    contents = {}
    for person in people:
        folder = f"{moodle_name(person)}_{person.number}_assignsubmission_file"
        for file, text in person.files.items():
            joint = "_" if flat else ("_/" if old else "/")
            contents[f"{folder}{joint}{file}"] = text
        if not flat:
            online = f"{moodle_name(person)}_{person.number}_assignsubmission_onlinetext"
            contents[f"{online}/onlinetext.html"] = "<p>Dear teacher</p>"
    return zipped(path, contents)


def moodle_worksheet(
    people: Sequence[Person] = PEOPLE, *, german: bool = False, maximum: str = "25.00"
) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    if german:
        rows.writerow(["ID", "Vollständiger Name", "E-Mail-Adresse", "Status", "Bewertung",
                       "Bestwertung", "Bewertung kann geändert werden",
                       "Zuletzt geändert (Abgabe)", "Zuletzt geändert (Bewertung)",
                       "Feedback als Kommentar"])  # fmt: skip
        prefix, maximum, yes = "Teilnehmer/in", maximum.replace(".", ","), "Ja"
    else:
        rows.writerow(["Identifier", "Full name", "Email address", "Status", "Grade",
                       "Maximum grade", "Grade can be changed", "Last modified (submission)",
                       "Last modified (grade)", "Feedback comments"])  # fmt: skip
        prefix, yes = "Participant ", "Yes"
    for person in people:
        rows.writerow([f"{prefix}{person.number}", person.name, person.email, "Submitted", "",
                       maximum, yes, "Friday, 20 November 2026, 10:00 AM", "-", ""])  # fmt: skip
    rows.writerow([f"{prefix}9999", "No Body", "no@example.org", "No submission", "", maximum, yes,
                   "-", "-", ""])  # fmt: skip
    return "﻿".encode() + out.getvalue().encode()


def gradescope_download(path: Path, people: Sequence[Person] = PEOPLE) -> Path:
    lines, contents = ["---"], {}
    for person in people:
        lines += [
            f"submission_{person.number}:",
            "  :submitters:",
            f"  - :name: {json.dumps(person.name, ensure_ascii=False)}",
            f"    :sid: '{person.sid}'",
            f"    :email: {json.dumps(person.email)}",
            "  :created_at: 2026-11-20 23:15:09.123456000 -08:00",
            "  :score: 0.0",
            "  :status: :processed",
        ]
        for file, text in person.files.items():
            contents[f"assignment_77_export/submission_{person.number}/{file}"] = text
    contents["assignment_77_export/submission_metadata.yml"] = "\n".join(lines) + "\n"
    return zipped(path, contents)


def classroom50_download(folder: Path, logins: Mapping[str, str]) -> Path:
    root = folder / "ml-course-descent_submissions_20261120T101500Z"
    for login, source in logins.items():
        clone = root / f"ml-course-descent-{login}"
        (clone / ".git").mkdir(parents=True)
        (clone / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        (clone / "words.py").write_text(source)
        (clone / "result.json").write_text(json.dumps(
            {"schema": "classroom50/result/v1", "classroom": "ml-course", "assignment": "descent",
             "assignment_type": "individual", "owner": login, "submission": "submit/2026-11-20",
             "commit": "a" * 40, "release": "https://host/releases/1",
             "review": "https://host/compare/1", "datetime": "2026-11-20T10:15:00Z", "score": 0,
             "max-score": 100, "tests": []}))  # fmt: skip
    (root / "scores.csv").write_text("login,score\n")
    return root

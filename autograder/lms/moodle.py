"""Moodle: the zip of "Download all submissions", in folders or flat.

Folders are called `Full Name_{participant id}_assignsubmission_file`, with `onlinetext` beside
`file` and a trailing `_` before Moodle 4.1; files in the flat form continue that name. A team's
carry the group's name and number, `Default group` none (mod/assign/locallib.php).
"""

import re
from typing import Final

from autograder.lms.download import Belonging, Download, Entry, Listing
from autograder.results import Source

_NAME: Final = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<file>.*))?"
)


def recognise(listing: Listing) -> Download | None:
    """Returns the download, if all possible work at the top is named as Moodle names it."""
    found = [(top, _NAME.fullmatch(top)) for top in listing.top]
    if any(match is None and listing.may_be_work(top) for top, match in found):
        return None
    found = [(top, match) for top, match in found if match]
    if not found:
        return None
    files = set(listing.top_files)
    people: dict[str, list[tuple[str, re.Match[str]]]] = {}
    for top, match in found:
        assert match is not None
        people.setdefault(match["id"] or match["name"], []).append((top, match))
    return Download("moodle", [_entry(theirs, files) for theirs in people.values()])


def _entry(theirs: list[tuple[str, re.Match[str]]], files: set[str]) -> Entry:
    _, first = theirs[0]
    name, number = first["name"], first["id"]
    source = Source(name, lms="moodle", ids={"moodle_participant_id": number} if number else {})
    belongings = tuple(
        Belonging(top, (match["file"] or top) if top in files else "") for top, match in theirs
    )
    return Entry(f"{name}_{number}" if number else name, source, belongings)

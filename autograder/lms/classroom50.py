"""Classroom 50: the folder of clones that its download makes.

`<classroom>-<assignment>_submissions_<time>/<classroom>-<assignment>-<login>/`, with a `scores.csv`
beside the clones. `result.json` and `results.json` in a clone are not the student's work but the
output of the last grading; they say which assignment the clone is a submission for.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from autograder.lms.download import Belonging, Download, DownloadError, Entry, Listing
from autograder.results import Source

_SCORES: Final = "scores.csv"
SCHEMA: Final = "classroom50/result/v1"
_FOLDER: Final = re.compile(r"(?P<prefix>.+)_submissions_.+")
_NAME: Final = re.compile(r"[\w.-]{1,100}")
_ADDRESS: Final = re.compile(r"https?://[\w.:/?#=&%+~@-]{1,300}")
# The fields of a result that describe its submission, apart from its score, and their patterns.
ABOUT: Final = {
    "classroom": _NAME,
    "assignment": _NAME,
    "assignment_type": re.compile(r"individual|group|team"),
    "owner": _NAME,
    "submission": re.compile(r"submit/[\w./:-]{1,100}"),
    "commit": re.compile(r"[0-9a-f]{7,64}"),
    "release": _ADDRESS,
    "review": _ADDRESS,
    "datetime": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
}


def recognise(listing: Listing) -> Download | None:
    """Returns the download, if its folder or the `scores.csv` among clones says that it is one.

    The common prefix of its clones is taken from the folder's name, or from most of the clones:
    students can write the result file in their own clone.
    """
    clones = [name for name in listing.top if listing.may_be_work(name)]
    if any(clone in listing.top_files for clone in clones):
        return None
    named = _FOLDER.fullmatch(listing.name)
    prefix = named["prefix"] if named else ""
    if not named and _SCORES in listing.top_files:
        prefix = _common_prefix(clones, listing)
    mine = [clone for clone in clones if prefix and clone.startswith(f"{prefix}-")]
    if len(mine) * 2 <= len(clones):
        return None
    entries = [_entry(clone, prefix, listing) for clone in mine]
    renamed = [clone for clone in clones if clone not in mine]
    entries += [Entry(c, Source(c, lms="classroom50"), (Belonging(c, ""),)) for c in renamed]
    told = tuple(
        f"{clone} is not called {prefix}-LOGIN like the others: whose it is is not known."
        for clone in renamed
    )
    return Download("classroom50", entries, about=(_SCORES,), told=told)


def _common_prefix(clones: Sequence[str], listing: Listing) -> str:
    """Returns the prefix of most clones' names, before `-` and a login, as their results say."""
    said = Counter(
        _prefix(about)
        for clone in clones
        if (about := _about(f"{clone}/result.json", listing))
        and clone == f"{_prefix(about)}-{about['classroom50_owner']}"
    )
    return next((prefix for prefix, count in said.items() if count * 2 > len(clones)), "")


def _prefix(about: Mapping[str, str]) -> str:
    return f"{about['classroom50_classroom']}-{about['classroom50_assignment']}"


def _entry(clone: str, prefix: str, listing: Listing) -> Entry:
    login = clone.removeprefix(f"{prefix}-")
    about = _about(f"{clone}/result.json", listing)
    if about and (_prefix(about) != prefix or about["classroom50_owner"] != login):
        about = {}  # Belongs to somebody else, or is made up.
    ids = {"classroom50_login": login} | about
    source = Source(login, lms="classroom50", ids=ids)
    return Entry(login, source, (Belonging(clone, ""),))


def _about(path: str, listing: Listing) -> dict[str, str]:
    """Returns what an earlier result says about its submission; empty if it is not valid.

    Students can write that file, and what it says goes into the results.
    """
    if path not in listing.paths:
        return {}
    try:
        result: Any = msgspec.json.decode(listing.read(path))
    except (DownloadError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    if not isinstance(result, dict) or result.get("schema") != SCHEMA:
        return {}
    values = {key: result.get(key) for key in ABOUT}
    if not all(
        isinstance(value, str) and ABOUT[key].fullmatch(value) for key, value in values.items()
    ):
        return {}
    return {f"classroom50_{key}": str(value) for key, value in values.items()}

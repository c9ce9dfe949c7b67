"""Classroom 50: the folder of clones that its download makes.

`<classroom>-<assignment>_submissions_<time>/<classroom>-<assignment>-<login>/`, with a `scores.csv`
beside the clones. `result.json` and `results.json` in a clone are not the student's work, but what
the last grading left there; they tell what the clone is a submission of.
"""

import math
import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from autograder.lms.download import Belonging, Download, DownloadError, Listing, Work
from autograder.results import Result, Source

SCHEMA: Final = "classroom50/result/v1"
_FOLDER: Final = re.compile(r"(?P<prefix>.+)_submissions_.+")
_NAME: Final = re.compile(r"[\w.-]{1,100}")
_ADDRESS: Final = re.compile(r"https?://[\w.:/?#=&%+~@-]{1,300}")
# What a result says about its submission, whatever its score, and what that looks like.
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


class UnknownSubmissionError(Exception):
    """A result cannot be one of Classroom 50's; the message is a clause that says why."""


def recognise(listing: Listing) -> Download | None:
    """Returns the download, if its folder or the `scores.csv` among clones says that it is one."""
    clones = [name for name in listing.top if listing.may_be_work(name)]
    named = _FOLDER.fullmatch(listing.name)
    prefix = named["prefix"] if named else ""
    if not named and "scores.csv" in listing.top_files:
        # A folder that was renamed: an earlier result tells what its clones are called after.
        results = (_about(f"{clone}/result.json", listing) for clone in clones)
        prefix = next((_prefix(about) for about in results if about), "")
    if not clones or not prefix or not all(clone.startswith(f"{prefix}-") for clone in clones):
        return None
    if any(clone in listing.top_files for clone in clones):
        return None
    return Download("classroom50", [_work(clone, prefix, listing) for clone in clones])


def _prefix(about: Mapping[str, str]) -> str:
    return f"{about['classroom50_classroom']}-{about['classroom50_assignment']}"


def _work(clone: str, prefix: str, listing: Listing) -> Work:
    login = clone.removeprefix(f"{prefix}-")
    about = _about(f"{clone}/result.json", listing)
    if about and (_prefix(about) != prefix or about["classroom50_owner"] != login):
        about = {}  # Somebody else's, or made up.
    ids = {"classroom50_login": login} | about
    source = Source(login, lms="classroom50", ids=ids)
    return Work(login, source, (Belonging(clone, ""),))


def _about(path: str, listing: Listing) -> dict[str, str]:
    """Returns what an earlier result says; nothing where it is not as it should be.

    Students can write that file, and what it says goes out again.
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


def classroom50_result(result: Result) -> dict[str, Any]:
    """Returns the content of Classroom 50's `result.json` for one submission.

    Its scores are whole numbers, so each exercise's is rounded down: nothing that is not fully
    right looks as if it were. The exact points go along under `points`.

    Raises:
        UnknownSubmissionError: it is not known what this is a submission of.
    """
    ids = result.source.ids
    about = {key: ids.get(f"classroom50_{key}", "") for key in ABOUT}
    if not all(about.values()):
        raise UnknownSubmissionError(
            f"the clone of {result.submission} holds no result.json of Classroom 50's own, which "
            "says what it is a submission of"
        )
    tests = [
        {
            "test-name": exercise.id,
            "passed": exercise.outcome == "correct",
            "score": math.floor(exercise.score),
            "max-score": math.ceil(exercise.max_score),
            "points": exercise.score,
        }
        for exercise in result.exercises
    ]
    return {
        "schema": SCHEMA,
        **about,
        "score": math.floor(result.score),
        "max-score": math.ceil(result.max_score),
        "tests": tests,
    }

"""Classroom 50: the folder of clones that its download makes.

`<classroom>-<assignment>_submissions_<time>/<classroom>-<assignment>-<login>/`, with a `scores.csv`
beside the clones. `result.json` and `results.json` in a clone are not the student's work, but what
the last grading left there; they tell what the clone is a submission of.
"""

import math
import os
import re
from typing import Any, Final

import msgspec

from autograder.lms.download import Belonging, Download, Listing, Work
from autograder.results import Result, Source

SCHEMA: Final = "classroom50/result/v1"
_FOLDER: Final = re.compile(r"(?P<prefix>.+)_submissions_.+")
# What a result says about its submission, whatever its score.
ABOUT: Final = (
    "classroom assignment assignment_type owner submission commit release review datetime".split()
)


class UnknownSubmissionError(Exception):
    """A result cannot be one of Classroom 50's; the message is a clause that says why."""


def recognise(listing: Listing) -> Download | None:
    """Returns the download, if its folder or the `scores.csv` among clones says that it is one."""
    clones = [name for name in listing.top if name not in listing.top_files]
    named = _FOLDER.fullmatch(listing.name)
    prefix = named["prefix"] if named else _common(clones)
    if not clones or not prefix or not all(clone.startswith(f"{prefix}-") for clone in clones):
        return None
    if not named and "scores.csv" not in listing.top_files:
        return None
    return Download("classroom50", [_work(clone, prefix, listing) for clone in clones])


def _common(names: list[str]) -> str:
    """Returns what all names begin with, up to a hyphen."""
    if len(names) < 2:
        return ""
    first, last = min(names), max(names)
    # Character by character is meant.
    return os.path.commonprefix([first, last]).rpartition("-")[0]  # noqa: RUF071


def _work(clone: str, prefix: str, listing: Listing) -> Work:
    login = clone.removeprefix(f"{prefix}-")
    ids = {"classroom50_login": login} | _about(f"{clone}/result.json", listing)
    source = Source(login, lms="classroom50", ids=ids)
    return Work(login, source, (Belonging(clone, ""),))


def _about(path: str, listing: Listing) -> dict[str, str]:
    """Returns what an earlier result says. Students can write that file, so it is only text."""
    if path not in listing.paths:
        return {}
    try:
        result: Any = msgspec.json.decode(listing.read(path))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return {}
    if not isinstance(result, dict) or result.get("schema") != SCHEMA:
        return {}
    return {
        f"classroom50_{key}": value[:200]
        for key in ABOUT
        if isinstance(value := result.get(key), str) and value
    }


def classroom50_result(result: Result) -> dict[str, Any]:
    """Returns the content of Classroom 50's `result.json` for one submission.

    Its scores are whole numbers, so each exercise's is rounded down: nothing that is not fully
    right looks as if it were. The exact points go along under `points`.

    Raises:
        UnknownSubmissionError: it is not known what this is a submission of.
    """
    ids = result.source.ids
    about = {key: ids.get(f"classroom50_{key}", "") for key in ABOUT}
    missing = [key for key, value in about.items() if not value]
    if missing or about["owner"] != ids.get("classroom50_login"):
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

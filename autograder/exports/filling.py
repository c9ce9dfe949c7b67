"""The outcome of filling an LMS's own file with scores."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from autograder.results import Result, Source

_IDS_OF_ONE: Final = ("canvas_user_id", "classroom50_login", "moodle_participant_id")


class Filled(NamedTuple):
    """A filled file, and who is missing from the file or the results."""

    data: bytes
    filled: int  # How many scores were filled in.
    taken: list[Result]  # The results whose scores were filled in.
    without_row: list[Result]  # Results that belong to nobody in the file.
    without_result: list[str]  # Names in the file without a result.
    notes: list[str]  # Further sentences for the teacher.


def ids_of_people(source: Source) -> list[str]:
    """Returns the sids and email addresses of a student, or of each of a group."""
    found = []
    for kind in ("sid", "email"):
        value = source.ids.get(kind, "")
        parts = value.split(", ")
        found += parts if len(parts) == len(source.members) else [value]
    return [id for id in found if id]


def all_ids_of(result: Result) -> set[str]:
    """Returns all ids by which a submission could be matched to a person."""
    plain = (result.source.ids.get(kind, "") for kind in _IDS_OF_ONE)
    return {result.submission, *ids_of_people(result.source), *filter(None, plain)}


def ids_of_several(results: Iterable[Result]) -> set[str]:
    """Returns the ids that several submissions claim, so that they identify nobody.

    Students can edit some of their data in an LMS, and name a file like somebody's login.
    """
    claims = Counter(id for result in results for id in all_ids_of(result))
    return {id for id, count in claims.items() if count > 1}

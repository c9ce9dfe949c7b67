"""What Gradescope says about a submission: when it came, and when it was due.

The format: https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/
"""

import math
from datetime import datetime
from pathlib import Path

import msgspec


class MetadataError(Exception):
    """The metadata does not say when the submission came or was due; the message is a clause."""


class _Assignment(msgspec.Struct):
    due_date: str | None = None


class _User(msgspec.Struct):
    assignment: _Assignment | None = None  # There where the student has an extension.


class _Metadata(msgspec.Struct):
    created_at: str
    assignment: _Assignment
    users: list[_User] = []


def seconds_late(path: Path) -> int:
    """Returns how long after its due date a submission came; 0 in time, or where nothing is due.

    A member's own due date, an extension, goes before the assignment's; for a group the latest of
    its members' counts. A submission that is graded again is as late as it was.

    Args:
        path: The file `submission_metadata.json`.

    Raises:
        MetadataError: the file is missing or says something else than it should.
    """
    try:
        metadata = msgspec.json.decode(path.read_bytes(), type=_Metadata)
        own = [user.assignment.due_date for user in metadata.users if user.assignment]
        due = [_instant(date) for date in own if date is not None]
        if not due and metadata.assignment.due_date is not None:
            due = [_instant(metadata.assignment.due_date)]
        if not due:
            return 0
        return max(0, math.ceil((_instant(metadata.created_at) - max(due)).total_seconds()))
    except OSError as error:
        raise MetadataError(f"it cannot be read ({error.strerror or error})") from None
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors too.
        raise MetadataError(f"it is not as expected ({error})") from None


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time in it has no offset from UTC")
    return moment

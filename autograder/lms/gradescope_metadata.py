"""Gradescope's metadata on a submission: when it was submitted, and when it was due.

The format: https://gradescope-autograders.readthedocs.io/en/latest/submission_metadata/
"""

import math
from datetime import datetime
from pathlib import Path

import msgspec


class MetadataError(Exception):
    """The metadata does not tell how late a submission is; the message is a clause."""


class _Assignment(msgspec.Struct):
    due_date: str | None = None


class _User(msgspec.Struct):
    assignment: _Assignment | None = None  # Present where the student has an extension.


class _Metadata(msgspec.Struct):
    created_at: str
    assignment: _Assignment
    users: list[_User] = []


def seconds_late(path: Path) -> int:
    """Returns how many seconds late a submission is; 0 if in time or without a due date.

    A member's own due date (an extension) overrides the assignment's; for a group, its members'
    latest due date counts. Regrading does not change how late a submission is.

    Args:
        path: The file `submission_metadata.json`.

    Raises:
        MetadataError: the file is missing or not as expected.
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

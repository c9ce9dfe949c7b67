"""A course as a gradebook keeps it: the data that reports need. None of its code is run."""

from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from autograder.course.contracts import contract_of
from autograder.course.data import Course, CourseError, CourseFile, checked

# The path of a course that has no folder.
_NOWHERE: Final = Path("/nonexistent")


class _Recorded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    course: CourseFile
    contracts: dict[str, Annotated[str, Meta(max_length=100_000)]]


def record_of(course: Course) -> str:
    """Returns a course as text to keep: `course.toml`, and what its exercises ask for."""
    contracts = {exercise: contract_of(course, exercise) for exercise in course.exercises}
    return msgspec.json.encode(_Recorded(course.said, contracts)).decode()


def recorded_course(text: str) -> Course:
    """Returns the course from text that `record_of` made.

    Raises:
        CourseError: the text does not describe a valid course.
    """
    try:
        recorded = msgspec.json.decode(text, type=_Recorded)
    except (msgspec.DecodeError, RecursionError) as error:
        raise CourseError(str(error)) from None
    return checked(recorded.course, _NOWHERE, recorded.contracts)


def is_same_course(one: Course, other: Course) -> bool:
    """Whether two courses are the same, even if one's title or exercises were edited."""
    return one.title == other.title or [*one.exercises] == [*other.exercises]

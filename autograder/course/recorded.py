"""A course as a gradebook keeps it: what reports need of it, as data. Nothing of it is run."""

from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from autograder.course.contracts import contract_of
from autograder.course.data import Course, CourseError, CourseFile, checked

# Where a course is that is no folder.
_NOWHERE: Final = Path("/nonexistent")


class _Recorded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    course: CourseFile
    contracts: dict[str, Annotated[str, Meta(max_length=100_000)]]


def record_of(course: Course) -> str:
    """Returns a course as text to keep: what `course.toml` says, and what exercises ask for."""
    contracts = {exercise: contract_of(course, exercise) for exercise in course.exercises}
    return msgspec.json.encode(_Recorded(course.said, contracts)).decode()


def recorded_course(text: str) -> Course:
    """Returns a course that `record_of` made text of.

    Raises:
        CourseError: it is none.
    """
    try:
        recorded = msgspec.json.decode(text, type=_Recorded)
    except (msgspec.DecodeError, RecursionError) as error:
        raise CourseError(str(error)) from None
    return checked(recorded.course, _NOWHERE, recorded.contracts)


def is_same_course(one: Course, other: Course) -> bool:
    """Whether two are one course, of which perhaps one was edited: its title or its exercises."""
    return one.title == other.title or [*one.exercises] == [*other.exercises]

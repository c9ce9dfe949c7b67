"""What came of filling an LMS's own file with scores."""

from typing import NamedTuple

from autograder.results import Result


class Filled(NamedTuple):
    """A filled file, and who is on one side only."""

    data: bytes
    filled: int  # How many scores are in it.
    taken: list[Result]  # Those that the scores are of.
    without_row: list[Result]  # Results that belong to nobody in the file.
    without_result: list[str]  # Names in the file of whom there is no result.
    notes: list[str]  # Further sentences for the teacher.

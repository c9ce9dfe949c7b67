"""From a path, archive, notebook or LMS download to submissions."""

from autograder.submissions.model import Chunk, Handin, Submission, UnreadableError
from autograder.submissions.reading import find_submissions, read_submission, to_submission

__all__ = [
    "Chunk",
    "Handin",
    "Submission",
    "UnreadableError",
    "find_submissions",
    "read_submission",
    "to_submission",
]

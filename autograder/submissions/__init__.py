"""From a path, archive, notebook or LMS download to submissions.

A class's submissions are found in `finding`: the students' release reads only their own files.
"""

from autograder.submissions.model import Chunk, Handin, Piece, Submission, UnreadableError
from autograder.submissions.reading import not_read, read_submission, to_submission

__all__ = [
    "Chunk",
    "Handin",
    "Piece",
    "Submission",
    "UnreadableError",
    "not_read",
    "read_submission",
    "to_submission",
]

"""From a path, archive, notebook or LMS download to submissions.

Finding a class's submissions is in `finding`: what students get reads their own files only.
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

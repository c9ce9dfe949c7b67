"""From a path, archive, notebook or LMS download to submissions."""

from autograder.submissions.model import Chunk, Submission

__all__ = ["Chunk", "Submission"]

"""Grades one or many submissions in one pytest session."""

from autograder.checking.errors import BrokenGraderError
from autograder.examiner.examiner import Examiner

__all__ = ["BrokenGraderError", "Examiner"]

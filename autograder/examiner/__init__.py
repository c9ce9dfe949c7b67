"""One pytest session over one or many submissions: from submissions to results."""

from autograder.checking.errors import BrokenGraderError
from autograder.examiner.examiner import Examiner

__all__ = ["BrokenGraderError", "Examiner"]

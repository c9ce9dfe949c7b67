"""One pytest session over one or many submissions: from submissions to results."""

from autograder.checking.errors import BrokenGraderError
from autograder.examiner.session import Examiner

__all__ = ["BrokenGraderError", "Examiner"]

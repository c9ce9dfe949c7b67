"""What a notebook of the course uses: `grader.check("median")` and `grader.draw("median")`."""

from autograder.notebook.grader import Grader

__all__ = ["Grader"]

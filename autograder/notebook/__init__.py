"""What a notebook of the course uses: `grader.check("softmax")` and `grader.draw("softmax")`."""

from autograder.notebook.grader import Grader

__all__ = ["Grader"]

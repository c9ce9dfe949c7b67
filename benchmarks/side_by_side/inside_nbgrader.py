"""Runs in nbgrader's environment: prints what its gradebook holds, as one line of JSON.

python inside_nbgrader.py ASSIGNMENT
"""

import json
import sys

from nbgrader.api import Gradebook


def main(assignment: str) -> None:
    """Prints the points by student and graded cell."""
    with Gradebook("sqlite:///gradebook.db") as gradebook:
        made = {
            submission.student.id: {
                grade.name: grade.score
                for notebook in submission.notebooks
                for grade in notebook.grades
            }
            for submission in gradebook.assignment_submissions(assignment)
        }
    print(json.dumps(made))


if __name__ == "__main__":
    main(*sys.argv[1:])

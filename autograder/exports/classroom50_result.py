"""Classroom 50's `result.json`, which its grading leaves in a clone and its page shows."""

import math
from typing import Any

from autograder.lms.classroom50 import ABOUT, SCHEMA
from autograder.results import Result


class UnknownSubmissionError(Exception):
    """No Classroom 50 submission is known for a result; the message is a clause that says why."""


def classroom50_result(result: Result) -> dict[str, Any]:
    """Returns the content of Classroom 50's `result.json` for one submission.

    Its scores are whole numbers, so each exercise's score is rounded down: nothing looks fully
    right that is not. The exact points are under `points`.

    Raises:
        UnknownSubmissionError: it is not known which submission the result belongs to.
    """
    ids = result.source.ids
    about = {key: ids.get(f"classroom50_{key}", "") for key in ABOUT}
    if not all(about.values()):
        raise UnknownSubmissionError(
            f"the clone of {result.submission} holds no result.json of Classroom 50's own, which "
            "says what it is a submission of"
        )
    tests = [
        {
            "test-name": exercise.id,
            "passed": exercise.outcome == "correct",
            "score": math.floor(exercise.score),
            "max-score": math.ceil(exercise.max_score),
            "points": exercise.score,
        }
        for exercise in result.exercises
    ]
    return {
        "schema": SCHEMA,
        **about,
        "score": math.floor(result.score),
        "max-score": math.ceil(result.max_score),
        "tests": tests,
    }

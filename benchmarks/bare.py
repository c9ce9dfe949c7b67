"""The yardstick: the same checks run by pytest in one process, student code and all.

No isolation, no limits, no reports: what grading costs if one trusts everything. Checks are
collected once, as in the examiner, and each submission's modules are executed in this process.

    python -m benchmarks.bare CLASS SEED     one line of JSON: seconds, and points by submission
"""

import contextlib
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from autograder.checking.plugin import Examination
from autograder.checking.runs import CheckRun
from autograder.checking.scoring import grade_exercises
from autograder.checking.session import hold_session
from autograder.course import Course, load_course
from autograder.examiner.examiner import check_files, examination_of
from autograder.submissions import Submission, read_submission
from autograder.submissions.finding import find_submissions
from benchmarks.direct import DirectCandidate, lesson

Points = dict[str, dict[str, float]]


class BareRun(NamedTuple):
    """How long all submissions took, start-up not counted, and what each exercise of each got."""

    seconds: float
    points: Points


def candidate_of(submission: Submission) -> DirectCandidate:
    """Executes a submission's modules right here."""
    return DirectCandidate(
        {
            name: lesson(name, [(chunk.text, chunk.kind) for chunk in chunks])
            for name, chunks in submission.modules.items()
        }
    )


def run_bare(students: Path, seed: int) -> BareRun:
    """Runs all checks on every submission of a class."""
    course: Course = load_course()
    made: list[BareRun] = []

    def work(examination: Examination) -> None:
        handins = find_submissions(students, course).handins
        runs: dict[str, Sequence[CheckRun]] = {}
        start = perf_counter()
        for handin in handins:
            candidate = candidate_of(read_submission(handin, course))
            runs[handin.id] = [
                *examination.run(candidate, "public"),
                *examination.run(candidate, "hidden"),
            ]
        seconds = perf_counter() - start
        points = {
            id: {
                exercise.id: exercise.score
                for exercise in grade_exercises(course, of_one, course.exercises)
            }
            for id, of_one in runs.items()
        }
        made.append(BareRun(seconds, points))

    with contextlib.redirect_stdout(io.StringIO()):  # What students print.
        hold_session(examination_of(course, work), check_files(course), course, seed)
    return made[0]


if __name__ == "__main__":
    # Not there where work is graded. Here they are, for the site and the tests, and take longer to
    # import than a submission takes.
    for name in ("matplotlib", "scipy"):
        sys.modules[name] = None  # type: ignore[assignment]
    print(json.dumps(run_bare(Path(sys.argv[1]), int(sys.argv[2]))._asdict()))

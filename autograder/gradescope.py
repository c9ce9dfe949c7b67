"""Grades one submission inside Gradescope's container: `python -m autograder.gradescope`.

The archive that `autograder package gradescope` makes sets this package up there. Its script
`run_autograder` first leaves a `results.json` that says that grading did not finish, then runs
this, which replaces that file once everything is known: whatever happens here, there is one.
"""

import os
import sys
import time
from pathlib import Path
from typing import Final

import msgspec

from autograder.course import load_course
from autograder.display import printable
from autograder.examiner import Examiner
from autograder.exports.gradescope_results import Options, gradescope_results
from autograder.grading import Task, grade_one, read_alone
from autograder.lms.gradescope_metadata import MetadataError, seconds_late
from autograder.results import Source
from autograder.sandbox.process import Limits
from autograder.submissions import Handin, Piece
from autograder.writing import EVERYBODY, write_whole

OPTIONS_NAME: Final = "options.json"
# Kept apart from the options, which go into what students read.
SEED_NAME: Final = "seed"
# The smallest container has 768 MiB. This process and the server of student processes take 105 of
# them, and a submission may have two processes at once: with this limit, all fit. A right answer
# has 125 MiB of addresses. That container has half a processor, so calls get twice the usual time.
LIMITS: Final = Limits(
    call_seconds=4.0, import_seconds=20.0, submission_seconds=120.0, memory_bytes=304 << 20
)


def main(root: Path) -> int:
    """Grades the submission below Gradescope's folder `root` and returns the exit code."""
    started = time.monotonic()
    options = msgspec.json.decode((root / "source" / OPTIONS_NAME).read_bytes(), type=Options)
    seed = int((root / "source" / SEED_NAME).read_bytes())
    # Gradescope may have made this a link; it is followed, since no student can have made it.
    piece = Piece(Path(os.path.realpath(root / "submission")))
    handin = Handin("submission", Source("submission", lms="gradescope"), (piece,))
    problems: tuple[str, ...] = ()
    late: int | None = None
    try:
        late = seconds_late(root / "submission_metadata.json")
    except MetadataError as error:
        # The details are for the teacher, on stdout; a student can do nothing about them.
        print(printable(f"submission_metadata.json cannot be used: {error}."))
        problems = ("Gradescope does not say when this was due, so nothing is said on lateness.",)
    course = load_course()
    # Before the examiner starts: the smallest container has no room for both.
    submission = read_alone(handin, course)
    with Examiner(seed=seed, course=course, limits=LIMITS) as examiner:
        for layer in examiner.layers:
            print(f"{'in force' if layer.in_force else 'MISSING '}  {layer.name}: {layer.detail}")
        graded = grade_one(Task(submission), examiner)
    if graded.result is None:
        print(printable(f"The submission has no result: {graded.failure}."))
        return 1
    source = msgspec.structs.replace(graded.result.source, late=bool(late))
    result = msgspec.structs.replace(
        graded.result, source=source, problems=(*problems, *graded.result.problems)
    )
    results = gradescope_results(
        examiner.course,
        result,
        options=options,
        execution_seconds=time.monotonic() - started,
        late_seconds=late,
    )
    write_whole(root / "results" / "results.json", msgspec.json.encode(results), EVERYBODY)
    print(f"{result.score:g} of {result.max_score:g} points.")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(os.environ.get("AUTOGRADER_ROOT", "/autograder"))))

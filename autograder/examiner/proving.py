"""Proves a course's checks without grading a submission, to pack or certify them."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future

from autograder.checking.errors import broken_by
from autograder.checking.plugin import CollectedCheck
from autograder.checking.session import hold_session, insist_on_modules
from autograder.course import Course
from autograder.examiner.course_files import insist_on_files
from autograder.examiner.examiner import check_files, examination_of, prove, wait_for_proof
from autograder.mistakes.catalogue import load_mistakes
from autograder.mistakes.parts import load_parts


def prove_course(course: Course, seed: int) -> Sequence[CollectedCheck]:
    """Returns the course's checks, once its reference solutions have passed them.

    Raises:
        BrokenGraderError: a file of the course is missing or cannot be used, or a check fails.
    """
    insist_on_modules(course)
    insist_on_files(course)
    examination = examination_of(course, lambda running: prove(running, course, seed))
    proved: Future[None] = Future()

    def hold() -> None:
        try:
            hold_session(examination, check_files(course), course, seed)
            load_mistakes(course)
            load_parts(course)
            proved.set_result(None)
        except Exception as error:
            proved.set_exception(broken_by(error))

    # A check that never ends stays behind in that thread, and ends with this process.
    threading.Thread(target=hold, daemon=True).start()
    wait_for_proof(examination, proved)
    return examination.checks

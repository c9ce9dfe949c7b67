"""The yardstick: the same checks run by pytest in one process, student code and all.

No isolation, no limits, no reports: what grading costs if one trusts everything. Checks are
collected once, as in the examiner, and each submission's modules are executed in this process.
"""

import contextlib
import copy
import io
import types
import warnings
from pathlib import Path
from time import perf_counter
from typing import Any

from autograder.calls import Outcome, Problem
from autograder.checking.plugin import Examination
from autograder.checking.session import hold_session
from autograder.course import Course, load_course
from autograder.examiner.session import check_files
from autograder.submissions import Submission, read_submission
from autograder.submissions.finding import find_submissions


class BareCandidate:
    """Calls a student's functions right here."""

    def __init__(self, submission: Submission) -> None:
        self._functions: dict[str, Any] = {}
        for name, chunks in submission.modules.items():
            module = types.ModuleType(name)
            for chunk in chunks:
                try:
                    exec(compile(chunk.text, chunk.label, "exec"), module.__dict__)
                except BaseException:
                    break
            self._functions |= {f"{name}.{key}": value for key, value in vars(module).items()}

    def begin(self, check: str) -> None:
        """Nothing is fetched ahead."""

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Makes the call, on copies of the arguments, and sees changes and warnings."""
        if exercise not in self._functions:
            return Outcome("missing")
        given = copy.deepcopy(arguments)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                value = self._functions[exercise](*given)
            except BaseException as error:
                bases = tuple(kind.__name__ for kind in type(error).__mro__)
                return Outcome("raised", problem=Problem(type(error).__name__, bases, str(error)))
        changed = repr(given) != repr(arguments)
        told = tuple((w.category.__name__, str(w.message)) for w in caught)
        return Outcome("returned", value, after=given if changed else None, warnings=told)


def bare_seconds(students: Path) -> float:
    """Returns the seconds that the bare run takes for each submission of a class."""
    course: Course = load_course()
    seconds: list[float] = []

    def work(examination: Examination) -> None:
        handins = find_submissions(students, course).handins
        start = perf_counter()
        for handin in handins:
            candidate = BareCandidate(read_submission(handin, course))
            for visibility in ("public", "hidden"):
                for _ in examination.run(candidate, visibility):
                    pass
        seconds.append((perf_counter() - start) / len(handins))

    examination = Examination(course, work)
    with contextlib.redirect_stdout(io.StringIO()):  # What students print.
        hold_session(examination, check_files(course), course, course.default_seed)
    return seconds[0]

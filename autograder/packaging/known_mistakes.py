"""Makes the students' table of known mistakes: what public calls give with each, and what to say.

A mistake that is right in every public call is not in it: only hidden checks see it.
"""

from typing import Any

import msgspec

from autograder.calls import Outcome
from autograder.checking.known import (
    KnownMistake,
    KnownMistakes,
    Recorded,
    Table,
    to_json_value,
)
from autograder.checking.likeness import Ending
from autograder.checking.plugin import Examination
from autograder.checking.session import hold_session, public_checks
from autograder.course import Course
from autograder.examiner.script import ReferenceCandidate, Script, broken_reference, calls_of
from autograder.mistakes.catalogue import load_mistakes
from autograder.references import observe_here, reference


def known_mistakes(course: Course) -> bytes:
    """Returns the table as JSON.

    Raises:
        BrokenGraderError: a reference solution fails a public check.
    """
    table: Table = {}
    calls = calls_of(_public_script(course), course.exercises)
    for exercise, mistakes in load_mistakes(course).items():
        made = tuple(calls[exercise])
        right = [Ending(observe_here(reference(course, exercise), call)) for call in made]
        told = []
        for known in mistakes:
            outcomes = [observe_here(known.function, call) for call in made]
            endings = list(map(Ending, outcomes))
            if not all(map(Ending.alike, endings, right)):
                recorded = tuple(map(_recorded, outcomes, endings))
                told.append(KnownMistake(known.id, known.sentence, known.lesson, recorded))
        table[exercise] = KnownMistakes(made, tuple(told))
    return msgspec.json.format(msgspec.json.encode(table), indent=1) + b"\n"


def _recorded(outcome: Outcome, ending: Ending) -> Recorded:
    value = None if ending.problem else to_json_value(outcome.value)
    return Recorded(value, ending.problem, ending.warns, ending.changes)


def _public_script(course: Course) -> Script:
    """Returns the calls that the public checks make."""
    candidate = ReferenceCandidate(course)

    def record(examination: Examination) -> Any:
        for run in examination.run(candidate, "public"):
            if run.error is not None:
                raise broken_reference(run, run.error, None)

    files = public_checks(lesson.id for lesson in course.lessons)
    hold_session(Examination(course, record), files, course)
    return candidate.script

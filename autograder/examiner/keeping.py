"""From graded lessons to a result: those that were graded now, and those that still hold."""

import itertools
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from autograder.course import Course
from autograder.examiner.keys import content_key
from autograder.results import ExerciseResult, Result, rounded
from autograder.submissions.model import Submission


class GradedLessons(NamedTuple):
    """Some lessons of a submission: their exercises, what was noted, and the keys they go by."""

    exercises: Iterable[ExerciseResult]
    noted: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, str]
    confinement: tuple[str, ...]


def lessons_that_hold(
    earlier: Result | None, submission: Submission, keys: Mapping[str, str]
) -> frozenset[str]:
    """Returns the lessons that need not be graded again, since nothing they depend on changed.

    Args:
        earlier: What was made of this submission before, if anything.
        submission: The submission as it is now.
        keys: The key of each lesson now.
    """
    if earlier is None or earlier.content != content_key(submission):
        return frozenset()
    return frozenset(lesson for lesson, key in keys.items() if earlier.keys.get(lesson) == key)


def kept(earlier: Result, lessons: Collection[str]) -> GradedLessons:
    """Returns these lessons of an earlier result."""
    return GradedLessons(
        [e for e in earlier.exercises if e.id.partition(".")[0] in lessons],
        {lesson: told for lesson, told in earlier.noted.items() if lesson in lessons},
        {lesson: key for lesson, key in earlier.keys.items() if lesson in lessons},
        earlier.confinement,
    )


def to_result(course: Course, submission: Submission, *parts: GradedLessons) -> Result:
    """Returns the result of a submission, in course order, however it came to be graded."""
    by_id = {exercise.id: exercise for part in parts for exercise in part.exercises}
    exercises = tuple(by_id[name] for name in course.exercises)
    noted = {
        module.id: told
        for module in course.modules
        for part in parts
        if (told := part.noted.get(module.id))
    }
    keys = {
        module.id: part.keys[module.id]
        for module in course.modules
        for part in parts
        if module.id in part.keys
    }
    return Result(
        submission=submission.id,
        score=rounded(sum(exercise.score for exercise in exercises)),
        max_score=course.max_score,
        exercises=exercises,
        problems=(*submission.problems, *itertools.chain(*noted.values())),
        source=submission.source,
        confinement=parts[0].confinement,
        digest=submission.digest,
        content=content_key(submission),
        keys=keys,
        noted=noted,
    )

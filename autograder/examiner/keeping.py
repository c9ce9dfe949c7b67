"""Makes a result of graded lessons: those graded now, and earlier ones that still hold."""

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from autograder.calls import Outcome
from autograder.checking.student import out_of_time
from autograder.course import Course
from autograder.examiner.keys import content_key
from autograder.results import ExerciseResult, Result, rounded
from autograder.sandbox.process import Limits
from autograder.submissions.model import Submission


class GradedLessons(NamedTuple):
    """Some graded lessons of a submission: their exercises, notes and keys, and confinement."""

    exercises: Iterable[ExerciseResult]
    noted: Mapping[str, tuple[str, ...]]
    keys: Mapping[str, str]
    confinement: tuple[str, ...]


def lessons_that_hold(
    earlier: Result | None, submission: Submission, keys: Mapping[str, str]
) -> frozenset[str]:
    """Returns the lessons that need not be graded again, since nothing they depend on changed.

    Args:
        earlier: The submission's earlier result, if any.
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


def with_what_ran_out(
    noted: Mapping[str, Sequence[str]],
    answers: Mapping[str, Mapping[bytes, Outcome]],
    sluggish: Collection[str],
    submission: Submission,
    limits: Limits,
) -> dict[str, tuple[str, ...]]:
    """Returns the notes on each lesson, with its slow and too slow exercises added."""
    told = {module: tuple(sentences) for module, sentences in noted.items()}
    for module in submission.modules:
        endings = {
            # A file that never finished being imported has a note already.
            name.partition(".")[2]: {
                o.reason
                for o in outcomes.values()
                if o.ending == "timeout" and "being imported" not in o.reason
            }
            for name, outcomes in answers.items()
            if name.partition(".")[0] == module
        }
        short = out_of_time(limits).reason
        file = submission.files.get(module, f"{module}.py")
        short_of_time = [name for name, reasons in endings.items() if short in reasons]
        hung = [name for name, reasons in endings.items() if reasons - {short}]
        slow = [n for n, reasons in endings.items() if not reasons and f"{module}.{n}" in sluggish]
        all_seconds = f"{limits.submission_seconds:.3g} s that a submission may take"
        sentences = []
        if hung:
            most = f"{limits.call_seconds:.3g} s, the most that a call may take"
            sentences.append(f"{file}: a call of {_listed(hung)} did not end within {most}.")
        if short_of_time:
            sentences.append(
                f"{file}: {_listed(short_of_time)} did not answer in time: of the {all_seconds}, "
                "every slow function gets an equal share."
            )
        if slow:
            are, were = ("is", "was") if len(slow) == 1 else ("are", "were")
            sentences.append(
                f"{file}: {_listed(slow)} {are} slow, and {were} asked last, in what was left of "
                f"the {all_seconds}."
            )
        if sentences:
            told[module] = (*told.get(module, ()), *sentences)
    return told


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def to_result(course: Course, submission: Submission, *parts: GradedLessons) -> Result:
    """Returns a submission's result, in course order, made of these parts."""
    by_id = {exercise.id: exercise for part in parts for exercise in part.exercises}
    exercises = tuple(by_id[name] for name in course.exercises)
    noted = {
        lesson.id: told
        for lesson in course.lessons
        for part in parts
        if (told := part.noted.get(lesson.id))
    }
    keys = {
        lesson.id: part.keys[lesson.id]
        for lesson in course.lessons
        for part in parts
        if lesson.id in part.keys
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

"""Turns a result into what Gradescope shows: the content of its `results.json`.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from typing import Any, Final, Literal

import msgspec

from autograder.course import Course
from autograder.reports.pages import environment, task
from autograder.results import CheckResult, ExerciseResult, Result
from autograder.sandbox.confinement import LAYERS

Visibility = Literal["visible", "after_due_date", "after_published"]

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a teacher chooses: when students see their results, and whether there is a leaderboard.

    "hidden" is not offered: a student who never sees a result learns nothing from it.
    """

    visibility: Visibility = "visible"
    leaderboard: bool = False


def gradescope_results(
    course: Course,
    result: Result,
    *,
    options: Options | None = None,
    execution_seconds: float | None = None,
    late_seconds: int | None = None,
) -> dict[str, Any]:
    """Returns the content of Gradescope's `results.json` for one submission.

    There is a row for each exercise, with its checks' findings as HTML, in which everything from
    the submission is escaped. For a hidden check it holds the sentence and whether it passed, as
    the feedback page does, so no row needs to be hidden: a hidden row would hide the student's
    total too.

    Points are the course's own, whatever the assignment's total is: Gradescope adds up the rows.

    Args:
        course: The course that was graded.
        result: The submission's result.
        options: What the teacher chose; the defaults if left out.
        execution_seconds: How long grading took, if known.
        late_seconds: How long after its due date the submission came, 0 if in time; left out
            if not known.
    """
    options = options or Options()
    is_late = result.source.late or bool(late_seconds)
    results: dict[str, Any] = {
        "score": result.score,
        "output": _about_submission(result, options, is_late, late_seconds),
        "output_format": "html",
        "visibility": options.visibility,
        "stdout_visibility": "hidden",
        "extra_data": {},
        "tests": [
            _row(course, number, exercise, options)
            for number, exercise in _numbered(course, result)
        ],
    }
    if execution_seconds is not None:
        results["execution_time"] = round(execution_seconds, 2)
    # Left out if not known.
    if late_seconds is not None or is_late:
        results["extra_data"]["late"] = is_late
    if late_seconds is not None:
        results["extra_data"]["late_seconds"] = late_seconds
    if options.leaderboard:
        results["leaderboard"] = [
            {"name": "Points", "value": result.score, "order": "desc"},
            {"name": "Exercises right", "value": _right(result), "order": "desc"},
        ]
    return results


def _about_submission(
    result: Result, options: Options, is_late: bool, late_seconds: int | None
) -> str:
    checks = [check for exercise in result.exercises for check in exercise.checks]
    template = environment().get_template("gradescope_submission.html")
    return template.render(
        result=result,
        # Gradescope shows this text at once, so it must not reveal what the rows still hide.
        counts=options.visibility == "visible",
        right=_right(result),
        public=_passed(checks, "public"),
        hidden=_passed(checks, "hidden"),
        late=is_late,
        in_time=late_seconds == 0 and not is_late,
        lateness=_duration(late_seconds) if late_seconds else "",
        not_in_force=[layer for layer in LAYERS if layer not in result.confinement],
    )


def _row(course: Course, number: str, exercise: ExerciseResult, options: Options) -> dict[str, Any]:
    about = course.exercises[exercise.id]
    hidden = [check for check in exercise.checks if check.visibility == "hidden"]
    public = [check for check in exercise.checks if check.visibility == "public"]
    mistake_lesson = exercise.mistake.lesson if exercise.mistake else ""
    output = (
        environment()
        .get_template("gradescope_exercise.html")
        .render(
            exercise=exercise,
            asks=task(course, exercise.id)[0],
            link=course.section_link(mistake_lesson or about.section),
            public=public,
            public_passed=sum(check.passed for check in public),
            hidden=hidden,
            hidden_passed=sum(check.passed for check in hidden),
        )
    )
    return {
        "name": f"{about.title} ({exercise.id})",
        "number": number,
        "score": exercise.score,
        "max_score": exercise.max_score,
        "status": "passed" if exercise.outcome == "correct" else "failed",
        "output": output,
        "output_format": "html",
        # A row's own visibility overrides that of all results, so it has to be the same.
        "visibility": options.visibility,
    }


def _numbered(course: Course, result: Result) -> list[tuple[str, ExerciseResult]]:
    """Returns each exercise with its number in the course: 1.3 is the first module's third."""
    by_id = {exercise.id: exercise for exercise in result.exercises}
    return [
        (f"{m}.{e}", by_id[lesson.exercise_id(exercise)])
        for m, lesson in enumerate(course.lessons, 1)
        for e, exercise in enumerate(lesson.exercises, 1)
        if lesson.exercise_id(exercise) in by_id
    ]


def _right(result: Result) -> int:
    return sum(exercise.outcome == "correct" for exercise in result.exercises)


def _passed(checks: list[CheckResult], visibility: str) -> tuple[int, int]:
    """Returns how many checks of this visibility passed, and how many there are."""
    those = [check for check in checks if check.visibility == visibility]
    return sum(check.passed for check in those), len(those)


def _duration(seconds: int) -> str:
    """Returns a duration in words, in its two largest units: "1 day 3 hours"."""
    if seconds < _MINUTE:
        return "less than a minute"
    parts = []
    for unit, name in ((_DAY, "day"), (_HOUR, "hour"), (_MINUTE, "minute")):
        count, seconds = divmod(seconds, unit)
        if count:
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return " ".join(parts[:2])

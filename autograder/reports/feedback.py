"""The student's page: what was right, what was not, and where to read on."""

from typing import Any

from autograder.course import Course
from autograder.reports.pages import environment, task
from autograder.results import ExerciseResult, Result


def render_feedback(course: Course, result: Result) -> str:
    """Returns one self-contained page for one submission."""
    by_id = {exercise.id: exercise for exercise in result.exercises}
    lessons = []
    for lesson in course.lessons:
        ids = [lesson.exercise_id(exercise) for exercise in lesson.exercises]
        graded = [by_id[name] for name in ids if name in by_id]
        lessons.append(
            {
                "lesson": lesson,
                "score": sum(exercise.score for exercise in graded),
                "max_score": sum(exercise.max_score for exercise in graded),
                "correct": sum(exercise.outcome == "correct" for exercise in graded),
                "note": _shared_note(graded),
                "absent": all(exercise.outcome == "missing" for exercise in graded),
                "exercises": [_view(course, exercise) for exercise in graded],
            }
        )
    ours = [by_id[name] for name in course.exercises if name in by_id]
    unfinished = [e for e in ours if e.outcome != "correct"]
    template = environment().get_template("feedback.html")
    return template.render(
        course=course,
        result=result,
        lessons=lessons,
        correct=len(ours) - len(unfinished),
        next_steps=_next_steps(course, unfinished),
    )


def _shared_note(graded: list[ExerciseResult]) -> str:
    """Returns the note that all exercises of a module share, so that it is shown once."""
    notes = {exercise.note for exercise in graded}
    return notes.pop() if len(notes) == 1 and len(graded) > 1 else ""


def _view(course: Course, result: ExerciseResult) -> dict[str, Any]:
    exercise = course.exercises[result.id]
    sentence, details = task(course, result.id)
    hidden = [check for check in result.checks if check.visibility == "hidden"]
    return {
        "exercise": exercise,
        "result": result,
        "asks": sentence,
        "task": details,
        "link": course.section_link(exercise.section),
        "mistake_link": result.mistake
        and result.mistake.lesson
        and course.section_link(result.mistake.lesson),
        "public": [check for check in result.checks if check.visibility == "public"],
        "hidden": hidden,
        "hidden_passed": sum(check.passed for check in hidden),
    }


def _next_steps(course: Course, unfinished: list[ExerciseResult]) -> list[dict[str, Any]]:
    """Returns up to three exercises to work on next, those already begun first."""
    order = ("partly", "wrong", "error", "timeout", "missing")
    ranked = sorted(unfinished, key=lambda e: order.index(e.outcome))  # Stable: course order.
    return [
        {
            "result": result,
            "title": course.exercises[result.id].title,
            "gain": result.max_score - result.score,
            "link": course.section_link(course.exercises[result.id].section),
        }
        for result in ranked[:3]
    ]

"""The teacher's page: how the class did, student by student and exercise by exercise."""

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from autograder.course import Course
from autograder.reports.pages import environment
from autograder.results import Result

_BINS: Final = 10


def render_class_report(
    course: Course, results: Sequence[Result], facts: dict[str, str], title: str
) -> str:
    """Returns one self-contained page about all submissions."""
    template = environment().get_template("class_report.html")
    scores = [100 * result.score / result.max_score for result in results]
    return template.render(
        course=course,
        title=title,
        facts=facts,
        results=results,
        students=[_student(course, result) for result in results],
        exercises=[_exercise(course, name, results) for name in course.exercises],
        bins=_histogram(scores),
        mean=statistics.fmean(scores) if scores else 0.0,
        median=statistics.median(scores) if scores else 0.0,
        troubled=[result for result in results if result.problems],
    )


def _student(course: Course, result: Result) -> dict[str, Any]:
    modules = []
    for module in course.modules:
        graded = [e for e in result.exercises if e.id.partition(".")[0] == module.id]
        modules.append((sum(e.score for e in graded), sum(e.max_score for e in graded)))
    outcomes = Counter(exercise.outcome for exercise in result.exercises)
    page = f"feedback/{quote(result.submission)}.html"
    return {"result": result, "modules": modules, "outcomes": outcomes, "page": page}


def _exercise(course: Course, name: str, results: Sequence[Result]) -> dict[str, Any]:
    graded = [e for result in results for e in result.exercises if e.id == name]
    count = Counter(exercise.outcome for exercise in graded)
    failed_checks = Counter(
        (check.sentence, check.visibility)
        for exercise in graded
        if exercise.outcome in {"partly", "wrong"}
        for check in exercise.checks
        if not check.passed
    )
    return {
        "id": name,
        "exercise": course.exercises[name],
        "count": count,
        "total": len(graded),
        "not_right": count["wrong"] + count["error"] + count["timeout"],
        "mean": statistics.fmean(e.score for e in graded) if graded else 0.0,
        "failed_checks": failed_checks.most_common(3),
    }


def _histogram(scores: Sequence[float]) -> list[dict[str, Any]]:
    """Returns equal bins over 0 to 100, the last one holding 100 too, with what to draw."""
    width = 100 // _BINS
    counts = Counter(min(int(score // width), _BINS - 1) for score in scores)
    most = max(counts.values(), default=1)
    return [
        {
            "range": f"{i * width} to {(i + 1) * width}",
            "start": i * width,
            "count": counts[i],
            "height": counts[i] / most,
        }
        for i in range(_BINS)
    ]

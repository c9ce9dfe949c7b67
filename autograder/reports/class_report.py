"""The teacher's page: how the class did, student by student and exercise by exercise."""

import statistics
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

from autograder.course import Course
from autograder.reports.changes import Change
from autograder.reports.items import LOW_DISCRIMINATION, ItemAnalysis, ItemRow
from autograder.reports.pages import environment
from autograder.results import ExerciseResult, Result

_BINS: Final = 10
# Each call reads the results that count again, from the first submission on.
Results = Callable[[], Iterable[Result]]


def render_class_report(
    course: Course,
    results: Results,
    facts: dict[str, str],
    title: str,
    changed: Sequence[Change] = (),
) -> Iterator[str]:
    """Yields one self-contained page about all submissions, in pieces.

    Results are read one at a time, and again for each list of students on the page, so that a large
    class takes no more memory than a small one.
    """
    exercises = {name: _Tally() for name in course.exercises}
    analysis = ItemAnalysis(course)
    shares = array("d")
    troubled = 0
    for result in results():
        shares.append(100 * result.score / result.max_score)
        troubled += bool(result.problems)
        analysis.count(result)
        for graded in result.exercises:
            if graded.id in exercises:
                exercises[graded.id].count(graded)
    items = analysis.items()
    return (
        environment()
        .get_template("class_report.html")
        .generate(
            course=course,
            title=title,
            facts=facts,
            changed=sorted(changed, key=lambda change: change.gain),
            count=len(shares),
            students=lambda: (_student(course, result) for result in results()),
            exercises=[
                {
                    "id": name,
                    "exercise": course.exercises[name],
                    "tally": tally,
                    "item": items[name],
                }
                for name, tally in exercises.items()
            ],
            bins=_histogram(shares),
            mistakes=analysis.mistakes(),
            worth_saying=analysis.worth_saying(),
            dots=_dots(course, items),
            low_discrimination=LOW_DISCRIMINATION,
            mean=statistics.fmean(shares) if shares else 0.0,
            median=statistics.median(shares) if shares else 0.0,
            troubled=troubled,
        )
    )


def _student(course: Course, result: Result) -> dict[str, Any]:
    lessons = []
    for lesson in course.lessons:
        graded = [e for e in result.exercises if e.id.partition(".")[0] == lesson.id]
        lessons.append((sum(e.score for e in graded), sum(e.max_score for e in graded)))
    outcomes = Counter(exercise.outcome for exercise in result.exercises)
    right, partly = outcomes["correct"], outcomes["partly"]
    return {
        "name": result.submission,
        "page": f"feedback/{quote(result.submission)}.html",
        "late": result.source.late,
        "account": result.account,
        "score": result.score,
        "max_score": result.max_score,
        "lessons": lessons,
        "right": right,
        "partly": partly,
        "not_yet": len(result.exercises) - right - partly,
        "problems": result.problems,
    }


def _dots(course: Course, items: dict[str, ItemRow]) -> list[dict[str, Any]]:
    """Returns where each exercise stands in the plot of difficulty and discrimination."""
    return [
        {
            "name": name,
            "x": item.difficulty,
            "y": item.discrimination,
            "odd": item.discrimination < LOW_DISCRIMINATION,
            "lesson": [lesson.id for lesson in course.lessons].index(name.partition(".")[0]),
        }
        for name, item in items.items()
        if item.discrimination is not None
    ]


class _Tally:
    """How a class did on one exercise."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.points = 0.0
        self._failed: Counter[tuple[str, str]] = Counter()

    def count(self, graded: ExerciseResult) -> None:
        self.outcomes[graded.outcome] += 1
        self.points += graded.score
        if graded.outcome in {"partly", "wrong"}:
            self._failed.update((c.sentence, c.visibility) for c in graded.checks if not c.passed)

    @property
    def total(self) -> int:
        return self.outcomes.total()

    @property
    def not_right(self) -> int:
        return self.outcomes["wrong"] + self.outcomes["error"] + self.outcomes["timeout"]

    @property
    def mean(self) -> float:
        return self.points / self.total if self.total else 0.0

    @property
    def failed_most(self) -> list[tuple[tuple[str, str], int]]:
        return self._failed.most_common(3)

    def percent(self, count: int) -> float:
        return round(100 * count / self.total, 2) if self.total else 0.0


def _histogram(scores: Sequence[float]) -> list[dict[str, Any]]:
    """Returns equal bins from 0 to 100, with 100 in the last one, and what to draw of each."""
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

"""Item analysis: what the class's scores say about exercises, checks and mistakes.

Difficulty is the mean share of an exercise's points that was earned, the classical difficulty
index: near 1 is easy. Discrimination is the corrected item-total correlation: Pearson's r between
the points of the exercise and those of all others, so that it is not correlated with itself. Both
as in Crocker and Algina, Introduction to Classical and Modern Test Theory (1986), chapter 14; below
0.2 an exercise hardly tells who is further, there as here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import numpy as np

from autograder.course import Course
from autograder.results import ExerciseResult, Result

LOW_DISCRIMINATION: Final = 0.2
# Fewer submissions say nothing about how exercises go together.
_FEWEST_FOR_CORRELATION: Final = 5
_SENTENCES_FOR_CLASS: Final = 3
_FOLLOWS: Final = "follows."


class MistakeRow(NamedTuple):
    """A recognised mistake: in which exercise, what was said, who made it, and what it cost."""

    exercise: str
    id: str
    message: str
    who: tuple[str, ...]
    points: float


class CheckRow(NamedTuple):
    """A check, and the share of those who handed the exercise in who passed it."""

    name: str
    sentence: str
    visibility: str
    passed: int
    total: int

    @property
    def mark(self) -> str:
        """Says of a check that tells nobody from anybody."""
        if not self.total or 0 < self.passed < self.total:
            return ""
        return "everybody passes" if self.passed else "nobody passes"


class ItemRow(NamedTuple):
    """An exercise's difficulty and discrimination; None where the class is too small or alike."""

    difficulty: float
    discrimination: float | None
    checks: tuple[CheckRow, ...]


class ItemAnalysis:
    """Gathers results one at a time, and analyses them at the end."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._scores: list[list[float]] = []
        self._mistakes: dict[tuple[str, str], list[tuple[str, str, float]]] = defaultdict(list)
        self._passed: dict[str, Counter[str]] = defaultdict(Counter)
        self._seen: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        self._handed_in: Counter[str] = Counter()

    def count(self, result: Result) -> None:
        """Takes note of one result."""
        by_id = {exercise.id: exercise for exercise in result.exercises}
        row = [by_id[name].score if name in by_id else 0.0 for name in self._course.exercises]
        self._scores.append(row)
        for exercise in result.exercises:
            if exercise.outcome != "missing":
                self._count_checks(exercise)
            mistake = exercise.mistake
            if mistake is not None and not mistake.id.startswith(_FOLLOWS):
                lost = exercise.max_score - exercise.score
                self._mistakes[exercise.id, mistake.id].append(
                    (mistake.message, result.submission, lost)
                )

    def _count_checks(self, exercise: ExerciseResult) -> None:
        self._handed_in[exercise.id] += 1
        for check in exercise.checks:
            self._seen[exercise.id].setdefault(check.name, (check.sentence, check.visibility))
            self._passed[exercise.id][check.name] += check.passed

    def items(self) -> dict[str, ItemRow]:
        """Returns the analysis of every exercise."""
        scores = np.array(self._scores).reshape(len(self._scores), len(self._course.exercises))
        totals = scores.sum(axis=1)
        return {
            name: ItemRow(
                float(scores[:, index].mean() / exercise.points) if len(scores) else 0.0,
                _correlation(scores[:, index], totals - scores[:, index]),
                tuple(self._check_rows(name)),
            )
            for index, (name, exercise) in enumerate(self._course.exercises.items())
        }

    def _check_rows(self, exercise: str) -> Iterable[CheckRow]:
        for name, (sentence, visibility) in self._seen[exercise].items():
            passed = self._passed[exercise][name]
            yield CheckRow(name, sentence, visibility, passed, self._handed_in[exercise])

    def mistakes(self) -> list[MistakeRow]:
        """Returns the recognised mistakes, those that cost the class most points first."""
        rows = [
            MistakeRow(
                exercise,
                id,
                made[0][0],
                tuple(who for _, who, _ in made),
                sum(lost for _, _, lost in made),
            )
            for (exercise, id), made in self._mistakes.items()
        ]
        return sorted(rows, key=lambda row: (-row.points, -len(row.who), row.id))

    def worth_saying(self) -> list[MistakeRow]:
        """Returns the mistakes whose sentences, said in class, would win back most points.

        Only those that more than one made: what one did is on their own page.
        """
        return [row for row in self.mistakes() if len(row.who) > 1][:_SENTENCES_FOR_CLASS]


def _correlation(item: Any, rest: Any) -> float | None:
    if len(item) < _FEWEST_FOR_CORRELATION or np.ptp(item) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(item, rest)[0, 1])

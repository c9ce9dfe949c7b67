"""Item analysis: what the class's scores say about exercises, checks and mistakes.

Difficulty is the mean share of an exercise's points that was earned, the classical difficulty
index: near 1 is easy. Discrimination is the corrected item-total correlation: Pearson's r between
the points of the exercise and those of all others, so that it is not correlated with itself. Both
as in Crocker and Algina, Introduction to Classical and Modern Test Theory (1986), chapter 14; below
0.2 an exercise hardly tells strong students from weak ones, there as here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from autograder.course import Course
from autograder.results import ExerciseResult, Result

LOW_DISCRIMINATION: Final = 0.2
# Fewer submissions say nothing about how exercises correlate.
_FEWEST_FOR_CORRELATION: Final = 5
_SENTENCES_FOR_CLASS: Final = 3
# How many who made a mistake are named; nobody would read a longer list.
_NAMED: Final = 12
_FOLLOWS: Final = "follows."


class MistakeRow(NamedTuple):
    """A recognised mistake: its exercise, its sentence, who made it, and what it cost.

    `who` names the first of the `students` who made it.
    """

    exercise: str
    id: str
    message: str
    who: tuple[str, ...]
    students: int
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
        """A word on a check that everybody or nobody passes; else empty."""
        if not self.total or 0 < self.passed < self.total:
            return ""
        return "everybody passes" if self.passed else "nobody passes"


class ItemRow(NamedTuple):
    """An exercise's difficulty and discrimination; None if the class is too small or uniform."""

    difficulty: float
    discrimination: float | None
    checks: tuple[CheckRow, ...]


class _Made:
    """How often a mistake was made so far."""

    def __init__(self, message: str) -> None:
        self.message = message
        self.who: list[str] = []
        self.students = 0
        self.points = 0.0

    def count(self, student: str, lost: float) -> None:
        self.students += 1
        self.points += lost
        if len(self.who) < _NAMED:
            self.who.append(student)


class _Moments:
    """Means, variances and covariances of each exercise's points and the points of all others.

    They are updated with each result by Welford's method (Technometrics 4, 1962), which stays exact
    where sums of squares would not, so no result has to be kept.
    """

    def __init__(self, exercises: int) -> None:
        self.count = 0
        zeros = np.zeros((2, exercises))
        self.mean, self._squares, self._product = zeros, zeros.copy(), zeros[0].copy()
        self._least, self._most = zeros + np.inf, zeros - np.inf

    def add(self, scores: NDArray[np.float64]) -> None:
        both = np.stack([scores, scores.sum() - scores])
        self.count += 1
        before = both - self.mean
        self.mean = self.mean + before / self.count
        after = both - self.mean
        self._squares += before * after
        self._product += before[0] * after[1]
        self._least = np.minimum(self._least, both)
        self._most = np.maximum(self._most, both)

    def correlation(self, exercise: int) -> float | None:
        """Returns Pearson's r of an exercise with all others; None where it is meaningless."""
        alike = bool((self._least[:, exercise] == self._most[:, exercise]).any())
        if self.count < _FEWEST_FOR_CORRELATION or alike:
            return None
        return float(self._product[exercise] / np.sqrt(self._squares[:, exercise].prod()))


class ItemAnalysis:
    """Gathers results one at a time, keeps none of them, and analyses them at the end."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._moments = _Moments(len(course.exercises))
        self._mistakes: dict[tuple[str, str], _Made] = {}
        self._passed: dict[str, Counter[str]] = defaultdict(Counter)
        self._seen: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
        self._handed_in: Counter[str] = Counter()

    def count(self, result: Result) -> None:
        """Adds one result."""
        by_id = {exercise.id: exercise for exercise in result.exercises}
        row = [by_id[name].score if name in by_id else 0.0 for name in self._course.exercises]
        self._moments.add(np.array(row))
        for exercise in by_id.values():
            if exercise.id not in self._course.exercises:
                continue
            if exercise.outcome != "missing":
                self._count_checks(exercise)
            mistake = exercise.mistake
            if mistake is not None and not mistake.id.startswith(_FOLLOWS):
                key = exercise.id, mistake.id
                made = self._mistakes.setdefault(key, _Made(mistake.message))
                made.count(result.submission, exercise.max_score - exercise.score)

    def _count_checks(self, exercise: ExerciseResult) -> None:
        self._handed_in[exercise.id] += 1
        for check in exercise.checks:
            self._seen[exercise.id].setdefault(check.name, (check.sentence, check.visibility))
            self._passed[exercise.id][check.name] += check.passed

    def items(self) -> dict[str, ItemRow]:
        """Returns the analysis of every exercise."""
        moments = self._moments
        return {
            name: ItemRow(
                float(moments.mean[0, index] / exercise.points),
                moments.correlation(index),
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
            MistakeRow(exercise, id, made.message, tuple(made.who), made.students, made.points)
            for (exercise, id), made in self._mistakes.items()
        ]
        return sorted(rows, key=lambda row: (-row.points, -row.students, row.id))

    def worth_saying(self) -> list[MistakeRow]:
        """Returns the mistakes whose sentences, said in class, would win back most points.

        Only those that several students made: one student's mistake is on their own page.
        """
        return [row for row in self.mistakes() if row.students > 1][:_SENTENCES_FOR_CLASS]

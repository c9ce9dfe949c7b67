"""Who gained or lost points when work was regraded, and on which exercises."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from autograder.results import Result, rounded


class ChangedExercise(NamedTuple):
    """The points of one exercise, before and now."""

    id: str
    before: float
    now: float


class Change(NamedTuple):
    """The result that counts for one submission, before and now."""

    submission: str
    before: float
    now: float
    exercises: tuple[ChangedExercise, ...]

    @property
    def gain(self) -> float:
        """The points gained; negative if points were lost."""
        return rounded(self.now - self.before)


def changes(regraded: Iterable[tuple[Result, Result]]) -> Iterator[Change]:
    """Yields a change for each pair of the result that counted and the one that counts now."""
    for was, now in regraded:
        points = {exercise.id: exercise.score for exercise in was.exercises}
        yield Change(
            now.submission,
            was.score,
            now.score,
            tuple(
                ChangedExercise(exercise.id, points.get(exercise.id, 0.0), exercise.score)
                for exercise in now.exercises
                if points.get(exercise.id, 0.0) != exercise.score
            ),
        )

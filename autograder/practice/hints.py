"""Staged hints: one more each time, with a memory of those given."""

from autograder.course import Course
from autograder.practice.progress import Progress


def hints_of(course: Course, exercise: str) -> tuple[str, ...]:
    """Returns an exercise's hints in the order in which they are given."""
    hints = course.exercises[exercise].hints
    return (hints.symptom, hints.idea, hints.nearly)


def reveal(course: Course, progress: Progress, exercise: str, count: int = 1) -> tuple[str, ...]:
    """Returns the hints given so far and up to `count` more, and remembers that they were."""
    hints = hints_of(course, exercise)
    memory = progress[exercise]
    memory.hints = min(max(memory.hints, 0) + count, len(hints))
    progress.save()
    return hints[: memory.hints]


def forget(progress: Progress, exercise: str) -> None:
    """Makes an exercise's hints start again from the first."""
    progress[exercise].hints = 0
    progress.save()

"""Hidden checks of the averages: they stay with the teacher."""

import pytest

from autograder.calls import StudentFunction
from autograder.clauses import (
    Case,
    SeededGenerator,
    arguments_unchanged,
    one_argument,
    right_kind,
    right_values,
)
from autograder.rubric import points


@pytest.fixture(scope="session")
def rows(generator: SeededGenerator) -> list[Case]:
    """Rows of several lengths, of numbers of either sign."""
    rng = generator("rows")
    return one_argument([rng.uniform(-9, 9, n) for n in (4, 7, 1)])


@points(3)
def test_mean_values(mean: StudentFunction, rows: list[Case]) -> None:
    """The mean is right for other numbers."""
    right_values(mean, rows)


@points(0.5)
def test_mean_kind(mean: StudentFunction, rows: list[Case]) -> None:
    """The mean is a single number."""
    right_kind(mean, rows)


@points(0.5)
def test_mean_arguments(mean: StudentFunction, rows: list[Case]) -> None:
    """The caller's numbers are left as they were."""
    arguments_unchanged(mean, rows)

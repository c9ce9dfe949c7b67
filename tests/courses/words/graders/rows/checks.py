"""Hidden checks of the rows."""

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


@points(1.6)
def test_means_values(running_means: StudentFunction, rows: list[Case]) -> None:
    """The means are right for other rows."""
    right_values(running_means, rows)


@points(0.4)
def test_means_kind(running_means: StudentFunction, rows: list[Case]) -> None:
    """The means come as a list, one for each number."""
    right_kind(running_means, rows)


@points(0.4)
def test_means_arguments(running_means: StudentFunction, rows: list[Case]) -> None:
    """The caller's row is left as it was."""
    arguments_unchanged(running_means, rows)

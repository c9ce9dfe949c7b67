"""Every way of writing a right answer that the contract allows earns all points."""

from collections.abc import Callable
from typing import Any

import pytest

from autograder.certification.trials import load_variants
from autograder.course import load_course
from autograder.results import Result

SURROUNDINGS = '''
"""A student's module."""
from __future__ import annotations
import warnings
warnings.filterwarnings("ignore")
RATE = 0.5

def helper(x):
    return x

class Thing:
    pass

if __name__ == "__main__":
    print(undefined_name)
print("loading", RATE)
'''

ACCEPTED = load_variants(load_course())
CASES = [(exercise, name) for exercise, ways in ACCEPTED.items() for name in ways]


@pytest.fixture(scope="module")
def earned(grade: Callable[..., Result]) -> dict[tuple[str, str], float]:
    """Shares of the points, graded one way of each exercise at a time."""
    shares: dict[tuple[str, str], float] = {}
    for turn in range(max(map(len, ACCEPTED.values()))):
        sources: dict[str, str] = {}
        names = {}
        for exercise, ways in ACCEPTED.items():
            module = exercise.partition(".")[0]
            head = SURROUNDINGS if turn == 1 else ""
            sources.setdefault(
                module, f"{head}\nimport functools\nimport math\nimport numpy as np\n"
            )
            if turn < len(ways):
                names[exercise] = list(ways)[turn]
                sources[module] += ways[names[exercise]] + "\n"
        result = grade(**sources)
        assert result.problems == ()
        for graded in result.exercises:
            if graded.id in names:
                shares[graded.id, names[graded.id]] = graded.score / graded.max_score
    return shares


@pytest.mark.parametrize("case", CASES, ids=[f"{e}.{n}" for e, n in CASES])
def test_a_right_answer_earns_all_points(earned: Any, case: tuple[str, str]) -> None:
    assert earned[case] == 1

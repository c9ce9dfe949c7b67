"""A submission that tells calls or processes apart and behaves differently gains nothing."""

from collections.abc import Callable

import pytest

from autograder.course import Course
from autograder.reports import render_feedback
from autograder.results import ExerciseResult, Result
from autograder.sandbox import wire
from tests.engine.isolation.hidden import Calls, recorded

Grade = Callable[..., Result]


@pytest.fixture(scope="module")
def calls() -> Calls:
    return recorded()


# No other exercise calls it.
JUDGED = "activations.leaky_relu"
# Right for the calls that `right` says, and off by one for the others.
SOMETIMES = """

_made = 0
_right = leaky_relu

def leaky_relu(*given):
    global _made
    _made += 1
    return _right(*given) + (0.0 if {right} else 1.0)
"""


def earned(result: Result, exercise: str = JUDGED) -> ExerciseResult:
    return next(e for e in result.exercises if e.id == exercise)


def sums(result: Result) -> tuple[float, float]:
    """The points of the checks that passed, public and hidden."""
    checks = earned(result).checks
    share = earned(result).max_score / sum(check.worth for check in checks)
    return (
        share * sum(c.worth for c in checks if c.passed and c.visibility == "public"),
        share * sum(c.worth for c in checks if c.passed and c.visibility == "hidden"),
    )


@pytest.fixture(scope="module")
def sometimes(grade: Grade, reference_sources: dict[str, str]) -> Callable[[str], Result]:
    def graded(right: str) -> Result:
        return grade(activations=reference_sources["activations"] + SOMETIMES.format(right=right))

    return graded


@pytest.mark.row("Answer rightly only the first calls, counting them")
def test_right_answers_to_the_first_calls_earn_those_calls_checks_and_no_more(
    sometimes: Callable[[str], Result], calls: Calls
) -> None:
    # Where it is judged: alone in a process, in which every hidden call is made once. The public
    # ones come last among them, and only what they do to their arguments is looked at there.
    public = {wire.encode(given) for given in calls.public[JUDGED]}
    hidden = len({wire.encode(given) for given in calls.hidden[JUDGED]} - public)
    enough = 2 * (hidden + len(calls.public[JUDGED]))
    counts = [0, 1, hidden // 2, hidden - 1, enough]
    scores = {count: earned(sometimes(f"_made <= {count}")).score for count in counts}
    full = earned(sometimes("True"))
    assert list(scores.values()) == sorted(scores.values())
    assert (scores[0], scores[enough]) == (0, full.max_score)
    assert scores[hidden - 1] < full.max_score
    of_public, of_hidden = sums(sometimes("_made <= 1"))
    assert of_hidden == 0
    assert of_public <= full.max_score / 4


@pytest.mark.row("Answer rightly only the hidden calls, or only every second one")
@pytest.mark.parametrize("right", ["_made > 1", "_made % 2", "_made % 2 == 0"])
def test_right_answers_to_some_calls_earn_less_than_to_all(
    sometimes: Callable[[str], Result], right: str
) -> None:
    result = earned(sometimes(right))
    assert result.score < result.max_score
    for check in result.checks:  # Nothing but the check's own answers decides it.
        assert not check.followed


@pytest.mark.row("Tell by its numbers that an input is a public one")
def test_public_inputs_learned_by_heart_earn_the_public_points_alone(
    sometimes: Callable[[str], Result], calls: Calls
) -> None:
    known = set(map(repr, calls.public[JUDGED]))
    result = sometimes(f"repr(given) in {known!r}")
    of_public, of_hidden = sums(result)
    assert of_hidden == 0
    assert earned(result).score == pytest.approx(of_public)
    assert of_public > 0


# One function to be marked, which makes a known mistake, and another to be followed.
TWO_FACED = """

import numpy as np

_asked = []

def update_weight(w, gradient, learning_rate):
    _asked.append(1)
    return w + learning_rate * gradient if len(_asked) <= {most} else w + 0.01

def gradient_descent(x, z, w0, learning_rate, n_iterations):
    return w0 + 0.01 * np.arange(n_iterations + 1)
"""


@pytest.mark.row("Let a part and what is built on it agree on answers")
@pytest.mark.row("Tell by its calls that a process is the one in which parts are followed")
def test_a_part_that_answers_differently_where_it_is_followed_carries_no_composite(
    grade: Grade, reference_sources: dict[str, str], calls: Calls
) -> None:
    part = "gradient_descent.update_weight"
    most = len(calls.public[part]) + len(calls.hidden[part])
    source = reference_sources["gradient_descent"] + TWO_FACED.format(most=most)
    result = grade(gradient_descent=source)
    assert earned(result, "gradient_descent.update_weight").mistake is not None
    assert earned(result, "gradient_descent.gradient_descent").score == 0


@pytest.mark.row("Behave in time so that a report says something")
def test_how_long_hidden_calls_take_is_in_no_page_of_a_student(
    course: Course, sometimes: Callable[[str], Result], calls: Calls
) -> None:
    known = set(map(repr, calls.public[JUDGED]))
    wait = "__import__('time').sleep(0 if repr(given) in {} else {})"
    pages = [
        render_feedback(course, sometimes(f"{wait.format(known, seconds)} is None"))
        for seconds in (0, 0.05)
    ]
    assert pages[0] == pages[1]

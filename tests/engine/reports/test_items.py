"""Item analysis, held against numbers worked out by hand."""

import numpy as np
import pytest

from autograder.course import Course
from autograder.reports.items import ItemAnalysis
from autograder.results import CheckResult, ExerciseResult, Grade, Mistake, Result, Source


def result(name: str, course: Course, shares: dict[str, float], mistake: str = "") -> Result:
    exercises = []
    for id, exercise in course.exercises.items():
        share = shares.get(id, 0.0)
        checks = (CheckResult("one", share > 0, "hidden", "One.", 1.0),)
        told = None
        if mistake and id in shares and share < 1:
            told = Mistake(mistake, f"About {mistake}.")
        outcome: Grade = "correct" if share == 1 else "wrong" if id in shares else "missing"
        exercises.append(
            ExerciseResult(
                id,
                share * exercise.points,
                exercise.points,
                outcome,
                checks,
                told,
            )
        )
    return Result(name, 0.0, 100.0, tuple(exercises), (), Source(name))


def analysed(course: Course, rows: list[dict[str, float]], mistake: str = "") -> ItemAnalysis:
    analysis = ItemAnalysis(course)
    for number, shares in enumerate(rows):
        analysis.count(result(f"s{number}", course, shares, mistake))
    return analysis


COST, SOFTMAX, RELU = "gradient_descent.cost", "activations.softmax", "activations.relu"


def test_difficulty_is_the_mean_share_of_the_points(course: Course) -> None:
    items = analysed(course, [{COST: 1.0}, {COST: 0.5}, {COST: 0.0}, {}]).items()
    assert items[COST].difficulty == pytest.approx(0.375)


def test_discrimination_is_the_correlation_with_all_other_exercises(course: Course) -> None:
    shares = [(1.0, 1.0, 0.5), (0.5, 1.0, 0.0), (0.0, 0.5, 1.0), (0.0, 0.0, 0.0), (1.0, 0.5, 0.5)]
    items = analysed(course, [{COST: a, SOFTMAX: b, RELU: c} for a, b, c in shares]).items()
    points = {name: course.exercises[name].points for name in (COST, SOFTMAX, RELU)}
    cost = [a * points[COST] for a, _, _ in shares]
    rest = [b * points[SOFTMAX] + c * points[RELU] for _, b, c in shares]
    assert items[COST].discrimination == pytest.approx(np.corrcoef(cost, rest)[0, 1])


def test_a_small_class_or_one_that_is_all_alike_has_no_discrimination(course: Course) -> None:
    assert analysed(course, [{COST: 1.0}, {COST: 0.0}]).items()[COST].discrimination is None
    assert analysed(course, [{COST: 1.0}] * 6).items()[COST].discrimination is None


def test_mistakes_are_ordered_by_what_they_cost_and_name_who_made_them(course: Course) -> None:
    analysis = ItemAnalysis(course)
    analysis.count(result("ann", course, {COST: 0.0}, "cost.no_half"))
    analysis.count(result("bob", course, {COST: 0.5}, "cost.no_half"))
    analysis.count(result("cy", course, {COST: 0.0}, "cost.sign"))
    rows = [row for row in analysis.mistakes() if row.exercise == COST]
    assert [(row.id, row.who, row.points) for row in rows] == [
        ("cost.no_half", ("ann", "bob"), 6.0),
        ("cost.sign", ("cy",), 4.0),
    ]
    assert [row.id for row in analysis.worth_saying() if row.exercise == COST] == ["cost.no_half"]


def test_of_many_who_made_a_mistake_only_the_first_are_named(course: Course) -> None:
    (row,) = analysed(course, [{COST: 0.0}] * 40, "cost.sign").mistakes()
    assert row.who == tuple(f"s{number}" for number in range(12))
    assert (row.students, row.points) == (40, 160.0)


def test_what_follows_from_own_parts_is_no_mistake(course: Course) -> None:
    analysis = analysed(course, [{COST: 0.0}], "follows.from_own_parts")
    assert analysis.mistakes() == []


def test_checks_that_tell_nobody_from_anybody_are_marked(course: Course) -> None:
    rows = [{COST: 1.0, SOFTMAX: 1.0, RELU: 0.0}, {COST: 0.0, SOFTMAX: 1.0, RELU: 0.0}]
    items = analysed(course, rows).items()
    assert [items[name].checks[0].mark for name in (COST, SOFTMAX, RELU)] == [
        "",
        "everybody passes",
        "nobody passes",
    ]
    assert items["activations.tanh"].checks == ()

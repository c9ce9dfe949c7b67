"""What counts: attempts, lateness, exercises; every score says how it came about."""

import math
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course import Course, CourseError
from autograder.policies import Policies, what_counts
from autograder.results import ExerciseResult, Result, Source

DUE = datetime(2026, 11, 20, 22, 59, tzinfo=UTC)
LATE = Policies(late_penalty=10, late_floor=50, due=DUE)


def result(score: float = 80.0, *, late_by: timedelta | None = None, **source: Any) -> Result:
    moment = None if late_by is None else DUE + late_by
    exercises = (
        ExerciseResult("activations.relu", score / 2, 50, "partly", ()),
        ExerciseResult("activations.tanh", score / 2, 50, "partly", ()),
    )
    about = Source("Jane", submitted_at=moment, **source)
    return Result("jane", score, 100, exercises, (), about)


def test_without_policies_a_result_counts_as_it_is() -> None:
    assert what_counts([result()], Policies()) == result()


@pytest.mark.parametrize(
    ("late_by", "score", "told"),
    [
        (timedelta(0), 80, ""),
        (timedelta(seconds=-1), 80, ""),
        (
            timedelta(seconds=1),
            72,
            "Late by 1 day or part of one: 90 % of 80 points count",
        ),
        (timedelta(days=1), 72, "Late by 1 day or part of one"),
        (timedelta(days=1, seconds=1), 64, "Late by 2 days or part of one: 80 % of 80 points"),
        (
            timedelta(days=30),
            40,
            "50 % of 80 points count (the least that is left), at 10 % a day.",
        ),
    ],
)
def test_each_day_that_has_begun_costs_down_to_the_floor(
    late_by: timedelta, score: float, told: str
) -> None:
    counted = what_counts([result(late_by=late_by)], LATE)
    assert counted.score == score
    assert counted.source.late == bool(told)
    assert told in " ".join(counted.account)


def test_within_the_grace_minutes_nothing_is_late() -> None:
    policies = msgspec.structs.replace(LATE, grace_minutes=15)
    assert what_counts([result(late_by=timedelta(minutes=15))], policies).score == 80
    # Afterwards the whole of it counts.
    assert what_counts([result(late_by=timedelta(days=1, minutes=16))], policies).score == 64


GROUP: dict[str, Any] = {
    "members": ("Jane", "Kim"),
    "ids": {"sid": "006, 007", "email": "jane@example.org, kim@example.org"},
}


@pytest.mark.parametrize("name", ["jane", "007", "jane@example.org"])
def test_extra_time_is_given_by_id_or_any_id_or_email_of_the_lms(name: str) -> None:
    late = result(late_by=timedelta(minutes=60), lms="gradescope", **GROUP)
    policies = msgspec.structs.replace(LATE, extra_minutes={name: 60})
    assert what_counts([late], policies).score == 80
    assert not what_counts([late], policies).source.late


@pytest.mark.parametrize(
    "source",
    [
        {"ids": {"sid": "13, 007"}},  # Of one person: no list of two.
        {"ids": {"email": "mallory@example.org, jane@example.org"}},
        {"ids": {"sid": "0070"}},
        {"members": ("jane@example.org", "007")},
    ],
)
def test_nobody_takes_the_time_of_somebody_else_by_what_they_call_themselves(
    source: dict[str, Any],
) -> None:
    late = result(late_by=timedelta(minutes=60), lms="gradescope", **source)
    theirs = {"007": 60.0, "jane@example.org": 60.0, "Jane": 60.0}
    policies = msgspec.structs.replace(LATE, extra_minutes=theirs)
    assert what_counts([late], policies).source.late


def test_a_due_date_of_the_lms_goes_before_the_courses() -> None:
    late = result(late_by=timedelta(days=3), due_at=DUE + timedelta(days=4))
    assert what_counts([late], LATE).score == 80


def test_late_by_an_unknown_time_is_late_by_a_day() -> None:
    counted = what_counts([result(late=True)], LATE)
    assert counted.score == 72
    assert counted.account[0].startswith("Late, by how much is not known, so by one day: 90 %")
    # For whoever has extra time it may be no lateness at all.
    extra = msgspec.structs.replace(LATE, extra_minutes={"jane": 5})
    assert what_counts([result(late=True)], extra).score == 80


def test_the_latest_attempt_counts_and_the_others_are_told() -> None:
    attempts = [result(90, attempt=1), result(70, attempt=2)]
    counted = what_counts(attempts, Policies())
    assert counted.score == 70
    assert counted.account == ("Attempt 2 counts, the latest of 2 (attempt 1: 90).",)


def test_attempts_that_the_lms_dates_count_in_that_order_whenever_they_were_graded() -> None:
    late, early = timedelta(hours=-1), timedelta(hours=-9)
    attempts = [result(90, attempt=1, late_by=late), result(20, attempt=2, late_by=early)]
    counted = what_counts(attempts, Policies())
    assert (counted.score, counted.account) == (
        90,
        ("Attempt 1 counts, the latest of 2 (attempt 2: 20).",),
    )
    attempts = [result(20, attempt=2, order=90_001), result(90, attempt=1, order=95_001)]
    assert what_counts(attempts, Policies()).score == 90
    # One without a date says nothing of the order: then it is that of grading.
    assert what_counts([result(90, late_by=late), result(20)], Policies()).score == 20


def test_the_best_attempt_is_the_best_after_its_penalty() -> None:
    policies = msgspec.structs.replace(LATE, attempt="best")
    attempts = [
        result(70, attempt=1, late_by=timedelta(0)),
        result(75, attempt=2, late_by=timedelta(hours=1)),
    ]
    counted = what_counts(attempts, policies)
    assert (counted.score, counted.source.attempt) == (70, 1)
    assert counted.account == ("Attempt 1 counts, the best of 2 (attempt 2: 67.5).",)


def test_exercises_that_do_not_count_leave_score_and_maximum() -> None:
    counted = what_counts([result()], Policies(not_counted=("activations.tanh",)))
    assert (counted.score, counted.max_score) == (40, 50)
    assert counted.account == ("Not counted: activations.tanh.",)
    assert len(counted.exercises) == 2


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 60), st.floats(0, 60), st.floats(0, 100))
def test_later_is_never_better_and_the_floor_always_holds(
    penalty: float, floor: float, days: float, more: float, score: float
) -> None:
    policies = Policies(late_penalty=penalty, late_floor=floor, due=DUE)
    early = what_counts([result(score, late_by=timedelta(days=days))], policies).score
    late = what_counts([result(score, late_by=timedelta(days=days + more))], policies).score
    assert late <= early + 1e-4  # Points have four decimals.
    assert early <= score + 1e-4
    assert late >= score * floor / 100 - 1e-4


@pytest.mark.parametrize(
    ("overrides", "told"),
    [
        ({"not_counted": ["activations.no_such"]}, "activations.no_such is no exercise"),
        ({"late_penalty": 101}, "late_penalty"),
        ({"attempt": "first"}, "attempt"),
        ({"grace": 5}, "grace"),
        ({"due": "2026-11-20T23:59:00"}, "due"),
    ],
)
def test_a_policy_that_cannot_be_is_said_so(
    course: Course, overrides: dict[str, Any], told: str
) -> None:
    with pytest.raises(CourseError, match=told):
        course.policies_with(overrides)


def test_something_has_to_count(course: Course) -> None:
    with pytest.raises(CourseError, match="something has to count"):
        course.policies_with({"not_counted": list(course.exercises)})


def late_days(due: str, then: str) -> int:
    """How many days late something is that was due and handed in at these moments."""
    about = Source("Jane", submitted_at=datetime.fromisoformat(then))
    policies = Policies(late_penalty=1, due=datetime.fromisoformat(due))
    counted = what_counts([Result("jane", 100, 100, (), (), about)], policies)
    return round(100 - counted.score)


@pytest.mark.parametrize(
    ("due", "then", "days"),
    [
        # Clocks were put back in Berlin in between; the LMS says it in one way or another.
        ("2026-10-24T23:59:00+02:00", "2026-10-25T23:30:00+01:00", 1),
        ("2026-10-24T23:59:00+02:00", "2026-10-25T22:30:00+00:00", 1),
        ("2026-10-24T23:59:00+02:00", "2026-10-25T22:59:00+00:00", 1),
        ("2026-10-24T23:59:00+02:00", "2026-10-25T22:59:01+00:00", 2),
        ("2026-10-20T23:59:00+02:00", "2026-10-25T23:30:00+01:00", 5),
        # In New York; and on an island, by half an hour.
        ("2026-10-31T23:59:00-04:00", "2026-11-01T23:30:00-05:00", 1),
        ("2026-04-04T23:59:00+11:00", "2026-04-05T23:30:00+10:30", 1),
        # On other days nobody's clocks were.
        ("2026-11-20T23:59:00+01:00", "2026-11-21T23:59:01+01:00", 2),
        # They are put forward, in some of the zones that it may be.
        ("2026-03-28T23:59:00+01:00", "2026-03-29T23:59:00+02:00", 1),
        # Handed in while clocks showed an hour again.
        ("2026-10-25T02:30:00+02:00", "2026-10-25T02:10:00+01:00", 1),
    ],
)
def test_days_are_those_of_the_calendar_where_clocks_change(due: str, then: str, days: int) -> None:
    assert late_days(due, then) == days


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1)),
    st.sampled_from([-8, -5, -4, 0, 1, 2, 3, 5, 10]),
    st.floats(0.001, 90),
)
def test_a_day_that_has_begun_has_at_most_a_day_and_an_hour(
    due: datetime, offset: int, days: float
) -> None:
    moment = due.replace(tzinfo=timezone(timedelta(hours=offset)))
    then = moment + timedelta(days=days)
    counted = late_days(moment.isoformat(), then.isoformat())
    elapsed = (then - moment) / timedelta(days=1)
    assert max(1, math.ceil(elapsed - 1 / 24)) <= counted <= math.ceil(elapsed)

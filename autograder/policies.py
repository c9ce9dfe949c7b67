"""What counts of what was handed in: attempts, lateness, exercises.

A result holds what a submission earned by itself. What counts is computed from a student's results
by these rules, with an account of how it came about.
"""

import datetime
import math
import operator
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from autograder.results import Result, Source, rounded

_DAY: Final = datetime.timedelta(days=1)
# The most that clocks are put back where there are students; one polar station has twice that.
_LONGEST_CHANGE: Final = datetime.timedelta(hours=1)
_DAYS_COUNTED: Final = 1000  # After so many, all that can be lost is lost.
_MINUTE: Final = datetime.timedelta(minutes=1)

Percent = Annotated[float, Meta(ge=0, le=100)]
Minutes = Annotated[float, Meta(ge=0, le=525_600)]


class Policies(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The rules, as `[policies]` of `course.toml` states them; by default all counts in full.

    `late_penalty` is the percentage of the points that each begun day takes off, `late_floor` the
    percentage that is left in any case. `due` is needed only where the LMS does not say how late a
    submission is. `extra_minutes` are by submission id, or an id or email of the LMS's.
    """

    attempt: Literal["latest", "best"] = "latest"
    late_penalty: Percent = 0.0
    late_floor: Percent = 0.0
    grace_minutes: Minutes = 0.0
    due: Annotated[datetime.datetime, Meta(tz=True)] | None = None
    extra_minutes: dict[str, Minutes] = {}
    not_counted: tuple[str, ...] = ()


def what_counts(attempts: Sequence[Result], policies: Policies) -> Result:
    """Returns what counts of a student's attempts, given in the order in which they were graded."""
    valued = [_valued(attempt, policies) for attempt in _in_order(attempts)]
    # Of equally good ones `max` takes the earliest.
    best = policies.attempt == "best"
    chosen = max(valued, key=lambda one: one.score) if best else valued[-1]
    if len(valued) == 1:
        return chosen
    others = ", ".join(
        f"attempt {one.source.attempt}: {one.score:g}" for one in valued if one is not chosen
    )
    told = (
        f"Attempt {chosen.source.attempt} counts, the {policies.attempt} of {len(valued)} "
        f"({others})."
    )
    return msgspec.structs.replace(chosen, account=(told, *chosen.account))


def _in_order(attempts: Sequence[Result]) -> Sequence[Result]:
    """Returns attempts by when they were handed in, where the LMS says so of all of them.

    Canvas numbers files of a name, not attempts: a first `handin.zip` may follow a third `mean.py`.
    """
    moments = [(one.source.submitted_at, one) for one in attempts]
    if all(moment is not None for moment, _ in moments):
        return [one for _, one in sorted(moments, key=operator.itemgetter(0))]
    if all(one.source.order for one in attempts):
        return sorted(attempts, key=lambda one: one.source.order)
    return attempts


def _valued(result: Result, policies: Policies) -> Result:
    account = []
    exercises = [e for e in result.exercises if e.id not in policies.not_counted]
    left_out = [e.id for e in result.exercises if e.id in policies.not_counted]
    score = rounded(sum(e.score for e in exercises)) if left_out else result.score
    most = (left_out and rounded(sum(e.max_score for e in exercises))) or result.max_score
    if left_out:
        account.append(f"Not counted: {', '.join(left_out)}.")
    late, days, how = _lateness(result, policies)
    if days and policies.late_penalty:
        share = max(100 - days * policies.late_penalty, policies.late_floor) / 100
        floor = " (the least that is left)" if share * 100 == policies.late_floor else ""
        account.append(
            f"{how}: {100 * share:g} % of {score:g} points count{floor}, "
            f"at {policies.late_penalty:g} % a day."
        )
        score = rounded(score * share)
    source = msgspec.structs.replace(result.source, late=late)
    return msgspec.structs.replace(
        result, score=score, max_score=most, source=source, account=tuple(account)
    )


def _lateness(result: Result, policies: Policies) -> tuple[bool, int, str]:
    """Returns whether a submission is late, the days that have begun since, and that in words."""
    source = result.source
    due = source.due_at or policies.due
    extra = _extra_minutes(result.submission, source, policies)
    if source.submitted_at is None or due is None:
        if not source.late or extra:
            # Students with extra time may be late for the LMS only; they get the benefit of doubt.
            return source.late and not extra, 0, ""
        return True, 1, "Late, by how much is not known, so by one day"
    due += extra * _MINUTE
    if source.submitted_at - due <= policies.grace_minutes * _MINUTE:
        return False, 0, ""
    days = _days_begun(due, source.submitted_at)
    return True, days, f"Late by {days} day{'' if days == 1 else 's'} or part of one"


def _days_begun(due: datetime.datetime, then: datetime.datetime) -> int:
    """Returns how many days have begun since a due date, by the clocks of its time zone.

    A day in which clocks are put back has 25 hours. A due date's offset does not say which zone it
    is, so of all zones with that offset at the time, the one with the fewest days counts.
    """
    days = math.ceil((then - due) / _DAY)
    if days > _DAYS_COUNTED or math.ceil((then - due - _LONGEST_CHANGE) / _DAY) == days:
        return days
    for zone in _zones(due, due.utcoffset()):
        passed = _on_the_wall(then, zone) - _on_the_wall(due, zone)
        if then - due - passed <= _LONGEST_CHANGE:
            days = min(days, max(1, math.ceil(passed / _DAY)))
    return days


def _on_the_wall(moment: datetime.datetime, zone: datetime.tzinfo) -> datetime.datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


@cache
def _zones(
    due: datetime.datetime, offset: datetime.timedelta | None
) -> tuple[datetime.tzinfo, ...]:
    """Returns the zones that have this offset when it is due; none without a zone database."""
    import zoneinfo  # Needed for grading only.

    zones = map(zoneinfo.ZoneInfo, sorted(zoneinfo.available_timezones()))
    return tuple(zone for zone in zones if due.astimezone(zone).utcoffset() == offset)


def names_of(submission: str, source: Source) -> list[str]:
    """Returns the names by which a student, or each of a group, may be given extra time.

    These are ids and email addresses, each of them whole. Names in an LMS are left out: students
    choose them, and could take the name of somebody who has more time.
    """
    names = [submission] if source.lms else [submission, source.name]
    for value in source.ids.values():
        parts = value.split(", ")
        names += parts if len(parts) == len(source.members) else [value]
    return names


def _extra_minutes(submission: str, source: Source, policies: Policies) -> float:
    names = names_of(submission, source)
    return max((policies.extra_minutes.get(name, 0.0) for name in names), default=0.0)

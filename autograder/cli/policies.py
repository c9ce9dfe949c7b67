"""The options that set policies, shared by the commands that turn results into grades."""

import datetime
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click

from autograder.cli.terminal import say_error
from autograder.display import printable
from autograder.reports import ReportFolder
from autograder.submissions.files import readable

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Moment(click.ParamType):  # type: ignore[type-arg]  # Generic since 8.5 only.
    """A moment as ISO 8601 writes it; without an offset, in this machine's time zone."""

    name = "moment"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime.datetime:
        try:
            if "T" not in value and " " not in value:
                raise ValueError  # A date alone would mean its first moment, which nobody means.
            return datetime.datetime.fromisoformat(value).astimezone()
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no moment like 2026-11-20T23:59+01:00.", param, ctx)


class _ExtraTime(click.ParamType):  # type: ignore[type-arg]
    """A student and the minutes that they have in addition."""

    name = "name=minutes"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        name, equals, minutes = value.rpartition("=")
        try:
            if not (name and equals and 0 <= float(minutes) <= 525_600):
                raise ValueError
            return readable(name), float(minutes)
        except ValueError:
            self.fail(f"{value!r} is not like jane=1440, a name and minutes.", param, ctx)


_NONE: Final = "none"
_PERCENT: Final = click.FloatRange(0, 100)
_OPTIONS: Final = (
    click.option("--attempt", type=click.Choice(["latest", "best"]),
                 help="Which attempt counts, where there are several."),
    click.option("--late-penalty", type=_PERCENT, metavar="PERCENT",
                 help="What each day that has begun takes from the points."),
    click.option("--late-floor", type=_PERCENT, metavar="PERCENT",
                 help="What is left of the points in any case."),
    click.option("--grace-minutes", type=click.FloatRange(0, 525_600), metavar="MINUTES",
                 help="How late is not late yet."),
    click.option("--due", type=_Moment(), metavar="MOMENT",
                 help="When work was due, where the LMS does not say."),
    click.option("--extra-time", type=_ExtraTime(), metavar="NAME=MINUTES", multiple=True,
                 help="More time for one student, by id or email; can be given several times."),
    click.option("--not-counted", metavar="EXERCISE", multiple=True,
                 help="An exercise that does not count, or `none`; can be given several times."),
)  # fmt: skip


def policy_options(command: _Command) -> _Command:
    """Adds the options; one left out keeps its value from `course.toml` or an earlier run."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def overrides(
    attempt: str | None,
    late_penalty: float | None,
    late_floor: float | None,
    grace_minutes: float | None,
    due: datetime.datetime | None,
    extra_time: Sequence[tuple[str, float]],
    not_counted: Sequence[str],
) -> dict[str, Any]:
    """Returns the policies that were given, by their names in `course.toml`."""
    given = {
        "attempt": attempt,
        "late_penalty": late_penalty,
        "late_floor": late_floor,
        "grace_minutes": grace_minutes,
        "due": due,
        "extra_minutes": dict(extra_time) or None,
        "not_counted": [name for name in not_counted if name != _NONE] if not_counted else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def warn_of_names(folder: ReportFolder) -> None:
    """Warns of extra time for names without work: a slip, or somebody who has yet to hand in."""
    if names := folder.without_work():
        some = ", ".join(printable(name) for name in names[:10]) + (", ..." if names[10:] else "")
        say_error(f"warning: extra time is given to {some}, and nobody of that name handed in.")

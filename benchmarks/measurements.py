"""What `make bench` measured, as it is stored in benchmarks/results.json, and tables of it.

Only what was measured is stored, each run for itself; medians, spreads and ratios are computed
here, once, for the terminal and the site.
"""

import statistics
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

RESULTS: Final = Path(__file__).resolve().with_name("results.json")
# Flat is: hardly more. What is kept of each submission until the end is its name and its score.
_FLAT: Final = 1.15
# Of all processors' time; a machine at rest is below this.
_IDLE: Final = 0.05
# What all ratios in the first table are taken to: one process against one process.
_OURS: Final = "autograder grade, 1 job"


class Machine(msgspec.Struct, frozen=True):
    """Where it was measured."""

    processor: str
    cores: int
    memory_gib: float
    kernel: str
    system: str
    python: str

    def __str__(self) -> str:
        return (
            f"{self.processor}, {self.cores} cores, {self.memory_gib:.0f} GiB of memory, "
            f"{self.system}, kernel {self.kernel}, Python {self.python}"
        )


class Run(msgspec.Struct, frozen=True):
    """One run of a tool over a class, from its start to its end; or why it failed.

    `largest` is the peak memory of its largest process, `together` that of all its processes at
    once with shared pages counted once (0 where the system does not say), both in MiB.
    """

    submissions: int
    seconds: float = 0.0
    largest: float = 0.0
    together: float = 0.0
    failure: str = ""

    @property
    def each(self) -> float:
        """Seconds a submission."""
        return self.seconds / self.submissions


class Agreement(msgspec.Struct, frozen=True):
    """How many scores, one an exercise of a submission, are ours too; the first that are not."""

    same: int
    compared: int
    differing: tuple[str, ...] = ()


class ToolRuns(msgspec.Struct, frozen=True):
    """A tool, and its run in every round; the rounds are the same for all tools."""

    name: str
    command: str
    lacks: str
    versions: dict[str, str]
    runs: tuple[Run, ...]
    agreement: Agreement
    curve: tuple[Run, ...] = ()
    set_up_failure: str = ""


class Measurements(msgspec.Struct, frozen=True):
    """All of it."""

    taken: str  # The day, as 2026-11-24.
    quick: bool
    machine: Machine
    tools: tuple[ToolRuns, ...]
    # A larger class, graded with two jobs, and the same checks bare, in turns. Here the bare run's
    # seconds leave out its start.
    class_ours: tuple[Run, ...]
    class_bare: tuple[Run, ...]
    check_one: tuple[float, ...]
    check_all: tuple[float, ...]
    watched: tuple[float, ...]
    busy: float  # The share of all processors' time that went elsewhere just before it began.

    def tool(self, name: str) -> ToolRuns:
        """Returns a tool's runs.

        Raises:
            KeyError: there is no such tool.
        """
        for tool in self.tools:
            if tool.name == name:
                return tool
        raise KeyError(name)


class Table(NamedTuple):
    """A table: its head, and its rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        """Returns it in Markdown."""
        lines = [self.head, tuple("---" for _ in self.head), *self.rows]
        return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in r)} |" for r in lines)


@cache
def committed() -> Measurements:
    """Returns the measurements that are in the repository."""
    return read(RESULTS)


def read(path: Path) -> Measurements:
    """Returns measurements from their file."""
    return msgspec.json.decode(path.read_bytes(), type=Measurements)


def write(measurements: Measurements, path: Path) -> None:
    """Writes them to a file."""
    encoded = msgspec.json.format(msgspec.json.encode(measurements), indent=1)
    path.write_bytes(encoded + b"\n")


def spread(values: Sequence[float], digits: int = 3) -> str:
    """Returns the median with the lowest and the highest; of one value, only that."""
    if not values:
        return "not measured"
    median = f"{statistics.median(values):.{digits}f}"
    if len(values) == 1:
        return median
    return f"{median} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def side_by_side(measurements: Measurements) -> Table:
    """Returns the table of all tools over the same class."""
    ours = measurements.tool(_OURS)
    return Table(
        ("tool", "seconds a submission", "times ours with 1 job", "memory, MiB", "same scores"),
        tuple(_tool_row(tool, ours) for tool in measurements.tools),
    )


def _tool_row(tool: ToolRuns, ours: ToolRuns) -> tuple[str, ...]:
    failures = [run.failure for run in tool.runs if run.failure]
    if tool.set_up_failure or len(failures) == len(tool.runs):
        why = tool.set_up_failure or (failures[0] if failures else "it was not run")
        return (tool.name, f"failed: {_one_line(why)}", "", "", "")
    good = [run for run in tool.runs if not run.failure]
    # Both runs of a round, so that a machine that slows down slows both.
    pairs = zip(tool.runs, ours.runs, strict=True)
    ratios = [a.each / b.each for a, b in pairs if not a.failure and not b.failure]
    seconds = spread([run.each for run in good])
    if failures:
        count = f"{len(failures)} of {len(tool.runs)} runs failed"
        seconds += f"; {count}: {_one_line(failures[0])}"
    return (
        tool.name,
        seconds,
        spread(ratios, 2),
        spread([run.together or run.largest for run in good], 0),
        _agreement(tool.agreement),
    )


def _agreement(agreement: Agreement) -> str:
    told = f"{agreement.same} of {agreement.compared}"
    if agreement.differing:
        told += f"; not {', '.join(agreement.differing[:3])}"
    return told


def _one_line(text: str, most: int = 200) -> str:
    # The end of what a command said is where the reason stands.
    line = " ".join(text.split())
    return line if len(line) <= most else f"... {line[-most:]}"


def versions(measurements: Measurements) -> Table:
    """Returns the command that was timed for each tool, its releases, and what it lacks."""
    return Table(
        ("tool", "what was timed", "releases", "what it does, and does not"),
        tuple(
            (
                tool.name,
                f"`{tool.command}`",
                ", ".join(f"{name} {release}" for name, release in tool.versions.items()),
                tool.lacks,
            )
            for tool in measurements.tools
        ),
    )


def curve(measurements: Measurements) -> Table:
    """Returns what each class size took, for every tool that was run over several."""
    return Table(
        (
            "tool",
            "submissions",
            "seconds",
            "seconds a submission",
            "memory, MiB",
            "largest process",
        ),
        tuple(
            (
                tool.name,
                f"{run.submissions:,}",
                f"{run.seconds:.1f}" if not run.failure else f"failed: {_one_line(run.failure)}",
                f"{run.each:.3f}" if not run.failure else "",
                f"{run.together:.0f}" if not run.failure else "",
                f"{run.largest:.0f}" if not run.failure else "",
            )
            for tool in measurements.tools
            for run in tool.curve
        ),
    )


def class_of_ours(measurements: Measurements) -> Table:
    """Returns what this project costs: a larger class against the bare checks, and waiting."""
    ours, bare = measurements.class_ours, measurements.class_bare
    size = ours[0].submissions
    ratios = [a.each / b.each for a, b in zip(ours, bare, strict=True)]
    points = [run for run in _most_points(measurements) if not run.failure]
    small, large = _from(points, size), points[-1]
    return Table(
        ("what", "figure"),
        (
            (
                f"`autograder grade`, a class of {size}, two jobs: seconds a submission",
                spread([run.each for run in ours]),
            ),
            (
                "the same checks run by pytest in one process, without any isolation",
                spread([run.each for run in bare]),
            ),
            ("the first over the second", spread(ratios, 1)),
            (
                f"memory of all its processes at {small.submissions:,} submissions, and at "
                f"{large.submissions:,}",
                f"{small.together:.0f} MiB, {large.together:.0f} MiB",
            ),
            (
                "the largest of them, likewise",
                f"{small.largest:.0f} MiB, {large.largest:.0f} MiB",
            ),
            (
                "`autograder check` from a cold start: one exercise, all of them",
                f"{statistics.median(measurements.check_one):.2f}, "
                f"{statistics.median(measurements.check_all):.2f}",
            ),
            (
                "a watched file, from the save to the verdict on the terminal",
                spread(measurements.watched),
            ),
        ),
    )


def goals(measurements: Measurements) -> Table:
    """Returns what this project set out to reach, and whether it did."""
    ours, bare = measurements.class_ours, measurements.class_bare
    points = [run for run in _most_points(measurements) if not run.failure]
    small, large = _from(points, ours[0].submissions), points[-1]
    reached = (
        (
            f"seconds a submission, a class of {ours[0].submissions}, two jobs",
            0.06,
            statistics.median(run.each for run in ours),
        ),
        (
            "the same over the bare checks",
            2.0,
            statistics.median(a.each / b.each for a, b in zip(ours, bare, strict=True)),
        ),
        (
            f"memory at {large.submissions:,} submissions over that at {small.submissions:,}",
            _FLAT,
            large.together / small.together,
        ),
        (
            "`autograder check` of all exercises from a cold start, seconds",
            1.0,
            statistics.median(measurements.check_all),
        ),
        (
            "from a save to its verdict, seconds",
            0.15,
            statistics.median(measurements.watched),
        ),
    )
    return Table(
        ("what", "at most", "measured (median)", "so it is"),
        tuple(
            (what, f"{most:g}", f"{value:.2g}", "reached" if value <= most else "not reached")
            for what, most, value in reached
        ),
    )


def _from(points: Sequence[Run], size: int) -> Run:
    """Returns the run over the smallest class of at least that size."""
    return next((run for run in points if run.submissions >= size), points[0])


def _most_points(measurements: Measurements) -> tuple[Run, ...]:
    return max(
        (tool.curve for tool in measurements.tools), key=lambda c: c[-1].submissions if c else 0
    )


def conditions(measurements: Measurements) -> str:
    """Returns when and where it was measured, as a sentence."""
    idle = measurements.busy < _IDLE
    return f"Measured on {measurements.taken}: {measurements.machine}." + (
        ""
        if idle
        else f" **The machine was not idle** ({measurements.busy:.0%} of its processors were busy "
        "before the start), so seconds are too high and spread; ratios suffer less."
    )


SHOWN: Final[dict[str, Callable[[Measurements], object]]] = {
    "conditions": conditions,
    "side-by-side": side_by_side,
    "versions": versions,
    "curve": curve,
    "costs": class_of_ours,
    "goals": goals,
}

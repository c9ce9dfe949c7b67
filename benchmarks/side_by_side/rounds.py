"""Runs tools in turns, and compares what they gave."""

import math
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measurements import Agreement, Run, ToolRuns
from benchmarks.side_by_side.assignment import Assignment, make_assignment
from benchmarks.side_by_side.environments import SetupError
from benchmarks.side_by_side.running import RunFailedError
from benchmarks.side_by_side.tools import Points, Tool

Say = Callable[[str], None]


class Bench:
    """Some tools, the first of which is the one that the others' scores are compared with."""

    def __init__(self, tools: Sequence[Tool], say: Say, scratch: Path) -> None:
        self._tools = list(tools)
        self._say = say
        self._folder = scratch
        self._versions: dict[str, dict[str, str]] = {}
        self._unusable: dict[str, str] = {}
        self._runs: dict[str, list[Run]] = {tool.name: [] for tool in tools}
        self._curves: dict[str, list[Run]] = {tool.name: [] for tool in tools}
        self._scores: dict[str, Agreement] = {}

    def set_up(self) -> None:
        """Makes the environments. A tool whose environment cannot be made fails in every round."""
        for tool in self._tools:
            self._say(f"setting up: {tool.name}")
            try:
                self._versions[tool.name] = tool.set_up()
            except SetupError as error:
                self._unusable[tool.name] = f"it could not be set up: {error}"

    def rounds(self, size: int, count: int) -> None:
        """Runs every tool over one class, in turns, as often as `count`; the first is not timed."""
        with _scratch(self._folder) as folder:
            # Warms the disk's cache, and byte-compiles what was installed. Not counted.
            few = make_assignment(folder / "warm", 2)
            for tool in self._tools:
                self._run(tool, few, folder / "warm")
            assignment = make_assignment(folder, size)
            wanted: Points = {}
            for number in range(count):
                # Forth and back, so that none is always first.
                turn = self._tools if number % 2 == 0 else self._tools[::-1]
                for tool in turn:
                    run, points = self._run(tool, assignment, folder)
                    self._runs[tool.name].append(run)
                    self._say(f"round {number + 1} of {count}: {tool.name}: {_told(run)}")
                    if tool is self._tools[0]:
                        wanted = wanted or points
                    if number == 0 and not run.failure:
                        self._scores[tool.name] = agreement(wanted, points)

    def curve(self, tools: Sequence[Tool], sizes: Sequence[int]) -> None:
        """Runs these tools once over classes of several sizes."""
        for size in sizes:
            with _scratch(self._folder) as folder:
                assignment = make_assignment(folder, size)
                for tool in tools:
                    run, _ = self._run(tool, assignment, folder)
                    self._curves[tool.name].append(run)
                    self._say(f"{size} submissions: {tool.name}: {_told(run)}")

    def results(self) -> tuple[ToolRuns, ...]:
        """Returns what was measured so far."""
        return tuple(
            ToolRuns(
                tool.name,
                tool.command,
                tool.lacks,
                self._versions.get(tool.name, {}),
                tuple(self._runs[tool.name]),
                self._scores.get(tool.name, Agreement(0, 0)),
                tuple(self._curves[tool.name]),
                self._unusable.get(tool.name, ""),
            )
            for tool in self._tools
        )

    def _run(self, tool: Tool, assignment: Assignment, folder: Path) -> tuple[Run, Points]:
        size = len(assignment.submissions)
        if tool.name in self._unusable:
            return Run(size, failure=self._unusable[tool.name]), {}
        own = folder / "run"
        own.mkdir()
        try:
            tool.prepare(assignment, own)
            taken = tool.run(assignment, own)
            points = tool.points(assignment, own, taken)
        except RunFailedError as error:
            return Run(size, failure=str(error)), {}
        except Exception as error:  # What it wrote is not what it should be; the others go on.
            return Run(size, failure=f"{type(error).__name__}: {error}"), {}
        finally:
            shutil.rmtree(own)
        return Run(size, taken.seconds, taken.largest, taken.together), points


def agreement(ours: Points, theirs: Points) -> Agreement:
    """Compares scores, one an exercise of a submission."""
    differing = [
        f"{exercise} of {submission}: {theirs.get(submission, {}).get(exercise)}, not {score:g}"
        for submission, scores in ours.items()
        for exercise, score in scores.items()
        if not math.isclose(theirs.get(submission, {}).get(exercise, -1.0), score, abs_tol=1e-4)
    ]
    compared = sum(len(scores) for scores in ours.values())
    return Agreement(compared - len(differing), compared, tuple(differing[:10]))


def _told(run: Run) -> str:
    if run.failure:
        return f"failed: {run.failure[-200:]}"
    return f"{run.each:.3f} s a submission, {run.together:.0f} MiB"


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Returns a folder for one class, emptied before and after."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)

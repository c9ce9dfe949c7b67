"""One module a tool: how it is given the assignment, run, and asked for the points."""

from pathlib import Path
from typing import Protocol

from benchmarks.side_by_side.assignment import Assignment
from benchmarks.side_by_side.running import Taken

# Points by submission and exercise.
Points = dict[str, dict[str, float]]


class Tool(Protocol):
    """A tool that grades an assignment."""

    name: str
    command: str  # What is timed, as a teacher would type it.
    lacks: str  # What it does not do, or does for its price.

    def set_up(self) -> dict[str, str]:
        """Makes its environment where it is not there, and returns the releases that are in it."""
        ...

    def prepare(self, assignment: Assignment, folder: Path) -> None:
        """Writes what it needs into a fresh folder; not timed."""
        ...

    def run(self, assignment: Assignment, folder: Path) -> Taken:
        """Grades all submissions, with its start-up.

        Raises:
            RunFailedError: it fails.
        """
        ...

    def points(self, assignment: Assignment, folder: Path, taken: Taken) -> Points:
        """Returns what it gave; not timed."""
        ...

"""What is remembered between commands: how each exercise went last, and which hints were shown."""

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from autograder.practice.verdicts import Status, Verdict
from autograder.submissions import UnreadableError
from autograder.submissions.files import open_ordinary
from autograder.writing import EVERYBODY, write_whole

_FILE: Final = ".autograder-progress.json"
# A file of ours has a few kilobytes.
_MOST_BYTES: Final = 1 << 20


class Remembered(msgspec.Struct, omit_defaults=True):
    """One exercise: the verdict on it last time, and how many of its hints were shown."""

    status: Status | None = None
    earned: float = 0.0  # Public points.
    hints: int = 0


class _Saved(msgspec.Struct):
    exercises: dict[str, Remembered] = {}


class Progress:
    """The memory of one folder of exercises. No work depends on it, so its errors are ignored."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _FILE
        self._saved = _read(self._path)

    def __getitem__(self, exercise: str) -> Remembered:
        return self._saved.exercises.setdefault(exercise, Remembered())

    def note(self, verdicts: Iterable[Verdict]) -> None:
        """Remembers verdicts, and writes them down."""
        for verdict in verdicts:
            memory = self[verdict.exercise]
            memory.status, memory.earned = verdict.status, verdict.earned
        self.save()

    def save(self) -> None:
        """Writes the memory; does nothing in a folder that cannot be written."""
        saved = msgspec.json.format(msgspec.json.encode(self._saved)) + b"\n"
        with contextlib.suppress(OSError):
            write_whole(self._path, saved, EVERYBODY)


def _read(path: Path) -> _Saved:
    try:
        with open_ordinary(path) as file:
            return msgspec.json.decode(file.read(_MOST_BYTES), type=_Saved)
    except (OSError, UnreadableError, ValueError, RecursionError):
        return _Saved()

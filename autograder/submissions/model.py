"""A submission, read and ready to be examined. Its text is hostile and never run here."""

from pathlib import Path
from typing import Literal

import msgspec

from autograder.results import Source


class Chunk(msgspec.Struct, frozen=True):
    """Code that is run together, and a label to show people.

    A "file" is run whole, as by an import. A "cell" of a notebook, a "script" saved from one, and a
    "piece" of plain Python are run statement by statement, so that a statement that fails does not
    hide those after it.
    """

    label: str
    text: str
    kind: Literal["file", "cell", "script", "piece"] = "file"


class Submission(msgspec.Struct, frozen=True):
    """What one student (or group) handed in.

    `modules` maps the name of a Python module, one of the course's or a helper's, to its code;
    `files` maps each of them to the name of the file it was taken from.
    """

    id: str
    source: Source
    modules: dict[str, tuple[Chunk, ...]] = {}
    files: dict[str, str] = {}
    problems: tuple[str, ...] = ()
    digest: str = ""  # Of all files that were read, used or not.
    newer: str = ""  # A clause if it was checked with a newer Python or NumPy, else empty.


class Piece(msgspec.Struct, frozen=True):
    """A file, folder or archive that was handed in.

    `member` is the file or folder inside the archive at `path`; empty for all of `path`. `name` is
    a file's name without what an LMS added to it; empty for the name that it has.
    """

    path: Path
    member: str = ""
    name: str = ""


class Handin(msgspec.Struct, frozen=True):
    """A submission that was found but not read yet."""

    id: str
    source: Source
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its name at its source."""
        return self.source.name


class UnreadableError(Exception):
    """A file, folder or archive cannot be read; the message is one clause that says why."""

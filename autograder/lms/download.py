"""A recognised LMS download: whose work is in it, and which files are whose."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from autograder.results import Lms, Source


class DownloadError(Exception):
    """A recognised download cannot be read; the message is a clause that says why."""


@dataclass(frozen=True)
class Listing:
    """The files of a folder or archive that may be an LMS download."""

    name: str  # Of the folder or archive itself, without a suffix.
    paths: Sequence[str]  # Of files only, relative to it, with slashes.
    # Reads the beginning of a file, at most some megabytes, or raises DownloadError.
    read: Callable[[str], bytes]
    modules: Collection[str]  # The names of the course's modules.

    @cached_property
    def top(self) -> list[str]:
        """The names of the files and folders at the top."""
        return list(dict.fromkeys(path.partition("/")[0] for path in self.paths))

    @cached_property
    def top_files(self) -> list[str]:
        """The names of the files at the top."""
        return [path for path in self.paths if "/" not in path]

    @cached_property
    def _top_files(self) -> frozenset[str]:
        return frozenset(self.top_files)

    def may_be_work(self, top: str) -> bool:
        """Whether the file or folder of this name at the top could be somebody's work."""
        return top not in self._top_files or top.lower().endswith((".py", ".ipynb", ".zip"))


class Belonging(NamedTuple):
    """A file or folder that belongs to somebody, and its name without what the LMS added.

    A folder's name may be empty: its files then keep the names that they have inside it.
    """

    path: str
    name: str


class Entry(NamedTuple):
    """What one student or group handed in."""

    name: str  # The submission's name, which its id is made of.
    source: Source
    belongings: tuple[Belonging, ...]
    notes: tuple[str, ...] = ()


class Download(NamedTuple):
    """A recognised download.

    `about` names the files at its top in which the LMS says what is whose; `told` holds sentences
    about what was not clear.
    """

    lms: Lms
    entries: list[Entry]
    about: Collection[str] = ()
    told: tuple[str, ...] = ()

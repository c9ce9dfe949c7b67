"""A folder or an archive as a tree of names, before any of its files is read."""

import contextlib
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from autograder.submissions.files import (
    archive_names,
    is_noise,
    open_ordinary,
    read_archived,
    readable,
)
from autograder.submissions.model import Piece, UnreadableError

# For a file that describes those beside it: a manifest, or an LMS's list.
_MAX_TELLING_BYTES = 20_000_000


class Tree(Protocol):
    """A folder, on disk or in an archive. Names are unchanged, and noise is left out."""

    @property
    def name(self) -> str:
        """The folder's own name; an archive's without its suffix."""
        ...

    @property
    def files(self) -> Sequence[str]:
        """The names of everything in it but folders, in order, links and pipes included."""
        ...

    @property
    def folders(self) -> Collection[str]:
        """The names of the folders in it, in order, with fast look-up."""
        ...

    def folder(self, name: str) -> "Tree":
        """Returns a folder in it."""
        ...

    def read(self, name: str) -> bytes:
        """Returns the beginning of a file in it.

        Raises:
            UnreadableError: it cannot be read.
        """
        ...

    def piece(self, name: str = "", called: str = "") -> Piece:
        """Returns a file or folder in it, or all of it, as a piece to read.

        Args:
            name: The name of the file or folder; empty for all of it.
            called: The file's name without what an LMS added to it.
        """
        ...


def children(tree: Tree) -> list[str]:
    """Returns the names of all files and folders in a folder, in order."""
    return sorted([*tree.files, *tree.folders])


def paths(tree: Tree, depth: int) -> Iterator[str]:
    """Yields the paths of the files in a tree, as text, down to a depth of folders.

    A folder that is empty, or lies deeper, is given as its own path with a slash at the end.
    """
    yield from map(readable, tree.files)
    for name in tree.folders:
        inside = tree.folder(name)
        below = list(paths(inside, depth - 1)) if depth else []
        yield from (f"{readable(name)}/{path}" for path in below or [""])


class FolderTree:
    """A folder on disk; what cannot be listed looks empty, and reading it will say why."""

    def __init__(self, path: Path, is_left_out: Callable[[Path], bool] = lambda _: False) -> None:
        self._path = path
        self._is_left_out = is_left_out
        self.name = path.name
        self.files: list[str] = []
        self.folders: dict[str, None] = {}
        self._seen: dict[str, FolderTree] = {}
        with contextlib.suppress(OSError):
            self._list()

    def _list(self) -> None:
        with os.scandir(self._path) as entries:
            for entry in entries:
                if is_noise(entry.name):
                    continue
                if not entry.is_dir(follow_symlinks=False):
                    self.files.append(entry.name)
                elif not self._is_left_out(Path(entry.path)):
                    self.folders[entry.name] = None
        self.files.sort()
        self.folders = dict.fromkeys(sorted(self.folders))

    def folder(self, name: str) -> "FolderTree":
        """Returns a folder in it."""
        if name not in self._seen:
            self._seen[name] = FolderTree(self._path / name, self._is_left_out)
        return self._seen[name]

    def read(self, name: str) -> bytes:
        """Returns the beginning of a file in it (see `Tree`)."""
        try:
            with open_ordinary(self._path / name) as stream:
                return stream.read(_MAX_TELLING_BYTES)
        except OSError as error:
            raise UnreadableError(f"it cannot be read ({error.strerror or error})") from None

    def piece(self, name: str = "", called: str = "") -> Piece:
        """Returns a file or folder in it, or all of it, as a piece to read (see `Tree`)."""
        return Piece(self._path / name if name else self._path, "", called)


class ArchiveTree:
    """A folder in an archive, or all of the archive."""

    def __init__(self, archive: Path, name: str, prefix: str, names: Sequence[str]) -> None:
        self._archive = archive
        self._prefix = prefix
        self.name = name
        self._below: dict[str, list[str]] = {}
        self._seen: dict[str, ArchiveTree] = {}
        files: dict[str, None] = {}
        for path in names:
            first, slash, rest = path.partition("/")
            if slash:
                self._below.setdefault(first, []).append(rest)
            elif first:
                files[first] = None
        self.files = sorted(name for name in files if name not in self._below)
        self.folders = dict.fromkeys(sorted(self._below))

    @classmethod
    def of(cls, archive: Path) -> "ArchiveTree":
        """Returns an archive's tree.

        Raises:
            UnreadableError: it is not an archive.
        """
        return cls(archive, archive.stem, "", archive_names(archive))

    def folder(self, name: str) -> "ArchiveTree":
        """Returns a folder in it."""
        if name not in self._seen:
            below = f"{self._prefix}{name}/"
            self._seen[name] = ArchiveTree(self._archive, name, below, self._below[name])
        return self._seen[name]

    def read(self, name: str) -> bytes:
        """Returns the beginning of a file in it (see `Tree`)."""
        return read_archived(self._archive, self._prefix + name)

    def piece(self, name: str = "", called: str = "") -> Piece:
        """Returns a file or folder in it, or all of it, as a piece to read (see `Tree`)."""
        return Piece(self._archive, f"{self._prefix}{name}".rstrip("/"), called)

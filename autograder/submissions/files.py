"""Reads the files of a hand-in from a folder or archive into memory, within limits.

Nothing is ever extracted to disk, links are not followed, and the sizes that an archive states are
not trusted: reading stops at the limit, whatever the header said.
"""

import atexit
import hashlib
import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Final

import msgspec

from autograder.submissions.manifest import MANIFEST_NAME, MAX_MANIFEST_BYTES
from autograder.submissions.model import Piece, UnreadableError
from autograder.submissions.names import shown

SOURCE_SUFFIXES: Final = (".py", ".ipynb")
# A stub file filled in has a few kilobytes; a notebook holds its figures too, which can be large.
_MAX_FILE_BYTES: Final = 20 * 1024 * 1024
_MAX_TOTAL_BYTES: Final = 60 * 1024 * 1024
# What archives may inflate to: this much in any case, enough for a notebook that printed without
# end, plus so many bytes for each byte handed in, which is more than text inflates to.
_INFLATED_IN_ANY_CASE: Final = 12 * 1024 * 1024
_INFLATED_FOR_A_BYTE: Final = 50
_MAX_NOTEBOOK_BYTES: Final = _MAX_TOTAL_BYTES
_MAX_FILES: Final = 200
_MAX_MANIFESTS: Final = 20
_MAX_ENTRIES: Final = 20_000
_MAX_ENTRIES_OF_CLASS: Final = 500_000
_MAX_ARCHIVES_DEEP: Final = 3
_MAX_ARCHIVES: Final = 50
_MAX_TOLD: Final = 30
_MAX_LEFT_OUT: Final = 1000
_MAX_PASSED_OVER: Final = 100
# Longer than any path on the systems that students use.
_MAX_NAME: Final = 1000
# The signature of each entry in an archive's directory.
_ENTRY: Final = b"PK\x01\x02"
_BLOCK: Final = 1 << 20

# `create_system` in zip archives from Windows.
_MADE_ON_WINDOWS: Final = 0
_DRIVE: Final = re.compile(r"[A-Za-z]:(?=/)")

# The exceptions that reading a damaged or hostile member of an archive raises.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError),
    *(RuntimeError, ValueError, OverflowError),
)
_SKIPPED_NAMES: Final = {
    *("__macosx", "__pycache__", "thumbs.db", "desktop.ini", "node_modules"),
    *("site-packages", "dist-packages"),  # From a virtual environment that was handed in.
}


class Files(msgspec.Struct):
    """The source files of one hand-in by their path inside it, and what could not be read."""

    contents: dict[str, bytes] = {}
    manifests: dict[str, bytes] = {}  # Those of `autograder submit`, by their path.
    problems: list[str] = []
    left_out: int = 0
    unread: list[str] = []  # The first files that are not source files.
    bytes_given: int = 0  # As handed in, before inflating.
    bytes_read: int = 0
    manifests_read: int = 0
    archives_read: int = 0
    entries: int = 0
    _known: dict[str, set[bytes]] = {}

    def read(self, stream: IO[bytes], most: int = _MAX_FILE_BYTES) -> bytes:
        """Reads a stream to its end; each byte counts towards the limit, kept or not.

        Raises:
            UnreadableError: it is too large to be a student's file.
            LimitReachedError: the limit for one hand-in has been reached.
        """
        given = _INFLATED_IN_ANY_CASE + _INFLATED_FOR_A_BYTE * self.bytes_given
        in_all = min(_MAX_TOTAL_BYTES, given)
        room = in_all - self.bytes_read
        data = stream.read(min(most, room) + 1)
        self.bytes_read += len(data)
        if len(data) > room and in_all == _MAX_TOTAL_BYTES:
            raise LimitReachedError(f"more than {in_all >> 20} MB")
        if len(data) > room:
            raise UnreadableError(f"so small an archive holds more than {in_all >> 20} MB")
        if len(data) > most:
            raise UnreadableError(f"it is larger than {most >> 20} MB")
        return data

    def add(self, name: str, stream: IO[bytes]) -> None:
        """Reads and keeps one source file."""
        if len(self.contents) >= _MAX_FILES:
            raise LimitReachedError(f"more than {_MAX_FILES} Python files and notebooks")
        notebook = name.lower().endswith(".ipynb")
        data = self.read(stream, _MAX_NOTEBOOK_BYTES if notebook else _MAX_FILE_BYTES)
        key = readable(name)
        digest = hashlib.sha256(data).digest()
        known = self._known.setdefault(key, set())
        if digest in known:
            return
        known.add(digest)
        path, number = PurePosixPath(key), len(known)
        while key in self.contents:  # An archive may hold one name twice.
            key = path.with_name(f"{path.stem} ({number}){path.suffix}").as_posix()
            number += 1
        self.contents[key] = data

    def add_manifest(self, name: str, stream: IO[bytes]) -> None:
        """Keeps a manifest, unless it is too large or one too many."""
        if self.manifests_read == _MAX_MANIFESTS:
            return  # Thousands of names can point to the same part of an archive.
        self.manifests_read += 1
        data = stream.read(MAX_MANIFEST_BYTES + 1)
        self.bytes_read += len(data)
        if len(data) <= MAX_MANIFEST_BYTES:
            self.manifests[readable(name)] = data

    def leave_out(self, name: str, reason: object) -> None:
        """Notes why a file was not read, within a limit: there may be a hundred thousand."""
        self.left_out += 1
        if self.left_out > _MAX_LEFT_OUT:
            raise LimitReachedError("too many files that cannot be read")
        if len(self.problems) < _MAX_TOLD:
            self.problems.append(f"{shown(name)} was left out: {reason}")

    def pass_over(self, name: str) -> None:
        """Notes a file that is not a source file, if it is one of the first."""
        if len(self.unread) < _MAX_PASSED_OVER:
            self.unread.append(readable(name))

    def count_entry(self) -> None:
        """Counts a file of any kind that is looked at."""
        self.entries += 1
        if self.entries > _MAX_ENTRIES:
            raise LimitReachedError(f"more than {_MAX_ENTRIES} files")

    def told(self) -> list[str]:
        """Returns a clause on each of the first files left out, and one that counts the rest."""
        more = self.left_out - _MAX_TOLD
        return [*self.problems, f"{more} more files were left out"] if more > 0 else self.problems


class LimitReachedError(Exception):
    """A limit for one hand-in was reached; the message says what there was too much of."""


def readable(name: str) -> str:
    """Returns a file's name as valid text, whatever bytes it consists of."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def is_noise(name: str) -> bool:
    """Whether a file or folder is one that systems and editors leave behind."""
    return name.startswith(".") or name.lower() in _SKIPPED_NAMES


def read_files(pieces: Sequence[Piece]) -> Files:
    """Reads all pieces of one hand-in.

    Raises:
        UnreadableError: none of it can be read.
    """
    files = Files()
    try:
        for piece in pieces:
            try:
                _read_piece(piece, files)
            except UnreadableError as error:
                if len(pieces) == 1:
                    raise
                files.leave_out(name_of(piece), error)
    except LimitReachedError as limit:
        files.problems.append(f"the rest was left out, since there is {limit}")
    return files


def name_of(piece: Piece) -> str:
    """Returns the student's own name for a piece of a hand-in."""
    return readable(piece.name or PurePosixPath(piece.member or piece.path.name).name)


def _read_piece(piece: Piece, files: Files) -> None:
    path = piece.path
    if path.is_symlink():
        raise UnreadableError("it is a symbolic link, not a file")
    try:
        if piece.member:
            _read_from_archive(piece, files)
        elif path.is_dir():
            _read_folder(path, files)
        elif path.suffix.lower() == ".zip":
            with open_ordinary(path) as stream:
                files.bytes_given += _size(stream)
                prefix = f"{piece.name}/" if piece.name else ""
                _read_archive(stream, files, prefix, 1)
        elif path.suffix.lower() in SOURCE_SUFFIXES:
            with open_ordinary(path) as stream:
                files.bytes_given += _size(stream)
                files.add(piece.name or path.name, stream)
        else:
            raise UnreadableError("it is not a .py, .ipynb or .zip file or a folder")
    except OSError as error:
        raise UnreadableError(f"it cannot be read ({error.strerror or error})") from None


def archive_names(path: Path) -> list[str]:
    """Returns the paths of an archive's files and folders; a folder's ends with a slash.

    Raises:
        UnreadableError: it is not a zip archive, or holds more files than any class has.
    """
    try:
        return _last_archive.at(path).names()
    except OSError as error:
        raise UnreadableError(f"it cannot be read ({error.strerror or error})") from None


def read_archived(path: Path, name: str) -> bytes:
    """Returns the beginning of a file in an archive, up to the limit for a student's file.

    Raises:
        UnreadableError: it cannot be read.
    """
    entries = _last_archive.at(path)
    try:
        info = entries.file(name)
        if info is None:
            raise UnreadableError(f"{name} in it is no file")
        with entries.archive.open(info) as stream:
            return stream.read(_MAX_FILE_BYTES)
    except (*_DAMAGED, OSError):
        raise UnreadableError(f"{name} in it is damaged") from None


class _Entries:
    """An open archive and its entries, found by file or folder."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.archive = _archive(stream)
        if len(self.archive.infolist()) > _MAX_ENTRIES_OF_CLASS:
            raise UnreadableError(f"it holds more than {_MAX_ENTRIES_OF_CLASS} files")
        infos = self.archive.infolist()
        self._at_backslashes = _at_backslashes(infos)
        self._paths = [_path_of(info, self._at_backslashes) for info in infos]
        self._below: dict[int, dict[str, list[zipfile.ZipInfo]]] = {}

    def names(self) -> list[str]:
        """Returns the paths of its files and folders without noise; a folder's ends with a slash.

        A folder that holds only noise is listed too: it may be a student's.
        """
        names: dict[str, None] = {}
        for path in self._paths:
            parts = path.split("/")
            noisy = next((n for n, part in enumerate(parts) if part and is_noise(part)), None)
            kept = path if noisy is None else "".join(f"{part}/" for part in parts[:noisy])
            if kept:
                names[kept] = None
        return list(names)

    def below(self, member: str) -> list[zipfile.ZipInfo]:
        """Returns the entries that are this file, or in this folder."""
        depth = member.count("/") + 1
        if depth not in self._below:
            found = self._below[depth] = {}
            for path, info in zip(self._paths, self.archive.infolist(), strict=True):
                found.setdefault("/".join(path.split("/")[:depth]), []).append(info)
        return self._below[depth].get(member, [])

    def file(self, member: str) -> zipfile.ZipInfo | None:
        """Returns the entry of this file, or None if there is no such file."""
        infos = self.below(member)
        return next((info for info in infos if self.path(info) == member), None)

    def path(self, info: zipfile.ZipInfo) -> str:
        """Returns an entry's path in the archive."""
        return _path_of(info, self._at_backslashes)

    def close(self) -> None:
        self.archive.close()
        self._stream.close()


class _LastArchive:
    """Keeps a class's archive open, so that its directory is not read for each student."""

    def __init__(self) -> None:
        self._key: tuple[Path, int, int, int] | None = None
        self._entries: _Entries | None = None

    def at(self, path: Path) -> _Entries:
        """Returns the open archive.

        Raises:
            UnreadableError: it is not an archive.
            OSError: it cannot be opened.
        """
        about = path.stat()
        key = (path, about.st_ino, about.st_mtime_ns, about.st_size)
        if self._entries is None or key != self._key:
            self.close()
            stream = open_ordinary(path)
            try:
                self._entries = _Entries(stream)
            except BaseException:
                stream.close()
                raise
            self._key = key
        return self._entries

    def close(self) -> None:
        if self._entries is not None:
            self._entries.close()
        self._entries = None


_last_archive: Final = _LastArchive()
atexit.register(_last_archive.close)


def _read_from_archive(piece: Piece, files: Files) -> None:
    """Reads one member of a class's archive: a file, or everything in a folder."""
    entries = _last_archive.at(piece.path)
    file = entries.file(piece.member)
    infos = entries.below(piece.member)
    files.bytes_given += min(sum(info.compress_size for info in infos), piece.path.stat().st_size)
    if file is None:
        paths = [(entries.path(info), info) for info in infos]
        _read_entries(entries.archive, paths, files, "", f"{piece.member}/", 1)
        return
    name = piece.name or PurePosixPath(piece.member).name
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in (*SOURCE_SUFFIXES, ".zip"):
        raise UnreadableError("it is not a .py, .ipynb or .zip file or a folder")
    _read_member(entries.archive, file, files, name, suffix, 1)


def open_ordinary(path: Path) -> IO[bytes]:
    """Opens a file for reading; refuses links, pipes and devices without waiting for them.

    Raises:
        UnreadableError: it is not an ordinary file.
        OSError: it cannot be opened.
    """
    # A link put in place after the check above is refused here; a pipe or device never blocks.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise UnreadableError("it is not an ordinary file")
    return os.fdopen(descriptor, "rb")


def _size(stream: IO[bytes]) -> int:
    return os.fstat(stream.fileno()).st_size


def _read_folder(folder: Path, files: Files) -> None:
    for path, is_link in _walk(folder, files):
        files.count_entry()
        name = path.relative_to(folder).as_posix()
        suffix = path.suffix.lower()
        if suffix not in (*SOURCE_SUFFIXES, ".zip"):
            if path.name != MANIFEST_NAME:
                files.pass_over(name)
            continue
        if is_link:
            files.leave_out(name, "it is a symbolic link")
            continue
        try:
            with open_ordinary(path) as stream:
                files.bytes_given += _size(stream)
                if suffix == ".zip":
                    _read_archive(stream, files, f"{name}/", 1)
                else:
                    files.add(name, stream)
        except UnreadableError as error:
            files.leave_out(name, error)
        except OSError as error:
            files.leave_out(name, error.strerror or error)


def _walk(folder: Path, files: Files) -> Iterator[tuple[Path, bool]]:
    """Yields the files below a folder, in order, and whether each is a link; enters no link.

    Raises:
        OSError: the folder cannot be listed; for a folder in it, that is only noted.
    """

    def unlisted(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise error
        name = Path(error.filename).relative_to(folder).as_posix()
        files.leave_out(name, error.strerror or error)

    for here, folders, names in os.walk(folder, followlinks=False, onerror=unlisted):
        links = [n for n in folders if os.path.islink(os.path.join(here, n))]
        folders[:] = sorted(n for n in folders if not is_noise(n) and n not in links)
        for name in sorted(n for n in names if not is_noise(n)):
            path = Path(here, name)
            yield path, path.is_symlink()


def _archive(stream: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OverflowError, EOFError, NotImplementedError):
        raise UnreadableError("it is not a zip archive, or a damaged one") from None


def _path_of(info: zipfile.ZipInfo, at_backslashes: bool) -> str:
    """Returns an entry's path in its archive; a folder's ends with a slash.

    As in `unzip`, an absolute path, or one that leads out of the archive, loses the parts that lead
    there. Nothing is ever written to the path, so a colon or any other character may stay.
    """
    name = _name_of(info)
    if at_backslashes or (info.create_system == _MADE_ON_WINDOWS and "/" not in name):
        name = name.replace("\\", "/")
    name = _DRIVE.sub("", name)
    parts = [part for part in name.split("/") if part not in {"", ".", ".."}]
    return "/".join(parts) + ("/" if name.endswith("/") and parts else "")


def _at_backslashes(infos: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether an archive's paths have backslashes in place of slashes, as some programs write.

    In other archives a backslash is part of a file's name.
    """
    return bool(infos) and all("\\" in i.filename and "/" not in i.filename for i in infos)


def _is_noise_within(path: str) -> bool:
    return any(map(is_noise, path.rstrip("/").split("/")))


def _name_of(info: zipfile.ZipInfo) -> str:
    """Returns an entry's name, which is often UTF-8 even where it is not marked as such."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _read_archive(stream: IO[bytes], files: Files, prefix: str, depth: int) -> None:
    files.archives_read += 1
    if files.archives_read > _MAX_ARCHIVES:
        raise LimitReachedError(f"more than {_MAX_ARCHIVES} archives")
    # Counted first: reading the directory takes a hundred times as long, and half a kilobyte each.
    if _entries_at_most(stream) > _MAX_ENTRIES:
        raise LimitReachedError(f"more than {_MAX_ENTRIES} files")
    with _archive(stream) as archive:
        infos = archive.infolist()
        at_backslashes = _at_backslashes(infos)
        entries = [(_path_of(info, at_backslashes), info) for info in infos]
        _read_entries(archive, entries, files, prefix, "", depth)


def _entries_at_most(stream: IO[bytes]) -> int:
    """Returns an upper bound on an archive's entries: how often an entry's signature occurs."""
    count, before = 0, b""
    while block := stream.read(_BLOCK):
        count += (before + block).count(_ENTRY)
        before = block[1 - len(_ENTRY) :]
    stream.seek(0)
    return count


def _read_entries(
    archive: zipfile.ZipFile,
    entries: Iterable[tuple[str, zipfile.ZipInfo]],
    files: Files,
    prefix: str,
    folder: str,
    depth: int,
) -> None:
    """Reads the wanted entries of an archive, all of them below one folder.

    Files near the top come first and archives last: at the limit, the deepest are left out.
    """
    for path, info in sorted(entries, key=_depth):
        files.count_entry()
        base = path.rpartition("/")[2]
        _, dot, suffix = base.lower().rpartition(".")
        suffix = dot + suffix
        wanted = suffix in (*SOURCE_SUFFIXES, ".zip") or base == MANIFEST_NAME
        if not base or (not wanted and len(files.unread) == _MAX_PASSED_OVER):
            continue
        if _is_noise_within(path):
            continue
        name = prefix + path.removeprefix(folder)
        if len(path) > _MAX_NAME:
            files.leave_out(name, "its name is too long")
        elif wanted:
            _read_member(archive, info, files, name, suffix, depth)
        else:
            files.pass_over(name)


def _depth(entry: tuple[str, zipfile.ZipInfo]) -> tuple[bool, int]:
    path, _ = entry
    return path.lower().endswith(".zip"), path.count("/")


def _read_member(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    files: Files,
    name: str,
    suffix: str,
    depth: int,
) -> None:
    if stat.S_ISLNK(info.external_attr >> 16):
        files.leave_out(name, "it is a symbolic link")
        return
    if info.flag_bits & 0x1:
        files.leave_out(name, "it is encrypted; hand it in without a password")
        return
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        # Other methods inflate a whole member at once, however little of it is asked for.
        files.leave_out(name, "it is compressed in a way that is not read; use an ordinary zip")
        return
    try:
        with archive.open(info) as stream:
            if suffix == ".json":
                files.add_manifest(name, stream)
            elif suffix != ".zip":
                files.add(name, stream)
            elif depth < _MAX_ARCHIVES_DEEP:
                inner = io.BytesIO(files.read(stream))
                _read_archive(inner, files, f"{name}/", depth + 1)
            else:
                raise UnreadableError("there are too many archives inside one another")
    except UnreadableError as error:
        files.leave_out(name, error)
    except (*_DAMAGED, OSError):
        files.leave_out(name, "it is damaged")

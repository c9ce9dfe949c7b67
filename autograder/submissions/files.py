"""Reads the files of a hand-in from a folder or archive into memory, within limits.

Nothing is ever extracted to disk, links are not followed, and no archive's word is taken for a
size: reading stops at the limit, whatever the header said.
"""

import atexit
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Final

import msgspec

from autograder.submissions.manifest import MANIFEST_NAME, MAX_MANIFEST_BYTES
from autograder.submissions.model import Piece, UnreadableError

SOURCE_SUFFIXES: Final = (".py", ".ipynb")
# A stub file filled in has a few kilobytes; a notebook holds its figures too, which can be large.
_MAX_FILE_BYTES: Final = 20 * 1024 * 1024
_MAX_TOTAL_BYTES: Final = 60 * 1024 * 1024
_MAX_NOTEBOOK_BYTES: Final = _MAX_TOTAL_BYTES
_MAX_FILES: Final = 200
_MAX_MANIFESTS: Final = 20
_MAX_ENTRIES: Final = 20_000
_MAX_ENTRIES_OF_CLASS: Final = 500_000
_MAX_ARCHIVES_DEEP: Final = 3
_MAX_PROBLEMS: Final = 30
_MAX_NAME_SHOWN: Final = 120

# What reading a damaged or hostile member of an archive raises.
_DAMAGED: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError),
    *(RuntimeError, ValueError, OverflowError),
)
_SKIPPED_NAMES: Final = {
    *("__macosx", "__pycache__", "thumbs.db", "desktop.ini", "node_modules"),
    *("site-packages", "dist-packages"),  # Of a virtual environment that was handed in.
}


class Files(msgspec.Struct):
    """The source files of one hand-in by their path inside it, and what could not be read."""

    contents: dict[str, bytes] = {}
    manifests: dict[str, bytes] = {}  # Those of `autograder submit`, by their path.
    problems: list[str] = []
    bytes_read: int = 0
    manifests_read: int = 0

    def read(self, stream: IO[bytes], most: int = _MAX_FILE_BYTES) -> bytes:
        """Reads a stream to its end; what is read counts, whether it is kept or not.

        Raises:
            UnreadableError: it is too large to be a student's file.
            LimitReachedError: all that is read for one hand-in has been read.
        """
        room = _MAX_TOTAL_BYTES - self.bytes_read
        data = stream.read(min(most, room) + 1)
        self.bytes_read += len(data)
        if len(data) > room:
            raise LimitReachedError(f"more than {_MAX_TOTAL_BYTES >> 20} MB")
        if len(data) > most:
            raise UnreadableError(f"it is larger than {most >> 20} MB")
        return data

    def add(self, name: str, stream: IO[bytes]) -> None:
        """Reads and keeps one source file."""
        if len(self.contents) >= _MAX_FILES:
            raise LimitReachedError(f"more than {_MAX_FILES} Python files and notebooks")
        notebook = name.lower().endswith(".ipynb")
        data = self.read(stream, _MAX_NOTEBOOK_BYTES if notebook else _MAX_FILE_BYTES)
        key, number = readable(name), 1
        while self.contents.get(key, data) != data:  # An archive may hold one name twice.
            number += 1
            path = PurePosixPath(readable(name))
            key = path.with_name(f"{path.stem} ({number}){path.suffix}").as_posix()
        self.contents[key] = data

    def add_manifest(self, name: str, stream: IO[bytes]) -> None:
        """Keeps a manifest; one that is too large is none, and of too many the last are unread."""
        if self.manifests_read == _MAX_MANIFESTS:
            return  # Thousands of names can stand for one and the same part of an archive.
        self.manifests_read += 1
        data = stream.read(MAX_MANIFEST_BYTES + 1)
        self.bytes_read += len(data)
        if len(data) <= MAX_MANIFEST_BYTES:
            self.manifests[readable(name)] = data

    def leave_out(self, name: str, reason: object) -> None:
        """Notes why a file was not read. An archive can hold a hundred thousand reasons."""
        if len(self.problems) >= _MAX_PROBLEMS:
            raise LimitReachedError("too many files that cannot be read")
        self.problems.append(f"{name[:_MAX_NAME_SHOWN]} was left out: {reason}")


class LimitReachedError(Exception):
    """No more of a hand-in is read; the message says of what there was too much."""


def readable(name: str) -> str:
    """Returns a file's name as text, whatever bytes it was made of."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def is_noise(name: str) -> bool:
    """Whether a file or folder is one that systems and editors leave behind."""
    return name.startswith(".") or name.lower() in _SKIPPED_NAMES


def read_files(pieces: Sequence[Piece]) -> Files:
    """Reads what was handed in together.

    Raises:
        UnreadableError: nothing of it can be read.
    """
    files = Files()
    try:
        for piece in pieces:
            try:
                _read_piece(piece, files)
            except UnreadableError as error:
                if len(pieces) == 1:
                    raise
                name = piece.name or PurePosixPath(piece.member or piece.path.name).name
                files.leave_out(readable(name), error)
    except LimitReachedError as limit:
        files.problems.append(f"the rest was left out, since there is {limit}")
    return files


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
                prefix = f"{piece.name}/" if piece.name else ""
                _read_archive(stream, files, prefix, 1)
        elif path.suffix.lower() in SOURCE_SUFFIXES:
            with open_ordinary(path) as stream:
                files.add(piece.name or path.name, stream)
        else:
            raise UnreadableError("it is not a .py, .ipynb or .zip file or a folder")
    except OSError as error:
        raise UnreadableError(f"it cannot be read ({error.strerror or error})") from None


def archive_names(path: Path) -> list[str]:
    """Returns the paths of the files in an archive that stay inside it and are not noise.

    Raises:
        UnreadableError: it is not a zip archive, or one of more files than any class has.
    """
    try:
        return _last_archive.at(path).names()
    except OSError as error:
        raise UnreadableError(f"it cannot be read ({error.strerror or error})") from None


def read_archived(path: Path, name: str) -> bytes:
    """Returns the beginning of a file in an archive, as much as a student's file may have.

    Raises:
        UnreadableError: it cannot be read.
    """
    entries = _last_archive.at(path)
    try:
        with entries.archive.open(entries.below(name)[0]) as stream:
            return stream.read(_MAX_FILE_BYTES)
    except (*_DAMAGED, OSError, IndexError):
        raise UnreadableError(f"{name} in it is damaged") from None


class _Entries:
    """An open archive and what is in it, found by the file or folder that it belongs to."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.archive = _archive(stream)
        if len(self.archive.infolist()) > _MAX_ENTRIES_OF_CLASS:
            raise UnreadableError(f"it holds more than {_MAX_ENTRIES_OF_CLASS} files")
        self._below: dict[int, dict[str, list[zipfile.ZipInfo]]] = {}

    def names(self) -> list[str]:
        names = map(_inside, map(_name_of, self.archive.infolist()))
        return [name for name in names if name is not None and not name.endswith("/")]

    def below(self, member: str) -> list[zipfile.ZipInfo]:
        """Returns the entries that are this file, or in this folder."""
        depth = member.count("/") + 1
        if depth not in self._below:
            found = self._below[depth] = {}
            for info in self.archive.infolist():
                parts = PurePosixPath(_name_of(info).replace("\\", "/")).parts
                found.setdefault("/".join(parts[:depth]), []).append(info)
        return self._below[depth].get(member, [])

    def close(self) -> None:
        self.archive.close()
        self._stream.close()


class _LastArchive:
    """Keeps the archive of a class open, so that its directory is not read once a student."""

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
    """Reads one member of a class's archive: a file, or all that is in a folder."""
    entries = _last_archive.at(piece.path)
    infos = entries.below(piece.member)
    file = next((info for info in infos if _inside(_name_of(info)) == piece.member), None)
    if file is None:
        _read_entries(entries.archive, infos, files, "", f"{piece.member}/", 1)
        return
    name = piece.name or PurePosixPath(piece.member).name
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in (*SOURCE_SUFFIXES, ".zip"):
        raise UnreadableError("it is not a .py, .ipynb or .zip file or a folder")
    _read_member(entries.archive, file, files, name, suffix, 1)


def open_ordinary(path: Path) -> IO[bytes]:
    """Opens a file for reading; links, pipes and devices are refused, and never waited for.

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


def _read_folder(folder: Path, files: Files) -> None:
    entries = 0
    for path, is_link in _walk(folder, files):
        entries += 1
        if entries > _MAX_ENTRIES:
            raise LimitReachedError(f"more than {_MAX_ENTRIES} files")
        name = path.relative_to(folder).as_posix()
        suffix = path.suffix.lower()
        if suffix not in (*SOURCE_SUFFIXES, ".zip"):
            continue
        if is_link:
            files.leave_out(name, "it is a symbolic link")
            continue
        try:
            with open_ordinary(path) as stream:
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
        OSError: the folder cannot be listed; of one in it, that is noted.
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


def _inside(name: str) -> str | None:
    """Returns an archive's path if it stays inside and names something a person put there."""
    path = PurePosixPath(name.replace("\\", "/"))
    escapes = path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0])
    noisy = any(is_noise(part) for part in path.parts)
    if escapes or noisy or not path.parts:
        return None
    return path.as_posix() + ("/" if name.endswith("/") else "")


def _name_of(info: zipfile.ZipInfo) -> str:
    """Returns a file's name; one that is not marked as UTF-8 often is all the same."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        return info.filename.encode("cp437").decode()
    except UnicodeError:
        return info.filename


def _read_archive(stream: IO[bytes], files: Files, prefix: str, depth: int) -> None:
    with _archive(stream) as archive:
        _read_entries(archive, archive.infolist(), files, prefix, "", depth)


def _read_entries(
    archive: zipfile.ZipFile,
    infos: Iterable[zipfile.ZipInfo],
    files: Files,
    prefix: str,
    folder: str,
    depth: int,
) -> None:
    """Reads what is wanted of an archive's entries, all of them below one folder."""
    for count, info in enumerate(infos):
        if count >= _MAX_ENTRIES:
            raise LimitReachedError(f"more than {_MAX_ENTRIES} files")
        full_name = _name_of(info)
        path = PurePosixPath(full_name)
        # A folder's name ends in a slash, so it has no such suffix.
        wanted = path.suffix.lower() in (*SOURCE_SUFFIXES, ".zip") or path.name == MANIFEST_NAME
        if not wanted or full_name.endswith("/"):
            continue
        name = _inside(full_name)
        if name is None:
            if not any(is_noise(part) for part in path.parts if part != ".."):
                files.leave_out(full_name, "its path leads out of the archive")
            continue
        name = prefix + name.removeprefix(folder)
        _read_member(archive, info, files, name, path.suffix.lower(), depth)


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
        # The others inflate all of a member at once, whatever part of it is asked for.
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

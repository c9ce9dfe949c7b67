"""Finds the submissions at a path: one, a class's, or an LMS download."""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from autograder.course import Course
from autograder.lms.download import Download, DownloadError, Listing, Work
from autograder.lms.recognition import recognise
from autograder.results import Lms, Source
from autograder.submissions.files import (
    SOURCE_SUFFIXES,
    archive_names,
    is_noise,
    open_ordinary,
    read_archived,
    readable,
)
from autograder.submissions.model import Handin, Piece, UnreadableError

_SUFFIXES: Final = (*SOURCE_SUFFIXES, ".zip")
# Bytes: file names may have 255 of them, and an id gets a number, a suffix and a prefix.
_MAX_ID: Final = 150
_MAX_METADATA_BYTES: Final = 20_000_000
# Device names on Windows, whatever their extension.
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


class Found(NamedTuple):
    """What lies at a path: submissions in order of name, and the LMS that they came from."""

    handins: list[Handin]
    lms: Lms | None


def find_submissions(path: Path, course: Course, leave_out: Path | None = None) -> Found:
    """Returns what is at a path: one submission, or the submissions of a class in order of name.

    In a download of a known LMS, what belongs to one student or group is one submission. Else a
    folder or archive with one of the course's modules at its top is one submission, and otherwise
    each of its children is one.

    Args:
        path: A file, a folder or an archive.
        course: The course.
        leave_out: A folder that holds no submission though it may lie there, such as the results.

    Raises:
        UnreadableError: there is nothing to grade; the message is a sentence that names the path.
    """
    if not path.exists() and not path.is_symlink():
        raise UnreadableError(f"{path} does not exist.")
    # The path itself is the teacher's word, a link too; what lies below it is not.
    real = Path(os.path.realpath(path))
    own_name = readable(path.name if path.name not in {"", ".."} else real.name)
    if real.is_dir():
        found = _in_folder(own_name, real, course, leave_out)
    elif real.suffix.lower() == ".zip":
        found = _in_archive(own_name, real, course)
    elif real.suffix.lower() in SOURCE_SUFFIXES:
        found = [_one(own_name, Piece(real))]
    else:
        raise UnreadableError(
            f"{path} cannot be graded: give a .py, .ipynb or .zip file, or a folder of them."
        )
    if not found:
        raise UnreadableError(
            f"{path} holds no submission: give a folder with one for each student."
        )
    return Found(list(with_ids(found)), found[0].source.lms)


class Unnamed(NamedTuple):
    """A submission without an id yet, and the name that its id is made of."""

    wanted: str
    source: Source
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...] = ()


def with_ids(found: Iterable[Unnamed]) -> Iterator[Handin]:
    """Gives each submission an id of its own, the plain one wherever it can have it."""
    rows = [(one, _safe_id(one.wanted)) for one in found]
    plain = {_key(wanted) for _, wanted in rows}
    taken: set[str] = set()
    for one, wanted in rows:
        given, number = wanted, 1
        while _key(given) in taken or (number > 1 and _key(given) in plain):
            number += 1
            given = f"{wanted}-{number}"
        taken.add(_key(given))
        note = f"another submission is called {wanted} too, so this one is {given}."
        notes = (note,) if number > 1 else ()
        yield Handin(given, one.source, one.pieces, (*notes, *one.notes))


def _one(name: str, piece: Piece) -> Unnamed:
    """Returns a child as a submission; its id is its name without the suffix of a submission."""
    is_folder = not piece.member and piece.path.is_dir()
    suffix = PurePosixPath(name).suffix
    stem = name if is_folder or suffix.lower() not in _SUFFIXES else name[: -len(suffix)]
    return Unnamed(stem, Source(readable(name)), (piece,))


def _in_folder(own_name: str, path: Path, course: Course, leave_out: Path | None) -> list[Unnamed]:
    left_out = Path(os.path.realpath(leave_out)) if leave_out else None
    names = _names_in(path, left_out)
    if _is_one_submission(names, course):
        return [Unnamed(own_name, Source(own_name), (Piece(path),))]
    folder, inside = path, names
    # Unpacking often makes a folder for the one folder in an archive.
    while len(inside) == 1 and _is_real_folder(folder / inside[0]):
        folder /= inside[0]
        inside = _names_in(folder, left_out)
    for place in dict.fromkeys((path, folder)):
        listing = _listing(place, _names_in(place, left_out), course)
        if download := _download(listing, path):
            # What belongs to somebody is a name at the top; the listing has it as readable text.
            real = {readable(name): name for name in os.listdir(place)}
            return [
                _of_lms(work, [Piece(place / real[b.path], "", b.name) for b in work.belongings])
                for work in download.works
            ]
    return [_one(name, Piece(path / name)) for name in names]


def _names_in(folder: Path, left_out: Path | None) -> list[str]:
    return sorted(
        child.name
        for child in folder.iterdir()
        if not is_noise(child.name)
        and Path(os.path.realpath(child)) != left_out
        and not _holds_results(child)
    )


def _holds_results(folder: Path) -> bool:
    """Whether this is what an earlier run wrote, and nobody's work."""
    return (folder / "gradebook.sqlite").is_file() and all(
        (folder / name).is_dir() for name in ("results", "feedback")
    )


def _is_real_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _listing(folder: Path, names: Sequence[str], course: Course) -> Listing:
    """Lists a folder's files and those in its folders; no LMS is told by what lies deeper."""
    paths = []
    for name in names:
        if not _is_real_folder(folder / name):
            paths.append(name)
            continue
        try:
            inside = sorted(os.listdir(folder / name))
        except OSError:  # Reading the submission will say why.
            inside = []
        # An empty folder is somebody's all the same.
        paths += [f"{name}/{one}" for one in inside or [""]]

    def read(name: str) -> bytes:
        try:
            with open_ordinary(folder / name) as stream:
                return stream.read(_MAX_METADATA_BYTES)
        except OSError as error:
            raise DownloadError(f"its {name} cannot be read ({error.strerror})") from None
        except UnreadableError as error:
            raise DownloadError(f"its {name} cannot be read: {error}") from None

    modules = [module.id for module in course.modules]
    return Listing(readable(folder.name), list(map(readable, paths)), read, modules)


def _in_archive(own_name: str, path: Path, course: Course) -> list[Unnamed]:
    whole = _one(own_name, Piece(path))
    try:
        names = archive_names(path)
    except UnreadableError:
        return [whole]  # Reading it will say what is wrong.
    prefix = ""
    while True:
        top = list(dict.fromkeys(name.partition("/")[0] for name in names))
        if _is_one_submission(top, course):
            return [whole]
        if download := _download(_archive_listing(path, prefix, names, course), path):
            return [
                _of_lms(work, [Piece(path, prefix + b.path, b.name) for b in work.belongings])
                for work in download.works
            ]
        if len(top) != 1 or not all("/" in name for name in names):
            break
        # Everything is in one folder, as archivers like to have it.
        prefix = f"{prefix}{top[0]}/"
        names = [name.partition("/")[2] for name in names]
    if not _holds_a_class(top, names):
        return [whole]
    return [_one(name, Piece(path, prefix + name)) for name in sorted(top)]


def _archive_listing(path: Path, prefix: str, names: Sequence[str], course: Course) -> Listing:
    def read(name: str) -> bytes:
        try:
            return read_archived(path, prefix + name)
        except UnreadableError as error:
            raise DownloadError(str(error)) from None

    folder = PurePosixPath(prefix).name or readable(path.stem)
    return Listing(folder, names, read, [module.id for module in course.modules])


def _download(listing: Listing, path: Path) -> Download | None:
    try:
        return recognise(listing)
    except DownloadError as error:
        raise UnreadableError(f"{path} cannot be graded: {error}.") from None


def _of_lms(work: Work, pieces: Sequence[Piece]) -> Unnamed:
    return Unnamed(work.name, work.source, tuple(pieces), work.notes)


def _is_one_submission(names: Iterable[str], course: Course) -> bool:
    modules = {module.id for module in course.modules}
    return any(
        PurePosixPath(name).suffix.lower() in SOURCE_SUFFIXES
        and PurePosixPath(name).stem.lower() in modules
        for name in names
    )


def _holds_a_class(top: Iterable[str], names: Sequence[str]) -> bool:
    """Whether the children of an archive look like several students' work."""
    folders = {name.partition("/")[0] for name in names if "/" in name}
    works = [n for n in top if n in folders or PurePosixPath(n).suffix.lower() in _SUFFIXES]
    return len(works) > 1


def _safe_id(name: str) -> str:
    """Returns a name that every file system accepts and no page or terminal trips over."""
    name = unicodedata.normalize("NFC", readable(name))
    name = re.sub(r"[^\w.+@=(), -]+", "_", name).strip(" .")
    name = name.encode()[:_MAX_ID].decode(errors="ignore").rstrip(" .")
    if not name or _RESERVED.fullmatch(name):
        name = f"_{name}"
    return name


def _key(given: str) -> str:
    """Ids that differ in case only would share a file on many machines."""
    return given.casefold()

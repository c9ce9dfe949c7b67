"""Finds the submissions at a path and reads them."""

import os
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from autograder.course import Course
from autograder.results import Source
from autograder.submissions.assign import SourceFile, assign_files
from autograder.submissions.files import (
    SOURCE_SUFFIXES,
    Files,
    archive_names,
    is_noise,
    read_files,
    readable,
)
from autograder.submissions.manifest import unlike_manifests
from autograder.submissions.model import Handin, Submission, UnreadableError
from autograder.submissions.sources import read_source

_SUFFIXES: Final = (*SOURCE_SUFFIXES, ".zip")
# Bytes: file names may have 255 of them, and an id gets a number, a suffix and a prefix.
_MAX_ID: Final = 150
# Device names on Windows, whatever their extension.
_MAX_CODE: Final = 1_000_000
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)


def find_submissions(path: Path, course: Course) -> list[Handin]:
    """Returns what is at a path: one submission, or the submissions of a class in order of name.

    A folder or archive with one of the course's modules at its top is one submission; otherwise
    each of its children is one.

    Raises:
        UnreadableError: there is nothing to grade; the message is a sentence that names the path.
    """
    if not path.exists() and not path.is_symlink():
        raise UnreadableError(f"{path} does not exist.")
    # The path itself is the teacher's word, a link too; what lies below it is not.
    real = Path(os.path.realpath(path))
    own_name = path.name if path.name not in {"", ".."} else real.name
    own_name, path = readable(own_name), real
    if path.is_dir():
        names = sorted(child.name for child in path.iterdir() if not is_noise(child.name))
        if _is_one_submission(names, course):
            return [Handin(_safe_id(own_name), own_name, path)]
        found = [(name, path / name, "") for name in names]
    elif path.suffix.lower() == ".zip":
        found = [(name, path, member) for name, member in _in_archive(path, course)]
    elif path.suffix.lower() in SOURCE_SUFFIXES:
        found = [(own_name, path, "")]
    else:
        raise UnreadableError(
            f"{path} cannot be graded: give a .py, .ipynb or .zip file, or a folder of them."
        )
    if not found:
        raise UnreadableError(
            f"{path} holds no submission: give a folder with one for each student."
        )
    return list(with_ids(found))


def read_submission(handin: Handin, course: Course) -> Submission:
    """Reads one submission. Whatever is wrong with it is among its problems, not an exception."""
    source = Source(handin.name)
    try:
        files = read_files(handin.path, handin.member)
    except UnreadableError as error:
        told = f"{handin.name} cannot be graded: {error}."
        return Submission(handin.id, source, problems=(*handin.notes, told))
    submission = to_submission(handin.id, source, files, course)
    return msgspec.structs.replace(submission, problems=(*handin.notes, *submission.problems))


def to_submission(id: str, source: Source, files: Files, course: Course) -> Submission:
    """Makes a submission of files that were read."""
    problems = [f"{readable(problem)}." for problem in files.problems]
    problems += unlike_manifests(files.manifests, files.contents)
    sources = []
    for name, data in files.contents.items():
        try:
            chunks, oddities = read_source(name, data)
        except UnreadableError as error:
            problems.append(f"{name} was left out: {error}.")
            continue
        if sum(len(chunk.text) for chunk in chunks) > _MAX_CODE:
            problems.append(f"{name} was left out: it has more than a million characters of code.")
            continue
        problems += oddities
        if chunks:
            sources.append(SourceFile(name, chunks))
        else:
            problems.append(f"{name} has no code in it.")
    assignment = assign_files(sources, course)
    if not files.contents and not files.problems:
        problems.append("there is no Python file or notebook in it.")
    return Submission(
        id,
        source,
        modules={name: file.chunks for name, file in assignment.files.items()},
        files={name: PurePosixPath(f.path).name for name, f in assignment.files.items()},
        problems=(*problems, *assignment.problems),
    )


def _is_one_submission(names: Iterable[str], course: Course) -> bool:
    modules = {module.id for module in course.modules}
    return any(
        PurePosixPath(name).suffix.lower() in SOURCE_SUFFIXES
        and PurePosixPath(name).stem.lower() in modules
        for name in names
    )


def _in_archive(path: Path, course: Course) -> list[tuple[str, str]]:
    """Returns the (name, member) of the submissions in an archive."""
    try:
        names = archive_names(path)
    except UnreadableError:
        return [(path.name, "")]  # Reading it will say what is wrong.
    top = {name.partition("/")[0] for name in names}
    prefix = ""
    while len(top) == 1 and all(
        f"{(only := next(iter(top)))}/" in f"{n}/" and "/" in n for n in names
    ):
        # Everything is in one folder, as archivers like to have it.
        prefix = f"{prefix}{only}/"
        names = [name.partition("/")[2] for name in names]
        if _is_one_submission({n.partition("/")[0] for n in names}, course):
            return [(path.name, "")]
        top = {name.partition("/")[0] for name in names}
    if _is_one_submission(top, course) or not _holds_a_class(top, names):
        return [(path.name, "")]
    return [(name, prefix + name) for name in sorted(top)]


def _holds_a_class(top: Iterable[str], names: Sequence[str]) -> bool:
    """Whether the children of an archive look like several students' work."""
    folders = {name.partition("/")[0] for name in names if "/" in name}
    works = [n for n in top if n in folders or PurePosixPath(n).suffix.lower() in _SUFFIXES]
    return len(works) > 1


def with_ids(found: Iterable[tuple[str, Path, str]]) -> Iterator[Handin]:
    """Gives each submission an id of its own, the plain one wherever it can have it."""
    rows = [
        (name, path, member, _safe_id(_stem(name, path, member))) for name, path, member in found
    ]
    plain = {_key(row[3]) for row in rows}
    taken: set[str] = set()
    for original, path, member, wanted in rows:
        name = readable(original)
        given, number = wanted, 1
        while _key(given) in taken or (number > 1 and _key(given) in plain):
            number += 1
            given = f"{wanted}-{number}"
        taken.add(_key(given))
        note = f"another submission is called {wanted} too, so this one is {given}."
        yield Handin(given, name, path, member, (note,) if number > 1 else ())


def _stem(name: str, path: Path, member: str) -> str:
    """Returns a child's name without the suffix of a submission; a folder's name stays whole."""
    is_folder = not member and path.is_dir()
    suffix = PurePosixPath(name).suffix
    return name if is_folder or suffix.lower() not in _SUFFIXES else name[: -len(suffix)]


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

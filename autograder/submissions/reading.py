"""Reads a hand-in into a submission."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Final

import msgspec

from autograder.course import Course
from autograder.results import Source
from autograder.submissions.assign import SourceFile, assign_files, module_named
from autograder.submissions.files import (
    SOURCE_SUFFIXES,
    Files,
    name_of,
    read_files,
    readable,
)
from autograder.submissions.manifest import newer_versions, unlike_manifests
from autograder.submissions.model import Handin, Submission, UnreadableError
from autograder.submissions.names import bounded, listed, shown
from autograder.submissions.release import without_release
from autograder.submissions.sources import read_source

# Characters of code in one file, and in a whole hand-in: Python code goes through each of them.
_MAX_CODE: Final = 1_000_000
_MAX_CODE_OF_ALL: Final = 1_500_000
_MAX_BYTES_OF_CODE: Final = 4 * _MAX_CODE  # In UTF-8 and the other encodings that editors write.
# The limit of file systems; `pack` and others need a file's whole name.
_MAX_FILE_NAME: Final = 255
# Suffixes of files that lie beside work and are not work, unless they are named like a module.
_COMPANIONS: Final = frozenset(
    (
        " .cfg .css .csv .gif .h5 .ico .ini .jpeg .jpg .js .json .lock .log .md .npy .npz .pkl "
        ".png .pyc .pyi .rst .svg .toml .tsv .txt .webp .yaml .yml"
    ).split(" ")
)
_TOO_MUCH: Final = "it has more than a million characters of code"
_BESIDE: Final = "there is too much code beside it"


def read_submission(handin: Handin, course: Course) -> Submission:
    """Reads one submission; whatever is wrong with it goes into its problems and is not raised."""
    try:
        submission = to_submission(handin.id, handin.source, read_files(handin.pieces), course)
    except UnreadableError as error:
        return not_read(handin, str(error))
    except MemoryError:
        return not_read(handin, "reading it takes more memory than anybody's work does")
    except Exception as error:  # Somebody found one more way to make a file that cannot be read.
        return not_read(handin, f"reading it failed ({type(error).__name__})")
    return msgspec.structs.replace(
        submission, problems=bounded((*handin.notes, *submission.problems))
    )


def not_read(handin: Handin, why: str) -> Submission:
    """Returns the submission for a hand-in that could not be read.

    Args:
        handin: What was handed in.
        why: One clause that says why.
    """
    name = name_of(handin.pieces[0]) if len(handin.pieces) == 1 else handin.name
    told = f"{shown(name)} cannot be graded: {why}."
    return Submission(handin.id, handin.source, problems=bounded((*handin.notes, told)))


def to_submission(
    id: str, source: Source, files: Files, course: Course, chosen: Collection[str] = ()
) -> Submission:
    """Makes a submission of files that were read.

    Args:
        id: The submission's id.
        source: Where it came from.
        files: The files.
        course: The course.
        chosen: The paths of files that were asked for by name, which come before all others.
    """
    problems = [f"{readable(problem)}." for problem in files.told()]
    problems += unlike_manifests(files.manifests, files.contents)
    parted = without_release(files.contents, course)
    problems += parted.problems
    sources, told = _sources(parted.work, course)
    problems += told
    assignment = assign_files(sources, course, chosen)
    if not parted.work and not files.problems:
        beside = "beside these " if files.contents else ""
        problems.append(f"{beside}there is no Python file or notebook in it.")
    problems += _on_unread(files.unread, course, bool(parted.work))
    return Submission(
        id,
        source,
        modules={name: file.chunks for name, file in assignment.files.items()},
        files={
            name: file.name if len(file.name) <= _MAX_FILE_NAME else shown(file.name)
            for name, file in assignment.files.items()
        },
        problems=bounded((*problems, *assignment.problems)),
        digest=_digest(files.contents),
        newer=newer_versions(files.manifests),
    )


def _sources(contents: Mapping[str, bytes], course: Course) -> tuple[list[SourceFile], list[str]]:
    """Returns the files that hold code, and sentences on the others and on oddities."""
    modules = {lesson.id for lesson in course.lessons}
    sources = []
    problems = []
    left, bytes_left = _MAX_CODE_OF_ALL, _MAX_BYTES_OF_CODE
    # Files with the names of modules come first, then those near the top, so that others are left
    # out if there is too much.
    ranked = sorted(
        contents.items(), key=lambda item: (_stem(item[0]) not in modules, item[0].count("/"))
    )
    for name, data in ranked:
        is_notebook = name.lower().endswith(".ipynb")
        try:
            if not is_notebook and len(data) > bytes_left:
                raise UnreadableError(_TOO_MUCH if bytes_left == _MAX_BYTES_OF_CODE else _BESIDE)
            bytes_left -= 0 if is_notebook else len(data)
            chunks, oddities = read_source(shown(name.rpartition("/")[2]), data)
            size = sum(len(chunk.text) for chunk in chunks)
            if size > _MAX_CODE:
                raise UnreadableError(_TOO_MUCH)
            if size > left:
                raise UnreadableError(_BESIDE)
        except UnreadableError as error:
            problems.append(f"{shown(name)} was left out: {error}.")
            continue
        left -= size
        problems += oddities
        if chunks:
            sources.append(SourceFile(name, chunks))
        else:
            problems.append(f"{shown(name)} has no code in it.")
    return sources, problems


def _on_unread(names: Iterable[str], course: Course, is_there_work: bool) -> list[str]:
    """Returns a sentence on the files that are not source files but may be meant as work."""
    modules = [lesson.id for lesson in course.lessons]
    told = [
        name
        for name in names
        if not is_there_work
        or PurePosixPath(name).suffix.lower() not in _COMPANIONS
        or name.lower().rpartition(".")[0].endswith(SOURCE_SUFFIXES)
        or module_named(_stem(name).partition(".")[0], modules)
    ]
    if not told:
        return []
    return [f"{listed(told)} could not be read: only .py, .ipynb and .zip files are."]


def _stem(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[0]


def _digest(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in sorted(contents.items()):
        for part in (name.encode("utf-8", "replace"), data):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()

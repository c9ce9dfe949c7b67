"""Reads a hand-in into a submission."""

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

import msgspec

from autograder.course import Course
from autograder.results import Source
from autograder.submissions.assign import SourceFile, assign_files
from autograder.submissions.files import Files, read_files, readable
from autograder.submissions.manifest import newer_versions, unlike_manifests
from autograder.submissions.model import Handin, Submission, UnreadableError
from autograder.submissions.sources import read_source

_MAX_CODE: Final = 1_000_000


def read_submission(handin: Handin, course: Course) -> Submission:
    """Reads one submission. Whatever is wrong with it is among its problems, not an exception."""
    try:
        submission = to_submission(handin.id, handin.source, read_files(handin.pieces), course)
    except UnreadableError as error:
        told = f"{handin.name} cannot be graded: {error}."
        return Submission(handin.id, handin.source, problems=(*handin.notes, told))
    except Exception as error:  # Somebody found one more way to make a file that cannot be read.
        told = f"{handin.name} cannot be graded: reading it failed ({type(error).__name__})."
        return Submission(handin.id, handin.source, problems=(*handin.notes, told))
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
        digest=_digest(files.contents),
        newer=newer_versions(files.manifests),
    )


def _digest(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, data in sorted(contents.items()):
        for part in (name.encode("utf-8", "replace"), data):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()

"""The manifest of an archive that `autograder submit` made: its files, and the versions used."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import PurePosixPath
from platform import python_version
from typing import Final

import msgspec

from autograder.course import Course
from autograder.submissions.names import shown

MANIFEST_NAME: Final = "manifest.json"
MAX_MANIFEST_BYTES: Final = 256 * 1024
_FORMAT: Final = "autograder/handin/v1"
_MOST_FILES: Final = 500


class ManifestFile(msgspec.Struct, frozen=True):
    """A file of the archive: its path in it, its size, and the SHA-256 of its content in hex."""

    path: str
    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """`format` names this version of the manifest; `created` is in UTC, as ISO 8601 writes it."""

    format: str
    course: str
    course_version: int
    created: str
    versions: dict[str, str]
    files: tuple[ManifestFile, ...]


def write_manifest(
    course: Course,
    contents: Mapping[str, bytes],
    created: datetime,
    *,
    numpy: str = "",
    python: str = "",
) -> bytes:
    """Returns the manifest of these files, as JSON.

    Args:
        course: The course that the work is for.
        contents: The files by their path.
        created: When the archive was made.
        numpy: The version of NumPy that they were checked with; the installed one if left out.
        python: The version of Python, likewise.
    """
    manifest = Manifest(
        format=_FORMAT,
        course=course.title,
        course_version=course.version,
        created=created.astimezone(UTC).isoformat(timespec="seconds"),
        versions={
            "autograder": version("deep-learning-basics"),
            "numpy": numpy or version("numpy"),
            "python": python or python_version(),
        },
        files=tuple(
            ManifestFile(name, len(data), hashlib.sha256(data).hexdigest())
            for name, data in sorted(contents.items())
        ),
    )
    return msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"


def is_manifest(data: bytes) -> bool:
    """Whether this is the manifest of an archive that `autograder submit` packed."""
    return len(data) <= MAX_MANIFEST_BYTES and any(_ours({"": data}))


def newer_versions(manifests: Mapping[str, bytes]) -> str:
    """Returns a clause if work was checked with a newer Python or NumPy than it is graded with.

    Only the first two numbers of a version are compared: new features come with these.
    """
    here = {"Python": python_version(), "NumPy": version("numpy")}
    for _, manifest in _ours(manifests):
        checked = {name: _numbers(manifest.versions.get(name.lower(), "")) for name in here}
        newer = [name for name in here if checked[name] > _numbers(here[name])]
        if newer:
            theirs = " and ".join(f"{name} {_dotted(checked[name])}" for name in newer)
            ours = " and ".join(f"{name} {_dotted(_numbers(here[name]))}" for name in newer)
            return f"was checked with {theirs} and is graded with {ours}"
    return ""


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"(\d{1,4})\.(\d{1,4})(?!\d)", version)
    return (int(found[1]), int(found[2])) if found else ()


def _dotted(numbers: tuple[int, ...]) -> str:
    return ".".join(map(str, numbers))


def _ours(manifests: Mapping[str, bytes]) -> Iterator[tuple[str, Manifest]]:
    """Yields the manifests that `autograder submit` wrote; other programs use the name too."""
    for place, data in manifests.items():
        try:
            manifest = msgspec.json.decode(data, type=Manifest)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        if manifest.format == _FORMAT:
            yield place, manifest


def unlike_manifests(manifests: Mapping[str, bytes], contents: Mapping[str, bytes]) -> list[str]:
    """Returns a sentence for each file that differs from what its manifest says.

    Students can write a manifest themselves: it can show that a file was damaged or lost on the
    way, and proves nothing else.

    Args:
        manifests: Manifests by the path they were found at.
        contents: Files by their path.
    """
    problems = []
    digests: dict[str, str] = {}  # A manifest may name one file hundreds of times.
    for place, manifest in _ours(manifests):
        folder = PurePosixPath(place).parent
        for file in manifest.files[:_MOST_FILES]:
            path = (folder / file.path).as_posix()
            name = shown(file.path)
            if path not in contents:
                problems.append(f"{name} is missing, though `autograder submit` packed it.")
                continue
            if path not in digests:
                digests[path] = hashlib.sha256(contents[path]).hexdigest()
            if digests[path] != file.sha256:
                problems.append(f"{name} was changed after `autograder submit` packed it.")
    return problems[:10]

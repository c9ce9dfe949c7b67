"""The files of a course: their list, their digest, and an archive to send them in."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from autograder.course.data import Course

# The folders that commands read; only the commands that build the site read that.
_FOLDERS: Final = ("exercises", "solutions", "graders")
_KINDS: Final = frozenset({".py", ".toml", ".json", ".ipynb", ".md", ".txt", ".csv", ".npy"})
# Made by Python when the course is used.
_PASSED_OVER: Final = frozenset({"__pycache__"})


def files_of(course: Course) -> Iterator[tuple[str, bytes]]:
    """Yields the path in the course and the content of each of its files, in order."""
    for folder in _FOLDERS:
        for path in sorted((course.root / folder).rglob("*")):
            name = path.relative_to(course.root)
            hidden = any(part.startswith(".") or part in _PASSED_OVER for part in name.parts)
            if path.suffix in _KINDS and path.is_file() and not hidden:
                yield name.as_posix(), path.read_bytes()


def digest_of(course: Course) -> str:
    """Returns a digest that identifies a course in its present state."""
    digest = hashlib.sha256()
    for name, content in files_of(course):
        for part in (name.encode(), content):
            digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:32]


def archive_of(course: Course) -> bytes:
    """Returns a course's files as a zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(course):
            archive.writestr(zipfile.ZipInfo(name), content)
    return made.getvalue()


def unpack(archive: bytes, folder: Path) -> None:
    """Unpacks an archive that `archive_of` made into a folder of its own."""
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        for name in packed.namelist():
            path = folder / PurePosixPath(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(packed.read(name))

"""Packs a student's work into the archive to hand in."""

from datetime import UTC, datetime
from typing import Final

from autograder.course import Course
from autograder.practice.workspace import Work
from autograder.submissions.manifest import MANIFEST_NAME, write_manifest
from autograder.writing import zipped

# Learning platforms put names and numbers before a file's name and a number before its first dot,
# with underscores between: so letters only, and one dot.
ARCHIVE_NAME: Final = "handin.zip"


def pack(work: Work, course: Course) -> tuple[bytes, list[str]]:
    """Returns the archive, and the names of the files in it: those that would be graded.

    An untouched notebook beside an edited file is left out.
    """
    moment = datetime.now(UTC)
    taken = set(work.read(course).files.values())
    contents = {name: data for name, data in work.files().contents.items() if name in taken}
    manifest = write_manifest(course, contents, moment)
    return zipped({MANIFEST_NAME: manifest, **contents}, moment.astimezone()), list(contents)

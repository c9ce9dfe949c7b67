"""What the marks of a lesson depend on, as a key that changes whenever any of it does.

A lesson's key is made of its graders, checks, solutions and known mistakes, its part of the course,
the code that every lesson's grading goes through, the seed, the limits, and the Python and NumPy
that student code runs on. Together with the code that was handed in it decides every mark, so a
result that was made under the same keys need not be made again.
"""

import hashlib
import platform
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from autograder.course import ROOT, Course
from autograder.sandbox.process import Limits
from autograder.submissions.model import Submission

_PACKAGE: Final = Path(__file__).resolve().parent.parent
# What takes part in the grading of every lesson; in the last three, files named after a lesson are
# that lesson's own. What reads submissions is not here: what it makes of one is in the key itself.
_SHARED: Final = (
    *("calls.py", "compare.py", "course.py", "display.py"),
    *("references.py", "results.py", "rubric.py"),
    *("checking/*", "examiner/*.py", "sandbox/*.py"),
    *("checks/*.py", "graders/*.py", "mistakes/*.py"),
)


def lesson_keys(course: Course, seed: int, limits: Limits) -> dict[str, str]:
    """Returns the key of each lesson, by the name of its module."""
    lessons = {module.id for module in course.modules}
    everyone = _digest(
        [
            *(_content(path) for path in shared_files() if path.stem not in lessons),
            repr((seed, limits, np.__version__, platform.python_version_tuple()[:2])).encode(),
        ]
    )
    return {
        module.id: _digest(
            [everyone.encode(), msgspec.json.encode(module), *map(_content, own_files(module.id))]
        )
        for module in course.modules
    }


def shared_files() -> Iterator[Path]:
    """Yields the files of the package that grading any lesson depends on."""
    for pattern in _SHARED:
        yield from sorted(path for path in _PACKAGE.glob(pattern) if path.is_file())


def own_files(module: str) -> Iterator[Path]:
    """Yields the files that only this lesson's marks depend on."""
    for folder in ("checks", "graders", "mistakes"):
        yield _PACKAGE / folder / f"{module}.py"
    yield ROOT / "solutions" / f"{module}.py"


def content_key(submission: Submission) -> str:
    """Returns a digest of the code that is graded: of what was made of the files handed in."""
    return _digest(
        part.encode("utf-8", "surrogatepass")
        for name, chunks in submission.modules.items()
        for part in (
            *(name, submission.files.get(name, ""), str(len(chunks))),
            *(text for chunk in chunks for text in (chunk.label, chunk.kind, chunk.text)),
        )
    )


@cache
def _content(path: Path) -> bytes:
    """Returns what tells a file from others, as it was when this process first asked.

    A process that lives on, as a cluster's worker does, goes on with the code that it has loaded.
    """
    return _digest([f"{path.parent.name}/{path.name}".encode(), path.read_bytes()]).encode()


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:32]

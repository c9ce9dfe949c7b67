"""A key for each lesson, which changes whenever anything that its marks depend on changes.

A lesson's key is made of its graders, checks, solutions and known mistakes, of every other file of
the course that these import, of its part of `course.toml`, the code that every lesson's grading
goes through, the seed, the limits, and the Python and NumPy that student code runs on. The key and
the code that was handed in decide every mark, so a result under the same keys need not be made
again.
"""

import ast
import hashlib
import platform
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from autograder.course import Course
from autograder.course.code import path_of
from autograder.sandbox.process import Limits
from autograder.submissions.model import Submission

_PACKAGE: Final = Path(__file__).resolve().parent.parent
# The code that grades every lesson. The code that reads submissions is left out: what it made of a
# submission is compared itself (see `content_key`).
_SHARED: Final = (
    *("calls.py", "clauses.py", "compare.py", "display.py"),
    *("lesson_files.py", "references.py", "results.py", "rubric.py"),
    *("checking/*", "course/*.py", "examiner/*.py", "mistakes/*.py", "sandbox/*.py"),
)
# A lesson's own files, those it must have and those it may have.
_NEEDED: Final = ("exercises.checks.{}", "graders.{}.checks", "graders.{}.mistakes", "solutions.{}")
_OPTIONAL: Final = ("graders.{}.parts",)
# A file without this has no relative import.
_RELATIVE: Final = re.compile(rb"\bfrom[\s\\]*\.")


def lesson_keys(course: Course, seed: int, limits: Limits) -> dict[str, str]:
    """Returns the key of each lesson, by the name of its module."""
    everyone = _digest(
        [
            *map(_content, shared_files()),
            repr((seed, limits, np.__version__, platform.python_version_tuple()[:2])).encode(),
        ]
    )
    return {
        lesson.id: _digest(
            [
                everyone.encode(),
                msgspec.json.encode(lesson),
                *map(_content, what_marks_depend_on(course, lesson.id)),
            ]
        )
        for lesson in course.lessons
    }


def shared_files() -> Iterator[Path]:
    """Yields the files of the package that grading any lesson depends on."""
    for pattern in _SHARED:
        yield from sorted(path for path in _PACKAGE.glob(pattern) if path.is_file())


def own_files(course: Course, module: str) -> Iterator[Path]:
    """Yields the files that a lesson must have to be graded."""
    for name in _NEEDED:
        yield path_of(course.root, name.format(module))


def what_marks_depend_on(course: Course, module: str) -> list[Path]:
    """Returns a lesson's own files, and the course's files that they import, directly or not."""
    optional = (path_of(course.root, name.format(module)) for name in _OPTIONAL)
    waiting = [*own_files(course, module), *(path for path in optional if path.is_file())]
    found: dict[Path, None] = {}
    while waiting:
        path = waiting.pop(0)
        if path not in found:
            found[path] = None
            waiting += sorted(_imported(path, course.root))
    return list(found)


@cache
def _imported(path: Path, root: Path) -> frozenset[Path]:
    """Returns the files of the course that a file imports, at any place in it.

    Cached: they are as they were at the first call in this process (see `_content`).
    """
    try:
        content = path.read_bytes()
        # Most of the time goes into parsing, and most files import nothing of their course.
        tree = ast.parse(content) if _RELATIVE.search(content) else None
    except (OSError, SyntaxError, ValueError):  # Reported where the file is loaded.
        tree = None
    found: set[Path] = set()
    for node in _statements(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            folder = path.parents[node.level - 1]
            module = folder.joinpath(*(node.module or "").split("."))
            named = [module, *(module / name.name for name in node.names)]
            files = (f for n in named for f in (n.with_name(f"{n.name}.py"), n / "__init__.py"))
            found.update(f for f in files if f.is_file() and f.is_relative_to(root))
    return frozenset(found)


def _statements(node: ast.AST | None) -> Iterator[ast.AST]:
    """Yields all statements below a node, and nodes that hold them; no expression holds any."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for child in getattr(node, name, ()) if not isinstance(node, ast.expr) else ():
            yield child
            yield from _statements(child)


def content_key(submission: Submission) -> str:
    """Returns a digest of the code to grade, as it was read from the files handed in."""
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
    """Returns a digest of a file's name and content, as they were when this process first asked.

    A long-lived process, such as a cluster's worker, keeps the code that it has loaded.
    """
    content = path.read_bytes() if path.is_file() else b""  # Its absence is reported elsewhere.
    return _digest([f"{path.parent.name}/{path.name}".encode(), content]).encode()


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:32]

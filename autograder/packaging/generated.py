"""The files of a course that are generated from its solutions and mistakes, and kept in it."""

import contextlib
from pathlib import Path

from autograder.checking.known import table_of
from autograder.course import Course
from autograder.packaging.known_mistakes import known_mistakes
from autograder.packaging.stubs import stubs


def generated(course: Course) -> dict[Path, bytes]:
    """Returns what each generated file should hold: the stubs, and the table of known mistakes.

    Raises:
        BrokenGraderError: a file of the course cannot be used.
    """
    made = {path: text.encode() for path, text in stubs(course).items()}
    return made | {table_of(course): known_mistakes(course)}


def generated_notebooks(course: Course) -> dict[Path, bytes]:
    """Returns what each notebook should hold.

    Raises:
        ImportError: nbformat, which comes with the extra `notebooks`, is not installed.
    """
    from autograder.packaging.notebooks import notebooks

    return {path: text.encode() for path, text in notebooks(course).items()}


def stale(course: Course) -> list[Path]:
    """Returns the generated files that are out of date or missing.

    Notebooks are among them only where the extra `notebooks` is installed.

    Raises:
        BrokenGraderError: a file of the course cannot be used.
    """
    files = generated(course)
    with contextlib.suppress(ImportError):
        files |= generated_notebooks(course)
    return [p for p, content in files.items() if not p.is_file() or p.read_bytes() != content]

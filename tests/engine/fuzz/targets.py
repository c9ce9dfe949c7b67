"""What is fuzzed: one function for each reader of hostile bytes, and the laws that it keeps.

A target takes any bytes and returns. It raises only where the reader broke a law: it raised
something other than what it declares, gave something other than plain values, or did not keep what
it had read.
"""

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from autograder.compare import difference
from autograder.course import load_course
from autograder.display import show_pair
from autograder.results import Source
from autograder.sandbox import wire
from autograder.sandbox.cells import to_python
from autograder.submissions import Handin, Piece, UnreadableError, read_submission, to_submission
from autograder.submissions.files import Files, archive_names, read_archived, read_files
from autograder.submissions.sources import read_source

# What was found, and what it began with: kept in the repository, replayed in the tests.
CORPUS: Final = Path(__file__).resolve().parent / "corpus"
# What exercises return, so what an answer is compared with.
_EXPECTED: Final = (0.5, 3, "left", np.zeros(3), np.zeros((2, 3)), (0.5, np.zeros(2)))
_KINDS: Final = "biufc"
_MOST_FILES: Final = 200
_MOST_BYTES: Final = 60 * 1024 * 1024


def frame(data: bytes) -> None:
    """One frame from a student's process: decoded, compared, shown."""
    try:
        value = wire.decode(data)
    except wire.WireError:
        return
    only_plain(value)
    # What is sent on may be cut short (see `wire.encode`), but then it arrives as it left.
    sent = wire.encode(value)
    assert wire.encode(wire.decode(sent)) == sent
    for expected in _EXPECTED:
        found = difference(value, expected)
        if found is not None:
            show_pair(value, expected, found)


def only_plain(value: Any) -> None:
    """Asserts that a value is of the types that may cross, all the way down."""
    assert type(value) in PLAIN, type(value)
    if type(value) is np.ndarray:
        assert value.dtype.kind in _KINDS
        assert value.flags.owndata
        assert value.flags.writeable
    elif type(value) is dict:
        for key, held in value.items():
            assert type(key) is str
            only_plain(held)
    elif type(value) in (list, tuple):
        for held in value:
            only_plain(held)
    elif type(value) is wire.Foreign:
        assert len(value.type_name) <= wire.MAX_NAME
        assert len(value.problem) <= wire.MAX_NAME


PLAIN: Final = (
    *(type(None), bool, int, float, complex, str, bytes),
    *(list, tuple, dict, np.ndarray, wire.Foreign),
)


def notebook(data: bytes) -> None:
    """The bytes of a notebook, and the same bytes as a Python file."""
    for name in ("activations.ipynb", "activations.py"):
        try:
            chunks, oddities = read_source(name, data)
        except UnreadableError as error:
            one_clause(str(error))
            continue
        for chunk in chunks:
            assert type(chunk.text) is str
            assert "\r" not in chunk.text
            # Never more code than there were bytes, but for what cannot be decoded.
            assert len(chunk.text) <= 3 * len(data) + 8
            # A line stays a line, so that errors are told with the right one.
            lines = chunk.text.count("\n") + (not chunk.text.endswith("\n"))
            python = to_python(chunk.text)
            assert python.count("\n") == lines or "run_cell_magic" in python
        for told in oddities:
            one_clause(told.removesuffix("."))
        assigned = to_submission("s", Source(name), Files({name: data}), _COURSE)
        assert all(chunk in chunks for held in assigned.modules.values() for chunk in held)


def archive(data: bytes) -> None:
    """The bytes of a zip: as one submission, as a class, and as files that it may keep."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-archive-", dir=_MEMORY))
    try:
        path = folder / "handin.zip"
        path.write_bytes(data)
        _archive_at(path)
        assert os.listdir(folder) == ["handin.zip"]  # Nothing was extracted.
    finally:
        shutil.rmtree(folder)


def _archive_at(path: Path) -> None:
    try:
        files = read_files([Piece(path)])
    except UnreadableError as error:
        one_clause(str(error))
    else:
        assert len(files.contents) <= _MOST_FILES
        assert sum(map(len, files.contents.values())) <= _MOST_BYTES
        assert all(type(content) is bytes for content in files.contents.values())
    read_submission(Handin("s", Source("handin.zip"), (Piece(path),)), _COURSE)
    try:
        for name in archive_names(path)[:20]:
            assert not name.startswith("/")
            assert ".." not in name.split("/")
            # A member of a class's archive may be gone wrong; then that student's piece is.
            try:
                read_archived(path, name)
                read_files([Piece(path, name)])
            except UnreadableError as error:
                one_clause(str(error))
    except UnreadableError as error:
        one_clause(str(error))


def one_clause(told: str) -> None:
    """Asserts that a message is for people: something is said, and no sentence ends in it."""
    assert told.strip()
    assert not told.endswith(".")


_COURSE: Final = load_course()
# A folder in memory where there is one: thousands of archives a second are of no use on a disk.
_MEMORY: Final = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "wire": frame,
    "notebook": notebook,
    "archive": archive,
}

"""Nothing vanishes: every file is in a result, or named in a sentence, or of a kind to skip."""

import contextlib
import re
import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import load_course
from autograder.submissions import UnreadableError, read_submission
from autograder.submissions.files import read_files, readable
from autograder.submissions.finding import find_submissions
from autograder.submissions.names import shown
from tests.engine.submissions.trees import trees, without_noise, written, zipped
from tests.laws import examples

CODE = (".py", ".ipynb", ".zip")
_DRIVE = re.compile("^[A-Za-z]:/")


def lost(path: Path, files: dict[str, str]) -> list[str]:
    """The files of which nothing is said, and which are in no submission."""
    try:
        found = find_submissions(path, load_course())
    except UnreadableError:
        return []  # The sentence names all of it.
    told = "\n".join(found.told)
    handins = found.handins
    assert len({handin.id.casefold() for handin in handins}) == len(handins)
    mine: set[str] = set()
    read: set[bytes] = set()
    for handin in handins:
        told += "\n".join(read_submission(handin, load_course()).problems)
        with contextlib.suppress(UnreadableError):
            read |= set(read_files(handin.pieces).contents.values())
        for piece in handin.pieces:
            if piece.name and piece.name in told:  # As it was called before the LMS had it.
                told += piece.member or piece.path.name
            place = piece.member or (piece.path.relative_to(path).as_posix())
            mine |= {
                name
                for name in without_noise(files)
                # In an archive, what leads there from a machine's root is left out.
                if f"{_DRIVE.sub('', name) if path.suffix == '.zip' else name}/".startswith(
                    "" if place == "." else f"{place}/"
                )
                or not place
            }
    return [
        name
        for name, text in files.items()
        if name in set(without_noise(files))
        and text.encode() not in read
        and not (name in mine and not name.lower().endswith(CODE))
        and not any(shown(readable(part)) in told for part in parts_of(name))
    ]


def parts_of(path: str) -> list[str]:
    """The path, what is left of it in each folder above it, and those folders."""
    parts = path.split("/")
    below = ["/".join(parts[n:]) for n in range(len(parts))]
    return [*below, *("/".join(parts[: n + 1]) for n in range(len(parts)))]


@given(trees(), st.booleans())
@settings(max_examples=examples(150, 5000))
def test_every_file_is_in_a_result_or_named(files: dict[str, str], as_archive: bool) -> None:
    home = Path(tempfile.mkdtemp())
    try:
        place = zipped(home / "class.zip", files) if as_archive else written(home / "class", files)
        assert lost(place, files) == []
    finally:
        shutil.rmtree(home)

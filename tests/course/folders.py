"""Copies of the small course, changed."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from autograder.course import Course, load_course
from tests.places import ROOT

WORDS: Final = ROOT / "tests" / "courses" / "words"


def changed_words(folder: Path, changes: Mapping[str, Iterable[tuple[str, str]]]) -> Course:
    """Copies the small course into a folder of that folder, with texts of its files replaced."""
    copy = folder / "words"
    shutil.copytree(WORDS, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for file, pairs in changes.items():
        path = copy / file
        for old, new in pairs:
            text = path.read_text()
            assert old in text, (file, old)
            path.write_text(text.replace(old, new, 1))
    return load_course(copy)

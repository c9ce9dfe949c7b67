"""The small course, for tests of the engine that are about no course."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from autograder.course import Course, load_course
from tests.places import ROOT

SMALL: Final = ROOT / "tests" / "courses" / "words"
# The reference solutions' source text, by lesson: three exercises, 10 points.
SOLUTIONS: Final = {
    name: (SMALL / "solutions" / f"{name}.py").read_text() for name in ("words", "rows")
}
# Of one exercise, words.count_words, worth 4 points: a right function, and one that earns none.
COUNT: Final = """
def count_words(text):
    words = text.lower().split()
    return {word: words.count(word) for word in words}
"""
MISCOUNT: Final = "def count_words(text):\n    return {text: 0}\n"
# Words.most_frequent, worth 3.
WINNER: Final = """
def most_frequent(text):
    words = text.lower().split()
    return max(words, key=words.count, default=None)
"""


def changed_words(folder: Path, changes: Mapping[str, Iterable[tuple[str, str]]]) -> Course:
    """Copies the small course into a folder of that folder, with texts of its files replaced."""
    copy = folder / "words"
    shutil.copytree(SMALL, copy, ignore=shutil.ignore_patterns("__pycache__"))
    for file, pairs in changes.items():
        path = copy / file
        for old, new in pairs:
            text = path.read_text()
            assert old in text, (file, old)
            path.write_text(text.replace(old, new, 1))
    return load_course(copy)

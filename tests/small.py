"""The small course, for tests of the engine that are about no course."""

from typing import Final

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

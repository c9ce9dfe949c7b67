"""Public checks of the words."""

from typing import Any

from autograder.rubric import assert_close, points

TEXT = "To be or not to be"


@points(0.8)
def test_counts_of_a_line(count_words: Any) -> None:
    """In "To be or not to be" the words to and be come twice, or and not once."""
    assert_close(count_words(TEXT), {"to": 2, "be": 2, "or": 1, "not": 1})


@points(0.6)
def test_winner_of_a_line(most_frequent: Any) -> None:
    """In "To be or not to be" the word is to, which comes in front of be."""
    assert_close(most_frequent(TEXT), "to")

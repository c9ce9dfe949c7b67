"""Hidden checks of the words."""

import pytest

from autograder.calls import StudentFunction
from autograder.clauses import Case, Inputs, SeededGenerator, each_its_own, right_kind, right_values
from autograder.rubric import points

SYLLABLES = ("bdfgklmnprst", "aeiou") * 2


def drawn_texts(own: SeededGenerator) -> list[Case]:
    """Returns texts of made-up words, some of which come again in another case.

    In the last all come twice, so that it shows who wins among equals.
    """
    rng = own("texts")
    texts = []
    for count in (5, 8, 13):
        words = ["".join(str(rng.choice(list(s))) for s in SYLLABLES) for _ in range(count)]
        again = [word.capitalize() for word in rng.choice(words, count)]
        mixed = rng.permutation([*words, *again, *again[:1]])
        texts.append((" ".join(map(str, mixed)),))
    words = list(dict.fromkeys(words))
    twice = rng.permutation([*words, *(word.capitalize() for word in words)])
    return [*texts, (" ".join(map(str, twice)),)]


@pytest.fixture(scope="session")
def texts(generator: SeededGenerator) -> Inputs[list[Case]]:
    """Texts (see `drawn_texts`)."""
    return each_its_own(generator, drawn_texts)


@points(2.4)
def test_counts_values(count_words: StudentFunction, texts: Inputs[list[Case]]) -> None:
    """The counts are right for other texts."""
    right_values(count_words, texts(count_words))


@points(0.8)
def test_counts_of_nothing(count_words: StudentFunction, texts: Inputs[list[Case]]) -> None:
    """A text without a word has no counts, and one with several spaces has no empty word."""
    right_kind(count_words, [("",), ("  one   two  ",), texts(count_words)[0]])


@points(1.8)
def test_winner_values(most_frequent: StudentFunction, texts: Inputs[list[Case]]) -> None:
    """The most frequent word is right for other texts."""
    right_values(most_frequent, texts(most_frequent))


@points(0.6)
def test_winner_of_nothing(most_frequent: StudentFunction, texts: Inputs[list[Case]]) -> None:
    """Where there is no word there is no winner, and elsewhere there is."""
    right_kind(most_frequent, [("",), texts(most_frequent)[1]])

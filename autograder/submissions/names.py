"""File names and sentences to show people, kept short however long or many they are."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

# As long as the names that people give, with what an LMS adds.
_MOST_SHOWN: Final = 100
_MOST_LISTED: Final = 5
# Room for a sentence with a few such names.
_MOST_OF_A_SENTENCE: Final = 900
_MOST_SENTENCES: Final = 40


def shown(name: str) -> str:
    """Returns a name, with its middle left out where it is very long.

    >>> len(shown("x" * 60_000 + ".py"))
    100
    """
    if len(name) <= _MOST_SHOWN:
        return name
    end = _MOST_SHOWN // 2
    return f"{name[: _MOST_SHOWN - end - 1]}…{name[-end:]}"


def listed(names: Iterable[str]) -> str:
    """Returns the first few names of a list, and how many more there are.

    >>> listed(["a", "b"])
    'a, b'
    """
    rest = iter(names)
    first = [shown(name) for name in islice(rest, _MOST_LISTED)]
    more = sum(1 for _ in rest)
    return f"{', '.join(first)} and {more} more" if more else ", ".join(first)


def bounded(sentences: Iterable[str]) -> tuple[str, ...]:
    """Returns the first sentences, each cut to a readable length, and how many more there are."""
    rest = iter(sentences)
    first = [_cut(sentence) for sentence in islice(rest, _MOST_SENTENCES)]
    more = sum(1 for _ in rest)
    return (*first, f"and {more} more such sentences.") if more else tuple(first)


def _cut(sentence: str) -> str:
    if len(sentence) <= _MOST_OF_A_SENTENCE:
        return sentence
    return f"{sentence[: _MOST_OF_A_SENTENCE - 2]}…."

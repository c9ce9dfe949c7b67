"""What is counted once more, in other words (see `autograder.proofs`)."""

from autograder.proofs import proof

TEXTS = ("", "To be or not to be", "  one   two  ", "B a b A b", "c b a")


@proof("count_words", *((text,) for text in TEXTS))
def _(text):
    words = text.lower().split()
    return {word: words.count(word) for word in words}


@proof("most_frequent", *((text,) for text in TEXTS))
def _(text):
    words = text.lower().split()
    return next(iter(sorted(words, key=lambda word: (-words.count(word), words.index(word)))), None)

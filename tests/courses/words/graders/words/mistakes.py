"""What learners get wrong about words."""

from autograder.mistakes.catalogue import mistake

from ...solutions.words import count_words


@mistake("count_words.case")
def _(text):
    """Words in capitals are counted apart from the same words in lower case: make the text lower
    case before you split it.
    """
    counts = {}
    for word in text.split():
        counts[word] = counts.get(word, 0) + 1
    return counts


@mistake("count_words.once")
def _(text):
    """Every count is 1: a word that is there already needs one more, not a fresh start."""
    return dict.fromkeys(text.lower().split(), 1)


@mistake("most_frequent.last")
def _(text):
    """Of several words that come equally often yours is the last, and the first is asked for."""
    counts = count_words(text)
    return max(reversed(counts), key=counts.get) if counts else None


@mistake("most_frequent.count")
def _(text):
    """You return how often the word comes: the word itself is asked for."""
    counts = count_words(text)
    return max(counts.values()) if counts else None

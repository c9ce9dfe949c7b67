"""Words: counting them, and finding the most frequent one."""


def count_words(text: str) -> dict[str, int]:
    """Return how often each word comes in a text, whatever its case.

    Words are what stands between spaces, in lower case.

    Args:
        text: A text; it may be empty.

    Returns:
        The words in lower case, each with how often it comes.

    Example:
        >>> count_words("To be or not to be")
        {'to': 2, 'be': 2, 'or': 1, 'not': 1}
    """
    raise NotImplementedError


def most_frequent(text: str) -> str | None:
    """Return the word that comes most often, or None where there is no word.

    Of several that come equally often it is the one that comes first.

    Args:
        text: A text; it may be empty.

    Returns:
        The word in lower case, or None.

    Example:
        >>> most_frequent("To be or not to be")
        'to'
    """
    raise NotImplementedError

"""Right answers in other words: all earn full marks. Each may use np, math and functools."""

VARIANTS: dict[str, dict[str, str]] = {
    "count_words": {
        "counter": "from collections import Counter\ndef count_words(text): return Counter(text.lower().split())",
        "loop": "def count_words(text):\n    counts = {}\n    for word in text.split():\n        word = word.lower()\n        if word not in counts:\n            counts[word] = 0\n        counts[word] += 1\n    return counts",
        "count": "def count_words(text):\n    words = text.lower().split()\n    return {word: words.count(word) for word in words}",
        "unique": "def count_words(text):\n    if not text.split():\n        return {}\n    words, counts = np.unique(text.lower().split(), return_counts=True)\n    return {str(w): int(c) for w, c in zip(words, counts)}",
    },
    "most_frequent": {
        "counter": "from collections import Counter\ndef most_frequent(text):\n    found = Counter(text.lower().split()).most_common(1)\n    return found[0][0] if found else None",
        "loop": "def most_frequent(text):\n    best, most = None, 0\n    words = text.lower().split()\n    for word in words:\n        if words.count(word) > most:\n            best, most = word, words.count(word)\n    return best",
        "sorted": "def most_frequent(text):\n    words = text.lower().split()\n    if not words:\n        return None\n    return sorted(words, key=lambda w: (-words.count(w), words.index(w)))[0]",
        "default": "def most_frequent(text):\n    words = text.lower().split()\n    return max(words, key=words.count, default=None)",
    },
}

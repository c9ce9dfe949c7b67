"""Right answers in other words: all earn full marks. Each may use np, math and functools."""

VARIANTS: dict[str, dict[str, str]] = {
    "mean": {
        "numpy": "mean = np.mean",
        "plain": "def mean(values): return sum(values) / len(values)",
        "exact": "def mean(values): return math.fsum(values) / len(values)",
        "dot": "def mean(values): return values @ np.full(len(values), 1 / len(values))",
    },
}

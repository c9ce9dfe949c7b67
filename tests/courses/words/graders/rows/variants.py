"""Right answers in other words: all earn full marks. Each may use np, math and functools."""

VARIANTS: dict[str, dict[str, str]] = {
    "running_means": {
        "array": "def running_means(values): return np.cumsum(values) / np.arange(1, len(values) + 1)",
        "slices": "def running_means(values): return [np.mean(values[: k + 1]) for k in range(len(values))]",
        "update": "def running_means(values):\n    means, mean = [], 0.0\n    for k, x in enumerate(values, 1):\n        mean += (x - mean) / k\n        means.append(mean)\n    return means",
        "tuple": "def running_means(values): return tuple(math.fsum(values[:k]) / k for k in range(1, len(values) + 1))",
    },
}

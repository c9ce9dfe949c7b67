"""Right answers in other words: all earn full marks. Each may use np, math and functools."""

VARIANTS: dict[str, dict[str, str]] = {
    "predict": {
        "list": "def predict(w, x): return [w * v for v in x]",
        "lambda": "predict = lambda w, x: np.multiply(x, w)",
        "tuple": "def predict(w, x, *more): return tuple(w * x)",
        "float32_free": "def predict(w: float, x: np.ndarray) -> np.ndarray: return np.dot(x, w)",
        "formula_1": "predict = np.multiply",
        "formula_2": "predict = lambda w, x: x.dot(np.diag([w] * len(x)))",
        "formula_3": "def predict(w, x): return np.fromiter((w * v for v in x), float)",
    },
    "cost": {
        "loop": "def cost(w, x, z):\n    t = 0\n    for a, b in zip(x, z): t += (b - w * a) ** 2\n"
        "    return t / 2 / len(x)",
        "zero_d": "def cost(w, x, z): return np.array(np.mean((w * x - z) ** 2) / 2)",
        "prints": "def cost(w, x, z):\n    print('cost', w)\n    return np.var(w * x - z) / 2 "
        "+ np.mean(w * x - z) ** 2 / 2",
        "dot": "def cost(w, x, z):\n    r = z - w * x\n    return r @ r / (2 * r.size)",
        "class": "class Cost:\n    def __call__(self, w, x, z): "
        "return np.mean((w * x - z) ** 2) / 2\ncost = Cost()",
        "formula_1": "def cost(w, x, z): return 0.5 * np.average(np.square(z - w * x))",
        "formula_2": "def cost(w, x, z): return (z @ z - 2 * w * (x @ z) + w * w * (x @ x)) / 2 / x.size",
        "formula_3": "def cost(w, x, z, m=None):\n    m = m or len(z)\n"
        "    return 1 / (2 * m) * np.linalg.norm(z - w * x) ** 2",
        "formula_4": "import statistics\ndef cost(w, x, z): return statistics.fmean((z - w * x) ** 2) / 2",
    },
    "sum_squared_error": {
        "norm": "def sum_squared_error(w, x, z): return np.linalg.norm(z - w * x) ** 2",
        "fsum": "def sum_squared_error(w, x, z): "
        "return math.fsum((b - w * a) ** 2 for a, b in zip(x, z))",
        "zero_d": "def sum_squared_error(w, x, z): return np.asarray(((z - w * x) ** 2).sum())",
        "formula_1": "def sum_squared_error(w, x, z): return np.inner(w * x - z, w * x - z)",
        "formula_2": "def sum_squared_error(w, x, z): return functools.reduce("
        "lambda t, p: t + (p[1] - w * p[0]) ** 2, zip(x, z), 0)",
        "formula_3": "sum_squared_error = lambda w, x, z: np.einsum('i,i->', z - w * x, z - w * x)",
    },
    "cost_gradient": {
        "expanded": "def cost_gradient(w, x, z): return w * np.mean(x * x) - np.mean(x * z)",
        "dot": "def cost_gradient(w, x, z): return x.dot(w * x - z) / x.shape[0]",
        "star": "def cost_gradient(*a):\n    w, x, z = a\n"
        "    return float(np.mean(x * (w * x - z)))",
        "formula_1": "def cost_gradient(w, x, z): return -(1 / len(x)) * np.sum(x * (z - w * x))",
        "formula_2": "def cost_gradient(w, x, z): return np.dot(x, w * x - z) / len(x)",
        "formula_3": "def cost_gradient(w, x, z):\n    J = lambda v: np.mean((z - v * x) ** 2) / 2\n"
        "    return (J(w + 1) - J(w - 1)) / 2",
    },
    "descent_direction": {
        "dict": "def descent_direction(slope): "
        "return {1: 'left', -1: 'right', 0: 'stop'}[int(np.sign(slope))]",
        "str_subclass": "def descent_direction(slope): "
        "return np.str_('left' if slope > 0 else 'right' if slope < 0 else 'stop')",
        "lambda": "descent_direction = lambda s: ('stop', 'left', 'right')[(s > 0) + 2 * (s < 0)]",
        "formula_1": "from enum import Enum\nclass Way(str, Enum):\n    L = 'left'\n    R = 'right'\n"
        "    S = 'stop'\n"
        "def descent_direction(slope): return Way.L if slope > 0 else Way.R if slope else Way.S",
        "formula_2": "def descent_direction(slope):\n    match np.sign(slope):\n        case 1: return 'left'\n"
        "        case -1: return 'right'\n        case _: return 'stop'",
        "formula_3": "def descent_direction(slope):\n    if np.isclose(slope, 0): return 'stop'\n"
        "    return 'right' if math.copysign(1, slope) < 0 else 'left'",
        "formula_4": "def descent_direction(slope):\n    return 'stop' if abs(slope) < 1e-6 else "
        "np.array(['right', 'left'])[int(slope > 0)]",
    },
    "update_weight": {
        "in_place": "def update_weight(w, gradient, learning_rate):\n"
        "    w -= learning_rate * gradient\n    return w",
        "numpy": "def update_weight(w, gradient, learning_rate, momentum=0): "
        "return np.float64(w) - np.float64(learning_rate) * gradient",
        "zero_d": "update_weight = lambda w, g, r: np.array(w - r * g)",
        "formula_1": "def update_weight(w, gradient, learning_rate): return np.subtract(w, learning_rate * "
        "gradient)",
        "formula_2": "def update_weight(w, gradient, learning_rate): return float(w) - gradient * learning_rate",
        "formula_3": "update_weight = lambda w, g, lr=0.1: np.dot([1.0, -lr], [w, g])",
    },
    "gradient_descent": {
        "list": "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n    out = [w0]\n"
        "    for _ in range(n_iterations):\n        out += [out[-1] - learning_rate * "
        "np.mean(x * (out[-1] * x - z))]\n    return out",
        "closed": "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n"
        "    b, a = np.mean(x * x), np.mean(x * z)\n"
        "    k = np.arange(n_iterations + 1)\n"
        "    return a / b + (w0 - a / b) * (1 - learning_rate * b) ** k",
        "filled": "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n"
        "    w = np.empty(n_iterations + 1)\n    w[0] = w0\n    for i in range(n_iterations):\n"
        "        w[i + 1] = w[i] - learning_rate * np.mean(x * (w[i] * x - z))\n    return w",
        "formula_1": "import itertools\ndef gradient_descent(x, z, w0, learning_rate, n_iterations):\n"
        "    return list(itertools.accumulate(range(n_iterations), lambda w, _: w - "
        "learning_rate * "
        "np.mean(x * (w * x - z)), initial=w0))",
        "formula_2": "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n    if n_iterations == 0:\n"
        "        return [w0]\n    w = gradient_descent(x, z, w0, learning_rate, n_iterations - 1)\n"
        "    return w + [w[-1] + learning_rate * np.mean(x * (z - w[-1] * x))]",
        "formula_3": "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n    w = np.zeros(1) + w0\n"
        "    for _ in range(n_iterations):\n"
        "        w = np.append(w, w[-1] - learning_rate / len(x) * "
        "(x @ (w[-1] * x - z)))\n    return w",
    },
    "max_stable_learning_rate": {
        "sum": "def max_stable_learning_rate(x): return 2 * len(x) / np.sum(x ** 2)",
        "dot": "max_stable_learning_rate = lambda x: 2 * x.size / (x @ x)",
        "python": "def max_stable_learning_rate(x): return 2 / (sum(v * v for v in x) / len(x))",
        "formula_1": "def max_stable_learning_rate(x): return 2 / (np.var(x) + np.mean(x) ** 2)",
        "formula_2": "def max_stable_learning_rate(x): return 2 / np.average(x * x)",
        "formula_3": "def max_stable_learning_rate(x): return 2.0 / (np.linalg.norm(x) ** 2 / x.shape[0])",
    },
}

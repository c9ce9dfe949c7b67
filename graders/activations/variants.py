"""Right answers in other words: all earn full marks. Each may use np, math and functools."""

SIGMOID = "1 / (1 + np.exp(-z))"
STABLE = "np.exp(-np.logaddexp(0, -np.asarray(z, float)))"

VARIANTS: dict[str, dict[str, str]] = {
    "sigmoid": {
        "logaddexp": f"def sigmoid(z): return {STABLE}",
        "masks": "def sigmoid(z):\n    z = np.asarray(z, float)\n    e = np.exp(-np.abs(z))\n"
        "    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))",
        "quiet": "def sigmoid(z):\n    with np.errstate(over='ignore'): return " + SIGMOID,
        "clipped": "def sigmoid(z): return 1 / (1 + np.exp(-np.clip(z, -500, 500)))",
        "scalars": "def sigmoid(z):\n    if np.ndim(z) == 0:\n        z = float(z)\n        return "
        "1 / (1 + math.exp(-z)) if z > -700 else 0\n    return [sigmoid(v) for v in z]",
        "formula_1": "def sigmoid(z): return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))",
        "formula_2": "def sigmoid(z): return 1 / (1 + np.exp(-np.clip(z, -700, 700)))",
        "formula_3": "def sigmoid(z):\n    z = np.clip(z, -60, 60)\n    return np.exp(z) / (1 + np.exp(z))",
        "formula_4": "@np.vectorize\ndef sigmoid(z):\n    if z < -700: return 0.0\n"
        "    return 1 / (1 + math.exp(-z))",
        "formula_5": "@np.errstate(over='ignore')\ndef sigmoid(z): return 1 / (1 + np.exp(-np.asarray(z)))",
        "formula_6": "def sigmoid(z):\n    out = np.empty(np.shape(z))\n"
        "    z, up = np.asarray(z), np.asarray(z) >= 0\n"
        "    out[up] = 1 / (1 + np.exp(-z[up]))\n"
        "    out[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))\n"
        "    return out",
    },
    "tanh": {
        "numpy": "tanh = np.tanh",
        "sign": "def tanh(z):\n    e = np.exp(-2 * np.abs(z))\n"
        "    return np.sign(z) * (1 - e) / (1 + e)",
        "vectorised": "tanh = np.vectorize(math.tanh, otypes=[float])",
        "formula_1": "def tanh(z): return 2 / (1 + np.exp(-2 * np.clip(z, -300, 300))) - 1",
        "formula_2": "def tanh(z):\n    z = np.clip(z, -50, 50)\n    return np.sinh(z) / np.cosh(z)",
        "formula_3": "def tanh(z):\n    t = np.expm1(-2 * np.abs(z))\n    return -np.sign(z) * t / (t + 2)",
    },
    "tanh_derivative": {
        "square": "def tanh_derivative(z): return 1 - np.square(np.tanh(z))",
        "product": "def tanh_derivative(z): return (1 - np.tanh(z)) * (1 + np.tanh(z))",
        "cosh": "def tanh_derivative(z): return 1 / np.cosh(z) ** 2",
        "formula_1": "def tanh_derivative(z):\n    a = np.tanh(z)\n    return 1 - a * a",
        "formula_2": "def tanh_derivative(z): return 4 / (np.exp(z) + np.exp(-z)) ** 2",
        "formula_3": "tanh_derivative = np.vectorize(lambda z: 1 / math.cosh(z) ** 2)",
    },
    "relu": {
        "where": "def relu(z): return np.where(np.asarray(z) > 0, z, 0)",
        "product": "def relu(z): return z * (z > 0)",
        "half": "def relu(z): return (z + abs(z)) / 2",
        "clip": "def relu(z): return np.clip(z, 0, None)",
        "copy": "def relu(z):\n    z = np.array(z, float)\n    z[z < 0] = 0\n    return z",
        "formula_1": "relu = functools.partial(np.maximum, 0)",
        "formula_2": "relu = np.vectorize(lambda z: z if z > 0 else 0.0)",
        "formula_3": "def relu(z): return (np.abs(z) + z) * 0.5",
        "formula_4": "def relu(z, out=None): return np.clip(z, 0, np.inf)",
        "formula_5": "def relu(z): return np.fmax(z, 0.0)",
    },
    "leaky_relu": {
        "maximum": "def leaky_relu(z, alpha=0.01): return np.maximum(z, alpha * z)",
        "sum": "def leaky_relu(z, alpha=0.01): return np.maximum(z, 0) + alpha * np.minimum(z, 0)",
        "other_name": "def leaky_relu(z, slope=0.01): return np.where(z > 0, z, slope * z)",
        "formula_1": "def leaky_relu(z, alpha=0.01): return np.where(z > 0, z, z * alpha)",
        "formula_2": "def leaky_relu(z, alpha=0.01): return z * np.where(np.asarray(z) > 0, 1, alpha)",
        "formula_3": "leaky_relu = np.vectorize(lambda z, alpha=0.01: z if z > 0 else alpha * z, "
        "otypes=[float])",
        "formula_4": "def leaky_relu(z, a=1e-2, *more): return 0.5 * ((1 + a) * z + (1 - a) * np.abs(z))",
    },
    "leaky_relu_derivative": {
        "ints": "def leaky_relu_derivative(z, alpha=0.01):\n"
        "    return np.where(np.greater(z, 0), 1, alpha)",
        "sum": "def leaky_relu_derivative(z, alpha=0.01): return alpha + (1 - alpha) * (z > 0)",
        "filled": "def leaky_relu_derivative(z, alpha=0.01):\n"
        "    out = np.full(np.shape(z), alpha)\n    out[np.asarray(z) > 0] = 1\n    return out",
        "formula_1": "def leaky_relu_derivative(z, alpha=0.01): return np.where(z > 0, 1, alpha)",
        "formula_2": "def leaky_relu_derivative(z, alpha=0.01): return np.heaviside(z, 0) * (1 - alpha) + alpha",
        "formula_3": "leaky_relu_derivative = np.vectorize(lambda z, alpha=0.01: 1.0 if z > 0 else alpha)",
    },
    "softmax": {
        "rows": "def softmax(z):\n    if z.ndim == 2: return [softmax(row) for row in z]\n"
        "    e = np.exp(z - max(z))\n    return e / e.sum()",
        "log": "def softmax(z): return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))",
        "transposed": "def softmax(z):\n    e = np.exp((z.T - z.max(axis=-1)).T)\n"
        "    return (e.T / e.sum(axis=-1)).T",
        "quiet_module": "np.seterr(all='ignore')\ndef softmax(z):\n"
        "    e = np.exp(z - np.max(z, -1, keepdims=True))\n"
        "    return e / np.sum(e, -1, keepdims=True)",
        "formula_1": "def softmax(z):\n    z = z - z.max(axis=-1, keepdims=True)\n    e = np.exp(z)\n"
        "    return e / e.sum(axis=-1, keepdims=True)",
        "formula_2": "def softmax(z, axis=-1): return np.apply_along_axis("
        "lambda v: np.exp(v - v.max()) / np.exp(v - v.max()).sum(), axis, z)",
        "formula_3": "def softmax(z):\n    rows = np.atleast_2d(z)\n"
        "    e = np.exp(rows - rows.max(1)[:, None])\n"
        "    return (e / e.sum(1)[:, None]).reshape(z.shape)",
        "formula_4": "def softmax(z): return 1 / np.exp(z[..., None, :] - z[..., :, None]).sum(-1) "
        "if np.ptp(z) < 700 else np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))",
    },
    "predict_class": {
        "method": "def predict_class(z): return z.argmax(axis=-1)",
        "int_array": "def predict_class(z): return np.array(np.argmax(z, -1))",
        "python": "def predict_class(z):\n"
        "    if z.ndim == 2: return [predict_class(r) for r in z]\n"
        "    return list(z).index(max(z))",
        "sorted": "def predict_class(z): return np.argsort(z, axis=-1)[..., -1].astype(np.uint8)",
        "formula_1": "predict_class = functools.partial(np.argmax, axis=-1)",
        "formula_2": "def predict_class(z): return np.argmax(z, axis=z.ndim - 1).astype(np.int8)",
        "formula_3": "def predict_class(z): return int(np.argmax(z)) if z.ndim == 1 else [int(np.argmax(r)) "
        "for r in z]",
        "formula_4": "def predict_class(z):\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
        "    return np.array(np.argmax(e / e.sum(axis=-1, keepdims=True), axis=-1))",
        "formula_5": "def predict_class(z): return (z == z.max(-1, keepdims=True)) @ np.arange(z.shape[-1])",
    },
    "collapse_linear_layers": {
        "lists": "def collapse_linear_layers(W1, b1, W2, b2): "
        "return [np.dot(W2, W1).tolist(), (W2.dot(b1) + b2).tolist()]",
        "einsum": "def collapse_linear_layers(W1, b1, W2, b2): "
        "return np.einsum('kh,hd->kd', W2, W1), np.einsum('kh,h->k', W2, b1) + b2",
        "by_trial": "def collapse_linear_layers(W1, b1, W2, b2):\n"
        "    f = lambda x: W2 @ (W1 @ x + b1) + b2\n    b = f(np.zeros(W1.shape[1]))\n"
        "    return np.array([f(e) - b for e in np.eye(W1.shape[1])]).T, b",
        "formula_1": "def collapse_linear_layers(W1, b1, W2, b2): return W2 @ W1, W2 @ b1 + b2",
        "formula_2": "def collapse_linear_layers(W1, b1, W2, b2): return [np.matmul(W2, W1), "
        "np.add(W2.dot(b1), b2)]",
        "formula_3": "def collapse_linear_layers(W1, b1, W2, b2):\n    both = W2 @ np.column_stack([W1, b1])\n"
        "    return both[:, :-1], both[:, -1] + b2",
    },
}

"""Every way of writing a right answer that the contract allows earns all points."""

from collections.abc import Callable
from typing import Any

import pytest

from autograder.results import Result

SIGMOID = "1 / (1 + np.exp(-z))"
STABLE = "np.exp(-np.logaddexp(0, -np.asarray(z, float)))"

# Each source may use np and math; what comes before the function may be anything.
ACCEPTED: dict[str, dict[str, str]] = {
    "gradient_descent.predict": {
        "list": "def predict(w, x): return [w * v for v in x]",
        "lambda": "predict = lambda w, x: np.multiply(x, w)",
        "tuple": "def predict(w, x, *more): return tuple(w * x)",
        "float32_free": "def predict(w: float, x: np.ndarray) -> np.ndarray: return np.dot(x, w)",
    },
    "gradient_descent.cost": {
        "loop": "def cost(w, x, z):\n    t = 0\n    for a, b in zip(x, z): t += (b - w * a) ** 2\n"
        "    return t / 2 / len(x)",
        "zero_d": "def cost(w, x, z): return np.array(np.mean((w * x - z) ** 2) / 2)",
        "prints": "def cost(w, x, z):\n    print('cost', w)\n    return np.var(w * x - z) / 2 "
        "+ np.mean(w * x - z) ** 2 / 2",
        "dot": "def cost(w, x, z):\n    r = z - w * x\n    return r @ r / (2 * r.size)",
        "class": "class Cost:\n    def __call__(self, w, x, z): "
        "return np.mean((w * x - z) ** 2) / 2\ncost = Cost()",
    },
    "gradient_descent.sum_squared_error": {
        "norm": "def sum_squared_error(w, x, z): return np.linalg.norm(z - w * x) ** 2",
        "fsum": "def sum_squared_error(w, x, z): "
        "return math.fsum((b - w * a) ** 2 for a, b in zip(x, z))",
        "zero_d": "def sum_squared_error(w, x, z): return np.asarray(((z - w * x) ** 2).sum())",
    },
    "gradient_descent.cost_gradient": {
        "expanded": "def cost_gradient(w, x, z): return w * np.mean(x * x) - np.mean(x * z)",
        "dot": "def cost_gradient(w, x, z): return x.dot(w * x - z) / x.shape[0]",
        "star": "def cost_gradient(*a):\n    w, x, z = a\n"
        "    return float(np.mean(x * (w * x - z)))",
    },
    "gradient_descent.descent_direction": {
        "dict": "def descent_direction(slope): "
        "return {1: 'left', -1: 'right', 0: 'stop'}[int(np.sign(slope))]",
        "str_subclass": "def descent_direction(slope): "
        "return np.str_('left' if slope > 0 else 'right' if slope < 0 else 'stop')",
        "lambda": "descent_direction = lambda s: ('stop', 'left', 'right')[(s > 0) + 2 * (s < 0)]",
    },
    "gradient_descent.update_weight": {
        "in_place": "def update_weight(w, gradient, learning_rate):\n"
        "    w -= learning_rate * gradient\n    return w",
        "numpy": "def update_weight(w, gradient, learning_rate, momentum=0): "
        "return np.float64(w) - np.float64(learning_rate) * gradient",
        "zero_d": "update_weight = lambda w, g, r: np.array(w - r * g)",
    },
    "gradient_descent.gradient_descent": {
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
    },
    "gradient_descent.max_stable_learning_rate": {
        "sum": "def max_stable_learning_rate(x): return 2 * len(x) / np.sum(x ** 2)",
        "dot": "max_stable_learning_rate = lambda x: 2 * x.size / (x @ x)",
        "python": "def max_stable_learning_rate(x): return 2 / (sum(v * v for v in x) / len(x))",
    },
    "backpropagation.weighted_sum": {
        "numpy": "def weighted_sum(x, w, b): return np.float64(w) * x + b",
        "zero_d": "def weighted_sum(x, w, b): return np.array(w * x + b)",
        "fma": "weighted_sum = lambda x, w, b: np.dot([x, 1.0], [w, b])",
    },
    "backpropagation.sigmoid": {
        "vectorised": "sigmoid = np.vectorize(lambda z: 1 / (1 + math.exp(-z)))",
        "tanh": "def sigmoid(z): return (np.tanh(np.asarray(z) / 2) + 1) / 2",
        "clipped": "def sigmoid(z): return 1 / (1 + np.exp(-np.clip(z, -500, 500)))",
        "decorated": "import functools\ndef same(f):\n    @functools.wraps(f)\n"
        f"    def g(*a, **k): return f(*a, **k)\n    return g\n"
        f"@same\ndef sigmoid(z): return {SIGMOID}",
    },
    "backpropagation.forward": {
        "list": "def forward(x, w1, b1, w2, b2):\n    f = lambda z: 1 / (1 + math.exp(-z))\n"
        "    a = f(w1 * x + b1)\n    return [w1 * x + b1, a, w2 * a + b2, f(w2 * a + b2)]",
        "array": "def forward(x, w1, b1, w2, b2):\n    f = lambda z: 1 / (1 + np.exp(-z))\n"
        "    a = f(w1 * x + b1)\n"
        "    return np.array([w1 * x + b1, a, w2 * a + b2, f(w2 * a + b2)])",
        "named": "from collections import namedtuple\nPass = namedtuple('Pass', 'z1 a1 z2 a2')\n"
        "def forward(x, w1, b1, w2, b2):\n    f = lambda z: 1 / (1 + np.exp(-z))\n"
        "    a = f(w1 * x + b1)\n    return Pass(w1 * x + b1, a, w2 * a + b2, f(w2 * a + b2))",
    },
    "backpropagation.error": {
        "power": "def error(target, a2): return np.power(a2 - target, 2) / 2",
        "product": "error = lambda t, a: (t - a) * (t - a) * 0.5",
        "zero_d": "def error(target, a2): return np.array(0.5 * (target - a2) ** 2)",
    },
    "backpropagation.error_slope": {
        "swapped": "def error_slope(target, a2): return a2 - target",
        "zero_d": "error_slope = lambda t, a: np.subtract(a, t)",
        "sum": "def error_slope(target, a2): return sum([a2, -target])",
    },
    "backpropagation.sigmoid_slope": {
        "expanded": "def sigmoid_slope(a): return a - a ** 2",
        "vectorised": "sigmoid_slope = np.vectorize(lambda a: a * (1 - a))",
        "quarter": "def sigmoid_slope(a): return 0.25 - (np.asarray(a) - 0.5) ** 2",
    },
    "backpropagation.gradient_w2": {
        "parts": "def gradient_w2(target, a1, a2):\n    d = a2 - target\n    d *= a2 * (1 - a2)\n"
        "    return d * a1",
        "zero_d": "gradient_w2 = lambda t, a1, a2: np.array((a2 - t) * a2 * (1 - a2) * a1)",
        "prod": "def gradient_w2(target, a1, a2): return np.prod([a2 - target, a2, 1 - a2, a1])",
    },
    "backpropagation.gradient_b2": {
        "plain": "def gradient_b2(target, a2): return (a2 - target) * (a2 - a2 ** 2)",
        "lambda": "gradient_b2 = lambda t, a: -(t - a) * a * (1 - a)",
        "prod": "def gradient_b2(target, a2): return math.prod([a2 - target, a2, 1 - a2])",
    },
    "backpropagation.gradient_w1": {
        "plain": "def gradient_w1(x, target, a1, w2, a2): "
        "return x * a1 * (1 - a1) * w2 * a2 * (1 - a2) * (a2 - target)",
        "zero_d": "gradient_w1 = lambda x, t, a1, w, a2: "
        "np.array((a2 - t) * a2 * (1 - a2) * w * a1 * (1 - a1) * x)",
        "prod": "def gradient_w1(x, target, a1, w2, a2): "
        "return np.prod([x, a1, 1 - a1, w2, a2, 1 - a2, a2 - target])",
    },
    "backpropagation.gradient_b1": {
        "plain": "def gradient_b1(target, a1, w2, a2): "
        "return a1 * (1 - a1) * w2 * a2 * (1 - a2) * (a2 - target)",
        "lambda": "gradient_b1 = lambda t, a1, w, a2: (a2 - t) * a2 * (1 - a2) * w * (a1 - a1**2)",
        "prod": "def gradient_b1(target, a1, w2, a2): "
        "return math.prod([a1, 1 - a1, w2, a2, 1 - a2, a2 - target])",
    },
    "backpropagation.backward": {
        "array": "def backward(x, target, w1, b1, w2, b2):\n"
        "    f = lambda z: 1 / (1 + math.exp(-z))\n    a = f(w1 * x + b1)\n    o = f(w2 * a + b2)\n"
        "    d = (o - target) * o * (1 - o)\n    e = d * w2 * a * (1 - a)\n"
        "    return np.array([e * x, e, d * a, d])",
        "list": "def backward(x, target, w1, b1, w2, b2):\n"
        "    f = lambda z: 1 / (1 + np.exp(-z))\n    a = f(w1 * x + b1)\n    o = f(w2 * a + b2)\n"
        "    d = (o - target) * o * (1 - o)\n    e = d * w2 * a * (1 - a)\n"
        "    return [e * x, e, d * a, d]",
    },
    "backpropagation.update_parameters": {
        "array": "def update_parameters(parameters, gradients, learning_rate): "
        "return np.array(parameters) - learning_rate * np.array(gradients)",
        "list": "def update_parameters(p, g, r): return [a - r * b for a, b in zip(p, g)]",
        "map": "def update_parameters(p, g, r): return tuple(map(lambda a, b: a - r * b, p, g))",
    },
    "backpropagation.train": {
        "list": "def train(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):\n"
        "    f = lambda z: 1 / (1 + math.exp(-z))\n    p, errors = np.array([w1, b1, w2, b2]), []\n"
        "    while len(errors) < max_epochs:\n        a = f(p[0] * x + p[1])\n"
        "        o = f(p[2] * a + p[3])\n        errors.append((o - target) ** 2 / 2)\n"
        "        if errors[-1] < tolerance: break\n        d = (o - target) * o * (1 - o)\n"
        "        e = d * p[2] * a * (1 - a)\n"
        "        p = p - learning_rate * np.array([e * x, e, d * a, d])\n"
        "    return [list(p), errors]",
    },
    "vanishing_gradient.sigmoid_derivative": {
        "exp": "def sigmoid_derivative(z): return np.exp(-z) / (1 + np.exp(-z)) ** 2",
        "cosh": "def sigmoid_derivative(z): return 0.25 / np.cosh(np.asarray(z) / 2) ** 2",
        "vectorised": "sigmoid_derivative = np.vectorize("
        "lambda z: math.exp(-abs(z)) / (1 + math.exp(-abs(z))) ** 2)",
    },
    "vanishing_gradient.relu_derivative": {
        "ints": "def relu_derivative(z): return np.where(np.asarray(z) > 0, 1, 0)",
        "bools": "def relu_derivative(z): return z > 0",
        "heaviside": "def relu_derivative(z): return np.heaviside(z, 0)",
        "sign": "def relu_derivative(z): return np.maximum(np.sign(z), 0)",
    },
    "vanishing_gradient.forward_chain": {
        "lists": "def forward_chain(x, weights, activation):\n"
        "    g = {'sigmoid': lambda v: 1 / (1 + math.exp(-v)), 'relu': lambda v: max(v, 0)}\n"
        "    if activation not in g: raise ValueError(activation)\n    z, a = [], [x]\n"
        "    for w in weights:\n"
        "        z.append(w * a[-1])\n        a.append(g[activation](z[-1]))\n"
        "    return [z, a]",
        "own_error": "class Unknown(ValueError): pass\ndef forward_chain(x, weights, activation):\n"
        "    if activation not in ('relu', 'sigmoid'): raise Unknown\n    z, a = [], [x]\n"
        "    for w in weights:\n"
        "        z.append(w * a[-1])\n        a.append(1 / (1 + np.exp(-z[-1]))"
        " if activation == 'sigmoid' else np.maximum(z[-1], 0))\n"
        "    return np.array(z), np.array(a)",
    },
    "vanishing_gradient.layer_gradients": {
        "list": "def layer_gradients(x, target, weights, activation):\n"
        "    if activation not in ('relu', 'sigmoid'): raise ValueError('no')\n    a, s = [x], []\n"
        "    for w in weights:\n        v = w * a[-1]\n        if activation == 'relu':\n"
        "            a.append(max(v, 0.0)); s.append(float(v > 0))\n        else:\n"
        "            y = 1 / (1 + math.exp(-v)); a.append(y); s.append(y * (1 - y))\n"
        "    n = len(weights)\n    return [(a[-1] - target) * math.prod(s[i:]) * "
        "math.prod(weights[i + 1:]) * a[i] for i in range(n)]",
    },
    "vanishing_gradient.vanishing_ratio": {
        "abs": "def vanishing_ratio(gradients): return abs(gradients[0] / gradients[-1])",
        "array": "def vanishing_ratio(g):\n    s = np.abs(g)\n    return np.array(s[0] / s[-1])",
        "fabs": "vanishing_ratio = lambda g: math.fabs(g[0]) / math.fabs(g[-1])",
    },
    "vanishing_gradient.sigmoid_gradient_bound": {
        "loop": "def sigmoid_gradient_bound(depth):\n    b = 1\n"
        "    for _ in range(depth): b *= 0.25\n"
        "    return b",
        "inverse": "def sigmoid_gradient_bound(depth): return 1 / 4 ** depth",
        "power": "sigmoid_gradient_bound = lambda depth: np.power(2.0, -2 * depth)",
    },
    "activations.sigmoid": {
        "logaddexp": f"def sigmoid(z): return {STABLE}",
        "masks": "def sigmoid(z):\n    z = np.asarray(z, float)\n    e = np.exp(-np.abs(z))\n"
        "    return np.where(z >= 0, 1 / (1 + e), e / (1 + e))",
        "quiet": "def sigmoid(z):\n    with np.errstate(over='ignore'): return " + SIGMOID,
        "clipped": "def sigmoid(z): return 1 / (1 + np.exp(-np.clip(z, -500, 500)))",
        "scalars": "def sigmoid(z):\n    if np.ndim(z) == 0:\n        z = float(z)\n        return "
        "1 / (1 + math.exp(-z)) if z > -700 else 0\n    return [sigmoid(v) for v in z]",
    },
    "activations.tanh": {
        "numpy": "tanh = np.tanh",
        "sign": "def tanh(z):\n    e = np.exp(-2 * np.abs(z))\n"
        "    return np.sign(z) * (1 - e) / (1 + e)",
        "vectorised": "tanh = np.vectorize(math.tanh, otypes=[float])",
    },
    "activations.tanh_derivative": {
        "square": "def tanh_derivative(z): return 1 - np.square(np.tanh(z))",
        "product": "def tanh_derivative(z): return (1 - np.tanh(z)) * (1 + np.tanh(z))",
        "cosh": "def tanh_derivative(z): return 1 / np.cosh(z) ** 2",
    },
    "activations.relu": {
        "where": "def relu(z): return np.where(np.asarray(z) > 0, z, 0)",
        "product": "def relu(z): return z * (z > 0)",
        "half": "def relu(z): return (z + abs(z)) / 2",
        "clip": "def relu(z): return np.clip(z, 0, None)",
        "copy": "def relu(z):\n    z = np.array(z, float)\n    z[z < 0] = 0\n    return z",
    },
    "activations.leaky_relu": {
        "maximum": "def leaky_relu(z, alpha=0.01): return np.maximum(z, alpha * z)",
        "sum": "def leaky_relu(z, alpha=0.01): return np.maximum(z, 0) + alpha * np.minimum(z, 0)",
        "other_name": "def leaky_relu(z, slope=0.01): return np.where(z > 0, z, slope * z)",
    },
    "activations.leaky_relu_derivative": {
        "ints": "def leaky_relu_derivative(z, alpha=0.01):\n"
        "    return np.where(np.greater(z, 0), 1, alpha)",
        "sum": "def leaky_relu_derivative(z, alpha=0.01): return alpha + (1 - alpha) * (z > 0)",
        "filled": "def leaky_relu_derivative(z, alpha=0.01):\n"
        "    out = np.full(np.shape(z), alpha)\n    out[np.asarray(z) > 0] = 1\n    return out",
    },
    "activations.softmax": {
        "rows": "def softmax(z):\n    if z.ndim == 2: return [softmax(row) for row in z]\n"
        "    e = np.exp(z - max(z))\n    return e / e.sum()",
        "log": "def softmax(z): return np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))",
        "transposed": "def softmax(z):\n    e = np.exp((z.T - z.max(axis=-1)).T)\n"
        "    return (e.T / e.sum(axis=-1)).T",
        "quiet_module": "np.seterr(all='ignore')\ndef softmax(z):\n"
        "    e = np.exp(z - np.max(z, -1, keepdims=True))\n"
        "    return e / np.sum(e, -1, keepdims=True)",
    },
    "activations.predict_class": {
        "method": "def predict_class(z): return z.argmax(axis=-1)",
        "int_array": "def predict_class(z): return np.array(np.argmax(z, -1))",
        "python": "def predict_class(z):\n"
        "    if z.ndim == 2: return [predict_class(r) for r in z]\n"
        "    return list(z).index(max(z))",
        "sorted": "def predict_class(z): return np.argsort(z, axis=-1)[..., -1].astype(np.uint8)",
    },
    "activations.collapse_linear_layers": {
        "lists": "def collapse_linear_layers(W1, b1, W2, b2): "
        "return [np.dot(W2, W1).tolist(), (W2.dot(b1) + b2).tolist()]",
        "einsum": "def collapse_linear_layers(W1, b1, W2, b2): "
        "return np.einsum('kh,hd->kd', W2, W1), np.einsum('kh,h->k', W2, b1) + b2",
        "by_trial": "def collapse_linear_layers(W1, b1, W2, b2):\n"
        "    f = lambda x: W2 @ (W1 @ x + b1) + b2\n    b = f(np.zeros(W1.shape[1]))\n"
        "    return np.array([f(e) - b for e in np.eye(W1.shape[1])]).T, b",
    },
}

SURROUNDINGS = '''
"""A student's module."""
from __future__ import annotations
import warnings
warnings.filterwarnings("ignore")
RATE = 0.5

def helper(x):
    return x

class Thing:
    pass

if __name__ == "__main__":
    print(undefined_name)
print("loading", RATE)
'''

CASES = [(exercise, name) for exercise, ways in ACCEPTED.items() for name in ways]


@pytest.fixture(scope="module")
def earned(grade: Callable[..., Result]) -> dict[tuple[str, str], float]:
    """Shares of the points, graded one way of each exercise at a time."""
    shares: dict[tuple[str, str], float] = {}
    for turn in range(max(map(len, ACCEPTED.values()))):
        sources: dict[str, str] = {}
        names = {}
        for exercise, ways in ACCEPTED.items():
            module = exercise.partition(".")[0]
            head = SURROUNDINGS if turn == 1 else ""
            sources.setdefault(module, f"{head}\nimport math\nimport numpy as np\n")
            if turn < len(ways):
                names[exercise] = list(ways)[turn]
                sources[module] += ways[names[exercise]] + "\n"
        result = grade(**sources)
        assert result.problems == ()
        for graded in result.exercises:
            if graded.id in names:
                shares[graded.id, names[graded.id]] = graded.score / graded.max_score
    return shares


@pytest.mark.parametrize("case", CASES, ids=[f"{e}.{n}" for e, n in CASES])
def test_a_right_answer_earns_all_points(earned: Any, case: tuple[str, str]) -> None:
    assert earned[case] == 1

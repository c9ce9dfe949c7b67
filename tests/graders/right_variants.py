"""Right answers in other words: every one must earn all points, whoever grades.

`autograder verify` reads `RIGHT`. Each source may use np, math and functools.
"""

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

# Other formulas and other types, one function each. The names np, math and functools are there.
FORMULAS: dict[str, list[str]] = {
    "gradient_descent.predict": [
        "predict = np.multiply",
        "predict = lambda w, x: x.dot(np.diag([w] * len(x)))",
        "def predict(w, x): return np.fromiter((w * v for v in x), float)",
    ],
    "gradient_descent.cost": [
        "def cost(w, x, z): return 0.5 * np.average(np.square(z - w * x))",
        "def cost(w, x, z): return (z @ z - 2 * w * (x @ z) + w * w * (x @ x)) / 2 / x.size",
        "def cost(w, x, z, m=None):\n    m = m or len(z)\n"
        "    return 1 / (2 * m) * np.linalg.norm(z - w * x) ** 2",
        "import statistics\ndef cost(w, x, z): return statistics.fmean((z - w * x) ** 2) / 2",
    ],
    "gradient_descent.sum_squared_error": [
        "def sum_squared_error(w, x, z): return np.inner(w * x - z, w * x - z)",
        "def sum_squared_error(w, x, z): return functools.reduce("
        "lambda t, p: t + (p[1] - w * p[0]) ** 2, zip(x, z), 0)",
        "sum_squared_error = lambda w, x, z: np.einsum('i,i->', z - w * x, z - w * x)",
    ],
    "gradient_descent.cost_gradient": [
        "def cost_gradient(w, x, z): return -(1 / len(x)) * np.sum(x * (z - w * x))",
        "def cost_gradient(w, x, z): return np.dot(x, w * x - z) / len(x)",
        "def cost_gradient(w, x, z):\n    J = lambda v: np.mean((z - v * x) ** 2) / 2\n"
        "    return (J(w + 1) - J(w - 1)) / 2",
    ],
    "gradient_descent.descent_direction": [
        "from enum import Enum\nclass Way(str, Enum):\n    L = 'left'\n    R = 'right'\n"
        "    S = 'stop'\n"
        "def descent_direction(slope): return Way.L if slope > 0 else Way.R if slope else Way.S",
        "def descent_direction(slope):\n    match np.sign(slope):\n        case 1: return 'left'\n"
        "        case -1: return 'right'\n        case _: return 'stop'",
        "def descent_direction(slope):\n    if np.isclose(slope, 0): return 'stop'\n"
        "    return 'right' if math.copysign(1, slope) < 0 else 'left'",
        "def descent_direction(slope):\n    return 'stop' if abs(slope) < 1e-6 else "
        "np.array(['right', 'left'])[int(slope > 0)]",
    ],
    "gradient_descent.update_weight": [
        "def update_weight(w, gradient, learning_rate): return np.subtract(w, learning_rate * "
        "gradient)",
        "def update_weight(w, gradient, learning_rate): return float(w) - gradient * learning_rate",
        "update_weight = lambda w, g, lr=0.1: np.dot([1.0, -lr], [w, g])",
    ],
    "gradient_descent.gradient_descent": [
        "import itertools\ndef gradient_descent(x, z, w0, learning_rate, n_iterations):\n"
        "    return list(itertools.accumulate(range(n_iterations), lambda w, _: w - "
        "learning_rate * "
        "np.mean(x * (w * x - z)), initial=w0))",
        "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n    if n_iterations == 0:\n"
        "        return [w0]\n    w = gradient_descent(x, z, w0, learning_rate, n_iterations - 1)\n"
        "    return w + [w[-1] + learning_rate * np.mean(x * (z - w[-1] * x))]",
        "def gradient_descent(x, z, w0, learning_rate, n_iterations):\n    w = np.zeros(1) + w0\n"
        "    for _ in range(n_iterations):\n"
        "        w = np.append(w, w[-1] - learning_rate / len(x) * "
        "(x @ (w[-1] * x - z)))\n    return w",
    ],
    "gradient_descent.max_stable_learning_rate": [
        "def max_stable_learning_rate(x): return 2 / (np.var(x) + np.mean(x) ** 2)",
        "def max_stable_learning_rate(x): return 2 / np.average(x * x)",
        "def max_stable_learning_rate(x): return 2.0 / (np.linalg.norm(x) ** 2 / x.shape[0])",
    ],
    "backpropagation.weighted_sum": [
        "weighted_sum = lambda x, w, b: sum((w * x, b))",
        "def weighted_sum(x, w, b): return np.polyval([w, b], x)",
        "def weighted_sum(x, w, b): return np.inner(np.array([w, b]), np.array([x, 1]))",
    ],
    "backpropagation.sigmoid": [
        "sigmoid = np.vectorize(lambda z: 1 / (1 + math.exp(-z)), otypes=[float])",
        "def sigmoid(z): return np.exp(z) / (1 + np.exp(z))",
        "def sigmoid(z): return np.power(1 + np.power(np.e, -z), -1)",
        "def sigmoid(z): return np.where(np.asarray(z) > 0, 1 / (1 + np.exp(-np.abs(z))), "
        "1 - 1 / (1 + np.exp(-np.abs(z))))",
    ],
    "backpropagation.forward": [
        "def forward(x, w1, b1, w2, b2):\n    out, a = [], x\n"
        "    for w, b in ((w1, b1), (w2, b2)):\n        z = w * a + b\n"
        "        a = 1 / (1 + np.exp(-z))\n        out += [z, a]\n    return out",
        "def forward(x, w1, b1, w2, b2):\n    s = lambda z: 0.5 * (1 + math.tanh(z / 2))\n"
        "    z1 = w1 * x + b1\n    z2 = w2 * s(z1) + b2\n"
        "    return np.array((z1, s(z1), z2, s(z2)))",
        "from typing import NamedTuple\nclass Pass(NamedTuple):\n    z1: float\n    a1: float\n"
        "    z2: float\n    a2: float\ndef forward(x, w1, b1, w2, b2):\n"
        "    s = lambda z: np.array(1 / (1 + np.exp(-z)))\n    z1 = w1 * x + b1\n"
        "    z2 = w2 * s(z1) + b2\n    return Pass(z1, s(z1), z2, s(z2))",
    ],
    "backpropagation.error": [
        "def error(target, a2): return np.mean(np.square(target - a2)) / 2",
        "error = lambda t, a: 0.5 * t * t - t * a + 0.5 * a * a",
        "def error(target, a2, reduce=np.sum): return reduce(0.5 * (target - a2) ** 2)",
    ],
    "backpropagation.error_slope": [
        "def error_slope(target, a2): return -(target - a2)",
        "import operator\ndef error_slope(*a): return operator.sub(*a[::-1])",
        "def error_slope(target, a2): return np.diff([target, a2])[0]",
    ],
    "backpropagation.sigmoid_slope": [
        "def sigmoid_slope(a): return np.multiply(a, np.subtract(1, a))",
        "sigmoid_slope = np.vectorize(lambda a: a - a * a)",
        "def sigmoid_slope(a):\n    a = np.array(a, dtype=float, copy=True)\n    a *= 1 - a\n"
        "    return a",
    ],
    "backpropagation.gradient_w2": [
        "def gradient_w2(target, a1, a2): return -(target - a2) * a2 * (1 - a2) * a1",
        "def gradient_w2(*v):\n    t, a1, a2 = v\n"
        "    return (a2 - t) * (0.25 - (a2 - 0.5) ** 2) * a1",
        "def gradient_w2(target, a1, a2): return np.multiply.reduce([a2 - target, a2 - a2**2, a1])",
    ],
    "backpropagation.gradient_b2": [
        "def gradient_b2(target, a2): return -(target - a2) * a2 * (1 - a2) * 1",
        "gradient_b2 = lambda t, a, x=1: np.asarray((a - t) * a * (1 - a) * x)",
        "def gradient_b2(target, a2):\n    delta = a2 - target\n    delta *= a2\n"
        "    delta *= 1 - a2\n"
        "    return np.float64(delta)",
    ],
    "backpropagation.gradient_w1": [
        "def gradient_w1(x, target, a1, w2, a2): "
        "return -(target - a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x",
        "def gradient_w1(x, target, a1, w2, a2):\n    d2 = (a2 - target) * a2 * (1 - a2)\n"
        "    d1 = np.dot(d2, w2) * a1 * (1 - a1)\n    return np.outer(d1, x).item()",
        "gradient_w1 = lambda *v: functools.reduce(float.__mul__, "
        "[v[0], v[4] - v[1], v[4], 1 - v[4], v[3], v[2], 1 - v[2]])",
    ],
    "backpropagation.gradient_b1": [
        "def gradient_b1(target, a1, w2, a2): return -(target - a2) * a2 * (1 - a2) * w2 * a1 * "
        "(1 - a1)",
        "gradient_b1 = lambda t, a, w, o: w * np.prod([o - t, o - o * o, a - a * a])",
        "def gradient_b1(target, a1, w2, a2, x=1.0): "
        "return np.array((a2 - target) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x)",
    ],
    "backpropagation.backward": [
        "def backward(x, target, w1, b1, w2, b2):\n    s = lambda z: 1 / (1 + np.exp(-z))\n"
        "    a1 = s(w1 * x + b1)\n    a2 = s(w2 * a1 + b2)\n"
        "    d = np.array([w2 * a1 * (1 - a1) * x, w2 * a1 * (1 - a1), a1, 1.0])\n"
        "    return (a2 - target) * a2 * (1 - a2) * d",
        "def backward(x, target, *p):\n    a = [x]\n    for w, b in zip(p[::2], p[1::2]):\n"
        "        a.append(1 / (1 + math.exp(-w * a[-1] - b)))\n    d, out = a[2] - target, []\n"
        "    for i in (2, 1):\n        d *= a[i] * (1 - a[i])\n"
        "        out = [d * a[i - 1], d] + out\n"
        "        d *= p[2 * i - 2]\n    return out",
        "def backward(x, target, w1, b1, w2, b2):\n    def E(p):\n"
        "        s = lambda z: 1 / (1 + np.exp(-z))\n"
        "        return 0.5 * (target - s(p[2] * s(p[0] * x + p[1]) + p[3])) ** 2\n"
        "    p = np.array([w1, b1, w2, b2], complex)\n"
        "    return [E(p + 1e-30j * np.eye(4)[i]).imag / 1e-30 for i in range(4)]",
    ],
    "backpropagation.update_parameters": [
        "def update_parameters(p, g, r):\n    p = list(p)\n"
        "    for i in range(len(p)): p[i] -= r * g[i]\n"
        "    return p",
        "def update_parameters(p, g, r): return np.subtract(p, np.multiply(r, g))",
        "import collections\nP = collections.namedtuple('P', 'w1 b1 w2 b2')\n"
        "def update_parameters(p, g, r): return P(*(a - r * b for a, b in zip(p, g)))",
    ],
    "backpropagation.train": [
        "def train(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):\n"
        "    s = lambda z: 1 / (1 + np.exp(-z))\n    p = np.array([w1, b1, w2, b2])\n"
        "    E = np.empty(max_epochs)\n    for n in range(max_epochs):\n"
        "        a1 = s(p[0] * x + p[1]); a2 = s(p[2] * a1 + p[3])\n"
        "        E[n] = 0.5 * (target - a2) ** 2\n"
        "        if E[n] < tolerance: return p, E[:n + 1]\n"
        "        d = (a2 - target) * a2 * (1 - a2)\n        c = d * p[2] * a1 * (1 - a1)\n"
        "        p = p - learning_rate * np.array([c * x, c, d * a1, d])\n    return p, E",
        "class Network:\n    def __init__(self, *p): self.w1, self.b1, self.w2, self.b2 = p\n"
        "    def step(self, x, t, r, tol):\n        s = lambda z: 1 / (1 + math.exp(-z))\n"
        "        a = s(self.w1 * x + self.b1); o = s(self.w2 * a + self.b2)\n"
        "        E = (t - o) ** 2 / 2\n        if not E < tol:\n"
        "            d = (o - t) * o * (1 - o)\n"
        "            c = d * self.w2 * a * (1 - a)\n"
        "            self.w2 -= r * d * a; self.b2 -= r * d\n"
        "            self.w1 -= r * c * x; self.b1 -= r * c\n        return E\n"
        "def train(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):\n"
        "    net, errors = Network(w1, b1, w2, b2), []\n"
        "    while len(errors) < max_epochs and not (errors and errors[-1] < tolerance):\n"
        "        errors.append(net.step(x, target, learning_rate, tolerance))\n"
        "    return [[net.w1, net.b1, net.w2, net.b2], errors]",
        "def train(x, target, *p):\n    *p, r, n, tol = p\n    s = lambda z: 1 / (1 + np.exp(-z))\n"
        "    errors = np.array([])\n    for _ in range(n):\n        w1, b1, w2, b2 = p\n"
        "        a1 = s(w1 * x + b1); a2 = s(w2 * a1 + b2)\n"
        "        errors = np.append(errors, 0.5 * (target - a2) ** 2)\n"
        "        if errors[-1] < tol: break\n        d = -(target - a2) * a2 * (1 - a2)\n"
        "        g = d * w2 * a1 * (1 - a1) * x, d * w2 * a1 * (1 - a1), d * a1, d\n"
        "        p = [np.array(v - r * u) for v, u in zip(p, g)]\n    return tuple(p), errors",
    ],
    "vanishing_gradient.sigmoid_derivative": [
        "def sigmoid_derivative(z):\n    s = 1 / (1 + np.exp(-z))\n    return s * (1 - s)",
        "def sigmoid_derivative(z): return (1 - np.tanh(z / 2) ** 2) / 4",
        "def sigmoid_derivative(z): return 1 / (np.exp(z) + 2 + np.exp(-z))",
        "sigmoid_derivative = np.vectorize(lambda z: 0.25 / math.cosh(z / 2) ** 2)",
    ],
    "vanishing_gradient.relu_derivative": [
        "def relu_derivative(z): return np.where(z > 0, 1, 0)",
        "def relu_derivative(z): return np.greater(z, 0)",
        "relu_derivative = np.vectorize(lambda z: 1.0 if z > 0 else 0.0)",
        "def relu_derivative(z): return (np.array(z) > 0).astype(int)",
        "def relu_derivative(z):\n    out = np.zeros_like(z)\n    out[np.asarray(z) > 0] = 1\n"
        "    return out",
    ],
    "vanishing_gradient.forward_chain": [
        "def forward_chain(x, weights, activation):\n    if activation == 'sigmoid':\n"
        "        g = lambda v: 1 / (1 + np.exp(-v))\n    elif activation == 'relu':\n"
        "        g = lambda v: v * (v > 0)\n    else:\n        raise ValueError\n"
        "    z, a = np.zeros(len(weights)), np.zeros(len(weights) + 1)\n    a[0] = x\n"
        "    for l in range(len(weights)):\n        z[l] = weights[l] * a[l]\n"
        "        a[l + 1] = g(z[l])\n"
        "    return z, a",
        "def forward_chain(x, weights, activation, **kw):\n    try:\n"
        "        g = dict(sigmoid=lambda v: 1 / (1 + math.exp(-v)), relu=lambda v: max(v, "
        "0))[activation]\n"
        "    except KeyError as error:\n        raise ValueError(activation) from error\n"
        "    z, a = (), (x,)\n    for w in weights:\n        z += (w * a[-1],)\n"
        "        a += (g(z[-1]),)\n"
        "    return z, a",
        "from enum import Enum\nclass Kind(Enum):\n    SIGMOID = 'sigmoid'\n    RELU = 'relu'\n"
        "def forward_chain(x, weights, activation):\n    relu = Kind(activation) is Kind.RELU\n"
        "    z, a = [], [np.float64(x)]\n    for w in weights:\n        z.append(w * a[-1])\n"
        "        a.append(np.maximum(0, z[-1]) if relu else 1 / (1 + np.exp(-z[-1])))\n"
        "    return [np.array(z), np.array(a)]",
    ],
    "vanishing_gradient.layer_gradients": [
        "def layer_gradients(x, target, weights, activation):\n"
        "    if activation not in {'sigmoid', 'relu'}: raise ValueError\n    a, s = [x], []\n"
        "    for w in weights:\n        v = w * a[-1]\n        if activation == 'relu':\n"
        "            a.append(max(v, 0)); s.append(v > 0)\n        else:\n"
        "            a.append(1 / (1 + np.exp(-v))); s.append(a[-1] * (1 - a[-1]))\n"
        "    s, n = np.array(s, float), len(weights)\n"
        "    return [(a[-1] - target) * np.prod(s[i:]) * np.prod(weights[i + 1:]) * a[i] "
        "for i in range(n)]",
        "def layer_gradients(x, target, weights, activation):\n    def g(v):\n"
        "        if activation == 'relu': return np.maximum(v, 0), 1.0 * (v > 0)\n"
        "        if activation == 'sigmoid':\n            y = 1 / (1 + np.exp(-v))\n"
        "            return y, y * (1 - y)\n        raise ValueError(activation)\n"
        "    def back(a, ws):\n        if not len(ws): return -(target - a), ()\n"
        "        y, slope = g(ws[0] * a)\n        d, rest = back(y, ws[1:])\n"
        "        return d * slope * ws[0], (d * slope * a, *rest)\n    return back(x, weights)[1]",
        "def layer_gradients(x, target, weights, activation):\n    n = len(weights)\n"
        "    act = {'sigmoid': lambda v: 1 / (1 + np.exp(-v)), 'relu': lambda v: np.where(v > 0, "
        "v, 0)}\n"
        "    slope = {'sigmoid': lambda y: y * (1 - y), 'relu': lambda y: np.where(y > 0, 1, 0)}\n"
        "    if activation not in act: raise ValueError\n    a = np.empty(n + 1)\n    a[0] = x\n"
        "    for i, w in enumerate(weights): a[i + 1] = act[activation](w * a[i])\n"
        "    delta = np.empty(n)\n    delta[-1] = (a[-1] - target) * slope[activation](a[-1])\n"
        "    for i in range(n - 2, -1, -1):\n"
        "        delta[i] = delta[i + 1] * weights[i + 1] * slope[activation](a[i + 1])\n"
        "    return delta * a[:-1]",
    ],
    "vanishing_gradient.vanishing_ratio": [
        "def vanishing_ratio(gradients): return np.abs(gradients[0]) / np.abs(gradients[-1])",
        "def vanishing_ratio(gradients):\n    first, *_, last = gradients\n"
        "    return math.exp(math.log(abs(first)) - math.log(abs(last)))",
        "vanishing_ratio = lambda g, e=0.0: np.divide(*np.abs(np.array(g)[[0, -1]] + e))",
    ],
    "vanishing_gradient.sigmoid_gradient_bound": [
        "def sigmoid_gradient_bound(depth): return np.prod([0.25] * depth)",
        "def sigmoid_gradient_bound(depth): return math.ldexp(1, -2 * depth)",
        "def sigmoid_gradient_bound(depth): return np.power(0.25, depth)",
        "sigmoid_gradient_bound = functools.lru_cache(lambda depth: math.exp(-depth * "
        "math.log(4)))",
        "from fractions import Fraction\n"
        "def sigmoid_gradient_bound(depth): return Fraction(1, 4) ** depth",
    ],
    "activations.sigmoid": [
        "def sigmoid(z): return 0.5 * (1 + np.tanh(0.5 * np.asarray(z)))",
        "def sigmoid(z): return 1 / (1 + np.exp(-np.clip(z, -700, 700)))",
        "def sigmoid(z):\n    z = np.clip(z, -60, 60)\n    return np.exp(z) / (1 + np.exp(z))",
        "@np.vectorize\ndef sigmoid(z):\n    if z < -700: return 0.0\n"
        "    return 1 / (1 + math.exp(-z))",
        "@np.errstate(over='ignore')\ndef sigmoid(z): return 1 / (1 + np.exp(-np.asarray(z)))",
        "def sigmoid(z):\n    out = np.empty(np.shape(z))\n"
        "    z, up = np.asarray(z), np.asarray(z) >= 0\n"
        "    out[up] = 1 / (1 + np.exp(-z[up]))\n"
        "    out[~up] = np.exp(z[~up]) / (1 + np.exp(z[~up]))\n"
        "    return out",
    ],
    "activations.tanh": [
        "def tanh(z): return 2 / (1 + np.exp(-2 * np.clip(z, -300, 300))) - 1",
        "def tanh(z):\n    z = np.clip(z, -50, 50)\n    return np.sinh(z) / np.cosh(z)",
        "def tanh(z):\n    t = np.expm1(-2 * np.abs(z))\n    return -np.sign(z) * t / (t + 2)",
    ],
    "activations.tanh_derivative": [
        "def tanh_derivative(z):\n    a = np.tanh(z)\n    return 1 - a * a",
        "def tanh_derivative(z): return 4 / (np.exp(z) + np.exp(-z)) ** 2",
        "tanh_derivative = np.vectorize(lambda z: 1 / math.cosh(z) ** 2)",
    ],
    "activations.relu": [
        "relu = functools.partial(np.maximum, 0)",
        "relu = np.vectorize(lambda z: z if z > 0 else 0.0)",
        "def relu(z): return (np.abs(z) + z) * 0.5",
        "def relu(z, out=None): return np.clip(z, 0, np.inf)",
        "def relu(z): return np.fmax(z, 0.0)",
    ],
    "activations.leaky_relu": [
        "def leaky_relu(z, alpha=0.01): return np.where(z > 0, z, z * alpha)",
        "def leaky_relu(z, alpha=0.01): return z * np.where(np.asarray(z) > 0, 1, alpha)",
        "leaky_relu = np.vectorize(lambda z, alpha=0.01: z if z > 0 else alpha * z, "
        "otypes=[float])",
        "def leaky_relu(z, a=1e-2, *more): return 0.5 * ((1 + a) * z + (1 - a) * np.abs(z))",
    ],
    "activations.leaky_relu_derivative": [
        "def leaky_relu_derivative(z, alpha=0.01): return np.where(z > 0, 1, alpha)",
        "def leaky_relu_derivative(z, alpha=0.01): return np.heaviside(z, 0) * (1 - alpha) + alpha",
        "leaky_relu_derivative = np.vectorize(lambda z, alpha=0.01: 1.0 if z > 0 else alpha)",
    ],
    "activations.softmax": [
        "def softmax(z):\n    z = z - z.max(axis=-1, keepdims=True)\n    e = np.exp(z)\n"
        "    return e / e.sum(axis=-1, keepdims=True)",
        "def softmax(z, axis=-1): return np.apply_along_axis("
        "lambda v: np.exp(v - v.max()) / np.exp(v - v.max()).sum(), axis, z)",
        "def softmax(z):\n    rows = np.atleast_2d(z)\n"
        "    e = np.exp(rows - rows.max(1)[:, None])\n"
        "    return (e / e.sum(1)[:, None]).reshape(z.shape)",
        "def softmax(z): return 1 / np.exp(z[..., None, :] - z[..., :, None]).sum(-1) "
        "if np.ptp(z) < 700 else np.exp(z - np.logaddexp.reduce(z, axis=-1, keepdims=True))",
    ],
    "activations.predict_class": [
        "predict_class = functools.partial(np.argmax, axis=-1)",
        "def predict_class(z): return np.argmax(z, axis=z.ndim - 1).astype(np.int8)",
        "def predict_class(z): return int(np.argmax(z)) if z.ndim == 1 else [int(np.argmax(r)) "
        "for r in z]",
        "def predict_class(z):\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
        "    return np.array(np.argmax(e / e.sum(axis=-1, keepdims=True), axis=-1))",
        "def predict_class(z): return (z == z.max(-1, keepdims=True)) @ np.arange(z.shape[-1])",
    ],
    "activations.collapse_linear_layers": [
        "def collapse_linear_layers(W1, b1, W2, b2): return W2 @ W1, W2 @ b1 + b2",
        "def collapse_linear_layers(W1, b1, W2, b2): return [np.matmul(W2, W1), "
        "np.add(W2.dot(b1), b2)]",
        "def collapse_linear_layers(W1, b1, W2, b2):\n    both = W2 @ np.column_stack([W1, b1])\n"
        "    return both[:, :-1], both[:, -1] + b2",
    ],
}

for _exercise in sorted(ACCEPTED.keys() ^ FORMULAS.keys()):
    raise LookupError(f"{_exercise} stands in only one of ACCEPTED and FORMULAS: it needs both")

# All of them, by exercise and name.
RIGHT: dict[str, dict[str, str]] = {
    exercise: ways | {f"formula_{n}": source for n, source in enumerate(FORMULAS[exercise], 1)}
    for exercise, ways in ACCEPTED.items()
}

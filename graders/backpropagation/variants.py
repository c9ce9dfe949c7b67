"""Right answers in other words: all earn full marks. Each may use np, math and functools."""

SIGMOID = "1 / (1 + np.exp(-z))"

VARIANTS: dict[str, dict[str, str]] = {
    "weighted_sum": {
        "numpy": "def weighted_sum(x, w, b): return np.float64(w) * x + b",
        "zero_d": "def weighted_sum(x, w, b): return np.array(w * x + b)",
        "fma": "weighted_sum = lambda x, w, b: np.dot([x, 1.0], [w, b])",
        "formula_1": "weighted_sum = lambda x, w, b: sum((w * x, b))",
        "formula_2": "def weighted_sum(x, w, b): return np.polyval([w, b], x)",
        "formula_3": "def weighted_sum(x, w, b): return np.inner(np.array([w, b]), np.array([x, 1]))",
    },
    "sigmoid": {
        "vectorised": "sigmoid = np.vectorize(lambda z: 1 / (1 + math.exp(-z)))",
        "tanh": "def sigmoid(z): return (np.tanh(np.asarray(z) / 2) + 1) / 2",
        "clipped": "def sigmoid(z): return 1 / (1 + np.exp(-np.clip(z, -500, 500)))",
        "decorated": "import functools\ndef same(f):\n    @functools.wraps(f)\n"
        f"    def g(*a, **k): return f(*a, **k)\n    return g\n"
        f"@same\ndef sigmoid(z): return {SIGMOID}",
        "formula_1": "sigmoid = np.vectorize(lambda z: 1 / (1 + math.exp(-z)), otypes=[float])",
        "formula_2": "def sigmoid(z): return np.exp(z) / (1 + np.exp(z))",
        "formula_3": "def sigmoid(z): return np.power(1 + np.power(np.e, -z), -1)",
        "formula_4": "def sigmoid(z): return np.where(np.asarray(z) > 0, 1 / (1 + np.exp(-np.abs(z))), "
        "1 - 1 / (1 + np.exp(-np.abs(z))))",
    },
    "forward": {
        "list": "def forward(x, w1, b1, w2, b2):\n    f = lambda z: 1 / (1 + math.exp(-z))\n"
        "    a = f(w1 * x + b1)\n    return [w1 * x + b1, a, w2 * a + b2, f(w2 * a + b2)]",
        "array": "def forward(x, w1, b1, w2, b2):\n    f = lambda z: 1 / (1 + np.exp(-z))\n"
        "    a = f(w1 * x + b1)\n"
        "    return np.array([w1 * x + b1, a, w2 * a + b2, f(w2 * a + b2)])",
        "named": "from collections import namedtuple\nPass = namedtuple('Pass', 'z1 a1 z2 a2')\n"
        "def forward(x, w1, b1, w2, b2):\n    f = lambda z: 1 / (1 + np.exp(-z))\n"
        "    a = f(w1 * x + b1)\n    return Pass(w1 * x + b1, a, w2 * a + b2, f(w2 * a + b2))",
        "formula_1": "def forward(x, w1, b1, w2, b2):\n    out, a = [], x\n"
        "    for w, b in ((w1, b1), (w2, b2)):\n        z = w * a + b\n"
        "        a = 1 / (1 + np.exp(-z))\n        out += [z, a]\n    return out",
        "formula_2": "def forward(x, w1, b1, w2, b2):\n    s = lambda z: 0.5 * (1 + math.tanh(z / 2))\n"
        "    z1 = w1 * x + b1\n    z2 = w2 * s(z1) + b2\n"
        "    return np.array((z1, s(z1), z2, s(z2)))",
        "formula_3": "from typing import NamedTuple\nclass Pass(NamedTuple):\n    z1: float\n    a1: float\n"
        "    z2: float\n    a2: float\ndef forward(x, w1, b1, w2, b2):\n"
        "    s = lambda z: np.array(1 / (1 + np.exp(-z)))\n    z1 = w1 * x + b1\n"
        "    z2 = w2 * s(z1) + b2\n    return Pass(z1, s(z1), z2, s(z2))",
    },
    "error": {
        "power": "def error(target, a2): return np.power(a2 - target, 2) / 2",
        "product": "error = lambda t, a: (t - a) * (t - a) * 0.5",
        "zero_d": "def error(target, a2): return np.array(0.5 * (target - a2) ** 2)",
        "formula_1": "def error(target, a2): return np.mean(np.square(target - a2)) / 2",
        "formula_2": "error = lambda t, a: 0.5 * t * t - t * a + 0.5 * a * a",
        "formula_3": "def error(target, a2, reduce=np.sum): return reduce(0.5 * (target - a2) ** 2)",
    },
    "error_slope": {
        "swapped": "def error_slope(target, a2): return a2 - target",
        "zero_d": "error_slope = lambda t, a: np.subtract(a, t)",
        "sum": "def error_slope(target, a2): return sum([a2, -target])",
        "formula_1": "def error_slope(target, a2): return -(target - a2)",
        "formula_2": "import operator\ndef error_slope(*a): return operator.sub(*a[::-1])",
        "formula_3": "def error_slope(target, a2): return np.diff([target, a2])[0]",
    },
    "sigmoid_slope": {
        "expanded": "def sigmoid_slope(a): return a - a ** 2",
        "vectorised": "sigmoid_slope = np.vectorize(lambda a: a * (1 - a))",
        "quarter": "def sigmoid_slope(a): return 0.25 - (np.asarray(a) - 0.5) ** 2",
        "formula_1": "def sigmoid_slope(a): return np.multiply(a, np.subtract(1, a))",
        "formula_2": "sigmoid_slope = np.vectorize(lambda a: a - a * a)",
        "formula_3": "def sigmoid_slope(a):\n    a = np.array(a, dtype=float, copy=True)\n    a *= 1 - a\n"
        "    return a",
    },
    "gradient_w2": {
        "parts": "def gradient_w2(target, a1, a2):\n    d = a2 - target\n    d *= a2 * (1 - a2)\n"
        "    return d * a1",
        "zero_d": "gradient_w2 = lambda t, a1, a2: np.array((a2 - t) * a2 * (1 - a2) * a1)",
        "prod": "def gradient_w2(target, a1, a2): return np.prod([a2 - target, a2, 1 - a2, a1])",
        "formula_1": "def gradient_w2(target, a1, a2): return -(target - a2) * a2 * (1 - a2) * a1",
        "formula_2": "def gradient_w2(*v):\n    t, a1, a2 = v\n"
        "    return (a2 - t) * (0.25 - (a2 - 0.5) ** 2) * a1",
        "formula_3": "def gradient_w2(target, a1, a2): return np.multiply.reduce([a2 - target, a2 - a2**2, a1])",
    },
    "gradient_b2": {
        "plain": "def gradient_b2(target, a2): return (a2 - target) * (a2 - a2 ** 2)",
        "lambda": "gradient_b2 = lambda t, a: -(t - a) * a * (1 - a)",
        "prod": "def gradient_b2(target, a2): return math.prod([a2 - target, a2, 1 - a2])",
        "formula_1": "def gradient_b2(target, a2): return -(target - a2) * a2 * (1 - a2) * 1",
        "formula_2": "gradient_b2 = lambda t, a, x=1: np.asarray((a - t) * a * (1 - a) * x)",
        "formula_3": "def gradient_b2(target, a2):\n    delta = a2 - target\n    delta *= a2\n"
        "    delta *= 1 - a2\n"
        "    return np.float64(delta)",
    },
    "gradient_w1": {
        "plain": "def gradient_w1(x, target, a1, w2, a2): "
        "return x * a1 * (1 - a1) * w2 * a2 * (1 - a2) * (a2 - target)",
        "zero_d": "gradient_w1 = lambda x, t, a1, w, a2: "
        "np.array((a2 - t) * a2 * (1 - a2) * w * a1 * (1 - a1) * x)",
        "prod": "def gradient_w1(x, target, a1, w2, a2): "
        "return np.prod([x, a1, 1 - a1, w2, a2, 1 - a2, a2 - target])",
        "formula_1": "def gradient_w1(x, target, a1, w2, a2): "
        "return -(target - a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x",
        "formula_2": "def gradient_w1(x, target, a1, w2, a2):\n    d2 = (a2 - target) * a2 * (1 - a2)\n"
        "    d1 = np.dot(d2, w2) * a1 * (1 - a1)\n    return np.outer(d1, x).item()",
        "formula_3": "gradient_w1 = lambda *v: functools.reduce(float.__mul__, "
        "[v[0], v[4] - v[1], v[4], 1 - v[4], v[3], v[2], 1 - v[2]])",
    },
    "gradient_b1": {
        "plain": "def gradient_b1(target, a1, w2, a2): "
        "return a1 * (1 - a1) * w2 * a2 * (1 - a2) * (a2 - target)",
        "lambda": "gradient_b1 = lambda t, a1, w, a2: (a2 - t) * a2 * (1 - a2) * w * (a1 - a1**2)",
        "prod": "def gradient_b1(target, a1, w2, a2): "
        "return math.prod([a1, 1 - a1, w2, a2, 1 - a2, a2 - target])",
        "formula_1": "def gradient_b1(target, a1, w2, a2): return -(target - a2) * a2 * (1 - a2) * w2 * a1 * "
        "(1 - a1)",
        "formula_2": "gradient_b1 = lambda t, a, w, o: w * np.prod([o - t, o - o * o, a - a * a])",
        "formula_3": "def gradient_b1(target, a1, w2, a2, x=1.0): "
        "return np.array((a2 - target) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x)",
    },
    "backward": {
        "array": "def backward(x, target, w1, b1, w2, b2):\n"
        "    f = lambda z: 1 / (1 + math.exp(-z))\n    a = f(w1 * x + b1)\n    o = f(w2 * a + b2)\n"
        "    d = (o - target) * o * (1 - o)\n    e = d * w2 * a * (1 - a)\n"
        "    return np.array([e * x, e, d * a, d])",
        "list": "def backward(x, target, w1, b1, w2, b2):\n"
        "    f = lambda z: 1 / (1 + np.exp(-z))\n    a = f(w1 * x + b1)\n    o = f(w2 * a + b2)\n"
        "    d = (o - target) * o * (1 - o)\n    e = d * w2 * a * (1 - a)\n"
        "    return [e * x, e, d * a, d]",
        "formula_1": "def backward(x, target, w1, b1, w2, b2):\n    s = lambda z: 1 / (1 + np.exp(-z))\n"
        "    a1 = s(w1 * x + b1)\n    a2 = s(w2 * a1 + b2)\n"
        "    d = np.array([w2 * a1 * (1 - a1) * x, w2 * a1 * (1 - a1), a1, 1.0])\n"
        "    return (a2 - target) * a2 * (1 - a2) * d",
        "formula_2": "def backward(x, target, *p):\n    a = [x]\n    for w, b in zip(p[::2], p[1::2]):\n"
        "        a.append(1 / (1 + math.exp(-w * a[-1] - b)))\n    d, out = a[2] - target, []\n"
        "    for i in (2, 1):\n        d *= a[i] * (1 - a[i])\n"
        "        out = [d * a[i - 1], d] + out\n"
        "        d *= p[2 * i - 2]\n    return out",
        "formula_3": "def backward(x, target, w1, b1, w2, b2):\n    def E(p):\n"
        "        s = lambda z: 1 / (1 + np.exp(-z))\n"
        "        return 0.5 * (target - s(p[2] * s(p[0] * x + p[1]) + p[3])) ** 2\n"
        "    p = np.array([w1, b1, w2, b2], complex)\n"
        "    return [E(p + 1e-30j * np.eye(4)[i]).imag / 1e-30 for i in range(4)]",
    },
    "update_parameters": {
        "array": "def update_parameters(parameters, gradients, learning_rate): "
        "return np.array(parameters) - learning_rate * np.array(gradients)",
        "list": "def update_parameters(p, g, r): return [a - r * b for a, b in zip(p, g)]",
        "map": "def update_parameters(p, g, r): return tuple(map(lambda a, b: a - r * b, p, g))",
        "formula_1": "def update_parameters(p, g, r):\n    p = list(p)\n"
        "    for i in range(len(p)): p[i] -= r * g[i]\n"
        "    return p",
        "formula_2": "def update_parameters(p, g, r): return np.subtract(p, np.multiply(r, g))",
        "formula_3": "import collections\nP = collections.namedtuple('P', 'w1 b1 w2 b2')\n"
        "def update_parameters(p, g, r): return P(*(a - r * b for a, b in zip(p, g)))",
    },
    "train": {
        "list": "def train(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):\n"
        "    f = lambda z: 1 / (1 + math.exp(-z))\n    p, errors = np.array([w1, b1, w2, b2]), []\n"
        "    while len(errors) < max_epochs:\n        a = f(p[0] * x + p[1])\n"
        "        o = f(p[2] * a + p[3])\n        errors.append((o - target) ** 2 / 2)\n"
        "        if errors[-1] < tolerance: break\n        d = (o - target) * o * (1 - o)\n"
        "        e = d * p[2] * a * (1 - a)\n"
        "        p = p - learning_rate * np.array([e * x, e, d * a, d])\n"
        "    return [list(p), errors]",
        "formula_1": "def train(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):\n"
        "    s = lambda z: 1 / (1 + np.exp(-z))\n    p = np.array([w1, b1, w2, b2])\n"
        "    E = np.empty(max_epochs)\n    for n in range(max_epochs):\n"
        "        a1 = s(p[0] * x + p[1]); a2 = s(p[2] * a1 + p[3])\n"
        "        E[n] = 0.5 * (target - a2) ** 2\n"
        "        if E[n] < tolerance: return p, E[:n + 1]\n"
        "        d = (a2 - target) * a2 * (1 - a2)\n        c = d * p[2] * a1 * (1 - a1)\n"
        "        p = p - learning_rate * np.array([c * x, c, d * a1, d])\n    return p, E",
        "formula_2": "class Network:\n    def __init__(self, *p): self.w1, self.b1, self.w2, self.b2 = p\n"
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
        "formula_3": "def train(x, target, *p):\n    *p, r, n, tol = p\n    s = lambda z: 1 / (1 + np.exp(-z))\n"
        "    errors = np.array([])\n    for _ in range(n):\n        w1, b1, w2, b2 = p\n"
        "        a1 = s(w1 * x + b1); a2 = s(w2 * a1 + b2)\n"
        "        errors = np.append(errors, 0.5 * (target - a2) ** 2)\n"
        "        if errors[-1] < tol: break\n        d = -(target - a2) * a2 * (1 - a2)\n"
        "        g = d * w2 * a1 * (1 - a1) * x, d * w2 * a1 * (1 - a1), d * a1, d\n"
        "        p = [np.array(v - r * u) for v, u in zip(p, g)]\n    return tuple(p), errors",
    },
}

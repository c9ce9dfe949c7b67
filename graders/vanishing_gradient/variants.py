"""Right answers in other words: all earn full marks. Each may use np, math and functools."""

SIGMOID = "1 / (1 + np.exp(-z))"

VARIANTS: dict[str, dict[str, str]] = {
    "sigmoid_derivative": {
        "exp": "def sigmoid_derivative(z): return np.exp(-z) / (1 + np.exp(-z)) ** 2",
        "cosh": "def sigmoid_derivative(z): return 0.25 / np.cosh(np.asarray(z) / 2) ** 2",
        "vectorised": "sigmoid_derivative = np.vectorize("
        "lambda z: math.exp(-abs(z)) / (1 + math.exp(-abs(z))) ** 2)",
        "formula_1": "def sigmoid_derivative(z):\n    s = 1 / (1 + np.exp(-z))\n    return s * (1 - s)",
        "formula_2": "def sigmoid_derivative(z): return (1 - np.tanh(z / 2) ** 2) / 4",
        "formula_3": "def sigmoid_derivative(z): return 1 / (np.exp(z) + 2 + np.exp(-z))",
        "formula_4": "sigmoid_derivative = np.vectorize(lambda z: 0.25 / math.cosh(z / 2) ** 2)",
    },
    "relu_derivative": {
        "ints": "def relu_derivative(z): return np.where(np.asarray(z) > 0, 1, 0)",
        "bools": "def relu_derivative(z): return z > 0",
        "heaviside": "def relu_derivative(z): return np.heaviside(z, 0)",
        "sign": "def relu_derivative(z): return np.maximum(np.sign(z), 0)",
        "formula_1": "def relu_derivative(z): return np.where(z > 0, 1, 0)",
        "formula_2": "def relu_derivative(z): return np.greater(z, 0)",
        "formula_3": "relu_derivative = np.vectorize(lambda z: 1.0 if z > 0 else 0.0)",
        "formula_4": "def relu_derivative(z): return (np.array(z) > 0).astype(int)",
        "formula_5": "def relu_derivative(z):\n    out = np.zeros_like(z)\n    out[np.asarray(z) > 0] = 1\n"
        "    return out",
    },
    "forward_chain": {
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
        "formula_1": "def forward_chain(x, weights, activation):\n    if activation == 'sigmoid':\n"
        "        g = lambda v: 1 / (1 + np.exp(-v))\n    elif activation == 'relu':\n"
        "        g = lambda v: v * (v > 0)\n    else:\n        raise ValueError\n"
        "    z, a = np.zeros(len(weights)), np.zeros(len(weights) + 1)\n    a[0] = x\n"
        "    for l in range(len(weights)):\n        z[l] = weights[l] * a[l]\n"
        "        a[l + 1] = g(z[l])\n"
        "    return z, a",
        "formula_2": "def forward_chain(x, weights, activation, **kw):\n    try:\n"
        "        g = dict(sigmoid=lambda v: 1 / (1 + math.exp(-v)), relu=lambda v: max(v, "
        "0))[activation]\n"
        "    except KeyError as error:\n        raise ValueError(activation) from error\n"
        "    z, a = (), (x,)\n    for w in weights:\n        z += (w * a[-1],)\n"
        "        a += (g(z[-1]),)\n"
        "    return z, a",
        "formula_3": "from enum import Enum\nclass Kind(Enum):\n    SIGMOID = 'sigmoid'\n    RELU = 'relu'\n"
        "def forward_chain(x, weights, activation):\n    relu = Kind(activation) is Kind.RELU\n"
        "    z, a = [], [np.float64(x)]\n    for w in weights:\n        z.append(w * a[-1])\n"
        "        a.append(np.maximum(0, z[-1]) if relu else 1 / (1 + np.exp(-z[-1])))\n"
        "    return [np.array(z), np.array(a)]",
    },
    "layer_gradients": {
        "list": "def layer_gradients(x, target, weights, activation):\n"
        "    if activation not in ('relu', 'sigmoid'): raise ValueError('no')\n    a, s = [x], []\n"
        "    for w in weights:\n        v = w * a[-1]\n        if activation == 'relu':\n"
        "            a.append(max(v, 0.0)); s.append(float(v > 0))\n        else:\n"
        "            y = 1 / (1 + math.exp(-v)); a.append(y); s.append(y * (1 - y))\n"
        "    n = len(weights)\n    return [(a[-1] - target) * math.prod(s[i:]) * "
        "math.prod(weights[i + 1:]) * a[i] for i in range(n)]",
        "formula_1": "def layer_gradients(x, target, weights, activation):\n"
        "    if activation not in {'sigmoid', 'relu'}: raise ValueError\n    a, s = [x], []\n"
        "    for w in weights:\n        v = w * a[-1]\n        if activation == 'relu':\n"
        "            a.append(max(v, 0)); s.append(v > 0)\n        else:\n"
        "            a.append(1 / (1 + np.exp(-v))); s.append(a[-1] * (1 - a[-1]))\n"
        "    s, n = np.array(s, float), len(weights)\n"
        "    return [(a[-1] - target) * np.prod(s[i:]) * np.prod(weights[i + 1:]) * a[i] "
        "for i in range(n)]",
        "formula_2": "def layer_gradients(x, target, weights, activation):\n    def g(v):\n"
        "        if activation == 'relu': return np.maximum(v, 0), 1.0 * (v > 0)\n"
        "        if activation == 'sigmoid':\n            y = 1 / (1 + np.exp(-v))\n"
        "            return y, y * (1 - y)\n        raise ValueError(activation)\n"
        "    def back(a, ws):\n        if not len(ws): return -(target - a), ()\n"
        "        y, slope = g(ws[0] * a)\n        d, rest = back(y, ws[1:])\n"
        "        return d * slope * ws[0], (d * slope * a, *rest)\n    return back(x, weights)[1]",
        "formula_3": "def layer_gradients(x, target, weights, activation):\n    n = len(weights)\n"
        "    act = {'sigmoid': lambda v: 1 / (1 + np.exp(-v)), 'relu': lambda v: np.where(v > 0, "
        "v, 0)}\n"
        "    slope = {'sigmoid': lambda y: y * (1 - y), 'relu': lambda y: np.where(y > 0, 1, 0)}\n"
        "    if activation not in act: raise ValueError\n    a = np.empty(n + 1)\n    a[0] = x\n"
        "    for i, w in enumerate(weights): a[i + 1] = act[activation](w * a[i])\n"
        "    delta = np.empty(n)\n    delta[-1] = (a[-1] - target) * slope[activation](a[-1])\n"
        "    for i in range(n - 2, -1, -1):\n"
        "        delta[i] = delta[i + 1] * weights[i + 1] * slope[activation](a[i + 1])\n"
        "    return delta * a[:-1]",
    },
    "vanishing_ratio": {
        "abs": "def vanishing_ratio(gradients): return abs(gradients[0] / gradients[-1])",
        "array": "def vanishing_ratio(g):\n    s = np.abs(g)\n    return np.array(s[0] / s[-1])",
        "fabs": "vanishing_ratio = lambda g: math.fabs(g[0]) / math.fabs(g[-1])",
        "formula_1": "def vanishing_ratio(gradients): return np.abs(gradients[0]) / np.abs(gradients[-1])",
        "formula_2": "def vanishing_ratio(gradients):\n    first, *_, last = gradients\n"
        "    return math.exp(math.log(abs(first)) - math.log(abs(last)))",
        "formula_3": "vanishing_ratio = lambda g, e=0.0: np.divide(*np.abs(np.array(g)[[0, -1]] + e))",
    },
    "sigmoid_gradient_bound": {
        "loop": "def sigmoid_gradient_bound(depth):\n    b = 1\n"
        "    for _ in range(depth): b *= 0.25\n"
        "    return b",
        "inverse": "def sigmoid_gradient_bound(depth): return 1 / 4 ** depth",
        "power": "sigmoid_gradient_bound = lambda depth: np.power(2.0, -2 * depth)",
        "formula_1": "def sigmoid_gradient_bound(depth): return np.prod([0.25] * depth)",
        "formula_2": "def sigmoid_gradient_bound(depth): return math.ldexp(1, -2 * depth)",
        "formula_3": "def sigmoid_gradient_bound(depth): return np.power(0.25, depth)",
        "formula_4": "sigmoid_gradient_bound = functools.lru_cache(lambda depth: math.exp(-depth * "
        "math.log(4)))",
        "formula_5": "from fractions import Fraction\n"
        "def sigmoid_gradient_bound(depth): return Fraction(1, 4) ** depth",
    },
}

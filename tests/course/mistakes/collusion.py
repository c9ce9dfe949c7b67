"""Parts and composites that know nothing and try to agree: one submission for each number.

What they try: constants, functions of a few of their arguments, answers by the number of a call, by
a hash of its arguments, by their shape, by which call came first, by who called, public answers
learned by heart, parts that answer differently beside a public call or once their composite was
called, state that is kept between calls, composites that read it, and composites that give exactly
what follows from their own parts.
"""

import random
from collections.abc import Callable
from typing import Final, NamedTuple

HEAD: Final = """
import sys
import numpy as np

STATE = {{"calls": 0, "composite": 0, "last": {c}, "first": {{}}}}
PUBLIC = {public}


def near(given, base):
    try:
        return all(np.allclose(a, b, 1e-9) for a, b in zip(given, base))
    except (TypeError, ValueError):
        return False


def changed(given, base):
    for i, b in enumerate(base):
        try:
            if np.allclose(given[i], np.multiply(b, 1.37) + 0.11) and all(
                np.allclose(g, c) for j, (g, c) in enumerate(zip(given, base)) if j != i
            ):
                return i + 1
        except (TypeError, ValueError):
            pass
    return 0


def digest(given):
    return hash(repr(given)) % 997 / 100


def flat(given):
    numbers = [float(np.sum(g)) for g in given if not isinstance(g, (str, tuple))]
    return numbers or [1.0]


def by_composite():
    return sys._getframe(3).f_code.co_name in {composites!r}


def made(kind, given, name):
    STATE["calls"] += 1
    numbers = flat(given)
    first = STATE["first"].setdefault(name, numbers[0])
    if kind == "constant":
        return {c}
    if kind == "one argument":
        return {a} + {b} * numbers[{i} % len(numbers)]
    if kind == "two arguments":
        return {a} * numbers[{i} % len(numbers)] + {b} * numbers[{j} % len(numbers)]
    if kind == "product":
        return {a} * float(np.prod(numbers))
    if kind == "count":
        return {c} + {b} * STATE["calls"]
    if kind == "hash":
        return {c} + digest(given)
    if kind == "shape":
        return {c} + sum(np.size(g) for g in given if not isinstance(g, str))
    if kind == "first":
        return {c} if numbers[0] == first else {a} * numbers[0]
    if kind == "caller":
        return {c} if by_composite() else {a} * numbers[-1] + {b}
    if kind == "flag":
        return {c} if STATE["composite"] else {a} * numbers[0] - {b} * numbers[-1]
    if kind == "beside":
        for base in PUBLIC.get(name, []):
            if near(given, base) or changed(given, base):
                return {a} + {b} * changed(given, base)
        return {c}
    if kind == "state":
        STATE["last"] = {a} * STATE["last"] + {b} * numbers[0]
        return STATE["last"]
    raise ValueError(kind)
"""
KINDS: Final = (
    "constant", "one argument", "two arguments", "product", "count", "hash", "shape", "first",
    "caller", "flag", "beside", "state",
)  # fmt: skip


class Part(NamedTuple):
    """A part: its arguments, and its result made of one number."""

    arguments: str
    result: str = "{0}"
    trivial: tuple[str, ...] = ()  # What is known to learners and takes no thought.


class Composite(NamedTuple):
    """A composite: its arguments, results that take no work, and the work itself."""

    module: str
    name: str
    arguments: str
    empty: tuple[str, ...]
    work: str
    parts: dict[str, Part]


COMPOSITES: Final = (
    Composite(
        "gradient_descent", "gradient_descent", "x, z, w0, learning_rate, n_iterations",
        (
            "np.full(n_iterations + 1, w0)",
            "w0 + {c} * np.arange(n_iterations + 1)",
            "w0 * {a} ** np.arange(n_iterations + 1)",
            "w0 - learning_rate * {c} * np.arange(n_iterations + 1)",
            "np.append(w0, np.full(n_iterations, STATE['last']))",
        ),
        "    w = [w0]\n    for _ in range(n_iterations):\n"
        "        w.append(update_weight(w[-1], cost_gradient(w[-1], x, z), learning_rate))\n"
        "    return np.array(w, float)\n",
        {
            "cost_gradient": Part("w, x, z", trivial=("0.0", "w", "np.mean(x)", "np.mean(z)")),
            "update_weight": Part(
                "w, gradient, learning_rate",
                trivial=("w", "w + {c}", "w * {a}", "w - gradient", "w + gradient", "w - {c} * w",
                         "w - learning_rate", "-learning_rate * gradient", "gradient"),
            ),
        },
    ),
    Composite(
        "backpropagation", "backward", "x, target, w1, b1, w2, b2",
        (
            "({c}, {a}, {b}, 1.0)", "(x, target, w1, w2)", "(0.0, 0.0, 0.0, 0.0)",
            "({a} * x, {b} * target, {c}, STATE['last'])",
        ),
        "    _, a1, _, a2 = forward(x, w1, b1, w2, b2)\n"
        "    return (gradient_w1(x, target, a1, w2, a2), gradient_b1(target, a1, w2, a2),\n"
        "            gradient_w2(target, a1, a2), gradient_b2(target, a2))\n",
        {
            "forward": Part("x, w1, b1, w2, b2", "({0}, {0} + 1, {0} * 2, {0} - 1)",
                            ("(x, w1, b1, w2)", "(0.0, 0.0, 0.0, 0.0)", "(x, x, x, x)")),
            "gradient_w1": Part("x, target, a1, w2, a2", trivial=("x", "1.0", "a2 - target")),
            "gradient_b1": Part("target, a1, w2, a2", trivial=("1.0", "a2 - target", "w2")),
            "gradient_w2": Part("target, a1, a2", trivial=("a1", "1.0", "a2 - target")),
            "gradient_b2": Part("target, a2", trivial=("1.0", "a2", "a2 - target", "0.0")),
        },
    ),
    Composite(
        "backpropagation", "train",
        "x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance",
        (
            "(w1, b1, w2, b2), np.full(max_epochs, {c})",
            "(w1, b1, w2, b2), {c} + w1 + {a} * np.arange(max_epochs)",
            "(w1 + {a} * max_epochs, b1, w2, b2), {c} + {b} * np.arange(max_epochs)",
        ),
        "    p, errors = (w1, b1, w2, b2), []\n    for _ in range(max_epochs):\n"
        "        errors.append(error(target, forward(x, *p)[3]))\n"
        "        if errors[-1] < tolerance: break\n"
        "        p = update_parameters(p, backward(x, target, *p), learning_rate)\n"
        "    return tuple(p), np.array(errors, float)\n",
        {
            "forward": Part("x, w1, b1, w2, b2", "({0}, {0} + 1, {0} * 2, {0} - 1)",
                            ("(x, w1, b1, w2)",)),
            "error": Part("target, a2", trivial=("1.0", "a2", "target - a2", "abs(target - a2)")),
            "backward": Part("x, target, w1, b1, w2, b2", "({0}, {0}, {0}, {0})",
                             ("(1.0, 1.0, 1.0, 1.0)",)),
            "update_parameters": Part(
                "parameters, gradients, learning_rate", "tuple(p + {0} for p in parameters)",
                ("tuple(parameters)", "tuple(gradients)", "tuple(p * {a} for p in parameters)"),
            ),
        },
    ),
    Composite(
        "vanishing_gradient", "layer_gradients", "x, target, weights, activation",
        (
            "np.full(len(weights), {c})", "np.zeros(len(weights))", "weights * {a}",
            "np.ones(len(weights)) * x", "np.cumprod(weights) * (x - target)",
        ),
        "    if activation not in ('sigmoid', 'relu'): raise ValueError(activation)\n"
        "    z, a = forward_chain(x, weights, activation)\n"
        "    slope = sigmoid_derivative if activation == 'sigmoid' else relu_derivative\n"
        "    gradients, reaching = np.zeros(len(weights)), a[-1] - target\n"
        "    for layer in reversed(range(len(weights))):\n"
        "        reaching = reaching * slope(float(z[layer]))\n"
        "        gradients[layer] = reaching * a[layer]\n"
        "        reaching = reaching * weights[layer]\n    return gradients\n",
        {
            "forward_chain": Part(
                "x, weights, activation",
                "(np.full(len(weights), {0}), np.full(len(weights) + 1, {0} + 1))",
                ("(weights * x, np.zeros(len(weights) + 1))",
                 "(np.full(len(weights), x), np.append(1 / np.append("
                 "np.cumprod(weights[::-1])[::-1][1:], 1.0), 1e9))"),
            ),
            "sigmoid_derivative": Part("z", "np.ones_like(z) * ({0})",
                                       ("np.ones_like(z)", "np.full_like(z, 0.25)", "z")),
            "relu_derivative": Part("z", "np.ones_like(z) * ({0})",
                                    ("np.ones_like(z)", "np.zeros_like(z)", "z")),
        },
    ),
)  # fmt: skip


def colluding(number: int, public: Callable[[str], object]) -> tuple[str, str, str]:
    """Returns a module, the source handed in for it, and its composite.

    Args:
        number: Which one.
        public: Returns the public calls of an exercise.
    """
    draw = random.Random(number)
    composite = draw.choice(COMPOSITES)
    a, b, c = (round(draw.uniform(0.05, 2.5), 3) for _ in range(3))
    module = composite.module
    known = {name: public(f"{module}.{name}") for name in composite.parts}
    values = {"a": a, "b": b, "c": c}
    source = HEAD.format(
        **values, i=draw.randrange(4), j=draw.randrange(4), public=known,
        composites=[composite.name],
    )  # fmt: skip
    # All parts of one kind, or each of its own.
    kind = draw.choice([None, *KINDS])
    for name, part in composite.parts.items():
        if part.trivial and draw.random() < 0.4:
            body = draw.choice(part.trivial).format(**values)
        else:
            made = f"made({kind or draw.choice(KINDS)!r}, ({part.arguments},), {name!r})"
            body = part.result.format(made)
        source += f"\n\ndef {name}({part.arguments}):\n    return {body}\n"
    source += f"\n\ndef {composite.name}({composite.arguments}):\n    STATE['composite'] += 1\n"
    if composite.name == "layer_gradients":
        source += "    if activation not in ('sigmoid', 'relu'): raise ValueError(activation)\n"
    if draw.random() < 0.5:
        source += composite.work
    else:
        source += f"    return {draw.choice(composite.empty).format(**values)}\n"
    return module, source, f"{module}.{composite.name}"

"""What learners get wrong loses its points, and side clauses lose no more than their share.

The table is independent of the graders: it was written from lists of learners' mistakes. Each
function stands alone, so that one submission can hold one wrong function for every exercise.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograder.course import Course
from autograder.results import Result

Table = dict[str, dict[str, str]]

SIGMOID = "(1 / (1 + np.exp(-{})))"


def s(z: str) -> str:
    return SIGMOID.format(z)


def function(signature: str, body: str) -> str:
    """Returns a function from an expression, or from statements where it holds a return."""
    lines = body if "return" in body else f"return {body}"
    return f"def {signature}:\n    " + lines.replace("\n", "\n    ")


def variants(signature: str, **bodies: str) -> dict[str, str]:
    return {name: function(signature, body) for name, body in bodies.items()}


FORWARD = f"z1 = w1 * x + b1\na1 = {s('z1')}\nz2 = w2 * a1 + b2\na2 = {s('z2')}\n"
DELTA = "(a2 - target) * a2 * (1 - a2)"
D2 = "(a2 - target) * a2 * (1 - a2)"
BACK = f"d2 = {D2}\nd1 = d2 * w2 * a1 * (1 - a1)\n"
DESCENT = "w = [w0]\nfor _ in range(n_iterations):\n    "
GRAD = "np.mean(x * (w[-1] * x - z))"
TRAIN = "errors = []\nfor _ in range(max_epochs):\n" + "".join(
    f"    {line}\n" for line in FORWARD.splitlines()
)
CHAIN = (
    "if activation not in ('sigmoid', 'relu'): raise ValueError\n"
    f"g = (lambda v: {s('v')}) if activation == 'sigmoid' else (lambda v: np.maximum(v, 0))\n"
)
SLOPE = (
    f"sl = (lambda v: {s('v')} * (1 - {s('v')})) if activation == 'sigmoid' "
    "else (lambda v: (v > 0) * 1.0)\n"
)
RUN = "z, a = [], [x]\nfor w in weights:\n    z.append(w * a[-1]); a.append(g(z[-1]))\n"
FLOW = CHAIN + SLOPE + RUN + "d = a[-1] - target\nout = np.zeros(len(weights))\n"

WRONG: Table = {
    "gradient_descent.predict": variants(
        "predict(w, x)",
        plus="w + x",
        sum="np.sum(w * x)",
        squared="w * x ** 2",
        divided="x / w",
        negated="-w * x",
        ignores_w="2 * x",
        first_only="w * x[0]",
    ),
    "gradient_descent.cost": variants(
        "cost(w, x, z)",
        no_half="np.mean((z - w * x) ** 2)",
        no_mean="np.sum((z - w * x) ** 2) / 2",
        plain_sum="np.sum((z - w * x) ** 2)",
        precedence="1 / 2 * len(x) * np.sum((z - w * x) ** 2)",
        not_squared="np.sum(z - w * x) / (2 * len(x))",
        square_of_sum="np.sum(z - w * x) ** 2 / (2 * len(x))",
        absolute="np.sum(np.abs(z - w * x)) / (2 * len(x))",
        root="np.sqrt(np.mean((z - w * x) ** 2))",
        negated="-np.sum((z - w * x) ** 2) / (2 * len(x))",
        m_minus_1="np.sum((z - w * x) ** 2) / (2 * max(len(x) - 1, 1))",
        skips_first="np.sum((z - w * x)[1:] ** 2) / (2 * len(x))",
        skips_last="np.sum((z - w * x)[:-1] ** 2) / (2 * len(x))",
        returns_early="for a, b in zip(x, z):\n    return (b - w * a) ** 2 / (2 * len(x))",
        overwrites="for a, b in zip(x, z):\n    t = (b - w * a) ** 2\nreturn t / (2 * len(x))",
        per_point="(z - w * x) ** 2 / (2 * len(x))",
        ignores_w="np.sum((z - x) ** 2) / (2 * len(x))",
        w_plus_x="np.sum((z - (w + x)) ** 2) / (2 * len(x))",
        caret="np.sum((z - w * x).astype(int) ^ 2) / (2 * len(x))",
        broadcast="np.sum((z[:, None] - w * x) ** 2) / (2 * len(x))",
        m_written_in="np.sum((z - w * x) ** 2) / 10",
        rounded="round(float(np.sum((z - w * x) ** 2) / (2 * len(x))), 3)",
        printed="print(np.sum((z - w * x) ** 2) / (2 * len(x)))",
        divided_twice="np.mean((z - w * x) ** 2) / (2 * len(x))",
        pair="c = np.sum((z - w * x) ** 2) / (2 * len(x))\nreturn c, -np.mean(x * (z - w * x))",
    ),
    "gradient_descent.sum_squared_error": variants(
        "sum_squared_error(w, x, z)",
        mean="np.mean((z - w * x) ** 2)",
        half="np.sum((z - w * x) ** 2) / 2",
        square_of_sum="np.sum(z - w * x) ** 2",
        absolute="np.sum(np.abs(z - w * x))",
        not_summed="(z - w * x) ** 2",
        negated="-np.sum((z - w * x) ** 2)",
    ),
    "gradient_descent.cost_gradient": variants(
        "cost_gradient(w, x, z)",
        sign="np.mean(x * (z - w * x))",
        factor_2="-2 * np.mean(x * (z - w * x))",
        factor_half="-np.mean(x * (z - w * x)) / 2",
        no_x="-np.mean(z - w * x)",
        no_mean="-np.sum(x * (z - w * x))",
        product_of_means="-np.mean(x) * np.mean(z - w * x)",
        squared="-np.mean(x * (z - w * x) ** 2)",
        by_x="-w * np.mean(z - w * x)",
        is_cost="np.mean((z - w * x) ** 2) / 2",
        drops_model="-np.mean(x * z)",
        not_averaged="-x * (z - w * x)",
        m_written_in="-np.sum(x * (z - w * x)) / 5",
    ),
    "gradient_descent.descent_direction": variants(
        "descent_direction(slope)",
        swapped="'right' if slope > 0 else 'left' if slope < 0 else 'stop'",
        capitals="'Left' if slope > 0 else 'Right' if slope < 0 else 'Stop'",
        numbers="-1 if slope > 0 else 1 if slope < 0 else 0",
        always_left="'left'",
        printed="print('left' if slope > 0 else 'right' if slope < 0 else 'stop')",
        threshold="'left' if slope > 1 else 'right' if slope < -1 else 'stop'",
    ),
    "gradient_descent.update_weight": variants(
        "update_weight(w, gradient, learning_rate)",
        plus="w + learning_rate * gradient",
        no_rate="w - gradient",
        reversed_minus="w =- learning_rate * gradient\nreturn w",
        step_only="learning_rate * gradient",
        divides="w - gradient / learning_rate",
        sign_only="w - learning_rate * np.sign(gradient)",
        multiplies="w * (1 - learning_rate * gradient)",
        rounds="round(w - learning_rate * gradient, 2)",
        rate_written_in="w - 0.4 * gradient",
        other_way="learning_rate * gradient - w",
    ),
    "gradient_descent.gradient_descent": variants(
        "gradient_descent(x, z, w0, learning_rate, n_iterations)",
        no_start=f"{DESCENT}w.append(w[-1] - learning_rate * {GRAD})\nreturn np.array(w[1:])",
        one_less="w = [w0]\nfor _ in range(n_iterations - 1):\n"
        f"    w.append(w[-1] - learning_rate * {GRAD})\nreturn np.array(w)",
        one_more="w = [w0]\nfor _ in range(n_iterations + 1):\n"
        f"    w.append(w[-1] - learning_rate * {GRAD})\nreturn np.array(w)",
        last_only=f"{DESCENT}w.append(w[-1] - learning_rate * {GRAD})\nreturn w[-1]",
        returns_early=f"{DESCENT}w.append(w[-1] - learning_rate * {GRAD}); return np.array(w)",
        gradient_once=f"w = [w0]\ng = {GRAD}\nfor _ in range(n_iterations):\n"
        "    w.append(w[-1] - learning_rate * g)\nreturn np.array(w)",
        restarts=f"{DESCENT}w.append(w0 - learning_rate * np.mean(x * (w0 * x - z)))\n"
        "return np.array(w)",
        ignores_w0="w = [0.0]\nfor _ in range(n_iterations):\n"
        f"    w.append(w[-1] - learning_rate * {GRAD})\nreturn np.array(w)",
        ignores_rate=f"{DESCENT}w.append(w[-1] - 0.4 * {GRAD})\nreturn np.array(w)",
        ascends=f"{DESCENT}w.append(w[-1] + learning_rate * {GRAD})\nreturn np.array(w)",
        costs="w = [w0]\nc = []\nfor _ in range(n_iterations + 1):\n"
        "    c.append(np.mean((z - w[-1] * x) ** 2) / 2)\n"
        f"    w.append(w[-1] - learning_rate * {GRAD})\nreturn np.array(c)",
        one_sample="w = [w0]\nfor i in range(n_iterations):\n    j = i % len(x)\n"
        "    w.append(w[-1] - learning_rate * x[j] * (w[-1] * x[j] - z[j]))\nreturn np.array(w)",
    ),
    "gradient_descent.max_stable_learning_rate": variants(
        "max_stable_learning_rate(x)",
        one="1 / np.mean(x ** 2)",
        mean_squared="2 / np.mean(x) ** 2",
        summed="2 / np.sum(x ** 2)",
        inverted="np.mean(x ** 2) / 2",
        largest="2 / np.max(x ** 2)",
        written_in="1.0",
    ),
    "backpropagation.weighted_sum": variants(
        "weighted_sum(x, w, b)",
        no_bias="w * x",
        minus="w * x - b",
        times="w * x * b",
        swapped="x + w * b",
        grouped="w * (x + b)",
        squashed=s("(w * x + b)"),
    ),
    "backpropagation.sigmoid": variants(
        "sigmoid(z)",
        wrong_sign="1 / (1 + np.exp(z))",
        no_one="1 / np.exp(-z)",
        minus="1 / (1 - np.exp(-z))",
        precedence="1 / 1 + np.exp(-z)",
        tanh="np.tanh(z)",
        short_e="1 / (1 + 2.718 ** -z)",
        clamped="np.clip(1 / (1 + np.exp(-z)), 0.01, 0.99)",
        integers="out = np.zeros(np.shape(z), int)\nout[...] = 1 / (1 + np.exp(-z))\nreturn out",
        rounded="np.round(1 / (1 + np.exp(-z)), 4)",
        slope=f"{s('z')} * (1 - {s('z')})",
        step="(np.asarray(z) > 0) * 1.0",
    ),
    "backpropagation.forward": variants(
        "forward(x, w1, b1, w2, b2)",
        second_fed_z1=FORWARD.replace("w2 * a1", "w2 * z1") + "return z1, a1, z2, a2",
        second_fed_x=FORWARD.replace("w2 * a1", "w2 * x") + "return z1, a1, z2, a2",
        no_b1=FORWARD.replace(" + b1", "") + "return z1, a1, z2, a2",
        no_b2=FORWARD.replace(" + b2", "") + "return z1, a1, z2, a2",
        b_swapped=FORWARD.replace("b1", "b9").replace("b2", "b1").replace("b9", "b2")
        + "return z1, a1, z2, a2",
        b1_twice=FORWARD.replace("b2", "b1") + "return z1, a1, z2, a2",
        minus_bias=FORWARD.replace("+ b", "- b") + "return z1, a1, z2, a2",
        last_open=FORWARD.replace(f"a2 = {s('z2')}", "a2 = z2") + "return z1, a1, z2, a2",
        rounded=FORWARD + "return tuple(round(float(v), 4) for v in (z1, a1, z2, a2))",
        order=FORWARD + "return z1, z2, a1, a2",
        a2_only=FORWARD + "return a2",
        swapped_layers=FORWARD + "return z2, a2, z1, a1",
    ),
    "backpropagation.error": variants(
        "error(target, a2)",
        no_half="(target - a2) ** 2",
        not_squared="0.5 * (target - a2)",
        absolute="0.5 * abs(target - a2)",
        half_inside="(0.5 * (target - a2)) ** 2",
        cross_entropy="-target * np.log(a2) - (1 - target) * np.log(1 - a2)",
        difference_of_squares="0.5 * (target ** 2 - a2 ** 2)",
        integer_division="1 // 2 * (target - a2) ** 2",
        negated="-0.5 * (target - a2) ** 2",
    ),
    "backpropagation.error_slope": variants(
        "error_slope(target, a2)",
        sign="target - a2",
        factor_2="-2 * (target - a2)",
        half="-0.5 * (target - a2)",
        is_error="0.5 * (target - a2) ** 2",
        absolute="abs(target - a2)",
    ),
    "backpropagation.sigmoid_slope": variants(
        "sigmoid_slope(a)",
        squashes=f"{s('a')} * (1 - {s('a')})",
        plus="a * (1 + a)",
        drops_factor="1 - a",
        tanh="1 - a ** 2",
        negated="a * (a - 1)",
        square="a - a",
    ),
    "backpropagation.gradient_w2": variants(
        "gradient_w2(target, a1, a2)",
        sign=f"-{DELTA} * a1",
        factor_2=f"2 * {DELTA} * a1",
        no_slope="(a2 - target) * a1",
        slope_again=f"(a2 - target) * {s('a2')} * (1 - {s('a2')}) * a1",
        slope_square="(a2 - target) * a2 ** 2 * a1",
        slope_plus="(a2 - target) * a2 * (1 + a2) * a1",
        other_slope="(a2 - target) * a1 * (1 - a1) * a1",
        from_error="0.5 * (a2 - target) ** 2 * a2 * (1 - a2) * a1",
        no_a1=DELTA,
        a2_for_a1=f"{DELTA} * a2",
        added="(a2 - target) + a2 * (1 - a2) + a1",
    ),
    "backpropagation.gradient_b2": variants(
        "gradient_b2(target, a2)",
        sign=f"-{DELTA}",
        factor_2=f"2 * {DELTA}",
        constant_one="1.0",
        raw_error="a2 - target",
        times_a2=f"{DELTA} * a2",
        from_error="0.5 * (a2 - target) ** 2 * a2 * (1 - a2)",
    ),
    "backpropagation.gradient_w1": variants(
        "gradient_w1(x, target, a1, w2, a2)",
        sign=f"-{DELTA} * w2 * a1 * (1 - a1) * x",
        factor_2=f"2 * {DELTA} * w2 * a1 * (1 - a1) * x",
        no_w2=f"{DELTA} * a1 * (1 - a1) * x",
        no_slope_1=f"{DELTA} * w2 * x",
        slope_2_twice=f"{DELTA} * w2 * a2 * (1 - a2) * x",
        no_slope_2="(a2 - target) * w2 * a1 * (1 - a1) * x",
        no_x=f"{DELTA} * w2 * a1 * (1 - a1)",
        a1_for_x=f"{DELTA} * w2 * a1 * (1 - a1) * a1",
        slope_of_a1=f"{DELTA} * w2 * {s('a1')} * (1 - {s('a1')}) * x",
        added=f"{DELTA} + w2 + a1 * (1 - a1) + x",
        is_w2s=f"{DELTA} * a1",
    ),
    "backpropagation.gradient_b1": variants(
        "gradient_b1(target, a1, w2, a2)",
        sign=f"-{DELTA} * w2 * a1 * (1 - a1)",
        no_w2=f"{DELTA} * a1 * (1 - a1)",
        no_slope=f"{DELTA} * w2",
        is_b2=DELTA,
        times_a1=f"{DELTA} * w2 * a1 * (1 - a1) * a1",
        factor_2=f"2 * {DELTA} * w2 * a1 * (1 - a1)",
    ),
    "backpropagation.backward": variants(
        "backward(x, target, w1, b1, w2, b2)",
        order=FORWARD + BACK + "return d2 * a1, d2, d1 * x, d1",
        interleaved=FORWARD + BACK + "return d1 * x, d2 * a1, d1, d2",
        one_bias=FORWARD + BACK + "return d1 * x, d2, d2 * a1, d2",
        no_w2=FORWARD + BACK.replace("* w2 ", "") + "return d1 * x, d1, d2 * a1, d2",
        w2_updated=FORWARD
        + BACK.replace("* w2 ", "* (w2 - 0.5 * d2 * a1) ")
        + "return d1 * x, d1, d2 * a1, d2",
        sign=FORWARD + BACK + "return -d1 * x, -d1, -d2 * a1, -d2",
        factor_2=FORWARD + BACK + "return 2 * d1 * x, 2 * d1, 2 * d2 * a1, 2 * d2",
        updates=FORWARD
        + BACK
        + "return w1 - 0.5 * d1 * x, b1 - 0.5 * d1, w2 - 0.5 * d2 * a1, b2 - 0.5 * d2",
    ),
    "backpropagation.update_parameters": variants(
        "update_parameters(parameters, gradients, learning_rate)",
        plus="tuple(p + learning_rate * g for p, g in zip(parameters, gradients))",
        no_rate="tuple(p - g for p, g in zip(parameters, gradients))",
        biases_frozen="p, g, r = parameters, gradients, learning_rate\n"
        "return p[0] - r * g[0], p[1], p[2] - r * g[2], p[3]",
        first_gradient="tuple(p - learning_rate * gradients[0] for p in parameters)",
        steps="tuple(learning_rate * g for g in gradients)",
        half="tuple(p - learning_rate * g / 2 for p, g in zip(parameters, gradients))",
    ),
    "backpropagation.train": variants(
        "train(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance)",
        after_update=TRAIN
        + f"    d2 = {D2}\n    d1 = d2 * w2 * a1 * (1 - a1)\n    r = learning_rate\n"
        "    w1, b1, w2, b2 = w1 - r * d1 * x, b1 - r * d1, w2 - r * d2 * a1, b2 - r * d2\n"
        f"    a1 = {s('(w1 * x + b1)')}; a2 = {s('(w2 * a1 + b2)')}\n"
        "    errors.append((target - a2) ** 2 / 2)\n    if errors[-1] < tolerance: break\n"
        "return (w1, b1, w2, b2), np.array(errors)",
        one_by_one=TRAIN
        + "    errors.append((target - a2) ** 2 / 2)\n    if errors[-1] < tolerance: break\n"
        f"    d2 = {D2}\n    r = learning_rate\n    w2 = w2 - r * d2 * a1; b2 = b2 - r * d2\n"
        "    d1 = d2 * w2 * a1 * (1 - a1)\n    w1 = w1 - r * d1 * x; b1 = b1 - r * d1\n"
        "return (w1, b1, w2, b2), np.array(errors)",
        biases_frozen=TRAIN
        + "    errors.append((target - a2) ** 2 / 2)\n    if errors[-1] < tolerance: break\n"
        f"    d2 = {D2}\n    d1 = d2 * w2 * a1 * (1 - a1)\n    r = learning_rate\n"
        "    w1, w2 = w1 - r * d1 * x, w2 - r * d2 * a1\n"
        "return (w1, b1, w2, b2), np.array(errors)",
        never_updates=TRAIN
        + "    errors.append((target - a2) ** 2 / 2)\nreturn (w1, b1, w2, b2), np.array(errors)",
        stop_inverted=TRAIN
        + "    errors.append((target - a2) ** 2 / 2)\n    if errors[-1] > tolerance: break\n"
        f"    d2 = {D2}\n    d1 = d2 * w2 * a1 * (1 - a1)\n    r = learning_rate\n"
        "    w1, b1, w2, b2 = w1 - r * d1 * x, b1 - r * d1, w2 - r * d2 * a1, b2 - r * d2\n"
        "return (w1, b1, w2, b2), np.array(errors)",
        errors_only=TRAIN + "    errors.append((target - a2) ** 2 / 2)\nreturn np.array(errors)",
        signed_errors=TRAIN + "    errors.append(target - a2)\n"
        f"    d2 = {D2}\n    d1 = d2 * w2 * a1 * (1 - a1)\n    r = learning_rate\n"
        "    w1, b1, w2, b2 = w1 - r * d1 * x, b1 - r * d1, w2 - r * d2 * a1, b2 - r * d2\n"
        "return (w1, b1, w2, b2), np.array(errors)",
    ),
    "vanishing_gradient.sigmoid_derivative": variants(
        "sigmoid_derivative(z)",
        of_z="z * (1 - z)",
        plus=f"{s('z')} * (1 + {s('z')})",
        just_sigmoid=s("z"),
        drops_factor=f"1 - {s('z')}",
        tanh=f"1 - {s('z')} ** 2",
        negated=f"-{s('z')} * (1 - {s('z')})",
        quarter="np.full(np.shape(z), 0.25)",
        doubled=f"2 * {s('z')} * (1 - {s('z')})",
    ),
    "vanishing_gradient.relu_derivative": variants(
        "relu_derivative(z)",
        is_relu="np.maximum(z, 0)",
        flipped="(np.asarray(z) < 0) * 1.0",
        constant="np.ones(np.shape(z))",
        sign="np.sign(z)",
        ifs="1.0 if np.all(z > 0) else 0.0",
    ),
    "vanishing_gradient.forward_chain": variants(
        "forward_chain(x, weights, activation)",
        no_input=CHAIN + RUN + "return np.array(z), np.array(a[1:])",
        always_sigmoid=CHAIN
        + f"g = lambda v: {s('v')}\n"
        + RUN
        + "return np.array(z), np.array(a)",
        always_relu=CHAIN
        + "g = lambda v: np.maximum(v, 0)\n"
        + RUN
        + "return np.array(z), np.array(a)",
        feeds_z=CHAIN
        + RUN.replace("w * a[-1]", "w * (z[-1] if z else x)")
        + "return np.array(z), np.array(a)",
        swapped=CHAIN + RUN + "return np.array(a), np.array(z)",
        no_last=CHAIN + RUN + "return np.array(z[:-1]), np.array(a[:-1])",
        from_x=CHAIN + RUN.replace("a[-1])", "x)") + "return np.array(z), np.array(a)",
    ),
    "vanishing_gradient.layer_gradients": variants(
        "layer_gradients(x, target, weights, activation)",
        no_weights=FLOW + "for i in reversed(range(len(weights))):\n"
        "    d = d * sl(z[i]); out[i] = d * a[i]\nreturn out",
        activations_for_slopes=FLOW + "for i in reversed(range(len(weights))):\n"
        "    d = d * a[i + 1]; out[i] = d * a[i]; d = d * weights[i]\nreturn out",
        no_slopes=FLOW + "for i in reversed(range(len(weights))):\n"
        "    out[i] = d * a[i]; d = d * weights[i]\nreturn out",
        reversed=FLOW + "for i in reversed(range(len(weights))):\n"
        "    d = d * sl(z[i]); out[i] = d * a[i]; d = d * weights[i]\nreturn out[::-1]",
        sign=FLOW + "for i in reversed(range(len(weights))):\n"
        "    d = d * sl(z[i]); out[i] = d * a[i]; d = d * weights[i]\nreturn -out",
        next_activation=FLOW + "for i in reversed(range(len(weights))):\n"
        "    d = d * sl(z[i]); out[i] = d * a[i + 1]; d = d * weights[i]\nreturn out",
        relu_as_sigmoid=FLOW + f"sl = lambda v: {s('v')} * (1 - {s('v')})\n"
        "for i in reversed(range(len(weights))):\n"
        "    d = d * sl(z[i]); out[i] = d * a[i]; d = d * weights[i]\nreturn out",
        off_by_one=FLOW + "for i in reversed(range(len(weights))):\n"
        "    out[i] = d * a[i]; d = d * sl(z[i]) * weights[i]\nreturn out",
        weights_off=FLOW + "for i in reversed(range(len(weights))):\n"
        "    d = d * sl(z[i]) * weights[i]; out[i] = d * a[i]\nreturn out",
        factor_2=FLOW + "for i in reversed(range(len(weights))):\n"
        "    d = d * sl(z[i]); out[i] = 2 * d * a[i]; d = d * weights[i]\nreturn out",
        sizes_only=FLOW + "for i in reversed(range(len(weights))):\n"
        "    d = d * sl(z[i]); out[i] = d * a[i]; d = d * weights[i]\nreturn np.abs(out)",
    ),
    "vanishing_gradient.vanishing_ratio": variants(
        "vanishing_ratio(gradients)",
        inverted="abs(gradients[-1]) / abs(gradients[0])",
        signed="gradients[0] / gradients[-1]",
        smallest="np.min(np.abs(gradients)) / np.max(np.abs(gradients)) * 1.01",
        difference="abs(gradients[0] - gradients[-1])",
        second="abs(gradients[1]) / abs(gradients[-1])",
    ),
    "vanishing_gradient.sigmoid_gradient_bound": variants(
        "sigmoid_gradient_bound(depth)",
        product="0.25 * depth",
        one_more="0.25 ** (depth + 1)",
        one_less="0.25 ** (depth - 1)",
        half="0.5 ** depth",
        slope_one="1.0",
        inverted="4.0 ** depth",
        rounded="round(0.25 ** depth, 6)",
    ),
    "activations.sigmoid": variants(
        "sigmoid(z)",
        wrong_sign="1 / (1 + np.exp(z))",
        no_one="1 / np.exp(-z)",
        tanh="np.tanh(z)",
        short_e="1 / (1 + 2.71828 ** -z)",
        clamped="np.clip(1 / (1 + np.exp(-z)), 1e-3, 1 - 1e-3)",
        rounded="np.round(1 / (1 + np.exp(-z)), 4)",
        slope=f"{s('z')} * (1 - {s('z')})",
        softmax="np.exp(z) / np.sum(np.exp(z))",
    ),
    "activations.tanh": variants(
        "tanh(z)",
        shifted=f"2 * {s('z')} - 1",
        swapped="-np.tanh(z)",
        sigmoid=s("z"),
        no_minus="(np.exp(z) + np.exp(-z)) / (np.exp(z) - np.exp(-z))",
        slope="1 - np.tanh(z) ** 2",
    ),
    "activations.tanh_derivative": variants(
        "tanh_derivative(z)",
        not_squared="1 - np.tanh(z)",
        sigmoid_rule="np.tanh(z) * (1 - np.tanh(z))",
        takes_a="1 - np.asarray(z) ** 2",
        plus="1 + np.tanh(z) ** 2",
        is_tanh="np.tanh(z)",
        negated="np.tanh(z) ** 2 - 1",
    ),
    "activations.relu": variants(
        "relu(z)",
        minimum="np.minimum(z, 0)",
        absolute="np.abs(z)",
        step="(np.asarray(z) > 0) * 1.0",
        maximum="np.max(z)",
        clipped="np.clip(z, 0, 1)",
        identity="z",
        if_on_array="z if z > 0 else 0",
    ),
    "activations.leaky_relu": variants(
        "leaky_relu(z, alpha=0.01)",
        wrong_side="np.where(z > 0, alpha * z, z)",
        alpha_itself="np.where(z > 0, z, alpha)",
        sign="np.where(z > 0, z, -alpha * z)",
        ignores_alpha="np.where(z > 0, z, 0.01 * z)",
        plain="np.maximum(z, 0)",
        linear="alpha * z",
    ),
    "activations.leaky_relu_derivative": variants(
        "leaky_relu_derivative(z, alpha=0.01)",
        zero_left="(np.asarray(z) > 0) * 1.0",
        alpha_z="np.where(z > 0, 1.0, alpha * z)",
        z_right="np.where(z > 0, z, alpha)",
        swapped="np.where(z > 0, alpha, 1.0)",
        ignores_alpha="np.where(z > 0, 1.0, 0.01)",
        is_leaky="np.where(z > 0, z, alpha * z)",
    ),
    "activations.softmax": variants(
        "softmax(z)",
        no_exp="z / np.sum(z, axis=-1, keepdims=True)",
        sigmoids=s("z"),
        subtracted_after="e = np.exp(z) - np.max(np.exp(z))\nreturn e / np.sum(e)",
        hard="(z == np.max(z, axis=-1, keepdims=True)) * 1.0",
        twice="f = lambda v: np.exp(v) / np.sum(np.exp(v), axis=-1, keepdims=True)\nreturn f(f(z))",
        not_normalised="np.exp(z - np.max(z, axis=-1, keepdims=True))",
        integers="out = np.zeros(z.shape, int)\nout[...] = np.exp(z) / np.exp(z).sum()\nreturn out",
        axis_one="np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)",
        log="z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))",
    ),
    "activations.predict_class": variants(
        "predict_class(z)",
        probability="np.max(z, axis=-1)",
        smallest="np.argmin(z, axis=-1)",
        one_based="np.argmax(z, axis=-1) + 1",
        sorted="np.argsort(z, axis=-1)",
        one_hot="(z == np.max(z, axis=-1, keepdims=True)) * 1",
        always_zero="0",
    ),
    "activations.collapse_linear_layers": variants(
        "collapse_linear_layers(W1, b1, W2, b2)",
        order="W1.T @ W2.T, W2 @ b1 + b2",
        b1_forgotten="W2 @ W1, b2",
        biases_added="W2 @ W1, np.sum(b1) + b2",
        b2_forgotten="W2 @ W1, W2 @ b1",
        W_only="W2 @ W1",
        swapped="W2 @ b1 + b2, W2 @ W1",
        wrong_product="W1 @ W2, W2 @ b1 + b2",
    ),
}

# Right in the main form, short of a side clause: at least half, and not all.
SIDE: Table = {
    "gradient_descent.cost": variants(
        "cost(w, x, z)",
        one_entry="np.array([np.sum((z - w * x) ** 2) / (2 * len(x))])",
        in_a_list="[np.sum((z - w * x) ** 2) / (2 * len(x))]",
        changes_x="x *= w\nx -= z\nreturn np.sum(x ** 2) / (2 * len(x))",
    ),
    "gradient_descent.predict": variants(
        "predict(w, x)", column="(w * x)[:, None]", changes_x="x *= w\nreturn x"
    ),
    "gradient_descent.descent_direction": variants(
        "descent_direction(slope)",
        no_stop="'left' if slope > 0 else 'right'",
        none_at_zero="if slope > 0: return 'left'\nif slope < 0: return 'right'",
    ),
    "gradient_descent.gradient_descent": variants(
        "gradient_descent(x, z, w0, learning_rate, n_iterations)",
        column=f"{DESCENT}w.append(w[-1] - learning_rate * {GRAD})\nreturn np.array(w)[:, None]",
    ),
    "backpropagation.sigmoid": variants(
        "sigmoid(z)",
        arrays_only="out = np.empty(z.shape)\nout[:] = 1 / (1 + np.exp(-z))\nreturn out",
        changes_z="z = np.asarray(z) if np.ndim(z) == 0 else z\n"
        "if np.ndim(z) == 0: return 1 / (1 + np.exp(-z))\n"
        "z *= -1\nreturn 1 / (1 + np.exp(z))",
        flat="1 / (1 + np.exp(-np.ravel(z)))",
    ),
    "vanishing_gradient.relu_derivative": variants(
        "relu_derivative(z)",
        one_at_zero="np.where(np.asarray(z) >= 0, 1.0, 0.0)",
        half_at_zero="np.where(np.asarray(z) == 0, 0.5, np.asarray(z) > 0)",
    ),
    "vanishing_gradient.forward_chain": variants(
        "forward_chain(x, weights, activation)",
        no_value_error=CHAIN.replace("raise ValueError", "pass")
        + RUN
        + "return np.array(z), np.array(a)",
        other_error=CHAIN.replace("ValueError", "KeyError")
        + RUN
        + "return np.array(z), np.array(a)",
    ),
    "activations.sigmoid": variants("sigmoid(z)", overflows="1 / (1 + np.exp(-z))"),
    "activations.tanh": variants(
        "tanh(z)", overflows="(np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))"
    ),
    "activations.relu": variants(
        "relu(z)",
        changes_z="z = z if np.ndim(z) else np.array(z)\nz[z < 0] = 0\nreturn z",
        arrays_only="out = z.copy()\nout[z < 0] = 0\nreturn out",
    ),
    "activations.leaky_relu": variants(
        "leaky_relu(z, alpha=0.01)", arrays_only="out = z.copy()\nout[z < 0] *= alpha\nreturn out"
    ),
    "activations.leaky_relu_derivative": variants(
        "leaky_relu_derivative(z, alpha=0.01)",
        one_at_zero="np.where(np.asarray(z) >= 0, 1.0, alpha)",
    ),
    "activations.softmax": variants(
        "softmax(z)",
        overflows="np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True)",
        axis_0="e = np.exp(z - np.max(z, axis=0))\nreturn e / np.sum(e, axis=0)",
        whole_batch="e = np.exp(z - np.max(z))\nreturn e / np.sum(e)",
        one_maximum="e = np.exp(z - np.max(z))\nreturn e / np.sum(e, axis=-1, keepdims=True)",
        changes_z="z -= np.max(z, axis=-1, keepdims=True)\n"
        "return np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True)",
        vectors_only="e = [np.exp(v - np.max(z)) for v in z]\nreturn [v / sum(e) for v in e]",
    ),
    "activations.predict_class": variants(
        "predict_class(z)",
        axis_0="np.argmax(z, axis=0)",
        whole_batch="np.argmax(z)",
        floats="np.argmax(z, axis=-1) * 1.0",
    ),
}

MATH = "import math\n"
FLOATS_ONLY: Table = {
    "backpropagation.sigmoid": variants("sigmoid(z)", math="1 / (1 + math.exp(-z))"),
    "vanishing_gradient.sigmoid_derivative": variants(
        "sigmoid_derivative(z)", math="math.exp(-z) / (1 + math.exp(-z)) ** 2"
    ),
    "vanishing_gradient.relu_derivative": variants("relu_derivative(z)", ifs="1 if z > 0 else 0"),
    "activations.sigmoid": variants("sigmoid(z)", math="1 / (1 + math.exp(-z))"),
    "activations.tanh": variants("tanh(z)", math="math.tanh(z)"),
    "activations.tanh_derivative": variants("tanh_derivative(z)", math="1 - math.tanh(z) ** 2"),
    "activations.relu": variants("relu(z)", builtin="max(0.0, z)"),
    "activations.leaky_relu": variants(
        "leaky_relu(z, alpha=0.01)", ifs="z if z > 0 else alpha * z"
    ),
    "activations.leaky_relu_derivative": variants(
        "leaky_relu_derivative(z, alpha=0.01)", ifs="1.0 if z > 0 else alpha"
    ),
}

Scores = dict[tuple[str, str], float]


@pytest.fixture(scope="module")
def share(grade: Callable[..., Result]) -> Callable[[Table], Scores]:
    """Grades a table, one function of each exercise a submission; gives shares of the points."""
    known: dict[int, Scores] = {}

    def graded(table: Table) -> Scores:
        if id(table) not in known:
            known[id(table)] = dict(_shares(table, grade))
        return known[id(table)]

    return graded


def _shares(table: Table, grade: Callable[..., Result]) -> Iterator[tuple[tuple[str, str], float]]:
    for turn in range(max(map(len, table.values()))):
        sources: defaultdict[str, str] = defaultdict(lambda: "import math\nimport numpy as np\n")
        names = {}
        for exercise, wrong in table.items():
            if turn < len(wrong):
                names[exercise] = list(wrong)[turn]
                sources[exercise.partition(".")[0]] += wrong[names[exercise]] + "\n"
        result = grade(**sources)
        assert result.problems == ()
        for graded in result.exercises:
            if graded.id in names:
                # Of the function itself: other wrong ones beside it may be what it follows from.
                earned = sum(c.worth for c in graded.checks if c.passed and not c.followed)
                yield (graded.id, names[graded.id]), earned / sum(c.worth for c in graded.checks)


def cases(table: Table) -> list[Any]:
    return [
        pytest.param((exercise, name), id=f"{exercise.partition('.')[2]}.{name}")
        for exercise, wrong in table.items()
        for name in wrong
    ]


@pytest.mark.parametrize("case", cases(WRONG))
def test_a_wrong_formula_earns_a_quarter_at_most(
    share: Callable[[Table], Scores], case: tuple[str, str]
) -> None:
    assert share(WRONG)[case] <= 0.25


@pytest.mark.parametrize("case", cases(SIDE))
def test_a_missed_side_clause_costs_something_but_less_than_half(
    share: Callable[[Table], Scores], case: tuple[str, str]
) -> None:
    assert 0.5 <= share(SIDE)[case] < 1


@pytest.mark.parametrize("case", cases(FLOATS_ONLY))
def test_a_function_for_plain_numbers_only_earns_a_quarter_at_most(
    share: Callable[[Table], Scores], case: tuple[str, str]
) -> None:
    assert 0 < share(FLOATS_ONLY)[case] <= 0.25


def test_the_exercises_here_are_of_the_course(course: Course) -> None:
    assert set(WRONG) <= set(course.exercises)
    assert all(len(wrong) >= 5 for wrong in WRONG.values())

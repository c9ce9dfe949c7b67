"""A second judge of the graders' sharpness: learners' mistakes, one clause at a time.

Written from the contract and the list of learners' mistakes alone, beside `test_wrong_functions`:
mistakes in other shapes (loops, sizes without signs, what only the lesson's own figures forgive),
every side clause broken in every exercise that has it, and all of it under many seeds.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from autograder.course import Course
from autograder.examiner import Examiner
from autograder.results import ExerciseResult, Result, Source
from autograder.submissions import Chunk, Submission
from tests.places import POINTS
from tests.seeds import PROVE, SEED

Grade = Callable[..., Result]
Table = dict[str, dict[str, str]]  # Exercise, name of the mistake, source text.
Case = tuple[str, str]

# What a wrong function may build on, so that it is wrong in one thing only.
HELPERS = {
    "gradient_descent": """
import math
import warnings
import numpy as np
def _slope(w, x, z): return float(np.mean(x * (w * x - z)))
def _walk(x, z, w, rate, n):
    out = [w]
    for _ in range(n): out.append(out[-1] - rate * _slope(out[-1], x, z))
    return out
""",
    "backpropagation": """
import math
import warnings
import numpy as np
def _s(z): return 1 / (1 + np.exp(-z))
def _f(x, w1, b1, w2, b2):
    z1 = w1 * x + b1
    z2 = w2 * _s(z1) + b2
    return z1, _s(z1), z2, _s(z2)
def _d2(t, a2): return (a2 - t) * a2 * (1 - a2)
def _b(x, t, w1, b1, w2, b2):
    _, a1, _, a2 = _f(x, w1, b1, w2, b2)
    d2 = _d2(t, a2)
    d1 = d2 * w2 * a1 * (1 - a1)
    return d1 * x, d1, d2 * a1, d2
def _step(p, g, r): return tuple(a - r * b for a, b in zip(p, g))
def _train(x, t, p, r, n, tol):
    errors = []
    for _ in range(n):
        errors.append((t - _f(x, *p)[3]) ** 2 / 2)
        if errors[-1] < tol: break
        p = _step(p, _b(x, t, *p), r)
    return tuple(p), np.array(errors)
""",
    "vanishing_gradient": """
import math
import warnings
import numpy as np
def _s(z): return 1 / (1 + np.exp(-z))
def _relu(z): return np.maximum(z, 0.0)
def _ds(z): return _s(z) * (1 - _s(z))
def _dr(z): return 1.0 * (z > 0)
def _check(name):
    if name not in ("sigmoid", "relu"): raise ValueError(name)
def _g(name, sigmoid=_s, relu=_relu):
    _check(name)
    return sigmoid if name == "sigmoid" else relu
def _dg(name, sigmoid=_ds, relu=_dr):
    _check(name)
    return sigmoid if name == "sigmoid" else relu
def _chain(x, weights, g):
    z, a = [], [x]
    for w in weights:
        z.append(float(w * a[-1]))
        a.append(float(g(z[-1])))
    return np.array(z), np.array(a)
def _flow(x, t, weights, g, dg, start=lambda a, t: a - t):
    z, a = _chain(x, weights, g)
    d, out = start(a[-1], t), np.zeros(len(weights))
    for i in range(len(weights) - 1, -1, -1):
        d = d * dg(z[i])
        out[i] = d * a[i]
        d = d * weights[i]
    return out
""",
    "activations": """
import math
import warnings
import numpy as np
def _sigmoid(z): return np.exp(-np.logaddexp(0.0, -np.asarray(z, float)))
def _softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
""",
}

# One right way for every exercise, none of which calls another, to be spoiled in a side clause.
RIGHT = {
    "gradient_descent.predict": "w, x: w * x",
    "gradient_descent.cost": "w, x, z: float(np.mean((z - w * x) ** 2) / 2)",
    "gradient_descent.sum_squared_error": "w, x, z: float(np.sum((z - w * x) ** 2))",
    "gradient_descent.cost_gradient": "w, x, z: _slope(w, x, z)",
    "gradient_descent.descent_direction": "s: 'left' if s > 0 else 'right' if s < 0 else 'stop'",
    "gradient_descent.update_weight": "w, g, r: w - r * g",
    "gradient_descent.gradient_descent": "x, z, w, r, n: np.array(_walk(x, z, w, r, n))",
    "gradient_descent.max_stable_learning_rate": "x: float(2 / np.mean(x**2))",
    "backpropagation.weighted_sum": "x, w, b: w * x + b",
    "backpropagation.sigmoid": "z: _s(z)",
    "backpropagation.forward": "x, w1, b1, w2, b2: _f(x, w1, b1, w2, b2)",
    "backpropagation.error": "t, a: (t - a) ** 2 / 2",
    "backpropagation.error_slope": "t, a: a - t",
    "backpropagation.sigmoid_slope": "a: a * (1 - a)",
    "backpropagation.gradient_w2": "t, a1, a2: _d2(t, a2) * a1",
    "backpropagation.gradient_b2": "t, a2: _d2(t, a2)",
    "backpropagation.gradient_w1": "x, t, a1, w2, a2: _d2(t, a2) * w2 * a1 * (1 - a1) * x",
    "backpropagation.gradient_b1": "t, a1, w2, a2: _d2(t, a2) * w2 * a1 * (1 - a1)",
    "backpropagation.backward": "x, t, w1, b1, w2, b2: _b(x, t, w1, b1, w2, b2)",
    "backpropagation.update_parameters": "p, g, r: _step(p, g, r)",
    "backpropagation.train": "x, t, w1, b1, w2, b2, r, n, e: _train(x, t, (w1, b1, w2, b2), r, "
    "n, e)",
    "vanishing_gradient.sigmoid_derivative": "z: _ds(z)",
    "vanishing_gradient.relu_derivative": "z: _dr(z)",
    "vanishing_gradient.forward_chain": "x, w, k: _chain(x, w, _g(k))",
    "vanishing_gradient.layer_gradients": "x, t, w, k: _flow(x, t, w, _g(k), _dg(k))",
    "vanishing_gradient.vanishing_ratio": "g: float(abs(g[0]) / abs(g[-1]))",
    "vanishing_gradient.sigmoid_gradient_bound": "n: 0.25**n",
    "activations.sigmoid": "z: _sigmoid(z)",
    "activations.tanh": "z: np.tanh(z)",
    "activations.tanh_derivative": "z: 1 - np.tanh(z) ** 2",
    "activations.relu": "z: np.maximum(z, 0.0)",
    "activations.leaky_relu": "z, alpha=0.01: np.where(z > 0, z, alpha * z)",
    "activations.leaky_relu_derivative": "z, alpha=0.01: np.where(z > 0, 1.0, alpha)",
    "activations.softmax": "z: _softmax(z)",
    "activations.predict_class": "z: np.argmax(z, axis=-1)",
    "activations.collapse_linear_layers": "W1, b1, W2, b2: (W2 @ W1, W2 @ b1 + b2)",
}


def written(exercise: str, parameters: str, **bodies: str) -> dict[str, dict[str, str]]:
    """Returns wrong functions of an exercise from their bodies: an expression, or statements."""
    head = f"def {exercise.partition('.')[2]}({parameters}):\n    "
    return {
        exercise: {
            name: head
            + (body if "return" in body or "print" in body else f"return {body}").replace(
                "\n", "\n    "
            )
            for name, body in bodies.items()
        }
    }


XZ = "w, x, z"
NET = "x, target, w1, b1, w2, b2"
TRAIN = f"{NET}, learning_rate, max_epochs, tolerance"
START = "p, errors = (w1, b1, w2, b2), []\nfor epoch in range(max_epochs):\n"
RECORD = "    errors.append((target - _f(x, *p)[3]) ** 2 / 2)\n"
STOP = "    if errors[-1] < tolerance: break\n"
MOVE = "    p = _step(p, _b(x, target, *p), learning_rate)\n"
DONE = "return p, np.array(errors)"
DESCENT = "x, z, w0, learning_rate, n_iterations"

# Wrong in the main form: a quarter at most.
WRONG: Table = {
    **written(
        "gradient_descent.predict",
        "w, x",
        ignores_w="x",
        power="np.abs(w) ** x",
        magnitude="np.abs(w * x)",
        skips_first="(w * x)[1:]",
        skips_last="(w * x)[:-1]",
        with_a_bias="w * x + 1",
        table="np.outer(x, x) * w",
        mean="np.full(len(x), w * np.mean(x))",
        whole_numbers="(w * x).astype(int)",
        printed="print(w * x)",
    ),
    **written(
        "gradient_descent.cost",
        XZ,
        half_inside_the_square="np.mean((0.5 * (z - w * x)) ** 2)",
        doubled="np.mean((z - w * x) ** 2) * 2",
        first_point_left_out="sum((z[i] - w * x[i]) ** 2 for i in range(1, len(x))) / 2 / len(x)",
        last_point_left_out="sum((z[i] - w * x[i]) ** 2 for i in range(len(x) - 1)) / 2 / len(x)",
        variance="np.var(z - w * x) / 2",
        sample_variance="np.sum((z - w * x) ** 2) / (2 * len(x) - 1)",
        median="np.median((z - w * x) ** 2) / 2",
        largest="np.max((z - w * x) ** 2) / 2",
        cubed="np.mean(np.abs(z - w * x) ** 3) / 2",
        difference_of_squares="np.mean(z**2 - (w * x) ** 2) / 2",
        precedence_of_m="np.sum((z - w * x) ** 2) / 2 * len(x)",
        half_is_zero="1 // 2 * np.mean((z - w * x) ** 2)",
        only_the_last="t = 0\nfor a, b in zip(x, z): t = (b - w * a) ** 2\nreturn t / (2 * len(x))",
        inside_the_loop="t = 0\nfor a, b in zip(x, z):\n    t += (b - w * a) ** 2\n"
        "    return t / (2 * len(x))",
        table_of_differences="np.mean((z.reshape(-1, 1) - w * x) ** 2) / 2",
        w_fixed_at_2="np.mean((z - 2 * x) ** 2) / 2",
        swapped="np.mean((x - w * z) ** 2) / 2",
        running="np.cumsum((z - w * x) ** 2) / (2 * len(x))",
        text="return str(np.mean((z - w * x) ** 2) / 2)",
        two_decimals="round(float(np.mean((z - w * x) ** 2) / 2), 2)",
    ),
    **written(
        "gradient_descent.sum_squared_error",
        XZ,
        scaled_down="np.sum((z - w * x) ** 2) / (2 * len(x))",
        root="np.sqrt(np.sum((z - w * x) ** 2))",
        about_the_mean="np.var(z - w * x) * len(x)",
        not_squared="np.sum(z - w * x)",
        ignores_w="np.sum((z - x) ** 2)",
        five_points="np.mean((z - w * x) ** 2) * 5",
        first_left_out="sum((b - w * a) ** 2 for a, b in zip(x[1:], z[1:]))",
    ),
    **written(
        "gradient_descent.cost_gradient",
        XZ,
        other_sign_and_2="2 * np.mean(x * (z - w * x))",
        covariance="-np.mean((x - np.mean(x)) * (z - w * x))",
        absolute="np.abs(np.mean(x * (w * x - z)))",
        sign_only="np.sign(np.mean(x * (w * x - z)))",
        error_only="np.mean(w * x - z)",
        squared_x="np.mean(x**2 * (w * x - z))",
        size_of_x="np.mean(np.abs(x) * (w * x - z))",
        one_point="x[0] * (w * x[0] - z[0])",
        divided_twice="np.mean(x * (w * x - z)) / len(x)",
        half_m="np.sum(x * (w * x - z)) / (2 * len(x))",
        times_w="w * np.mean(x * (w * x - z))",
        without_z="np.mean(x * (w * x))",
        inside_the_loop="t = 0\nfor a, b in zip(x, z):\n    t += a * (w * a - b)\n"
        "    return t / len(x)",
        coarse_difference="J = lambda v: np.mean((z - v * x) ** 2) / 2\n"
        "return (J(w + 0.01) - J(w)) / 0.01",
    ),
    **written(
        "gradient_descent.descent_direction",
        "slope",
        uphill="'right' if slope > 0 else 'left' if slope < 0 else 'stop'",
        by_number="np.sign(slope)",
        always_stop="'stop'",
        with_a_dot="('left' if slope > 0 else 'right' if slope < 0 else 'stop') + '.'",
        first_letters="'l' if slope > 0 else 'r' if slope < 0 else 's'",
        bytes="b'left' if slope > 0 else b'right' if slope < 0 else b'stop'",
        in_a_list="['left' if slope > 0 else 'right' if slope < 0 else 'stop']",
        slope_of_1_is_flat="'left' if slope > 1 else 'right' if slope < -1 else 'stop'",
    ),
    **written(
        "gradient_descent.update_weight",
        "w, gradient, learning_rate",
        uphill="w + gradient * learning_rate",
        half_a_step="w - learning_rate * gradient / 2",
        weight_decays="w - learning_rate * gradient * w",
        from_zero="-learning_rate * gradient",
        absolute="w - learning_rate * abs(gradient)",
        squared="w - learning_rate * gradient**2",
        clipped="w - learning_rate * np.clip(gradient, -1, 1)",
        rate_of_the_lesson="w - 0.4 * gradient",
        returns_nothing="w = w - learning_rate * gradient\nreturn",
    ),
    **written(
        "gradient_descent.gradient_descent",
        DESCENT,
        factor_2="_walk(x, z, w0, 2 * learning_rate, n_iterations)",
        stops_when_close="w = _walk(x, z, w0, learning_rate, n_iterations)\n"
        "return [v for i, v in enumerate(w) if i == 0 or abs(v - w[i - 1]) > 1e-3]",
        first_two="_walk(x, z, w0, learning_rate, n_iterations)[:2]",
        from_zero="_walk(x, z, 0.0, learning_rate, n_iterations)",
        rate_of_the_lesson="_walk(x, z, w0, 0.4, n_iterations)",
        four_steps="_walk(x, z, w0, learning_rate, 4)",
        start_left_out="_walk(x, z, w0, learning_rate, n_iterations)[1:]",
        backwards="_walk(x, z, w0, learning_rate, n_iterations)[::-1]",
        one_point_at_a_time="out = [w0]\nfor i in range(n_iterations):\n    k = i % len(x)\n"
        "    out.append(out[-1] - learning_rate * x[k] * (out[-1] * x[k] - z[k]))\nreturn out",
        decaying_rate="out = [w0]\nfor i in range(n_iterations):\n"
        "    out.append(out[-1] - learning_rate / (1 + i) * _slope(out[-1], x, z))\nreturn out",
        gradients="[_slope(w, x, z) for w in _walk(x, z, w0, learning_rate, n_iterations)]",
        pair="w = _walk(x, z, w0, learning_rate, n_iterations)\n"
        "return w, [_slope(v, x, z) for v in w]",
        same_list_twice="w = _walk(x, z, w0, learning_rate, n_iterations)\nreturn [w[-1]] * len(w)",
    ),
    **written(
        "gradient_descent.max_stable_learning_rate",
        "x",
        variance="2 / np.var(x)",
        root="2 / np.sqrt(np.mean(x**2))",
        half="0.5 / np.mean(x**2)",
        one_over="1 / np.mean(x**2)",
        of_sizes="2 / np.mean(np.abs(x))",
        mean_of_inverse="np.mean(2 / np.where(x == 0, 1, x) ** 2)",
        five_points="10 / np.sum(x**2)",
        negative="-2 / np.mean(x**2)",
    ),
    **written(
        "backpropagation.weighted_sum",
        "x, w, b",
        bias_times_x="(w + b) * x",
        product="x * w * b",
        sum="x + w + b",
        bias_off="w * x - b",
        size="abs(w * x + b)",
        pair="w * x, b",
    ),
    **written(
        "backpropagation.sigmoid",
        "z",
        half_precision_e="1 / (1 + 2.71828 ** (-z))",
        sign_of_z="1 / (1 + np.exp(-np.abs(z)))",
        two_in_front="2 / (1 + np.exp(-z))",
        exp_over="np.exp(z) / (1 - np.exp(z))",
        linear="np.clip(0.25 * z + 0.5, 0, 1)",
        softsign="0.5 + 0.5 * z / (1 + np.abs(z))",
        clipped_at_6="_s(np.clip(z, -6, 6))",
        arctan="0.5 + np.arctan(z) / np.pi",
        single_precision_rounding="np.round(_s(z), 6)",
        probabilities="np.exp(z) / np.sum(np.exp(z))",
        pair="_s(z), _s(z) * (1 - _s(z))",
    ),
    **written(
        "backpropagation.forward",
        "x, w1, b1, w2, b2",
        one_neuron="_f(x, w1, b1, w2, b2)[:2]",
        squashed_first="a = _s(w1 * x) + b1\nreturn w1 * x, a, w2 * a, _s(w2 * a) + b2",
        bias_multiplied="z1 = w1 * x * b1\na1 = _s(z1)\nz2 = w2 * a1 * b2\n"
        "return z1, a1, z2, _s(z2)",
        weights_swapped="_f(x, w2, b1, w1, b2)",
        biases_swapped="_f(x, w1, b2, w2, b1)",
        second_bias_twice="z1, a1, z2, _ = _f(x, w1, b1, w2, b2)\nreturn z1, a1, z2, _s(z2 + b2)",
        same_neuron_twice="_f(x, w1, b1, w1, b1)",
        tanh="z1 = w1 * x + b1\nz2 = w2 * np.tanh(z1) + b2\n"
        "return z1, np.tanh(z1), z2, np.tanh(z2)",
        activations_first="z1, a1, z2, a2 = _f(x, w1, b1, w2, b2)\nreturn a1, z1, a2, z2",
        dictionary="z1, a1, z2, a2 = _f(x, w1, b1, w2, b2)\n"
        "return {'z1': z1, 'a1': a1, 'z2': z2, 'a2': a2}",
        last_sum_squashed_twice="z1, a1, z2, a2 = _f(x, w1, b1, w2, b2)\nreturn z1, a1, z2, _s(a2)",
        three_decimals="tuple(np.round(_f(x, w1, b1, w2, b2), 3))",
    ),
    **written(
        "backpropagation.error",
        "target, a2",
        plain_square="(target - a2) ** 2",
        quarter="(0.5 * (a2 - target)) ** 2",
        size="abs(a2 - target) / 2",
        squares_apart="0.5 * (a2**2 - target**2)",
        precedence="0.5 * target - a2**2",
        log_loss="-(target * np.log(a2) + (1 - target) * np.log(abs(1 - a2)))",
        caret="int(target - a2) ^ 2",
        negative="-((target - a2) ** 2) / 2",
        sum="0.5 * (target + a2) ** 2",
    ),
    **written(
        "backpropagation.error_slope",
        "target, a2",
        other_way="target - a2",
        doubled="2 * (a2 - target)",
        size="np.abs(a2 - target)",
        direction="np.sign(a2 - target)",
        through_the_neuron="_d2(target, a2)",
        half="(a2 - target) / 2",
        for_log_loss="(a2 - target) / (a2 * (1 - a2))",
    ),
    **written(
        "backpropagation.sigmoid_slope",
        "a",
        squashed_again="_s(a) * (1 - _s(a))",
        of_tanh="1 - a**2",
        activation_only="a",
        square="a**2",
        inverted="1 / (a * (1 - a))",
        a_quarter="np.full(np.shape(a), 0.25)",
        precedence="a * 1 - a",
        plus="a * (1 + a)",
    ),
    **written(
        "backpropagation.gradient_w2",
        "target, a1, a2",
        other_sign="-_d2(target, a2) * a1",
        size="abs(_d2(target, a2) * a1)",
        of_log_loss="(a2 - target) * a1",
        slope_of_a1="(a2 - target) * a1 * (1 - a1) * a1",
        both_slopes="_d2(target, a2) * a1 * (1 - a1)",
        squashed_again="(a2 - target) * _s(a2) * (1 - _s(a2)) * a1",
        no_input="_d2(target, a2)",
        output_for_input="_d2(target, a2) * a2",
        precedence="(a2 - target) * a2 * 1 - a2 * a1",
        error_itself="(target - a2) ** 2 / 2 * a2 * (1 - a2) * a1",
        half="_d2(target, a2) * a1 / 2",
        a2_twice="(a2 - target) * a2 * a2 * a1",
        swapped_difference="(a2 - a1) * a2 * (1 - a2) * target",
        added="(a2 - target) + a2 * (1 - a2) * a1",
    ),
    **written(
        "backpropagation.gradient_b2",
        "target, a2",
        other_sign="(target - a2) * a2 * (1 - a2)",
        size="abs(_d2(target, a2))",
        always_1="1.0",
        of_log_loss="a2 - target",
        slope_only="a2 * (1 - a2)",
        squashed_again="(a2 - target) * _s(a2) * (1 - _s(a2))",
        doubled="2 * _d2(target, a2)",
        plus="(a2 - target) * a2 * (1 + a2)",
        error_itself="(target - a2) ** 2 / 2 * a2 * (1 - a2)",
    ),
    **written(
        "backpropagation.gradient_w1",
        "x, target, a1, w2, a2",
        other_sign="-_d2(target, a2) * w2 * a1 * (1 - a1) * x",
        size="abs(_d2(target, a2) * w2 * a1 * (1 - a1) * x)",
        size_of_x="_d2(target, a2) * w2 * a1 * (1 - a1) * abs(x)",
        size_of_w2="_d2(target, a2) * abs(w2) * a1 * (1 - a1) * x",
        of_log_loss="(a2 - target) * w2 * a1 * (1 - a1) * x",
        w2_left_out="_d2(target, a2) * a1 * (1 - a1) * x",
        w2_updated="w = w2 - 0.5 * _d2(target, a2) * a1\n"
        "return _d2(target, a2) * w * a1 * (1 - a1) * x",
        gradient_for_w2="_d2(target, a2) ** 2 * a1 * a1 * (1 - a1) * x",
        own_slope_left_out="_d2(target, a2) * w2 * x",
        second_slope_twice="_d2(target, a2) * w2 * a2 * (1 - a2) * x",
        activation_for_slope="_d2(target, a2) * w2 * a1 * x",
        squashed_again="_d2(target, a2) * w2 * _s(a1) * (1 - _s(a1)) * x",
        no_input="_d2(target, a2) * w2 * a1 * (1 - a1)",
        a1_for_x="_d2(target, a2) * w2 * a1 * (1 - a1) * a1",
        links_added="_d2(target, a2) + w2 * a1 * (1 - a1) * x",
        as_second_layer="_d2(target, a2) * x",
        squared_x="_d2(target, a2) * w2 * a1 * (1 - a1) * x * x",
        four_decimals="round(_d2(target, a2) * w2 * a1 * (1 - a1) * x, 4)",
    ),
    **written(
        "backpropagation.gradient_b1",
        "target, a1, w2, a2",
        other_sign="-_d2(target, a2) * w2 * a1 * (1 - a1)",
        size="abs(_d2(target, a2) * w2 * a1 * (1 - a1))",
        size_of_w2="_d2(target, a2) * abs(w2) * a1 * (1 - a1)",
        as_second_bias="_d2(target, a2)",
        slope_left_out="_d2(target, a2) * w2",
        second_slope_left_out="(a2 - target) * w2 * a1 * (1 - a1)",
        w2_left_out="_d2(target, a2) * a1 * (1 - a1)",
        times_a1="_d2(target, a2) * w2 * a1 * a1 * (1 - a1)",
        always_1="1.0",
        doubled="2 * _d2(target, a2) * w2 * a1 * (1 - a1)",
    ),
    **written(
        "backpropagation.backward",
        NET,
        second_layer_first=f"g = _b({NET})\nreturn g[2], g[3], g[0], g[1]",
        weights_then_biases=f"g = _b({NET})\nreturn g[0], g[2], g[1], g[3]",
        sizes=f"tuple(np.abs(_b({NET})))",
        other_sign=f"tuple(-v for v in _b({NET}))",
        one_gradient_for_both_biases=f"g = _b({NET})\nreturn g[0], g[3], g[2], g[3]",
        biases_frozen=f"g = _b({NET})\nreturn g[0], 0.0, g[2], 0.0",
        biases_of_1=f"g = _b({NET})\nreturn g[0], 1.0, g[2], 1.0",
        only_weights=f"g = _b({NET})\nreturn g[0], g[2]",
        w1_for_w2="_, a1, _, a2 = _f(x, w1, b1, w2, b2)\nd2 = _d2(target, a2)\n"
        "d1 = d2 * w1 * a1 * (1 - a1)\nreturn d1 * x, d1, d2 * a1, d2",
        new_w2="_, a1, _, a2 = _f(x, w1, b1, w2, b2)\nd2 = _d2(target, a2)\n"
        "d1 = d2 * (w2 - 0.1 * d2 * a1) * a1 * (1 - a1)\nreturn d1 * x, d1, d2 * a1, d2",
        z_for_a="z1, a1, z2, a2 = _f(x, w1, b1, w2, b2)\nd2 = (a2 - target) * z2 * (1 - z2)\n"
        "d1 = d2 * w2 * z1 * (1 - z1)\nreturn d1 * x, d1, d2 * a1, d2",
        stepped=f"_step((w1, b1, w2, b2), _b({NET}), 0.5)",
    ),
    **written(
        "backpropagation.update_parameters",
        "parameters, gradients, learning_rate",
        uphill="[p + learning_rate * g for p, g in zip(parameters, gradients)]",
        no_rate="[p - g for p, g in zip(parameters, gradients)]",
        rate_of_the_lesson="[p - 0.5 * g for p, g in zip(parameters, gradients)]",
        in_reverse="[p - learning_rate * g for p, g in zip(parameters, gradients[::-1])]",
        only_first_two="[p - learning_rate * g for p, g in zip(parameters, gradients)][:2]",
        sizes="[p - learning_rate * abs(g) for p, g in zip(parameters, gradients)]",
        mean_gradient="[p - learning_rate * np.mean(gradients) for p in parameters]",
        multiplied="[p * (1 - learning_rate * g) for p, g in zip(parameters, gradients)]",
        unchanged="parameters",
        one_number="sum(p - learning_rate * g for p, g in zip(parameters, gradients))",
    ),
    **written(
        "backpropagation.train",
        TRAIN,
        uphill=START + RECORD + STOP + MOVE.replace("learning_rate", "-learning_rate") + DONE,
        rate_of_the_lesson=START + RECORD + STOP + MOVE.replace("learning_rate", "0.5") + DONE,
        forward_not_rerun="a = _f(x, w1, b1, w2, b2)[3]\n"
        + START
        + RECORD.replace("_f(x, *p)[3]", "a")
        + STOP
        + MOVE
        + DONE,
        recorded_after=START + MOVE + RECORD + STOP + DONE,
        starts_again=START
        + RECORD
        + STOP
        + MOVE.replace("= _step(p", "= _step((w1, b1, w2, b2)")
        + DONE,
        gradients_once="g = _b(x, target, w1, b1, w2, b2)\n"
        + START
        + RECORD
        + STOP
        + MOVE.replace("_b(x, target, *p)", "g")
        + DONE,
        gradients_pile_up="g = np.zeros(4)\n"
        + START
        + RECORD
        + STOP
        + "    g = g + np.array(_b(x, target, *p))\n    p = _step(p, g, learning_rate)\n"
        + DONE,
        only_second_layer=START
        + RECORD
        + STOP
        + "    p = p[:2] + _step(p, _b(x, target, *p), learning_rate)[2:]\n"
        + DONE,
        one_parameter_after_another=START
        + RECORD
        + STOP
        + "    for i in (2, 3, 0, 1):\n        q = list(p)\n"
        "        q[i] -= learning_rate * _b(x, target, *p)[i]\n        p = tuple(q)\n" + DONE,
        one_epoch_only=START + RECORD + STOP + MOVE + "    " + DONE,
        last_error_only=START + RECORD + STOP + MOVE + "return p, errors[-1:]",
        stops_above=START + RECORD + STOP.replace("<", ">") + MOVE + DONE,
        errors_without_half=START + RECORD.replace(" / 2", "") + STOP + MOVE + DONE,
        errors_first=START + RECORD + STOP + MOVE + "return np.array(errors), p",
        predictions=START + "    errors.append(_f(x, *p)[3])\n" + MOVE + DONE,
    ),
    **written(
        "vanishing_gradient.sigmoid_derivative",
        "z",
        takes_activations="z * (1 - z)",
        tanh_rule="1 - _s(z) ** 2",
        squashed_twice="_s(_s(z)) * (1 - _s(_s(z)))",
        other_sign="_s(z) * (_s(z) - 1)",
        square="_s(z) ** 2",
        of_the_error="np.exp(-z**2) / 4",
        e_only="np.exp(-z) / (1 + np.exp(-z))",
        no_square="np.exp(-z) / (1 + np.exp(-2 * z))",
        always_a_quarter="0.25 + 0 * z",
        three_decimals="np.round(_ds(z), 3)",
    ),
    **written(
        "vanishing_gradient.relu_derivative",
        "z",
        all_ones="np.ones_like(z)",
        relu_itself="_relu(z)",
        signs="np.sign(z)",
        left_is_1="1.0 * (z < 0)",
        leaky="np.where(z > 0, 1.0, 0.01)",
        left_is_minus_1="np.where(z > 0, 1.0, -1.0)",
        above_1="1.0 * (z >= 1)",
        smooth="_s(z)",
        any_positive="1.0 * np.any(z > 0)",
    ),
    **written(
        "vanishing_gradient.forward_chain",
        "x, weights, activation",
        relu_lets_all_through="_chain(x, weights, _g(activation, relu=lambda v: v))",
        relu_takes_sizes="_chain(x, weights, _g(activation, relu=abs))",
        relu_leaks="_chain(x, weights, _g(activation, relu=lambda v: v if v > 0 else 0.01 * v))",
        relu_steps="_chain(x, weights, _g(activation, relu=_dr))",
        relu_capped="_chain(x, weights, _g(activation, relu=lambda v: min(max(v, 0), 1)))",
        sigmoid_is_tanh="_chain(x, weights, _g(activation, sigmoid=np.tanh))",
        first_weight_for_all="_chain(x, np.full(len(weights), weights[0]), _g(activation))",
        weights_reversed="_chain(x, weights[::-1], _g(activation))",
        weights_added="z, a = [], [x]\nfor w in weights:\n    z.append(w + a[-1])\n"
        "    a.append(_g(activation)(z[-1]))\nreturn z, a",
        input_squashed="z, a = _chain(_g(activation)(x), weights, _g(activation))\nreturn z, a",
        activations_only="_chain(x, weights, _g(activation))[1]",
        input_left_out="z, a = _chain(x, weights, _g(activation))\nreturn z, a[1:]",
        last_layer_linear="z, a = _chain(x, weights, _g(activation))\na[-1] = z[-1]\nreturn z, a",
        one_layer="_chain(x, weights[:1], _g(activation))",
    ),
    **written(
        "vanishing_gradient.layer_gradients",
        "x, target, weights, activation",
        error_without_sign="_flow(x, target, weights, _g(activation), _dg(activation), "
        "lambda a, t: abs(a - t))",
        other_sign="_flow(x, target, weights, _g(activation), _dg(activation), lambda a, t: t - a)",
        from_the_error="_flow(x, target, weights, _g(activation), _dg(activation), "
        "lambda a, t: (a - t) ** 2 / 2)",
        target_left_out="_flow(x, target, weights, _g(activation), _dg(activation), "
        "lambda a, t: a)",
        relu_lets_all_through="_flow(x, target, weights, _g(activation, relu=lambda v: v), "
        "_dg(activation, relu=lambda v: 1.0))",
        relu_slope_always_1="_flow(x, target, weights, _g(activation), "
        "_dg(activation, relu=lambda v: 1.0))",
        relu_slope_leaks="_flow(x, target, weights, _g(activation, relu=lambda v: "
        "v if v > 0 else 0.01 * v), _dg(activation, relu=lambda v: 1.0 if v > 0 else 0.01))",
        relu_slope_of_sigmoid="_flow(x, target, weights, _g(activation), "
        "_dg(activation, relu=_ds))",
        slope_at_most_1="_flow(x, target, weights, _g(activation), "
        "_dg(activation, sigmoid=lambda v: 4 * _ds(v)))",
        slope_always_a_quarter="_flow(x, target, weights, _g(activation), "
        "_dg(activation, sigmoid=lambda v: 0.25))",
        activation_for_slope="_flow(x, target, weights, _g(activation), "
        "_dg(activation, sigmoid=_s, relu=_relu))",
        squashed_again="_flow(x, target, weights, _g(activation), "
        "_dg(activation, sigmoid=lambda v: _ds(_s(v))))",
        sizes="np.abs(_flow(x, target, weights, _g(activation), _dg(activation)))",
        last_layer_first="_flow(x, target, weights, _g(activation), _dg(activation))[::-1]",
        weights_left_out="z, a = _chain(x, weights, _g(activation))\n"
        "s = _dg(activation)(z)\n"
        "return (a[-1] - target) * np.cumprod(s[::-1])[::-1] * a[:-1]",
        own_weight_too="_flow(x, target, weights, _g(activation), _dg(activation)) * weights",
        slopes_added="z, a = _chain(x, weights, _g(activation))\ns = _dg(activation)(z)\n"
        "return (a[-1] - target) * np.cumsum(s[::-1])[::-1] * a[:-1]",
        no_inputs="z, a = _chain(x, weights, _g(activation))\n"
        "return _flow(x, target, weights, _g(activation), _dg(activation)) / a[:-1]",
        last_only="_flow(x, target, weights, _g(activation), _dg(activation))[-1]",
    ),
    **written(
        "vanishing_gradient.vanishing_ratio",
        "gradients",
        upside_down="abs(gradients[-1] / gradients[0])",
        with_sign="gradients[0] / gradients[-1]",
        smallest_to_last="np.min(np.abs(gradients)) / abs(gradients[-1])",
        first_to_largest="abs(gradients[0]) / np.max(np.abs(gradients))",
        smallest_to_largest="np.min(np.abs(gradients)) / np.max(np.abs(gradients))",
        first_to_second="abs(gradients[0] / gradients[1])",
        third_is_last="abs(gradients[0] / gradients[min(2, len(gradients) - 1)])",
        first_to_all="abs(gradients[0]) / np.sum(np.abs(gradients))",
        difference="abs(gradients[-1]) - abs(gradients[0])",
        average_fall="abs(gradients[0] / gradients[-1]) ** (1 / len(gradients))",
    ),
    **written(
        "vanishing_gradient.sigmoid_gradient_bound",
        "depth",
        product="0.25 * depth",
        other_way_round="depth**0.25",
        at_least_one_layer="0.25 ** max(depth - 1, 1)",
        one_off="0.25 ** (depth + 1)",
        halves="0.5**depth",
        of_tanh="1.0**depth",
        eight_decimals="round(0.25**depth, 8)",
        divided="1 / (4 * depth) if depth else 1.0",
        inverted="4.0**depth",
        not_below="max(0.25**depth, 1e-3)",
        gives_up_beyond_10="0.25**depth if depth <= 5 else 0.0",
    ),
    **written(
        "activations.sigmoid",
        "z",
        too_few_digits="1 / (1 + 2.718 ** -np.asarray(z))",
        sign_of_z="_sigmoid(np.abs(z))",
        flipped="1 - _sigmoid(z)",
        hard="np.clip(0.2 * np.asarray(z) + 0.5, 0, 1)",
        shifted_tanh="np.tanh(z) / 2 + 0.5",
        clipped_at_5="_sigmoid(np.clip(z, -5, 5))",
        as_probabilities="_softmax(np.atleast_1d(z))",
        whole_numbers="_sigmoid(z).astype(int)",
        four_decimals="np.round(_sigmoid(z), 4)",
        slope="_sigmoid(z) * (1 - _sigmoid(z))",
        one_less="_sigmoid(z) - 1",
    ),
    **written(
        "activations.tanh",
        "z",
        twice_sigmoid_less_1="2 * _sigmoid(z) - 1",
        of_sizes="np.tanh(np.abs(z))",
        half="np.tanh(np.asarray(z) / 2)",
        clipped_answer="np.clip(np.tanh(z), -0.99, 0.99)",
        hard="np.clip(z, -1, 1)",
        other_sign="np.tanh(-np.asarray(z))",
        tangent="np.tan(z)",
        arctangent="np.arctan(z)",
        sinh="np.sinh(np.clip(z, -1e2, 1e2))",
        softsign="z / (1 + np.abs(z))",
    ),
    **written(
        "activations.tanh_derivative",
        "z",
        takes_activations="1 - np.asarray(z) ** 2",
        not_squared="1 - np.tanh(z)",
        sigmoid_rule="np.tanh(z) * (1 - np.tanh(z))",
        squashed_twice="1 - np.tanh(np.tanh(z)) ** 2",
        double="1 - np.tanh(2 * z) ** 2",
        other_sign="np.tanh(z) ** 2 - 1",
        square="(1 - np.tanh(z)) ** 2",
        of_sigmoid="_sigmoid(z) * (1 - _sigmoid(z))",
        plus="1 + np.tanh(z) ** 2",
    ),
    **written(
        "activations.relu",
        "z",
        lets_all_through="z",
        size="np.abs(z)",
        least="np.minimum(0, z)",
        step="np.heaviside(z, 0.0)",
        capped_at_6="np.clip(z, 0, 6)",
        leaky="np.where(z > 0, z, 0.01 * z)",
        largest="np.max(z)",
        only_positive="z[z > 0]",
        above_1="np.where(z > 1, z, 0.0)",
        smooth="np.logaddexp(0, z)",
        whole_numbers="np.maximum(z, 0).astype(int)",
    ),
    **written(
        "activations.leaky_relu",
        "z, alpha=0.01",
        plain="np.maximum(z, 0.0)",
        written_in="np.maximum(z, 0.01 * z)",
        alpha_below="np.where(z > 0, z, alpha)",
        other_sign="np.where(z > 0, z, -alpha * z)",
        wrong_side="np.where(z > 0, alpha * z, z)",
        minus_alpha="np.where(z > 0, z, z - alpha)",
        alpha_everywhere="alpha * z",
        divided="np.where(z > 0, z, z / alpha)",
        least="np.minimum(z, alpha * z)",
        exponential="np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))",
    ),
    **written(
        "activations.leaky_relu_derivative",
        "z, alpha=0.01",
        written_in="np.where(z > 0, 1.0, 0.01)",
        of_relu="1.0 * (np.asarray(z) > 0)",
        alpha_z="np.where(z > 0, 1.0, alpha * z)",
        z_on_the_right="np.where(z > 0, z, alpha)",
        other_sign="np.where(z > 0, 1.0, -alpha)",
        wrong_side="np.where(z > 0, alpha, 1.0)",
        alpha_everywhere="np.full(np.shape(z), alpha)",
        ones="np.ones(np.shape(z))",
        added="np.where(z > 0, 1.0 + alpha, alpha)",
    ),
    **written(
        "activations.softmax",
        "z",
        not_normalised="np.exp(z - np.max(z, axis=-1, keepdims=True))",
        no_exponential="z / np.sum(z, axis=-1, keepdims=True)",
        powers_of_2="e = 2.0 ** (z - np.max(z, axis=-1, keepdims=True))\n"
        "return e / np.sum(e, axis=-1, keepdims=True)",
        upside_down="_softmax(-z)",
        twice="_softmax(_softmax(z))",
        winner_takes_all="1.0 * (z == np.max(z, axis=-1, keepdims=True))",
        sigmoids_shared_out="_sigmoid(z) / np.sum(_sigmoid(z), axis=-1, keepdims=True)",
        largest_is_1="np.exp(z - np.max(z, -1, keepdims=True)) / 1.0",
        sorted="np.sort(_softmax(z), axis=-1)",
        mean_for_sum="e = np.exp(z - np.max(z, axis=-1, keepdims=True))\n"
        "return e / np.mean(e, axis=-1, keepdims=True)",
        logarithm="np.log(_softmax(z))",
        of_sizes="_softmax(np.abs(z))",
        always_over_rows="e = np.exp(z - np.max(z, axis=1, keepdims=True))\n"
        "return e / np.sum(e, axis=1, keepdims=True)",
        three_decimals="np.round(_softmax(z), 3)",
        whole_numbers="_softmax(z).astype(int)",
    ),
    **written(
        "activations.predict_class",
        "z",
        smallest="np.argmin(z, axis=-1)",
        of_sizes="np.argmax(np.abs(z), axis=-1)",
        its_probability="np.max(_softmax(z), axis=-1)",
        its_logit="np.max(z, axis=-1)",
        counted_from_1="np.argmax(z, axis=-1) + 1",
        from_the_end="np.argmax(z, axis=-1) - np.shape(z)[-1]",
        always_first="np.zeros(np.shape(z)[:-1], int)",
        above_half="np.sum(_softmax(z) > 0.5, axis=-1)",
        second_best="np.argsort(z, axis=-1)[..., -2]",
        as_text="str(np.argmax(z, axis=-1))",
    ),
    **written(
        "activations.collapse_linear_layers",
        "W1, b1, W2, b2",
        first_bias_lost="W2 @ W1, b2",
        second_bias_lost="W2 @ W1, W2 @ b1",
        transposed="(W2 @ W1).T, W2 @ b1 + b2",
        bias_through_all="W2 @ W1, (W2 @ W1) @ np.ones(W1.shape[1]) + b2",
        biases_only_added="W2 @ W1, np.resize(b1, len(b2)) + b2",
        elementwise="np.resize(W1, W2.shape) * W2, W2 @ b1 + b2",
        with_relu="W2 @ np.maximum(W1, 0), W2 @ np.maximum(b1, 0) + b2",
        bias_minus="W2 @ W1, W2 @ b1 - b2",
        bias_first="W2 @ b1 + b2, W2 @ W1",
        second_layer_only="W2, b2",
    ),
}

# What the side clauses apply to.
ELEMENT_WISE = (
    "backpropagation.sigmoid backpropagation.sigmoid_slope vanishing_gradient.sigmoid_derivative "
    "vanishing_gradient.relu_derivative activations.sigmoid activations.tanh "
    "activations.tanh_derivative activations.relu activations.leaky_relu "
    "activations.leaky_relu_derivative"
).split()
GIVEN_ARRAYS = [
    *ELEMENT_WISE,
    *(
        "gradient_descent.predict gradient_descent.cost gradient_descent.sum_squared_error "
        "gradient_descent.cost_gradient gradient_descent.gradient_descent "
        "gradient_descent.max_stable_learning_rate vanishing_gradient.forward_chain "
        "vanishing_gradient.layer_gradients vanishing_gradient.vanishing_ratio "
        "activations.softmax activations.predict_class activations.collapse_linear_layers"
    ).split(),
]
GIVES_A_NUMBER = (
    "gradient_descent.cost gradient_descent.sum_squared_error gradient_descent.cost_gradient "
    "gradient_descent.update_weight gradient_descent.max_stable_learning_rate "
    "backpropagation.weighted_sum backpropagation.error backpropagation.error_slope "
    "backpropagation.gradient_w2 backpropagation.gradient_b2 backpropagation.gradient_w1 "
    "backpropagation.gradient_b1 vanishing_gradient.vanishing_ratio "
    "vanishing_gradient.sigmoid_gradient_bound"
).split()
GIVES_SEVERAL = (
    "gradient_descent.predict gradient_descent.gradient_descent backpropagation.forward "
    "backpropagation.backward backpropagation.update_parameters backpropagation.train "
    "vanishing_gradient.forward_chain vanishing_gradient.layer_gradients activations.softmax "
    "activations.predict_class activations.collapse_linear_layers"
).split()
SILENT = ["activations.sigmoid", "activations.tanh", "activations.softmax"]

# Each breaks one side clause of a function that is right, called RIGHT here.
COLUMN = "def _column(v): return [_column(u) for u in v] if isinstance(v, tuple) else np.c_[v]\n"
CLAUSES = {
    "gives_one_entry_for_a_number": (
        GIVES_A_NUMBER,
        "def SPOILED(*a): return np.array([RIGHT(*a)])",
    ),
    "gives_a_table_for_a_number": (GIVES_A_NUMBER, "def SPOILED(*a): return [[RIGHT(*a)]]"),
    "gives_columns": (GIVES_SEVERAL, COLUMN + "def SPOILED(*a): return _column(RIGHT(*a))"),
    "changes_its_arguments": (
        GIVEN_ARRAYS,
        "def SPOILED(*a):\n    out = RIGHT(*a)\n    for v in a:\n"
        "        if isinstance(v, np.ndarray): v += 1\n    return out",
    ),
    "changes_one_entry": (
        GIVEN_ARRAYS,
        "def SPOILED(*a):\n    out = RIGHT(*a)\n    for v in a:\n"
        "        if isinstance(v, np.ndarray): v[(-1,) * v.ndim] *= 0.5\n    return out",
    ),
    "fails_for_a_float": (
        ELEMENT_WISE,
        "def SPOILED(*a):\n    if not isinstance(a[0], np.ndarray): raise AttributeError\n"
        "    return RIGHT(*a)",
    ),
    "gives_one_entry_for_a_float": (
        ELEMENT_WISE,
        "def SPOILED(*a): return np.atleast_1d(RIGHT(*a))",
    ),
    "flattens": (
        ELEMENT_WISE,
        "def SPOILED(*a): return np.ravel(RIGHT(*a)) if np.ndim(a[0]) else RIGHT(*a)",
    ),
    "loops_over_one_axis": (
        ELEMENT_WISE,
        "def SPOILED(z, *a): return np.array([RIGHT(float(v), *a) for v in z]) if np.ndim(z) "
        "else RIGHT(z, *a)",
    ),
    "warns": (
        SILENT,
        "def SPOILED(*a):\n    if np.max(np.abs(a[0])) > 999: "
        "warnings.warn('overflow encountered in exp', RuntimeWarning)\n    return RIGHT(*a)",
    ),
    "divides_by_zero_beside_the_answer": (
        SILENT,
        "def SPOILED(*a):\n    if np.max(np.abs(a[0])) > 999: np.array([1.0]) / np.array([0.0])\n"
        "    return RIGHT(*a)",
    ),
    "is_nan_far_out": (
        SILENT,
        "def SPOILED(*a): return np.where(np.abs(a[0]) > 999, np.nan, RIGHT(*a))",
    ),
}


def spoiled() -> Table:
    table: Table = {}
    for name, (exercises, source) in CLAUSES.items():
        for exercise in exercises:
            function = exercise.partition(".")[2]
            own = source.replace("RIGHT", f"_right_{function}").replace("SPOILED", function)
            right = f"_right_{function} = lambda {RIGHT[exercise]}"
            table.setdefault(exercise, {})[name] = f"{right}\n{own}"
    return table


# Right in the main form and short of a side clause that its exercise alone has.
SIDE: Table = {
    **written(
        "gradient_descent.descent_direction",
        "slope",
        zero_is_right="'left' if slope > 0 else 'right'",
        zero_is_left="'left' if slope >= 0 else 'right'",
        other_word_at_zero="'left' if slope > 0 else 'right' if slope < 0 else 'none'",
        fails_at_zero="{1: 'left', -1: 'right'}[slope / abs(slope)]",
    ),
    **written(
        "gradient_descent.gradient_descent",
        DESCENT,
        without_start_for_no_steps="w = _walk(x, z, w0, learning_rate, n_iterations)\n"
        "return np.array(w if n_iterations else [])",
        a_number_for_no_steps="w = _walk(x, z, w0, learning_rate, n_iterations)\n"
        "return np.array(w) if n_iterations else w0",
        one_step_at_least="_walk(x, z, w0, learning_rate, max(n_iterations, 1))",
    ),
    **written(
        "backpropagation.sigmoid",
        "z",
        wrong_at_zero="np.where(np.asarray(z) == 0, 0.0, _s(np.asarray(z)))",
    ),
    **written(
        "backpropagation.train",
        TRAIN,
        ignores_tolerance=START + RECORD + MOVE + DONE,
        updates_before_stopping=START + RECORD + MOVE + STOP + DONE,
        last_error_not_recorded=START
        + RECORD
        + STOP.replace("break", "errors.pop(); break")
        + MOVE
        + DONE,
        tolerance_on_the_difference=START
        + RECORD
        + "    if abs(target - _f(x, *p)[3]) < tolerance: break\n"
        + MOVE
        + DONE,
        fails_without_epochs=START
        + RECORD
        + STOP
        + MOVE
        + "last = errors[-1]\nreturn p, np.array(errors)",
        one_epoch_at_least=START.replace("max_epochs", "max(max_epochs, 1)")
        + RECORD
        + STOP
        + MOVE
        + DONE,
    ),
    **written(
        "vanishing_gradient.relu_derivative",
        "z",
        one_at_zero="1.0 * (np.asarray(z) >= 0)",
        half_at_zero="np.heaviside(z, 0.5)",
        nan_at_zero="with np.errstate(all='ignore'): return np.maximum(z, 0) / np.asarray(z)",
    ),
    **written(
        "vanishing_gradient.forward_chain",
        "x, weights, activation",
        anything_is_relu="_chain(x, weights, _s if activation == 'sigmoid' else _relu)",
        key_error="_chain(x, weights, {'sigmoid': _s, 'relu': _relu}[activation])",
        says_so_and_goes_on="if activation not in ('sigmoid', 'relu'):\n    print('unknown')\n"
        "    return None\nreturn _chain(x, weights, _g(activation))",
        returns_the_error="if activation not in ('sigmoid', 'relu'):\n    return ValueError()\n"
        "return _chain(x, weights, _g(activation))",
    ),
    **written(
        "vanishing_gradient.layer_gradients",
        "x, target, weights, activation",
        anything_is_relu="k = 'sigmoid' if activation == 'sigmoid' else 'relu'\n"
        "return _flow(x, target, weights, _g(k), _dg(k))",
        type_error="if activation not in ('sigmoid', 'relu'): raise TypeError\n"
        "return _flow(x, target, weights, _g(activation), _dg(activation))",
        tiny_ones_are_zero="g = _flow(x, target, weights, _g(activation), _dg(activation))\n"
        "return np.where(np.abs(g) < 1e-7, 0.0, g)",
    ),
    **written(
        "vanishing_gradient.sigmoid_gradient_bound",
        "depth",
        zero_for_no_layers="0.25**depth if depth else 0.0",
        fails_for_no_layers="1 / (4**depth if depth else 0)",
    ),
    **written(
        "activations.sigmoid",
        "z",
        overflows="1 / (1 + np.exp(-np.asarray(z)))",
        both_branches="z = np.asarray(z)\n"
        "return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))",
        quotient="e = np.exp(z)\nreturn e / (1 + e)",
        overflows_for_floats="if np.ndim(z): return _sigmoid(z)\nreturn 1 / (1 + math.exp(-z))",
        warns_for_floats="if np.ndim(z): return _sigmoid(z)\nreturn 1 / (1 + np.exp(-z))",
    ),
    **written(
        "activations.tanh",
        "z",
        exponentials="a, b = np.exp(z), np.exp(-np.asarray(z))\nreturn (a - b) / (a + b)",
        one_exponential="e = np.exp(2 * np.asarray(z))\nreturn (e - 1) / (e + 1)",
        quotient="np.sinh(z) / np.cosh(z)",
        overflows_for_floats="if np.ndim(z): return np.tanh(z)\n"
        "return (math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z))",
    ),
    **written(
        "activations.leaky_relu_derivative",
        "z, alpha=0.01",
        one_at_zero="np.where(z >= 0, 1.0, alpha)",
        zero_at_zero="np.where(z > 0, 1.0, np.where(z < 0, alpha, 0.0))",
        middle_at_zero="np.where(z > 0, 1.0, np.where(z < 0, alpha, (1 + alpha) / 2))",
    ),
    **written(
        "activations.softmax",
        "z",
        overflows="e = np.exp(z)\nreturn e / np.sum(e, axis=-1, keepdims=True)",
        first_axis="e = np.exp(z - np.max(z, axis=0))\nreturn e / np.sum(e, axis=0)",
        whole_batch_is_one="e = np.exp(z - np.max(z))\nreturn e / np.sum(e)",
        one_maximum_for_all="e = np.exp(z - np.max(z))\n"
        "return e / np.sum(e, axis=-1, keepdims=True)",
        no_keepdims="e = np.exp(z - np.max(z, axis=-1, keepdims=True))\n"
        "return e / np.sum(e, axis=-1)",
        fails_for_batches="e = [math.exp(v - max(z)) for v in z]\nreturn [v / sum(e) for v in e]",
        batch_of_one="np.atleast_2d(_softmax(z))",
        shifts_in_place="z -= np.max(z, axis=-1, keepdims=True)\nreturn _softmax(z)",
        smallest_subtracted="e = np.exp(z - np.min(z, axis=-1, keepdims=True))\n"
        "return e / np.sum(e, axis=-1, keepdims=True)",
        clipped="e = np.exp(np.clip(z, -50, 50))\nreturn e / np.sum(e, axis=-1, keepdims=True)",
        a_little_added="e = np.exp(z)\nreturn e / (1e-9 + np.sum(e, axis=-1, keepdims=True))",
    ),
    **written(
        "activations.predict_class",
        "z",
        first_axis="np.argmax(z, axis=0)",
        whole_batch="int(np.argmax(z))",
        kept_axis="np.argmax(z, axis=-1, keepdims=True)",
        floating="np.argmax(z, axis=-1).astype(float)",
        fails_for_batches="list(z).index(max(z))",
        sorts_in_place="k = np.argmax(z, axis=-1)\nz.sort()\nreturn k",
    ),
}

# For plain numbers only, where an array is the main form: a quarter at most.
FLOATS_ONLY: Table = {
    **written(
        "backpropagation.sigmoid",
        "z",
        math="1 / (1 + math.exp(-z))",
        power="1 / (1 + math.pow(math.e, -z))",
    ),
    **written("backpropagation.sigmoid_slope", "a", fsum="math.fsum([a, -a * a])"),
    **written(
        "vanishing_gradient.sigmoid_derivative",
        "z",
        math="1 / (2 + math.exp(z) + math.exp(-z))",
    ),
    **written(
        "vanishing_gradient.relu_derivative",
        "z",
        condition="1 if z > 0 else 0",
        steps="if z > 0: return 1.0\nreturn 0.0",
    ),
    **written(
        "activations.sigmoid",
        "z",
        math="1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))",
    ),
    **written("activations.tanh", "z", math="math.tanh(z)"),
    **written("activations.tanh_derivative", "z", math="1 / math.cosh(z) ** 2"),
    **written(
        "activations.relu",
        "z",
        builtin="max(0, z)",
        condition="if z <= 0: return 0.0\nreturn z",
    ),
    **written("activations.leaky_relu", "z, alpha=0.01", builtin="max(alpha * z, z)"),
    **written(
        "activations.leaky_relu_derivative",
        "z, alpha=0.01",
        condition="1.0 if z > 0 else alpha",
    ),
}

# Whatever it takes to be told apart: only that it is not everything.
SHORT_OF_ALL: Table = {
    **written(
        "gradient_descent.descent_direction",
        "slope",
        gentle_slopes_are_flat="'left' if slope > 0.01 else 'right' if slope < -0.01 else 'stop'",
    ),
    **written("activations.leaky_relu", "z, alpha", no_default="np.where(z > 0, z, alpha * z)"),
    **written(
        "activations.leaky_relu_derivative",
        "z, alpha=0.1",
        other_default="np.where(z > 0, 1.0, alpha)",
    ),
    **written(
        "backpropagation.train",
        TRAIN,
        no_limit="p, errors = (w1, b1, w2, b2), [1.0]\nwhile errors[-1] >= tolerance:\n"
        + RECORD
        + MOVE
        + DONE,
    ),
    **written(
        "vanishing_gradient.forward_chain",
        "x, weights, activation",
        relu_only="_chain(x, weights, _relu)",
    ),
}

TABLES = {
    "wrong": WRONG,
    "spoiled": spoiled(),
    "side": SIDE,
    "floats": FLOATS_ONLY,
    "short": SHORT_OF_ALL,
}
Share = Callable[[str, Case], float]


def turns(table: Table) -> list[dict[str, str]]:
    """Deals the table out: in each turn one mistake for each exercise that has one left."""
    longest = max(map(len, table.values()))
    return [
        {exercise: list(wrong)[turn] for exercise, wrong in table.items() if turn < len(wrong)}
        for turn in range(longest)
    ]


def sources(table: Table, names: dict[str, str]) -> dict[str, str]:
    """Returns modules with the named mistake of each exercise."""
    modules: dict[str, str] = {}
    for exercise, name in names.items():
        module = exercise.partition(".")[0]
        modules[module] = modules.get(module, HELPERS[module]) + table[exercise][name] + "\n"
    return modules


@pytest.fixture(scope="module")
def share(grade: Grade) -> Share:
    """Looks up what share of its points a mistake earned; grades a turn when first asked."""
    known: dict[tuple[str, Case], float] = {}

    def look_up(which: str, case: Case) -> float:
        table = TABLES[which]
        if (which, case) not in known:
            names = next(names for names in turns(table) if names.get(case[0]) == case[1])
            result = grade(**sources(table, names))
            # That a function never ends is no other function's problem.
            assert all("did not end within" in problem for problem in result.problems)
            for graded in result.exercises:
                if graded.id in names:
                    known[which, (graded.id, names[graded.id])] = own_share(graded)
        return known[which, case]

    return look_up


def own_share(graded: ExerciseResult) -> float:
    """What a function earns by itself: the wrong ones beside it may be what it follows from."""
    earned = sum(check.worth for check in graded.checks if check.passed and not check.followed)
    return earned / sum(check.worth for check in graded.checks)


def cases(which: str) -> list[Any]:
    """Lists a table turn by turn, so that neighbours are graded together."""
    return [
        pytest.param(case, id=".".join((case[0].partition(".")[2], case[1])))
        for names in turns(TABLES[which])
        for case in names.items()
    ]


@pytest.mark.parametrize("case", cases("wrong"))
def test_a_formula_that_is_wrong_earns_a_quarter_at_most(share: Share, case: Case) -> None:
    """It is wrong in the exercise's main form, so that tidiness is worth nothing."""
    assert share("wrong", case) <= 0.25


@pytest.mark.parametrize("case", cases("spoiled"))
def test_one_broken_clause_costs_less_than_half(share: Share, case: Case) -> None:
    """The main form is right, so at least half is earned; a clause is broken, so not all."""
    assert 0.5 <= share("spoiled", case) < 1


@pytest.mark.parametrize("case", cases("side"))
def test_a_clause_of_its_own_costs_less_than_half(share: Share, case: Case) -> None:
    """The clause is one that only this exercise has."""
    assert 0.5 <= share("side", case) < 1


@pytest.mark.parametrize("case", cases("floats"))
def test_plain_numbers_alone_earn_a_quarter_at_most(share: Share, case: Case) -> None:
    """Arrays are the main form of element-wise functions."""
    assert 0 < share("floats", case) <= 0.25


@pytest.mark.parametrize("case", cases("short"))
def test_what_the_contract_does_not_allow_does_not_earn_all(share: Share, case: Case) -> None:
    """How much is lost is the grader's choice here; that something is lost is not."""
    assert share("short", case) < 1


ALL_CLAUSES = """
def _all_clauses_broken(f):
    def g(*a):
        out = f(*a)
        if np.ndim(a[0]) > 1 and len(a) < 4 or np.ndim(a[0]) == 0 and ELEMENT_WISE:
            raise IndexError
        for v in a:
            if isinstance(v, np.ndarray): v += 1
        return out if isinstance(out, str) else wrapped(out)
    def wrapped(v):
        return [wrapped(u) for u in v] if isinstance(v, tuple) else np.array([v])
    return g
"""


def test_the_main_form_alone_earns_half(course: Course, grade: Grade) -> None:
    """Every side clause is broken at once: kind, arguments, floats and tables."""
    modules = {}
    for lesson in (each for each in course.lessons if each.id in HELPERS):
        text = HELPERS[lesson.id]
        for name in (exercise.function for exercise in lesson.exercises):
            exercise = f"{lesson.id}.{name}"
            if exercise not in RIGHT:
                continue
            text += ALL_CLAUSES.replace("ELEMENT_WISE", str(exercise in ELEMENT_WISE))
            text += f"{name} = _all_clauses_broken(lambda {RIGHT[exercise]})\n"
        modules[lesson.id] = text
    result = grade(**modules)
    assert result.problems == ()
    for graded in (g for g in result.exercises if g.id in RIGHT):
        assert graded.score >= graded.max_score / 2, graded.id
    assert all(g.score < g.max_score for g in result.exercises if g.id in GIVES_A_NUMBER)


def test_the_exercises_here_are_judged_with_at_least_four_mistakes(course: Course) -> None:
    """Those that came later have theirs in graders/ alone; each mistake is listed once."""
    assert set(WRONG) == set(RIGHT) <= set(course.exercises)
    assert all(len(wrong) >= 4 for wrong in WRONG.values())
    assert sum(len(wrong) for table in TABLES.values() for wrong in table.values()) >= 450


# Mistakes that only certain numbers bring to light.
SUBTLE = (
    "gradient_descent.cost:variance gradient_descent.cost_gradient:size_of_x "
    "gradient_descent.sum_squared_error:five_points "
    "gradient_descent.max_stable_learning_rate:variance gradient_descent.update_weight:absolute "
    "gradient_descent.gradient_descent:stops_when_close "
    "backpropagation.sigmoid:half_precision_e backpropagation.forward:biases_swapped "
    "backpropagation.error:squares_apart backpropagation.error_slope:size "
    "backpropagation.gradient_w2:size backpropagation.gradient_b2:size "
    "backpropagation.gradient_w1:size_of_x backpropagation.gradient_b1:size "
    "backpropagation.backward:new_w2 backpropagation.update_parameters:sizes "
    "backpropagation.train:one_parameter_after_another "
    "vanishing_gradient.relu_derivative:signs "
    "vanishing_gradient.forward_chain:relu_lets_all_through "
    "vanishing_gradient.layer_gradients:error_without_sign "
    "vanishing_gradient.vanishing_ratio:smallest_to_last "
    "vanishing_gradient.sigmoid_gradient_bound:eight_decimals "
    "activations.sigmoid:clipped_at_5 activations.tanh:clipped_answer activations.relu:capped_at_6 "
    "activations.leaky_relu:written_in activations.leaky_relu_derivative:written_in "
    "activations.softmax:three_decimals activations.predict_class:of_sizes "
    "activations.collapse_linear_layers:bias_through_all"
).split()
SUBTLER = (
    "gradient_descent.cost:sample_variance gradient_descent.cost_gradient:covariance "
    "backpropagation.weighted_sum:size backpropagation.gradient_w1:size "
    "backpropagation.gradient_b1:size_of_w2 backpropagation.backward:sizes "
    "vanishing_gradient.layer_gradients:sizes "
    "vanishing_gradient.vanishing_ratio:first_to_largest activations.softmax:of_sizes"
).split()
SEEDS = [*range(1, 14), 1000, 20_261_124, *range(SEED, SEED + (40 if PROVE else 1))]


def submission(modules: dict[str, str]) -> Submission:
    chunks: dict[str, tuple[Chunk, ...]] = {
        name: (Chunk(f"{name}.py", text),) for name, text in modules.items()
    }
    return Submission("s", Source("s"), chunks, {name: f"{name}.py" for name in modules})


@pytest.fixture(scope="module", params=SEEDS)
def seeded(request: pytest.FixtureRequest) -> Iterator[Examiner]:
    """An examiner that draws its numbers from another seed."""
    with Examiner(seed=request.param) as examiner:
        yield examiner


@pytest.mark.share(4)
def test_every_seed_gives_right_answers_all_points(
    seeded: Examiner, reference_sources: dict[str, str]
) -> None:
    """The references, and functions that get there by other formulas."""
    assert seeded.examine(submission(reference_sources)).score == POINTS
    modules = dict(HELPERS)
    for exercise, parameters_and_value in RIGHT.items():
        module, _, name = exercise.partition(".")
        modules[module] += f"{name} = lambda {parameters_and_value}\n"
    graded = seeded.examine(submission(modules)).exercises
    assert {g.outcome for g in graded if g.id in RIGHT} == {"correct"}


@pytest.mark.parametrize("mistakes", [SUBTLE, SUBTLER], ids=["subtle", "subtler"])
@pytest.mark.share(8)
def test_no_seed_is_kind_to_a_mistake(seeded: Examiner, mistakes: list[str]) -> None:
    """Which numbers a grader drew does not decide whether a formula is wrong."""
    names = dict(mistake.split(":") for mistake in mistakes)
    let_through = [
        f"{graded.id}:{names[graded.id]} earned {own_share(graded):.0%}"
        for graded in seeded.examine(submission(sources(WRONG, names))).exercises
        if graded.id in names and own_share(graded) > 0.25
    ]
    assert let_through == []

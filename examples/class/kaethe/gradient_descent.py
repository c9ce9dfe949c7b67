import numpy as np


def predict(w, x):
    return w * x


def cost(w, x, z):
    m = len(x)
    return np.sum((z - w * x) ** 2) / (2 * m)


def sum_squared_error(w, x, z):
    return np.sum((z - w * x) ** 2)


def cost_gradient(w, x, z):
    return -np.mean(x * (z - w * x))


def descent_direction(slope):
    if slope > 0:
        return "left"
    if slope < 0:
        return "right"
    return "stop"


def update_weight(w, gradient, learning_rate):
    return w - learning_rate * gradient


def gradient_descent(x, z, w0, learning_rate, n_iterations):
    weights = [w0]
    for _ in range(n_iterations):
        slope = cost_gradient(weights[-1], x, z)
        weights.append(update_weight(weights[-1], slope, learning_rate))
    return np.array(weights)


def max_stable_learning_rate(x):
    return 2 / np.mean(x**2)

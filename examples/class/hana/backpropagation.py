import numpy as np


def weighted_sum(x, w, b):
    return w * x + b


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(x, w1, b1, w2, b2):
    z1 = weighted_sum(x, w1, b1)
    a1 = sigmoid(z1)
    z2 = weighted_sum(a1, w2, b2)
    a2 = sigmoid(z2)
    return z1, a1, z2, a2


def error(target, a2):
    return 0.5 * (target - a2) ** 2


def error_slope(target, a2):
    return a2 - target


def sigmoid_slope(a):
    return a * (1 - a)


def gradient_w2(target, a1, a2):
    return error_slope(target, a2) * sigmoid_slope(a2) * a1


def gradient_b2(target, a2):
    return error_slope(target, a2) * sigmoid_slope(a2)


def gradient_w1(x, target, a1, w2, a2):
    return gradient_b1(target, a1, w2, a2) * x


def gradient_b1(target, a1, w2, a2):
    return error_slope(target, a2) * sigmoid_slope(a2) * w2 * sigmoid_slope(a1)


def backward(x, target, w1, b1, w2, b2):
    z1, a1, z2, a2 = forward(x, w1, b1, w2, b2)
    return (
        gradient_w1(x, target, a1, w2, a2),
        gradient_b1(target, a1, w2, a2),
        gradient_w2(target, a1, a2),
        gradient_b2(target, a2),
    )


def update_parameters(parameters, gradients, learning_rate):
    return tuple(p - learning_rate * g for p, g in zip(parameters, gradients))


def train(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    parameters = (w1, b1, w2, b2)
    errors = []
    while True:
        prediction = forward(x, *parameters)[3]
        errors.append(error(target, prediction))
        if errors[-1] == 0:
            break
        gradients = backward(x, target, *parameters)
        parameters = update_parameters(parameters, gradients, learning_rate)
    return parameters, np.array(errors)

# Loesung von Käthe, für die Übung
import math

import numpy as np


def sigmoid(z):
    # Half of a tanh, stretched: tanh does not overflow.
    return 0.5 * (1 + np.tanh(np.asarray(z) / 2))


def tanh(z):
    return (math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z))


def tanh_derivative(z):
    return 1 - np.tanh(z) ** 2


def relu(z):
    return z if z > 0 else 0.0


def leaky_relu(z, alpha=0.01):
    z[z < 0] *= alpha
    return z


def leaky_relu_derivative(z, alpha=0.01):
    return np.where(z > 0, 1.0, alpha)


def softmax(z):
    shifted = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def predict_class(z):
    return np.argmax(z, axis=-1)


def collapse_linear_layers(W1, b1, W2, b2):
    return W2 @ W1, W2 @ b1 + b2

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_derivative(z):
    return sigmoid(z) * (1 - sigmoid(z))


def relu_derivative(z):
    return np.where(z > 0, 1.0, 0.0)


def forward_chain(x, weights, activation):
    if activation not in ("sigmoid", "relu"):
        raise ValueError("activation must be sigmoid or relu, not " + activation)
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        a.append(sigmoid(z[-1]) if activation == "sigmoid" else max(0.0, z[-1]))
    return np.array(z), np.array(a)


def layer_gradients(x, target, weights, activation):
    z, a = forward_chain(x, weights, activation)
    slope = sigmoid_derivative if activation == "sigmoid" else relu_derivative
    gradients = np.zeros(len(weights))
    flowing = a[-1] - target
    for layer in reversed(range(len(weights))):
        flowing = flowing * slope(z[layer])
        gradients[layer] = flowing * a[layer]
        flowing = flowing * weights[layer]
    return gradients


def vanishing_ratio(gradients):
    return abs(gradients[0]) / abs(gradients[-1])


def sigmoid_gradient_bound(depth):
    return 0.25**depth

"""What learners get wrong in the exercises of `vanishing_gradient`."""

import math

import numpy as np

from autograder.mistakes.catalogue import mistake

from ...solutions.vanishing_gradient import forward_chain, relu_derivative, sigmoid_derivative


@mistake("sigmoid_derivative.is_sigmoid")
def _(z):
    """Your numbers are the sigmoid's values, not its slopes: far to the right they near 1, where
    the curve is flat and its slope near 0.
    """
    return 1 / (1 + np.exp(-z))


@mistake("sigmoid_derivative.takes_activation")
def _(z):
    """Your slopes take z for the sigmoid's value, and so turn negative wherever z is below 0 or
    above 1. Squash z first, then use what comes out.
    """
    return z * (1 - z)


@mistake("sigmoid_derivative.drops_factor")
def _(z):
    """At 0 your slope is one half, though no sigmoid is steeper than a quarter: only one of the
    two factors s(z) and 1 - s(z) is in it.
    """
    return 1 - 1 / (1 + np.exp(-z))


@mistake("sigmoid_derivative.plus")
def _(z):
    """Your slopes grow towards 2 for large z, where the curve flattens: the second factor is
    what is left of 1 once the sigmoid's value is taken away, not added.
    """
    a = 1 / (1 + np.exp(-z))
    return a * (1 + a)


@mistake("sigmoid_derivative.sign")
def _(z):
    """Your slopes have the right size and are all negative, but the sigmoid climbs everywhere:
    look at the order of the subtraction.
    """
    a = 1 / (1 + np.exp(-z))
    return a * (a - 1)


@mistake("sigmoid_derivative.factor_2")
def _(z):
    """All your slopes are exactly twice as large as they should be: where it is steepest, at 0,
    the sigmoid has a slope of a quarter, not of a half.
    """
    a = 1 / (1 + np.exp(-z))
    return 2 * a * (1 - a)


@mistake("sigmoid_derivative.tanh_rule")
def _(z):
    """One minus the square is the rule of tanh, and your slopes follow it: the sigmoid's own rule
    is its value times what that value lacks of 1.
    """
    a = 1 / (1 + np.exp(-z))
    return 1 - a**2


@mistake("sigmoid_derivative.squashed_twice")
def _(z):
    """Your slopes never fall much below 0.2, however large z is: the sigmoid was applied to its own
    value once more before the slope was taken.
    """
    a = 1 / (1 + np.exp(-z))
    b = 1 / (1 + np.exp(-a))
    return b * (1 - b)


@mistake("sigmoid_derivative.constant")
def _(z):
    """Your slope is a quarter everywhere, but that is only the largest one, at 0: the sigmoid
    flattens on both sides, and its slope depends on z.
    """
    return 0.25 + 0 * z


@mistake("sigmoid_derivative.precedence")
def _(z):
    """Your slopes are negative and explode for negative z: division comes before addition, so the
    sigmoid's denominator needs brackets around all of it.
    """
    a = 1 / 1 + np.exp(-z)
    return a * (1 - a)


@mistake("sigmoid_derivative.pair")
def _(z):
    """Your slopes are right, but the sigmoid's values come back beside them: return the slopes
    alone, of the same shape as z.
    """
    a = 1 / (1 + np.exp(-z))
    return a, a * (1 - a)


@mistake("sigmoid_derivative.numbers_only")
def _(z):
    """For a single number your slope is right, but an array stops it: functions of `math` take one
    number only, while NumPy's work on every element.
    """
    a = 1 / (1 + math.exp(-z))
    return a * (1 - a)


@mistake("sigmoid_derivative.arrays_only", side=True)
def _(z):
    """For arrays your slopes are right, but a plain number stops your function: walking through z
    needs something to walk through, NumPy's arithmetic does not.
    """
    slopes = []
    for value in z:
        a = 1 / (1 + np.exp(-value))
        slopes.append(a * (1 - a))
    return np.array(slopes)


@mistake("sigmoid_derivative.changes_argument", side=True)
def _(z):
    """Your slopes are right, but the caller's z has changed afterwards: operators such as `*=`
    write into the array itself, so put the result into a new one.
    """
    z *= -1
    a = 1 / (1 + np.exp(z))
    return a * (1 - a)


@mistake("relu_derivative.is_relu")
def _(z):
    """Right of 0 your answer is z itself, which is ReLU's value: its slope is how steep that line
    is, the same at every positive z.
    """
    return np.maximum(z, 0.0)


@mistake("relu_derivative.flipped")
def _(z):
    """Your two sides are swapped: ReLU lets positive z through, so it is there that it climbs, and
    it is flat on the left.
    """
    return np.where(np.less(z, 0), 1.0, 0.0)


@mistake("relu_derivative.constant")
def _(z):
    """Your slope is 1 everywhere, as for a straight line: where z is negative, ReLU stays at 0 and
    does not climb at all.
    """
    return np.ones_like(z)


@mistake("relu_derivative.one_at_zero", side=True)
def _(z):
    """All is right but the corner: at z = 0 itself this course takes the slope of the flat side,
    and yours takes that of the climbing side.
    """
    return np.where(np.greater_equal(z, 0), 1.0, 0.0)


@mistake("relu_derivative.half_at_zero", side=True)
def _(z):
    """All is right but the corner: at z = 0 you take the middle of the two slopes, and by this
    course's convention it is that of the flat side.
    """
    return np.heaviside(z, 0.5)


@mistake("relu_derivative.sign")
def _(z):
    """What comes back is the sign of z, so -1 on the left: a slope of -1 would mean that ReLU
    falls there, while it is flat.
    """
    return np.sign(z)


@mistake("relu_derivative.minus_one_left")
def _(z):
    """Your slope is -1 wherever z is not positive, as if the curve came down to the corner: ReLU
    neither climbs nor falls there.
    """
    return np.where(np.greater(z, 0), 1.0, -1.0)


@mistake("relu_derivative.leaky")
def _(z):
    """A hundredth on the left is the slope of Leaky ReLU: plain ReLU lets nothing through there,
    so nothing of the slope is left either.
    """
    return np.where(np.greater(z, 0), 1.0, 0.01)


@mistake("relu_derivative.sigmoid_slope")
def _(z):
    """Your slopes are the sigmoid's, a quarter at most: ReLU is made of two straight pieces, so
    only two slopes can occur.
    """
    return sigmoid_derivative(z)


@mistake("relu_derivative.one_for_all")
def _(z):
    """One answer comes back for the whole array, 1 as soon as any z is positive: every element has
    a slope of its own.
    """
    return 1.0 if np.any(np.greater(z, 0)) else 0.0


@mistake("relu_derivative.divides_by_z", side=True)
def _(z):
    """At z = 0 your slope is not a number, because ReLU's value is divided by z: ask only on which
    side of 0 the z lies.
    """
    return np.maximum(z, 0.0) / z


@mistake("relu_derivative.numbers_only")
def _(z):
    """Given an array, your function stops: a whole array is neither positive nor negative, so an
    `if` cannot decide about it, and each element needs a decision of its own.
    """
    if z > 0:
        return 1.0
    return 0.0


@mistake("relu_derivative.arrays_only", side=True)
def _(z):
    """For arrays your slopes are right, but a plain number has no shape and no elements to pick:
    choose a NumPy function that takes both.
    """
    slopes = np.zeros(z.shape)
    slopes[z > 0] = 1
    return slopes


@mistake("relu_derivative.changes_argument", side=True)
def _(z):
    """Your slopes are right, but they are written over the caller's z: `np.asarray` makes no copy
    of an array, so the slopes need a new one.
    """
    slopes = np.asarray(z, dtype=float)
    slopes[slopes <= 0] = 0
    slopes[slopes > 0] = 1
    return slopes


@mistake("forward_chain.no_input")
def _(x, weights, activation):
    """Your activations start after the first layer and are one too few: the input x counts as the
    activation of layer 0 and comes first.
    """
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        if activation == "sigmoid":
            a.append(1 / (1 + np.exp(-z[-1])))
        elif activation == "relu":
            a.append(max(0.0, z[-1]))
        else:
            raise ValueError(activation)
    return np.array(z), np.array(a[1:])


@mistake("forward_chain.swapped")
def _(x, weights, activation):
    """Both your arrays are right, but they come back in the wrong order: the sums z are asked for
    first, the activations after them.
    """
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        if activation == "sigmoid":
            a.append(1 / (1 + np.exp(-z[-1])))
        elif activation == "relu":
            a.append(max(0.0, z[-1]))
        else:
            raise ValueError(activation)
    return np.array(a), np.array(z)


@mistake("forward_chain.activations_only")
def _(x, weights, activation):
    """Your activations are right, but they come back alone: the sums z are asked for as well,
    since the slopes on the way back are taken at them.
    """
    a = [x]
    for w in weights:
        if activation == "sigmoid":
            a.append(1 / (1 + np.exp(-w * a[-1])))
        elif activation == "relu":
            a.append(max(0.0, w * a[-1]))
        else:
            raise ValueError(activation)
    return np.array(a)


@mistake("forward_chain.last_only")
def _(x, weights, activation):
    """Only the last layer's sum and activation come back: the way back needs those of every layer,
    so keep each one as you pass.
    """
    a = x
    for w in weights:
        z = w * a
        if activation == "sigmoid":
            a = 1 / (1 + np.exp(-z))
        elif activation == "relu":
            a = max(0.0, z)
        else:
            raise ValueError(activation)
    return z, a


@mistake("forward_chain.no_value_error", side=True)
def _(x, weights, activation):
    """Your numbers are right, but every name other than sigmoid is taken for ReLU: a misspelt
    activation should be refused, not guessed.
    """
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        if activation == "sigmoid":
            a.append(1 / (1 + np.exp(-z[-1])))
        else:
            a.append(max(0.0, z[-1]))
    return np.array(z), np.array(a)


@mistake("forward_chain.other_error", side=True)
def _(x, weights, activation):
    """Your numbers are right, and an unknown activation is refused, but with another error than the
    `ValueError` that the contract promises its callers.
    """
    g = {"sigmoid": lambda v: 1 / (1 + np.exp(-v)), "relu": lambda v: max(0.0, v)}[activation]
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        a.append(g(z[-1]))
    return np.array(z), np.array(a)


@mistake("forward_chain.feeds_z")
def _(x, weights, activation):
    """From the second layer on your sums are wrong: each layer is fed the sum z of the layer before
    it, when it should be fed its activation.
    """
    z, a = [], [x]
    for w in weights:
        z.append(w * (z[-1] if z else x))
        if activation == "sigmoid":
            a.append(1 / (1 + np.exp(-z[-1])))
        elif activation == "relu":
            a.append(max(0.0, z[-1]))
        else:
            raise ValueError(activation)
    return np.array(z), np.array(a)


@mistake("forward_chain.feeds_x")
def _(x, weights, activation):
    """Every layer of yours is fed the input x, so they stand side by side: in a chain each layer
    takes what the one before it gave.
    """
    z, a = [], [x]
    for w in weights:
        z.append(w * x)
        if activation == "sigmoid":
            a.append(1 / (1 + np.exp(-z[-1])))
        elif activation == "relu":
            a.append(max(0.0, z[-1]))
        else:
            raise ValueError(activation)
    return np.array(z), np.array(a)


@mistake("forward_chain.always_sigmoid")
def _(x, weights, activation):
    """Your chain uses the sigmoid whichever activation is asked for: let the argument `activation`
    decide, and refuse a name it does not know.
    """
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        a.append(1 / (1 + np.exp(-z[-1])))
    return np.array(z), np.array(a)


@mistake("forward_chain.always_relu")
def _(x, weights, activation):
    """Your chain uses ReLU whichever activation is asked for: let the argument `activation`
    decide, and refuse a name it does not know.
    """
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        a.append(max(0.0, z[-1]))
    return np.array(z), np.array(a)


@mistake("forward_chain.relu_linear")
def _(x, weights, activation):
    """With sigmoid your chain is right, but your ReLU lets negative sums through unchanged: below
    0 it should pass nothing on.
    """
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        if activation == "sigmoid":
            a.append(1 / (1 + np.exp(-z[-1])))
        elif activation == "relu":
            a.append(z[-1])
        else:
            raise ValueError(activation)
    return np.array(z), np.array(a)


@mistake("forward_chain.sigmoid_sign")
def _(x, weights, activation):
    """With ReLU your chain is right, but your sigmoid falls where it should climb: a large positive
    z must give nearly 1, so check the sign in the exponent.
    """
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        if activation == "sigmoid":
            a.append(1 / (1 + np.exp(z[-1])))
        elif activation == "relu":
            a.append(max(0.0, z[-1]))
        else:
            raise ValueError(activation)
    return np.array(z), np.array(a)


@mistake("forward_chain.last_linear")
def _(x, weights, activation):
    """All your layers are right but the last, whose activation is its bare sum: the output passes
    through the activation like every other layer.
    """
    z, a = [], [x]
    for w in weights:
        z.append(w * a[-1])
        if activation == "sigmoid":
            a.append(1 / (1 + np.exp(-z[-1])))
        elif activation == "relu":
            a.append(max(0.0, z[-1]))
        else:
            raise ValueError(activation)
    return np.array(z), np.array([*a[:-1], z[-1]])


@mistake("forward_chain.changes_argument", side=True)
def _(x, weights, activation):
    """Your chain is right, but the caller's weights are overwritten by your sums: another name for
    an array is no copy, so put the sums into a new one.
    """
    if activation not in ("sigmoid", "relu"):
        raise ValueError(activation)
    z, a = weights, [x]
    for i in range(len(z)):
        z[i] = weights[i] * a[-1]
        a.append(1 / (1 + np.exp(-z[i])) if activation == "sigmoid" else max(0.0, z[i]))
    return z.copy(), np.array(a)


@mistake("forward_chain.squashes_input")
def _(x, weights, activation):
    """You send x through the activation before the first layer: the input is taken as it is, and
    only the layers' sums are squashed.
    """
    act = {"sigmoid": lambda v: 1 / (1 + np.exp(-v)), "relu": lambda v: max(0.0, v)}
    if activation not in act:
        raise ValueError(activation)
    z, a = [], [act[activation](x)]
    for w in weights:
        z.append(w * a[-1])
        a.append(act[activation](z[-1]))
    return np.array(z), np.array(a)


@mistake("forward_chain.weights_reversed")
def _(x, weights, activation):
    """You go through the layers from the last to the first: forward, the input meets the first
    weight first.
    """
    act = {"sigmoid": lambda v: 1 / (1 + np.exp(-v)), "relu": lambda v: max(0.0, v)}
    if activation not in act:
        raise ValueError(activation)
    z, a = [], [x]
    for w in weights[::-1]:
        z.append(w * a[-1])
        a.append(act[activation](z[-1]))
    return np.array(z), np.array(a)


@mistake("forward_chain.added")
def _(x, weights, activation):
    """You add each weight to what comes in: a weight multiplies it, so that it can be turned up,
    down or off.
    """
    act = {"sigmoid": lambda v: 1 / (1 + np.exp(-v)), "relu": lambda v: max(0.0, v)}
    if activation not in act:
        raise ValueError(activation)
    z, a = [], [x]
    for w in weights:
        z.append(w + a[-1])
        a.append(act[activation](z[-1]))
    return np.array(z), np.array(a)


@mistake("layer_gradients.sign")
def _(x, target, weights, activation):
    """All your gradients have the right size and the wrong sign: the first link, the slope of the
    error at the output, is the output minus the target.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = np.zeros(len(weights)), target - a[-1]
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        gradients[i] = delta * a[i]
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.factor_2")
def _(x, target, weights, activation):
    """All your gradients are exactly twice too large: the half in the error is there to cancel the
    2 that the square brings down.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = np.zeros(len(weights)), 2 * (a[-1] - target)
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        gradients[i] = delta * a[i]
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.reversed")
def _(x, target, weights, activation):
    """Every number of yours is right, but the last layer comes first: you collect them on the way
    back, and the first layer's is asked for first.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = [], a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        gradients.append(delta * a[i])
        delta = delta * weights[i]
    return np.array(gradients)


@mistake("layer_gradients.no_x")
def _(x, target, weights, activation):
    """Your gradients end at the layer's sum z, one link short of the weight: a weight acts through
    what it multiplies, the activation that enters its layer.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        gradients[i] = delta
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.next_activation")
def _(x, target, weights, activation):
    """Your last link is the activation that leaves each layer: the weight multiplies the one that
    enters it, which comes from the layer before.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        gradients[i] = delta * a[i + 1]
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.no_slopes")
def _(x, target, weights, activation):
    """Your gradients pass through the layers as if these were linear: at every layer on the way the
    slope of its activation is a link too.
    """
    _, a = forward_chain(x, weights, activation)
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        gradients[i] = delta * a[i]
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.output_slope_missing")
def _(x, target, weights, activation):
    """One link is missing from all your gradients, the slope of the output layer's activation: with
    this squared error nothing cancels it.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        if i < len(weights) - 1:
            delta = delta * slopes[i]
        gradients[i] = delta * a[i]
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.no_weights")
def _(x, target, weights, activation):
    """Your last gradient is right, but the weights between the layers are missing from the earlier
    ones: going back through a layer also multiplies by its weight.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        gradients[i] = delta * a[i]
    return gradients


@mistake("layer_gradients.own_weight")
def _(x, target, weights, activation):
    """Each of your gradients holds its own layer's weight as one link too many: only the weights of
    the later layers lie between it and the error.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i] * weights[i]
        gradients[i] = delta * a[i]
    return gradients


@mistake("layer_gradients.later_layers_missing")
def _(x, target, weights, activation):
    """Your last gradient is right, but the earlier ones jump straight to the output: the slope and
    weight of every later layer are links of their chain.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    return (a[-1] - target) * slopes * a[:-1]


@mistake("layer_gradients.activations_for_slopes")
def _(x, target, weights, activation):
    """On the way back you multiply by each layer's activation, where its slope belongs: what counts
    is how much the output changes, not how large it is.
    """
    _, a = forward_chain(x, weights, activation)
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta * a[i + 1]
        gradients[i] = delta * a[i]
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.squashed_twice")
def _(x, target, weights, activation):
    """With ReLU your gradients are right, but with sigmoid each slope is taken at the layer's
    activation: `sigmoid_derivative` expects the sum z.
    """
    _, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(a[1:]) if activation == "sigmoid" else relu_derivative(a[1:])
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        gradients[i] = delta * a[i]
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.sigmoid_slope_for_relu")
def _(x, target, weights, activation):
    """With sigmoid your gradients are right, but with ReLU they shrink as well: the slopes on the
    way back are still the sigmoid's, not those of ReLU.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z)
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        gradients[i] = delta * a[i]
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.changes_argument", side=True)
def _(x, target, weights, activation):
    """Your gradients are right, but they are written over the caller's weights: another name for an
    array is no copy, so the gradients need a new one.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = weights, a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        w = weights[i]
        gradients[i] = delta * a[i]
        delta = delta * w
    return gradients.copy()


@mistake("layer_gradients.tiny_to_zero", side=True)
def _(x, target, weights, activation):
    """Your gradients are right until they get very small, and then they are 0.

    A tiny gradient is not none: how tiny it is, is what this exercise is about.
    """
    z, a = forward_chain(x, weights, activation)
    slope = sigmoid_derivative if activation == "sigmoid" else relu_derivative
    gradients = np.zeros(len(weights))
    reaching = a[-1] - target
    for layer in range(len(weights) - 1, -1, -1):
        reaching = reaching * slope(float(z[layer]))
        gradients[layer] = reaching * a[layer]
        reaching = reaching * weights[layer]
    return np.where(np.abs(gradients) < 1e-10, 0.0, gradients)


@mistake("layer_gradients.no_value_error", side=True)
def _(x, target, weights, activation):
    """An activation that is neither sigmoid nor relu passes unnoticed here.

    Somebody who misspells the name should be told, with a ValueError, before numbers mislead them.
    """
    name = activation if activation == "sigmoid" else "relu"
    z, a = forward_chain(x, weights, name)
    slope = sigmoid_derivative if name == "sigmoid" else relu_derivative
    gradients = np.zeros(len(weights))
    reaching = a[-1] - target
    for layer in range(len(weights) - 1, -1, -1):
        reaching = reaching * slope(float(z[layer]))
        gradients[layer] = reaching * a[layer]
        reaching = reaching * weights[layer]
    return gradients


@mistake("layer_gradients.from_error")
def _(x, target, weights, activation):
    """Your chain starts from the error itself: its first link is the error's slope, the output
    minus the target.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = np.zeros(len(weights)), (a[-1] - target) ** 2 / 2
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        gradients[i] = delta * a[i]
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.quarter_slopes")
def _(x, target, weights, activation):
    """For the sigmoid you take a quarter as every slope: that is the most it can be, and only where
    z is 0. Your ReLU gradients are right.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = np.full(len(weights), 0.25) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        gradients[i] = delta * a[i]
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.relu_always_open")
def _(x, target, weights, activation):
    """Your sigmoid gradients are right, but your ReLU has slope 1 everywhere: where z is negative
    its slope is 0, and nothing comes back through it.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else np.ones(len(weights))
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta * slopes[i]
        gradients[i] = delta * a[i]
        delta = delta * weights[i]
    return gradients


@mistake("layer_gradients.added")
def _(x, target, weights, activation):
    """You add a layer's links where a chain multiplies them: each link says how strongly one number
    passes a change on to the next.
    """
    z, a = forward_chain(x, weights, activation)
    slopes = sigmoid_derivative(z) if activation == "sigmoid" else relu_derivative(z)
    gradients, delta = np.zeros(len(weights)), a[-1] - target
    for i in reversed(range(len(weights))):
        delta = delta + slopes[i]
        gradients[i] = delta * a[i]
        delta = delta * weights[i]
    return gradients


@mistake("vanishing_ratio.inverted")
def _(gradients):
    """Your ratio is upside down and grows as the gradient vanishes: the first layer's size is
    measured against the last one's.
    """
    return abs(gradients[-1]) / abs(gradients[0])


@mistake("vanishing_ratio.signed")
def _(gradients):
    """Your ratio comes out negative where the two gradients point in different directions: only
    their sizes are compared here.
    """
    return gradients[0] / gradients[-1]


@mistake("vanishing_ratio.difference")
def _(gradients):
    """Your answer says how far apart the two sizes are, which is small for any small gradients: how
    many times smaller one is needs a division.
    """
    return abs(gradients[-1]) - abs(gradients[0])


@mistake("vanishing_ratio.second_layer")
def _(gradients):
    """You compare the second layer with the last one: Python counts from 0, so the first layer's
    gradient is one place further to the front.
    """
    return abs(gradients[1]) / abs(gradients[-1])


@mistake("vanishing_ratio.to_second")
def _(gradients):
    """Your first layer is measured against its neighbour: how much vanishes on the whole way shows
    only beside the last layer.
    """
    return abs(gradients[0]) / abs(gradients[1])


@mistake("vanishing_ratio.to_largest")
def _(gradients):
    """You divide by the largest gradient, wherever it is: the last layer's is asked for, and it
    need not be the largest.
    """
    return abs(gradients[0]) / np.max(np.abs(gradients))


@mistake("vanishing_ratio.smallest_to_largest")
def _(gradients):
    """You compare the smallest gradient with the largest, wherever they are: the first and the last
    layer are meant, whatever their sizes.
    """
    return np.min(np.abs(gradients)) / np.max(np.abs(gradients))


@mistake("vanishing_ratio.to_sum")
def _(gradients):
    """Your ratio is the first layer's share of all the gradients together, which falls with every
    layer added: only the last one is the measure.
    """
    return abs(gradients[0]) / np.sum(np.abs(gradients))


@mistake("vanishing_ratio.one_a_layer")
def _(gradients):
    """You measure every layer against the last and return them all: a single number is asked for,
    that of the first layer.
    """
    return np.abs(gradients) / abs(gradients[-1])


@mistake("vanishing_ratio.rounds")
def _(gradients):
    """Your ratio is right only to a few decimals: do not round inside the function, since vanishing
    gradients live in the digits that this cuts off.
    """
    return round(float(abs(gradients[0]) / abs(gradients[-1])), 3)


@mistake("vanishing_ratio.changes_argument", side=True)
def _(gradients):
    """Your ratio is right, but the caller's gradients have lost their signs: the sizes were written
    into the same array, and need a place of their own.
    """
    for i in range(len(gradients)):
        gradients[i] = abs(gradients[i])
    return gradients[0] / gradients[-1]


@mistake("sigmoid_gradient_bound.product")
def _(depth):
    """Your bound grows with the depth: each sigmoid multiplies the gradient by a quarter at most,
    so the quarters multiply and do not add up.
    """
    return 0.25 * depth


@mistake("sigmoid_gradient_bound.one_more")
def _(depth):
    """Your bound holds one quarter too many: without any sigmoid nothing shrinks, so a depth of 0
    must leave 1.
    """
    return 0.25 ** (depth + 1)


@mistake("sigmoid_gradient_bound.one_less")
def _(depth):
    """Your bound holds one quarter too few and is 4 without any sigmoid: every layer that the
    gradient passes counts, the first one too.
    """
    return 0.25 ** (depth - 1)


@mistake("sigmoid_gradient_bound.loop_starts_late")
def _(depth):
    """Your loop makes one round too few: one sigmoid already lets only a quarter through, and your
    bound is still 1 there.
    """
    bound = 1.0
    for _ in range(1, depth):
        bound *= 0.25
    return bound


@mistake("sigmoid_gradient_bound.half")
def _(depth):
    """Each of your sigmoids lets a half through: that is its value at 0, while its slope there, the
    steepest it has, is smaller.
    """
    return 0.5**depth


@mistake("sigmoid_gradient_bound.slope_one")
def _(depth):
    """Your bound stays at 1 however deep the network is: a slope of 1 is the most for ReLU or tanh,
    but a sigmoid is never that steep.
    """
    return 1.0


@mistake("sigmoid_gradient_bound.constant")
def _(depth):
    """Your bound is a quarter at every depth, as if there were only one sigmoid: the gradient
    passes each of them, and each one shrinks it.
    """
    return 0.25


@mistake("sigmoid_gradient_bound.inverted")
def _(depth):
    """Your bound explodes with the depth, upside down: every sigmoid leaves a quarter at most, so
    deeper must mean smaller.
    """
    return 4.0**depth


@mistake("sigmoid_gradient_bound.swapped")
def _(depth):
    """Base and exponent have changed places, so your bound grows with the depth: the slope is what
    is multiplied, the depth says how often.
    """
    return depth**0.25


@mistake("sigmoid_gradient_bound.divides_by_depth")
def _(depth):
    """Your bound falls far too slowly, as one over four times the depth: each further sigmoid
    divides what is left by 4 once more.
    """
    return 1 / (4 * depth)


@mistake("sigmoid_gradient_bound.starts_at_zero")
def _(depth):
    """Your bound is 0 at every depth: a product that starts from 0 stays there, so begin with the
    number that multiplying leaves as it is.
    """
    bound = 0.0
    for _ in range(depth):
        bound *= 0.25
    return bound


@mistake("sigmoid_gradient_bound.zero_without_layers", side=True)
def _(depth):
    """All is right but a depth of 0, where yours is 0: with no sigmoid in the way the gradient
    arrives whole.
    """
    return 0.25**depth if depth > 0 else 0.0


@mistake("sigmoid_gradient_bound.one_a_layer")
def _(depth):
    """You return the bound after each layer: a single number is asked for, what is left once the
    gradient has passed all of them.
    """
    return np.array([0.25 ** (i + 1) for i in range(depth)])


@mistake("sigmoid_gradient_bound.rounds")
def _(depth):
    """Your bound is right to a few decimals only, and 0 for many layers: do not round it, since it
    becomes tiny but never nothing.
    """
    return round(0.25**depth, 6)

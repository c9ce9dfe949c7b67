"""What learners get wrong in the exercises of `backpropagation`."""

import math

import numpy as np

from autograder.mistakes.catalogue import mistake

from ...solutions.backpropagation import (
    backward,
    error,
    error_slope,
    forward,
    gradient_b1,
    gradient_b2,
    gradient_w1,
    gradient_w2,
    sigmoid,
    sigmoid_slope,
    update_parameters,
    weighted_sum,
)


@mistake("weighted_sum.no_bias")
def _(x, w, b):
    """Your sum ignores the bias: the neuron adds it after weighting its input."""
    return w * x


@mistake("weighted_sum.minus_bias")
def _(x, w, b):
    """Your sum is off by twice the bias: the bias is added to it, not taken away."""
    return w * x - b


@mistake("weighted_sum.added")
def _(x, w, b):
    """You add the weight to the input.

    A weight scales its input, so the two are multiplied; only the bias is added.
    """
    return x + w + b


@mistake("weighted_sum.product")
def _(x, w, b):
    """Your bias multiplies the weighted input, where it should be added to it."""
    return w * x * b


@mistake("weighted_sum.bias_weighted")
def _(x, w, b):
    """Your weight scales the bias too: it belongs to the input alone."""
    return w * (x + b)


@mistake("weighted_sum.swapped")
def _(x, w, b):
    """Weight and bias have changed places: the weight is what the input is multiplied by."""
    return b * x + w


@mistake("weighted_sum.squashed")
def _(x, w, b):
    """Your result has been through the sigmoid already.

    Here only the sum is asked for; the activation comes after it.
    """
    return sigmoid(w * x + b)


@mistake("weighted_sum.pair")
def _(x, w, b):
    """Two numbers come back, the weighted input and the bias: the neuron adds them to one sum."""
    return w * x, b


@mistake("sigmoid.sign")
def _(z):
    """Your curve is mirrored: it falls where it should rise.

    Look at the sign in the exponent: the exponential should fade as z grows.
    """
    return 1 / (1 + np.exp(z))


@mistake("sigmoid.no_one")
def _(z):
    """Your values grow without limit: what keeps a sigmoid under 1 is the 1 in the denominator."""
    return 1 / np.exp(-z)


@mistake("sigmoid.minus")
def _(z):
    """Your values leave the range from 0 to 1, and break down at z = 0.

    The denominator adds the exponential to 1; it does not subtract it.
    """
    return 1 / (1 - np.exp(-z))


@mistake("sigmoid.precedence")
def _(z):
    """All your values are above 1: the division takes only the 1 and leaves the rest outside.

    The whole sum belongs under the line, so it needs parentheses.
    """
    return 1 / 1 + np.exp(-z)


@mistake("sigmoid.tanh")
def _(z):
    """Your curve runs from -1 to 1: that is the tanh; a sigmoid runs from 0 to 1."""
    return np.tanh(z)


@mistake("sigmoid.slope")
def _(z):
    """Your values are largest at z = 0 and never above 1/4: that is the slope of the sigmoid.

    Its value is asked for here.
    """
    return np.exp(-z) / (1 + np.exp(-z)) ** 2


@mistake("sigmoid.normalised")
def _(z):
    """Each of your values depends on the rest of z, as in a softmax: a sigmoid sees just one."""
    return np.exp(z) / np.sum(np.exp(z))


@mistake("sigmoid.step")
def _(z):
    """Your neuron jumps from 0 to 1: a sigmoid climbs smoothly, which is what gives it a slope."""
    return np.where(np.asarray(z) > 0, 1.0, 0.0)


@mistake("sigmoid.short_e")
def _(z):
    """Your values are nearly right: e is typed in with too few digits.

    NumPy's exponential function has them all.
    """
    return 1 / (1 + 2.718 ** (-z))


@mistake("sigmoid.rounded")
def _(z):
    """Your values are rounded: keep every digit, since the next neuron computes on with them."""
    return np.round(1 / (1 + np.exp(-z)), 4)


@mistake("sigmoid.pair")
def _(z):
    """You return the slope along with the value: only the sigmoid itself is asked for."""
    s = 1 / (1 + np.exp(-z))
    return s, s * (1 - s)


@mistake("sigmoid.numbers_only")
def _(z):
    """Your function works for a single number, but not for an array.

    The exponential of the `math` module takes one number; NumPy's takes both.
    """
    return 1 / (1 + math.exp(-z))


@mistake("sigmoid.arrays_only", side=True)
def _(z):
    """Yours is right for arrays and fails for a plain number, which has no shape or index.

    The formula itself needs neither.
    """
    out = np.zeros(z.shape)
    out[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    out[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return out


@mistake("sigmoid.changes_argument", side=True)
def _(z):
    """The values are right, but you write into the caller's z: work on a new array instead."""
    z *= -1
    return 1 / (1 + np.exp(z))


@mistake("forward.activations_only")
def _(x, w1, b1, w2, b2):
    """Only the two activations come back.

    The sums are wanted as well: each neuron gives its sum and then its activation.
    """
    a1 = sigmoid(w1 * x + b1)
    return a1, sigmoid(w2 * a1 + b2)


@mistake("forward.order")
def _(x, w1, b1, w2, b2):
    """Your four values are right, but both sums come first.

    They are asked for neuron by neuron: each one's sum, then its activation.
    """
    z1 = weighted_sum(x, w1, b1)
    z2 = weighted_sum(sigmoid(z1), w2, b2)
    return z1, z2, sigmoid(z1), sigmoid(z2)


@mistake("forward.no_bias_1")
def _(x, w1, b1, w2, b2):
    """Your first neuron leaves out its bias, and every value after it is off in turn."""
    a1 = sigmoid(w1 * x)
    z2 = w2 * a1 + b2
    return w1 * x, a1, z2, sigmoid(z2)


@mistake("forward.no_bias_2")
def _(x, w1, b1, w2, b2):
    """Your first neuron is right; the second leaves out its bias, so its sum is off by that."""
    z1 = w1 * x + b1
    a1 = sigmoid(z1)
    return z1, a1, w2 * a1, sigmoid(w2 * a1)


@mistake("forward.second_fed_x")
def _(x, w1, b1, w2, b2):
    """Your second neuron sees x, as if the first were not there: in a chain it sees what comes out.

    Its input is the first one's activation.
    """
    z1 = w1 * x + b1
    z2 = w2 * x + b2
    return z1, sigmoid(z1), z2, sigmoid(z2)


@mistake("forward.second_fed_z1")
def _(x, w1, b1, w2, b2):
    """Your second neuron gets the first one's raw sum: it should get the activation made of it."""
    z1 = w1 * x + b1
    z2 = w2 * z1 + b2
    return z1, sigmoid(z1), z2, sigmoid(z2)


@mistake("forward.last_open")
def _(x, w1, b1, w2, b2):
    """Your last two values are equal: the second neuron's sum still has to pass the sigmoid."""
    z1 = w1 * x + b1
    a1 = sigmoid(z1)
    z2 = w2 * a1 + b2
    return z1, a1, z2, z2


@mistake("forward.minus_bias")
def _(x, w1, b1, w2, b2):
    """Both of your neurons take their bias away: a bias is added to the weighted input."""
    z1 = w1 * x - b1
    a1 = sigmoid(z1)
    z2 = w2 * a1 - b2
    return z1, a1, z2, sigmoid(z2)


@mistake("forward.bias_multiplied")
def _(x, w1, b1, w2, b2):
    """Your biases multiply: the weight is there to scale, the bias is added and shifts."""
    z1 = w1 * x * b1
    a1 = sigmoid(z1)
    z2 = w2 * a1 * b2
    return z1, a1, z2, sigmoid(z2)


@mistake("forward.biases_swapped")
def _(x, w1, b1, w2, b2):
    """Your neurons have each other's bias: the first of the two belongs to the first neuron."""
    z1 = w1 * x + b2
    a1 = sigmoid(z1)
    z2 = w2 * a1 + b1
    return z1, a1, z2, sigmoid(z2)


@mistake("forward.bias_1_twice")
def _(x, w1, b1, w2, b2):
    """Both of your neurons use the first bias: the second neuron has one of its own."""
    z1 = w1 * x + b1
    a1 = sigmoid(z1)
    z2 = w2 * a1 + b1
    return z1, a1, z2, sigmoid(z2)


@mistake("forward.same_neuron_twice")
def _(x, w1, b1, w2, b2):
    """The second neuron repeats the first: it has a weight and a bias of its own."""
    z1 = w1 * x + b1
    a1 = sigmoid(z1)
    z2 = w1 * a1 + b1
    return z1, a1, z2, sigmoid(z2)


@mistake("forward.squashed_first")
def _(x, w1, b1, w2, b2):
    """Your neurons add the bias after the sigmoid: it belongs to the sum that goes in."""
    z1 = w1 * x
    a1 = sigmoid(z1) + b1
    z2 = w2 * a1
    return z1, a1, z2, sigmoid(z2) + b2


@mistake("forward.rounded")
def _(x, w1, b1, w2, b2):
    """Your values are rounded: keep every digit here, and round only what you print."""
    z1 = round(w1 * x + b1, 4)
    a1 = round(float(sigmoid(z1)), 4)
    z2 = round(w2 * a1 + b2, 4)
    return z1, a1, z2, round(float(sigmoid(z2)), 4)


@mistake("error.no_half")
def _(target, a2):
    """Your error is exactly twice as large as it should be: only half of the square counts."""
    return (target - a2) ** 2


@mistake("error.not_squared")
def _(target, a2):
    """Your error can be negative, and a miss on that side seems better than a hit.

    The square makes every miss count as one.
    """
    return 0.5 * (target - a2)


@mistake("error.absolute")
def _(target, a2):
    """You take the size of the miss, not its square, so large misses do not weigh enough."""
    return 0.5 * abs(target - a2)


@mistake("error.sign")
def _(target, a2):
    """Your error is negative, but half of a square never is.

    Training looks for the smallest error: yours would push the output away.
    """
    return -0.5 * (target - a2) ** 2


@mistake("error.half_inside")
def _(target, a2):
    """Your error is half of what it should be, because the half gets squared as well.

    Square the difference first, and halve the result.
    """
    return (0.5 * (target - a2)) ** 2


@mistake("error.root")
def _(target, a2):
    """You undo the square by a root at the end: the half of the square itself is the error."""
    return math.sqrt(0.5 * (target - a2) ** 2)


@mistake("error.added")
def _(target, a2):
    """Your error adds target and output: how far apart they are is their difference."""
    return 0.5 * (target + a2) ** 2


@mistake("error.difference_of_squares")
def _(target, a2):
    """You square target and output separately: it is their difference that gets squared."""
    return 0.5 * (target**2 - a2**2)


@mistake("error.precedence")
def _(target, a2):
    """The square and the half each reach one of the two numbers only.

    Both apply to the difference as a whole, which parentheses keep together.
    """
    return 0.5 * target - a2**2


@mistake("error.integer_division")
def _(target, a2):
    """Your error is always 0.

    If the half in it is written with two slashes, that is why: they divide to whole numbers, and
    leave none of one half.
    """
    return 1 // 2 * (target - a2) ** 2


@mistake("error.cross_entropy")
def _(target, a2):
    """You compute the cross-entropy, with its logarithms: this error is half a squared miss."""
    return -(target * math.log(a2) + (1 - target) * math.log(1 - a2))


@mistake("error_slope.sign")
def _(target, a2):
    """Your slope has the other sign: where the output is too large, the error grows along with it.

    The inner derivative of the difference brings in a minus.
    """
    return target - a2


@mistake("error_slope.factor_2")
def _(target, a2):
    """Your slope is twice as steep: the 2 that the square brings down cancels with the half."""
    return -2 * (target - a2)


@mistake("error_slope.half")
def _(target, a2):
    """Your slope is half as steep as it should be: the square brings down a 2 for the half."""
    return -0.5 * (target - a2)


@mistake("error_slope.is_error")
def _(target, a2):
    """You return the error itself: its slope says how fast it changes as the output changes."""
    return 0.5 * (target - a2) ** 2


@mistake("error_slope.squared")
def _(target, a2):
    """Your difference is still squared: the derivative of a square has lost one power."""
    return -((target - a2) ** 2)


@mistake("error_slope.absolute")
def _(target, a2):
    """Your slope is never negative: its sign tells which way the output has to move, so keep it."""
    return abs(target - a2)


@mistake("error_slope.direction")
def _(target, a2):
    """Only the direction is left in your slope: the further off the output, the steeper it is."""
    return np.sign(a2 - target)


@mistake("error_slope.precedence")
def _(target, a2):
    """Your minus reaches the target only, so the two are added up instead of compared."""
    return -target - a2


@mistake("error_slope.through_neuron")
def _(target, a2):
    """You went one link too far: the slope of the neuron belongs to the next step of the chain.

    This one ends at the output.
    """
    return -(target - a2) * a2 * (1 - a2)


@mistake("error_slope.cross_entropy")
def _(target, a2):
    """Your slope is that of the cross-entropy: for half the squared miss nothing is divided."""
    return -(target - a2) / (a2 * (1 - a2))


@mistake("sigmoid_slope.squashes")
def _(a):
    """You squash a once more: it is the activation already, so the sigmoid is behind it."""
    return sigmoid(a) * (1 - sigmoid(a))


@mistake("sigmoid_slope.sign")
def _(a):
    """Your slopes are negative: a sigmoid always rises, so its slope is never below 0."""
    return a * (a - 1)


@mistake("sigmoid_slope.no_a")
def _(a):
    """One of the two factors is missing: your slope is largest where a is near 0.

    A neuron that is nearly off is flat: the slope fades there, as it does near 1.
    """
    return 1 - a


@mistake("sigmoid_slope.is_activation")
def _(a):
    """You return the activation itself: its slope also shrinks as the activation nears 1."""
    return a


@mistake("sigmoid_slope.plus")
def _(a):
    """Your slopes exceed 1/4: the second factor is what is left up to 1, so subtract."""
    return a * (1 + a)


@mistake("sigmoid_slope.square")
def _(a):
    """You multiply a by itself: the other factor is the distance that is left up to 1."""
    return a * a


@mistake("sigmoid_slope.tanh")
def _(a):
    """Yours is the slope of a tanh, which is 1 where a is 0.

    The sigmoid is flat there: its slope has two factors and never exceeds 1/4.
    """
    return 1 - a**2


@mistake("sigmoid_slope.precedence")
def _(a):
    """Your slopes are all 0: the difference needs parentheses, or only the 1 is multiplied."""
    return a * 1 - a


@mistake("sigmoid_slope.quarter")
def _(a):
    """You give the same slope everywhere: 1/4 is the steepest, reached only where a is 1/2."""
    return 0.25 * np.ones(np.shape(a))


@mistake("sigmoid_slope.inverted")
def _(a):
    """Your slope is upside down, dz/da: how fast the activation follows z is the reciprocal."""
    return 1 / (a * (1 - a))


@mistake("sigmoid_slope.pair")
def _(a):
    """You return the activation along with the slope: only the slope is asked for."""
    return a, a * (1 - a)


@mistake("sigmoid_slope.numbers_only")
def _(a):
    """Your `if` asks one question of a whole array, which has no single answer.

    The formula needs no `if`, and then serves numbers and arrays alike.
    """
    if a <= 0 or a >= 1:
        return 0.0
    return a * (1 - a)


@mistake("sigmoid_slope.arrays_only", side=True)
def _(a):
    """Yours is right for arrays and fails for a plain number, which has no shape or index.

    The formula itself needs neither.
    """
    slopes = np.zeros(a.shape)
    slopes[...] = a * (1 - a)
    return slopes


@mistake("sigmoid_slope.changes_argument", side=True)
def _(a):
    """The slopes are right, but they overwrite the caller's activations: return a new array."""
    a *= 1 - a
    return a


@mistake("gradient_w2.sign")
def _(target, a1, a2):
    """Your gradient points the other way: the slope of the error is output minus target.

    One minus is missing or one too many.
    """
    return (target - a2) * a2 * (1 - a2) * a1


@mistake("gradient_w2.factor_2")
def _(target, a1, a2):
    """Your gradient is exactly twice as large as it should be.

    The 2 that comes down from the square cancels with the half in the error.
    """
    return -2 * (target - a2) * a2 * (1 - a2) * a1


@mistake("gradient_w2.half")
def _(target, a1, a2):
    """Your gradient is half of what it should be: one half too many is left in it.

    Differentiating the square brings down a 2, which uses up the half of the error.
    """
    return -0.5 * (target - a2) * a2 * (1 - a2) * a1


@mistake("gradient_w2.no_a1")
def _(target, a1, a2):
    """The last link is missing: this weight multiplies the first activation.

    The larger that input, the more a change of the weight does.
    """
    return gradient_b2(target, a2)


@mistake("gradient_w2.no_slope_2")
def _(target, a1, a2):
    """Your gradient lacks the slope of the second neuron.

    From output back to sum, the error passes through the sigmoid.
    """
    return -(target - a2) * a1


@mistake("gradient_w2.no_error")
def _(target, a1, a2):
    """The first link is missing: your gradient does not depend on how far off the output is."""
    return a2 * (1 - a2) * a1


@mistake("gradient_w2.a2_for_a1")
def _(target, a1, a2):
    """Your last link is the neuron's own output: what the weight multiplies is its input."""
    return gradient_b2(target, a2) * a2


@mistake("gradient_w2.slope_2_again")
def _(target, a1, a2):
    """You squash the second activation once more to get the slope: it has been squashed already."""
    s = sigmoid(a2)
    return -(target - a2) * s * (1 - s) * a1


@mistake("gradient_w2.slope_2_square")
def _(target, a1, a2):
    """Your slope of the second neuron is its activation squared.

    One of the two factors is what is left up to 1.
    """
    return -(target - a2) * a2 * a2 * a1


@mistake("gradient_w2.slope_2_plus")
def _(target, a1, a2):
    """Your slope of the second neuron adds where it should subtract: it is never above 1/4."""
    return -(target - a2) * a2 * (1 + a2) * a1


@mistake("gradient_w2.slope_1_for_2")
def _(target, a1, a2):
    """You use the slope of the first neuron: this weight sits in the second, whose slope counts."""
    return -(target - a2) * a1 * (1 - a1) * a1


@mistake("gradient_w2.both_slopes")
def _(target, a1, a2):
    """One link too many: the first neuron's slope.

    The way back from the error to this weight does not pass through the first neuron.
    """
    return gradient_b2(target, a2) * a1 * (1 - a1)


@mistake("gradient_w2.from_error")
def _(target, a1, a2):
    """Your chain starts with the error itself: it should start with the slope of the error."""
    return error(target, a2) * a2 * (1 - a2) * a1


@mistake("gradient_w2.added")
def _(target, a1, a2):
    """You add up the links of the chain: the chain rule multiplies them."""
    return -(target - a2) + a2 * (1 - a2) + a1


@mistake("gradient_b2.sign")
def _(target, a2):
    """Your gradient points the other way: the slope of the error is output minus target.

    One minus is missing or one too many.
    """
    return (target - a2) * a2 * (1 - a2)


@mistake("gradient_b2.factor_2")
def _(target, a2):
    """Your gradient is exactly twice as large as it should be.

    The 2 that comes down from the square cancels with the half in the error.
    """
    return -2 * (target - a2) * a2 * (1 - a2)


@mistake("gradient_b2.half")
def _(target, a2):
    """Your gradient is half of what it should be: one half too many is left in it.

    Differentiating the square brings down a 2, which uses up the half of the error.
    """
    return -0.5 * (target - a2) * a2 * (1 - a2)


@mistake("gradient_b2.no_slope_2")
def _(target, a2):
    """Your gradient stops at the output: it lacks the slope of the second neuron.

    The bias sits in front of that sigmoid.
    """
    return error_slope(target, a2)


@mistake("gradient_b2.no_error")
def _(target, a2):
    """The first link is missing: your gradient does not depend on how far off the output is."""
    return sigmoid_slope(a2)


@mistake("gradient_b2.one")
def _(target, a2):
    """You return the last link alone: the sum follows the bias one to one.

    The links before it, error and neuron, still multiply that 1.
    """
    return 1.0


@mistake("gradient_b2.times_a2")
def _(target, a2):
    """One factor too many: nothing multiplies a bias, so its own link in the chain is 1."""
    return -(target - a2) * a2 * (1 - a2) * a2


@mistake("gradient_b2.slope_2_again")
def _(target, a2):
    """You squash the second activation once more to get the slope: it has been squashed already."""
    s = sigmoid(a2)
    return -(target - a2) * s * (1 - s)


@mistake("gradient_b2.slope_2_square")
def _(target, a2):
    """Your slope of the second neuron is its activation squared.

    One of the two factors is what is left up to 1.
    """
    return -(target - a2) * a2 * a2


@mistake("gradient_b2.slope_2_plus")
def _(target, a2):
    """Your slope of the second neuron adds where it should subtract: it is never above 1/4."""
    return -(target - a2) * a2 * (1 + a2)


@mistake("gradient_b2.from_error")
def _(target, a2):
    """Your chain starts with the error itself: it should start with the slope of the error."""
    return error(target, a2) * a2 * (1 - a2)


@mistake("gradient_b2.added")
def _(target, a2):
    """You add up the links of the chain: the chain rule multiplies them."""
    return -(target - a2) + a2 * (1 - a2)


@mistake("gradient_w1.sign")
def _(x, target, a1, w2, a2):
    """Your gradient points the other way: the slope of the error is output minus target.

    One minus is missing or one too many.
    """
    return (target - a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x


@mistake("gradient_w1.factor_2")
def _(x, target, a1, w2, a2):
    """Your gradient is exactly twice as large as it should be.

    The 2 that comes down from the square cancels with the half in the error.
    """
    return -2 * (target - a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x


@mistake("gradient_w1.no_x")
def _(x, target, a1, w2, a2):
    """The last link is missing: this weight multiplies the input x.

    The larger x, the more a change of the weight does.
    """
    return gradient_b2(target, a2) * w2 * a1 * (1 - a1)


@mistake("gradient_w1.no_w2")
def _(x, target, a1, w2, a2):
    """The second weight is missing: the error reaches the first neuron only through it."""
    return gradient_b2(target, a2) * a1 * (1 - a1) * x


@mistake("gradient_w1.no_slope_1")
def _(x, target, a1, w2, a2):
    """Your gradient lacks the slope of the first neuron.

    Its weight acts through its sigmoid: each neuron on the way back adds its own link.
    """
    return gradient_b2(target, a2) * w2 * x


@mistake("gradient_w1.no_slope_2")
def _(x, target, a1, w2, a2):
    """Your gradient lacks the slope of the second neuron, the first one on the error's way back."""
    return error_slope(target, a2) * w2 * a1 * (1 - a1) * x


@mistake("gradient_w1.a1_for_x")
def _(x, target, a1, w2, a2):
    """Your last link is the first neuron's output: its weight multiplies its input, which is x."""
    return gradient_b2(target, a2) * w2 * a1 * (1 - a1) * a1


@mistake("gradient_w1.like_w2")
def _(x, target, a1, w2, a2):
    """You treat the first weight like the second, with only the input exchanged.

    Two links lie between them: the second weight and the first neuron's slope.
    """
    return gradient_b2(target, a2) * x


@mistake("gradient_w1.slope_2_twice")
def _(x, target, a1, w2, a2):
    """The second neuron's slope stands twice in your chain: one of them is the first neuron's."""
    return gradient_b2(target, a2) * w2 * a2 * (1 - a2) * x


@mistake("gradient_w1.slope_1_again")
def _(x, target, a1, w2, a2):
    """You squash the first activation once more to get its slope: it has been squashed already."""
    return gradient_b2(target, a2) * w2 * sigmoid(a1) * (1 - sigmoid(a1)) * x


@mistake("gradient_w1.slope_2_again")
def _(x, target, a1, w2, a2):
    """You squash the second activation once more to get its slope: it has been squashed already."""
    s = sigmoid(a2)
    return -(target - a2) * s * (1 - s) * w2 * a1 * (1 - a1) * x


@mistake("gradient_w1.dw2_for_w2")
def _(x, target, a1, w2, a2):
    """In your chain the second weight's gradient stands where the weight itself belongs.

    The second sum follows the first activation at the rate of that weight.
    """
    return gradient_b2(target, a2) * gradient_w2(target, a1, a2) * a1 * (1 - a1) * x


@mistake("gradient_w1.from_error")
def _(x, target, a1, w2, a2):
    """Your chain starts with the error itself: it should start with the slope of the error."""
    return error(target, a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * x


@mistake("gradient_w1.added")
def _(x, target, a1, w2, a2):
    """You add up the links of the chain: the chain rule multiplies them."""
    return -(target - a2) + a2 * (1 - a2) + w2 + a1 * (1 - a1) + x


@mistake("gradient_b1.sign")
def _(target, a1, w2, a2):
    """Your gradient points the other way: the slope of the error is output minus target.

    One minus is missing or one too many.
    """
    return (target - a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1)


@mistake("gradient_b1.factor_2")
def _(target, a1, w2, a2):
    """Your gradient is exactly twice as large as it should be.

    The 2 that comes down from the square cancels with the half in the error.
    """
    return -2 * (target - a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1)


@mistake("gradient_b1.is_b2")
def _(target, a1, w2, a2):
    """Your first bias gets the second one's gradient.

    On the way from one to the other lie the second weight and the first neuron's slope.
    """
    return gradient_b2(target, a2)


@mistake("gradient_b1.no_w2")
def _(target, a1, w2, a2):
    """The second weight is missing: the error reaches the first neuron only through it."""
    return gradient_b2(target, a2) * a1 * (1 - a1)


@mistake("gradient_b1.no_slope_1")
def _(target, a1, w2, a2):
    """Your gradient lacks the slope of the first neuron.

    Its bias acts through its sigmoid: each neuron on the way back adds its own link.
    """
    return gradient_b2(target, a2) * w2


@mistake("gradient_b1.no_slope_2")
def _(target, a1, w2, a2):
    """Your gradient lacks the slope of the second neuron, the first one on the error's way back."""
    return error_slope(target, a2) * w2 * a1 * (1 - a1)


@mistake("gradient_b1.one")
def _(target, a1, w2, a2):
    """You return the last link alone: the sum follows its bias one to one.

    All the links before it still multiply that 1.
    """
    return 1.0


@mistake("gradient_b1.times_a1")
def _(target, a1, w2, a2):
    """One factor too many: nothing multiplies a bias, so its own link in the chain is 1."""
    return gradient_b2(target, a2) * w2 * a1 * (1 - a1) * a1


@mistake("gradient_b1.slope_2_twice")
def _(target, a1, w2, a2):
    """The second neuron's slope stands twice in your chain: one of them is the first neuron's."""
    return gradient_b2(target, a2) * w2 * a2 * (1 - a2)


@mistake("gradient_b1.slope_1_again")
def _(target, a1, w2, a2):
    """You squash the first activation once more to get its slope: it has been squashed already."""
    return gradient_b2(target, a2) * w2 * sigmoid(a1) * (1 - sigmoid(a1))


@mistake("gradient_b1.slope_2_again")
def _(target, a1, w2, a2):
    """You squash the second activation once more to get its slope: it has been squashed already."""
    s = sigmoid(a2)
    return -(target - a2) * s * (1 - s) * w2 * a1 * (1 - a1)


@mistake("gradient_b1.dw2_for_w2")
def _(target, a1, w2, a2):
    """In your chain the second weight's gradient stands where the weight itself belongs.

    The second sum follows the first activation at the rate of that weight.
    """
    return gradient_b2(target, a2) * gradient_w2(target, a1, a2) * a1 * (1 - a1)


@mistake("gradient_b1.from_error")
def _(target, a1, w2, a2):
    """Your chain starts with the error itself: it should start with the slope of the error."""
    return error(target, a2) * a2 * (1 - a2) * w2 * a1 * (1 - a1)


@mistake("gradient_b1.added")
def _(target, a1, w2, a2):
    """You add up the links of the chain: the chain rule multiplies them."""
    return -(target - a2) + a2 * (1 - a2) + w2 + a1 * (1 - a1)


@mistake("backward.second_first")
def _(x, target, w1, b1, w2, b2):
    """Your four gradients are right, but the second neuron's come first.

    They are found from back to front, and handed over from front to back.
    """
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    d2 = -(target - a2) * a2 * (1 - a2)
    d1 = d2 * w2 * a1 * (1 - a1)
    return d2 * a1, d2, d1 * x, d1


@mistake("backward.weights_first")
def _(x, target, w1, b1, w2, b2):
    """Your four gradients are right, but both weights come first.

    They are asked for neuron by neuron, the bias after its weight.
    """
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    d2 = -(target - a2) * a2 * (1 - a2)
    d1 = d2 * w2 * a1 * (1 - a1)
    return d1 * x, d2 * a1, d1, d2


@mistake("backward.weights_only")
def _(x, target, w1, b1, w2, b2):
    """Only the weights' gradients come back: biases learn too, and need theirs."""
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    return gradient_w1(x, target, a1, w2, a2), gradient_w2(target, a1, a2)


@mistake("backward.sign")
def _(x, target, w1, b1, w2, b2):
    """All four of your gradients point the other way.

    The minus of the descent belongs to the update; here the plain slopes are wanted.
    """
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    d2 = (target - a2) * a2 * (1 - a2)
    d1 = d2 * w2 * a1 * (1 - a1)
    return d1 * x, d1, d2 * a1, d2


@mistake("backward.factor_2")
def _(x, target, w1, b1, w2, b2):
    """All four of your gradients are exactly twice as large as they should be.

    The 2 that comes down from the square cancels with the half in the error.
    """
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    d2 = -2 * (target - a2) * a2 * (1 - a2)
    d1 = d2 * w2 * a1 * (1 - a1)
    return d1 * x, d1, d2 * a1, d2


@mistake("backward.same_bias")
def _(x, target, w1, b1, w2, b2):
    """Both biases get the second one's gradient: the first has further links in its chain."""
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    db2 = gradient_b2(target, a2)
    return gradient_w1(x, target, a1, w2, a2), db2, gradient_w2(target, a1, a2), db2


@mistake("backward.biases_like_weights")
def _(x, target, w1, b1, w2, b2):
    """Your biases get the weights' gradients: no input multiplies a bias, so that link is 1."""
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    dw1, dw2 = gradient_w1(x, target, a1, w2, a2), gradient_w2(target, a1, a2)
    return dw1, dw1, dw2, dw2


@mistake("backward.no_w2")
def _(x, target, w1, b1, w2, b2):
    """The second weight is missing: the error reaches the first neuron only through it."""
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    d2 = -(target - a2) * a2 * (1 - a2)
    d1 = d2 * a1 * (1 - a1)
    return d1 * x, d1, d2 * a1, d2


@mistake("backward.no_slope_1")
def _(x, target, w1, b1, w2, b2):
    """Your first neuron's gradients lack its own slope: the error passes back through it, too."""
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    d2 = -(target - a2) * a2 * (1 - a2)
    d1 = d2 * w2
    return d1 * x, d1, d2 * a1, d2


@mistake("backward.no_slope_2")
def _(x, target, w1, b1, w2, b2):
    """All four of your gradients lack the slope of the second neuron: every way back crosses it."""
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    d2 = -(target - a2)
    d1 = d2 * w2 * a1 * (1 - a1)
    return d1 * x, d1, d2 * a1, d2


@mistake("backward.w1_for_w2")
def _(x, target, w1, b1, w2, b2):
    """You send the error back through the first weight: what joins the neurons is the second."""
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    d2 = -(target - a2) * a2 * (1 - a2)
    d1 = d2 * w1 * a1 * (1 - a1)
    return d1 * x, d1, d2 * a1, d2


@mistake("backward.slopes_of_z")
def _(x, target, w1, b1, w2, b2):
    """You compute the slopes of both neurons from their sums: the rule is for activations."""
    z1, a1, z2, a2 = forward(x, w1, b1, w2, b2)
    d2 = -(target - a2) * z2 * (1 - z2)
    d1 = d2 * w2 * z1 * (1 - z1)
    return d1 * x, d1, d2 * a1, d2


@mistake("backward.updates")
def _(x, target, w1, b1, w2, b2):
    """You return parameters that have moved already: only their gradients are asked for.

    The step comes later, with a learning rate.
    """
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    d2 = -(target - a2) * a2 * (1 - a2)
    d1 = d2 * w2 * a1 * (1 - a1)
    return w1 - 0.5 * d1 * x, b1 - 0.5 * d1, w2 - 0.5 * d2 * a1, b2 - 0.5 * d2


@mistake("backward.w2_updated")
def _(x, target, w1, b1, w2, b2):
    """You update the second weight before the first neuron's gradients are taken.

    All four belong to the parameters as they were given.
    """
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    d2 = -(target - a2) * a2 * (1 - a2)
    dw2 = d2 * a1
    w2 = w2 - 0.5 * dw2
    d1 = d2 * w2 * a1 * (1 - a1)
    return d1 * x, d1, dw2, d2


@mistake("backward.biases_frozen")
def _(x, target, w1, b1, w2, b2):
    """Both biases get a gradient of 0, so they would never learn.

    A bias moves its neuron's sum just as a weight does, with a last link of 1.
    """
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    return gradient_w1(x, target, a1, w2, a2), 0.0, gradient_w2(target, a1, a2), 0.0


@mistake("update_parameters.sign")
def _(parameters, gradients, learning_rate):
    """Your parameters climb: the gradient points uphill, so a step down goes against it."""
    return tuple(p + learning_rate * g for p, g in zip(parameters, gradients, strict=True))


@mistake("update_parameters.no_rate")
def _(parameters, gradients, learning_rate):
    """Your steps are whole gradients: the learning rate says what share of each to take."""
    return tuple(p - g for p, g in zip(parameters, gradients, strict=True))


@mistake("update_parameters.rate_written_in")
def _(parameters, gradients, learning_rate):
    """Your steps suit a learning rate of 0.5 only: use the one that is passed in."""
    return tuple(p - 0.5 * g for p, g in zip(parameters, gradients, strict=True))


@mistake("update_parameters.step_only")
def _(parameters, gradients, learning_rate):
    """You return the steps themselves: take them away from the parameters to get the new ones."""
    return tuple(learning_rate * g for g in gradients)


@mistake("update_parameters.minus_step")
def _(parameters, gradients, learning_rate):
    """Only minus the step is left: your old parameters, where it starts, are lost.

    Look whether a minus has slipped behind the equals sign.
    """
    return tuple(-learning_rate * g for g in gradients)


@mistake("update_parameters.biases_frozen")
def _(parameters, gradients, learning_rate):
    """Your biases come back unchanged: they learn by the same rule as the weights."""
    w1, b1, w2, b2 = parameters
    return w1 - learning_rate * gradients[0], b1, w2 - learning_rate * gradients[2], b2


@mistake("update_parameters.same_gradient")
def _(parameters, gradients, learning_rate):
    """All your parameters move by the first one's gradient: each has one of its own."""
    return tuple(p - learning_rate * gradients[0] for p in parameters)


@mistake("update_parameters.early_return")
def _(parameters, gradients, learning_rate):
    """One number comes back where four are asked for.

    Is the `return` inside a loop? Then it ends it after the first parameter.
    """
    for p, g in zip(parameters, gradients, strict=True):
        return p - learning_rate * g


@mistake("update_parameters.weights_first")
def _(parameters, gradients, learning_rate):
    """Your new values are right, but out of order: each bias comes directly after its weight."""
    w1, b1, w2, b2 = (p - learning_rate * g for p, g in zip(parameters, gradients, strict=True))
    return w1, w2, b1, b2


@mistake("update_parameters.reversed")
def _(parameters, gradients, learning_rate):
    """You pair the first parameter with the last gradient: both tuples have the same order."""
    return tuple(p - learning_rate * g for p, g in zip(parameters, gradients[::-1], strict=True))


@mistake("update_parameters.direction")
def _(parameters, gradients, learning_rate):
    """Every step of yours has the same length: the steeper the slope, the longer it should be."""
    return tuple(p - learning_rate * np.sign(g) for p, g in zip(parameters, gradients, strict=True))


@mistake("update_parameters.multiplied")
def _(parameters, gradients, learning_rate):
    """Your step is multiplied by the parameter too: its length depends on the gradient alone."""
    return tuple(p - learning_rate * g * p for p, g in zip(parameters, gradients, strict=True))


@mistake("update_parameters.divided")
def _(parameters, gradients, learning_rate):
    """Your steps get longer as the learning rate gets smaller: multiply by it, do not divide."""
    return tuple(p - g / learning_rate for p, g in zip(parameters, gradients, strict=True))


@mistake("train.early_return")
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """Your training ends after one epoch.

    A `return` inside the loop does that: it belongs after it.
    """
    p = (w1, b1, w2, b2)
    errors = []
    for _ in range(max_epochs):
        errors.append(error(target, forward(x, *p)[3]))
        if errors[-1] < tolerance:
            break
        p = update_parameters(p, backward(x, target, *p), learning_rate)
        return p, np.array(errors)


@mistake("train.last_error")
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """The parameters are right, but only the last error comes back: collect one every epoch."""
    p = (w1, b1, w2, b2)
    e = np.zeros(0)
    for _ in range(max_epochs):
        e = np.array([error(target, forward(x, *p)[3])])
        if e[0] < tolerance:
            break
        p = update_parameters(p, backward(x, target, *p), learning_rate)
    return p, e


@mistake("train.sign")
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """Your error grows from epoch to epoch: your steps go along the gradient, not against it."""
    p = (w1, b1, w2, b2)
    errors = []
    for _ in range(max_epochs):
        errors.append(error(target, forward(x, *p)[3]))
        if errors[-1] < tolerance:
            break
        p = update_parameters(p, backward(x, target, *p), -learning_rate)
    return p, np.array(errors)


@mistake("train.no_stop", side=True)
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """Your training runs every epoch it may: once the error is below the tolerance, it is done."""
    p = (w1, b1, w2, b2)
    errors = []
    for _ in range(max_epochs):
        errors.append(error(target, forward(x, *p)[3]))
        p = update_parameters(p, backward(x, target, *p), learning_rate)
    return p, np.array(errors)


@mistake("train.stop_inverted")
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """Your training stops while the error is large: it should stop once the error is small."""
    p = (w1, b1, w2, b2)
    errors = []
    for _ in range(max_epochs):
        errors.append(error(target, forward(x, *p)[3]))
        if errors[-1] > tolerance:
            break
        p = update_parameters(p, backward(x, target, *p), learning_rate)
    return p, np.array(errors)


@mistake("train.recorded_after")
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """Your list starts with the second error: an epoch records its error before it updates."""
    p = (w1, b1, w2, b2)
    errors = []
    for _ in range(max_epochs):
        p = update_parameters(p, backward(x, target, *p), learning_rate)
        errors.append(error(target, forward(x, *p)[3]))
        if errors[-1] < tolerance:
            break
    return p, np.array(errors)


@mistake("train.updates_before_stopping", side=True)
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """You take one more step before you stop: parameters that are good enough stay as they are."""
    p = (w1, b1, w2, b2)
    errors = []
    for _ in range(max_epochs):
        errors.append(error(target, forward(x, *p)[3]))
        p = update_parameters(p, backward(x, target, *p), learning_rate)
        if errors[-1] < tolerance:
            break
    return p, np.array(errors)


@mistake("train.stop_on_difference")
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """An output above the target ends your training at once, however far off it is.

    It is the error that has to get below the tolerance.
    """
    p = (w1, b1, w2, b2)
    errors = []
    for _ in range(max_epochs):
        a2 = forward(x, *p)[3]
        errors.append(error(target, a2))
        if target - a2 < tolerance:
            break
        p = update_parameters(p, backward(x, target, *p), learning_rate)
    return p, np.array(errors)


@mistake("train.stops_before_recording", side=True)
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """The error that ends your training is missing from the list.

    It belongs to an epoch that was run: record it first, and then decide whether to stop.
    """
    p = (w1, b1, w2, b2)
    errors = []
    for _ in range(max_epochs):
        e = error(target, forward(x, *p)[3])
        if e < tolerance:
            break
        errors.append(e)
        p = update_parameters(p, backward(x, target, *p), learning_rate)
    return p, np.array(errors)


@mistake("train.restarts")
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """Your errors are all equal: every epoch begins again with the parameters of the start.

    Each should go on from where the last one ended.
    """
    p = (w1, b1, w2, b2)
    errors = []
    for _ in range(max_epochs):
        errors.append(error(target, forward(x, w1, b1, w2, b2)[3]))
        if errors[-1] < tolerance:
            break
        p = update_parameters((w1, b1, w2, b2), backward(x, target, w1, b1, w2, b2), learning_rate)
    return p, np.array(errors)


@mistake("train.forward_not_rerun")
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """Your parameters move, but the errors stay the same: run the input forward in every epoch."""
    _, a1, _, a2 = forward(x, w1, b1, w2, b2)
    p = (w1, b1, w2, b2)
    errors = []
    for _ in range(max_epochs):
        errors.append(error(target, a2))
        if errors[-1] < tolerance:
            break
        d1, d2 = gradient_b1(target, a1, p[2], a2), gradient_b2(target, a2)
        p = update_parameters(p, (d1 * x, d1, d2 * a1, d2), learning_rate)
    return p, np.array(errors)


@mistake("train.biases_frozen")
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """Your biases end as they began: they learn in every epoch, just as the weights do."""
    errors = []
    for _ in range(max_epochs):
        errors.append(error(target, forward(x, w1, b1, w2, b2)[3]))
        if errors[-1] < tolerance:
            break
        dw1, _, dw2, _ = backward(x, target, w1, b1, w2, b2)
        w1, w2 = w1 - learning_rate * dw1, w2 - learning_rate * dw2
    return (w1, b1, w2, b2), np.array(errors)


@mistake("train.one_by_one")
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """Your first neuron's gradients use the second weight after its update.

    Take all four gradients at the old values, and only then move.
    """
    errors = []
    for _ in range(max_epochs):
        _, a1, _, a2 = forward(x, w1, b1, w2, b2)
        errors.append(error(target, a2))
        if errors[-1] < tolerance:
            break
        w2 = w2 - learning_rate * gradient_w2(target, a1, a2)
        b2 = b2 - learning_rate * gradient_b2(target, a2)
        w1 = w1 - learning_rate * gradient_w1(x, target, a1, w2, a2)
        b1 = b1 - learning_rate * gradient_b1(target, a1, w2, a2)
    return (w1, b1, w2, b2), np.array(errors)


@mistake("train.gradients_accumulate")
def _(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance):
    """Your gradients pile up from epoch to epoch: each step uses those of its own epoch only."""
    p = (w1, b1, w2, b2)
    errors, total = [], np.zeros(4)
    for _ in range(max_epochs):
        errors.append(error(target, forward(x, *p)[3]))
        if errors[-1] < tolerance:
            break
        total = total + np.array(backward(x, target, *p))
        p = update_parameters(p, tuple(total), learning_rate)
    return p, np.array(errors)

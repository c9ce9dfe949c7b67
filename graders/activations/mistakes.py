"""What learners get wrong in the exercises of `activations`."""

import math

import numpy as np

from autograder.mistakes.catalogue import mistake

from ...solutions.activations import leaky_relu, relu, sigmoid, softmax


@mistake("sigmoid.sign")
def _(z):
    """Your curve is mirrored: it falls as z grows. The exponent carries a minus, so that a large
    z makes the exponential vanish and the answer come close to 1.
    """
    return 1 / (1 + np.exp(z))


@mistake("sigmoid.no_one")
def _(z):
    """Your values grow past 1 as z grows, and are 1 at z = 0: the 1 that is added in the
    denominator is what keeps a sigmoid below 1.
    """
    return 1 / np.exp(-z)


@mistake("sigmoid.minus_one")
def _(z):
    """All your values are negative or above 1, and none is right: the exponential is added to 1 in
    the denominator, and you subtract it.
    """
    return 1 / (1 - np.exp(-z))


@mistake("sigmoid.precedence")
def _(z):
    """All your values lie above 1: the division is done before the addition. The whole sum belongs
    in the denominator, and brackets say so.
    """
    return 1 / 1 + np.exp(-z)


@mistake("sigmoid.tanh")
def _(z):
    """These are values of tanh, which run from -1 to 1 and give 0 at z = 0: a sigmoid runs from
    0 to 1 and gives a half there.
    """
    return np.tanh(z)


@mistake("sigmoid.slope")
def _(z):
    """What you return is the slope of the sigmoid, a hump that is never above a quarter: the
    sigmoid itself climbs from 0 to 1.
    """
    a = 1 / (1 + np.exp(-z))
    return a * (1 - a)


@mistake("sigmoid.short_e")
def _(z):
    """Your values are right in the first digits only: 2.718 is too short for e, and NumPy knows
    it to all the digits a float can hold.
    """
    return 1 / (1 + 2.718 ** (-z))


@mistake("sigmoid.clamped", side=True)
def _(z):
    """Far from 0 your values stop short of 0 and 1: you cut the answer off there, while a sigmoid
    goes on approaching both ends.
    """
    return np.clip(1 / (1 + np.exp(-z)), 1e-7, 1 - 1e-7)


@mistake("sigmoid.numbers_only")
def _(z):
    """A single number works, but an array stops your function: the functions of `math` take one
    number, those of NumPy take a whole array.
    """
    return 1 / (1 + math.exp(-z))


@mistake("sigmoid.arrays_only", side=True)
def _(z):
    """Arrays come out right, but a plain number stops your function: a number cannot be indexed.
    Pick a way that treats both alike.
    """
    right = z >= 0
    a = np.zeros_like(z)
    a[right] = 1 / (1 + np.exp(-z[right]))
    a[~right] = np.exp(z[~right]) / (1 + np.exp(z[~right]))
    return a


@mistake("sigmoid.changes_argument", side=True)
def _(z):
    """The answers are right, but the caller's array is different afterwards: something writes into
    z itself, as `*=` does. Compute into a new array.
    """
    z *= -1
    return np.exp(-np.logaddexp(0.0, z))


@mistake("sigmoid.overflows", side=True)
def _(z):
    """Ordinary z are right, but a very negative z makes your exponential overflow with a warning:
    see to it that its exponent is never large and positive.
    """
    return 1 / (1 + np.exp(-z))


@mistake("sigmoid.overflows_to_nan", side=True)
def _(z):
    """For a very large z you get nan: numerator and denominator both overflow, and infinity over
    infinity has no value. A form that divides 1 is safe on that side.
    """
    return np.exp(z) / (1 + np.exp(z))


@mistake("sigmoid.both_branches", side=True)
def _(z):
    """Your values are right, yet a warning appears on both sides: `np.where` computes both
    formulas for every z before it chooses. Make the exponent safe first.
    """
    return np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


@mistake("sigmoid.rounded")
def _(z):
    """Your values are the right ones, rounded: leave all their digits, since far from 0 a sigmoid's
    difference to 0 or 1 is all that is left of it.
    """
    return np.round(1 / (1 + np.exp(-z)), 4)


@mistake("sigmoid.pair")
def _(z):
    """The value and its slope come back together: this exercise asks for the sigmoid's value alone,
    in the shape of z.
    """
    a = 1 / (1 + np.exp(-z))
    return a, a * (1 - a)


@mistake("tanh.sign")
def _(z):
    """Every sign is reversed, so your curve falls: on top, the exponential that shrinks is taken
    away from the one that grows with z.
    """
    return (np.exp(-z) - np.exp(z)) / (np.exp(z) + np.exp(-z))


@mistake("tanh.sigmoid")
def _(z):
    """Your values lie between 0 and 1 and are a half at z = 0: that is the sigmoid, while tanh
    runs from -1 to 1 through 0.
    """
    return sigmoid(z)


@mistake("tanh.half_z")
def _(z):
    """Your curve has the right ends but rises half as steeply at 0: a sigmoid stretched to run
    from -1 to 1 is tanh of half of z, so z needs doubling first.
    """
    return 2 * sigmoid(z) - 1


@mistake("tanh.inverted")
def _(z):
    """None of your values lies between -1 and 1, where all of tanh is: your fraction is upside
    down. The difference belongs on top, the sum below.
    """
    return (np.exp(z) + np.exp(-z)) / (np.exp(z) - np.exp(-z))


@mistake("tanh.sinh")
def _(z):
    """Your values run away far beyond 1: half the difference of the exponentials is sinh. For tanh
    it is divided by the sum of the two.
    """
    return (np.exp(z) - np.exp(-z)) / 2


@mistake("tanh.slope")
def _(z):
    """You return the slope of tanh, which is 1 at z = 0 and never negative: tanh itself is 0 there
    and has the sign of z.
    """
    return 1 - np.tanh(z) ** 2


@mistake("tanh.numbers_only")
def _(z):
    """Your function handles one number but stops on an array: what comes from `math` takes single
    numbers, and NumPy has the same function for arrays.
    """
    return math.tanh(z)


@mistake("tanh.arrays_only", side=True)
def _(z):
    """For arrays all is well, but a plain number stops your function: it has no length to loop
    over. NumPy's functions take numbers and arrays alike.
    """
    a = np.zeros_like(z)
    for i in range(len(z)):
        a[i] = np.tanh(z[i])
    return a


@mistake("tanh.changes_argument", side=True)
def _(z):
    """Right values, but they overwrite the caller's array: z may still be needed after the call,
    so leave it as it was and return a new array.
    """
    if np.ndim(z) == 0:
        return np.tanh(z)
    z[...] = np.tanh(z)
    return z


@mistake("tanh.pair")
def _(z):
    """You return two things, the value and its slope, where one is asked for: the slope has an
    exercise of its own.
    """
    a = np.tanh(z)
    return a, 1 - a**2


@mistake("tanh.warns", side=True)
def _(z):
    """Your values are right, but a very negative z overflows on the way and a warning appears: an
    exponential is only safe while its exponent is not large.
    """
    return 2 / (1 + np.exp(-2 * z)) - 1


@mistake("tanh.overflows", side=True)
def _(z):
    """Far from 0 on either side you get nan: one exponential overflows both above and below the
    fraction line, and infinity over infinity has no value.
    """
    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))


@mistake("tanh.overflows_above", side=True)
def _(z):
    """Very negative z are fine, but a very large z gives nan: your exponential grows with z and
    overflows, both above and below the fraction line.
    """
    return (np.exp(2 * z) - 1) / (np.exp(2 * z) + 1)


@mistake("tanh.overflows_below", side=True)
def _(z):
    """Very large z are fine, but a very negative z gives nan: the minus in your exponent makes it
    large there, and top and bottom of the fraction both overflow.
    """
    return (1 - np.exp(-2 * z)) / (1 + np.exp(-2 * z))


@mistake("tanh_derivative.not_squared")
def _(z):
    """Left of 0 your slopes are above 1, steeper than tanh ever is: it is the square of tanh that
    is taken from 1.
    """
    return 1 - np.tanh(z)


@mistake("tanh_derivative.sigmoid_rule")
def _(z):
    """Your slope is 0 at z = 0, where tanh is steepest: the value times one minus the value is the
    rule for a sigmoid, and tanh has a rule of its own.
    """
    a = np.tanh(z)
    return a * (1 - a)


@mistake("tanh_derivative.plus")
def _(z):
    """Your slopes grow to 2 far from 0, where tanh is almost flat: the square is taken away from
    1, not added to it.
    """
    return 1 + np.tanh(z) ** 2


@mistake("tanh_derivative.is_tanh")
def _(z):
    """These are the values of tanh, not its slopes: a slope of tanh is never negative, and is 1 at
    z = 0.
    """
    return np.tanh(z)


@mistake("tanh_derivative.takes_a")
def _(z):
    """Beyond 1 in size your slopes are negative, though tanh never falls: you are given z, the
    input, and have to squash it before you square.
    """
    return 1 - z**2


@mistake("tanh_derivative.sign")
def _(z):
    """The sizes are right, but every slope is negative: tanh climbs everywhere, so its slope is
    positive. The difference is the wrong way round.
    """
    return np.tanh(z) ** 2 - 1


@mistake("tanh_derivative.sigmoid_slope")
def _(z):
    """Your slopes never pass a quarter: those are the slopes of the sigmoid, and tanh reaches 1 at
    z = 0.
    """
    a = sigmoid(z)
    return a * (1 - a)


@mistake("tanh_derivative.square_of_difference")
def _(z):
    """You get different slopes at z and at -z, and up to 4 on the left: only tanh is squared, not
    the whole difference.
    """
    return (1 - np.tanh(z)) ** 2


@mistake("tanh_derivative.squared_input")
def _(z):
    """Your slope is right at 0 and too small elsewhere: you square z before it is squashed, but it
    is the value of tanh that is squared.
    """
    return 1 - np.tanh(z**2)


@mistake("tanh_derivative.squashed_twice")
def _(z):
    """Far from 0 your slope stays at 0.42 instead of dying away: tanh is applied twice. Squash z
    once, then square that value.
    """
    a = np.tanh(z)
    return 1 - np.tanh(a) ** 2


@mistake("tanh_derivative.numbers_only")
def _(z):
    """One number gets its slope, an array stops your function: the functions of `math` work on
    single numbers, NumPy's on every element.
    """
    return 1 - math.tanh(z) ** 2


@mistake("tanh_derivative.arrays_only", side=True)
def _(z):
    """Your slopes of arrays are right, but a plain number stops your function: it has neither a
    length nor elements. A formula on the whole of z suits both.
    """
    slopes = np.zeros_like(z)
    for i in range(len(z)):
        slopes[i] = 1 - np.tanh(z[i]) ** 2
    return slopes


@mistake("tanh_derivative.changes_argument", side=True)
def _(z):
    """The slopes are right, but the caller's z is no longer what it was: you store values in it
    along the way. Give them an array of their own.
    """
    if np.ndim(z) == 0:
        return 1 - np.tanh(z) ** 2
    z[...] = np.tanh(z)
    return 1 - z**2


@mistake("tanh_derivative.pair")
def _(z):
    """Two results come back, tanh and its slope: only the slope is asked for here, one number for
    each z.
    """
    a = np.tanh(z)
    return a, 1 - a**2


@mistake("relu.identity")
def _(z):
    """Negative numbers pass through unchanged, so nothing is rectified: ReLU lets the positive
    ones through and turns the others into 0.
    """
    return z


@mistake("relu.minimum")
def _(z):
    """You keep the negative numbers and turn the positive ones into 0: ReLU takes the larger of 0
    and z, and you take the smaller.
    """
    return np.minimum(0, z)


@mistake("relu.absolute")
def _(z):
    """Your negative numbers lose their sign and go through: ReLU lets nothing of them through,
    they become 0.
    """
    return np.abs(z)


@mistake("relu.step")
def _(z):
    """You return only 0s and 1s, which are the slopes of ReLU: a positive z comes out as itself,
    not as 1.
    """
    return (z > 0) * 1.0


@mistake("relu.largest")
def _(z):
    """Your whole array shrinks to its one largest number: ReLU compares each element with 0, so as
    many numbers come out as go in.
    """
    return np.max(z)


@mistake("relu.clipped")
def _(z):
    """Everything above 1 comes out as 1: ReLU has a floor at 0 but no ceiling, so a large z stays
    as large as it is.
    """
    return np.clip(z, 0, 1)


@mistake("relu.leaky")
def _(z):
    """A hundredth of each negative number gets through: that is leaky ReLU, while plain ReLU is
    exactly 0 there.
    """
    return np.where(z > 0, z, 0.01 * z)


@mistake("relu.only_positive")
def _(z):
    """Fewer numbers come out than go in: you drop the negative ones, but they have to stay in
    their places, as zeros.
    """
    return z[z > 0]


@mistake("relu.numbers_only")
def _(z):
    """A single number works, an array stops your function: one comparison cannot decide for a
    whole array at once. Each element needs its own.
    """
    return max(0.0, z)


@mistake("relu.arrays_only", side=True)
def _(z):
    """Arrays come out right, but a plain number stops your function: numbers cannot be copied or
    masked like arrays. NumPy has a comparison that takes both.
    """
    a = z.copy()
    a[a < 0] = 0
    return a


@mistake("relu.writes_into_argument", side=True)
def _(z):
    """You write your zeros into the caller's own array, and a plain number, which cannot be
    written into, stops your function. Build a new result from z.
    """
    z[z < 0] = 0
    return z


@mistake("relu.changes_argument", side=True)
def _(z):
    """Your values are right, but the negative numbers are gone from the caller's array too: you
    work in z itself. Return a new array and leave z alone.
    """
    z *= z > 0
    return z


@mistake("relu.pair")
def _(z):
    """You hand back the values and the slopes together: ReLU alone is asked for, in the shape of
    z.
    """
    return np.maximum(0.0, z), (z > 0) * 1.0


@mistake("leaky_relu.relu")
def _(z, alpha=0.01):
    """Your negative numbers all become 0, as in plain ReLU: the leak is that a small part of them,
    `alpha` times z, gets through.
    """
    return relu(z)


@mistake("leaky_relu.alpha_itself")
def _(z, alpha=0.01):
    """Every negative z gives you the same number, `alpha` itself: `alpha` is a slope, so what
    leaks through is in proportion to z.
    """
    return np.where(z > 0, z, alpha)


@mistake("leaky_relu.sign")
def _(z, alpha=0.01):
    """On the left your values have the right size but are positive: what leaks through of a
    negative number is negative too.
    """
    return np.where(z > 0, z, -alpha * z)


@mistake("leaky_relu.wrong_side")
def _(z, alpha=0.01):
    """The two sides are exchanged: your positive numbers shrink and the negative ones pass whole.
    The leak is for the negative ones.
    """
    return np.where(z > 0, alpha * z, z)


@mistake("leaky_relu.ignores_alpha")
def _(z, alpha=0.01):
    """With the usual leak you are right, but another `alpha` changes nothing: 0.01 is written into
    your formula, where the argument belongs.
    """
    return np.where(z > 0, z, 0.01 * z)


@mistake("leaky_relu.linear")
def _(z, alpha=0.01):
    """You shrink every number by `alpha`, so there is no bend at 0 and your function is a straight
    line: positive numbers pass whole.
    """
    return alpha * z


@mistake("leaky_relu.added")
def _(z, alpha=0.01):
    """The left side is right, but positive numbers come out too large, by `alpha` times z: what
    you return is either z or the leak, never their sum.
    """
    return relu(z) + alpha * z


@mistake("leaky_relu.divided")
def _(z, alpha=0.01):
    """Your negative numbers grow instead of shrinking: dividing by an `alpha` below 1 enlarges
    them, and only a small part should leak through.
    """
    return np.where(z > 0, z, z / alpha)


@mistake("leaky_relu.slope")
def _(z, alpha=0.01):
    """Only two different numbers come out, 1 and `alpha`: those are the slopes. The function
    itself multiplies z by them.
    """
    return np.where(z > 0, 1.0, alpha)


@mistake("leaky_relu.numbers_only")
def _(z, alpha=0.01):
    """Your function stops on an array: an `if` takes one decision for all, and each element needs
    its own.
    """
    if z > 0:
        return z
    return alpha * z


@mistake("leaky_relu.arrays_only", side=True)
def _(z, alpha=0.01):
    """All is right for arrays, but a plain number stops your function: it has no copy and no mask.
    Choose between the two sides in a way that takes both.
    """
    a = z.copy()
    a[a < 0] *= alpha
    return a


@mistake("leaky_relu.writes_into_argument", side=True)
def _(z, alpha=0.01):
    """You shrink the negative numbers in the caller's own array, and a plain number, which has no
    elements to write to, stops your function. Leave z as it is.
    """
    z[z < 0] *= alpha
    return z


@mistake("leaky_relu.changes_argument", side=True)
def _(z, alpha=0.01):
    """The result is right, but a second call with the same array would not be: you have already
    shrunk its negative numbers. Work on a new array.
    """
    z *= np.where(z > 0, 1.0, alpha)
    return z


@mistake("leaky_relu.pair")
def _(z, alpha=0.01):
    """Values and slopes come back together: this exercise is about the values, and the slopes have
    the next one.
    """
    return np.where(z > 0, z, alpha * z), np.where(z > 0, 1.0, alpha)


@mistake("leaky_relu_derivative.relu_slope")
def _(z, alpha=0.01):
    """On the left your slope is 0, that of plain ReLU: leaky ReLU still climbs there, by `alpha`
    for every step of z.
    """
    return (z > 0) * 1.0


@mistake("leaky_relu_derivative.alpha_z")
def _(z, alpha=0.01):
    """On the left your slope changes with z, though the graph is a straight line there: a line has
    one slope, whatever z is.
    """
    return np.where(z > 0, 1.0, alpha * z)


@mistake("leaky_relu_derivative.z_on_the_right")
def _(z, alpha=0.01):
    """On the right you return z itself: that is the value of the function. Its graph climbs
    there by 1 for each step of 1, and that is the slope.
    """
    return np.where(z > 0, z, alpha)


@mistake("leaky_relu_derivative.is_leaky_relu")
def _(z, alpha=0.01):
    """These are the values of leaky ReLU on both sides, not its slopes: how steep its graph is
    depends only on the side that z is on.
    """
    return leaky_relu(z, alpha)


@mistake("leaky_relu_derivative.wrong_side")
def _(z, alpha=0.01):
    """Both slopes are there, on the wrong sides: the graph is steep where z is positive, and
    nearly flat where it is negative.
    """
    return np.where(z > 0, alpha, 1.0)


@mistake("leaky_relu_derivative.sign")
def _(z, alpha=0.01):
    """Your slope is negative on the left, as if the graph fell there: values left of 0 are
    negative, but they still climb as z grows.
    """
    return np.where(z > 0, 1.0, -alpha)


@mistake("leaky_relu_derivative.ignores_alpha")
def _(z, alpha=0.01):
    """Whatever `alpha` is, your slope on the left stays 0.01: use the argument instead of the
    number that it usually has.
    """
    return np.where(z > 0, 1.0, 0.01)


@mistake("leaky_relu_derivative.constant")
def _(z, alpha=0.01):
    """Your slope is 1 everywhere, which would make the graph one straight line: it bends at 0, and
    left of it is less steep.
    """
    return np.ones(np.shape(z))


@mistake("leaky_relu_derivative.one_at_zero", side=True)
def _(z, alpha=0.01):
    """Only z = 0 is wrong: there you give 1. A corner has no slope of its own, and this course
    counts it to the left side.
    """
    return np.where(z >= 0, 1.0, alpha)


@mistake("leaky_relu_derivative.zero_at_zero", side=True)
def _(z, alpha=0.01):
    """Only z = 0 is wrong: neither of your two sides includes it, so it is left at 0. By
    convention it belongs to the left side here.
    """
    return (z > 0) * 1.0 + (z < 0) * alpha


@mistake("leaky_relu_derivative.numbers_only")
def _(z, alpha=0.01):
    """A single z gets its slope, an array stops your function: an `if` asks one question of the
    whole array. Each element needs an answer of its own.
    """
    if z > 0:
        return 1.0
    return alpha


@mistake("leaky_relu_derivative.arrays_only", side=True)
def _(z, alpha=0.01):
    """Right for arrays, but a plain number stops your function: it has no copy to fill in. Choose
    the slope in a way that takes numbers and arrays.
    """
    slopes = z.copy()
    slopes[z > 0] = 1.0
    slopes[z <= 0] = alpha
    return slopes


@mistake("leaky_relu_derivative.changes_argument", side=True)
def _(z, alpha=0.01):
    """The slopes are right, but they have replaced the caller's z, which backpropagation still
    needs: put them into a new array.
    """
    if np.ndim(z) == 0:
        return 1.0 if z > 0 else alpha
    z[z > 0] = 1.0
    z[z <= 0] = alpha
    return z


@mistake("leaky_relu_derivative.pair")
def _(z, alpha=0.01):
    """You return the values as well as the slopes: this exercise asks for the slopes alone, in the
    shape of z.
    """
    return np.where(z > 0, z, alpha * z), np.where(z > 0, 1.0, alpha)


@mistake("softmax.no_exponential")
def _(z):
    """Your entries sum to 1, but some are negative or above 1: without the exponential a negative
    score makes a negative share. Exponentials are always positive.
    """
    return z / np.sum(z, axis=-1, keepdims=True)


@mistake("softmax.sigmoids")
def _(z):
    """Your entries do not sum to 1, since each is squashed by itself: softmax compares the scores,
    so each share depends on all of its row.
    """
    return sigmoid(z)


@mistake("softmax.hard_maximum")
def _(z):
    """The largest score takes everything and the others get 0: softmax is the soft version, which
    leaves every score a share.
    """
    return (z == np.max(z, axis=-1, keepdims=True)) * 1.0


@mistake("softmax.twice")
def _(z):
    """Your probabilities are in the right order but too close to each other: that is softmax of a
    softmax. The scores need it once.
    """
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    p = e / np.sum(e, axis=-1, keepdims=True)
    return np.exp(p) / np.sum(np.exp(p), axis=-1, keepdims=True)


@mistake("softmax.subtracted_after")
def _(z):
    """The largest score gets probability 0: you subtract the maximum from the exponentials. A
    shift only cancels when it is made before them, on the scores.
    """
    e = np.exp(z)
    e = e - np.max(e, axis=-1, keepdims=True)
    return e / np.sum(e, axis=-1, keepdims=True)


@mistake("softmax.whole_batch_overflows", side=True)
def _(z):
    """Your batch sums to 1 as a whole instead of row by row, and large scores overflow: sum over
    each row, and lower its scores first by something that cancels.
    """
    return np.exp(z) / np.sum(np.exp(z))


@mistake("softmax.whole_batch", side=True)
def _(z):
    """A vector is right, but the rows of your batch only sum to 1 all together: each row is an
    example of its own, and its probabilities sum to 1.
    """
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


@mistake("softmax.axis_0", side=True)
def _(z):
    """In a batch your columns sum to 1 instead of your rows: the classes of one example lie along
    the last axis, and only they compete.
    """
    e = np.exp(z - np.max(z, axis=0))
    return e / np.sum(e, axis=0)


@mistake("softmax.sum_over_axis_0", side=True)
def _(z):
    """For a vector all is well, but in a batch your columns sum to 1.

    Each row is one example with probabilities of its own, so the sum runs along the row.
    """
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=0)


@mistake("softmax.batches_only")
def _(z):
    """A batch is right, but a single vector stops your function: it has no axis 1. Counted from
    the end, the axis of the classes is the same in both.
    """
    e = np.exp(z - np.max(z, axis=1, keepdims=True))
    return e / np.sum(e, axis=1, keepdims=True)


@mistake("softmax.no_keepdims", side=True)
def _(z):
    """A vector is right, but a batch stops your function: the sums of the rows stand in a row
    themselves. They fit the table only while they stay in a column, one beside each row.
    """
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1)


@mistake("softmax.vectors_only", side=True)
def _(z):
    """One vector is right, but a batch stops your function: it takes each entry of z for a number,
    and in a batch each entry is a whole row.
    """
    e = [math.exp(score - np.max(z)) for score in z]
    return np.array(e) / sum(e)


@mistake("softmax.overflows", side=True)
def _(z):
    """Ordinary scores are right, but large ones give nan: their exponentials overflow. Only
    differences between scores matter, so a row may be shifted down first.
    """
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


@mistake("softmax.one_maximum", side=True)
def _(z):
    """Rows far below the highest one turn into nan: you subtract one maximum from the whole batch,
    and they underflow to 0/0. Each row needs its own.
    """
    e = np.exp(z - np.max(z))
    return e / np.sum(e, axis=-1, keepdims=True)


@mistake("softmax.changes_argument", side=True)
def _(z):
    """The probabilities are right, but the caller's scores are changed afterwards: something
    writes into z itself, as `-=` does. Give shifted scores a new name.
    """
    z -= np.max(z, axis=-1, keepdims=True)
    e = np.exp(z)
    return e / np.sum(e, axis=-1, keepdims=True)


@mistake("predict_class.score")
def _(z):
    """You return the largest score itself: what is asked for is where it stands, the index of the
    class that it belongs to.
    """
    return np.max(z, axis=-1)


@mistake("predict_class.probability")
def _(z):
    """You return how likely the winning class is, not which one it is: the answer is an index,
    a whole number from 0.
    """
    return np.max(softmax(z), axis=-1)


@mistake("predict_class.smallest")
def _(z):
    """You pick the class with the lowest score: the higher its score, the more likely a class is,
    so look for the largest.
    """
    return np.argmin(z, axis=-1)


@mistake("predict_class.from_1")
def _(z):
    """Each of your classes is 1 too high: they are counted from 0, as NumPy counts, so that an
    answer can be used as an index.
    """
    return np.argmax(z, axis=-1) + 1


@mistake("predict_class.of_sizes")
def _(z):
    """A very negative score wins in your function: it compares sizes without their signs, but a
    score far below 0 means an unlikely class.
    """
    return np.argmax(np.abs(z), axis=-1)


@mistake("predict_class.one_hot")
def _(z):
    """You mark the winner with a 1 among zeros: that says the same, but the index of that place is
    what is asked for.
    """
    return (z == np.max(z, axis=-1, keepdims=True)) * 1


@mistake("predict_class.whole_batch", side=True)
def _(z):
    """For a batch you return a single number: the place of the winner in the whole table. Each
    row is an example with a winner of its own.
    """
    return np.argmax(z)


@mistake("predict_class.axis_0", side=True)
def _(z):
    """In a batch you find the best row of each column: the classes of one example lie along its
    row, so the last axis is the one to search.
    """
    return np.argmax(z, axis=0)


@mistake("predict_class.batches_only")
def _(z):
    """A batch works, but a single vector stops your function: it has no axis 1. The last axis is
    the right one in both, and can be counted from the end.
    """
    return np.argmax(z, axis=1)


@mistake("predict_class.row_by_row")
def _(z):
    """For one vector you return a list of zeros: your loop takes each score for a row, in which it
    wins alone. One vector has one winner.
    """
    return [int(np.argmax(row)) for row in z]


@mistake("predict_class.vectors_only", side=True)
def _(z):
    """A vector is right, but a batch stops your function: it compares whole rows as if they were
    single scores. Find the winner inside each row.
    """
    return list(z).index(max(z))


@mistake("predict_class.floats", side=True)
def _(z):
    """The classes are right, but they come as floats: an index has to be a whole number, or it
    cannot pick anything out of an array.
    """
    return np.argmax(z, axis=-1) * 1.0


@mistake("predict_class.changes_argument", side=True)
def _(z):
    """The class is right, but the caller's scores have changed: to find the largest, it is enough
    to look at them. Whatever you compute from z needs a new array.
    """
    z -= np.max(z, axis=-1, keepdims=True)
    return np.argmax(z, axis=-1)


@mistake("predict_class.pair")
def _(z):
    """You return the class together with its probability: only the class is asked for, one index
    for each vector.
    """
    return np.argmax(z, axis=-1), np.max(softmax(z), axis=-1)


@mistake("collapse_linear_layers.no_b1")
def _(W1, b1, W2, b2):
    """Your weights are right, but the first bias is lost: layer 2 multiplies all that layer 1 puts
    out, its bias included.
    """
    return W2 @ W1, b2


@mistake("collapse_linear_layers.no_b2")
def _(W1, b1, W2, b2):
    """Your weights are right, but the second bias is missing: it is added last, and nothing takes
    it away again.
    """
    return W2 @ W1, W2 @ b1


@mistake("collapse_linear_layers.order")
def _(W1, b1, W2, b2):
    """Your weights are multiplied in the wrong order: x meets layer 1 first, so `W1` stands
    nearest to it, on the right.
    """
    return W1 @ W2, W2 @ b1 + b2


@mistake("collapse_linear_layers.sum_of_b1")
def _(W1, b1, W2, b2):
    """Your bias adds all of `b1` to each entry alike: layer 2 weighs the entries of `b1`
    differently for each of its neurons.
    """
    return W2 @ W1, np.sum(b1) + b2


@mistake("collapse_linear_layers.sign")
def _(W1, b1, W2, b2):
    """Your weights are right, but the second bias enters with the wrong sign: a layer adds its
    bias to what its weights give.
    """
    return W2 @ W1, W2 @ b1 - b2


@mistake("collapse_linear_layers.second_layer_only")
def _(W1, b1, W2, b2):
    """You return layer 2 as it came, so layer 1 is gone: the one layer has to do the work of both,
    from x to the end.
    """
    return W2, b2


@mistake("collapse_linear_layers.transposed")
def _(W1, b1, W2, b2):
    """The numbers of your weights are right, but rows and columns are exchanged: there is one row
    for each output and one column for each entry of x.
    """
    return (W2 @ W1).T, W2 @ b1 + b2


@mistake("collapse_linear_layers.weights_only")
def _(W1, b1, W2, b2):
    """Only the weights come back: the one layer has a bias as well, made of `b1` as layer 2 passes
    it on and of `b2`.
    """
    return W2 @ W1


@mistake("collapse_linear_layers.swapped")
def _(W1, b1, W2, b2):
    """Both parts are right but in the wrong order: the weights come first, then the bias, as in
    the arguments.
    """
    return W2 @ b1 + b2, W2 @ W1


@mistake("collapse_linear_layers.bias_column", side=True)
def _(W1, b1, W2, b2):
    """Your bias has the right numbers but is a column, a table with one entry a row: a bias is a
    plain vector with a single axis, like `b2`.
    """
    return W2 @ W1, (W2 @ b1 + b2).reshape(-1, 1)


@mistake("collapse_linear_layers.bias_table")
def _(W1, b1, W2, b2):
    """Your bias has become a square table: a column and a vector were added, and NumPy pairs each
    entry with each. Keep both of them vectors.
    """
    return W2 @ W1, W2 @ b1.reshape(-1, 1) + b2


@mistake("collapse_linear_layers.changes_argument", side=True)
def _(W1, b1, W2, b2):
    """Your layer is right, but the caller's arrays are not what they were: something writes into
    one that was given. Build new ones for what you return.
    """
    b2 += W2 @ b1
    return W2 @ W1, b2

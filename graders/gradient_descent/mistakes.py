"""What learners get wrong in the exercises of `gradient_descent`."""

import numpy as np

from autograder.mistakes.catalogue import mistake

from ...solutions.gradient_descent import cost, cost_gradient, predict, update_weight

# predict


@mistake("predict.plus")
def _(w, x):
    """Your predictions lie w above every input: the weight is a factor, it scales the input."""
    return w + x


@mistake("predict.ignores_w")
def _(w, x):
    """Every weight gives you the same predictions, the inputs themselves: w has no say in them."""
    return x


@mistake("predict.w_written_in")
def _(w, x):
    """All your predictions are twice the input, whatever w is. That fits the lesson's data: here
    any weight may be asked for.
    """
    return 2 * x


@mistake("predict.sign")
def _(w, x):
    """The sizes of your predictions are right, but each has the wrong sign: a positive weight keeps
    the sign of its input.
    """
    return -w * x


@mistake("predict.squares")
def _(w, x):
    """You square the inputs, which makes a parabola: this model is a straight line, where twice the
    input gives twice the prediction.
    """
    return w * x**2


@mistake("predict.sums")
def _(w, x):
    """Your predictions are added up to one number: each input has a prediction of its own, so as
    many come out as went in.
    """
    return np.sum(w * x)


@mistake("predict.stops_early")
def _(w, x):
    """Only the first input gets a prediction from you: each of them needs one. If there is a loop,
    leave it only when all are done.
    """
    for value in x:
        return w * value


@mistake("predict.last_only")
def _(w, x):
    """One prediction comes back, that of the last input: every input has one, so where a loop makes
    them, keep each round's.
    """
    for value in x:
        prediction = w * value
    return prediction


@mistake("predict.skips_last")
def _(w, x):
    """The last input has no prediction in your answer: look at where your loop or slice ends, for a
    range leaves out its end already.
    """
    return w * x[:-1]


@mistake("predict.whole_numbers")
def _(w, x):
    """Your predictions have lost their decimals: keep them as floats (an array that was made for
    integers, for one, cuts off whatever is stored in it).
    """
    predictions = np.zeros(len(x), dtype=int)
    for i in range(len(x)):
        predictions[i] = w * x[i]
    return predictions


@mistake("predict.rounds")
def _(w, x):
    """You round the predictions: what you round away is missing in all that is computed from them.
    Round for printing only.
    """
    return np.round(w * x, 2)


@mistake("predict.column", side=True)
def _(w, x):
    """Your numbers are right, but they stand in a column of shape (m, 1): x has one axis, and the
    predictions keep its shape.
    """
    return (w * x).reshape(-1, 1)


@mistake("predict.changes_argument", side=True)
def _(w, x):
    """Your predictions are right, but they are written over the caller's inputs, which are lost:
    put the answer into a new array.
    """
    x *= w
    return x


@mistake("cost.no_half")
def _(w, x, z):
    """Your cost is exactly twice as large as it should be: it is half the mean of the squares."""
    return np.mean((z - w * x) ** 2)


@mistake("cost.no_mean")
def _(w, x, z):
    """Your cost grows with the number of points: you halve the sum of the squares, but the cost is
    half of their mean.
    """
    return np.sum((z - w * x) ** 2) / 2


@mistake("cost.plain_sum")
def _(w, x, z):
    """That is the bare sum of the squared errors, 2m times the cost: both the mean over the points
    and the half are still to come.
    """
    return np.sum((z - w * x) ** 2)


@mistake("cost.precedence")
def _(w, x, z):
    """Your cost is m squared times too large: without brackets Python works from left to right, so
    the m meant for the denominator multiplies instead.
    """
    return 1 / 2 * len(x) * np.sum((z - w * x) ** 2)


@mistake("cost.not_squared")
def _(w, x, z):
    """You add up errors that are not squared, so that those above and below the line cancel: a
    square makes every miss count.
    """
    return np.sum(z - w * x) / (2 * len(x))


@mistake("cost.square_of_sum")
def _(w, x, z):
    """You add up the errors first and square their sum, so that they cancel each other: square each
    error on its own, then add.
    """
    return np.sum(z - w * x) ** 2 / (2 * len(x))


@mistake("cost.absolute")
def _(w, x, z):
    """You take the size of each error where its square is asked for: squared, one big miss costs
    more than two half as big.
    """
    return np.sum(np.abs(z - w * x)) / (2 * len(x))


@mistake("cost.root")
def _(w, x, z):
    """That is the root mean square error, a good measure too but another one: this cost takes no
    root, and halves the mean of the squares.
    """
    return np.sqrt(np.mean((z - w * x) ** 2))


@mistake("cost.sign")
def _(w, x, z):
    """A cost below 0 cannot be: squares are never negative, so neither is their mean, and yours
    makes the worst weight look best. Look for a stray minus.
    """
    return -np.sum((z - w * x) ** 2) / (2 * len(x))


@mistake("cost.per_point")
def _(w, x, z):
    """You return a number for every point: the cost is one number for all of them together, so what
    the points contribute must be added up.
    """
    return (z - w * x) ** 2 / (2 * len(x))


@mistake("cost.stops_early")
def _(w, x, z):
    """Only the first point counts in your cost: the others are to be added to it. A `return` inside
    a loop, for one, leaves on the first round.
    """
    total = 0
    for i in range(len(x)):
        total += (z[i] - w * x[i]) ** 2
        return total / (2 * len(x))


@mistake("cost.last_only")
def _(w, x, z):
    """Only the last point counts in your cost: all of them should, so in a loop every round adds to
    the total and does not replace it.
    """
    total = 0
    for i in range(len(x)):
        total = (z[i] - w * x[i]) ** 2
    return total / (2 * len(x))


@mistake("cost.skips_first")
def _(w, x, z):
    """Your sum leaves out the first point: counting starts at 0 in Python, so the first point is
    the one with index 0.
    """
    total = 0
    for i in range(1, len(x)):
        total += (z[i] - w * x[i]) ** 2
    return total / (2 * len(x))


@mistake("cost.skips_last")
def _(w, x, z):
    """The last point is missing from your sum: a range leaves out its own end already, so nothing
    more has to be taken off.
    """
    total = 0
    for i in range(len(x) - 1):
        total += (z[i] - w * x[i]) ** 2
    return total / (2 * len(x))


@mistake("cost.m_minus_1")
def _(w, x, z):
    """You divide by one less than the number of points, as for a sample's variance: the mean here
    is over all m of them.
    """
    return np.sum((z - w * x) ** 2) / (2 * (len(x) - 1))


@mistake("cost.m_written_in")
def _(w, x, z):
    """For five points your cost is right, for more or fewer it is off: a fixed number stands where
    m, the length of the data, belongs.
    """
    return np.sum((z - w * x) ** 2) / 10


@mistake("cost.divided_twice")
def _(w, x, z):
    """You divide by m twice: taking a mean has a division by m inside it, so your cost comes out m
    times too small.
    """
    return np.mean((z - w * x) ** 2) / (2 * len(x))


@mistake("cost.ignores_w")
def _(w, x, z):
    """Your cost is the same for every weight: z is compared with the inputs x, but it is the
    predictions made with w that are judged.
    """
    return np.sum((z - x) ** 2) / (2 * len(x))


@mistake("cost.plus")
def _(w, x, z):
    """Your errors are taken from predictions that add w to x: in this model the weight multiplies
    the input, and then z is compared with that.
    """
    return np.sum((z - (w + x)) ** 2) / (2 * len(x))


@mistake("cost.broadcast")
def _(w, x, z):
    """Each z is compared with every prediction in your cost, not only with its own: a column minus
    a vector makes a table, so keep both of shape (m,).
    """
    return np.mean((z.reshape(-1, 1) - w * x) ** 2) / 2


@mistake("cost.pair")
def _(w, x, z):
    """Your cost is right, but a second value comes back with it, its slope: that is the next
    exercise's, and here the cost alone is asked for.
    """
    error = z - w * x
    return np.mean(error**2) / 2, -np.mean(x * error)


@mistake("cost.changes_argument", side=True)
def _(w, x, z):
    """The cost is right, but your working is written over the caller's data, which the next call
    will need: keep it in a new array.
    """
    z -= w * x
    return np.mean(z**2) / 2


# sum_squared_error


@mistake("sum_squared_error.mean")
def _(w, x, z):
    """You take the mean of the squared errors, m times too small here: this is the sum itself,
    before anything divides it.
    """
    return np.mean((z - w * x) ** 2)


@mistake("sum_squared_error.half")
def _(w, x, z):
    """Your sum is exactly half of what is asked for: the 1/2 belongs to the cost, and this is the
    cost without its scaling.
    """
    return np.sum((z - w * x) ** 2) / 2


@mistake("sum_squared_error.not_squared")
def _(w, x, z):
    """You add the errors without squaring them, so that misses above and below the line cancel out:
    a sum of squares never falls below 0.
    """
    return np.sum(z - w * x)


@mistake("sum_squared_error.square_of_sum")
def _(w, x, z):
    """Yours is the square of the sum, in which errors of opposite sign have cancelled already: the
    sum of the squares is asked for.
    """
    return np.sum(z - w * x) ** 2


@mistake("sum_squared_error.absolute")
def _(w, x, z):
    """Your sum adds the sizes of the errors: squares are asked for, which weigh a big miss far more
    than a small one.
    """
    return np.sum(np.abs(z - w * x))


@mistake("sum_squared_error.sign")
def _(w, x, z):
    """A sum of squares cannot be negative, and yours is: its size is right, so look for the one
    minus too many.
    """
    return -np.sum((z - w * x) ** 2)


@mistake("sum_squared_error.per_point")
def _(w, x, z):
    """The squares are right, but you return one for each point: what is asked for is a single
    number, all of them added up.
    """
    return (z - w * x) ** 2


@mistake("sum_squared_error.stops_early")
def _(w, x, z):
    """Your sum ends after the first point, and should go on to the last. A `return` that is
    indented into a loop leaves it on the first round.
    """
    total = 0
    for i in range(len(x)):
        total += (z[i] - w * x[i]) ** 2
        return total


@mistake("sum_squared_error.last_only")
def _(w, x, z):
    """What you return is the last point's square alone: the loop overwrites its total each round,
    when it should add to it.
    """
    total = 0
    for i in range(len(x)):
        total = (z[i] - w * x[i]) ** 2
    return total


@mistake("sum_squared_error.skips_first")
def _(w, x, z):
    """The first point never enters your sum: Python counts from 0, so a loop that begins at 1
    begins with the second point.
    """
    total = 0
    for i in range(1, len(x)):
        total += (z[i] - w * x[i]) ** 2
    return total


@mistake("sum_squared_error.skips_last")
def _(w, x, z):
    """Your loop ends one point too soon: a range stops before its end by itself, so the last point
    is lost when you take one off.
    """
    total = 0
    for i in range(len(x) - 1):
        total += (z[i] - w * x[i]) ** 2
    return total


@mistake("sum_squared_error.broadcast")
def _(w, x, z):
    """Your sum holds m times m squares, every z against every prediction: a column minus a vector
    makes a table, so keep both of shape (m,).
    """
    return np.sum((z.reshape(-1, 1) - w * x) ** 2)


@mistake("sum_squared_error.changes_argument", side=True)
def _(w, x, z):
    """Right sum, but the caller's data is gone: an in-place operator wrote your errors into an
    array that was only lent to you.
    """
    z -= w * x
    return np.sum(z**2)


# cost_gradient


@mistake("cost_gradient.sign")
def _(w, x, z):
    """Your slope has the right size and the wrong sign: w enters the error with a minus, and
    differentiating brings that minus out to the front.
    """
    return np.mean(x * (z - w * x))


@mistake("cost_gradient.factor_2")
def _(w, x, z):
    """Your slope is twice too steep: the 2 that the square brings down is cancelled by the 1/2 in
    front of the cost.
    """
    return -2 * np.mean(x * (z - w * x))


@mistake("cost_gradient.sign_and_factor_2")
def _(w, x, z):
    """Two things at once: your slope points the wrong way, as w stands behind a minus in the error,
    and the 2 of the square should meet the cost's 1/2.
    """
    return 2 * np.mean(x * (z - w * x))


@mistake("cost_gradient.factor_half")
def _(w, x, z):
    """Your slope is half as steep as it should be: the cost's 1/2 is used up in cancelling the 2
    from the square, so none of it is left.
    """
    return -np.sum(x * (z - w * x)) / (2 * len(x))


@mistake("cost_gradient.no_mean")
def _(w, x, z):
    """Your slope is m times too steep: you add up what the points contribute, but as in the cost it
    is their mean that counts.
    """
    return -np.sum(x * (z - w * x))


@mistake("cost_gradient.of_sum")
def _(w, x, z):
    """That is the slope of the plain sum of squares, 2m times as steep: here the slope of the cost
    is wanted, which has 1/(2m) in front.
    """
    return -2 * np.sum(x * (z - w * x))


@mistake("cost_gradient.divided_twice")
def _(w, x, z):
    """Your slope is m times too flat: taking a mean has divided by m already, so dividing again
    does it twice.
    """
    return -np.mean(x * (z - w * x)) / len(x)


@mistake("cost_gradient.m_written_in")
def _(w, x, z):
    """For five points your slope is right, for more or fewer it is not: m is the length of the data
    passed in, not always 5.
    """
    return -np.sum(x * (z - w * x)) / 5


@mistake("cost_gradient.no_x")
def _(w, x, z):
    """Yours is the mean error without the inputs: by the chain rule each error is multiplied by its
    own x, which says how strongly w moves that prediction.
    """
    return -np.mean(z - w * x)


@mistake("cost_gradient.drops_model")
def _(w, x, z):
    """Your slope is the same at every weight, when it should level out towards the minimum: the
    error holds the prediction too, not z alone.
    """
    return -np.mean(x * z)


@mistake("cost_gradient.error_squared")
def _(w, x, z):
    """Your errors are still squared: differentiating takes the power down by one, and the slope is
    left with the error itself.
    """
    return -np.mean(x * (z - w * x) ** 2)


@mistake("cost_gradient.product_of_means")
def _(w, x, z):
    """You average the inputs and the errors apart and then multiply: pair each error with its own
    input first, and average the products.
    """
    return -np.mean(x) * np.mean(z - w * x)


@mistake("cost_gradient.with_respect_to_x")
def _(w, x, z):
    """Your factor is w where x belongs: the slope asks how the cost changes with the weight, while
    the inputs are held fixed.
    """
    return -w * np.mean(z - w * x)


@mistake("cost_gradient.is_cost")
def _(w, x, z):
    """That is the cost itself, which is never negative: what is asked for is its slope, whose sign
    tells on which side of the minimum w lies.
    """
    return cost(w, x, z)


@mistake("cost_gradient.per_point")
def _(w, x, z):
    """You return a slope for every point: the cost is one curve over w, and at one weight it has
    one slope, the mean over the points.
    """
    return -x * (z - w * x)


@mistake("cost_gradient.stops_early")
def _(w, x, z):
    """Only the first point has a say in your slope: every one of them should. Where a `return`
    stands inside a loop, it ends before the others are added.
    """
    total = 0
    for i in range(len(x)):
        total += x[i] * (w * x[i] - z[i])
        return total / len(x)


@mistake("cost_gradient.last_only")
def _(w, x, z):
    """Only the last point is left in your slope: each round of the loop replaces the total, when
    the points should build it up together.
    """
    total = 0
    for i in range(len(x)):
        total = x[i] * (w * x[i] - z[i])
    return total / len(x)


@mistake("cost_gradient.coarse_difference")
def _(w, x, z):
    """Your slope is close but a little off: a finite step beside w gives the slope of a chord. The
    formula from differentiating is exact.
    """
    return (cost(w + 1e-4, x, z) - cost(w, x, z)) / 1e-4


@mistake("cost_gradient.pair")
def _(w, x, z):
    """The slope is in your answer, but the cost came along with it: descent can use a single number
    only, the slope.
    """
    return cost(w, x, z), -np.mean(x * (z - w * x))


@mistake("cost_gradient.changes_argument", side=True)
def _(w, x, z):
    """The slope is right, but your call leaves the caller's data changed: descent takes many slopes
    on the same points, which must stay as they are.
    """
    z -= w * x
    return -np.mean(x * z)


# descent_direction


@mistake("descent_direction.swapped")
def _(slope):
    """Your directions lead uphill: a positive slope rises to the right, so the way down is on the
    other side.
    """
    if slope > 0:
        return "right"
    if slope < 0:
        return "left"
    return "stop"


@mistake("descent_direction.zero_is_right", side=True)
def _(slope):
    """On flat ground you still go right: an `else` takes in the slope of 0 as well, where there is
    no way down and a third answer is due.
    """
    if slope > 0:
        return "left"
    else:
        return "right"


@mistake("descent_direction.zero_is_left", side=True)
def _(slope):
    """A slope of 0 sends you left: it is neither positive nor negative, and at the bottom the
    answer is to stay.
    """
    if slope >= 0:
        return "left"
    return "right"


@mistake("descent_direction.swapped_no_stop")
def _(slope):
    """Your directions lead uphill, as a positive slope rises to the right. And a slope of 0 is a
    case of its own, where no step helps.
    """
    if slope > 0:
        return "right"
    else:
        return "left"


@mistake("descent_direction.none_at_zero", side=True)
def _(slope):
    """Left and right are as they should be, but for a slope of 0 nothing comes back from you:
    neither of your conditions holds there, and a third answer is missing.
    """
    if slope > 0:
        return "left"
    if slope < 0:
        return "right"


@mistake("descent_direction.zero_division", side=True)
def _(slope):
    """Your function fails on flat ground, where it divides by a slope of 0: comparing the slope
    with 0 tells its sign without any division.
    """
    return {1: "left", -1: "right"}[slope / abs(slope)]


@mistake("descent_direction.ignores_sign")
def _(slope):
    """You go left on every slope: that a slope is there tells you to move, but it is its sign that
    tells you where to.
    """
    if slope:
        return "left"
    return "stop"


@mistake("descent_direction.stops_at_negative")
def _(slope):
    """For a negative slope you stop, though the cost still falls to the right: stopping is for a
    slope of 0 alone.
    """
    if slope > 0:
        return "left"
    return "stop"


@mistake("descent_direction.threshold", side=True)
def _(slope):
    """You stop on gentle slopes, where the cost still falls: however small a slope is, its sign
    shows the way, and only 0 is flat.
    """
    if slope > 0.01:
        return "left"
    if slope < -0.01:
        return "right"
    return "stop"


@mistake("descent_direction.compares_with_1")
def _(slope):
    """Every slope between -1 and 1 makes you stop: the border between uphill and downhill is 0, so
    that is what to compare with.
    """
    if slope > 1:
        return "left"
    if slope < -1:
        return "right"
    return "stop"


@mistake("descent_direction.numbers")
def _(slope):
    """Your answer is a number, the sign of the step: the idea is right, but text is asked for, one
    of three words.
    """
    return -np.sign(slope)


@mistake("descent_direction.capitals")
def _(slope):
    """Your directions are right but begin with a capital: text is compared letter by letter, so
    write the three words in lower case.
    """
    if slope > 0:
        return "Left"
    if slope < 0:
        return "Right"
    return "Stop"


# update_weight


@mistake("update_weight.plus")
def _(w, gradient, learning_rate):
    """Your step goes uphill: the gradient points to where the cost rises, and descent goes against
    it, which takes a minus.
    """
    return w + learning_rate * gradient


@mistake("update_weight.no_rate")
def _(w, gradient, learning_rate):
    """The learning rate has no effect on your step: it should scale the gradient, so that a small
    rate makes a careful step.
    """
    return w - gradient


@mistake("update_weight.step_only")
def _(w, gradient, learning_rate):
    """You return the step, not where it leads: take the step from w, and return the weight you land
    on.
    """
    return learning_rate * gradient


@mistake("update_weight.reversed_minus")
def _(w, gradient, learning_rate):
    """Your new weight forgets the old one: the step is taken away from w. Beware of `=-`, which
    only assigns a negative number.
    """
    w = -learning_rate * gradient
    return w


@mistake("update_weight.other_way")
def _(w, gradient, learning_rate):
    """Your new weight has the opposite sign of the right one: the step is taken away from the
    weight, not the weight from the step.
    """
    return learning_rate * gradient - w


@mistake("update_weight.precedence")
def _(w, gradient, learning_rate):
    """Your brackets take the rate away from the weight and multiply by the gradient afterwards:
    rate times gradient is the step, and that comes first.
    """
    return (w - learning_rate) * gradient


@mistake("update_weight.swapped")
def _(w, gradient, learning_rate):
    """Weight and gradient have changed places in your formula: it is the weight that is moved, by
    the rate times the gradient.
    """
    return gradient - learning_rate * w


@mistake("update_weight.divides")
def _(w, gradient, learning_rate):
    """A smaller learning rate gives you a bigger step: dividing by the rate turns its meaning
    round, for it should scale the gradient.
    """
    return w - gradient / learning_rate


@mistake("update_weight.multiplies")
def _(w, gradient, learning_rate):
    """Your step is multiplied by the weight as well, so that a weight of 0 could never move: rate
    times gradient alone is the step.
    """
    return w * (1 - learning_rate * gradient)


@mistake("update_weight.absolute")
def _(w, gradient, learning_rate):
    """Your weight only ever moves to the left: the size of the gradient is not enough, its sign
    must be kept to go right on a falling slope.
    """
    return w - learning_rate * abs(gradient)


@mistake("update_weight.sign_only")
def _(w, gradient, learning_rate):
    """All your steps are equally long: only the sign of the gradient shows in them, but a steep
    slope should make a long step and a gentle one a short step.
    """
    return w - learning_rate * np.sign(gradient)


@mistake("update_weight.rate_written_in")
def _(w, gradient, learning_rate):
    """Your step uses a rate of 0.4 always, the lesson's example: the rate to use is the one that is
    passed in.
    """
    return w - 0.4 * gradient


@mistake("update_weight.rounds")
def _(w, gradient, learning_rate):
    """You round the new weight: near the minimum the steps are smaller than what is rounded away,
    and descent would stand still. Keep all digits.
    """
    return round(w - learning_rate * gradient, 2)


@mistake("update_weight.pair")
def _(w, gradient, learning_rate):
    """Two weights come back from you, the old and the new: whoever calls has the old one already,
    so return the new one alone.
    """
    return w, w - learning_rate * gradient


# gradient_descent


@mistake("gradient_descent.plus")
def _(x, z, w0, learning_rate, n_iterations):
    """Your weights climb away from the minimum: against the slope means minus."""
    weights = [w0]
    for _ in range(n_iterations):
        weights.append(weights[-1] + learning_rate * cost_gradient(weights[-1], x, z))
    return np.array(weights)


@mistake("gradient_descent.no_rate")
def _(x, z, w0, learning_rate, n_iterations):
    """Your path is the same for every learning rate: the rate scales each step, so it must meet the
    slope before the weight moves.
    """
    weights = [w0]
    for _ in range(n_iterations):
        weights.append(weights[-1] - cost_gradient(weights[-1], x, z))
    return np.array(weights)


@mistake("gradient_descent.rate_written_in")
def _(x, z, w0, learning_rate, n_iterations):
    """Every step of yours uses a rate of 0.4, the one from the lesson: take the rate that the
    caller passes in.
    """
    weights = [w0]
    for _ in range(n_iterations):
        weights.append(update_weight(weights[-1], cost_gradient(weights[-1], x, z), 0.4))
    return np.array(weights)


@mistake("gradient_descent.ignores_w0")
def _(x, z, w0, learning_rate, n_iterations):
    """Your descent sets out from 0 each time: where it starts is the caller's choice, passed in as
    `w0`.
    """
    weights = [0.0]
    for _ in range(n_iterations):
        w = weights[-1]
        weights.append(update_weight(w, cost_gradient(w, x, z), learning_rate))
    return np.array(weights)


@mistake("gradient_descent.no_start")
def _(x, z, w0, learning_rate, n_iterations):
    """Your path lacks its first weight: the start has been visited too, so record `w0` before the
    first step.
    """
    w, weights = w0, []
    for _ in range(n_iterations):
        w = update_weight(w, cost_gradient(w, x, z), learning_rate)
        weights.append(w)
    return np.array(weights)


@mistake("gradient_descent.last_only")
def _(x, z, w0, learning_rate, n_iterations):
    """You descend correctly but return only where you end: the whole path is asked for, so record
    each weight as you reach it.
    """
    w = w0
    for _ in range(n_iterations):
        w = update_weight(w, cost_gradient(w, x, z), learning_rate)
    return w


@mistake("gradient_descent.no_last")
def _(x, z, w0, learning_rate, n_iterations):
    """Your path ends one weight early: n steps visit n + 1 weights, and the one that the last step
    reaches is not recorded.
    """
    w, weights = w0, []
    for _ in range(n_iterations):
        weights.append(w)
        w = update_weight(w, cost_gradient(w, x, z), learning_rate)
    return np.array(weights)


@mistake("gradient_descent.one_less")
def _(x, z, w0, learning_rate, n_iterations):
    """You take one step too few: the start is no step, so after recording it there are still n
    steps to take, and n + 1 weights in the end.
    """
    weights = [w0]
    for _ in range(n_iterations - 1):
        w = weights[-1]
        weights.append(update_weight(w, cost_gradient(w, x, z), learning_rate))
    return np.array(weights)


@mistake("gradient_descent.one_more")
def _(x, z, w0, learning_rate, n_iterations):
    """You take one step too many: n steps and the start make n + 1 weights, and with 0 steps the
    start stands alone.
    """
    weights = [w0]
    for _ in range(n_iterations + 1):
        w = weights[-1]
        weights.append(update_weight(w, cost_gradient(w, x, z), learning_rate))
    return np.array(weights)


@mistake("gradient_descent.stops_early")
def _(x, z, w0, learning_rate, n_iterations):
    """Your path ends after the first step, however many are asked for. A `return` that is indented
    into the loop, for one, leaves on its first round.
    """
    weights = [w0]
    for _ in range(n_iterations):
        w = weights[-1]
        weights.append(update_weight(w, cost_gradient(w, x, z), learning_rate))
        return np.array(weights)


@mistake("gradient_descent.start_twice")
def _(x, z, w0, learning_rate, n_iterations):
    """The start stands in your path twice, and the last weight is missing: inside the loop, take
    the step first and then record where it led.
    """
    w, weights = w0, [w0]
    for _ in range(n_iterations):
        weights.append(w)
        w = update_weight(w, cost_gradient(w, x, z), learning_rate)
    return np.array(weights)


@mistake("gradient_descent.first_is_zero")
def _(x, z, w0, learning_rate, n_iterations):
    """Your path begins with 0 and goes on as if from `w0`: the array's first entry was never
    filled, so put the start there.
    """
    weights = np.zeros(n_iterations + 1)
    w = w0
    for i in range(n_iterations):
        w = update_weight(w, cost_gradient(w, x, z), learning_rate)
        weights[i + 1] = w
    return weights


@mistake("gradient_descent.last_is_zero")
def _(x, z, w0, learning_rate, n_iterations):
    """The last entry of your path is still 0: you record each weight before its step, so that the
    one after the final step is never stored.
    """
    weights = np.zeros(n_iterations + 1)
    w = w0
    for i in range(n_iterations):
        weights[i] = w
        w = update_weight(w, cost_gradient(w, x, z), learning_rate)
    return weights


@mistake("gradient_descent.gradient_once")
def _(x, z, w0, learning_rate, n_iterations):
    """All your steps are equally long: the slope is taken once, at the start, but it flattens on
    the way and must be taken anew at every weight.
    """
    slope = cost_gradient(w0, x, z)
    weights = [w0]
    for _ in range(n_iterations):
        weights.append(update_weight(weights[-1], slope, learning_rate))
    return np.array(weights)


@mistake("gradient_descent.restarts")
def _(x, z, w0, learning_rate, n_iterations):
    """After its first step your path stands still: each step sets out from `w0` again, when it
    should go on from the weight just reached.
    """
    weights = [w0]
    for _ in range(n_iterations):
        weights.append(update_weight(w0, cost_gradient(w0, x, z), learning_rate))
    return np.array(weights)


@mistake("gradient_descent.factor_2")
def _(x, z, w0, learning_rate, n_iterations):
    """Your steps are twice too long: the 2 that the square brings down is cancelled by the 1/2 of
    the cost, and should be gone from the slope.
    """
    weights = [w0]
    for _ in range(n_iterations):
        w = weights[-1]
        weights.append(w + learning_rate * 2 * np.mean(x * (z - w * x)))
    return np.array(weights)


@mistake("gradient_descent.no_mean")
def _(x, z, w0, learning_rate, n_iterations):
    """Your steps are m times too long: the slope of the cost is the mean over the points, and you
    step by their sum.
    """
    weights = [w0]
    for _ in range(n_iterations):
        w = weights[-1]
        weights.append(w + learning_rate * np.sum(x * (z - w * x)))
    return np.array(weights)


@mistake("gradient_descent.costs")
def _(x, z, w0, learning_rate, n_iterations):
    """Your array holds the cost at each weight, a fine thing to plot: what is asked for are the
    weights themselves.
    """
    w, costs = w0, [cost(w0, x, z)]
    for _ in range(n_iterations):
        w = update_weight(w, cost_gradient(w, x, z), learning_rate)
        costs.append(cost(w, x, z))
    return np.array(costs)


@mistake("gradient_descent.one_sample")
def _(x, z, w0, learning_rate, n_iterations):
    """Each of your steps follows a single point, as stochastic descent does: here every step takes
    the slope over all the points.
    """
    weights = [w0]
    for i in range(n_iterations):
        w, point = weights[-1], i % len(x)
        weights.append(w - learning_rate * x[point] * (predict(w, x[point]) - z[point]))
    return np.array(weights)


@mistake("gradient_descent.stops_when_close")
def _(x, z, w0, learning_rate, n_iterations):
    """Your descent stops once its steps become tiny, so that the last weights are missing: the
    number of steps is given, and all are to be taken.
    """
    weights = [w0]
    for _ in range(n_iterations):
        w = weights[-1]
        weights.append(update_weight(w, cost_gradient(w, x, z), learning_rate))
        if abs(weights[-1] - w) < 1e-6:
            break
    return np.array(weights)


@mistake("gradient_descent.pair")
def _(x, z, w0, learning_rate, n_iterations):
    """Your weights are right, but the costs came back with them: return one array alone, the
    weights that were visited.
    """
    weights = [w0]
    for _ in range(n_iterations):
        w = weights[-1]
        weights.append(update_weight(w, cost_gradient(w, x, z), learning_rate))
    return np.array(weights), np.array([cost(w, x, z) for w in weights])


@mistake("gradient_descent.changes_argument", side=True)
def _(x, z, w0, learning_rate, n_iterations):
    """Your path is right, but the caller's data is not what it was: your working was written into
    the arrays passed in. Let new ones hold it.
    """
    z *= x
    x *= x
    weights = [w0]
    for _ in range(n_iterations):
        w = weights[-1]
        weights.append(w - learning_rate * (w * np.mean(x) - np.mean(z)))
    return np.array(weights)


# max_stable_learning_rate


@mistake("max_stable_learning_rate.factor_half")
def _(x):
    """Your rate is half of the border: with it one step lands on the minimum. Beyond it descent
    swings from side to side, yet still closes in up to twice that rate.
    """
    return 1 / np.mean(x**2)


@mistake("max_stable_learning_rate.no_mean")
def _(x):
    """Your rate is m times too small: it divides by the sum of the squares, while the slope of the
    cost holds their mean.
    """
    return 2 / np.sum(x**2)


@mistake("max_stable_learning_rate.square_of_mean")
def _(x):
    """You average the inputs and then square: inputs of opposite sign cancel that way. Each input
    is squared first, and then the mean is taken.
    """
    return 2 / np.mean(x) ** 2


@mistake("max_stable_learning_rate.not_squared")
def _(x):
    """Your inputs are not squared: x comes in twice, once in the prediction and once more as the
    error is differentiated, so its square decides.
    """
    return 2 / np.mean(x)


@mistake("max_stable_learning_rate.absolute")
def _(x):
    """You average the sizes of the inputs: how fast the slope changes depends on their squares,
    where large inputs weigh more.
    """
    return 2 / np.mean(np.abs(x))


@mistake("max_stable_learning_rate.root")
def _(x):
    """There is a root too many in your rate: the factor of each step holds the mean of the squares
    itself, not its root.
    """
    return 2 / np.sqrt(np.mean(x**2))


@mistake("max_stable_learning_rate.inverted")
def _(x):
    """Your fraction is upside down: with larger inputs the cost is steeper, and the rate that is
    still safe gets smaller.
    """
    return np.mean(x**2) / 2


@mistake("max_stable_learning_rate.precedence")
def _(x):
    """Your rate is m squared times too small: a second division divides once more, so the m that
    was to turn the sum into a mean lands on the wrong side.
    """
    return 2 / np.sum(x**2) / len(x)


@mistake("max_stable_learning_rate.ignores_x")
def _(x):
    """Your border is 1 for every data set, which holds for the lesson's five points only: other
    inputs bend the cost more or less, and move it.
    """
    return 1.0


@mistake("max_stable_learning_rate.m_written_in")
def _(x):
    """For five inputs your rate is right, for more or fewer it is off: a fixed number stands in
    your formula where the length of x belongs.
    """
    return 10 / np.sum(x**2)


@mistake("max_stable_learning_rate.largest")
def _(x):
    """Your border comes from the largest input alone, which is too careful: the cost is a mean over
    all the points, so all their squares count.
    """
    return 2 / np.max(x**2)


@mistake("max_stable_learning_rate.variance")
def _(x):
    """Yours uses the variance, which measures from the mean of the inputs: this line goes through
    the origin, so squares are taken from 0.
    """
    return 2 / np.var(x)


@mistake("max_stable_learning_rate.per_point")
def _(x):
    """You return a rate for every input: descent uses one rate for all the points, so take the mean
    of the squares before you divide.
    """
    return 2 / x**2


@mistake("max_stable_learning_rate.changes_argument", side=True)
def _(x):
    """The rate is right, but your squares have replaced the caller's inputs: compute them into a
    new array, and leave x as it was.
    """
    x *= x
    return 2 / np.mean(x)

"""The cause of a failed check, where the call alone makes it evident: one sentence."""

import re
from typing import Final, NamedTuple

from autograder.calls import CallFailed, Outcome, Problem
from autograder.checking.runs import CheckRun

PRINTS_ONLY: Final = "It prints something but returns nothing: end it with `return` and the answer."
RETURNS_NOTHING: Final = (
    "It returns nothing: a `return` is missing, at the end or in one of its branches."
)
CHANGES_ARGUMENTS: Final = (
    "It changes the values it was given: compute with a copy, and leave those as is."
)
STUB_LEFT: Final = "Write its body in place of `raise NotImplementedError`."
TOO_SLOW: Final = "It was stopped: look for a loop that never ends, or for something very slow."
SIGNATURE: Final = "Leave its first line as the stub has it: these names, in this order."
_SHAPES: Final = "Two arrays in that line have shapes that do not fit: print both shapes."


class _Rule(NamedTuple):
    """An exception's type (or one that it derives from), what its message says, and the cause."""

    kind: str
    message: str
    cause: str


# The first rule that fits applies, so special ones come before general ones. Messages are those of
# Python 3.11 to 3.14 and NumPy 2.
_RULES: Final = [
    _Rule(*rule)
    for rule in (
        ("NotImplementedError", "",
         "It calls a function that is still a stub: write that one first."),
        ("TypeError", "NoneType",
         "Something in that line is None: a function called before it may lack a `return`."),
        ("AttributeError", "NoneType",
         "Something in that line is None: a function called before it may lack a `return`."),
        ("UnboundLocalError", "",
         "A variable is used before it has a value: an `if` or loop above may not have run."),
        ("NameError", "free variable", "A variable is used before it has a value."),
        ("NameError", "",
         "A name is used that does not exist there: look for a slip of spelling or a missing "
         "import."),
        ("IndexError", r"axis \d+ is out of bounds for array of dimension 1",
         "A vector has one axis only: axis=-1 is the last axis of a vector and of a batch alike."),
        ("IndexError", "axis .* is out of bounds",
         "The array has fewer axes than that: print its shape."),
        ("IndexError", "too many indices",
         "There are more indices than the array has axes: print its shape."),
        ("IndexError", "only integers|indices must be integers",
         "An index must be a whole number: `for v in z` gives values, `for i in range(len(z))` "
         "gives indices."),
        ("IndexError", "boolean index",
         "The mask and the array differ in length: make the mask from that same array."),
        ("IndexError", "pop from", "Something is taken out of an empty list."),
        ("IndexError", "assignment index",
         "The list has no such entry yet: add entries with `append`."),
        ("IndexError", "out of range|out of bounds",
         "An index reaches past the end: the first entry is 0, the last is the length minus 1, and "
         "something empty has none."),
        ("TypeError", "indices must be integers",
         "An index must be a whole number: `for v in z` gives values, `for i in range(len(z))` "
         "gives indices."),
        ("ValueError", "truth value of an array",
         "`if`, `max` and `and` take one value at a time: np.where or np.maximum take all entries "
         "at once."),
        ("TypeError", "only .*(0-dimensional|length-1|size-1)",
         "float(), int() and the functions of `math` take one number: for arrays use NumPy's own, "
         "such as np.exp."),
        ("ValueError", "broadcast|not aligned|core dimension", _SHAPES),
        ("ValueError", "must have .*shape|inhomogeneous shape", _SHAPES),
        ("TypeError", r"\^|bitwise_xor", "`^` is not a power in Python: write `**`."),
        ("TypeError", "not callable",
         "A value that is no function is called like one: a `*` may be missing before a bracket."),
        ("TypeError", "'tuple' object does not support item assignment",
         "A tuple cannot be changed: build a new one."),
        ("TypeError", "can't multiply sequence",
         "That is a list or tuple, not an array: turn it into one with np.array first."),
        ("KeyError", "", "A dict is asked for a key that it does not have."),
        ("AttributeError", "module .* has no attribute",
         "That module has no such name: look for a slip of spelling."),
        ("AttributeError", "",
         "A value has no such attribute: it may be of another type than you expect, or the name "
         "is misspelt."),
        ("ZeroDivisionError", "", "Something is divided by 0: ask which value that is here."),
        ("RecursionError", "",
         "It calls itself and never stops: a case that returns without calling itself is missing."),
        ("AssertionError", "", "An `assert` of your own does not hold for this call."),
        ("EOFError", "",
         "It waits for `input()`, but nobody types here: use the arguments instead."),
        ("SystemExit", "", "It calls exit(): use `return`."),
    )
]  # fmt: skip
_REFUSED: Final = re.compile("positional argument|keyword argument|takes no arguments")


def is_untouched_stub(outcome: Outcome) -> bool:
    """Whether a call only met the stub's own `raise NotImplementedError`."""
    problem = outcome.problem
    if problem is None or problem.type_name != "NotImplementedError" or outcome.reason:
        return False
    return len(problem.lines) <= 1  # With more, a written function calls a stub.


def evident_cause(run: CheckRun) -> str:
    """Returns what to change, in one sentence; nothing where the call does not show it."""
    outcome = run.last_outcome
    if outcome is None or run.error is None:
        return ""
    if isinstance(run.error, CallFailed):
        return _of_ending(run.error.outcome)
    if outcome.value is None:
        return PRINTS_ONLY if outcome.printed.strip() else RETURNS_NOTHING
    return caution(outcome)


def caution(outcome: Outcome) -> str:
    """Returns a sentence on a side effect that a call should not have, or nothing."""
    if outcome.after is not None:
        return CHANGES_ARGUMENTS
    if outcome.warnings:
        kind, text = outcome.warnings[0]
        return f"It set off a warning ({kind}: {text})."
    return ""


def _of_ending(outcome: Outcome) -> str:
    if is_untouched_stub(outcome):
        return STUB_LEFT
    if outcome.ending == "timeout":
        return TOO_SLOW
    problem = outcome.problem
    if problem is None or outcome.reason:
        return ""
    if problem.refused_call:
        return SIGNATURE if _REFUSED.search(problem.message) else ""
    return _of_exception(problem)


def _of_exception(problem: Problem) -> str:
    return next(
        (
            rule.cause
            for rule in _RULES
            if problem.is_a(rule.kind) and re.search(rule.message, problem.message)
        ),
        "",
    )

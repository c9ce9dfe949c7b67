"""The cause of a failed check, where the call alone makes it evident: one sentence."""

from typing import Final

from autograder.calls import CallFailed, Outcome, Problem
from autograder.checking.plugin import CheckRun

_OF_EXCEPTIONS: Final = {
    "UnboundLocalError": "A variable is used before it has a value: look at the names in the last "
    "line above, and at an `if` or loop that may not run.",
    "NameError": "A name is used that does not exist there: look for a slip of spelling or a "
    "missing import.",
    "IndexError": "An index reaches past the end: the first entry is 0, the last is the length "
    "minus 1.",
    "KeyError": "A dict is asked for a key that it does not have.",
    "AttributeError": "A value has no such attribute: it may be of another type than you expect, "
    "or the name is misspelt.",
    "ZeroDivisionError": "Something is divided by 0: ask which value that is for this call.",
    "RecursionError": "The function calls itself without an end.",
    "AssertionError": "An `assert` of your own does not hold for this call.",
}
_NONE_INSIDE: Final = "NoneType"
_BROADCAST: Final = "could not be broadcast"


def is_untouched_stub(outcome: Outcome) -> bool:
    """Whether a call only met the stub's own `raise NotImplementedError`."""
    problem = outcome.problem
    if problem is None or problem.type_name != "NotImplementedError" or outcome.reason:
        return False
    return len(problem.lines) <= 1  # With more, a function that was written calls one that is not.


def evident_cause(run: CheckRun) -> str:
    """Returns what to change, in one sentence, or nothing where the call does not show it."""
    outcome = run.last_outcome
    if outcome is None or run.error is None:
        return ""
    if isinstance(run.error, CallFailed):
        return _of_ending(run.error.outcome)
    if outcome.value is None:
        if outcome.printed:
            return "It prints its answer but returns nothing: end it with `return`, not `print`."
        return "It returns nothing: a `return` is missing, at the end or in one of its branches."
    return caution(outcome)


def caution(outcome: Outcome) -> str:
    """Returns what a call did beside its result that a function should not do, as a sentence."""
    if outcome.after is not None:
        return "It changes the values it was given: compute with a copy, and leave those as is."
    if outcome.warnings:
        kind, text = outcome.warnings[0]
        return f"It set off a warning ({kind}: {text})."
    return ""


def _of_ending(outcome: Outcome) -> str:
    if is_untouched_stub(outcome):
        return "Write its body in place of `raise NotImplementedError`."
    if outcome.ending == "timeout":
        return "It does not come to an end: look for a loop whose condition never changes."
    problem = outcome.problem
    if problem is None or outcome.reason:
        return ""
    if problem.refused_call:
        return "Leave its first line as the stub has it: these names, in this order."
    return _of_exception(problem)


def _of_exception(problem: Problem) -> str:
    if problem.is_a("NotImplementedError"):
        return "It calls a function that is still a stub: write that one first."
    if problem.type_name == "TypeError" and _NONE_INSIDE in problem.message:
        return "Something in that line is None: a function called before it may lack a `return`."
    if problem.type_name == "ValueError" and _BROADCAST in problem.message:
        return "Two arrays in that line have shapes that do not fit: print both shapes."
    return next((told for kind, told in _OF_EXCEPTIONS.items() if problem.is_a(kind)), "")

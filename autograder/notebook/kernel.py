"""Calls a notebook's functions in its kernel, and observes what a student's process reports."""

import contextlib
import io
import linecache
import time
import traceback
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Final

from autograder.calls import Line, Outcome, Problem
from autograder.checking.student import EncodedCall
from autograder.sandbox import wire

_FRAMES_SHOWN: Final = 8
_PRINTED_KEPT: Final = 4000


class KernelCandidate:
    """Answers for the functions in a namespace. There is no time limit: interrupt the kernel."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names

    def begin(self, check: str) -> None:
        """Does nothing: no calls are made ahead."""

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Makes the call on copies of the arguments."""
        return self.observe_all([EncodedCall(exercise, wire.encode(arguments))])[0]

    def observe_all(self, calls: Sequence[EncodedCall]) -> list[Outcome]:
        """Makes several calls."""
        return [self._call(call) for call in calls]

    def _call(self, call: EncodedCall) -> Outcome:
        name = call.exercise.partition(".")[2]
        function = self._names.get(name)
        if not callable(function):
            return Outcome("missing", reason=f"{name} is not defined: run its cell first")
        given = wire.decode(call.arguments)
        printed = io.StringIO()
        start = time.perf_counter()
        with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(printed):
            warnings.simplefilter("always")
            try:
                value, problem = wire.decode(wire.encode(function(*given))), None
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                value, problem = None, _problem(error)
        return Outcome(
            "returned" if problem is None else "raised",
            value=value,
            problem=problem,
            after=None if wire.encode(given) == call.arguments else given,
            warnings=tuple((w.category.__name__, str(w.message)) for w in caught),
            printed=printed.getvalue()[:_PRINTED_KEPT],
            seconds=time.perf_counter() - start,
        )


def _problem(error: BaseException) -> Problem:
    # The first frame is the call above; the rest are the student's, or those of a library.
    frames = [
        Line(_place(frame.filename), frame.lineno or 0, (frame.line or "").strip())
        for frame in traceback.extract_tb(error.__traceback__)[1:]
        if _is_of_a_cell(frame.filename)
    ]
    bases = tuple(kind.__name__ for kind in type(error).__mro__[1:])
    refused = not frames and isinstance(error, TypeError)
    return Problem(type(error).__name__, bases, str(error), tuple(frames[-_FRAMES_SHOWN:]), refused)


def _is_of_a_cell(filename: str) -> bool:
    """Whether a file is a cell: IPython invents its name, and keeps its lines in `linecache`."""
    return "ipykernel" in filename or filename.startswith("<ipython-input")


def _place(filename: str) -> str:
    return "this notebook" if filename in linecache.cache else filename

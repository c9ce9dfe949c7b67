"""One submission in its process: modules loaded, calls made, crashes contained."""

import difflib
import math
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Any, Final, NamedTuple, NoReturn

from autograder.calls import Line, Outcome, Problem
from autograder.sandbox import wire
from autograder.sandbox.process import Limits, ProcessEnded, ProcessSource, StudentProcess
from autograder.submissions.model import Submission

_MAX_PROBLEM_TEXT: Final = 1000
_MOST_NOTICES: Final = 5
_NAMES_COMPARED: Final = 1000
# The most calls sent together: a frame has a size limit, and answers are read after each frame.
_CALLS_PER_FRAME: Final = 200
# The share of a submission's time that all its imports together may take.
_MOST_FOR_IMPORTS: Final = 2 / 3
# The memory that all answers of one exercise may take. They are kept until the submission is
# graded, and one can take a megabyte; all those of a right function take 19 kB at most.
_MAX_ANSWERS_BYTES: Final = 2 * 1024 * 1024


# The size of a float on the wire.
_SECONDS_BYTES: Final = len(wire.encode(0.0))

_ADVICE: Final = {
    "SyntaxError": " Python cannot read the file until that is put right.",
    "ModuleNotFoundError": " When work is graded, only NumPy and the standard library are there, "
    "and files of your own that lie beside the exercises.",
    "NotImplementedError": " A line outside the functions calls one that is still a stub: remove "
    "that line for now.",
    "SystemExit": " Nothing after exit() is read: remove that line.",
    "EOFError": " Nobody answers `input()` here: remove that line.",
}


# What exceptions say that an older Python or NumPy raises at something it does not know. That a
# value lacks an attribute is seldom such a case, and often a mistake.
_SAID_OF_NEW: Final = {
    "ImportError": re.compile(""),
    "SyntaxError": re.compile(""),
    "AttributeError": re.compile(r"^(?:module|type object) '"),
    "TypeError": re.compile(
        r"\bunexpected keyword argument\b|\binvalid keyword argument\b|\btakes no keyword arguments"
    ),
}
_WORD: Final = re.compile(r"\w++(?:\(\))?")


class EncodedCall(NamedTuple):
    """A call ready for the wire: the exercise's id, and its arguments encoded."""

    exercise: str
    arguments: bytes


class _OutOfTimeError(ProcessEnded):
    """The turn's or the submission's time is over, though the call itself could have gone on."""


class _Module(NamedTuple):
    names: tuple[str, ...]
    lost: Outcome | None  # Why no function of the module can be called.


class Student:
    """Makes calls for one submission, in a fresh process whenever the last one has ended.

    An exercise whose call ended a process is not called again, and a module that failed to load is
    not loaded again; everything else goes on.
    """

    def __init__(
        self,
        submission: Submission,
        source: ProcessSource,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.seconds_left = limits.submission_seconds
        self.noted: dict[str, list[str]] = {}  # What is wrong with each module as a whole.
        # Expected outcomes: an answer with the same bytes is not decoded again.
        self.expected: Mapping[EncodedCall, Outcome] = {}
        self._submission = submission
        self._source = source
        self._limits = limits
        self._clock = clock
        # An import so slow that no time is left for the others is its module's own fault.
        most = limits.submission_seconds * _MOST_FOR_IMPORTS / max(len(submission.modules), 1)
        self._import_seconds = min(limits.import_seconds, most)
        self._turn_seconds_left = math.inf
        self._process: StudentProcess | None = None
        self._loaded: set[str] = set()
        self._modules: dict[str, _Module] = {}
        self._lost: dict[str, Outcome] = {}
        self._kept_bytes: dict[str, int] = {}
        self._told_newer: set[str] = set()

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Makes one call (see `autograder.calls.Candidate`)."""
        return self.observe_all([EncodedCall(exercise, wire.encode(arguments))])[0]

    def observe_all(self, calls: Sequence[EncodedCall]) -> list[Outcome]:
        """Makes many calls in few messages; the outcomes are in the order of the calls."""
        outcomes: list[Outcome | None] = [None] * len(calls)
        waiting = list(range(len(calls)))
        while waiting:
            ready: list[int] = []
            module = calls[waiting[0]].exercise.partition(".")[0]
            rest = []
            for index in waiting:
                call = calls[index]
                if call.exercise.partition(".")[0] != module or len(ready) == _CALLS_PER_FRAME:
                    rest.append(index)
                elif lost := self.why_not(call.exercise):
                    outcomes[index] = lost
                else:
                    ready.append(index)
            done = self._exchange([calls[index] for index in ready])
            for index, outcome in zip(ready, done, strict=False):
                outcomes[index] = outcome
            waiting = ready[len(done) :] + rest
        return [outcome for outcome in outcomes if outcome is not None]

    def observe_in_turn(
        self, turns: Sequence[Sequence[EncodedCall]], seconds: float
    ) -> list[list[Outcome]]:
        """Makes the calls of several exercises, in one message for each module's.

        The first import of a module has a limit of its own; a later one is part of the turn.

        Args:
            turns: The calls of one exercise after another, at least one of each.
            seconds: What each exercise may take. One that takes longer loses its process, but can
                be asked again.

        Returns:
            The outcomes of each exercise's calls, fewer than there are calls where its time was up.
        """
        done: list[list[Outcome]] = []
        try:
            while len(done) < len(turns):
                done += self._next_turns(turns[len(done) :], seconds)
        finally:
            self._turn_seconds_left = math.inf
        return done

    def noticed(self) -> tuple[str, ...]:
        """Returns sentences on what the process did that grading refuses; none when grading."""
        if self._process is None:
            return ()
        try:
            self._process.send(["noticed"], self._limits.call_seconds)
            answer = self._receive(self._process, self._limits.call_seconds)
        except ProcessEnded:
            self._process = None
            return ()
        told = answer if isinstance(answer, list) else []
        return tuple(_sentence(text) for text in told[:_MOST_NOTICES] if isinstance(text, str))

    def note_newer(self, module: str, outcomes: Iterable[Outcome]) -> None:
        """Notes that a module was checked with newer versions, where that may be why calls failed.

        Args:
            module: The module.
            outcomes: Those of its public calls. What hidden ones raise must stay hidden.
        """
        newer = self._submission.newer
        if not newer or module not in self._submission.modules or module in self._told_newer:
            return
        functions = self._modules[module].names if module in self._modules else ()
        own = {*self._submission.modules, *(f"{name}()" for name in functions)}
        if any(o.problem and _may_be_too_new(o.problem, own) for o in outcomes):
            file = self._submission.files.get(module, f"{module}.py")
            self._told_newer.add(module)
            self.noted.setdefault(module, []).append(
                f"{file} {newer}: that may be why calls of it fail, if they use something that "
                "only the newer one knows."
            )

    def why_not(self, exercise: str) -> Outcome | None:
        """Returns the outcome of a call that cannot be made, or None where it can be."""
        module, _, function = exercise.partition(".")
        if exercise in self._lost:
            return self._lost[exercise]
        if module not in self._submission.modules:
            return Outcome("missing", reason=f"{module}.py is not there")
        loaded = self._load(module)
        if loaded.lost is not None:
            return loaded.lost
        if function not in loaded.names:
            self._lost[exercise] = Outcome(
                "missing", reason=_not_defined(function, module, loaded.names)
            )
            return self._lost[exercise]
        if self.seconds_left <= 0:
            return self._used_up()
        return None

    def close(self) -> None:
        """Ends the process; a call after that is made in a fresh one."""
        if self._process is not None:
            self._process.end()
            self._process = None
            self._loaded.clear()

    def _next_turns(
        self, turns: Sequence[Sequence[EncodedCall]], seconds: float
    ) -> list[list[Outcome]]:
        """Takes the first turn and those sent with it, up to one that ends the process."""
        module = turns[0][0].exercise.partition(".")[0]
        together: list[Sequence[EncodedCall]] = []
        for turn in turns:
            exercise = turn[0].exercise
            if exercise.partition(".")[0] != module or (
                together and sum(map(len, together)) + len(turn) > _CALLS_PER_FRAME
            ):
                break
            self._turn_seconds_left = seconds
            try:
                lost = self.why_not(exercise)
            except _OutOfTimeError:
                return [[]]
            if lost is not None:
                if not together:
                    return [[lost] * len(turn)]
                break
            together.append(turn)
        outcomes = self._exchange([call for turn in together for call in turn], seconds)
        taken = []
        for turn in together:
            mine, outcomes = outcomes[: len(turn)], outcomes[len(turn) :]
            if len(mine) < len(turn) and (lost := self._lost.get(turn[0].exercise)):
                mine += [lost] * (len(turn) - len(mine))
            taken.append(mine)
            if not outcomes:
                break
        return taken

    def _load(self, module: str) -> _Module:
        """Loads a module unless this process has it; the answer of the first load is kept."""
        known = self._modules.get(module)
        if known and (known.lost is not None or module in self._loaded):
            return known
        if self.seconds_left <= 0:
            return known or _Module((), self._used_up())
        try:
            process = self._running_process()
            process.send(["load", module], self._import_seconds)
            answer = self._receive(process, self._import_seconds, in_turn=known is not None)
            loaded = self._read_load(module, answer, first=known is None)
            if known is not None and loaded.lost is None:
                # A later load may happen after hidden inputs were seen, and names can carry them.
                loaded = known
        except ProcessEnded as ended:
            self._process = None
            self._loaded.clear()
            if known is not None and self._is_out_of_turn(ended):
                raise
            file = self._submission.files.get(module, f"{module}.py")
            reason = f"{file} did not finish being imported: {ended.reason}"
            loaded = _Module((), Outcome(ended.ending, reason=reason))
            if known is None:
                self.noted[module] = [_sentence(reason)]
        self._loaded.add(module)
        self._modules[module] = loaded
        return loaded

    def _read_load(self, module: str, answer: Any, first: bool) -> _Module:
        try:
            tag, names, problems, failed = answer
            if tag != "loaded" or not isinstance(failed, bool):
                raise ValueError
            if not all(isinstance(name, str) for name in names):
                raise ValueError
            told = [_to_problem(problem) for problem in problems]
        except (TypeError, ValueError, OverflowError):
            self._malformed()
        chunks = self._submission.modules[module]
        if first and told:
            file = self._submission.files.get(module)
            self.noted[module] = [describe_problem(problem, file) for problem in told]
            if self._submission.newer and any(problem.type_name for problem in told):
                self.noted[module].append(
                    f"That {self._submission.newer}: if it ran for you, it uses something that "
                    "only the newer one knows."
                )
                self._told_newer.add(module)
        if failed:
            reason = f"{chunks[0].label} could not be imported"
            problem = told[-1] if told else None
            return _Module((), Outcome("raised", problem=problem, reason=reason))
        return _Module(tuple(names), None)

    def _exchange(
        self, calls: Sequence[EncodedCall], turn_seconds: float = math.inf
    ) -> list[Outcome]:
        """Makes calls in the running process, up to and including the first that ends it.

        Where it ends because an exercise's turn is over, the unanswered call is left out.
        """
        outcomes: list[Outcome] = []
        exercise = ""
        try:
            for start in range(0, len(calls), _CALLS_PER_FRAME):
                frame = calls[start : start + _CALLS_PER_FRAME]
                process = self._running_process()
                request = [[*call.exercise.split("."), call.arguments] for call in frame]
                process.send(["call", request], self._limits.call_seconds)
                for call in frame:
                    if call.exercise != exercise:
                        exercise, self._turn_seconds_left = call.exercise, turn_seconds
                    data = self._receive_encoded(process, self._limits.call_seconds)
                    outcomes.append(self._read_answer(call, data))
        except ProcessEnded as ended:
            self._process = None
            self._loaded.clear()
            if not self._is_out_of_turn(ended):
                lost = Outcome(ended.ending, reason=ended.reason)
                self._lost[calls[len(outcomes)].exercise] = lost
                outcomes.append(lost)
        return outcomes

    def _receive(self, process: StudentProcess, seconds: float, in_turn: bool = True) -> Any:
        return self._decode(self._receive_encoded(process, seconds, in_turn))

    def _decode(self, data: bytes) -> Any:
        start = self._clock()
        try:
            return wire.decode(data)
        except wire.WireError:
            self._malformed()
        finally:
            self.seconds_left -= self._clock() - start

    def _receive_encoded(
        self, process: StudentProcess, seconds: float, in_turn: bool = True
    ) -> bytes:
        start = self._clock()
        turn = self._turn_seconds_left if in_turn else math.inf
        most = max(min(self.seconds_left, turn), 0.001)
        try:
            return process.receive_encoded(min(seconds, most))
        except ProcessEnded as ended:
            if ended.ending == "timeout" and most < seconds:
                raise _OutOfTimeError("timeout", self._used_up().reason) from None
            raise
        finally:
            took = self._clock() - start
            self.seconds_left -= took
            if in_turn:
                self._turn_seconds_left -= took

    def _is_out_of_turn(self, ended: ProcessEnded) -> bool:
        return isinstance(ended, _OutOfTimeError) and self._turn_seconds_left < math.inf

    def _running_process(self) -> StudentProcess:
        if self._process is None:
            self._process = self._source.start(self._limits)
            self._loaded.clear()
            sources = {
                name: [[c.label, c.text.encode("utf-8", "replace"), c.kind] for c in chunks]
                for name, chunks in self._submission.modules.items()
            }
            self._process.send(["sources", sources], self._limits.call_seconds)
        return self._process

    def _read_answer(self, call: EncodedCall, data: bytes) -> Outcome:
        likely = self.expected.get(call)
        if likely is not None and _differs_in_seconds_at_most(data, likely.encoded):
            return likely
        answer = self._decode(data)
        self._make_room(call.exercise, answer, data)
        return self._to_outcome(answer, data)

    def _to_outcome(self, answer: Any, data: bytes) -> Outcome:
        try:
            match answer:
                case ["missing"]:
                    reason = "it is no function: a line gives its name to something else"
                    return Outcome("missing", reason=reason)
                case [
                    "returned" | "raised" as tag,
                    content,
                    after,
                    warnings,
                    str(printed),
                    float(seconds),
                ] if 0 <= seconds < math.inf:
                    return Outcome(
                        tag,
                        value=content if tag == "returned" else None,
                        problem=_to_problem(content) if tag == "raised" else None,
                        after=after if isinstance(after, tuple) else None,
                        warnings=tuple((_short(kind), _short(text)) for kind, text in warnings),
                        printed=printed,
                        seconds=seconds,
                        encoded=_without_seconds(data, seconds),
                    )
        except (TypeError, ValueError, OverflowError):
            pass
        self._malformed()

    def _make_room(self, exercise: str, answer: Any, data: bytes) -> None:
        held = self._kept_bytes.get(exercise, 0) + wire.weight(answer) + len(data)
        self._kept_bytes[exercise] = held
        if self._kept_bytes[exercise] > _MAX_ANSWERS_BYTES:
            self._refuse("what came back is too large to keep, with the answers before it")

    def _malformed(self) -> NoReturn:
        self._refuse("what came back was not an answer")

    def _refuse(self, reason: str) -> NoReturn:
        if self._process is not None:
            self._process.end()
        raise ProcessEnded("crashed", reason)

    def _used_up(self) -> Outcome:
        return out_of_time(self._limits)


def out_of_time(limits: Limits) -> Outcome:
    """Returns the outcome of a call for which the submission's time was not enough."""
    most = f"{limits.submission_seconds:.3g} s that a submission may take"
    return Outcome("timeout", reason=f"its share of the {most} was over before it had answered")


def _may_be_too_new(problem: Problem, own: Set[str]) -> bool:
    """Whether older versions may raise this for a name, a keyword or grammar that they lack.

    Args:
        problem: The exception.
        own: Names of the student's modules, and of functions followed by brackets: errors about
            those are the same in every version.
    """
    return (
        not problem.refused_call
        and own.isdisjoint(_WORD.findall(problem.message))
        and any(
            problem.is_a(kind) and said.search(problem.message)
            for kind, said in _SAID_OF_NEW.items()
        )
    )


def describe_problem(problem: Problem, file: str | None = None) -> str:
    """Returns an exception at import as sentences: file, line, what was raised, what to do."""
    place = file or "the file"
    if problem.lines and problem.lines[-1].number:
        place = f"{problem.lines[-1].label}, line {problem.lines[-1].number}"
    if not problem.type_name:  # A sentence on what was left out of a notebook.
        return _sentence(f"{place}: {problem.message}")
    message = f": {problem.message}" if problem.message else ""
    advice = next((text for kind, text in _ADVICE.items() if problem.is_a(kind)), "")
    return f"{_sentence(f'{place}: {problem.type_name}{message}')}{advice}"


def _sentence(text: str) -> str:
    text = " ".join(text.split())[:_MAX_PROBLEM_TEXT]
    return text if text.endswith((".", "!", "?")) else text + "."


def _not_defined(function: str, module: str, names: Sequence[str]) -> str:
    reason = f"{module}.py does not define {function}"
    # Comparing takes a while for each name, and a file can define thousands.
    likely = [name for name in names if len(name) <= 2 * len(function)][:_NAMES_COMPARED]
    close = difflib.get_close_matches(function, likely, n=1, cutoff=0.7)
    close = close or [name for name in likely if name.lower() == function.lower()]
    return f"{reason}; it defines {close[0][:60]}: did you mean that?" if close else reason


def _without_seconds(data: bytes, seconds: float) -> bytes:
    """Returns an answer without the seconds at its end; nothing where they are written otherwise.

    The worker writes them in nine bytes; a number written in fewer cannot look like that.
    """
    return data[:-_SECONDS_BYTES] if data.endswith(wire.encode(seconds)) else b""


def _differs_in_seconds_at_most(data: bytes, encoded: bytes) -> bool:
    """Whether an answer is the same as one that was read before, apart from its seconds."""
    if not encoded or len(data) != len(encoded) + _SECONDS_BYTES or not data.startswith(encoded):
        return False
    try:
        seconds = wire.decode(data[len(encoded) :])
    except wire.WireError:
        return False
    return type(seconds) is float and 0 <= seconds < math.inf


def _to_problem(content: Any) -> Problem:
    type_name, bases, message, frames, refused = content
    return Problem(
        _short(type_name),
        tuple(_short(base) for base in bases[:12]),
        _short(message, _MAX_PROBLEM_TEXT),
        tuple(
            Line(_short(label), number, _short(text))
            for label, number, text in frames[-8:]
            if type(number) is int
        ),
        refused is True,
    )


def _short(text: Any, most: int = 200) -> str:
    """Returns the beginning of a text; raises ValueError for any other value."""
    if not isinstance(text, str):
        raise ValueError("something other than text")
    return text[:most]

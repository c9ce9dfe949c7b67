"""Which calls are made of which exercise, in which process, and for how long.

Two rules hold here.

*Fast never pays for slow.* Every exercise first gets a short turn, so that all fast ones have
answered before a slow one is waited for. An exercise that has not answered in its turn is asked
again, alone in a fresh process. All such exercises share the remaining time equally; what one
leaves over goes to the others.

*An exercise is judged by its own hidden inputs alone.* Public calls are over before the first
hidden one is made. Hidden calls go out one exercise at a time, in the course's order, so none has
seen a later one's inputs. An exercise could still use the inputs of earlier ones, and reveal by
passing or failing what it saw there. So wherever an answer is wrong, all exercises are asked once
more, in a fresh process and in the opposite order: an exercise that came after another now comes
before it. If any of them answers otherwise, none of these answers counts: each exercise is asked
alone, in a process that is asked nothing else. Which of the two happened is one bit of information
on the hidden inputs, and the only one that passes from one exercise to another.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np

from autograder.calls import Outcome
from autograder.checking.likeness import Ending
from autograder.checking.student import EncodedCall, Student, out_of_time
from autograder.sandbox.process import Limits, ProcessSource
from autograder.submissions.model import Submission

# The encoded arguments of each exercise's calls, in the course's order.
Calls = Mapping[str, Sequence[bytes]]
# How calls came out, by exercise and encoded arguments.
Answers = dict[str, dict[bytes, Outcome]]

# All first turns of one kind together take at most this share of a submission's time; there are
# three kinds of them. A right exercise needs a hundredth of its turn.
_FIRST_TURNS: Final = 1 / 8
# However small the limits, turns are no shorter than this if all first turns fit into half of them.
_SMALL_TURN_SECONDS: Final = 0.05
_SMALL_TURNS: Final = 1 / 6
# An exercise that takes so long is slow on any machine, which is reported.
_SLUGGISH_SECONDS: Final = 1.0
# Less time than this is not worth a process.
_TOO_LITTLE_SECONDS: Final = 0.02


class Asking:
    """Makes the calls of one submission's functions. Close it afterwards."""

    def __init__(
        self,
        submission: Submission,
        source: ProcessSource,
        limits: Limits,
        public: Calls,
        hidden: Calls,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.first = Student(submission, source, limits, clock)
        self.public: Answers = {}
        self.hidden: Answers = {}
        self.inconsistent: set[str] = set()  # Exercises that answered one public call in two ways.
        self.slow: list[str] = []  # Exercises that did not answer in their turns.
        # Exercises that get no hidden calls, or only alone; known before the first hidden call.
        self.settled: set[str] = set()
        # Exercises that are slow on any machine, by their public calls alone.
        self.sluggish: set[str] = set()
        self._make = partial(Student, submission, source, limits, clock)
        self._limits = limits
        self._public_calls = public
        self._hidden_calls = hidden
        self._turn_seconds = turn_seconds(limits, len({*public, *hidden}))
        self._took: dict[str, float] = {}

    def ask_public(self) -> None:
        """Makes the public calls, the first one of each exercise twice."""
        student = self.first
        twice = {name: [*calls, calls[0]] for name, calls in self._public_calls.items()}
        turns = [_encoded(name, calls) for name, calls in twice.items()]
        taken = student.observe_in_turn(turns, self._turn_seconds)
        for (name, calls), outcomes in zip(twice.items(), taken, strict=True):
            if len(outcomes) < len(calls):
                self.slow.append(name)
                continue
            self.public[name] = dict(zip(calls[:-1], outcomes, strict=False))
            if not Ending(outcomes[0]).alike(Ending(outcomes[-1])):
                self.inconsistent.add(name)
        # However slow public calls are, time is kept for two turns of each exercise's hidden calls:
        # one in the course's order, one alone.
        kept = 2 * len(self._hidden_calls) * self._turn_seconds
        self.public |= self._alone(student, self._public_calls, self.slow, kept)
        self.sluggish = {name for name, took in self._took.items() if took > _SLUGGISH_SECONDS}
        for name, answers in self.public.items():
            # By public calls only: a note on versions would tell its reader what hidden ones did.
            student.note_newer(name.partition(".")[0], answers.values())

    def ask_hidden(self) -> None:
        """Makes the hidden calls of exercises that are not slow, one exercise after another."""
        for name, calls in self._hidden_calls.items():
            if name not in self.slow and (lost := self.first.why_not(name)) is not None:
                self.hidden[name] = dict.fromkeys(calls, lost)
                self.settled.add(name)
        self.settled.update(self.slow)
        names = [name for name in self._hidden_calls if name not in self.settled]
        answers, slow = self._one_by_one(self.first, names, self._hidden_calls)
        self.first.close()
        self.hidden |= answers
        self.slow += slow

    def is_confirmed(self, needed: Calls) -> bool:
        """Repeats hidden calls in the opposite order, and returns whether all come out the same.

        Args:
            needed: The calls that decide how exercises are judged.
        """
        student = self._make()
        student.expected = {
            EncodedCall(name, call): outcome
            for name, outcomes in self.hidden.items()
            for call, outcome in outcomes.items()
        }
        names = [name for name in reversed(list(needed)) if name not in self.settled]
        try:
            answers, slow = self._one_by_one(student, names, needed)
        finally:
            student.close()
        return {*slow} == {*names} - {*self.hidden} and all(
            same_outcome(outcome, self.hidden[name][call])
            for name, outcomes in answers.items()
            for call, outcome in outcomes.items()
        )

    def ask_alone(self, names: Iterable[str]) -> None:
        """Makes the hidden calls of these exercises, each in a process of its own."""
        student = self._make()
        student.seconds_left = self.first.seconds_left
        try:
            # Settled exercises have their answers already, except slow ones, which come last.
            asked = [name for name in names if name not in self.settled or name in self.slow]
            asked.sort(key=self.slow.__contains__)
            self.hidden |= self._alone(student, self._hidden_calls, asked)
        finally:
            student.close()

    def seen(self) -> Answers:
        """Returns all answers, to public and hidden calls."""
        return {
            name: self.hidden.get(name, {}) | self.public.get(name, {})
            for name in {**self.public, **self.hidden}
        }

    def close(self) -> None:
        """Ends the processes."""
        self.first.close()

    def _one_by_one(
        self, student: Student, names: Sequence[str], calls: Calls
    ) -> tuple[Answers, list[str]]:
        """Returns the answers of exercises that answer in their turn, and the others' names."""
        answers: Answers = {}
        slow = []
        for name in names:
            [outcomes] = student.observe_in_turn([_encoded(name, calls[name])], self._turn_seconds)
            if len(outcomes) < len(calls[name]):
                slow.append(name)
            else:
                answers[name] = dict(zip(calls[name], outcomes, strict=True))
        return answers, slow

    def _alone(
        self, student: Student, calls: Calls, names: Sequence[str], kept: float = 0.0
    ) -> Answers:
        """Returns the answers of exercises, each asked in processes that are asked nothing else.

        They share the student's time equally, except the `kept` seconds; what is left over is
        shared again. Calls that are unanswered then have run out of time.
        """
        answers: Answers = {name: {} for name in names}
        waiting = list(names)
        while waiting and student.seconds_left - kept > _TOO_LITTLE_SECONDS:
            again = []
            for place, name in enumerate(waiting):
                before = student.seconds_left
                share = (before - kept) / (len(waiting) - place)
                open = [call for call in calls[name] if call not in answers[name]]
                student.close()
                [outcomes] = student.observe_in_turn([_encoded(name, open)], share)
                answers[name] |= zip(open, outcomes, strict=False)
                self._took[name] = self._took.get(name, 0.0) + before - student.seconds_left
                if len(outcomes) < len(open):
                    again.append(name)
            waiting = again
        if names:
            student.close()
        for name in waiting:
            missing = dict.fromkeys(calls[name], out_of_time(self._limits))
            answers[name] = missing | answers[name]
        return answers


def turn_seconds(limits: Limits, count: int) -> float:
    """Returns the length of each first turn, given the number of exercises."""
    most = limits.submission_seconds / max(count, 1)
    return max(most * _FIRST_TURNS, min(_SMALL_TURN_SECONDS, most * _SMALL_TURNS))


def same_outcome(one: Outcome, other: Outcome) -> bool:
    """Whether no check and no recognised mistake can tell two outcomes apart."""
    if one is other:
        return True
    try:
        return (
            one.ending == other.ending
            and _kind(one) == _kind(other)
            and len(one.warnings) == len(other.warnings)
            and _same(one.value, other.value)
            and _same(one.after, other.after)
        )
    except RecursionError:  # Nested too deep to compare.
        return False


def _kind(outcome: Outcome) -> tuple[str, ...]:
    return (outcome.problem.type_name, *outcome.problem.bases) if outcome.problem else ()


def _same(one: Any, other: Any) -> bool:
    """Whether two plain values are the same to the last bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        alike = one.dtype == other.dtype and one.shape == other.shape
        return alike and bool(one.tobytes() == other.tobytes())
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other) or (one != one and other != other)


def _encoded(name: str, calls: Iterable[bytes]) -> list[EncodedCall]:
    return [EncodedCall(name, call) for call in calls]

"""A submission's time is shared so that what is fast never pays for what is slow."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.calls import Outcome
from autograder.examiner import Examiner
from autograder.examiner.asking import Asking
from autograder.results import Result, Source
from autograder.sandbox import wire
from autograder.sandbox.process import Limits, ProcessEnded
from autograder.submissions import Chunk, Submission
from tests.places import LESSON_POINTS, POINTS
from tests.seeds import SEED

# A process on a clock of its own: what takes seconds there takes none here, on a busy machine too.

HANGS: Final = float("inf")
CRASHES: Final = -1.0


class Clock:
    """Time that passes where it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Simulated:
    """Starts processes in which each function takes its time, and notes what each was asked."""

    def __init__(self, clock: Clock, seconds: Mapping[str, float]) -> None:
        self.clock = clock
        self.seconds = seconds
        self.asked: list[list[tuple[str, bytes]]] = []
        # Of each message the exercises in it, and how many answers were still to come.
        self.messages: list[tuple[set[str], int]] = []

    def start(self, limits: Limits) -> "SimulatedProcess":
        self.asked.append([])
        return SimulatedProcess(self, self.asked[-1])


class SimulatedProcess:
    """Answers as the worker does."""

    def __init__(self, machine: Simulated, asked: list[tuple[str, bytes]]) -> None:
        self._machine = machine
        self._asked = asked
        self._waiting: list[Any] = []

    def send(self, request: list[Any], seconds: float) -> None:
        match request:
            case ["load", module]:
                names = [n.partition(".")[2] for n in self._machine.seconds if n.startswith(module)]
                self._waiting.append(["loaded", names, [], False])
            case ["call", calls]:
                exercises = {f"{m}.{f}" for m, f, _ in calls}
                self._machine.messages.append((exercises, len(self._waiting)))
                self._waiting += [(f"{m}.{f}", arguments) for m, f, arguments in calls]

    def receive_encoded(self, seconds: float) -> bytes:
        answer = self._waiting.pop(0)
        if isinstance(answer, list):
            return wire.encode(answer)
        self._asked.append(answer)
        takes = self._machine.seconds[answer[0]]
        if takes == CRASHES:
            raise ProcessEnded("crashed", "it ended the Python process")
        self._machine.clock.now += min(takes, seconds)
        if takes > seconds:
            raise ProcessEnded("timeout", f"no answer within {seconds:.3g} s")
        return wire.encode(["returned", 1.0, None, [], "", takes])

    def end(self) -> int:
        return -9


LIMITS: Final = Limits(submission_seconds=60)
COUNTS: Final = st.integers(1, 8)
TIMES: Final = st.sampled_from([0.0, 0.0, 0.01, 0.3, 1.5, 1.99, 2.5, HANGS, CRASHES])


@st.composite
def courses(draw: st.DrawFn) -> tuple[dict[str, float], dict[str, list[bytes]]]:
    """What each function takes for a call, and each one's calls."""
    names = [f"{draw(st.sampled_from('abc'))}.f{n}" for n in range(draw(st.integers(1, 40)))]
    calls = {
        name: [wire.encode((float(n),)) for n in range(draw(COUNTS))] for name in sorted(names)
    }
    return {name: draw(TIMES) for name in calls}, calls


def submission(modules: Mapping[str, str]) -> Submission:
    chunks: dict[str, tuple[Chunk, ...]] = {
        name: (Chunk(f"{name}.py", text),) for name, text in modules.items()
    }
    return Submission("s", Source("s"), chunks, {name: f"{name}.py" for name in modules})


def asked(
    seconds: Mapping[str, float],
    calls: Mapping[str, list[bytes]],
    all_alone: bool = False,
    public: Mapping[str, list[bytes]] | None = None,
    limits: Limits = LIMITS,
) -> tuple[Asking, Simulated]:
    """Asks everything, as it is asked where something is wrong."""
    machine = Simulated(Clock(), seconds)
    names = sorted({name.partition(".")[0] for name in calls})
    asking = Asking(
        submission(dict.fromkeys(names, "")), machine, limits, public or calls, calls, machine.clock
    )
    asking.ask_public()
    asking.ask_hidden()
    asking.is_confirmed(calls)
    asking.ask_alone(calls if all_alone else asking.slow)
    return asking, machine


def returned(outcomes: Mapping[bytes, Outcome]) -> bool:
    return all(outcome.ending == "returned" for outcome in outcomes.values())


@given(courses(), st.booleans(), st.sampled_from([3.0, 9.0, 60.0]))
@settings(max_examples=200)
def test_what_is_fast_is_answered_whatever_else_is_slow_hangs_or_crashes(
    course: Any, all_alone: bool, most: float
) -> None:
    seconds, calls = course
    turn = most / 8 / len(calls)
    limits = Limits(submission_seconds=most)
    asking, machine = asked(seconds, calls, all_alone, limits=limits)
    for name, takes in seconds.items():
        is_in_time = 0 <= takes <= limits.call_seconds
        if is_in_time and (len(calls[name]) + 1) * takes < turn:
            assert returned(asking.public[name])
            assert returned(asking.hidden[name])
    assert machine.clock.now <= 1.2 * most


@given(courses())
@settings(max_examples=100)
def test_every_call_has_an_outcome_and_a_slow_one_is_a_timeout_with_the_seconds(
    course: Any,
) -> None:
    seconds, calls = course
    asking, _ = asked(seconds, calls)
    for answers in (asking.public, asking.hidden):
        assert {name: {*outcomes} for name, outcomes in answers.items()} == {
            name: {*made} for name, made in calls.items()
        }
        for name, outcomes in answers.items():
            for outcome in outcomes.values():
                if seconds[name] > LIMITS.call_seconds:
                    assert outcome.ending == "timeout"
                    assert "within 2 s" in outcome.reason or "the 60 s" in outcome.reason


@given(st.integers(1, 6), st.floats(0.3, 1.9), st.integers(1, 6))
@settings(max_examples=100)
def test_slow_functions_get_equal_shares_and_what_is_left_over_goes_on(
    slow: int, takes: float, count: int
) -> None:
    """What needs no more than an equal share of what is left by the first turns is answered."""
    calls = {f"a.f{n}": [wire.encode((float(i),)) for i in range(count)] for n in range(slow + 2)}
    seconds = {name: takes if n < slow else HANGS for n, name in enumerate(calls)}
    asking, _ = asked(seconds, calls)
    left = LIMITS.submission_seconds * (1 - 3 / 8) - 2 * LIMITS.call_seconds
    if 2 * slow * (count + 1) * takes < left:
        for n in range(slow):
            assert returned(asking.public[f"a.f{n}"])
            assert returned(asking.hidden[f"a.f{n}"])


@given(courses())
@settings(max_examples=100)
def test_no_process_that_a_hidden_input_reached_is_asked_anything_public(course: Any) -> None:
    seconds, calls = course
    public = {name: [wire.encode(("public", n)) for n in range(2)] for name in calls}
    _, machine = asked(seconds, calls, public=public)
    for process in machine.asked:
        kinds = ["public" in wire.decode(arguments) for _, arguments in process]
        assert kinds == sorted(kinds, reverse=True)


@given(courses())
@settings(max_examples=100)
def test_hidden_calls_come_in_the_courses_order_and_once_more_in_the_opposite_one(
    course: Any,
) -> None:
    _, calls = course
    _, machine = asked(dict.fromkeys(calls, 0.0), calls)
    forwards, backwards = machine.asked
    in_order = [(name, call) for name, made in calls.items() for call in made]
    assert forwards[-len(in_order) :] == in_order
    again = [(name, call) for name in reversed(list(calls)) for call in calls[name]]
    assert backwards == again
    hidden = machine.messages[-2 * len(calls) :]
    assert hidden == [({name}, 0) for name in (*calls, *reversed(list(calls)))]


@pytest.mark.parametrize(("then", "confirmed"), [(30.0, True), (0.0, False)])
def test_what_is_slow_after_others_only_is_not_confirmed(then: float, confirmed: bool) -> None:
    """Slowness would say something too: that others were asked before."""
    calls = {f"a.f{n}": [wire.encode((float(n),))] for n in range(4)}
    machine = Simulated(Clock(), dict.fromkeys(calls, 0.0))
    asking = Asking(submission({"a": ""}), machine, LIMITS, calls, calls, machine.clock)
    asking.ask_public()
    machine.seconds = {**machine.seconds, "a.f2": 30.0}
    asking.ask_hidden()
    assert asking.slow == ["a.f2"]
    machine.seconds = {**machine.seconds, "a.f2": then}
    assert asking.is_confirmed(calls) is confirmed


def test_nothing_is_asked_again_where_all_is_right(
    examiner: Examiner, reference_sources: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Asking, "is_confirmed", None)
    monkeypatch.setattr(Asking, "ask_alone", None)
    assert examiner.examine(submission(reference_sources)).score == POINTS


SLOW: Final = """
import time

import numpy as np


def predict(w, x):
    return w * x


def cost(w, x, z):
    time.sleep({seconds})
    return np.mean((z - predict(w, x)) ** 2) / 2


def descent_direction(gradient):
    return 0 if gradient == 0 else -1 if gradient > 0 else 1


def update_weight(w, gradient, learning_rate):
    return w - learning_rate * gradient
"""


def test_slow_functions_of_one_lesson_cost_another_lesson_nothing(
    reference_sources: dict[str, str],
) -> None:
    modules = {
        "gradient_descent": SLOW.format(seconds=300),
        "activations": reference_sources["activations"],
    }
    with Examiner(seed=SEED, limits=Limits(call_seconds=1, submission_seconds=20)) as strict:
        result = strict.examine(submission(modules))
    by_id = {e.id: e for e in result.exercises}
    assert (
        sum(e.score for e in result.exercises if e.id.startswith("activations."))
        == LESSON_POINTS["activations"]
    )
    assert by_id["gradient_descent.update_weight"].outcome == "correct"
    assert by_id["gradient_descent.cost"].outcome == "timeout"
    assert told(result) == [
        "gradient_descent.py: a call of cost did not end within 1 s, the most that a call may take."
    ]


def test_what_is_slow_but_answers_earns_its_points_and_is_told_the_seconds() -> None:
    modules = {"gradient_descent": SLOW.format(seconds=0.4)}
    with Examiner(seed=SEED, limits=Limits(call_seconds=20, submission_seconds=40)) as patient:
        result = patient.examine(submission(modules))
    by_id = {e.id: e for e in result.exercises}
    assert by_id["gradient_descent.cost"].outcome == "correct"
    assert told(result) == [
        "gradient_descent.py: cost is slow, and was asked last, in what was left of the 40 s that "
        "a submission may take."
    ]


def test_what_ran_out_of_the_whole_submissions_time_is_told_with_the_seconds() -> None:
    modules = {"gradient_descent": SLOW.format(seconds=300)}
    with Examiner(seed=SEED, limits=Limits(call_seconds=100, submission_seconds=2)) as strict:
        result = strict.examine(submission(modules))
    assert told(result) == [
        "gradient_descent.py: cost did not answer in time: of the 2 s that a submission may take, "
        "every slow function gets an equal share."
    ]
    notes = [e.note for e in result.exercises if e.outcome == "timeout"]
    assert notes
    assert all("the 2 s that a submission may take" in note for note in notes)


def told(result: Result) -> list[str]:
    return [problem for problem in result.problems if "gradient_descent" in problem]

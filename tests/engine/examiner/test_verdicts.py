"""Nothing is kept of a check but that it passed on the very same answers."""

import math
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from autograder.calls import Outcome
from autograder.checking.runs import Check
from autograder.checking.student import EncodedCall, Student
from autograder.examiner.asking import same_outcome
from autograder.examiner.verdicts import Looks, Passes
from autograder.results import Source
from autograder.sandbox import wire
from autograder.sandbox.process import Limits, ProcessEnded
from autograder.submissions.model import Chunk, Submission

CALL: Final = EncodedCall("a.f", wire.encode((1.0,)))
NUMBERS: Final = st.floats() | st.sampled_from([0.0, -0.0, 1.0, math.nan])
TEXTS: Final = st.text(max_size=12)
SECONDS: Final = st.floats(0, 60) | st.sampled_from([0.0, -1.0, math.inf, math.nan, 1, "1", None])
REPLIES: Final = st.tuples(
    st.sampled_from(["returned", "raised", "missing"]),
    NUMBERS | TEXTS | st.lists(NUMBERS, max_size=3),
    st.none() | st.tuples(NUMBERS),
    st.lists(st.tuples(TEXTS, TEXTS), max_size=2),
    TEXTS,
    SECONDS,
).map(list)
FRAMES: Final = REPLIES.map(wire.encode) | st.binary(max_size=40)


class OneAnswer:
    """A process that gives the same bytes as every answer."""

    def __init__(self, frame: bytes) -> None:
        self._waiting = [wire.encode(["loaded", ["f"], [], False]), frame]

    def start(self, limits: Limits) -> "OneAnswer":
        return self

    def send(self, request: list[Any], seconds: float) -> None:
        """Takes it."""

    def receive_encoded(self, seconds: float) -> bytes:
        if not self._waiting:
            raise ProcessEnded("crashed", "it ended the Python process")
        return self._waiting.pop(0)

    def end(self) -> int:
        return -9


def answered(frame: bytes, expected: Outcome | None = None) -> Outcome:
    submission = Submission("s", Source("s"), {"a": (Chunk("a.py", ""),)}, {"a": "a.py"})
    student = Student(submission, OneAnswer(frame), Limits())
    if expected is not None:
        student.expected = {CALL: expected}
    [outcome] = student.observe_all([CALL])
    return outcome


def as_told(outcome: Outcome) -> tuple[Any, ...]:
    """Everything that an outcome says, but for the time."""
    said = [outcome.value, outcome.after, outcome.warnings]
    return (outcome.ending, outcome.problem, outcome.printed, outcome.reason, wire.encode(said))


@st.composite
def nearly_the_same(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Two frames that have a beginning in common."""
    one = draw(FRAMES)
    cut = draw(st.integers(0, 12))
    return one, one[: max(len(one) - cut, 0)] + draw(st.binary(min_size=cut, max_size=cut))


@given(nearly_the_same() | st.tuples(FRAMES, FRAMES))
def test_an_expected_answer_is_read_as_if_it_had_not_been_expected(
    frames: tuple[bytes, bytes],
) -> None:
    one, other = frames
    expected = answered(one)
    unread, read = answered(other, expected), answered(other)
    assert as_told(unread) == as_told(read)
    assert same_outcome(unread, expected) == same_outcome(read, expected)


@given(REPLIES, st.floats(0, 60), st.floats(0, 60))
def test_answers_that_differ_in_time_alone_have_one_encoded_form(
    reply: list[Any], one: float, other: float
) -> None:
    first, second = (answered(wire.encode([*reply[:-1], seconds])) for seconds in (one, other))
    assert first.encoded == second.encoded


def check(name: str) -> Check:
    made = Check(len, "a", "hidden", ["a.f"])
    made.id = name
    return made


@given(FRAMES, FRAMES)
def test_a_check_that_passed_is_run_again_where_anything_of_an_answer_is_another(
    one: bytes, other: bytes
) -> None:
    outcomes = answered(one), answered(other)
    first, second = (
        Looks({"a.f": {CALL.arguments: outcome}}).key(check("c"), []) for outcome in outcomes
    )
    passes = Passes()
    passes.add([first] if first is not None else [])
    if second is not None and second in passes:
        assert as_told(outcomes[0]) == as_told(outcomes[1])


def test_another_check_and_another_call_have_keys_of_their_own() -> None:
    outcome = answered(wire.encode(["returned", 1.0, None, [], "", 0.5]))
    again = wire.encode((2.0,))
    keys = {
        Looks({"a.f": {CALL.arguments: outcome}}).key(check("c"), []),
        Looks({"a.f": {CALL.arguments: outcome}}).key(check("d"), []),
        Looks({"a.f": {again: outcome}}).key(check("c"), []),
        Looks({"a.f": {CALL.arguments: outcome, again: outcome}}).key(check("c"), []),
    }
    assert len(keys) == 4
    assert None not in keys


def test_what_came_from_no_answer_is_never_known_to_pass() -> None:
    lost = Outcome("timeout", reason="no answer within 2 s")
    assert Looks({"a.f": {CALL.arguments: lost}}).key(check("c"), []) is None
    assert Looks({}).key(check("c"), []) is None


def test_no_more_is_kept_than_there_is_room_for() -> None:
    passes = Passes(most=2)
    passes.add([b"1", b"2", b"3"])
    assert [key in passes for key in (b"1", b"2", b"3")] == [True, True, False]

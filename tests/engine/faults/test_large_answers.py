"""Answers are kept until a submission is graded, so what they take together has a limit."""

import pytest

from autograder.checking.student import EncodedCall, Student
from autograder.results import Source
from autograder.sandbox import wire
from autograder.sandbox.forked import ProcessServer
from autograder.sandbox.process import Limits
from autograder.submissions import Chunk, Submission
from tests.conftest import Grade

LARGE = {
    "a list": "[1.5] * 9_900",
    "a dict": "{str(n): n for n in range(9_000)}",
    "lists of empty lists": "[[[] for _ in range(99)] for _ in range(99)]",
    "an array": "np.ones(16_000)",
    "a wide text": "'x' * 19_000 + '\\U0001f600'",
}


@pytest.mark.parametrize("value", LARGE.values(), ids=LARGE.keys())
def test_all_answers_of_an_exercise_take_a_few_megabytes_at_most(value: str) -> None:
    source = f"import numpy as np\ndef relu(z):\n    return {value}\ndef tanh(z):\n    return 7\n"
    submission = Submission("s", Source("s"), {"activations": (Chunk("activations.py", source),)})
    calls = [EncodedCall("activations.relu", wire.encode((float(n),))) for n in range(200)]
    with ProcessServer() as server:
        student = Student(submission, server, Limits())
        outcomes = student.observe_all([*calls, EncodedCall("activations.tanh", calls[0][1])])
        student.close()
    kept = {id(outcome): outcome.value for outcome in outcomes}  # A refusal stands for many calls.
    assert sum(map(wire.weight, kept.values())) < 3 << 20
    assert outcomes[0].ending == "returned"
    assert "too large to keep" in outcomes[-2].reason
    assert outcomes[-1].value == 7


def test_answers_too_large_to_keep_cost_only_their_own_exercise(grade: Grade) -> None:
    source = "import numpy as np\ndef relu(z):\n    return np.maximum(z, 0)\n"
    source += "def tanh(z):\n    return [[0.5] * 99] * 99\n"
    graded = {e.id: e for e in grade(activations=source).exercises}
    assert graded["activations.relu"].outcome == "correct"
    assert graded["activations.tanh"].outcome == "error"

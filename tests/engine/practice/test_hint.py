"""Hints come one at a time, and it is remembered which were given."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.practice.hints import hints_of

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.mark.usefixtures("folder")
def test_each_time_there_is_one_more_until_there_are_no_more(run: Run, course: Course) -> None:
    hints = hints_of(course, "activations.softmax")
    for count in (1, 2, 3, 3):
        words = run("hint", "softmax").stdout
        assert [hint in words for hint in hints] == [n < count for n in range(3)]
        assert ("Those are all the hints" in words) is (count == 3)


@pytest.mark.usefixtures("folder")
def test_every_exercise_has_hints_of_its_own_count(run: Run) -> None:
    run("hint", "softmax")
    run("hint", "softmax")
    assert "2 of 3" not in run("hint", "relu").stdout


@pytest.mark.usefixtures("folder")
def test_all_are_shown_at_once_when_asked_for(run: Run, course: Course) -> None:
    words = run("hint", "activations.softmax", "--all").stdout
    assert all(hint in words for hint in hints_of(course, "activations.softmax"))


@pytest.mark.usefixtures("folder")
def test_reset_begins_again(run: Run) -> None:
    run("hint", "softmax", "--all")
    assert "begin again" in run("hint", "softmax", "--reset").stdout
    assert "2 of 3" not in run("hint", "softmax").stdout


@pytest.mark.parametrize(
    "memory",
    [
        b"",
        b"nonsense",
        b"[]",
        b'{"exercises": {"activations.softmax": {"hints": "many"}}}',
        b'{"exercises": {"\xff": {}}}',
        b'{"x": ' + b"[" * 100_000,
    ],
)
def test_a_damaged_memory_is_begun_anew(folder: Path, run: Run, memory: bytes) -> None:
    (folder / "exercises" / ".autograder-progress.json").write_bytes(memory)
    done = run("hint", "softmax")
    assert done.returncode == 0
    assert "1 of 3" in done.stdout
    assert "2 of 3" in run("hint", "softmax").stdout


def test_a_count_that_somebody_wrote_into_the_memory_is_kept_in_bounds(
    folder: Path, run: Run
) -> None:
    memory = '{"exercises": {"activations.softmax": {"hints": %d}}}'
    for count, told in ((-5, "1 of 3"), (99, "3 of 3")):
        (folder / "exercises" / ".autograder-progress.json").write_text(memory % count)
        assert told in run("hint", "softmax").stdout

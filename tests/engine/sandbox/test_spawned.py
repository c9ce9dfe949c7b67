"""A spawned student's process: limits, ends, and nothing left behind."""

import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest

from autograder.sandbox import wire
from autograder.sandbox.process import Limits, ProcessEnded
from autograder.sandbox.spawned import SpawnedProcess, SpawnedProcesses

LIMITS = Limits(memory_bytes=512 << 20)
Start = Callable[[str], SpawnedProcess]


@pytest.fixture
def processes() -> Iterator[SpawnedProcesses]:
    with SpawnedProcesses(LIMITS) as running:
        yield running


@pytest.fixture
def started(processes: SpawnedProcesses) -> Start:
    def start(source: str) -> SpawnedProcess:
        process = processes.start(LIMITS)
        process.send(["sources", {"m": [["m.py", source.encode(), "file"]]}], 5)
        process.send(["load", "m"], 5)
        assert process.receive(20)[3] is False
        return process

    return start


def ask(process: SpawnedProcess, function: str, *arguments: object, seconds: float = 5) -> Any:
    process.send(["call", [["m", function, wire.encode(arguments)]]], 5)
    return process.receive(seconds)


def test_calls_are_answered(started: Start) -> None:
    assert ask(started("def double(x): return 2 * x\n"), "double", 21)[:2] == ["returned", 42]


@pytest.mark.parametrize(
    ("body", "ending", "told"),
    [
        ("while True: pass", "timeout", "no answer within 0.5 s"),
        ("10 ** 10 ** 10", "timeout", "no answer within 0.5 s"),  # Never lets another thread run.
        ("os._exit(3)", "crashed", "it ended the Python process"),
        ("os.abort()", "crashed", "the Python process crashed"),
        ("os.closerange(3, 20); time.sleep(9)", "crashed", "it closed its connection"),
        ("[os.write(n, b'x' * 99) for n in range(3, 9) if ok(n)]", "crashed", "not an answer"),
    ],
)
def test_every_way_to_end_is_told(started: Start, body: str, ending: str, told: str) -> None:
    source = (
        "import os, time\n"
        "def ok(n):\n"
        "    try: return os.write(n, b'') == 0\n"
        "    except OSError: return False\n"
        f"def f():\n    {body}\n"
    )
    process = started(source)
    with pytest.raises(ProcessEnded) as ended:
        ask(process, "f", seconds=0.5)
    assert ended.value.ending == ending
    assert told in ended.value.reason
    assert not process.alive


def test_prints_and_questions_stay_inside(started: Start) -> None:
    process = started("import os\ndef f():\n    os.write(1, b'raw'); print('hello')\n    input()\n")
    tag, problem, _, _, printed, _ = ask(process, "f")
    assert (tag, problem[0], printed) == ("raised", "EOFError", "hello\n")


def test_memory_is_limited_where_the_platform_can(started: Start) -> None:
    process = started("def f(n): return len(bytearray(n))\n")
    assert ask(process, "f", 50 << 20)[:2] == ["returned", 50 << 20]
    assert ask(process, "f", 600 << 20)[1][0] == "MemoryError"


def test_a_request_larger_than_a_pipe_is_taken_while_code_runs(started: Start) -> None:
    process = started("def f(text): return len(text)\n")
    assert ask(process, "f", "x" * 1_000_000)[:2] == ["returned", 20_000]  # Text is cut there.


def test_an_answer_is_never_taken_by_the_reader_of_an_earlier_process(
    started: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe's number is used again: a reader that is late must not find the next one's there."""
    read = os.read

    def late(descriptor: int, size: int) -> bytes:
        time.sleep(0.1)  # As on a busy machine, between taking the number and reading.
        return read(descriptor, size)

    monkeypatch.setattr(os, "read", late)
    for _ in range(3):
        process = started("def f(): return 1\n")
        assert ask(process, "f")[:2] == ["returned", 1]
        process.end()


def test_a_process_is_ready_before_it_is_asked_for(processes: SpawnedProcesses) -> None:
    processes.prepare()
    processes.prepare()
    assert len(psutil.Process().children()) >= 1
    first = processes.start(LIMITS)
    assert first.alive
    assert processes.start(LIMITS) is not first


def test_the_end_of_the_block_ends_them_all() -> None:
    with SpawnedProcesses(LIMITS) as processes:
        processes.prepare()
        made = [processes.start(LIMITS), processes.start(LIMITS)]
        processes.prepare()
    assert not any(process.alive for process in made)


def test_work_that_is_out_of_date_can_be_ended_and_the_next_is_ready(
    processes: SpawnedProcesses,
) -> None:
    process = processes.start(LIMITS)
    processes.prepare()
    processes.end_running()
    with pytest.raises(ProcessEnded):
        process.receive(5)
    assert processes.start(LIMITS).alive

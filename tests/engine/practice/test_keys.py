"""Keys are read one at a time, on Windows through its own console calls."""

import queue
import sys
import types

import pytest

from autograder.cli.keys import keys_to


@pytest.mark.parametrize(
    ("typed", "heard"),
    [
        (["h"], ["h"]),
        (["\xe0", "P", "\x00", "H", "q"], ["n", "p", "q"]),
        (["\xe0", "G", "l"], ["l"]),  # Home means nothing.
        (["\x03"], ["q"]),  # Ctrl-C arrives as a key there.
    ],
)
def test_windows_keys(monkeypatch: pytest.MonkeyPatch, typed: list[str], heard: list[str]) -> None:
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for character in typed:
        waiting.put(character)
    console = types.ModuleType("msvcrt")
    console.getwch = waiting.get  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "msvcrt", console)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("sys.stdin", types.SimpleNamespace(isatty=lambda: True))
    pressed: queue.SimpleQueue[str] = queue.SimpleQueue()
    with keys_to(pressed.put) as any_keys:
        assert any_keys
        assert [pressed.get() for _ in heard] == heard
        assert pressed.empty()


def test_without_a_terminal_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", types.SimpleNamespace(isatty=lambda: False))
    with keys_to(print) as any_keys:
        assert not any_keys


def test_without_any_standard_input_there_are_no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)  # As Python has it where descriptor 0 is closed.
    with keys_to(print) as there_are:
        assert not there_are

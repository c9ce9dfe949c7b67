"""Drives a command in a pseudo-terminal, as a person at the keyboard would."""

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import pexpect
from rich.text import Text

_CLEARED: Final = "\x1b[2J\x1b[H"
# Longer than anything takes on a machine with every core busy: only what never comes takes it.
_LONG: Final = 300.0
# After which somebody types again.
_SOON: Final = 1.0


class Terminal:
    """A terminal in which one command runs. Use it as a context manager, which ends the command."""

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        columns: int = 100,
        lines: int = 45,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        program, *arguments = map(str, command)
        plain = {k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "COLUMNS", "LINES"}}
        self._child: Any = pexpect.spawn(
            program,
            arguments,
            cwd=str(folder),
            env=plain | {"TERM": "xterm-256color", "LANG": "C.UTF-8"} | dict(environment or {}),
            dimensions=(lines, columns),
            encoding="utf-8",
            codec_errors="replace",
            timeout=None,
        )
        self._child.delaybeforesend = None
        self.output = ""

    @property
    def screen(self) -> str:
        """What was printed since the screen was last cleared, colours and all."""
        return self.output.rpartition(_CLEARED)[2].replace("\r\n", "\n")

    @property
    def text(self) -> str:
        """The screen without colours."""
        return Text.from_ansi(self.screen).plain

    @property
    def pid(self) -> int:
        """The command's process."""
        return int(self._child.pid)

    def press(self, keys: str) -> None:
        """Types without Enter."""
        self._child.send(keys)

    def press_until(self, keys: str, *words: str) -> str:
        """Types the same again until the words are on the screen: nobody may have listened yet."""
        deadline = time.monotonic() + _LONG
        while not all(word in self.text for word in words):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{words!r} did not appear on:\n{self.text}")
            self.press(keys)
            soon = time.monotonic() + _SOON
            while time.monotonic() < soon and not all(word in self.text for word in words):
                self._read()
        return self.text

    def resize(self, columns: int, lines: int) -> None:
        """Makes the window another size."""
        self._child.setwinsize(lines, columns)

    def wait_for(self, *words: str, seconds: float = _LONG) -> str:
        """Reads until all the words are on the screen at once, and returns its text.

        Raises:
            TimeoutError: they do not appear.
        """
        deadline = time.monotonic() + seconds
        while not all(word in self.text for word in words):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{words!r} did not appear on:\n{self.text}")
            if not self._read():
                break
        if not all(word in self.text for word in words):
            raise TimeoutError(f"the command ended without {words!r}:\n{self.text}")
        return self.text

    def wait_for_end(self, seconds: float = _LONG) -> int:
        """Reads until the command ends, and returns its exit code, negative for a signal."""
        deadline = time.monotonic() + seconds
        while self._read():
            if time.monotonic() > deadline:
                raise TimeoutError(f"it did not end:\n{self.text}")
        self._child.close()
        status = self._child.exitstatus
        return int(status) if status is not None else -int(self._child.signalstatus)

    def _read(self) -> bool:
        try:
            self.output += self._child.read_nonblocking(1 << 16, timeout=0.05)
        except pexpect.TIMEOUT:
            pass
        except pexpect.EOF:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._child.close(force=True)

"""Single key presses, without waiting for Enter; only this module knows how terminals differ."""

import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

# What arrow keys send, and the letters that do the same.
_ARROWS: Final = {
    b"\x1b[A": "p", b"\x1bOA": "p", b"\x1b[D": "p", b"\x1bOD": "p",
    b"\x1b[B": "n", b"\x1bOB": "n", b"\x1b[C": "n", b"\x1bOC": "n",
}  # fmt: skip
# The bytes of one key; several may have been pressed before they are read.
_KEY: Final = re.compile(rb"\x1b[\[O][0-9;]*[A-Za-z~]|.", re.DOTALL)
# The same on Windows, after a first character that announces a special key.
_WINDOWS_ARROWS: Final = {"H": "p", "K": "p", "P": "n", "M": "n"}


@contextmanager
def keys_to(press: Callable[[str], object]) -> Iterator[bool]:
    """Calls `press` from a thread with each key while the block runs; yields whether there are any.

    Without a terminal on standard input there are none.
    """
    if sys.stdin is None or not sys.stdin.isatty():
        yield False
    elif sys.platform == "win32":
        import msvcrt

        _in_background(_read_windows, msvcrt, press)
        yield True
    else:
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)

        def one_key_at_a_time(*_: object) -> None:
            # From the background, changing settings would stop the command.
            if os.tcgetpgrp(descriptor) == os.getpgrp():
                # TCSANOW neither waits for output nor discards what was typed.
                tty.setcbreak(descriptor, termios.TCSANOW)

        one_key_at_a_time()
        # A command resumed after Ctrl-Z finds the shell's settings.
        signal.signal(signal.SIGCONT, one_key_at_a_time)
        _in_background(_read_posix, descriptor, press)
        try:
            yield True
        finally:
            signal.signal(signal.SIGCONT, signal.SIG_DFL)
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _in_background(read: Callable[..., object], *arguments: object) -> None:
    threading.Thread(target=read, args=arguments, daemon=True).start()


def _read_posix(descriptor: int, press: Callable[[str], object]) -> None:
    while True:
        try:
            pressed = os.read(descriptor, 64)
        except OSError:  # The terminal was closed.
            return
        if not pressed:
            return
        for key in _KEY.findall(pressed):
            press(_ARROWS.get(key) or key.decode(errors="ignore"))


def _read_windows(msvcrt: Any, press: Callable[[str], object]) -> None:
    while True:
        character = msvcrt.getwch()
        if character in ("\x00", "\xe0"):
            character = _WINDOWS_ARROWS.get(msvcrt.getwch(), "")
        if character == "\x03":  # Ctrl-C is read as a key here, and no interrupt comes.
            character = "q"
        if character:
            press(character)

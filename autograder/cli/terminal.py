"""What the commands share at the terminal: exit codes, errors, and text that is safe to print."""

import os
from collections.abc import Iterator
from typing import Final

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook
from rich.segment import Segment

from autograder.display import printable, visible

EXIT_DONE: Final = 0
EXIT_NOT_ALL_GRADED: Final = 1
EXIT_NOT_ALL_RIGHT: Final = 1
EXIT_UNUSABLE: Final = 2
EXIT_IN_USE: Final = 3
EXIT_INTERRUPTED: Final = 130  # As shells report a command that an interrupt ended.


class UserError(Exception):
    """An error that the user can put right: one sentence and its exit code."""

    def __init__(self, sentence: str, code: int = EXIT_UNUSABLE) -> None:
        super().__init__(sentence)
        self.code = code


class _Harmless(RenderHook):
    """Replaces control characters in printed text by a sign, whatever they are part of."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """Wraps what is to be printed; Rich's own control codes pass unchanged."""
        return [_HarmlessText(renderable) for renderable in renderables]


class _HarmlessText:
    def __init__(self, renderable: ConsoleRenderable) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for segment in console.render(self._renderable, options):
            yield segment if segment.control else Segment(visible(segment.text), segment.style)


def console(*, stderr: bool = False) -> Console:
    """Returns a console that follows the terminal's width and colours, NO_COLOR and pipes."""
    on_screen = Console(stderr=stderr).is_terminal
    # A file may be called ":x:", which must not become an emoji.
    made = Console(stderr=stderr, highlight=False, emoji=False, soft_wrap=not on_screen)
    made.push_render_hook(_Harmless())
    return made


def processors() -> int:
    """Returns how many processors this command may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # Not on macOS and Windows.
        return os.cpu_count() or 1


def say_error(sentence: str) -> None:
    """Prints one line to stderr."""
    console(stderr=True).print(f"autograder: {printable(sentence)}", markup=False, soft_wrap=True)

"""Checks and draws what a notebook defines, in the notebook's own kernel."""

import contextlib
import io
import sys
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from autograder.checking.plugin import Examination
from autograder.checking.session import hold_session, public_checks
from autograder.course import load_course
from autograder.notebook.kernel import KernelCandidate
from autograder.pictures import drawing_of
from autograder.practice.hints import hints_of
from autograder.practice.judging import verdict_of
from autograder.practice.page import Page, show_hints, show_verdict
from autograder.practice.workspace import WorkspaceError, one_exercise


class Grader:
    """The public checks of one module, on the functions that a notebook defines.

    Args:
        module: The module, such as `averages`.
        namespace: Where the functions are looked up; the notebook's own names if left out.
    """

    def __init__(self, module: str, namespace: Mapping[str, Any] | None = None) -> None:
        self._course = load_course()
        self._module = module
        self._hints: dict[str, int] = {}
        self._names = vars(sys.modules["__main__"]) if namespace is None else namespace

    def check(self, exercise: str) -> None:
        """Runs the public checks of an exercise and prints what `autograder check` would."""
        page = _page()
        try:
            name = one_exercise(self._full(exercise), self._course)
        except WorkspaceError as error:
            page.say(Text(str(error)))
            return
        candidate = KernelCandidate(self._names)

        def run(examination: Examination) -> None:
            runs = list(examination.run(candidate, "public", {name}))
            verdict = verdict_of(self._course, name, runs, candidate)
            show_verdict(page, self._course, verdict, f'grader.hint("{exercise}")')

        files = public_checks([self._module])
        hold_session(Examination(self._course, run), files, self._course)

    def hint(self, exercise: str) -> None:
        """Prints one more of the exercise's three hints each time."""
        page = _page()
        try:
            name = one_exercise(self._full(exercise), self._course)
        except WorkspaceError as error:
            page.say(Text(str(error)))
            return
        before = self._hints.get(name, 0)
        given = hints_of(self._course, name)[: before + 1]
        self._hints[name] = len(given)
        show_hints(page, self._course, name, given, before)

    def draw(self, exercise: str) -> None:
        """Draws what an exercise's function does, right or wrong, where a picture helps."""
        draw = drawing_of(self._course, self._full(exercise))
        if draw is None:
            print(f"There is no picture of {exercise}.")
            return
        try:
            from matplotlib import pyplot
        except ImportError:
            print("Pictures need matplotlib: run `%pip install matplotlib`, then this cell again.")
            return
        try:
            with contextlib.redirect_stdout(io.StringIO()):  # What they print is for checks only.
                draw(pyplot, self._names)
        except Exception as error:
            pyplot.close()
            print(f"There is no picture yet: {type(error).__name__}: {error}")
            return
        pyplot.show()

    def _full(self, exercise: str) -> str:
        return exercise if "." in exercise else f"{self._module}.{exercise}"


def _page() -> Page:
    """A page of plain text with colours, which every notebook shows as one piece."""
    return Page(Console(highlight=False, force_jupyter=False, force_terminal=True, width=96))

"""`autograder check --watch`: the verdict on the current exercise, after each save."""

import contextlib
import queue
import time
from collections.abc import Sequence
from typing import Final

from rich.text import Text

from autograder.cli.keys import keys_to
from autograder.cli.terminal import EXIT_DONE, UserError, console
from autograder.course import Course
from autograder.display import printable
from autograder.practice.hints import reveal
from autograder.practice.page import (
    Page,
    one_line,
    progress_line,
    show_hints,
    show_problems,
    show_verdict,
)
from autograder.practice.place import Place
from autograder.practice.progress import Progress
from autograder.practice.run import Bench, practise
from autograder.practice.verdicts import Checked
from autograder.practice.watching import FolderWatcher, Snapshot, emptied, snapshot
from autograder.practice.workspace import Work, WorkspaceError, find_work, shown_path
from autograder.sandbox.spawned import SpawnedProcesses
from autograder.submissions import Submission

_SAVED: Final = "saved"
_SIGNALS_SEEN_SECONDS: Final = 0.2
_LOOKS_AT_AN_EMPTY_FILE: Final = 5
_MOMENT_SECONDS: Final = 0.02
_QUIT: Final = "q"
_KEYS: Final = (("h", "hint"), ("n", "next"), ("p", "previous"), ("l", "list"), (_QUIT, "quit"))


def watch_work(what: Sequence[str], course: Course, processes: SpawnedProcesses) -> int:
    """Watches the files of the chosen exercises until the student quits."""
    try:
        work = find_work(what, course)
    except WorkspaceError as error:
        raise UserError(str(error)) from None
    # The student may go to any exercise of the course, whichever was chosen first.
    practise(
        course,
        course.exercises,
        processes,
        lambda bench: _Watch(work, course, bench, processes).run(),
    )
    return EXIT_DONE


class _Watch:
    """The screen, and the saves and key presses that change it."""

    def __init__(
        self, work: Work, course: Course, bench: Bench, processes: SpawnedProcesses
    ) -> None:
        self._work = work
        self._course = course
        self._bench = bench
        self._processes = processes
        self._page = Page(console())
        self._progress = Progress(work.folder)
        self._place = Place(course, work.exercises)
        self._events: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._where = printable(shown_path(work.folder))
        self._keys = {key for key, _ in _KEYS}
        self._read_state: Snapshot = {}
        self._age = 0  # Goes up whenever a running check's result becomes out of date.
        self._edited: list[str] = []  # Exercises edited since the last verdict that was shown.

    def run(self) -> None:
        """Shows verdicts until the student quits, with `q` or Ctrl-C."""
        try:
            with (
                FolderWatcher(self._work.folder, self._saved) as self._watcher,
                keys_to(self._pressed) as self._has_keys,
            ):
                self._start()
                while (event := self._next_event()) != _QUIT:
                    self._answer(event)
        except KeyboardInterrupt:
            pass

    def _next_event(self) -> str:
        while True:
            # This thread wakes now and then, to handle signals that woke another one.
            with contextlib.suppress(queue.Empty):
                return self._events.get(timeout=_SIGNALS_SEEN_SECONDS)

    def _saved(self, state: Snapshot) -> None:
        if state == self._read_state:
            return  # One save may be noticed twice, and was read in between.
        self._make_old()
        self._events.put(_SAVED)

    def _pressed(self, key: str) -> None:
        if key in self._keys:
            if key != "h":
                self._make_old()
            self._events.put(key)

    def _make_old(self) -> None:
        """Interrupts a running check, whose result is not wanted any more."""
        self._age += 1
        self._bench.interrupt()

    def _start(self) -> None:
        """Checks everything once, so that the first screen shows the student's progress."""
        submission, self._read_state = self._read()
        self._place.read(submission)
        self._checked(submission, list(self._course.exercises))
        self._place.begin(self._progress)
        self._check([self._place.current], submission)

    def _answer(self, event: str) -> None:
        if event == _SAVED:
            # Read once: a later save is not known to the place, and is an event of its own.
            submission, self._read_state = self._read()
            self._edited += self._place.read(submission, self._progress)
            self._check([self._place.current, *self._edited], submission)
        elif event in ("n", "p"):
            self._place.step(1 if event == "n" else -1)
            self._check([self._place.current], self._read()[0])
        elif event == "h":
            name = self._place.current
            before = self._progress[name].hints
            hints = reveal(self._course, self._progress, name)
            self._page.say(Text())
            show_hints(self._page, self._course, name, hints, before)
        elif event == "l":
            self._list()

    def _check(self, exercises: Sequence[str], submission: Submission) -> None:
        names = list(dict.fromkeys(exercises))
        if checked := self._checked(submission, names):
            self._edited.clear()
            self._show(checked)

    def _read(self) -> tuple[Submission, Snapshot]:
        """Returns the current work, and the state of the files that it was read from."""
        for _ in range(_LOOKS_AT_AN_EMPTY_FILE):
            # Taken first: a change during the reading is noticed as a change of this state.
            state = snapshot(self._work.folder)
            if not emptied(self._read_state, state):
                break
            time.sleep(_MOMENT_SECONDS)  # Editors empty a file before they write it anew.
        return self._work.read(self._course), state

    def _checked(self, submission: Submission, names: Sequence[str]) -> Checked | None:
        """Returns the verdicts and remembers them; None if they are out of date already."""
        age = self._age
        checked = self._bench.check(submission, names)
        # The next process loads while the student reads.
        self._processes.prepare()
        if self._age != age:
            return None
        self._progress.note(checked.verdicts)
        return checked

    def _show(self, checked: Checked) -> None:
        page, current = self._page, self._place.current
        self._clear()
        exercise = self._course.exercises[current]
        file = f"{current.partition('.')[0]}.py"
        page.say(
            Text.assemble(
                (file, "bold"),
                f"  {exercise.points:g} point{'' if exercise.points == 1 else 's'}, "
                f"{exercise.difficulty}, "
                f"about {exercise.minutes} minutes",
            )
        )
        page.say(Text())
        if self._place.missing:
            gone = f"{file} is not in {self._where}: waiting for it."
            page.say(Text(gone, style="yellow"))
        show_problems(page, checked)
        for verdict in checked.verdicts:
            if verdict.exercise == current:
                show_verdict(page, self._course, verdict, "press h for a hint")
                if verdict.status == "done":
                    self._say_what_follows()
        for verdict in checked.verdicts:
            if verdict.exercise != current:
                page.say(one_line(verdict, self._course.exercises[verdict.exercise], page))
        self._show_foot()

    def _say_what_follows(self) -> None:
        left = self._place.next_unfinished(self._progress)
        if left is None:
            told = Text("\nAll public checks pass. Quit, and hand in with: autograder submit")
        else:
            told = Text.assemble("\nDone. Still to write: ", (left, "cyan"), ".")
        self._page.say(told)

    def _list(self) -> None:
        checked = self._checked(self._read()[0], list(self._course.exercises))
        if checked is None:
            return
        self._clear()
        for verdict in checked.verdicts:
            exercise = self._course.exercises[verdict.exercise]
            arrow = "> " if verdict.exercise == self._place.current else "  "
            self._page.say(Text(arrow).append_text(one_line(verdict, exercise, self._page)))
        self._show_foot()

    def _show_foot(self) -> None:
        page = self._page
        page.say(Text())
        page.say(progress_line(self._course, self._progress, page))
        keys = Text()
        if self._has_keys:
            for key, what in _KEYS:
                keys.append(key, style="bold").append(f" {what}   ", style="dim")
        else:
            keys.append("Ctrl-C quits", style="dim")
        page.say(keys)
        how = "looking every tenth of a second, since this drive sends no notifications, at"
        if not self._watcher.polling:
            how = "watching"
        page.say(Text(f"{how} {self._where}", style="dim"))

    def _clear(self) -> None:
        if self._page.console.is_terminal:
            self._page.console.clear()

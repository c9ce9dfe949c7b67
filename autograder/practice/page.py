"""Prints verdicts on a student's own work to a terminal."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from autograder.checking.scoring import STILL_THE_STUB
from autograder.course import PUBLIC_SHARE, Course, Exercise
from autograder.display import Shown, as_sentence, printable
from autograder.practice.hints import hints_of
from autograder.practice.progress import Progress
from autograder.practice.verdicts import Checked, Status, Verdict
from autograder.results import CheckResult, Evidence

WHAT_IS_HIDDEN: Final = (
    "These checks use few numbers. Hidden ones, worth the other {hidden} points, look "
    "at more: other numbers of either sign, other lengths and shapes, extreme values, and whether "
    "what you were given is left as it was."
)
ALL_DONE: Final = "All public checks pass. Hand in with: autograder submit"

_STYLES: Final[dict[Status, str]] = {"done": "green", "wrong": "red", "not started": "dim"}
_SIGNS: Final[dict[Status, str]] = {"done": "✓", "wrong": "✗", "not started": "○"}
# For terminals that cannot show the others.
_PLAIN_SIGNS: Final[dict[Status, str]] = {"done": "+", "wrong": "x", "not started": "-"}
_INDENT: Final = 2
_LABEL_WIDTH: Final = 11
_NAME_WIDTH: Final = 24
# Below this, labels stand above what they label, and titles are left out.
_NARROW: Final = 64
# A terminal that reports less than this does not know its width.
_NARROWEST: Final = 10
_USUAL: Final = 80
# Beyond this, lines are tiring to read.
_WIDEST: Final = 100
_LONGEST_BAR: Final = 30
_MOST_PRINTED_LINES: Final = 8


class Page:
    """A console for verdicts: of readable width, with signs that it can show."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.unicode = console.encoding.lower().startswith("utf")

    @property
    def width(self) -> int:
        """The number of columns to use; a window may be made narrower at any time."""
        width = self.console.width
        return min(width, _WIDEST) if width >= _NARROWEST else _USUAL

    @property
    def narrow(self) -> bool:
        """Whether there is too little room for columns."""
        return self.width < _NARROW

    def sign(self, status: Status) -> Text:
        """Returns a status as one coloured character."""
        signs = _SIGNS if self.unicode else _PLAIN_SIGNS
        return Text(signs[status], style=_STYLES[status])

    def say(self, text: Text, indent: int = 0, hanging: int = 0) -> None:
        """Prints a paragraph, wrapped to the page on a terminal and in one line elsewhere."""
        lines = [text]
        if self.narrow:
            hanging = min(hanging, _INDENT)
        if self.console.is_terminal:
            lines = list(text.wrap(self.console, max(self.width - indent - hanging, 16)))
        for number, line in enumerate(lines):
            margin = " " * (indent + (hanging if number else 0))
            line.rstrip()
            self.console.print(Text(margin).append_text(line), soft_wrap=True)


def show_checked(page: Page, course: Course, checked: Checked, progress: Progress) -> None:
    """Prints verdicts module by module, then the progress and what hidden checks will look at."""
    show_problems(page, checked)
    by_exercise = {verdict.exercise: verdict for verdict in checked.verdicts}
    for lesson in course.lessons:
        names = [name for name in map(lesson.exercise_id, lesson.exercises) if name in by_exercise]
        if not names:
            continue
        page.say(Text(lesson.title, style="bold underline"))
        verdicts = [by_exercise[name] for name in names]
        if note := _shared_note(verdicts):
            page.say(Text(as_sentence(note), style="red"))
        for verdict in verdicts:
            if note:
                page.say(one_line(verdict, course.exercises[verdict.exercise], page), hanging=2)
            else:
                show_verdict(page, course, verdict, f"autograder hint {verdict.exercise}")
                if verdict.status == "wrong" and verdict is not verdicts[-1]:
                    page.say(Text())
        page.say(Text())
    page.say(progress_line(course, progress, page))
    page.say(hidden_note(course))
    if next_step := what_next(course, checked, progress):
        page.say(next_step)


def show_problems(page: Page, checked: Checked) -> None:
    """Prints what is wrong with the work as a whole."""
    for sentence in checked.problems:
        page.say(Text(f"! {printable(sentence)}", style="yellow"), hanging=2)
    if checked.problems:
        page.say(Text())


def show_verdict(page: Page, course: Course, verdict: Verdict, hint: str) -> None:
    """Prints an exercise's status and, if it is wrong, why and what to do next.

    Args:
        page: Where to print it.
        course: The course.
        verdict: What to print.
        hint: What to type for a hint.
    """
    page.say(one_line(verdict, course.exercises[verdict.exercise], page), hanging=2)
    if verdict.caution:
        page.say(Text(f"Right, but: {printable(verdict.caution)}", style="yellow"), _INDENT)
    if verdict.status == "not started" and verdict.note not in ("", STILL_THE_STUB):
        page.say(Text(as_sentence(printable(verdict.note)), style="yellow"), _INDENT)
    if verdict.status == "wrong":
        failed = [check for check in verdict.checks if not check.passed]
        told: set[str] = set()
        # A problem with the exercise as a whole is printed once.
        for check in failed[:1] if verdict.note else failed:
            _show_failed(page, check, told)
        if verdict.mistake:
            page.say(Text(verdict.mistake, style="bold yellow"), _INDENT)
        page.say(_next_step(verdict.exercise, course, hint), _INDENT)


def one_line(verdict: Verdict, exercise: Exercise, page: Page) -> Text:
    """Returns an exercise's status, name and title in one line."""
    style = _STYLES[verdict.status]
    line = Text.assemble(page.sign(verdict.status), " ", (f"{verdict.status:<12}", style))
    if page.narrow:
        return line.append(exercise.function, style="bold")
    return line.append(f"{exercise.function:<{_NAME_WIDTH}}", style="bold").append(
        f"  {exercise.title}", style="dim"
    )


def progress_line(course: Course, progress: Progress, page: Page) -> Text:
    """Returns how many exercises are done and the public points so far, as a bar and in words."""
    done = sum(progress[name].status == "done" for name in course.exercises)
    count = len(course.exercises)
    points = [
        min(max(progress[name].earned, 0.0), exercise.points * PUBLIC_SHARE)
        for name, exercise in course.exercises.items()
    ]
    earned = _number(sum(points))
    most = _number(course.public_points)
    words = f"{done} of {count} exercises done, {earned} of {most} public points"
    length = min(_LONGEST_BAR, page.width if page.narrow else page.width - len(words) - 2)
    filled = round(length * done / count)
    full, empty = ("━", "─") if page.unicode else ("#", ".")
    bar = Text.assemble((full * filled, "green"), (empty * (length - filled), "dim"))
    return Text.assemble(bar, "\n" if page.narrow else "  ", words)


def hidden_note(course: Course) -> Text:
    """Returns what hidden checks will look at."""
    hidden = _number(course.max_score - course.public_points)
    return Text(WHAT_IS_HIDDEN.format(hidden=hidden), style="dim")


def what_next(course: Course, checked: Checked, progress: Progress) -> Text | None:
    """Returns what to do next, or None if a checked exercise is wrong."""
    if any(verdict.status == "wrong" for verdict in checked.verdicts):
        return None
    for name in course.exercises:
        if progress[name].status != "done":
            file = f"{name.partition('.')[0]}.py"
            return Text.assemble("Next: write ", (name, "cyan"), f" in {file}, and check again.")
    return Text(ALL_DONE, style="bold green")


def show_hints(
    page: Page, course: Course, exercise: str, given: Sequence[str], before: int
) -> None:
    """Prints the hints given so far, with earlier ones dimmed."""
    most = len(hints_of(course, exercise))
    page.say(Text.assemble((exercise, "bold"), f"  {course.exercises[exercise].title}"))
    for number, text in enumerate(given, 1):
        style = "dim" if number <= min(before, most - 1) else ""
        page.say(Text(f"{number} of {most}  {text}", style=style), hanging=8)
    if len(given) < most:
        return
    address, name = course.section_link(course.exercises[exercise].section)
    where = f" ({address})" if address else ""
    page.say(Text(f"Those are all the hints. The lesson has more: {name}{where}.", style="dim"))


def _show_failed(page: Page, check: CheckResult, told: set[str]) -> None:
    page.say(Text(check.sentence), _INDENT)
    evidence = check.evidence
    if evidence is None:
        return
    page.say(Text(as_sentence(printable(evidence.reason)), style="red"), _INDENT)
    for label, lines in _parts(page, evidence):
        _show_labelled(page, label, lines)
    if evidence.cause and evidence.cause not in told:
        page.say(Text(printable(evidence.cause), style="bold"), _INDENT)
        told.add(evidence.cause)


def _parts(page: Page, evidence: Evidence) -> Iterator[tuple[str, list[Text]]]:
    room = page.width - _INDENT - (_INDENT if page.narrow else _LABEL_WIDTH)
    if evidence.call:
        yield "call", wrapped(Shown(evidence.call), room)
    if evidence.expected is not None:
        yield "expected", wrapped(evidence.expected, room)
    if evidence.got is not None:
        yield "got", wrapped(evidence.got, room)
    if evidence.traceback:
        yield "your code", [Text(printable(line)) for line in evidence.traceback]
    if evidence.printed.strip():
        printed = evidence.printed.rstrip("\n").split("\n")
        lines = [Text(printable(line)) for line in printed[:_MOST_PRINTED_LINES]]
        more = len(printed) - _MOST_PRINTED_LINES
        yield "printed", lines + ([Text(f"... and {more} more lines")] if more > 0 else [])


def _show_labelled(page: Page, label: str, lines: Sequence[Text]) -> None:
    if page.narrow:
        page.say(Text(label, style="dim"), _INDENT)
    for number, line in enumerate(lines):
        margin = " " * _INDENT
        if not page.narrow:
            margin = f"{'' if number else label:<{_LABEL_WIDTH}}"
        joined = Text(" " * _INDENT).append(margin, style="dim").append_text(line)
        page.console.print(joined, soft_wrap=True)


def wrapped(shown: Shown, width: int) -> list[Text]:
    """Returns a value as lines of at most `width`, each followed by carets below wrong parts.

    Lines end after a comma where they can. With carets, the marks do not depend on colour.
    """
    lines: list[Text] = []
    for start, end in _line_spans(shown.text, max(width, 8)):
        text = Text(printable(shown.text[start:end]))
        carets = [" "] * (end - start)
        for mark_start, mark_end in shown.marks:
            first, last = max(mark_start, start), min(mark_end, end)
            if first < last:
                text.stylize("bold red", first - start, last - start)
                carets[first - start : last - start] = "^" * (last - first)
        text.rstrip()
        lines.append(text)
        if "^" in carets:
            lines.append(Text("".join(carets).rstrip(), style="red"))
    return lines


def _line_spans(text: str, width: int) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        at = start
        while end - at > width:
            # After the comma, so that the next line begins with an entry.
            comma = text.rfind(", ", at + 1, at + width)
            cut = comma + 2 if comma > 0 else at + width
            yield at, cut
            at = cut
        yield at, end
        start = end + 1


def _shared_note(verdicts: Sequence[Verdict]) -> str:
    """Returns the problem that all of a module's verdicts share, such as a missing file."""
    notes = {verdict.note for verdict in verdicts}
    note = notes.pop() if len(notes) == 1 and len(verdicts) > 1 else ""
    return printable(note) if note != STILL_THE_STUB else ""


def _next_step(exercise: str, course: Course, hint: str) -> Text:
    address, name = course.section_link(course.exercises[exercise].section)
    reading = f", or read {name}" + (f" ({address})" if address else "")
    return Text.assemble("Next: ", (hint, "cyan"), f"{reading}.")


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")

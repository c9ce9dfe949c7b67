"""`autograder submit`: checks everything and packs the archive to hand in."""

from pathlib import Path
from typing import Final

import click
from rich.text import Text

from autograder.checking.errors import BrokenGraderError
from autograder.cli.courses import own_course
from autograder.cli.terminal import EXIT_DONE, UserError, console
from autograder.course import Course, CourseError
from autograder.display import printable
from autograder.practice.verdicts import Checked, Status
from autograder.sandbox.process import Limits, SandboxError
from autograder.sandbox.spawned import SpawnedProcesses

_WHAT_NOW: Final = (
    "Hand in that one file. If you change something afterwards, run autograder submit again."
)
_LIMITS: Final = Limits(import_seconds=5.0)
_UNFINISHED: Final[dict[Status, str]] = {"wrong": "Wrong", "not started": "Not started"}


@click.command(epilog="\b\nExample:\n  autograder submit")
@click.option("--out", type=click.Path(path_type=Path), help="Where to write it; default: here.")
def submit(out: Path | None) -> int:
    """Pack your work into one archive to hand in.

    Checks everything first and says what is not finished; unfinished work can be handed in too.
    """
    with SpawnedProcesses(_LIMITS) as processes:
        try:
            processes.prepare()
            return _submit(own_course(), out, processes)
        except (CourseError, SandboxError, BrokenGraderError) as error:
            raise UserError(str(error)) from None


def _submit(course: Course, out: Path | None, processes: SpawnedProcesses) -> int:
    from autograder.checking.scoring import STILL_THE_STUB
    from autograder.practice.handin import ARCHIVE_NAME, pack
    from autograder.practice.page import Page, progress_line, show_problems
    from autograder.practice.progress import Progress
    from autograder.practice.run import check_work
    from autograder.practice.workspace import WorkspaceError, find_work, shown_path
    from autograder.writing import EVERYBODY, write_whole

    try:
        work = find_work([], course)
    except WorkspaceError as error:
        raise UserError(str(error)) from None
    path = _target(out, ARCHIVE_NAME)
    checked = check_work(work, course, processes)
    progress = Progress(work.folder)
    progress.note(checked.verdicts)
    data, names = pack(work, course)
    try:
        write_whole(path, data, EVERYBODY)
    except OSError as error:
        raise UserError(
            f"{path} cannot be written: {error.strerror}; choose another --out."
        ) from None
    page = Page(console())
    show_problems(page, checked)
    for note in dict.fromkeys(v.note for v in checked.verdicts if v.status == "not started"):
        if note and note != STILL_THE_STUB:
            page.say(Text(printable(f"! {note}."), style="yellow"))
    for text in _unfinished(course, checked):
        page.say(text, hanging=13)
    page.say(progress_line(course, progress, page))
    packed = ", ".join(printable(name) for name in names)
    page.say(
        Text.assemble(
            "\nPacked ", packed, " into ", (printable(shown_path(path)), "bold green"), "."
        )
    )
    page.say(Text(_WHAT_NOW))
    return EXIT_DONE


def _target(out: Path | None, name: str) -> Path:
    """Returns the path of the archive, which may replace only an earlier archive."""
    path = out or Path(name)
    try:
        if path.is_dir():
            path = path / name
        if path.suffix.lower() != ".zip" or (path.exists() and not path.is_file()):
            raise UserError(f"{path} is no place for the archive: choose a name that ends in .zip.")
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from None
    return path


def _unfinished(course: Course, checked: Checked) -> list[Text]:
    texts = []
    for status, word in _UNFINISHED.items():
        names: list[str] = []
        for lesson in course.lessons:
            every = [lesson.exercise_id(exercise) for exercise in lesson.exercises]
            here = [v.exercise for v in checked.verdicts if v.status == status]
            some = [name for name in every if name in here]
            names += [f"all of {lesson.id}"] if some == every else some
        if names:
            style = "red" if status == "wrong" else "yellow"
            texts.append(Text.assemble((f"{word:<13}", style), ", ".join(names)))
    return [*texts, Text()] if texts else []

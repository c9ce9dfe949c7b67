"""`autograder export`: results in the form that an LMS imports."""

import os
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import click
import msgspec
from rich.text import Text

from autograder.cli.courses import course_if_named
from autograder.cli.folder import as_user_error, readers_option, warn_of_readers
from autograder.cli.terminal import EXIT_DONE, UserError, console, say_error
from autograder.course import Course, CourseError
from autograder.display import printable
from autograder.exports.canvas_gradebook import fill_gradebook
from autograder.exports.classroom50_result import UnknownSubmissionError, classroom50_result
from autograder.exports.filling import Filled
from autograder.exports.gradescope_results import gradescope_results
from autograder.exports.moodle_worksheet import feedback_archive, fill_worksheet
from autograder.exports.sheet import SheetError
from autograder.gradebook import GradebookError
from autograder.reports import ReportFolder, render_feedback, render_grades_csv
from autograder.results import Result, to_json
from autograder.writing import Access, make_folder, write_whole

_INDENT: Final = 2
# The forms, and the default file name of each.
_NAMES: Final = {
    "canvas": "canvas.csv",
    "moodle": "moodle.csv",
    "gradescope": "gradescope",
    "classroom50": "classroom50",
    "csv": "grades.csv",
    "json": "results.json",
}


class _Export(NamedTuple):
    """What is exported, where from and where to."""

    course: Course
    folder: ReportFolder
    into: Path | None
    assignment: str | None
    out: Path

    def write(self, path: Path, content: bytes | Iterable[bytes]) -> None:
        """Writes a file that the folder's readers can read, following no link below the folder."""
        make_folder(path.parent, self.folder.access, below=self.folder.path)
        write_whole(path, content, self.folder.access)

    def results(self) -> list[Result]:
        return list(self.folder.results())

    def counted(self) -> list[Result]:
        """The results with only the exercises that count, whose points add up to the score."""
        left_out = self.folder.policies.not_counted
        return [
            msgspec.structs.replace(
                result, exercises=tuple(e for e in result.exercises if e.id not in left_out)
            )
            for result in self.results()
        ]


@click.command(
    epilog="\b\nExamples:\n  autograder export build/class --to csv"
    "\n  autograder export build/class --to canvas --into Grades.csv --assignment 5501"
    "\n  autograder export build/class --to moodle --into Worksheet.csv --out moodle.csv"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--to", "kind", required=True, type=click.Choice(list(_NAMES)), help="The form.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="What Canvas or Moodle exported, to be filled; FILE itself stays as it is.",
)
@click.option(
    "--assignment",
    metavar="ID",
    help="Canvas: the number in the header of the column to fill.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="What is written; default: in DIR/export.",
)
@readers_option
def export(
    folder: Path,
    kind: str,
    into: Path | None,
    assignment: str | None,
    out: Path | None,
    access: Access,
) -> int:
    """Write the results in DIR in the form that an LMS takes.

    Scores are what counts by the policies, scaled to the LMS's maximum.
    """
    filling = kind in {"canvas", "moodle"}
    if filling and into is None:
        what = "gradebook" if kind == "canvas" else "grading worksheet"
        raise click.UsageError(f"--into is needed: the {what} that {kind.title()} exported.")
    if into is not None and not filling:
        raise click.UsageError("--into is for canvas and moodle.")
    if assignment is not None and kind != "canvas":
        raise click.UsageError("--assignment is for canvas.")
    place = out or folder / "export" / _NAMES[kind]
    for path in (into, folder / "gradebook.sqlite"):
        if path is not None and os.path.realpath(place) == os.path.realpath(path):
            raise UserError(f"{place} would be overwritten: choose another --out.")
    try:
        with ReportFolder(folder, course_if_named(), access=access) as opened:
            warn_of_readers(opened)
            for line in _WRITERS[kind](_Export(opened.course, opened, into, assignment, place)):
                console().print(Text(printable(line)), soft_wrap=True)
            opened.given_out()
    except SheetError as error:
        raise UserError(f"{into} cannot be filled: {error}.") from None
    except GradebookError as error:
        raise as_user_error(error) from None
    except CourseError as error:
        raise UserError(str(error)) from None
    except OSError as error:
        where = error.filename2 or error.filename or place
        raise UserError(f"{where}: {error.strerror or error}.") from None
    return EXIT_DONE


def _canvas(export: _Export) -> Iterator[str]:
    assert export.into is not None
    filled = fill_gradebook(export.into.read_bytes(), export.results(), export.assignment)
    export.write(export.out, filled.data)
    yield from _told(filled, export)


def _moodle(export: _Export) -> Iterator[str]:
    assert export.into is not None
    results = export.results()
    filled = fill_worksheet(export.into.read_bytes(), results)
    export.write(export.out, filled.data)
    yield from _told(filled, export)
    if filled.taken:
        taken = filled.taken
        pages = {r.submission: render_feedback(export.course, r).encode() for r in taken}
        archive = export.out.with_name(f"{export.out.stem}-feedback.zip")
        export.write(archive, feedback_archive(taken, pages, datetime.now().astimezone()))
        yield f"{archive}: a feedback page for each who has a score in it."


def _told(filled: Filled, export: _Export) -> Iterator[str]:
    yield f"{export.out}: {filled.filled} scores are filled in."
    yield from filled.notes
    for who, names in (
        ("These results belong to nobody in it", [r.source.name for r in filled.without_row]),
        ("Of these in it there is no result", filled.without_result),
    ):
        if names:
            yield f"{who}: {'; '.join(names)}."


def _gradescope(export: _Export) -> Iterator[str]:
    make_folder(export.out, export.folder.access, below=export.folder.path)
    results = export.counted()
    for result in results:
        content = gradescope_results(export.course, result)
        export.write(export.out / f"{result.submission}.json", _json(content))
    yield f"{export.out}: {len(results)} files, each one submission's results.json."


def _classroom50(export: _Export) -> Iterator[str]:
    make_folder(export.out, export.folder.access, below=export.folder.path)
    written = 0
    for result in export.counted():
        try:
            content = classroom50_result(result)
        except UnknownSubmissionError as error:
            say_error(f"{error}: it is left out.")
            continue
        export.write(export.out / result.submission / "result.json", _json(content))
        written += 1
    yield f"{export.out}: {written} folders, each with one submission's result.json."


def _csv(export: _Export) -> Iterator[str]:
    results = export.results()
    rows = render_grades_csv(export.course, results)
    export.write(export.out, (row.encode() for row in rows))
    yield f"{export.out}: {len(results)} rows."


def _as_json(export: _Export) -> Iterator[str]:
    results = [msgspec.json.decode(to_json(result)) for result in export.results()]
    export.write(export.out, _json(results))
    yield f"{export.out}: {len(results)} results."


def _json(content: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content), indent=_INDENT) + b"\n"


_WRITERS: Final[dict[str, Callable[[_Export], Iterator[str]]]] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "gradescope": _gradescope,
    "classroom50": _classroom50,
    "csv": _csv,
    "json": _as_json,
}

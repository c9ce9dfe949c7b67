"""`autograder grade`: from a path to results, feedback and a class report."""

import bisect
import contextlib
import errno
import math
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import click
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from autograder.checking.session import insist_on_modules
from autograder.cli.changes import changed_points
from autograder.cli.courses import the_course
from autograder.cli.folder import as_user_error, readers_option, warn_of_readers
from autograder.cli.policies import overrides, policy_options, warn_of_names
from autograder.cli.terminal import (
    EXIT_DONE,
    EXIT_INTERRUPTED,
    EXIT_NOT_ALL_GRADED,
    UserError,
    console,
    processors,
    say_error,
)
from autograder.course import Course, CourseError
from autograder.display import printable
from autograder.examiner import BrokenGraderError
from autograder.gradebook import GradebookError
from autograder.grading import (
    Engine,
    EngineError,
    Graded,
    Settings,
    dask_cluster,
    grade_all,
    processes,
    this_process,
)
from autograder.lms.recognition import NAMES
from autograder.reports import ReportFolder
from autograder.results import Result
from autograder.sandbox.confinement import Layer
from autograder.sandbox.forked import layers_in_force
from autograder.sandbox.process import Limits, SandboxError
from autograder.seeds import draw_seed
from autograder.submissions import UnreadableError
from autograder.submissions.files import readable
from autograder.submissions.finding import Found, TakenAs, find_submissions
from autograder.writing import Access

# A longer list would push what comes after it off the screen; the report has it all.
_ROWS_SHOWN: Final = 60
# Starting one more process, and proving the graders in it, takes as long as grading so many.
_WORTH_A_PROCESS: Final = 12
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_THREAD: Final = "can't start new thread"  # As the standard library says it.
_NO_ROOM: Final = "this machine has no room for more processes, threads or memory"
_DEFAULTS: Final = Limits()
_OTHER_SEED: Final = (
    "{} was graded with the seed {}: all of this is graded again with {}, and so it stays until "
    "you give another --seed."
)


class _Seconds(click.FloatRange):
    """Seconds from a twentieth to a day; not a number is not between the two."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        seconds = float(super().convert(value, param, ctx))
        if math.isnan(seconds):
            self.fail("nan is not a number of seconds.", param, ctx)
        return seconds


class _NamedPath(click.Path):
    """A path; the empty text, which would mean the current folder, is a slip."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Path:
        if not os.fspath(value):
            self.fail("a path is needed, and '' is none.", param, ctx)
        return Path(os.fspath(value))


_NAMED: Final = _NamedPath()
_SECONDS: Final = _Seconds(0.05, 24 * 60 * 60)


@click.command(epilog="\b\nExample:\n  autograder grade examples/class --out build/class --jobs 2")
@click.argument("path", type=_NAMED)
@click.option("--out", required=True, type=_NAMED, help="Where results go.")
@click.option("--jobs", type=click.IntRange(1, 1024),
              help="Processes; default: one a processor, fewer for few submissions.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0),
              help="Of hidden inputs, kept in --out; one is drawn for a new one.")  # fmt: skip
@click.option("--call-seconds", type=_SECONDS, default=_DEFAULTS.call_seconds,
              show_default=True, help="Most that one call may take.")  # fmt: skip
@click.option("--submission-seconds", type=_SECONDS,
              default=_DEFAULTS.submission_seconds, show_default=True,
              help="Most that one submission may take.")  # fmt: skip
@click.option("--require-sandbox", is_flag=True, help="Refuse unless every layer is in force.")
@click.option("--one", "taken_as", flag_value="one", help="PATH is one submission.")
@click.option("--class", "taken_as", flag_value="class", help="Each child of PATH is a submission.")
@click.option("--again", is_flag=True, help="Grade what has not changed, too.")
@click.option("--cluster", metavar="ADDRESS", help="Work on this Dask cluster.")
@readers_option
@policy_options
def grade(
    path: Path,
    out: Path,
    jobs: int | None,
    seed: int | None,
    call_seconds: float,
    submission_seconds: float,
    require_sandbox: bool,
    taken_as: TakenAs | None,
    again: bool,
    cluster: str | None,
    access: Access,
    **policies: Any,
) -> int:
    """Grade one submission or a class.

    PATH is a .py, .ipynb or .zip file or a folder: one submission, or one for each child; or what
    Canvas, Moodle, Gradescope or Classroom 50 download, zipped or not. Where it could be either,
    it is said what it was taken for, and --one or --class settles it.

    Work that was graded into the same --out before, by the same graders, is not graded again. So
    whatever stopped a run, the same command goes on where it was.
    """
    if cluster is not None and jobs is not None:
        raise click.UsageError("--jobs is for this machine; a cluster has as many as its workers.")
    limits = Limits(call_seconds=call_seconds, submission_seconds=submission_seconds)
    try:
        course = the_course()
        insist_on_modules(course)
        # Results of an earlier run may lie among the submissions; they are left out.
        results = os.path.realpath(out)
        if results == os.path.realpath(path):
            raise UserError(f"{out} holds the submissions; choose another --out for the results.")
        found = find_submissions(path, course, leave_out=out, taken_as=taken_as)
        layers = layers_in_force()
        _insist(layers, require_sandbox)
        with ReportFolder(out, course, create=True, access=access) as folder:
            warn_of_readers(folder)
            if folder.salvaged:
                say_error(f"warning: {folder.salvaged}")
            settings = Settings(_settled_seed(folder, seed), limits, course.root)
            folder.describe(_facts(path, course, layers))
            folder.choose(overrides(**policies))
            identified = folder.identify(found.unnamed)
            # If the output cannot be written, grading goes on all the same; the end reports it.
            with contextlib.suppress(OSError, SystemExit):
                for sentence in (*_recognised(found), *found.told, *identified.told):
                    console().print(Text(printable(sentence)), soft_wrap=True)
            handins = identified.handins
            grading = grade_all(
                handins,
                course,
                settings,
                _engine(cluster, course, _jobs_for(len(handins), jobs)),
                (lambda _: None) if again else folder.earlier,
            )
            # Closed here, whatever happens: left to the interpreter's end, its processes may hang.
            with closing(grading) as graded:
                return _grade_into(folder, course, len(handins), graded)
    except KeyboardInterrupt:
        raise UserError(f"stopped; what was finished is in {out}.", EXIT_INTERRUPTED) from None
    except UnreadableError as error:
        raise UserError(str(error)) from None
    except GradebookError as error:
        raise as_user_error(error) from None
    except (CourseError, EngineError, SandboxError, BrokenGraderError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(_about(error, out)) from None
    except RuntimeError as error:
        if _NO_THREAD not in str(error):
            raise
        raise UserError(f"{_NO_ROOM} ({error}).") from None


def _jobs_for(submissions: int, asked: int | None) -> int:
    """Returns the number of processes for so many submissions."""
    most = asked or min(processors(), -(-submissions // _WORTH_A_PROCESS))
    return max(1, min(most, submissions))


def _engine(
    cluster: str | None, course: Course, jobs: int
) -> Callable[[], AbstractContextManager[Engine]]:
    if cluster is not None:
        return partial(dask_cluster, cluster, course)
    return this_process if jobs == 1 else partial(processes, jobs)


def _about(error: OSError, out: Path) -> str:
    if error.filename is None and error.errno in {errno.EAGAIN, errno.ENOMEM}:
        return f"{_NO_ROOM} ({error.strerror})."
    if error.filename is None and error.errno not in _NO_SPACE:
        return f"the system says: {error.strerror or error}."
    # If a renaming failed, the second name is the one that the user knows.
    name = Path(str(error.filename2 or error.filename or out))
    if error.errno in _NO_SPACE:
        return (
            f"{name}: {error.strerror}. Make room and give the same command: it goes on from here."
        )
    advice = "; choose another --out" if name == out or out in name.parents else ""
    return f"{name}: {error.strerror or error}{advice}."


def _grade_into(folder: ReportFolder, course: Course, count: int, graded: Iterator[Graded]) -> int:
    rows = _FirstRows()
    kept = 0
    failed: dict[str, str] = {}
    try:
        with _progress(count) as progress:
            for one in graded:
                if one.result is None:
                    failed[one.submission.source.name] = one.failure
                else:
                    rows.add(_row(folder.add(one.result, one.feedback)))
                    kept += one.kept
                progress.advance()
    finally:
        total = folder.finish()
    warn_of_names(folder)
    try:
        _tell(folder, course, rows, kept, total)
    except OSError as error:
        raise UserError(
            f"the results are in {folder.path}; what is to be said of them cannot be written: "
            f"{error.strerror or error}."
        ) from None
    for name, why in (failed | folder.unwritten).items():
        say_error(f"{name} has no result: {why}.")
    return EXIT_NOT_ALL_GRADED if failed or folder.unwritten else EXIT_DONE


def _tell(folder: ReportFolder, course: Course, rows: "_FirstRows", kept: int, total: int) -> None:
    screen = console()
    screen.print(_table(course, rows))
    if kept:
        screen.print(Text(f"\n{_unchanged(kept, rows.count)}"), soft_wrap=True)
    if told := changed_points(folder):
        screen.print(
            Text(f"\n{told} `autograder report {folder.path}` lists them."), soft_wrap=True
        )
    earlier = f" ({total - rows.count} of them from earlier runs)" if total > rows.count else ""
    where = f"{folder.path}{os.sep}"
    screen.print(Text(f"\nResults of {total} submissions{earlier} are in {where}"), soft_wrap=True)
    for name, what in (
        ("report.html", "the class at a glance"),
        (f"feedback{os.sep}", "a page for each student"),
        (f"results{os.sep}", "the same as JSON"),
        ("grades.csv", "for a spreadsheet"),
        ("gradebook.sqlite", "everything, to rebuild the rest from"),
    ):
        screen.print(Text(f"  {name:<18} {what}"), soft_wrap=True)


def _recognised(found: Found) -> Iterator[str]:
    """Yields what a download was recognised as, and what that means."""
    if found.lms is None:
        return
    count = len(found.unnamed)
    late = sum(one.source.late for one in found.unnamed)
    yield (
        f"This is {NAMES[found.lms]} of {count} student{'' if count == 1 else 's'}, or groups: the "
        f"newest files of each{f', {late} late' if late else ''}."
    )


def _unchanged(kept: int, count: int) -> str:
    if kept == count:
        return "Nothing has changed since it was graded before, so nothing was graded again."
    return f"{kept} of these are as they were graded before, and were not graded again."


# A submission's id, its score, how many exercises are right, and its first problem.
_Row = tuple[str, float, int, str]


class _FirstRows:
    """The first rows of the table, which are shown, and the number of all rows."""

    def __init__(self) -> None:
        self.count = 0
        self.shown: list[_Row] = []

    def add(self, row: _Row) -> None:
        self.count += 1
        bisect.insort(self.shown, row, key=lambda row: row[0].casefold())
        del self.shown[_ROWS_SHOWN:]


def _row(result: Result) -> _Row:
    right = sum(exercise.outcome == "correct" for exercise in result.exercises)
    return result.submission, result.score, right, _first(result.problems)


def _table(course: Course, rows: _FirstRows) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Submission", overflow="fold", min_width=12)
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("Right", justify="right", no_wrap=True)
    table.add_column("To look at", overflow="fold")
    for submission, score, right, problem in rows.shown:
        table.add_row(
            Text(printable(submission)),
            Text(f"{score:.2f}"),
            Text(f"{right}/{len(course.exercises)}"),
            Text(printable(problem), style="yellow"),
        )
    if rows.count > len(rows.shown):
        table.add_row(Text(f"and {rows.count - len(rows.shown)} more"), "", "", "")
    return table


def _first(problems: tuple[str, ...]) -> str:
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{problems[0]}{more}" if problems else ""


def _insist(layers: list[Layer], required: bool) -> None:
    missing = [layer for layer in layers if not layer.in_force]
    for layer in missing:
        if required:
            raise UserError(f"--require-sandbox: {layer.name} is not in force: {layer.detail}.")
        say_error(f"warning: student code is not confined in {layer.name}: {layer.detail}.")


def _settled_seed(folder: ReportFolder, given: int | None) -> int:
    """Returns the seed for this folder, kept there: the one given, else its own, else a new one."""
    kept = folder.seed
    seed = given if given is not None else draw_seed() if kept is None else kept
    folder.keep_seed(seed)
    if kept not in {None, seed}:
        with contextlib.suppress(OSError, SystemExit):
            console().print(Text(_OTHER_SEED.format(folder.path, kept, seed)), soft_wrap=True)
    return seed


def _facts(path: Path, course: Course, layers: list[Layer]) -> dict[str, str]:
    return {
        "class": readable(os.path.basename(os.path.realpath(path))),
        "version": str(course.version),
        "confinement": "; ".join(
            f"{layer.name}: {layer.detail if layer.in_force else 'NOT in force, ' + layer.detail}"
            for layer in layers
        ),
    }


class _Rate(ProgressColumn):
    """Submissions graded per second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "", style="cyan")


class _Advance:
    def __init__(self, progress: Progress, count: int) -> None:
        self._progress = progress
        self._task = progress.add_task("Grading", total=count)

    def advance(self) -> None:
        self._progress.advance(self._task)


@contextmanager
def _progress(count: int) -> Iterator[_Advance]:
    screen = console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    shown = count > 1 and screen.is_terminal
    with Progress(*columns, console=screen, disable=not shown) as progress:
        yield _Advance(progress, count)

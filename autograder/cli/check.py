"""`autograder check`: the public checks on one's own work, once or after each save."""

from collections.abc import Sequence

import click

from autograder.checking.errors import BrokenGraderError
from autograder.cli.courses import own_course
from autograder.cli.terminal import EXIT_DONE, EXIT_NOT_ALL_RIGHT, UserError, console
from autograder.cli.words import CommandWithNames, ExerciseWord
from autograder.course import Course, CourseError
from autograder.sandbox.process import Limits, SandboxError
from autograder.sandbox.spawned import SpawnedProcesses

# A shorter limit than when a class is graded, since somebody is waiting.
_LIMITS = Limits(import_seconds=5.0)


@click.command(
    cls=CommandWithNames,
    epilog="""\b
Examples:
  autograder check
  autograder check FUNCTION
  autograder check exercises/LESSON.py --watch""",
)
@click.argument("what", nargs=-1, type=ExerciseWord(paths=True))
@click.option("--watch", is_flag=True, help="Check again whenever the file is saved.")
def check(what: tuple[str, ...], watch: bool) -> int:
    """Check your own work with the public checks.

    WHAT is an exercise (FUNCTION), a module (LESSON) or a file; everything if left out. The
    exit code is 0 only if all that was asked for is right.
    """
    # Started first: Python loads NumPy there while it loads everything else here.
    with SpawnedProcesses(_LIMITS) as processes:
        try:
            processes.prepare()
            course = own_course()
            from autograder.checking.session import insist_on_modules

            insist_on_modules(course)
            if watch:
                from autograder.cli.watch import watch_work

                return watch_work(what, course, processes)
            return _check_once(what, course, processes)
        except (CourseError, SandboxError, BrokenGraderError) as error:
            raise UserError(str(error)) from None


def _check_once(what: Sequence[str], course: Course, processes: SpawnedProcesses) -> int:
    from autograder.practice.page import Page, show_checked
    from autograder.practice.progress import Progress
    from autograder.practice.run import check_work
    from autograder.practice.workspace import WorkspaceError, find_work

    try:
        work = find_work(what, course)
    except WorkspaceError as error:
        raise UserError(str(error)) from None
    checked = check_work(work, course, processes)
    progress = Progress(work.folder)
    progress.note(checked.verdicts)
    show_checked(Page(console()), course, checked, progress)
    right = all(verdict.status == "done" for verdict in checked.verdicts)
    return EXIT_DONE if right else EXIT_NOT_ALL_RIGHT

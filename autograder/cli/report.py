"""`autograder report`: rebuilds the reports from the gradebook."""

from pathlib import Path
from typing import Any

import click
from rich.text import Text

from autograder.cli.changes import changed_points, changes_table
from autograder.cli.courses import course_if_named
from autograder.cli.folder import as_user_error, readers_option, warn_of_readers
from autograder.cli.policies import overrides, policy_options, warn_of_names
from autograder.cli.terminal import EXIT_DONE, EXIT_NOT_ALL_GRADED, UserError, console, say_error
from autograder.course import CourseError
from autograder.gradebook import GradebookError
from autograder.reports import ReportFolder
from autograder.writing import Access


@click.command(
    epilog="\b\nExamples:\n  autograder report build/class\n"
    "  autograder report build/class --attempt best --late-penalty 10"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@readers_option
@policy_options
def report(folder: Path, access: Access, **policies: Any) -> int:
    """Rebuild the reports in DIR from its gradebook.

    Policies that are given hold from now on; nothing is graded again. Where work was graded again
    since results were last exported, this shows who gained or lost what.
    """
    try:
        with ReportFolder(folder, course_if_named(), access=access) as opened:
            warn_of_readers(opened)
            opened.choose(overrides(**policies))
            count = opened.rebuild()
            warn_of_names(opened)
            told = changed_points(opened)
            table = changes_table(opened) if told else None
    except GradebookError as error:
        raise as_user_error(error) from None
    except CourseError as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{error.filename or folder}: {error.strerror or error}.") from None
    screen = console()
    screen.print(f"Reports on {count} submissions are in {folder}.", markup=False)
    if table is not None:
        screen.print(Text(f"\n{told}\n"), soft_wrap=True)
        screen.print(table)
    for name, why in opened.unwritten.items():
        say_error(f"{name} has no result: {why}.")
    return EXIT_NOT_ALL_GRADED if opened.unwritten else EXIT_DONE

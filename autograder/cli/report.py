"""`autograder report`: the reports again, from the gradebook."""

from pathlib import Path
from typing import Any

import click

from autograder.cli.policies import overrides, policy_options
from autograder.cli.terminal import EXIT_DONE, UserError, console
from autograder.course import CourseError, load_course
from autograder.gradebook import GradebookError
from autograder.reports import ReportFolder


@click.command(
    epilog="\b\nExamples:\n  autograder report build/class\n"
    "  autograder report build/class --attempt best --late-penalty 10"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@policy_options
def report(folder: Path, **policies: Any) -> int:
    """Rebuild the reports in DIR from its gradebook.

    Policies that are given hold from now on; nothing is graded again.
    """
    try:
        with ReportFolder(folder, load_course()) as opened:
            opened.choose(overrides(**policies))
            count = opened.rebuild()
    except (CourseError, GradebookError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{error.filename or folder}: {error.strerror or error}.") from None
    console().print(f"Reports on {count} submissions are in {folder}.", markup=False)
    return EXIT_DONE

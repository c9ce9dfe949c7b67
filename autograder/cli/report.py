"""`autograder report`: the reports again, from the gradebook."""

from pathlib import Path

import click

from autograder.cli.terminal import EXIT_DONE, UserError, console
from autograder.course import CourseError, load_course
from autograder.gradebook import GradebookError
from autograder.reports import ReportFolder


@click.command(epilog="\b\nExample:\n  autograder report build/class")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def report(folder: Path) -> int:
    """Rebuild the reports in DIR from its gradebook."""
    try:
        with ReportFolder(folder, load_course()) as opened:
            count = opened.rebuild()
    except (CourseError, GradebookError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{error.filename or folder}: {error.strerror or error}.") from None
    console().print(f"Reports on {count} submissions are in {folder}.", markup=False)
    return EXIT_DONE

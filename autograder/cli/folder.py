"""Shared by the commands that write into an output folder: who may read it, and its errors."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from autograder.cli.terminal import EXIT_IN_USE, EXIT_UNUSABLE, UserError, say_error
from autograder.gradebook import GradebookError
from autograder.reports import ReportFolder
from autograder.reports.private import InUseError
from autograder.writing import GROUP, OWNER

_Command = TypeVar("_Command", bound=Callable[..., Any])


def readers_option(command: _Command) -> _Command:
    """Adds the option that lets others read what is written."""
    option = click.option(
        "--readable-by-group",
        "access",
        flag_value=GROUP,
        type=click.UNPROCESSED,
        default=OWNER,
        help="Let the folder's group read it; without this, you alone can.",
    )
    return option(command)


def warn_of_readers(folder: ReportFolder) -> None:
    """Warns of what others can read although that was not asked for."""
    if folder.open_to_more:
        first, *more = folder.open_to_more
        others = f" (and {len(more)} more)" if more else ""
        say_error(
            f"warning: {first}{others} can be read by others: it belongs to somebody else, or its "
            "disk knows no owners. For results that only you can read choose another folder."
        )


def as_user_error(error: GradebookError) -> UserError:
    """Returns the error that ends a command whose folder cannot be used."""
    return UserError(str(error), EXIT_IN_USE if isinstance(error, InUseError) else EXIT_UNUSABLE)

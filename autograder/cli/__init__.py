"""The `autograder` command: a thin layer that reads arguments, calls the package and prints."""

import signal
import sys
from types import FrameType
from typing import NoReturn

import click

from autograder.cli.doctor import doctor
from autograder.cli.grade import grade
from autograder.cli.report import report
from autograder.cli.terminal import EXIT_INTERRUPTED, EXIT_UNUSABLE, UserError, say_error


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(package_name="deep-learning-basics", prog_name="autograder")
def cli() -> None:
    """Grade a course of deep learning exercises without trusting what is handed in."""


for command in (grade, report, doctor):
    cli.add_command(command)


def main() -> None:
    """Runs the command; every user's mistake is one line on stderr and an exit code."""
    # Whoever ends the command by a signal gets the same orderly end as with Ctrl-C.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    try:
        code = cli.main(standalone_mode=False)
    except click.ClickException as error:
        say_error(error.format_message() + _where_to_look(error))
        sys.exit(EXIT_UNUSABLE)
    except UserError as error:
        say_error(str(error))
        sys.exit(error.code)
    except (click.Abort, KeyboardInterrupt):
        say_error("stopped.")
        sys.exit(EXIT_INTERRUPTED)
    sys.exit(code if isinstance(code, int) else 0)


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _where_to_look(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f" See `{context.command_path} --help`." if context else ""

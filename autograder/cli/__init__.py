"""The `autograder` command: a thin layer that reads arguments, calls the package and prints."""

import importlib
import importlib.util
import os
import signal
import sys
from types import FrameType
from typing import Final, NoReturn

import click

# Small arrays never need a thread for each core in each process. NumPy reads this once, when it is
# first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from autograder.cli.courses import course_option
from autograder.cli.terminal import EXIT_INTERRUPTED, EXIT_UNUSABLE, UserError, say_error

# Each is imported when it is used, so that none waits for what another needs. The students' package
# holds only the first three.
_COMMANDS: Final = (
    *(
        "check",
        "hint",
        "submit",
        "grade",
        "report",
        "export",
        "package",
        "verify",
        "course",
        "doctor",
    ),
)
_COMPLETION: Final = """Names complete with the tab key after this line (for zsh and fish, with
zsh_source and fish_source):

\b
  eval "$(_AUTOGRADER_COMPLETE=bash_source autograder)"
"""


class _Commands(click.Group):
    """The commands that are installed here, in the order in which one meets them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [n for n in _COMMANDS if importlib.util.find_spec(f"autograder.cli.{n}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"autograder.cli.{cmd_name}")
        command: click.Command = getattr(module, cmd_name)
        if not any(parameter.name == "course" for parameter in command.params):
            command.params.append(course_option())
        return command


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
    epilog=_COMPLETION,
)
@click.version_option(package_name="deep-learning-basics", prog_name="autograder")
def cli() -> None:
    """Exercises in NumPy: check them, hand them in, grade them."""


def main() -> None:
    """Runs the command; a user's mistake becomes one line on stderr and an exit code."""
    _insist_on_utf8()
    _answer_signals()
    _make_streams_robust()
    try:
        _insist_on_a_current_folder()
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(EXIT_UNUSABLE)
    except OSError as error:
        # Other failures are reported where their purpose is known.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - Until the process ends, very soon.
        say_error(f"the output cannot be written: {error.strerror or error}.")
        sys.exit(EXIT_UNUSABLE)
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


def _insist_on_utf8() -> None:
    """Restarts in Python's UTF-8 mode where the locale cannot represent every name."""
    flags = sys.flags
    if sys.getfilesystemencoding() == "utf-8" or flags.utf8_mode or flags.ignore_environment:
        return
    os.environ["PYTHONUTF8"] = "1"
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _answer_signals() -> None:
    """Makes a signal that ends the command do so in the same orderly way as Ctrl-C."""
    for name in ("SIGTERM", "SIGHUP"):
        # A signal already ignored stays so: `nohup` asks for just that.
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) != signal.SIG_IGN:
            signal.signal(getattr(signal, name), _interrupt)
    if hasattr(signal, "SIGCHLD"):  # If ignored, exit statuses are lost.
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _make_streams_robust() -> None:
    """Avoids a traceback where a stream is closed or cannot show a character."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - As long as the process.
        else:
            stream.reconfigure(errors="replace")


def _insist_on_a_current_folder() -> None:
    try:
        os.getcwd()
    except OSError:
        raise UserError("the current folder is not there any more: go to another one.") from None


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _where_to_look(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f" See `{context.command_path} --help`." if context else ""

"""`autograder doctor`: what confines student code on this machine."""

import platform

import click
from rich.text import Text

from autograder.cli.terminal import EXIT_DONE, UserError, console
from autograder.sandbox.attempts import attempt_all
from autograder.sandbox.process import SandboxError


@click.command(epilog="\b\nExample:\n  autograder doctor")
def doctor() -> int:
    """Say what confines student code here, and try to break out of it."""
    try:
        layers, attempts = attempt_all()
    except SandboxError as error:
        raise UserError(f"student code cannot be run here: {error}.") from None
    screen = console()
    screen.print(
        Text(f"{platform.system()} {platform.release()}, Python {platform.python_version()}\n")
    )
    screen.print("[bold]Layers of confinement[/bold]")
    for layer in layers:
        sign, style = ("✓", "green") if layer.in_force else ("✗", "red")
        screen.print(Text.assemble((f"  {sign} ", style), f"{layer.name:<13} {layer.detail}"))
    screen.print("\n[bold]Tried just now, from a student's process[/bold]")
    for attempt in attempts:
        sign, style = ("✓", "green") if attempt.stopped else ("✗", "red")
        screen.print(Text.assemble((f"  {sign} ", style), f"{attempt.what:<34} {attempt.told}"))
    return EXIT_DONE

"""`autograder verify`: grades the graders."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from rich.progress import Progress
from rich.text import Text

from autograder.certification.certificate import Certificate, certify, results_of
from autograder.checking.errors import BrokenGraderError
from autograder.cli.courses import the_course
from autograder.cli.terminal import EXIT_DONE, UserError, console, processors
from autograder.course import CourseError
from autograder.grading import Settings
from autograder.sandbox.process import SandboxError
from autograder.seeds import draw_seed
from autograder.writing import write_whole

EXIT_DOES_NOT_HOLD: Final = 1


@click.command(epilog="\b\nExample:\n  autograder verify --json build/certificate.json")
@click.option("--jobs", type=click.IntRange(1, 1024), help="Processes; default: one a processor.")
@click.option("--seed", type=click.IntRange(min=0), help="Of hidden inputs; default: a fresh one.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Write the certificate there.")
def verify(jobs: int | None, seed: int | None, out: Path | None) -> int:
    """Grade the graders: what they catch, name and accept, and whether the course is whole.

    The exit code is 0 only if all of it is as it should be.
    """
    if seed is None:
        seed = draw_seed()
    try:
        certificate = _certificate(seed, jobs or processors())
        if out is not None:
            out.parent.mkdir(parents=True, exist_ok=True)
            write_whole(out, results_of(certificate))
    except (CourseError, SandboxError, BrokenGraderError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{out}: {error.strerror}; choose another --json.") from None
    _show(certificate)
    return EXIT_DONE if certificate.holds else EXIT_DOES_NOT_HOLD


def _certificate(seed: int, jobs: int) -> Certificate:
    course = the_course()
    screen = console(stderr=True)
    with Progress(console=screen, disable=not screen.is_terminal) as progress:
        task = progress.add_task("Grading the graders", total=None)
        for event in certify(course, Settings(seed, course=course.root), jobs):
            if isinstance(event, Certificate):
                return event
            if progress.tasks[0].total is None:
                progress.update(task, total=event)
            else:
                progress.advance(task, event)
    raise AssertionError("certify ends with the certificate")


def _show(c: Certificate) -> None:
    screen = console()

    def say(text: str, problems: Sequence[str] = ()) -> None:
        sign, style = ("✗", "red") if problems else ("✓", "green")
        screen.print(Text.assemble((f"{sign} ", style), text), soft_wrap=True)
        for problem in problems:
            screen.print(Text(f"    {problem}", style="red"), soft_wrap=True)

    screen.print(
        Text(f"Hidden inputs from the seed {c.seed}; --seed {c.seed} repeats this."), soft_wrap=True
    )
    say(
        f"{c.exercises} exercises, {c.public_checks} public checks, {c.hidden_checks} hidden ones: "
        "the course is whole",
        c.course_problems,
    )
    say(f"{c.mistakes} known mistakes lose points", c.mistakes_let_through)
    say("and each is named", c.mistakes_not_named)
    say(f"{c.variants} right answers in other words earn all points", c.variants_refused)
    alive = len(c.mutants_equivalent)
    say(
        f"{c.mutants} mutants of the solutions: {c.killed:.1%} of those that differ are caught, "
        f"{alive} are equivalent",
        c.mutants_survived,
    )
    say(
        f"{c.hidden_checks - len(c.redundant)} hidden checks alone catch something; "
        f"{len(c.redundant)} are there for another reason",
        c.redundant_unexplained,
    )

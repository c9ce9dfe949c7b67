"""`autograder verify`: grades the graders."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
from rich.progress import Progress
from rich.text import Text

from autograder.certification.certificate import Certificate, certify, results_of
from autograder.certification.gaps import unwritten
from autograder.checking.errors import BrokenGraderError
from autograder.cli.courses import the_course
from autograder.cli.terminal import EXIT_DONE, UserError, console, processors
from autograder.cli.words import CommandWithNames, ExerciseWord
from autograder.course import Course, CourseError, did_you_mean
from autograder.grading import Settings
from autograder.sandbox.process import SandboxError
from autograder.seeds import draw_seed
from autograder.writing import write_whole

EXIT_DOES_NOT_HOLD: Final = 1


@click.command(
    cls=CommandWithNames,
    epilog="\b\nExamples:\n  autograder verify --json build/certificate.json\n"
    "  autograder verify FUNCTION",
)
@click.argument("exercises", metavar="[EXERCISE]...", nargs=-1, type=ExerciseWord())
@click.option("--jobs", type=click.IntRange(1, 1024), help="Processes; default: one a processor.")
@click.option("--seed", type=click.IntRange(min=0), help="Of hidden inputs; default: a fresh one.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="Write the certificate there.")
def verify(exercises: tuple[str, ...], jobs: int | None, seed: int | None, out: Path | None) -> int:
    """Grade the graders: what they catch, name and accept, and whether the course is whole.

    EXERCISE is one such as FUNCTION or LESSON.FUNCTION, or a whole lesson such as LESSON;
    everything if left out. The exit code is 0 only if all of it is as it should be.
    """
    if seed is None:
        seed = draw_seed()
    try:
        course = the_course()
        chosen = _chosen(course, exercises) if exercises else None
        certificate = _certificate(course, chosen, seed, jobs or processors())
        if out is not None:
            out.parent.mkdir(parents=True, exist_ok=True)
            write_whole(out, results_of(certificate))
    except BrokenGraderError as error:
        if places := list(unwritten(course, chosen or course.exercises)):
            _say("Before anything can be tried, it has to be written", places)
        raise UserError(str(error)) from None
    except (CourseError, SandboxError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{out}: {error.strerror}; choose another --json.") from None
    _show(certificate)
    return EXIT_DONE if certificate.holds else EXIT_DOES_NOT_HOLD


def _chosen(course: Course, words: Sequence[str]) -> list[str]:
    """Returns the exercises that the words name, in course order."""
    found: set[str] = set()
    for word in words:
        meant = {id for id in course.exercises if word in (id, *id.split("."))}
        if not meant:
            known = [
                *course.exercises,
                *(id.partition(".")[2] for id in course.exercises),
                *(lesson.id for lesson in course.lessons),
            ]
            raise UserError(
                f"{word} is no exercise of the course{did_you_mean(word, known) or '.'}"
            )
        found |= meant
    return [id for id in course.exercises if id in found]


def _certificate(
    course: Course, exercises: Sequence[str] | None, seed: int, jobs: int
) -> Certificate:
    screen = console(stderr=True)
    with Progress(console=screen, disable=not screen.is_terminal) as progress:
        task = progress.add_task("Grading the graders", total=None)
        for event in certify(course, Settings(seed, course=course.root), jobs, exercises):
            if isinstance(event, Certificate):
                return event
            if progress.tasks[0].total is None:
                progress.update(task, total=event)
            else:
                progress.advance(task, event)
    raise AssertionError("certify ends with the certificate")


def _say(text: str, problems: Sequence[str] = ()) -> None:
    screen = console()
    sign, style = ("✗", "red") if problems else ("✓", "green")
    screen.print(Text.assemble((f"{sign} ", style), text), soft_wrap=True)
    for problem in problems:
        screen.print(Text(f"    {problem}", style="red"), soft_wrap=True)


def _show(c: Certificate) -> None:
    seed = f"Hidden inputs from the seed {c.seed}; --seed {c.seed} repeats this."
    console().print(Text(seed), soft_wrap=True)
    _say(
        f"{_many(c.exercises, 'exercise')}, {_many(c.public_checks, 'public check')}, "
        f"{c.hidden_checks} hidden: nothing is missing",
        c.course_problems,
    )
    _say(
        f"The solutions agree with their proofs at {_many(c.points_proved, 'point')}, and keep the "
        "rules",
        c.references_wrong,
    )
    _say(f"{_many(c.mistakes, 'known mistake')}: all lose points", c.mistakes_let_through)
    _say("and each is named", c.mistakes_not_named)
    _say(
        f"{_many(c.variants, 'right answer')} in other words: all earn full points",
        c.variants_refused,
    )
    alive = len(c.mutants_equivalent)
    _say(
        f"{_many(c.mutants, 'mutant')} of the solutions: {c.killed:.1%} of those that differ are "
        f"caught, {alive} are equivalent",
        c.mutants_survived,
    )
    _say(
        f"{c.hidden_checks - len(c.redundant)} hidden checks alone catch something; "
        f"{len(c.redundant)} are there for another reason",
        c.redundant_unexplained,
    )
    _say("Every check lets something wrong fail", c.checks_of_nothing)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"

"""`autograder hint`: one more hint for an exercise each time."""

import click
from rich.text import Text

from autograder.cli.courses import own_course
from autograder.cli.terminal import EXIT_DONE, UserError, console
from autograder.cli.words import CommandWithNames, ExerciseWord
from autograder.course import CourseError
from autograder.practice.hints import forget, hints_of, reveal
from autograder.practice.page import Page, show_hints
from autograder.practice.progress import Progress
from autograder.practice.workspace import WorkspaceError, find_work, one_exercise


@click.command(
    cls=CommandWithNames,
    epilog="\b\nExamples:\n  autograder hint FUNCTION\n  autograder hint LESSON.FUNCTION --all",
)
@click.argument("exercise", type=ExerciseWord())
@click.option("--all", "everything", is_flag=True, help="Show all hints at once.")
@click.option("--reset", is_flag=True, help="Begin again with the first hint next time.")
def hint(exercise: str, everything: bool, reset: bool) -> int:
    """Show the next hint for an exercise.

    The first says what one would notice, the second names the idea, the third is nearly the answer.
    """
    try:
        course = own_course()
        name = one_exercise(exercise, course)
        progress = Progress(find_work([], course).folder)
    except (CourseError, WorkspaceError) as error:
        raise UserError(str(error)) from None
    page = Page(console())
    if reset:
        forget(progress, name)
        page.say(Text(f"The hints of {name} begin again with the first."))
        return EXIT_DONE
    before = 0 if everything else progress[name].hints
    count = len(hints_of(course, name)) if everything else 1
    show_hints(page, course, name, reveal(course, progress, name, count), before)
    return EXIT_DONE

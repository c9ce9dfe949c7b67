"""Names on the command line: the shell completes them, and the help shows the course's own."""

import click
from click.shell_completion import CompletionItem

from autograder.cli.courses import own_course
from autograder.course import CourseError


class ExerciseWord(click.ParamType[str]):
    """The name of an exercise, with its module or without, or of a module, or a path."""

    name = "exercise"

    def __init__(self, *, paths: bool = False) -> None:
        self._paths = paths

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offers the course's exercises and modules, and files where those may be given."""
        try:
            course = own_course(say=False)
        except CourseError:
            return []
        words = [*course.exercises]
        if self._paths:
            words += [lesson.id for lesson in course.lessons]
        items = [CompletionItem(word) for word in words if word.startswith(incomplete)]
        if self._paths and not items:
            items = [CompletionItem(incomplete, type="file")]
        return items


class CommandWithNames(click.Command):
    """A command whose help says LESSON, FUNCTION and LESSON.FUNCTION in the course's own names."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the help, with the first exercise of the course as its example."""
        written = self.help, self.epilog
        try:
            self.help, self.epilog = (_with_names(text) for text in written)
            super().format_help(ctx, formatter)
        finally:
            self.help, self.epilog = written


def _with_names(text: str | None) -> str | None:
    try:
        lesson, _, function = next(iter(own_course(say=False).exercises)).partition(".")
    except CourseError:
        return text
    return text and text.replace("LESSON", lesson).replace("FUNCTION", function)

"""Names on the command line that the shell can complete."""

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
            words += [module.id for module in course.modules]
        items = [CompletionItem(word) for word in words if word.startswith(incomplete)]
        if self._paths and not items:
            items = [CompletionItem(incomplete, type="file")]
        return items

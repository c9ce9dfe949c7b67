"""The reference of the exercises, from the solutions' own docstrings: contract, never code."""

import inspect
import re
from typing import Final

from autograder.course import load_course
from autograder.references import reference

_SECTION: Final = re.compile(r"^(Args|Returns|Raises|Example|Examples|Note):$", re.MULTILINE)


def reference_of(module_id: str) -> str:
    """Returns a module's exercises as Markdown.

    Raises:
        KeyError: there is no such module.
    """
    modules = {module.id: module for module in load_course().modules}
    module = modules[module_id]
    parts = []
    for exercise in module.exercises:
        id = module.exercise_id(exercise)
        function = reference(id)
        names = ", ".join(str(p) for p in inspect.signature(function).parameters.values())
        text = inspect.getdoc(function) or ""
        parts.append(
            f"### `{exercise.function}` {{ #{exercise.function.replace('_', '-')} }}\n\n"
            f"**{exercise.title}** · {exercise.points:g} points · {exercise.difficulty} · about "
            f"{exercise.minutes} minutes · [the lesson](../{_page(exercise.lesson)})\n\n"
            f"```text\n{exercise.function}({names})\n\n{text}\n```\n"
        )
    return "\n".join(parts)


def _page(lesson: str) -> str:
    """Returns the address of a lesson's heading among the Markdown files."""
    page, _, anchor = lesson.partition("#")
    return f"{page}#{anchor}" if anchor else page

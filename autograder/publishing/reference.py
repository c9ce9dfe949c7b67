"""The reference of the exercises, from the solutions' docstrings: contracts, never code."""

import inspect
import re
from textwrap import dedent
from typing import Final

from autograder.course import Course, Exercise
from autograder.references import reference

_SECTION: Final = re.compile(r"(Args|Returns|Raises|Example):\n((?:[ ]+.*\n?|\n)+)")
_ENTRY: Final = re.compile(r"^(\w+): ", re.MULTILINE)
_MARKDOWN: Final = re.compile(r"([\\*_\[\]<>$#|{}])")
_TITLES: Final = {"Args": "Arguments", "Returns": "Returns", "Raises": "Raises"}


def reference_of(course: Course, module_id: str) -> str:
    """Returns a module's exercises as Markdown, each under a heading whose anchor is its id.

    Raises:
        KeyError: there is no such module.
    """
    modules = {lesson.id: lesson for lesson in course.lessons}
    module = modules[module_id]
    return "\n\n".join(_entry(course, module.exercise_id(e), e) for e in module.exercises)


def _entry(course: Course, id: str, exercise: Exercise) -> str:
    function = reference(course, id)
    names = ", ".join(_parameter(p) for p in inspect.signature(function).parameters.values())
    page, _, anchor = exercise.section.partition("#")
    lesson = f"{page.rstrip('/')}.md#{anchor}"
    head = (
        f"### `{exercise.function}` {{ #{id} }}\n\n"
        f"**{exercise.title}** · {_counted(exercise.points, 'point')} · {exercise.difficulty} · "
        f"about {_counted(exercise.minutes, 'minute')} · [in the lesson]({lesson})\n\n"
        f"```python\n{exercise.function}({names})\n```\n\n"
    )
    return head + described(inspect.getdoc(function) or "")


def described(docstring: str) -> str:
    """Returns a docstring as Markdown: prose, formulas as they are, arguments as a list."""
    parts = [_paragraph(p) for p in _SECTION.split(docstring)[0].split("\n\n") if p.strip()]
    for section in _SECTION.finditer(docstring):
        name, body = section[1], dedent(section[2]).strip("\n")
        if name == "Example":
            parts.append(f"```pycon\n{body}\n```")
        elif _ENTRY.match(body) and name != "Returns":
            entries = _ENTRY.split(body)[1:]
            pairs = zip(entries[::2], entries[1::2], strict=True)
            items = "\n".join(f"- `{key}`: {_prose(text)}" for key, text in pairs)
            parts.append(f"**{_TITLES[name]}**\n\n{items}")
        else:
            parts.append(f"**{_TITLES[name]}**\n\n- {_prose(body)}")
    return "\n\n".join(parts) + "\n"


def _paragraph(text: str) -> str:
    """Returns a paragraph as Markdown; one that does not end in a full stop is a formula."""
    text = text.strip("\n")
    return _prose(text) if text.endswith(".") else f"```text\n{text}\n```"


def _prose(text: str) -> str:
    """Returns running text on one line, with all Markdown but `code` escaped."""
    parts = re.split(r"(`[^`]+`)", " ".join(text.split()))
    return "".join(p if p.startswith("`") else _MARKDOWN.sub(r"\\\1", p) for p in parts)


def _parameter(parameter: inspect.Parameter) -> str:
    """Returns a parameter as it is passed, without its type."""
    given = parameter.default is not inspect.Parameter.empty
    return f"{parameter.name}={parameter.default!r}" if given else parameter.name


def _counted(number: float, noun: str) -> str:
    return f"{number:g} {noun}" if number == 1 else f"{number:g} {noun}s"

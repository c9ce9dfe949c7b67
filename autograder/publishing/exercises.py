"""An exercise on a page: its contract and hints, usable without script, and its editor."""

import ast
import html
import inspect
import json
from functools import cache
from typing import Any, NamedTuple

from autograder.checking.causes import TOO_SLOW
from autograder.course import Course
from autograder.packaging.stubs import solution_of, stub_parts
from autograder.practice.hints import hints_of
from autograder.practice.page import WHAT_IS_HIDDEN
from autograder.references import reference


class Stub(NamedTuple):
    """A stub in two pieces: the editor begins with the first, and the file to hand in has both."""

    signature: str
    docstring: str


@cache
def stubs(course: Course) -> dict[str, Any]:
    """Returns, for each module, the code above its functions, and each function's stub."""
    made = {}
    for lesson in course.lessons:
        head, functions = stub_parts(solution_of(course, lesson))
        pieces = {name: pieces_of(text)._asdict() for name, text in functions.items()}
        made[lesson.id] = {"head": head, "functions": pieces}
    return made


def pieces_of(stub: str) -> Stub:
    """Returns the signature and the docstring of a stub."""
    (function,) = ast.parse(stub).body
    assert isinstance(function, ast.FunctionDef)
    docstring = function.body[0]
    lines = stub.splitlines(keepends=True)
    above, end = docstring.lineno - 1, docstring.end_lineno
    return Stub("".join(lines[:above]), "".join(lines[above:end]))


def exercise_html(course: Course, id: str) -> tuple[str, str]:
    """Returns an exercise as HTML, in two pieces: before its name, and after it.

    The name links to the reference. The link is left to Markdown, so that the site generator
    resolves it.

    Raises:
        KeyError: there is no such exercise.
    """
    exercise = course.exercises[id]
    module, _, name = id.partition(".")
    contract = html.escape(inspect.getdoc(reference(course, id)) or "", quote=False)
    hints = hints_of(course, id)
    shown = "".join(
        f"<details class='exercise-hint' data-search-exclude>"
        f"<summary>Hint {number} of {len(hints)}</summary>"
        f"<p>{html.escape(hint, quote=False)}</p></details>"
        for number, hint in enumerate(hints, 1)
    )
    stub = stubs(course)[module]["functions"][name]
    data = {"section": exercise.section, "signature": stub["signature"], "tooSlow": TOO_SLOW}
    facts = f"{exercise.points:g} points, {exercise.difficulty}, about {exercise.minutes} minutes"
    facts = facts.replace("1 points", "1 point") if exercise.points == 1 else facts
    anchor = f"exercise-{id.replace('.', '-').replace('_', '-')}"
    before = (
        f'<dl-exercise class="exercise" id="{anchor}" role="group" '
        f'aria-labelledby="{anchor}-title" data-exercise="{id}" '
        f'data-more="{html.escape(json.dumps(data))}">'
        f'<p class="exercise-title" id="{anchor}-title"><strong>Exercise: '
        f"{html.escape(exercise.title)}</strong> "
    )
    return before, (
        f" <span>{facts}</span></p>"
        f'<pre class="exercise-contract" tabindex="0" data-search-exclude>{contract}</pre>'
        f'<div class="exercise-hints">{shown}</div>'
        f'<p class="exercise-elsewhere" data-search-exclude>Write <code>{name}</code> '
        f"in <code>{module}.py</code> and "
        f"check it with <code>autograder check {name}</code>.</p></dl-exercise>"
    )


def progress_html(course: Course) -> str:
    """Returns the element in which readers see their progress and pack their work to hand in."""
    lessons = [
        {
            "id": lesson.id,
            "title": lesson.title,
            "page": lesson.page,
            "exercises": [lesson.exercise_id(exercise) for exercise in lesson.exercises],
        }
        for lesson in course.lessons
    ]
    data = {"lessons": lessons, "publicPoints": course.public_points}
    hidden = f"{course.max_score - course.public_points:g}"
    return (
        f'<dl-progress class="progress" data-course="{html.escape(json.dumps(data))}">'
        f"<p>{len(course.exercises)} exercises, worth {course.max_score:g} points, "
        "are written and checked on the lessons' pages. "
        f"{WHAT_IS_HIDDEN.format(hidden=hidden)}</p></dl-progress>"
    )

"""Makes the students' notebooks, one a lesson, from the same solutions as the stubs.

It needs nbformat, which comes with the `notebooks` extra.
"""

from pathlib import Path
from typing import Any, Final

import nbformat

from autograder.course import Course, Lesson
from autograder.packaging.stubs import solution_of, stub_parts
from autograder.packaging.student import release_name
from autograder.pictures import drawing_of

# nbformat ships no types.
_V4: Any = nbformat.v4
_WRITES: Any = nbformat.writes

_HOW: Final = """{summary}

Write each function in its cell: your own lines take the place of `raise NotImplementedError`. Run
the cell, then the one below it, which checks it and says what differs. Functions leave their
arguments as they were, and round nothing: the examples round only what they print.

{count} functions, about {minutes} minutes. The lesson: {lesson}."""
_SET_UP: Final = """# Once, where the course is not installed yet (in Colab, upload the file first):
# %pip install --quiet ./{archive}.zip matplotlib
from autograder.notebook import Grader

grader = Grader("{module}")"""
_END: Final = """## Hand in

Save this notebook. In a terminal, `autograder submit` packs everything into `handin.zip`, notebooks
too; or hand in the notebook itself. Hidden checks will look at more than these do: other numbers,
other shapes, extreme values, and whether what a function was given is left as it was."""


def make_notebook(course: Course, lesson: Lesson, solution: str) -> str:
    """Returns a lesson's notebook as text, given the text of its solutions."""
    head, functions = stub_parts(solution)
    imports = head[head.index('"""', 3) + 3 :].strip()
    cells = [
        _cell("markdown", "title", f"# {lesson.title}\n\n" + _HOW.format(
            summary=lesson.summary,
            count=len(lesson.exercises),
            minutes=sum(exercise.minutes for exercise in lesson.exercises),
            lesson=_reading(course, lesson.page),
        )),
        _cell("code", "set-up", _SET_UP.format(module=lesson.id, archive=release_name(course))),
        _cell("code", "imports", imports),
    ]  # fmt: skip
    for exercise in lesson.exercises:
        name = exercise.function
        plural = "" if exercise.points == 1 else "s"
        cells += [
            _cell("markdown", f"{name}-task", (
                f"## {exercise.title}\n\n{exercise.points:g} point{plural}, {exercise.difficulty}, "
                f"about {exercise.minutes} minutes. {_reading(course, exercise.section)}."
            )),
            _cell("code", f"{name}-stub", functions[name].rstrip()),
            _cell("code", f"{name}-check", f'grader.check("{name}")'),
        ]  # fmt: skip
        if drawing_of(course, lesson.exercise_id(exercise)):
            cells.append(_cell("code", f"{name}-picture", f'grader.draw("{name}")'))
    cells.append(_cell("markdown", "hand-in", _END))
    notebook = _V4.new_notebook(cells=cells, metadata={
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    })  # fmt: skip
    nbformat.validate(notebook)
    text: str = _WRITES(notebook)
    return text + "\n"


def _cell(kind: str, id: str, source: str) -> Any:
    made = _V4.new_markdown_cell(source) if kind == "markdown" else _V4.new_code_cell(source)
    made["id"] = id.replace("_", "-")
    return made


def _reading(course: Course, lesson: str) -> str:
    address, name = course.section_link(lesson)
    return f"[{name}]({address})" if address else f"*{name}*"


def notebooks(course: Course) -> dict[Path, str]:
    """Returns what each notebook should hold."""
    return {
        course.root / "exercises" / f"{lesson.id}.ipynb": make_notebook(
            course, lesson, solution_of(course, lesson)
        )
        for lesson in course.lessons
    }

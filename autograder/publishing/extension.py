"""The Markdown extension of the lessons."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from autograder.course import Course, load_course
from autograder.course.code import load_if_there
from autograder.publishing.computed import with_computed_numbers
from autograder.publishing.drawings import drawing
from autograder.publishing.exercises import exercise_html, progress_html
from autograder.publishing.mathematics import with_mathematics
from autograder.publishing.quizzes import Quizzes
from autograder.publishing.reference import reference_of

_DRAWING: Final = re.compile(r"\{drawing: ([\w-]+)\}")
_REFERENCE: Final = re.compile(r"\{reference: (\w+)\}")
_EXERCISE: Final = re.compile(r"\{exercise: (\w+\.\w+)\}")
_TABLE: Final = re.compile(r"\{table: ([\w-]+)\}")
_PROGRESS: Final = "{progress}"
# An exercise contains a link for Markdown to read, so Markdown takes it for a paragraph.
_IN_PARAGRAPH: Final = re.compile(r"<p>(<dl-exercise .*?</dl-exercise>)</p>", re.DOTALL)
_FENCE: Final = "```quiz"


class LessonExtension(Extension):
    """Adds the syntax that the lessons are written in.

    ``{= expression | format =}``  a number that the reference solutions give
    ``{drawing: name}``            a still picture, alone on its line
    ``{reference: module}``        the exercises of a module, from their docstrings
    ``{exercise: module.name}``    an exercise to write and check on the page, alone on its line
    ``{table: name}``              the table of that name, from the course's `site/code/tables.py`
    ``{progress}``                 a reader's progress, and their work to hand in
    a fence called ``quiz``        questions, as TOML (see `quizzes`)
    ``$..$`` and ``$$..$$``        mathematics, found by `pymdownx.arithmatex`

    A folded answer (``??? success``) is left out of the search, whose results would unfold it.

    Its settings in mkdocs.yml: `course`, the course's folder, by default that of mkdocs.yml; and
    `elements`, the names of the course's interactive figures, which Markdown treats as blocks too.
    """

    def __init__(self, **settings: Any) -> None:
        self.config = {
            "course": [".", "The course's folder"],
            "elements": [[], "Its interactive figures"],
        }
        super().__init__(**settings)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name.
        """Registers the processors; Markdown calls this."""
        course = load_course(Path(self.getConfig("course")).resolve())
        own = ["dl-quiz", "dl-exercise", "dl-progress"]
        md.block_level_elements.extend([*self.getConfig("elements"), *own])
        # After line ends are normalised (30), before fences are taken out (25).
        md.preprocessors.register(_Before(md, course), "lesson", 28)
        md.treeprocessors.register(_Answers(md), "lesson", 0)
        # After raw HTML is put back (30), so that quizzes have mathematics too.
        md.postprocessors.register(_After(md), "lesson", 5)


def table(course: Course, name: str) -> str:
    """Returns a table, or another piece of Markdown, that a course makes for its pages.

    Raises:
        KeyError: it makes none of that name.
    """
    tables: Mapping[str, Callable[[], str]] = getattr(
        load_if_there(course.root, "site.code.tables"), "TABLES", {}
    )
    return tables[name]()


class _Before(Preprocessor):
    def __init__(self, md: Markdown, course: Course) -> None:
        super().__init__(md)
        self._course = course

    def run(self, lines: list[str]) -> list[str]:
        quizzes, course = Quizzes(), self._course
        made: list[str] = []
        quiz: list[str] | None = None
        for line in with_computed_numbers(course, "\n".join(lines)).split("\n"):
            if quiz is not None:
                if line.strip() == "```":
                    made += ["", self._stashed(quizzes.to_html("\n".join(quiz))), ""]
                    quiz = None
                else:
                    quiz.append(line)
            elif line.strip() == _FENCE:
                quiz = []
            elif found := _DRAWING.fullmatch(line.strip()):
                made += ["", self._stashed(drawing(course, found[1])), ""]
            elif found := _EXERCISE.fullmatch(line.strip()):
                made += ["", self._exercise(found[1]), ""]
            elif line.strip() == _PROGRESS:
                made += ["", self._stashed(progress_html(course)), ""]
            elif found := _TABLE.fullmatch(line.strip()):
                made += ["", *table(course, found[1]).split("\n"), ""]
            elif found := _REFERENCE.fullmatch(line.strip()):
                made += reference_of(course, found[1]).split("\n")
            else:
                made.append(line)
        return made

    def _exercise(self, id: str) -> str:
        before, after = exercise_html(self._course, id)
        name = f"`{id.partition('.')[2]}`"
        if (self._course.root / "site" / "reference.md").is_file():
            name = f"[{name}](reference.md#{id})"
        return self._stashed(before) + name + self._stashed(after)

    def _stashed(self, html: str) -> str:
        stashed: Any = self.md.htmlStash.store(html)
        return str(stashed)


class _Answers(Treeprocessor):
    def run(self, root: Element) -> None:
        for details in root.iter("details"):
            if details.get("class") == "success":
                details.set("data-search-exclude", "")


class _After(Postprocessor):
    def run(self, text: str) -> str:
        return with_mathematics(_IN_PARAGRAPH.sub(r"\1", text))

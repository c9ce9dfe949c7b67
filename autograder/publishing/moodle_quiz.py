"""The lessons' quizzes as Moodle XML, for a question bank.

`python -m autograder.publishing.moodle_quiz FOLDER` writes a file for each lesson. The format:
https://docs.moodle.org/en/Moodle_XML_format. Formulas stay TeX, which Moodle's own filter shows.
"""

import argparse
import html
import re
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from autograder.course import BUNDLED, Course, load_course
from autograder.publishing.computed import with_computed_numbers
from autograder.publishing.quizzes import Question, read_quiz
from autograder.writing import EVERYBODY, write_whole

_FENCE: Final = re.compile(r"^```quiz\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PART: Final = re.compile(r"`([^`]+)`|\$([^$]+)\$")


def questions_of(course: Course, lesson: str) -> list[Question]:
    """Returns the questions in a lesson's Markdown.

    Raises:
        QuizError: the data of one is invalid.
    """
    text = with_computed_numbers(course, lesson)
    return [question for found in _FENCE.findall(text) for question in read_quiz(found).question]


def moodle_xml(questions: list[Question], category: str) -> bytes:
    """Returns questions as a file that Moodle imports into a category of that name."""
    quiz = ElementTree.Element("quiz")
    heading = ElementTree.SubElement(quiz, "question", type="category")
    _text(ElementTree.SubElement(heading, "category"), f"$course$/{category}")
    for number, question in enumerate(questions, 1):
        kind = "multichoice" if question.option else "numerical"
        made = ElementTree.SubElement(quiz, "question", type=kind)
        _text(ElementTree.SubElement(made, "name"), f"{category} {number:02}")
        _html(made, "questiontext", question.ask)
        ElementTree.SubElement(made, "defaultgrade").text = "1"
        if not question.option:
            answer = ElementTree.SubElement(made, "answer", fraction="100")
            _text(answer, repr(question.answer))
            ElementTree.SubElement(answer, "tolerance").text = repr(question.tolerance)
            _html(answer, "feedback", question.why)
            continue
        ElementTree.SubElement(made, "single").text = "true"
        ElementTree.SubElement(made, "shuffleanswers").text = "1"
        ElementTree.SubElement(made, "answernumbering").text = "abc"
        for option in question.option:
            fraction = "100" if option.right else "0"
            answer = ElementTree.SubElement(made, "answer", fraction=fraction, format="html")
            _text(answer, _as_html(option.text))
            _html(answer, "feedback", option.why)
    ElementTree.indent(quiz)
    data: bytes = ElementTree.tostring(quiz, encoding="utf-8", xml_declaration=True)
    return data + b"\n"


def _html(parent: ElementTree.Element, tag: str, text: str) -> None:
    _text(ElementTree.SubElement(parent, tag, format="html"), _as_html(text))


def _text(parent: ElementTree.Element, text: str) -> None:
    ElementTree.SubElement(parent, "text").text = text


def _as_html(text: str) -> str:
    made, at = [], 0
    for found in _PART.finditer(text):
        made.append(html.escape(text[at : found.start()], quote=False))
        code, tex = found.groups()
        made.append(f"<code>{html.escape(code)}</code>" if code else rf"\({html.escape(tex)}\)")
        at = found.end()
    return "".join([*made, html.escape(text[at:], quote=False)])


def main() -> None:
    """Writes a file for each lesson."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--course", type=Path, default=BUNDLED, help="the course's folder")
    asked = parser.parse_args()
    out, course = asked.out, load_course(asked.course)
    out.mkdir(parents=True, exist_ok=True)
    for module in course.lessons:
        name = module.page.strip("/")
        lesson = (course.root / "site" / f"{name}.md").read_text(encoding="utf-8")
        write_whole(
            out / f"{name}.xml", moodle_xml(questions_of(course, lesson), module.title), EVERYBODY
        )


if __name__ == "__main__":
    main()

"""The lessons' quizzes go to Moodle and come back the same."""

import html
import re
from xml.etree import ElementTree

import pytest

from autograder.course import load_course
from autograder.publishing.moodle_quiz import moodle_xml, questions_of
from tests.places import ROOT

LESSONS = [lesson.page.strip("/") for lesson in load_course().lessons]


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_asks_at_least_five_questions_and_each_wrong_answer_says_why(
    lesson: str,
) -> None:
    questions = questions_of(load_course(), (ROOT / "site" / f"{lesson}.md").read_text())
    assert len(questions) >= 5
    for question in questions:
        whys = [option.why for option in question.option] or [question.why]
        assert all(len(why) > 15 for why in whys)
        assert len(set(whys)) == len(whys)


@pytest.mark.parametrize("lesson", LESSONS)
def test_what_moodle_reads_is_what_the_lesson_asks(lesson: str) -> None:
    questions = questions_of(load_course(), (ROOT / "site" / f"{lesson}.md").read_text())
    root = ElementTree.fromstring(moodle_xml(questions, "A lesson"))
    category, *read = root.findall("question")
    assert category.findtext("category/text") == "$course$/A lesson"
    assert len(read) == len(questions)
    for asked, found in zip(questions, read, strict=True):
        assert plain(found.findtext("questiontext/text")) == plain_source(asked.ask)
        answers = found.findall("answer")
        if asked.option:
            assert found.get("type") == "multichoice"
            assert found.findtext("single") == "true"
            assert [a.get("fraction") for a in answers] == [
                "100" if option.right else "0" for option in asked.option
            ]
            texts = [plain(answer.findtext("text")) for answer in answers]
            assert texts == [plain_source(option.text) for option in asked.option]
            whys = [plain(answer.findtext("feedback/text")) for answer in answers]
            assert whys == [plain_source(option.why) for option in asked.option]
        else:
            assert found.get("type") == "numerical"
            assert [float(a.findtext("text", "")) for a in answers] == [asked.answer]
            assert float(answers[0].findtext("tolerance", "")) == asked.tolerance


def plain(text: str | None) -> str:
    """What a reader of Moodle's HTML sees, formulas as their TeX."""
    assert text is not None
    without_tags = re.sub(r"</?code>", "", text)
    assert not re.search(r"<[a-z]", without_tags)
    return re.sub(r"\\\((.*?)\\\)", r"\1", html.unescape(without_tags))


def plain_source(text: str) -> str:
    return text.replace("`", "").replace("$", "")

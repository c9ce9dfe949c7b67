"""A quiz says at once whether an answer is right, and why; without script all of it is there."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from autograder.course import load_course
from autograder.publishing.moodle_quiz import questions_of
from autograder.publishing.quizzes import Question
from tests.course.site.conftest import Site
from tests.places import ROOT

LESSONS = [lesson.page.strip("/") for lesson in load_course().lessons]


def asked_on(lesson: str) -> list[Question]:
    return list(questions_of(load_course(), (ROOT / "site" / f"{lesson}.md").read_text()))


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.share(1)
def test_every_answer_is_told_whether_it_is_right_and_why(
    page: Page, site: Site, lesson: str
) -> None:
    page.goto(f"{site.address}{lesson}/")
    questions = asked_on(lesson)
    quizzes = page.locator("dl-quiz")
    assert quizzes.count() == len(questions)
    for number, question in enumerate(questions):
        quiz = quizzes.nth(number)
        said = quiz.get_by_role("status")
        for place, option in enumerate(question.option):
            quiz.get_by_role("radio").nth(place).check()
            verdict = "Right." if option.right else "Not yet."
            why = quiz.locator(".quiz-why").nth(place).text_content()
            assert why
            expect(said).to_have_text(f"{verdict} {why}")
        if question.answer is not None:
            assert_number(quiz.get_by_role("textbox"), said, question.answer, question.tolerance)


def assert_number(field: Locator, said: Locator, answer: float, tolerance: float) -> None:
    decimal = f"{answer:.12f}".rstrip("0")
    ways = (decimal, decimal.replace(".", ","), decimal.replace("-", "−"), f"{answer * 8!r}/8")
    for text in ways:
        tell(field, text)
        expect(said).to_have_text(re.compile("^Right. .{15}"))
    for off in (answer + 1.5 * tolerance + 1e-6, answer - 1.5 * tolerance - 1e-6):
        tell(field, f"{off:.9f}")
        expect(said).to_have_text("Not yet. ")
    for text in ("a lot", "1/0", "1/", "/4", "1/2/3", "--1"):
        tell(field, decimal)
        tell(field, text)
        expect(said).to_have_text("Write a number, such as 0.25 or 1/4.")


def tell(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Enter")


def test_without_script_every_answer_can_be_unfolded(browser: Browser, site: Site) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.address}activations/")
        for number, question in enumerate(asked_on("activations")):
            details = page.locator("dl-quiz").nth(number).locator("details")
            details.locator("summary").click()
            if question.option:
                right = details.locator("li").nth([o.right for o in question.option].index(True))
                expect(right.get_by_text("Right.", exact=True)).to_be_visible()
            else:
                expect(details.get_by_text(f"{question.answer:g}").first).to_be_visible()

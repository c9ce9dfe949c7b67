"""Writes and checks exercises on a page, as readers do."""

import inspect
import re
import textwrap

from playwright.sync_api import Locator, Page, expect

from autograder.checking.known import load_table
from autograder.course import Course, load_course
from autograder.mistakes.catalogue import load_mistakes
from tests.places import ROOT

MILLISECONDS_TO_READY = 300_000  # Only what never comes takes so long.


def right_texts(course: Course) -> dict[str, dict[str, str]]:
    """The reference solutions, each with the helpers that it calls."""
    made: dict[str, dict[str, str]] = {}
    for lesson in course.lessons:
        text = (ROOT / "solutions" / f"{lesson.id}.py").read_text()
        parts = re.split(r"(?m)^(?=def )", text)[1:]
        by_name = {part.partition("(")[0][4:]: part.rstrip() + "\n" for part in parts}
        helpers = [name for name in by_name if name.startswith("_")]
        made[lesson.id] = {
            e.function: "\n\n".join(
                [
                    by_name[e.function],
                    *(by_name[h] for h in helpers if f"{h}(" in by_name[e.function]),
                ]
            )
            for e in lesson.exercises
        }
    return made


def wrong_text(course: Course, exercise: str) -> str:
    """A mistake that the public checks show, as a reader would have written it."""
    known = {mistake.id for mistake in load_table(load_course())[exercise].mistakes}
    name = exercise.partition(".")[2]
    for mistake in load_mistakes(course)[exercise]:
        text = textwrap.dedent(inspect.getsource(mistake.function))
        if mistake.id in known and text.startswith("@mistake") and "\ndef _(" in text:
            return "import math\n\n\n" + re.sub(r"^@.*\ndef _\(", f"def {name}(", text)
    raise AssertionError(exercise)


def exercise_on(page: Page, exercise: str) -> Locator:
    return page.locator(f'dl-exercise[data-exercise="{exercise}"]')


def opened(page: Page, exercise: str) -> Locator:
    """The field of an exercise whose Python is ready."""
    place = exercise_on(page, exercise)
    place.get_by_role("button", name="Start").click()
    place.get_by_text("Python is ready.").wait_for(timeout=MILLISECONDS_TO_READY)
    return place.get_by_role("textbox")


def write(place: Locator, text: str) -> None:
    """Puts text into an editor, as pasting would; typing has a test of its own."""
    place.get_by_role("textbox").wait_for()
    place.evaluate("(exercise, text) => { exercise.editor.text = text; }", text)


def verdict_on(page: Page, exercise: str, text: str) -> str:
    """What the page says about an answer."""
    place = exercise_on(page, exercise)
    if place.get_by_role("button", name="Start").count():
        place.get_by_role("button", name="Start").click()
    write(place, text)
    place.get_by_role("button", name="Check", exact=True).click()
    expect(place.get_by_role("button", name="Check", exact=True)).to_be_enabled(
        timeout=MILLISECONDS_TO_READY
    )
    return place.locator(".verdict").text_content() or ""

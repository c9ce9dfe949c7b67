"""Every page works in a browser: no error, no foreign request, nobody shut out."""

import ast
import gzip
import html
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from autograder.course import ROOT, Course
from tests.site.conftest import Site

PAGES = [
    *("", "gradient-descent/", "backpropagation/", "vanishing-gradient/", "activations/"),
    *("reference/", "students/", "teachers/", "maintainers/", "benchmarks/"),
    *("glossary/", "corrections/"),
]
FIRST_VIEW_BYTES = 400_000


def test_these_are_all_the_pages(site: Site) -> None:
    assert sorted(PAGES) == sorted(site.pages())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_a_page_opens_without_errors_and_axe_finds_nothing(
    page: Page, site: Site, address: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(site.address + address)
    results = Axe().run(page)
    found = [
        (violation["id"], node["html"][:200])
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
    assert found == []


@pytest.mark.parametrize("address", PAGES)
def test_nothing_is_wider_than_a_phone(page: Page, site: Site, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.address + address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_headings_that_feedback_links_to_exist(site: Site, course: Course) -> None:
    lessons = {e.lesson for e in course.exercises.values()} | {m.lesson for m in course.modules}
    for lesson in lessons:
        address, _, anchor = lesson.partition("#")
        text = (site.folder / address / "index.html").read_text()
        assert not anchor or f'id="{anchor}"' in text, lesson


def test_every_exercise_can_be_written_on_its_own_lessons_page(site: Site, course: Course) -> None:
    for id, exercise in course.exercises.items():
        page = site.folder / exercise.lesson.partition("#")[0] / "index.html"
        assert f'data-exercise="{id}"' in page.read_text(), id


def test_the_first_view_of_a_lesson_is_light(page: Page, site: Site) -> None:
    sizes: dict[str, int] = {}
    page.on("response", lambda r: sizes.update({r.url: len(gzip.compress(r.body()))}))
    page.goto(site.address + "gradient-descent/")
    page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) < FIRST_VIEW_BYTES


def test_a_page_is_found_by_a_word_in_its_formulas_text(page: Page, site: Site) -> None:
    page.goto(site.address)
    page.keyboard.press("/")
    page.get_by_role("textbox", name="Search").press_sequentially("parabola")
    page.locator(".md-search-result__item a").first.wait_for()
    assert "gradient-descent" in str(
        page.locator(".md-search-result__item a").first.get_attribute("href")
    )


def lines_of_solutions(course: Course) -> set[str]:
    """The statements of the reference solutions that are long enough to be theirs alone."""
    lines: set[str] = set()
    for module in course.modules:
        tree = ast.parse((ROOT / "solutions" / f"{module.id}.py").read_text())
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        for function in functions:
            body = function.body[1:]  # The docstring is the contract, and shown.
            lines |= {line.strip() for part in body for line in ast.unparse(part).splitlines()}
    return {line for line in lines if len(line) > 24 and "raise" not in line}


def test_no_line_of_a_solution_is_on_the_site(site: Site, course: Course) -> None:
    secret = lines_of_solutions(course)
    assert len(secret) > 40
    for path in site.folder.rglob("*"):
        if path.name == "mathematics.js":
            continue  # The figures compute what they draw, in a language of their own.
        if path.suffix in {".html", ".json", ".js", ".py", ".txt", ".xml"}:
            text = html.unescape(re.sub(r"<[^>]+>", "", path.read_text(errors="ignore")))
            assert [line for line in secret if line in text] == [], path

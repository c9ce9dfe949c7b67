"""Every page works in a browser: no error, no foreign request, nobody shut out."""

import ast
import gzip
import html
import json
import re
import struct

import pytest
from playwright.sync_api import Page, expect

from autograder.course import Course, load_course
from autograder.practice.hints import hints_of
from autograder.publishing.moodle_quiz import questions_of
from tests.course.site.accessibility import violations
from tests.course.site.conftest import PUBLISHED, Site
from tests.course.site.readings import settled
from tests.places import ROOT

GD, BP = "gradient-descent/", "backpropagation/"
VG, AF = "vanishing-gradient/", "activations/"
LESSONS = [lesson.page for lesson in load_course().lessons]
PAGES = [
    *("", *LESSONS),
    *("reference/", "students/", "teachers/", "lms/", "results/", "isolation/", "maintainers/"),
    "benchmarks/",
    *("glossary/", "corrections/"),
]
FIRST_VIEW_BYTES = 400_000


def test_these_are_all_the_pages(site: Site) -> None:
    assert sorted(PAGES) == sorted(site.pages())


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.share(5)
def test_a_page_opens_without_errors_and_axe_finds_nothing_and_it_fits_a_phone(
    page: Page, site: Site, address: str
) -> None:
    """Opened once, dark and on a phone, then made wide, then light: axe takes long on a page."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.goto(site.address + address)
    body = page.locator("body")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    page.set_viewport_size({"width": 1280, "height": 844})
    settled(page)
    # What a page says has the dark colours of a phone and the places of the light page.
    assert violations(page, {"exclude": [".md-content"]}) == []
    page.get_by_title("Switch to light").click()
    expect(body).to_have_attribute("data-md-color-scheme", "default")
    settled(page)
    assert violations(page) == []
    if address in LESSONS:
        page.set_viewport_size({"width": 390, "height": 844})
        assert_formulas_keep_the_signs_that_follow_them(page)


def assert_formulas_keep_the_signs_that_follow_them(page: Page) -> None:
    """A sign that follows a formula stays on its line."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    formulas = page.locator(".inline-formula").filter(visible=True)
    lines = formulas.evaluate_all("all => all.map((each) => each.getClientRects().length)")
    assert len(lines) > 20
    assert set(lines) == {1}


def test_every_page_has_its_own_description_address_and_card(site: Site) -> None:
    descriptions = set()
    for address in PAGES:
        text = (site.folder / address / "index.html").read_text()
        (description,) = re.findall(r'<meta name="description" content="([^"]+)"', text)
        descriptions.add(description)
        assert 50 <= len(description) <= 160
        assert f'<meta property="og:description" content="{description}">' in text
        assert f'<link rel="canonical" href="{PUBLISHED}{address}"' in text
        assert f'<meta property="og:image" content="{PUBLISHED}assets/card.png">' in text
        assert f"<loc>{PUBLISHED}{address}</loc>" in (site.folder / "sitemap.xml").read_text()
    assert len(descriptions) == len(PAGES)
    assert (site.folder / "assets" / "card.png").read_bytes()[16:24] == struct.pack(
        ">2I", 1200, 630
    )


def test_a_page_that_is_not_there_leads_home(page: Page, site: Site) -> None:
    page.goto(site.address + "404.html")  # GitHub Pages answers with it, whatever was asked for.
    page.get_by_role("link", name="Begin at the start").click()
    expect(page.get_by_role("heading", name="Basics of deep learning")).to_be_visible()


def test_the_headings_that_feedback_links_to_exist(site: Site, course: Course) -> None:
    lessons = {e.section for e in course.exercises.values()} | {m.page for m in course.lessons}
    for lesson in lessons:
        address, _, anchor = lesson.partition("#")
        text = (site.folder / address / "index.html").read_text()
        assert not anchor or f'id="{anchor}"' in text, lesson


def test_every_exercise_can_be_written_on_its_own_lessons_page(site: Site, course: Course) -> None:
    for id, exercise in course.exercises.items():
        page = site.folder / exercise.section.partition("#")[0] / "index.html"
        assert f'data-exercise="{id}"' in page.read_text(), id


def test_every_exercise_names_its_function_and_links_to_its_reference(
    site: Site, course: Course
) -> None:
    reference = (site.folder / "reference" / "index.html").read_text()
    for id, exercise in course.exercises.items():
        page = site.folder / exercise.section.partition("#")[0] / "index.html"
        (card,) = re.findall(
            rf'<dl-exercise [^>]*data-exercise="{id}".*?</dl-exercise>', page.read_text(), re.DOTALL
        )
        name = id.partition(".")[2]
        assert f'<a href="../reference/#{id}"><code>{name}</code></a>' in card
        assert f'id="{id}"' in reference
    for path in (ROOT / "site").glob("*.md"):
        assert re.findall(r"Exercises?(?:\*\*)?:", path.read_text()) == [], "it is named by itself"


def test_the_first_view_of_a_lesson_is_light(page: Page, site: Site) -> None:
    sizes: dict[str, int] = {}
    page.on("response", lambda r: sizes.update({r.url: len(gzip.compress(r.body()))}))
    page.goto(site.address + "gradient-descent/")
    page.wait_for_load_state("networkidle")
    assert sum(sizes.values()) < FIRST_VIEW_BYTES


# What a reader may search for, and the section that should come first. The last four stand on these
# pages as mathematics only, or above all.
SEARCHES = [
    ("learning rate", f"{GD}#when-the-rate-is-too-large"),
    ("chain rule", f"{BP}#the-chain-rule"),
    ("softmax", f"{AF}#softmax"),
    ("sigmoid derivative", f"{BP}#the-slope-of-the-sigmoid"),
    ("vanishing", f"{VG}#how-much-is-left"),
    ("parabola", f"{GD}#the-cost-of-a-weight"),
    ("one quarter", f"{VG}#at-most-a-quarter"),
    ("delta", f"{VG}#gradients-layer-by-layer"),
    ("squared", f"{GD}#when-the-rate-is-too-large"),
    ("half squared", f"{BP}#the-slope-of-the-error"),
    ("z hat", f"{GD}#the-model"),
    ("partial", f"{BP}#the-first-neuron"),
]


def test_a_search_finds_the_section_that_teaches_it_by_its_formulas_words_too(
    page: Page, site: Site
) -> None:
    page.goto(site.address)
    page.keyboard.press("/")
    field = page.get_by_role("textbox", name="Search")
    for words, place in SEARCHES:
        field.fill("")
        field.press_sequentially(words)  # The search listens to keys.
        section = page.locator(".md-search-result__link").nth(1)  # The first is its page's.
        expect(section).to_have_attribute("href", re.compile(place.replace("#", "[^#]*#") + "$"))


def test_a_search_shows_words_for_formulas_and_neither_hints_nor_answers(
    site: Site, course: Course
) -> None:
    index = json.loads((site.folder / "search" / "search_index.json").read_text())
    text = html.unescape(" ".join(entry["text"] for entry in index["docs"]))
    assert "d J over d w equals minus 1 over m the sum from i equals 1 to m of x i" in text
    assert set(text).isdisjoint("∑∂⋅σηδ")
    hints = [hint for id in course.exercises for hint in hints_of(course, id)]
    lessons = [(ROOT / "site" / f"{m.page.strip('/')}.md").read_text() for m in course.lessons]
    options = [
        o for lesson in lessons for q in questions_of(load_course(), lesson) for o in q.option
    ]
    assert [said for said in (*hints, *(o.why for o in options)) if said in text] == []
    assert all(plain.text in text for plain in options if "$" not in plain.text)
    assert "How many layers does it take to compute the same?" in text
    assert "Collapse the last two, then the result" not in text


def lines_of_solutions(course: Course) -> set[str]:
    """The statements of the reference solutions that are long enough to be theirs alone."""
    lines: set[str] = set()
    for lesson in course.lessons:
        tree = ast.parse((ROOT / "solutions" / f"{lesson.id}.py").read_text())
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

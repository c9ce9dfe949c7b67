"""Another course has pages too, and its exercises run on them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources

import pytest
from playwright.sync_api import Browser, expect

from autograder.course import load_course
from autograder.publishing.runtime import write_runtime
from tests.course.site.accessibility import violations
from tests.course.site.conftest import SUB_PATH, served, watched
from tests.course.site.workshop import verdict_on
from tests.places import ROOT
from tests.small import SMALL

RIGHT = (
    "def count_words(text):\n    words = text.lower().split()\n"
    "    return {word: words.count(word) for word in words}\n"
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the small course's site is served."""
    root = tmp_path_factory.mktemp("another")
    course = root / "course"
    shutil.copytree(SMALL, course, ignore=shutil.ignore_patterns("__pycache__", "build", "runtime"))
    downloads = ROOT / "build" / "downloads"
    if downloads.is_dir():  # Or it is downloaded once more.
        shutil.copytree(downloads, course / "build" / "downloads", copy_function=os.link)
    write_runtime(load_course(course), course / "site" / "runtime")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(root / SUB_PATH)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    with served(root) as where:
        yield where


def test_an_exercise_that_returns_a_dict_is_checked_on_its_page(
    browser: Browser, address: str
) -> None:
    with watched(browser, address) as page:
        page.goto(f"{address}words/")
        expect(page.get_by_text("has 4 different words")).to_be_visible()
        told = verdict_on(
            page,
            "words.count_words",
            "def count_words(text):\n    return dict.fromkeys(text.lower().split(), 1)\n",
        )
        assert "the words to and be come twice" in told
        assert "got{'to': 1, " in told
        assert violations(page, "dl-exercise") == []
        assert "done" in verdict_on(page, "words.count_words", RIGHT)
        page.goto(address)
        expect(page.locator("dl-progress")).to_contain_text("1 of 3 exercises done")


def test_a_course_that_is_begun_gets_the_same_scripts_for_its_pages() -> None:
    template = resources.files("autograder.authoring") / "templates" / "course" / "mkdocs.yml"
    begun, small = (
        {line for line in text.splitlines() if "runtime/page" in line}
        for text in (template.read_text(), (SMALL / "mkdocs.yml").read_text())
    )
    assert begun == small
    assert len(small) == 3

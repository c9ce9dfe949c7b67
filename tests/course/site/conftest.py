"""The built site, served under a sub-path as GitHub Pages does, and a browser to look at it."""

import functools
import http.server
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from markdown import Markdown
from playwright.sync_api import Browser, Page, expect

from autograder.course import load_course
from autograder.publishing.runtime import write_runtime
from examples.pages.browser import NoBrowserError, opened_browser
from tests.course.site.lessons import build as run_build
from tests.course.site.lessons import copy_of_the_lessons
from tests.course.site.workshop import MILLISECONDS_TO_READY
from tests.sharing import filled_once

SUB_PATH = "courses/basics"
WORKSHOP = "all-exercises.html"
PUBLISHED = f"https://example.org/{SUB_PATH}/"


class Site(NamedTuple):
    """Where the site lies, and its address."""

    folder: Path
    address: str

    def pages(self) -> list[str]:
        """The addresses of all pages, relative to the site's."""
        found = sorted(path.parent for path in self.folder.rglob("index.html"))
        return ["" if p == self.folder else f"{p.relative_to(self.folder)}/" for p in found]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: the tests' output is theirs."""


@contextmanager
def served(root: Path) -> Iterator[str]:
    """Serves a folder, and yields the address of the site in it."""
    handler = functools.partial(_Quiet, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/{SUB_PATH}/"
        finally:
            server.shutdown()
            thread.join()


def build(root: Path) -> None:
    """Builds the site as `make site` does, and beside its pages one with every exercise on it."""
    project = copy_of_the_lessons(root / "lessons")
    write_runtime(load_course(), project / "site" / "runtime")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(root / SUB_PATH)]
    done = run_build(project, *command, SITE_URL=PUBLISHED)
    assert done.returncode == 0, done.stderr
    (root / SUB_PATH / WORKSHOP).write_text(all_exercises())


def all_exercises() -> str:
    """A page with every exercise on it."""
    exercises = "\n\n".join(f"{{exercise: {name}}}" for name in load_course().exercises)
    lesson = Markdown(extensions=["autograder.publishing"])
    body = lesson.convert(f"{{progress}}\n\n{exercises}").replace("reference.md", "reference/")
    styles = "".join(
        f'<link rel="stylesheet" href="{name}.css">'
        for name in ("assets/lessons", "assets/figures/figures", "runtime/page/exercises")
    )
    scripts = "".join(
        f'<script type="module" src="runtime/page/{name}.js"></script>'
        for name in ("exercise", "progress")
    )
    return (
        f'<!doctype html><html lang="en"><title>All</title><link rel="icon" href="data:,">{styles}'
        f'<body data-md-color-scheme="default"><main><h1>All</h1>{body}</main>{scripts}</body>'
    )


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site as `make site` builds it, built once for all."""
    with filled_once(tmp_path_factory, "site", build) as root, served(root) as address:
        yield Site(root / SUB_PATH, address)


@pytest.fixture(scope="session")
def workshop(site: Site) -> str:
    """The address of the page with every exercise on it."""
    return f"{site.address}{WORKSHOP}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser of this machine. Without one, `tests/conftest.py` counts what did not run."""
    expect.set_options(timeout=MILLISECONDS_TO_READY)
    try:
        with opened_browser() as running:
            yield running
    except NoBrowserError as error:
        pytest.skip(str(error))


@contextmanager
def watched(browser: Browser, address: str) -> Iterator[Page]:
    """A page on which an error, and a request that leaves the site, is a failure at the end."""
    context = browser.new_context(viewport={"width": 1200, "height": 900})
    context.set_default_timeout(MILLISECONDS_TO_READY)
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("console", lambda m: wrong.append(m.text) if m.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:", "blob:"))
            else wrong.append(request.url)
        ),
    )
    opened.on(
        "response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None
    )
    yield opened
    context.close()
    assert wrong == []


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page that fails the test on any error, and on any request that leaves the site."""
    with watched(browser, site.address) as opened:
        yield opened

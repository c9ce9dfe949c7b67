"""A browser is found, not assumed; without one the other tests run, and it is said what did not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from examples.pages import browser as finder
from tests.places import ROOT


@pytest.mark.parametrize("words", ["Here", "There"])
def test_a_browser_opens_a_page(browser: Browser, words: str) -> None:
    page = browser.new_page()
    page.set_content(f"<h1>{words}</h1>")
    assert page.get_by_role("heading").text_content() == words
    page.close()


def opened(**environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the two tests above in an environment of their own."""
    tests = f"{Path(__file__).relative_to(ROOT)}::{test_a_browser_opens_a_page.__name__}"
    command = [sys.executable, "-m", "pytest", "-n", "1", "-p", "no:cacheprovider", tests]
    return run(command, **environment)


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    usual = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        command,
        cwd=ROOT,
        env=usual | {"BROWSER_PATH": "", "CI": ""} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def program(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)])
@pytest.mark.share(1)
def test_a_program_that_does_not_start_is_none_and_is_told_in_one_line(
    tmp_path: Path, ci: str, code: int
) -> None:
    broken = program(tmp_path / "chromium", "exit 1")
    done = opened(BROWSER_PATH=str(broken), CI=ci)
    assert done.returncode == code
    (told,) = [line for line in done.stdout.splitlines() if "browser tests" in line]
    assert told == (
        "2 browser tests did not run: no browser was found that starts "
        f"(BROWSER_PATH is {broken}): install Chromium or Google Chrome, or set BROWSER_PATH to "
        "one; where there is a network, make test gets one."
    )


def test_the_first_on_the_path_that_starts_is_taken(browser: Browser, tmp_path: Path) -> None:
    found = [os.environ.get("BROWSER_PATH"), *map(shutil.which, finder._PROGRAMS)]
    real = next(filter(None, found), browser.browser_type.executable_path)
    program(tmp_path / "chromium", "exit 1")
    program(tmp_path / "google-chrome", f"PATH='{os.environ['PATH']}' exec '{real}' \"$@\"")
    done = opened(PATH=str(tmp_path))
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_where_none_can_be_had_getting_one_fails_nothing(tmp_path: Path) -> None:
    own = tmp_path / "browsers"
    nowhere = {"PATH": str(tmp_path), "PLAYWRIGHT_BROWSERS_PATH": str(own)}
    done = run(
        [sys.executable, "-m", "examples.pages.browser"],
        PLAYWRIGHT_DOWNLOAD_HOST="http://127.0.0.1:9",
        **nowhere,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not own.exists()
    assert "2 browser tests did not run: no browser" in opened(**nowhere).stdout

"""`make serve` shows exercises that work, not only lessons."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from autograder.course import load_course
from autograder.publishing.runtime import write_runtime
from tests.course.site.lessons import copy_of_the_lessons
from tests.course.site.workshop import opened, verdict_on
from tests.places import ROOT


def commands_of(target: str) -> list[list[str]]:
    """The commands of a target in the Makefile, as words."""
    text = (ROOT / "Makefile").read_text()
    recipe = re.search(rf"(?m)^{target}:.*\n((?:\t.*\n)+)", text)
    assert recipe, target
    return [line.split() for line in recipe[1].splitlines()]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address of the site as `make serve` serves it, made in a folder of its own."""
    *first, serve = commands_of("serve")
    runtime = ["-m", "autograder.publishing.runtime", "--course", ".", "site/runtime"]
    assert first == [["$(BIN)/python", *runtime]]
    assert serve[1:] == ["$(BIN)/mkdocs", "serve"]
    copy_of_the_lessons(tmp_path)
    write_runtime(load_course(), tmp_path / "site" / "runtime")
    (tmp_path / "mkdocs.yml").unlink()
    (tmp_path / "mkdocs.yml").write_text(f"INHERIT: {ROOT / 'mkdocs.yml'}\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        place = f"127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", place]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        told = []
        for line in process.stdout or ():
            told.append(line)
            if "Serving on" in line:
                break
        else:
            raise AssertionError("".join(told))
        yield f"http://{place}/"
        process.terminate()


def test_an_exercise_is_checked_on_the_served_site(browser: Browser, served: str) -> None:
    page = browser.new_page()
    page.goto(f"{served}gradient-descent/")
    opened(page, "gradient_descent.predict")
    right = "def predict(w, x):\n    return w * x\n"
    assert "done" in verdict_on(page, "gradient_descent.predict", right)
    page.close()

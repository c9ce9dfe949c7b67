"""The lessons' code in Keras runs, and prints what the reference solutions compute.

Keras computes with 32 bits, so its numbers agree with the references to six digits. Lessons print
four or five decimals, and these are the page's own, which the build takes from the references.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.course import load_course
from autograder.publishing.computed import with_computed_numbers
from tests.places import ROOT

LESSONS = [lesson.page.strip("/") for lesson in load_course().lessons]
# Keras' code, and what the page says that it prints.
EXAMPLE = re.compile(r"```python\n(import keras\n.*?)```.*?```text\n(.*?)```", re.DOTALL)
NUMBER = re.compile(r"-?\d+\.\d+")


def example_of(lesson: str) -> tuple[str, str, str]:
    """The code in a lesson's Markdown, what it prints, and the same as the Markdown says it."""
    text = (ROOT / "site" / f"{lesson}.md").read_text(encoding="utf-8")
    ((code, printed),) = EXAMPLE.findall(text)
    return code, with_computed_numbers(load_course(), printed), printed


def run(code: str, home: Path) -> str:
    """What a program prints that a reader has pasted, and that it complains of nothing."""
    environment = {**os.environ, "KERAS_BACKEND": "jax", "KERAS_HOME": str(home)}
    environment |= {"JAX_PLATFORMS": "cpu", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment, cwd=home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.share(1)
def test_a_lessons_code_in_keras_prints_the_numbers_of_the_references(
    lesson: str, tmp_path: Path
) -> None:
    code, printed, _ = example_of(lesson)
    assert run(code, tmp_path) == printed


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_number_that_the_page_says_keras_prints_is_computed(lesson: str) -> None:
    _, printed, source = example_of(lesson)
    assert len(NUMBER.findall(printed)) >= 4
    assert NUMBER.findall(re.sub(r"\{=.*?=\}", "", source)) == []

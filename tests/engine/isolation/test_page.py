"""The page and the tests say the same: no row without a test, no marked test without a row."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox.confinement import LAYERS
from tests.engine.isolation.attempts import ATTEMPTS
from tests.places import ROOT

PAGE = (ROOT / "site" / "isolation.md").read_text()
# The tables that only explain.
_EXPLAINED = "How to read the tables"
_COLLECT = """
import json, sys, pytest

class Rows:
    def pytest_collection_finish(self, session):
        marked = {row for item in session.items for m in item.iter_markers("row") for row in m.args}
        print("ROWS", json.dumps(sorted(marked)))

sys.exit(pytest.main(["--collect-only", "-qq", "-n0", sys.argv[1]], plugins=[Rows()]))
"""


def rows() -> dict[str, list[str]]:
    """The other cells of each row, by its first."""
    found: dict[str, list[str]] = {}
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        if section.startswith(_EXPLAINED):
            continue
        lines = [line for line in section.split("\n") if line.startswith("|")]
        for line in lines[2:]:
            first, *others = [cell.strip() for cell in line.strip("|").split("|")]
            assert first not in found, first
            found[first] = others
    return found


@pytest.fixture(scope="module")
def marked() -> set[str]:
    # An examiner that runs in this process keeps pytest's plugins from being found.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-c", _COLLECT, str(Path(__file__).parent)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    lines = re.findall(r"^ROWS (.*)$", done.stdout, re.MULTILINE)
    assert lines, done.stdout + done.stderr
    return set(json.loads(lines[0]))


def test_every_row_is_a_test_and_every_marked_test_has_its_row(marked: set[str]) -> None:
    assert marked == set(rows())


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda attempt: attempt.row)
def test_a_row_names_the_layers_that_the_test_holds_it_against(attempt: object) -> None:
    assert isinstance(attempt, tuple)
    row, _, stopped_by, *_ = attempt
    expected = "; ".join(layer for layer in LAYERS if layer in stopped_by)
    assert rows()[row][0] == expected

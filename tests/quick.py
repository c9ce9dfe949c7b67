"""Which tests `make quick` runs: those that start no other program, and sleep nowhere."""

import random
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.places import ROOT
from tests.seeds import SEED

_STARTS: Final = re.compile(
    r"^\s*(import|from) (subprocess|multiprocessing|venv|pexpect|pty|keras|otter|nbclient"
    r"|distributed|playwright|axe_playwright_python|atheris|mkdocs|examples\.|benchmarks)"
    r"|\b(prove_course|certify|examine_all|grade_all|CliRunner|time\.sleep)\(",
    re.MULTILINE,
)
_HELPERS: Final = re.compile(r"^from (tests[\w.]*) import", re.MULTILINE)


# Of what a test is tried on, where that is a long table.
_MOST_ROWS: Final = 6


def quick_ones(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Returns the tests that are quick; of one with a long table, some rows, others each time."""
    by_test: dict[tuple[Path, str], list[pytest.Item]] = {}
    for item in items:
        if isinstance(item, pytest.Function) and _is_quick(item):
            by_test.setdefault((item.path, item.originalname), []).append(item)
    chance = random.Random(SEED)  # The same in each process of a run.
    return [
        item
        for rows in by_test.values()
        for item in (rows if len(rows) <= _MOST_ROWS else chance.sample(rows, _MOST_ROWS))
    ]


def _is_quick(item: pytest.Function) -> bool:
    """Whether neither a test's file, nor what it takes fixtures or help from, starts or sleeps."""
    files = {item.path}
    for fixtures in item._fixtureinfo.name2fixturedefs.values():
        files.update(Path(fixture.func.__code__.co_filename) for fixture in fixtures
                     if hasattr(fixture.func, "__code__"))  # fmt: skip
    own = (path for path in files if path.is_relative_to(ROOT / "tests"))
    return not any(_starts(path) for path in own if path.parent != ROOT / "tests")


@cache
def _starts(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    if _STARTS.search(text):
        return True
    helpers = (
        ROOT.joinpath(*name.split(".")).with_suffix(".py") for name in _HELPERS.findall(text)
    )
    return any(_starts(helper) for helper in helpers if helper.is_file())

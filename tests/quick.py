"""Which tests run: for `make quick` those that start no program, and of long tables some rows."""

import random
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Final

import pytest

from tests.places import ROOT
from tests.seeds import PROVE, SEED

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
    quick = [item for item in items if isinstance(item, pytest.Function) and _is_quick(item)]
    return _drawn(quick, lambda _: _MOST_ROWS)


def share_of(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Returns the tests; of one that is marked `share(n)`, n rows of its table, others each time.

    That is for rows that take seconds each, and are of one kind. `make prove` runs them all.
    """

    def most(item: pytest.Item) -> int | None:
        marker = None if PROVE else item.get_closest_marker("share")
        return marker and int(marker.args[0])

    return _drawn(items, most)


def _drawn(
    items: Iterable[pytest.Item], most: Callable[[pytest.Item], int | None]
) -> list[pytest.Item]:
    """Returns the tests, of each at most so many rows as it is said of them, in their order."""
    by_test: dict[tuple[Path, str], list[pytest.Item]] = {}
    for item in items:
        name = item.originalname if isinstance(item, pytest.Function) else item.name
        by_test.setdefault((item.path, name), []).append(item)
    chance = random.Random(SEED)  # The same in each process of a run.
    drawn = []
    for table in by_test.values():
        rows = table
        number = most(rows[0])
        if number is not None and number < len(rows):
            rows = [rows[place] for place in sorted(chance.sample(range(len(rows)), number))]
        drawn += rows
    return drawn


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

"""The tables of this course's pages: what `make bench` measured."""

from collections.abc import Callable
from functools import partial
from typing import Final

from ...benchmarks.measurements import SHOWN, committed


def _shown(name: str) -> str:
    return str(SHOWN[name](committed()))


TABLES: Final[dict[str, Callable[[], str]]] = {name: partial(_shown, name) for name in SHOWN}

"""Records the screens of the walk as SVG, for the README: `python -m examples.loop`."""

import io
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from examples.loop.walk import COLUMNS, walk

ROOT: Final = Path(__file__).resolve().parents[2]
SCREENS: Final = Path(__file__).resolve().parent / "screens"
# The fonts that the library's drawing would ask another host for.
_FOREIGN_FONT: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_COMMANDS: Final = {
    "check": "autograder check gradient_descent",
    "hint": "autograder hint cost",
    "watch": "autograder check --watch",
    "submit": "autograder submit",
}


def record() -> dict[str, str]:
    """Returns each screen of the walk as SVG, by its name."""
    autograder = Path(sys.executable).with_name("autograder")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(
            ROOT / "exercises", folder / "exercises", ignore=shutil.ignore_patterns(".*", "__*")
        )
        return {key: _svg(key, screen) for key, screen in walk(autograder, folder).items()}


def _svg(name: str, screen: str) -> str:
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(screen.rstrip("\n")), soft_wrap=True)
    svg = console.export_svg(title=_COMMANDS[name], unique_id=f"loop-{name}")
    return _FOREIGN_FONT.sub("", svg)


if __name__ == "__main__":
    SCREENS.mkdir(exist_ok=True)
    for name, svg in record().items():
        (SCREENS / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(SCREENS.relative_to(ROOT) / f"{name}.svg")

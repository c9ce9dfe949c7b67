"""The built site, served on this machine, and a browser that is found there to look at it with.

`python -m examples.pages.browser` gets Playwright's own browser where no other starts.
"""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

ROOT: Final = Path(__file__).resolve().parents[2]
NO_BROWSER: Final = "no browser was found that starts"
_SITE: Final = ROOT / "build" / "site"
_PROGRAMS: Final = "chromium chromium-browser google-chrome google-chrome-stable chrome".split()
# For a container: root has no sandbox there, and neither a graphics card nor much shared memory. On
# Ubuntu, AppArmor allows no sandbox to a browser that it does not know, such as Playwright's.
_ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
_MILLISECONDS_TO_START: Final = 120_000  # Only what never comes takes so long.


class NoBrowserError(Exception):
    """No browser that starts was found; the message says how to get one."""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@contextmanager
def served() -> Iterator[str]:
    """Serves what `make site` built, and yields its address."""
    handler = functools.partial(_Quiet, directory=str(_SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@contextmanager
def opened_browser() -> "Iterator[Browser]":
    """Starts the browser of `BROWSER_PATH`, or the first on the path that starts, or Playwright's.

    Raises:
        NoBrowserError: none starts.
    """
    # Imported here, so that tests that open no browser need not wait for it.
    from playwright.sync_api import sync_playwright

    if _own().is_dir():
        os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(_own())
    with sync_playwright() as playwright:
        running = _first_that_starts(playwright)
        yield running
        running.close()


def _first_that_starts(playwright: "Playwright") -> "Browser":
    from playwright.sync_api import Error

    named = os.environ.get("BROWSER_PATH")
    found = [named] if named else [*filter(None, map(shutil.which, _PROGRAMS)), None]
    for program in found:
        try:
            return playwright.chromium.launch(
                executable_path=program, args=list(_ARGUMENTS), timeout=_MILLISECONDS_TO_START
            )
        except Error:
            continue
    named = f" (BROWSER_PATH is {named})" if named else ""
    raise NoBrowserError(
        f"{NO_BROWSER}{named}: install Chromium or Google Chrome, or set BROWSER_PATH to one; "
        "where there is a network, make test gets one"
    )


def _own() -> Path:
    """Where Playwright's browsers lie: as it was told, else in the environment that runs this."""
    return Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path(sys.prefix, "browsers"))


def main() -> None:
    """Gets Playwright's browser where none starts; where it cannot be had, nothing is said."""
    try:
        with opened_browser():
            return
    except NoBrowserError:
        if os.environ.get("BROWSER_PATH"):
            return
    own = _own()
    subprocess.run(
        [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"],
        env=os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(own)},
        capture_output=True,
        check=False,
    )
    if not any(own.glob("chromium*")):
        shutil.rmtree(own, ignore_errors=True)  # So that those elsewhere are not hidden by it.


if __name__ == "__main__":
    main()

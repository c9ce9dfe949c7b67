"""The built site, served on this machine, and Debian's Chromium to look at it with."""

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Playwright

ROOT: Final = Path(__file__).resolve().parents[2]
_SITE: Final = ROOT / "build" / "site"
_PROGRAM: Final = "/usr/bin/chromium"
# For a container: root has no sandbox there, and neither a graphics card nor much shared memory.
_ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")


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


def chromium(playwright: Playwright) -> Browser:
    """Starts a browser."""
    return playwright.chromium.launch(executable_path=_PROGRAM, args=list(_ARGUMENTS))

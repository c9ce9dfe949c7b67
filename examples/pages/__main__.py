"""Takes pictures of the built site and of the sample class's report: `make screens`."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, FloatRect, Page

from examples.pages.browser import ROOT, opened_browser, served

_HERE: Final = Path(__file__).parent
_WIDE: Final = (1100, 760)
_PHONE: Final = (390, 760)
_WRONG: Final = "def cost(w, x, z):\n    return np.mean((z - w * x) ** 2)\n"


def _open(
    browser: Browser, address: str, size: tuple[int, int], scheme: Literal["light", "dark"]
) -> Page:
    width, height = size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page


def main() -> None:
    """Writes the pictures beside this file."""
    with served() as site, opened_browser() as browser:
        _open(browser, site, _WIDE, "light").screenshot(path=_HERE / "start.png")

        page = _open(browser, f"{site}gradient-descent/#when-the-rate-is-too-large", _WIDE, "light")
        page.screenshot(path=_HERE / "lesson.png", animations="disabled")

        with tempfile.TemporaryDirectory() as folder:
            grade = [str(Path(sys.executable).with_name("autograder")), "grade", "examples/class"]
            subprocess.run(
                [*grade, "--out", folder, "--seed", "1"], cwd=ROOT, check=True, capture_output=True
            )
            report = Path(folder, "report.html").as_uri()
            page = _open(browser, report, _WIDE, "light")
            end = page.get_by_role("heading", name="Students").bounding_box()
            assert end
            shown: FloatRect = {"x": 0, "y": 0, "width": _WIDE[0], "height": end["y"] - 20}
            page.screenshot(path=_HERE / "report.png", full_page=True, clip=shown)

        state = "vanishing-gradient/"
        page = _open(browser, site + state, _WIDE, "dark")
        page.locator("dl-layers").screenshot(path=_HERE / "figure.png")

        # So tall that the page's fixed header is above the exercise.
        page = _open(browser, f"{site}gradient-descent/", (_WIDE[0], 1900), "light")
        place = page.locator('[data-exercise="gradient_descent.cost"]')
        place.get_by_role("button", name="Start").click()
        editor = place.get_by_role("textbox")
        editor.wait_for(timeout=60_000)
        editor.click()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(_WRONG)
        page.keyboard.press("Control+Enter")
        place.get_by_role("status").get_by_text("twice").first.wait_for(timeout=60_000)
        place.locator("figure").wait_for()
        page.mouse.wheel(0, -150)
        place.screenshot(path=_HERE / "exercise.png")

        page = _open(browser, f"{site}activations/", _PHONE, "dark")
        page.locator("dl-softmax").scroll_into_view_if_needed()
        page.screenshot(path=_HERE / "phone.png")


if __name__ == "__main__":
    main()

"""What axe finds on a page: what shuts out readers who do not see it, or use no mouse."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page, context: Any = None) -> list[tuple[str, str]]:
    """Returns each rule that is broken, with the element where it is.

    Args:
        page: The page, as it is shown now.
        context: Where to look, as axe takes it; everywhere where it is left out.
    """
    # Of what is right it need not list every element, which takes half the time.
    found = Axe().run(page, context, {"resultTypes": ["violations"]}).response["violations"]
    return [(rule["id"], node["html"][:200]) for rule in found for node in rule["nodes"]]

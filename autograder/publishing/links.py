"""Finds dead links in the built pages, wherever they were written.

MkDocs checks links in Markdown, not those in a lesson's own HTML. So mkdocs.yml names this file
under `hooks`, and dead links count like MkDocs' own warnings.
"""

import logging
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

_ATTRIBUTES: Final = {"a": "href", "link": "href", "img": "src", "script": "src"}


def dead_links(folder: Path) -> list[str]:
    """Returns a sentence for each link in a site's pages whose file or anchor is not in the folder.

    Links to other hosts, and from the root of this one, can only be judged on the published site.
    """
    read = cache(_read)
    found = []
    for page in sorted(folder.resolve().rglob("*.html")):
        for link in dict.fromkeys(read(page).links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or parts.path.startswith("/"):
                continue
            target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            if target.is_dir():
                target /= "index.html"
            name = page.relative_to(folder.resolve())
            if not target.is_file():
                found.append(f"{name}: the link {link!r} leads to no file of the site.")
            elif parts.fragment and unquote(parts.fragment) not in read(target).anchors:
                found.append(f"{name}: the link {link!r} leads to no heading of its page.")
    return found


def on_post_build(config: Any, **_: Any) -> None:
    """Called by MkDocs when all files are written."""
    for sentence in dead_links(Path(config["site_dir"])):
        logging.getLogger("mkdocs.hooks.links").warning(sentence)


class _Page(HTMLParser):
    """The links of a page, and the anchors that links may name."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        self.anchors |= {name for name in (has.get("id"), has.get("name")) if name}
        link = has.get(_ATTRIBUTES.get(tag, ""))
        if link:
            self.links.append(link)


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page

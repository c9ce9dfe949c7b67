"""The documents beside the site are short, and their links lead somewhere."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown import Markdown

from tests.places import ROOT

DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md"]
LINES_OF_A_README = 150


class Links(HTMLParser):
    """The links and pictures of a document, and its headings' anchors."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(Markdown(extensions=["toc", "tables", "fenced_code"]).convert(path.read_text()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        self.anchors.add(has.get("id") or "")
        self.links += [link for link in (has.get("href"), has.get("src")) if link]


read = cache(Links)


def test_the_readme_can_be_read() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= LINES_OF_A_README


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_links_of_a_document_lead_somewhere(document: str) -> None:
    path = ROOT / document
    links = [link for link in read(path).links if not link.startswith("https://")]
    assert links
    for link in links:
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve()
        assert target.is_file(), link
        assert not anchor or anchor in read(target).anchors, link

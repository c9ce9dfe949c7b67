"""The scripts and styles of exercises on a page, which lie beside the Python that they load.

mkdocs.yml names this file under `hooks`, so that pages have the scripts however the site is built:
without Python, they still say what is missing.
"""

from pathlib import Path
from typing import Any, Final

_PAGE: Final = Path(__file__).with_name("page")
# The module that draws a course's pictures there, if it has any; it exports `pictureOf`.
_PICTURES: Final = "assets/pictures.js"


def page_scripts(docs: Path) -> dict[str, bytes]:
    """Returns the scripts and styles by their path in the runtime, for the pages in a folder."""
    scripts = {f"page/{path.name}": path.read_bytes() for path in _PAGE.iterdir()}
    drawing = "export const pictureOf = () => null;\n"
    if (docs / _PICTURES).is_file():
        drawing = f'export {{ pictureOf }} from "../../{_PICTURES}";\n'
    return scripts | {"page/pictures.js": drawing.encode()}


def on_post_build(config: Any, **_: Any) -> None:
    """Writes the scripts that `make site` has not put among the sources; MkDocs calls this."""
    for name, content in page_scripts(Path(config["docs_dir"])).items():
        path = Path(config["site_dir"]) / "runtime" / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

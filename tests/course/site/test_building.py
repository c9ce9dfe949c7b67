"""`make site` fails on what it promises to fail on, and says where it stands."""

import sys
from pathlib import Path

import jinja2
import pytest

from autograder.publishing.links import dead_links
from autograder.publishing.scripts import page_scripts
from tests.course.site.conftest import Site
from tests.course.site.lessons import build, copy_of_the_lessons
from tests.places import ROOT

BROKEN = """# A page that the navigation leaves out

[To a page](nowhere.md), [to a heading](glossary.md#nothing), [on this page](#nobody),
[from the root](/glossary/), [to a folder](glossary/), ![a picture](assets/none.png)

<a href="../gone/">HTML</a> <a href="../glossary/#no-one">to a heading</a>
"""
TOLD = [
    "stray.md",
    "'stray.md' contains a link 'nowhere.md'",
    "'stray.md' contains a link 'glossary.md#nothing'",
    "'stray.md' contains a link '#nobody'",
    "'stray.md' contains an absolute link '/glossary/'",
    "'stray.md' contains an unrecognized relative link 'glossary/'",
    "'stray.md' contains a link 'assets/none.png'",
    "stray/index.html: the link '../gone/' leads to no file",
    "stray/index.html: the link '../glossary/#no-one' leads to no heading",
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the lessons."""
    return copy_of_the_lessons(tmp_path)


def test_a_page_left_out_and_each_kind_of_dead_link_fail_it_and_are_named(project: Path) -> None:
    (project / "site" / "stray.md").write_text(BROKEN)
    make = ["make", "--dry-run", "--file", str(ROOT / "Makefile"), "--old-file", ".venv/.site"]
    recipe = build(project, *make, f"BIN={Path(sys.executable).parent}", "site").stdout
    (command,) = [line for line in recipe.splitlines() if "mkdocs build" in line]
    (project / "build").mkdir()
    done = build(project, "sh", "-c", command)
    assert done.returncode == 1
    assert [said for said in TOLD if said not in done.stderr] == []
    assert "INFO" not in done.stderr


def test_properdocs_builds_the_same_pages(project: Path, site: Site) -> None:
    built = project / "properdocs"
    command = ["-m", "properdocs", "build", "--strict", "-f", "mkdocs.yml", "-d", str(built)]
    done = build(project, sys.executable, *command)
    assert done.returncode == 0, done.stderr
    assert Site(built, "").pages() == site.pages()
    assert dead_links(built) == []


def test_a_course_to_begin_with_has_a_site_without_a_dead_link(tmp_path: Path) -> None:
    done = build(tmp_path, sys.executable, "-m", "autograder", "course", "new", ".")
    assert done.returncode == 0, done.stderr
    scripts = page_scripts(tmp_path / "site")
    done = build(tmp_path, sys.executable, "-m", "mkdocs", "build", "--strict")
    assert done.returncode == 0, done.stderr
    # Its scripts come with the Python that its exercises run on.
    for name in scripts:
        (tmp_path / "build" / "site" / "runtime" / "page").mkdir(parents=True, exist_ok=True)
        (tmp_path / "build" / "site" / "runtime" / name).touch()
    assert dead_links(tmp_path / "build" / "site") == []


def test_a_page_without_a_description_of_its_own_has_the_sites() -> None:
    """Zensical's page for what is not there has no `meta` at all."""
    base = jinja2.DictLoader({"base.html": "{% block extrahead %}{% endblock %}"})
    ours = jinja2.FileSystemLoader(ROOT / "autograder" / "publishing" / "theme")
    theme = jinja2.Environment(loader=jinja2.ChoiceLoader([base, ours]), autoescape=True)
    config = {"site_name": "Lessons", "site_description": "Of the site"}
    for page in ({"title": "Not here"}, {"title": "Here", "meta": {}}, None):
        made = theme.get_template("main.html").render(page=page, config=config)
        assert '<meta property="og:description" content="Of the site">' in made

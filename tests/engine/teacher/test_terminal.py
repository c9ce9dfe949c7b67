"""No character that a terminal obeys comes out of a command, whoever wrote it."""

import contextlib
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text

from autograder.cli.terminal import console, say_error
from autograder.course import CourseError, load_course
from autograder.display import Shown, printable, visible
from autograder.results import (
    CheckResult,
    Evidence,
    ExerciseResult,
    Mistake,
    Result,
    Source,
)
from tests.engine.teacher.gradebooks import command, gradebook, obeyed
from tests.places import COURSE_FILE

ODD = "\x1b\x9b\x07\r\n\u202e\u2066\u200f\x00"
TEXTS = st.text(st.characters() | st.sampled_from(ODD), max_size=30)


@given(TEXTS)
def test_nothing_printed_is_obeyed(text: str) -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        screen = console()
        screen.print(Text(text), soft_wrap=True)
        screen.print(text, markup=False)
        table = Table(text and "heading")
        table.add_row(Text(text))
        screen.print(table)
        say_error(text)
    assert not obeyed(said.getvalue())
    assert not obeyed(visible(text))
    assert "\n" not in printable(text)


@given(TEXTS)
def test_nothing_that_otter_prints_or_logs_is_obeyed(text: str) -> None:
    results = pytest.importorskip("autograder.otter.results")
    module = load_course().lessons[0]
    evidence = Evidence(text, text, Shown(text), Shown(text), (text,), text, text)
    exercise = ExerciseResult(
        module.exercise_id(module.exercises[0]), 1, 2, "partly",
        (CheckResult("a", False, "public", text, 1, evidence),
         CheckResult("b", True, "hidden", text, 1, followed=True)),
        Mistake("m", text), text,
    )  # fmt: skip
    result = Result("jane", 1, 2, (exercise,), (text,), Source(text))
    said = [results.describe(result, module)]
    for file in results.to_test_files(result).values():
        for found in file.test_case_results:
            case = found.test_case
            said += [found.message, case.success_message or "", case.failure_message or ""]
    assert not obeyed("".join(said))


def test_a_folder_of_an_odd_name_is_told_without_its_oddity(tmp_path: Path) -> None:
    out = gradebook(tmp_path / "out\x1b[2J\u202e")
    for words in (["report", out], ["export", out, "--to", "csv"]):
        code, said = command(*words)
        assert code == 0
        assert not obeyed(said)


@pytest.mark.parametrize(
    "site",
    ["javascript:alert(1)", "JavaScript:alert(1)//https://x/", "data:text/html,x", "file:///etc",
     "//evil.example/", "ftp://x/", "https://", "https:///path", "https://a b/", "https://u@x/",
     "https://x/\"onclick=", "https://x/\u202e", "https://x\\y/", " https://x/", "relative/"],
)  # fmt: skip
def test_a_site_that_is_no_website_is_refused_in_a_sentence(tmp_path: Path, site: str) -> None:
    folder = _course(tmp_path, site)
    with pytest.raises(CourseError) as told:
        load_course(folder)
    assert str(told.value) == (
        f"{folder}/exercises/course.toml: site: {site!r} is no address of a website; it begins "
        "with https:// or http://, or is empty."
    )


@pytest.mark.parametrize("site", ["https://x.example/course/", "http://localhost:8000"])
def test_a_website_is_linked_to_with_one_slash(tmp_path: Path, site: str) -> None:
    course = load_course(_course(tmp_path, site))
    link, _ = course.section_link("activations/#relu")
    assert link == f"{site.rstrip('/')}/activations/#relu"


def _course(folder: Path, site: str) -> Path:
    text = COURSE_FILE.read_text(encoding="utf-8")
    assert '\nsite = ""\n' in text
    quoted = site.replace("\\", "\\\\").replace('"', '\\"')
    path = folder / "exercises" / "course.toml"
    path.parent.mkdir()
    path.write_text(text.replace('\nsite = ""\n', f'\nsite = "{quoted}"\n'), encoding="utf-8")
    return folder

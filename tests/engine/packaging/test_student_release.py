"""The students' release: nothing private is in it, and it is enough for the whole loop."""

import ast
import html
import io
import json
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from rich.text import Text

from autograder.course import Course, load_course
from autograder.packaging.student import release_name, student_archive
from examples.loop.walk import walk
from tests.places import DONE, PUBLIC_POINTS, ROOT

FOLDER = release_name(load_course())
_OURS = re.compile(r"^\s*from (autograder[\w.]*) import", re.MULTILINE)
# Statements that say nothing about an exercise.
HARMLESS = {
    "Array = NDArray[np.float64]",
    "raise CallFailed(outcome)",
    "raise broken_by(error, path) from None",
    "names: tuple[str, ...]",
    "if outcome.ending != 'returned':\n    raise CallFailed(outcome)",
}
PRIVATE = ("solutions", "graders", "mistakes", "examiner", "references", "grading", "gradebook")


@pytest.fixture(scope="module")
def release(course: Course) -> dict[str, bytes]:
    """The files of the archive, by their path in it."""
    with zipfile.ZipFile(io.BytesIO(student_archive(course))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def statements(source: str) -> set[str]:
    """The longer statements of a file, without docstrings, as Python sees them."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and not isinstance(
            node, (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
        ):
            text = ast.unparse(node)
            is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
            if len(text) > 20 and not is_docstring:
                found.add(text)
    return found


def test_everything_is_in_one_folder_and_is_text(release: dict[str, bytes]) -> None:
    for name, data in release.items():
        assert PurePosixPath(name).parts[0] == FOLDER
        suffix = PurePosixPath(name).suffix
        assert suffix in {".py", ".toml", ".ini", ".json", ".md", ".ipynb", ""}
        data.decode("utf-8")
        assert "__pycache__" not in name


@pytest.mark.parametrize("private", PRIVATE)
def test_no_file_of_a_private_part_is_in_it(release: dict[str, bytes], private: str) -> None:
    names = [part.removesuffix(".py") for name in release for part in PurePosixPath(name).parts]
    assert private not in names


@pytest.mark.parametrize("folder", ["solutions", "graders", "autograder/mistakes"])
def test_no_statement_of_solutions_graders_or_mistakes_is_in_it(
    release: dict[str, bytes], folder: str
) -> None:
    private = set()
    for path in (ROOT / folder).rglob("*.py"):
        private |= statements(path.read_text())
    assert len(private) > 50
    public = set()
    for name, data in release.items():
        if name.endswith(".py"):
            public |= statements(data.decode())
    assert private & public <= HARMLESS


def test_no_name_of_a_hidden_check_and_none_of_its_sentences_is_in_it(
    release: dict[str, bytes],
) -> None:
    text = b"\n".join(release.values()).decode()
    for path in (ROOT / "graders").glob("*/checks.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                public = (
                    f"def {node.name}("
                    in (ROOT / "exercises/checks" / f"{path.parent.name}.py").read_text()
                )
                assert public or f"{node.name}(" not in text
                assert (ast.get_docstring(node) or "?") not in text


def test_exercises_are_the_stubs(release: dict[str, bytes], course: Course) -> None:
    for lesson in course.lessons:
        stub = release[f"{FOLDER}/exercises/{lesson.id}.py"]
        assert stub == (ROOT / f"exercises/{lesson.id}.py").read_bytes()
        assert stub.count(b"raise NotImplementedError") == len(lesson.exercises)


def test_what_it_imports_of_ours_is_in_it(release: dict[str, bytes]) -> None:
    for name, data in release.items():
        for imported in re.findall(
            r"^\s*from (autograder[\w.]*) import", data.decode(), re.MULTILINE
        ):
            path = f"{FOLDER}/{imported.replace('.', '/')}"
            assert f"{path}.py" in release or f"{path}/__init__.py" in release, (name, imported)


@pytest.fixture(scope="module")
def installed(release: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release unzipped, and installed in an environment of its own by its README's line."""
    home = tmp_path_factory.mktemp("student")
    for name, data in release.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    venv.create(home / "venv", with_pip=True)
    line = "python3 -m pip install ."
    assert line in release[f"{FOLDER}/README.md"].decode()
    command = [str(home / "venv/bin/python3"), *line.split()[1:], "--quiet"]
    subprocess.run(command, cwd=home / FOLDER, check=True)
    return home


def installed_package(home: Path) -> Path:
    (package,) = (home / "venv/lib").glob("python3*/site-packages/autograder")
    return package


def test_the_installed_part_is_small_and_holds_nothing_private(installed: Path) -> None:
    package = installed_package(installed)
    files = [path for path in package.rglob("*") if path.is_file()]
    files += (package.parent / "exercises").rglob("*")
    assert sum(path.stat().st_size for path in files) < 1_400_000
    for path in (*files, *package.parent.iterdir()):
        assert not set(PRIVATE) & {part.partition(".")[0] for part in path.parts[-3:]}, path


def test_the_loop_leads_from_the_release_to_a_graded_archive(
    installed: Path, course: Course
) -> None:
    """From the unzipped release to the archive, then graded to what was promised."""
    folder = installed / FOLDER
    screens = walk(installed / "venv/bin/autograder", folder)
    told = {name: Text.from_ansi(screen).plain for name, screen in screens.items()}
    assert f"1 {DONE}, 0.2 of {PUBLIC_POINTS:g} public points" in told["check"]
    assert "1 of 3" in told["hint"]
    assert "✓ done        cost" in told["watch"]
    assert f"3 {DONE}, 1.4 of {PUBLIC_POINTS:g} public points" in told["submit"]

    command = [sys.executable, "-m", "autograder", "grade", str(folder / "handin.zip")]
    subprocess.run([*command, "--out", str(installed / "out")], check=True, capture_output=True)
    result = json.loads((installed / "out/results/handin.json").read_text())
    assert result["problems"] == []
    public = [c for e in result["exercises"] for c in e["checks"] if c["visibility"] == "public"]
    assert sum(check["passed"] for check in public) == 3
    right = {e["id"]: e["score"] for e in result["exercises"] if e["outcome"] == "correct"}
    assert right == {
        "gradient_descent.predict": 1,
        "gradient_descent.cost": 4,
        "gradient_descent.sum_squared_error": 2,
    }


def test_the_screens_that_are_shown_are_what_the_loop_shows(tmp_path: Path) -> None:
    """`make screens` draws them anew."""
    shutil.copytree(
        ROOT / "exercises",
        tmp_path / "exercises",
        ignore=shutil.ignore_patterns(".*", "__pycache__"),
    )
    screens = walk(Path(sys.executable).with_name("autograder"), tmp_path)
    shown = (ROOT / "examples" / "README.md").read_text()
    assert "examples/loop/screens/check.svg" in (ROOT / "README.md").read_text()
    for name, screen in screens.items():
        drawn = (ROOT / f"examples/loop/screens/{name}.svg").read_text(encoding="utf-8")
        assert f"(loop/screens/{name}.svg)" in shown
        shown_now = "".join(Text.from_ansi(screen).plain.split())
        assert without_counts(text_of_svg(drawn)) == without_counts(shown_now)


def without_counts(text: str) -> str:
    """One more exercise changes how many there are, and makes no picture wrong."""
    return re.sub(r"[\d.]+of[\d.]+(exercises|publicpoints)|worththeother[\d.]+points", "", text)


def text_of_svg(svg: str) -> str:
    """The text of the terminal in a drawing, without its spaces."""
    texts = re.findall(r"<text class=[^>]*clip-path[^>]*>(.*?)</text>", svg)
    return "".join(html.unescape("".join(texts)).split())


def test_results_are_unaffected_by_where_the_part_lives(installed: Path) -> None:
    """The student part decodes the same course as ours."""
    program = "from autograder.course import load_course as c; print(repr(c().said))"
    python = installed / "venv/bin/python3"
    theirs = subprocess.run(
        [python, "-c", program], cwd=installed, capture_output=True, text=True, check=True
    )
    ours = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert theirs.stdout == ours.stdout

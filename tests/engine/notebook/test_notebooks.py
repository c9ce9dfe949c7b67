"""Notebooks are made of the solutions, run in a real kernel, and are graded as files are."""

import ast
import base64
import json
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from rich.text import Text

from autograder.course import Course, load_course
from autograder.packaging.notebooks import notebooks
from autograder.pictures import drawing_of
from autograder.results import Result, Source
from autograder.submissions import Handin, Piece, read_submission
from tests.places import ROOT

STUB = "raise NotImplementedError"
MODULES = ["gradient_descent", "backpropagation", "vanishing_gradient", "activations"]


def read(module: str) -> Any:
    return nbformat.read(ROOT / "exercises" / f"{module}.ipynb", 4)  # type: ignore[no-untyped-call]


def bodies(module: str) -> dict[str, str]:
    """The reference solutions' functions, by name, private ones too."""
    source = (ROOT / "solutions" / f"{module}.py").read_text()
    return {
        node.name: ast.get_source_segment(source, node) or ""
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
    }


def solved(module: str) -> Any:
    """The notebook with every stub solved."""
    notebook, functions = read(module), bodies(module)
    # A reference may call one that is written in a cell further down.
    every = "\n\n".join(functions.values())
    for cell in notebook.cells:
        name = cell.id.removesuffix("-stub").replace("-", "_")
        if cell.id == "imports":
            cell.source += f"\n\n{every}"
        elif cell.id.endswith("-stub"):
            cell.source = functions[name]
    return notebook


def run(notebook: Any) -> dict[str, str]:
    """Runs a notebook in a kernel of its own; what each cell printed, without colours."""
    NotebookClient(notebook).execute()
    return {
        cell.id: Text.from_ansi(
            "".join(o.text for o in cell.outputs if o.output_type == "stream")
        ).plain
        for cell in notebook.cells
        if cell.cell_type == "code"
    }


def pictures(notebook: Any) -> dict[str, bytes]:
    return {
        cell.id: base64.b64decode(output.data["image/png"])
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    }


def test_the_notebooks_are_what_the_solutions_make() -> None:
    """`make stubs` makes them anew."""
    for path, text in notebooks(load_course()).items():
        assert path.read_text(encoding="utf-8") == text, path


@pytest.mark.parametrize("module", MODULES)
def test_a_notebook_has_a_stub_and_a_check_for_each_exercise(course: Course, module: str) -> None:
    (lesson,) = (m for m in course.lessons if m.id == module)
    ids = [cell.id for cell in read(module).cells]
    for exercise in lesson.exercises:
        name = exercise.function.replace("_", "-")
        assert ids.index(f"{name}-task") < ids.index(f"{name}-stub") < ids.index(f"{name}-check")
        assert (f"{name}-picture" in ids) == (
            drawing_of(course, f"{module}.{exercise.function}") is not None
        )


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.share(1)
def test_a_solved_notebook_is_done_and_draws_its_pictures(course: Course, module: str) -> None:
    notebook = solved(module)
    told = run(notebook)
    (lesson,) = (m for m in course.lessons if m.id == module)
    for exercise in lesson.exercises:
        assert (
            f"✓ done        {exercise.function}"
            in told[f"{exercise.function}-check".replace("_", "-")]
        )
    wanted = {
        name.partition(".")[2].replace("_", "-")
        for name in load_course().exercises
        if module in name and drawing_of(load_course(), name)
    }
    drawn = pictures(notebook)
    assert set(drawn) == {f"{name}-picture" for name in wanted}
    assert all(data.startswith(b"\x89PNG") for data in drawn.values())


def test_a_wrong_function_gets_the_words_of_the_terminal() -> None:
    notebook = read("activations")
    for cell in notebook.cells:
        if cell.id == "relu-stub":
            cell.source = cell.source.replace(STUB, "return np.maximum(z, 1)")
        if cell.id == "tanh-stub":
            cell.source = cell.source.replace(STUB, "return z[7]")
        if cell.id == "relu-check":
            cell.source += '\ngrader.hint("relu")\ngrader.hint("relu")\ngrader.check("rleu")'
    told = run(notebook)
    assert "✗ wrong       relu" in told["relu-check"]
    marked = "  got        [1.0, 1.0, 1.0, 1.0, 3.0]\n              ^^^  ^^^  ^^^"
    assert marked in told["relu-check"]
    assert "2 of 3" in told["relu-check"]
    assert "did you mean activations.relu?" in told["relu-check"]
    assert "this notebook, line" in told["tanh-check"]
    assert "return z[7]" in told["tanh-check"]
    assert "There is no picture yet" in told["tanh-picture"]
    assert "○ not started softmax" in told["softmax-check"]


@pytest.mark.parametrize("module", MODULES)
def test_a_solved_notebook_is_graded_as_the_file_is(
    examiner: Any, course: Course, tmp_path: Path, module: str
) -> None:
    path = tmp_path / f"{module}.ipynb"
    path.write_text(nbformat.writes(solved(module)))  # type: ignore[no-untyped-call]
    result: Result = examiner.examine(
        read_submission(Handin("n", Source(path.name), (Piece(path),)), course)
    )
    assert result.problems == ()
    (lesson,) = (m for m in course.lessons if m.id == module)
    assert result.score == sum(exercise.points for exercise in lesson.exercises)


def test_an_untouched_notebook_beside_a_solved_file_is_no_question(
    examiner: Any, course: Course, tmp_path: Path
) -> None:
    for module in MODULES:
        shutil.copy(ROOT / "solutions" / f"{module}.py", tmp_path)
        shutil.copy(ROOT / "exercises" / f"{module}.ipynb", tmp_path)
    result = examiner.examine(read_submission(Handin("n", Source("n"), (Piece(tmp_path),)), course))
    assert (result.score, result.problems) == (course.max_score, ())


def test_notebooks_hold_no_outputs() -> None:
    for path in (ROOT / "exercises").glob("*.ipynb"):
        for cell in json.loads(path.read_text())["cells"]:
            assert not cell.get("outputs")
            assert cell.get("execution_count") is None

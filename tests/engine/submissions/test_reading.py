"""Whatever comes in is read, or says in one sentence why it was not."""

import io
import json
import os
import re
import stat
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbconvert
import nbformat
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.course import Course, load_course
from autograder.examiner import Examiner
from autograder.results import Result, Source
from autograder.submissions import (
    Piece,
    Submission,
    UnreadableError,
    read_submission,
)
from autograder.submissions.files import read_files
from autograder.submissions.finding import find_submissions
from autograder.submissions.identity import Unnamed, with_ids
from autograder.submissions.manifest import write_manifest
from autograder.submissions.sources import read_source
from tests.places import ROOT

RELU = "import numpy as np\n\n\ndef relu(z):\n    return np.maximum(z, 0)\n"
UPDATE = "def update_weight(w, gradient, learning_rate):\n    return w - learning_rate * gradient\n"


def read(path: Path) -> Submission:
    (handin,) = find_submissions(path, load_course()).handins
    return read_submission(handin, load_course())


def notebook(*cells: Sequence[str], version: int = 4) -> str:
    code: list[dict[str, object]] = [
        {"cell_type": "code", "source": c, "metadata": {}, "outputs": []} for c in cells
    ]
    return json.dumps({"nbformat": version, "nbformat_minor": 5, "metadata": {}, "cells": code})


def archive(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


Score = Callable[[Path], Result]


@pytest.fixture
def score(examiner: Examiner) -> Score:
    return lambda path: examiner.examine(read(path))


def earned(result: Result, exercise: str) -> float:
    return next(e.score for e in result.exercises if e.id == exercise)


def test_a_single_file_is_a_submission(tmp_path: Path, score: Score) -> None:
    (tmp_path / "activations.py").write_text(RELU)
    result = score(tmp_path / "activations.py")
    assert (result.submission, result.problems) == ("activations", ())
    assert earned(result, "activations.relu") == 2


def test_a_folder_with_a_module_at_its_top_is_one_submission(tmp_path: Path) -> None:
    folder = tmp_path / "doe-jane"
    folder.mkdir()
    (folder / "activations.py").write_text(RELU)
    (folder / "gradient_descent.py").write_text(UPDATE)
    submission = read(folder)
    assert submission.id == "doe-jane"
    assert submission.files == {
        "activations": "activations.py",
        "gradient_descent": "gradient_descent.py",
    }


def test_each_child_of_another_folder_is_a_submission(tmp_path: Path, course: Course) -> None:
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann.smith").mkdir()
    (tmp_path / "bob.py").write_text(RELU)
    (tmp_path / "cy.ipynb").write_text(notebook(RELU))
    archive(tmp_path / "di.zip", {"activations.py": RELU})
    (tmp_path / "notes.txt").write_text("hello")
    for noise in (".DS_Store", "._bob.py", "Thumbs.db"):
        (tmp_path / noise).write_text("x")
    (tmp_path / "__MACOSX").mkdir()
    handins = find_submissions(tmp_path, course).handins
    assert [h.id for h in handins] == ["ann", "ann.smith", "bob", "cy", "di", "notes.txt"]
    problems = {h.id: read_submission(h, course).problems for h in handins}
    assert problems["ann"] == ("there is no Python file or notebook in it.",)
    assert problems["notes.txt"][0].startswith("notes.txt cannot be graded: it is not a .py")
    assert problems["di"] == ()


def test_an_archive_of_a_class_holds_a_submission_a_child(tmp_path: Path, course: Course) -> None:
    path = archive(
        tmp_path / "class.zip",
        {
            "week1/ann/activations.py": RELU,
            "week1/bob.py": RELU,
            "week1/cy/hw/gradient_descent.py": UPDATE,
            "__MACOSX/week1/._bob.py": "x",
        },
    )
    handins = find_submissions(path, course).handins
    assert [h.id for h in handins] == ["ann", "bob", "cy"]
    modules = [set(read_submission(h, course).modules) for h in handins]
    assert modules == [{"activations"}, {"activations"}, {"gradient_descent"}]


def test_ids_stay_distinct_and_the_one_that_has_a_name_keeps_it(
    tmp_path: Path, course: Course
) -> None:
    for name in ("ann.py", "ANN.ipynb", "ann-2.py"):
        (tmp_path / name).write_text(notebook(RELU) if name.endswith("ipynb") else RELU)
    archive(tmp_path / "ann.zip", {"activations.py": RELU})
    handins = find_submissions(tmp_path, course).handins
    ids = {h.name: h.id for h in handins}
    assert ids["ann-2.py"] == "ann-2"
    assert len({name.casefold() for name in ids.values()}) == 4
    clashing = [h for h in handins if h.notes]
    assert len(clashing) == 2
    assert "Another submission is called" in read_submission(clashing[0], course).problems[0]


@given(st.lists(st.text(min_size=1, max_size=250), min_size=1, max_size=8, unique=True))
@settings(deadline=None, max_examples=200)
def test_any_names_become_ids_that_are_safe_file_names(names: list[str]) -> None:
    handins = list(with_ids(Unnamed(name, Source(name), ()) for name in names))
    assert len({h.id.casefold() for h in handins}) == len(names)
    for handin, name in zip(handins, names, strict=True):
        assert handin.name == name
        assert not set(handin.id) & set('/\\:*?"<>|\0')
        assert handin.id.isprintable()
        assert handin.id not in {"", ".", ".."}
        assert not handin.id.startswith(".")
        assert len(handin.id.encode()) < 200


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (RELU.encode("utf-8-sig"), None),
        (RELU.replace("\n", "\r\n").encode(), None),
        (RELU.replace("\n", "\r").encode(), None),
        (("# -*- coding: latin-1 -*-\n# Käthe\n" + RELU).encode("latin-1"), None),
        (("# Käthe\n" + RELU).encode("cp1252"), "is not UTF-8"),
        (RELU.encode("utf-16"), "is UTF-16"),
        (("# coding: klingon\n" + RELU).encode(), "is not UTF-8"),
        (("# coding: undefined\n" + RELU).encode(), "is not UTF-8"),
        (("# coding: punycode\n" + RELU + "#" * 300_000).encode(), "is not UTF-8"),
    ],
    ids="bom crlf cr declared windows utf-16 unknown undefined slow".split(),
)
def test_encodings_and_line_ends_of_all_kinds_are_read(
    tmp_path: Path, score: Score, content: bytes, problem: str | None
) -> None:
    (tmp_path / "activations.py").write_bytes(content)
    result = score(tmp_path / "activations.py")
    assert earned(result, "activations.relu") == 2
    told = result.problems
    assert len(told) == (problem is not None)
    assert all(problem in sentence for sentence in told if problem)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def relu(z)\n    return z\n", "activations.py, line 1: SyntaxError: expected ':'"),
        ("x = 1\n\tdef f(): pass", "IndentationError"),
        (
            "import scipy\n" + RELU,
            "No module named 'scipy'. When work is graded, only NumPy and the standard library",
        ),
        ("print(undefined)\n" + RELU, "activations.py, line 1: NameError"),
        ("\0" + RELU, "null bytes"),
        ("raise SystemExit\n" + RELU, "SystemExit"),
    ],
)
def test_a_module_that_cannot_be_imported_says_where_and_costs_only_itself(
    tmp_path: Path, score: Score, source: str, told: str
) -> None:
    folder = tmp_path / "ann"
    folder.mkdir()
    (folder / "activations.py").write_text(source)
    (folder / "gradient_descent.py").write_text(UPDATE)
    result = score(folder)
    assert len(result.problems) == 1
    assert told in result.problems[0]
    assert earned(result, "activations.relu") == 0
    assert earned(result, "gradient_descent.update_weight") == 3
    relu = next(e for e in result.exercises if e.id == "activations.relu")
    assert relu.outcome == "error"
    assert "could not be imported" in relu.note


def test_all_names_of_numpy_may_be_imported_first(tmp_path: Path, score: Score) -> None:
    head = "from numpy import *\nfrom numpy.linalg import *\nfrom math import *\n"
    (tmp_path / "activations.py").write_text(head + RELU)
    assert earned(score(tmp_path / "activations.py"), "activations.relu") == 2


def test_a_misspelt_function_is_asked_after(tmp_path: Path, score: Score) -> None:
    (tmp_path / "activations.py").write_text(RELU.replace("relu", "Relu"))
    result = score(tmp_path / "activations.py")
    relu = next(e for e in result.exercises if e.id == "activations.relu")
    assert (relu.outcome, relu.score) == ("missing", 0)
    assert "it defines Relu: did you mean that?" in relu.note


def test_a_wrong_number_of_arguments_is_told_as_that(tmp_path: Path, score: Score) -> None:
    (tmp_path / "activations.py").write_text("def relu():\n    return 0\n")
    result = score(tmp_path / "activations.py")
    relu = next(e for e in result.exercises if e.id == "activations.relu")
    assert (relu.outcome, relu.score) == ("error", 0)
    assert "cannot be called with these arguments" in relu.checks[0].message


def test_in_a_notebook_magics_are_skipped_and_a_failing_cell_hides_nothing(
    tmp_path: Path, score: Score
) -> None:
    cells = [
        "%matplotlib inline\n!pip install numpy\nimport matplotlib.pyplot\nimport numpy as np",
        "raise RuntimeError\ndef never(): pass",
        "%%bash\nrm -rf /",
        "%%time\ndef relu(z):\n    return np.maximum(z, 0)",
        "def tanh(z):\n    x = (7\n        % 4)\n    return np.tanh(z)",
        "files = !ls\nrelu?\nfor i in range(2):\n    %timeit 1",
        "def broken(:\n",
        ["def tanh_derivative(z):\n", "    return 1 - np.tanh(z) ** 2"],
    ]
    (tmp_path / "activations.ipynb").write_text(notebook(*cells))
    result = score(tmp_path / "activations.ipynb")
    assert earned(result, "activations.relu") == 2
    assert earned(result, "activations.tanh") == 2
    assert earned(result, "activations.tanh_derivative") == 2
    told = " ".join(result.problems)
    assert "code cell 1, line 3: ModuleNotFoundError: No module named 'matplotlib'" in told
    assert "code cell 2, line 1: RuntimeError" in told
    assert "code cell 7" in told


def test_a_notebook_of_the_old_format_is_read(tmp_path: Path, score: Score) -> None:
    cell = {"cell_type": "code", "input": RELU.splitlines(keepends=True), "language": "python"}
    old = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [cell]}]}
    (tmp_path / "activations.ipynb").write_text(json.dumps(old))
    assert earned(score(tmp_path / "activations.ipynb"), "activations.relu") == 2


@pytest.mark.parametrize("content", ["", "[]", "{", '{"cells": 5}', "[" * 5000, '{"cells": [5]}'])
def test_a_damaged_notebook_is_told_as_that(tmp_path: Path, content: str) -> None:
    (tmp_path / "ann.ipynb").write_text(content)
    (problem,) = read(tmp_path / "ann.ipynb").problems
    assert problem == "ann.ipynb was left out: it is not a notebook, or a damaged one."


def test_what_a_notebook_says_to_its_grader_is_left_out(tmp_path: Path, score: Score) -> None:
    cells = [
        "from autograder.notebook import Grader\n\ngrader = Grader('activations')",
        "import otter\ngrader = otter.Notebook('lab.ipynb')",
        f"{RELU}\ngrader.check('relu')  # Twice is better.\nif True:\n    grader.draw('relu')",
    ]
    path = tmp_path / "activations.ipynb"
    path.write_text(notebook(*cells))
    result = score(path)
    assert earned(result, "activations.relu") == 2
    assert result.problems == ()


def test_an_untouched_stub_beside_a_notebook_is_no_question(tmp_path: Path, score: Score) -> None:
    folder = tmp_path / "ann"
    folder.mkdir()
    (folder / "activations.py").write_text("def relu(z):\n    raise NotImplementedError\n")
    (folder / "activations.ipynb").write_text(notebook(RELU))
    result = score(folder)
    assert earned(result, "activations.relu") == 2
    assert result.problems == ()


def test_a_module_handed_in_twice_is_graded_where_most_is_written(
    tmp_path: Path, score: Score
) -> None:
    folder = tmp_path / "ann"
    (folder / "notebooks").mkdir(parents=True)
    (folder / "activations.py").write_text("def relu(z):\n    return z\n")
    more = "def tanh(z):\n    return np.tanh(z)\n"
    (folder / "notebooks" / "activations.ipynb").write_text(notebook(RELU, more))
    result = score(folder)
    assert earned(result, "activations.relu") == 2
    assert "there are 2 files for activations" in result.problems[0]
    assert "notebooks/activations.ipynb was taken" in result.problems[0]


@pytest.mark.parametrize(
    "name",
    ["activations (1).py", "Activations.py", "activations-2.py", "doejane_123_456_activations.py"],
)
def test_names_that_systems_change_are_still_recognised(tmp_path: Path, name: str) -> None:
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / name).write_text(RELU)
    (tmp_path / "bob").mkdir()
    handin = find_submissions(tmp_path, load_course()).handins[0]
    submission = read_submission(handin, load_course())
    assert (set(submission.modules), submission.problems) == ({"activations"}, ())


def test_a_file_of_another_name_is_known_by_what_it_defines(tmp_path: Path) -> None:
    (tmp_path / "homework.py").write_text(RELU + UPDATE + "def sigmoid(z): return z\n")
    submission = read(tmp_path / "homework.py")
    assert set(submission.modules) == {"activations", "gradient_descent"}
    assert "read as gradient_descent.py and activations.py" in submission.problems[0]


def test_hundreds_of_thousands_of_blank_lines_take_no_time(tmp_path: Path) -> None:
    (tmp_path / "homework.py").write_text("\n" * 400_000 + RELU + " " * 400_000)
    # It took hours where a pattern went back over them.
    assert set(read(tmp_path / "homework.py").modules) == {"activations"}


def test_a_helper_module_can_be_imported(tmp_path: Path, score: Score) -> None:
    folder = tmp_path / "ann"
    folder.mkdir()
    (folder / "activations.py").write_text("from mine import relu\n")
    (folder / "mine.py").write_text(RELU.replace("relu", "_relu") + "relu = _relu\n")
    (folder / "gradient_descent.py").write_text("import activations\n" + UPDATE)
    result = score(folder)
    assert earned(result, "activations.relu") == 2
    assert earned(result, "gradient_descent.update_weight") == 3


# Archives


@pytest.mark.parametrize(
    "name",
    [
        *("../activations.py", "a/../../activations.py", "/home/ann/activations.py"),
        *("C:/hw/activations.py", "C:\\hw\\activations.py", "HW 3: activations/activations.py"),
        *("hw\\activations.py", "./a//activations.py", "Lesson: 4/re: activations.py"),
    ],
)
def test_wherever_a_path_in_an_archive_leads_it_is_read_and_written_nowhere(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "below").mkdir()
    path = archive(tmp_path / "below" / "ann.zip", {name: RELU})
    submission = read(path)
    assert set(submission.modules) == {"activations"}
    assert not any("left out" in problem for problem in submission.problems)
    assert [*tmp_path.rglob("*")] == [path.parent, path]


def test_of_thousands_of_manifests_only_a_few_are_read(tmp_path: Path) -> None:
    members = {f"{number}/manifest.json": b" " * 300_000 for number in range(200)}
    path = archive(tmp_path / "handin.zip", members | {"activations.py": RELU})
    files = read_files([Piece(path)])
    assert files.bytes_read < 8_000_000
    assert list(files.contents) == ["activations.py"]


def test_an_archive_bomb_is_read_to_its_limit_only(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("activations.py", b" " * (30 << 20))
    path = archive(tmp_path / "ann.zip", {"a.zip": inner.getvalue(), "gradient_descent.py": UPDATE})
    submission = read(path)
    assert set(submission.modules) == {"gradient_descent"}
    assert submission.problems == (
        "a.zip/activations.py was left out: so small an archive holds more than 12 MB.",
    )


def test_many_files_that_are_each_too_large_are_not_all_inflated(tmp_path: Path) -> None:
    path = archive(tmp_path / "ann.zip", {f"f{n:03}.py": b" " * (21 << 20) for n in range(60)})
    problems = read_files([Piece(path)]).problems
    assert "the rest was left out, since there is more than 60 MB" in problems
    assert len(problems) < 6


def test_an_archive_of_many_bad_entries_is_not_told_entry_by_entry(tmp_path: Path) -> None:
    path = archive(tmp_path / "ann.zip", {f"../{n}.py": "x" for n in range(5000)})
    assert len(read_files([Piece(path)]).problems) < 40


def test_a_compression_that_inflates_all_at_once_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "ann.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as file:
        file.writestr("activations.py", RELU)
    (problem,) = read(path).problems
    assert "compressed in a way that is not read; use an ordinary zip" in problem


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_in_an_archive_is_told_and_the_fuller_file_graded(
    tmp_path: Path, score: Score
) -> None:
    path = tmp_path / "ann.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("activations.py", f"{RELU}\ndef tanh(z):\n    return np.tanh(z)\n")
        file.writestr("activations.py", "def relu(z):\n    return z\n")
    result = score(path)
    assert earned(result, "activations.relu") == 2
    assert any("there are 2 files for activations" in problem for problem in result.problems)


def test_a_huge_archive_says_that_not_all_of_it_was_looked_at(tmp_path: Path) -> None:
    names = {f"notes/{n}.txt": b"" for n in range(20_001)}
    path = archive(tmp_path / "ann.zip", {**names, "activations.py": RELU})
    told = read_files([Piece(path)]).problems
    assert told == ["the rest was left out, since there is more than 20000 files"]


def test_a_long_file_is_read_whole(tmp_path: Path, score: Score) -> None:
    (tmp_path / "activations.py").write_text("# Notes.\n" * 40_000 + RELU)
    assert earned(score(tmp_path / "activations.py"), "activations.relu") == 2
    (tmp_path / "activations.py").write_text("# Notes.\n" * 400_000 + RELU)
    assert "more than a million characters" in read(tmp_path / "activations.py").problems[0]


def test_a_long_name_takes_no_time(tmp_path: Path) -> None:
    path = archive(tmp_path / "ann.zip", {"_" * 60_000 + "x.py": RELU, "activations.py": RELU})
    submission = read(path)
    assert set(submission.modules) == {"activations"}
    assert submission.problems == (
        f"{'_' * 49}…{'_' * 46}x.py was left out: its name is too long.",
    )


def test_a_size_that_lies_is_not_believed(tmp_path: Path) -> None:
    path = archive(tmp_path / "ann.zip", {"activations.py": b" " * (30 << 20)})
    data = bytearray(path.read_bytes())
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    data[22:26] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    assert all(len(content) <= 20 << 20 for content in read_files([Piece(path)]).contents.values())


def test_an_encrypted_member_is_told_as_that(tmp_path: Path) -> None:
    path = archive(tmp_path / "ann.zip", {"activations.py": RELU})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    assert "it is encrypted; hand it in without a password" in read(path).problems[0]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive", b"PK\x05\x06" + b"\0" * 18])
def test_a_damaged_or_empty_archive_is_told_as_that(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ann.zip").write_bytes(content)
    (problem,) = read(tmp_path / "ann.zip").problems
    assert "damaged" in problem or "no Python file" in problem


def test_a_damaged_member_costs_only_itself(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "ann.zip", {"activations.py": RELU * 50, "gradient_descent.py": UPDATE}
    )
    data = bytearray(path.read_bytes())
    data[60:70] = b"\xff" * 10
    path.write_bytes(data)
    submission = read(path)
    assert set(submission.modules) == {"gradient_descent"}
    assert submission.problems == ("activations.py was left out: it is damaged.",)


@given(st.binary(max_size=300), st.integers(0, 400))
@example(b"\x00", 151)  # An entry without a name.
@settings(deadline=None, max_examples=300)
def test_no_damage_to_an_archive_is_more_than_a_problem(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, position: int
) -> None:
    path = archive(tmp_path_factory.getbasetemp() / "fuzzed.zip", {"activations.py": RELU})
    data = bytearray(path.read_bytes())
    data[position : position + len(junk)] = junk
    path.write_bytes(data)
    try:
        read_files([Piece(path)])
    except UnreadableError:
        return


# Links and special files


def test_links_are_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "ann"
    folder.mkdir()
    (tmp_path / "secret.py").write_text(RELU)
    (folder / "gradient_descent.py").write_text(UPDATE)
    (folder / "activations.py").symlink_to(tmp_path / "secret.py")
    (folder / "more").symlink_to(tmp_path)
    submission = read(folder)
    assert set(submission.modules) == {"gradient_descent"}
    assert submission.problems == ("activations.py was left out: it is a symbolic link.",)


def test_the_path_that_is_given_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "activations.py").write_text(RELU)
    (tmp_path / "ann").symlink_to(tmp_path / "real")
    submission = read(tmp_path / "ann")
    assert (submission.id, set(submission.modules)) == ("ann", {"activations"})


def test_a_link_in_an_archive_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "ann.zip"
    with zipfile.ZipFile(path, "w") as file:
        link = zipfile.ZipInfo("activations.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    assert "it is a symbolic link" in read(path).problems[0]


def test_a_child_that_is_a_link_or_a_pipe_gets_a_result_that_says_so(
    tmp_path: Path, course: Course
) -> None:
    (tmp_path / "a-link.py").symlink_to("/etc/passwd")
    (tmp_path / "d-loop.py").symlink_to(tmp_path / "d-loop.py")
    os.mkfifo(tmp_path / "b-pipe.py")
    (tmp_path / "c.py").write_text(RELU)
    problems = [
        read_submission(h, course).problems for h in find_submissions(tmp_path, course).handins
    ]
    assert problems[0] == ("a-link.py cannot be graded: it is a symbolic link, not a file.",)
    assert problems[1] == ("b-pipe.py cannot be graded: it is not an ordinary file.",)


def test_what_cannot_be_graded_at_all_is_one_sentence(tmp_path: Path, course: Course) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "essay.txt").write_text("x")
    for name, told in {
        "absent": "does not exist",
        "empty": "holds no submission",
        "essay.txt": "cannot be graded: give a",
    }.items():
        with pytest.raises(UnreadableError, match=told):
            find_submissions(tmp_path / name, course)


def exported(lesson: str) -> str:
    """A lesson's notebook as Jupyter's "Executable Script" and Colab's "Download .py" write it."""
    text = (ROOT / "exercises" / f"{lesson}.ipynb").read_text(encoding="utf-8")
    notebook: Any = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    exporter: Any = nbconvert.PythonExporter()  # type: ignore[no-untyped-call]
    return str(exporter.from_notebook_node(notebook)[0])


@pytest.mark.parametrize("extra", ["", "get_ipython().run_line_magic('pip', 'install numpy')\n",
                                   "!pip install numpy\n", "%matplotlib inline\n"])  # fmt: skip
def test_a_notebook_that_was_exported_as_a_file_runs(
    tmp_path: Path, examiner: Examiner, extra: str
) -> None:
    stub = re.compile(r"(?s)(def relu\(.*?)raise NotImplementedError")
    text = stub.sub(r"\1return np.maximum(z, 0)", exported("activations"), count=1)
    (tmp_path / "activations.py").write_text(extra + text)
    result = examiner.examine(read(tmp_path / "activations.py"))
    (relu,) = (e for e in result.exercises if e.id == "activations.relu")
    assert (relu.outcome, result.problems) == ("correct", ())


def test_a_file_of_ones_own_with_a_grader_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text("grader = 3\n" + RELU)
    ((chunk,),) = read(tmp_path / "activations.py").modules.values()
    assert (chunk.text, chunk.kind) == ("grader = 3\n" + RELU, "file")


def test_a_cell_that_is_indented_as_a_whole_runs(tmp_path: Path, examiner: Examiner) -> None:
    cell = "    def relu(z):\n        return np.maximum(z, 0)\n"
    (tmp_path / "activations.ipynb").write_text(notebook(["import numpy as np"], [cell]))
    result = examiner.examine(read(tmp_path / "activations.ipynb"))
    assert (result.score, result.problems) == (2, ())


def test_a_notebook_with_numbers_that_are_no_json_is_read(tmp_path: Path) -> None:
    text = notebook(['print("a \\"NaN, [Infinity]", NaN)\n']).replace(
        '"outputs": []', '"outputs": [{"data": [NaN, -Infinity, 1.5]}]'
    )
    (tmp_path / "activations.ipynb").write_text(text + "\n")
    with pytest.raises(ValueError, match="could not convert"):
        json.loads(text, parse_constant=lambda name: float("no " + name))
    files = read_files([Piece(tmp_path / "activations.ipynb")]).contents
    ((chunk,), _) = read_source("activations.ipynb", files["activations.ipynb"])
    assert chunk.text == 'print("a \\"NaN, [Infinity]", NaN)\n'


@pytest.mark.parametrize("end", [b"", b"\\", b'"'])
def test_a_text_without_an_end_takes_no_longer_than_one_with(tmp_path: Path, end: bytes) -> None:
    # Tried from each quotation mark anew, this would take a day.
    (tmp_path / "activations.ipynb").write_bytes(b'{"cells": NaN, "' + b'\\"' * 4_000_000 + end)
    submission = read(tmp_path / "activations.ipynb")
    assert submission.problems == (
        "activations.ipynb was left out: it is not a notebook, or a damaged one.",
    )


def test_an_environment_that_was_handed_in_costs_nothing(tmp_path: Path) -> None:
    library = "hw/env/lib/python3.12/site-packages"
    members = {f"{library}/package/part{n}.py": "" for n in range(250)}
    submission = read(archive(tmp_path / "eve.zip", members | {"hw/activations.py": RELU}))
    assert (list(submission.modules), submission.problems) == (["activations"], ())


def test_a_folder_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(RELU)
    where = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):  # Deeper than a path may be long: even root cannot list it by its path.
        os.mkdir("d" * 250, dir_fd=where)
        inner = os.open("d" * 250, os.O_RDONLY, dir_fd=where)
        os.close(where)
        where = inner
    os.close(where)
    submission = read(tmp_path)
    assert list(submission.modules) == ["activations"]
    assert submission.problems[-1].endswith("was left out: File name too long.")


def test_two_helpers_of_one_name_are_told(tmp_path: Path) -> None:
    members = {f"hw/{place}/utils.py": f"x = '{place}'\n" for place in "abc"}
    members |= {f"hw/{place}/__init__.py": f"y = '{place}'\n" for place in "abc"}
    submission = read(archive(tmp_path / "gil.zip", members | {"hw/activations.py": RELU}))
    assert submission.problems == ("there is more than one utils.py; hw/a/utils.py was taken.",)


def test_results_of_an_earlier_run_are_no_submission(tmp_path: Path) -> None:
    (tmp_path / "jane").mkdir()
    (tmp_path / "jane" / "activations.py").write_text(RELU)
    for name in ("feedback", "results"):
        (tmp_path / "earlier" / name).mkdir(parents=True)
    (tmp_path / "kim").mkdir()
    for name in ("earlier", "kim"):  # A file of that name alone makes nobody's work vanish.
        (tmp_path / name / "gradebook.sqlite").write_bytes(b"")
    found = find_submissions(tmp_path, load_course())
    assert [handin.id for handin in found.handins] == ["jane", "kim"]


def jupyter(*cells: str, **more: object) -> dict[str, Any]:
    """A notebook as JSON has it; `more` goes into each cell."""
    code = [{"cell_type": "code", "source": c, "metadata": {}, "outputs": []} | more for c in cells]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (json.dumps(jupyter("# K\u00e4the \ud83d\n" + RELU)).encode(), None),
        (json.dumps(jupyter("# \ude00\ud83d\ude00\n" + RELU)).encode(), None),
        (json.dumps(jupyter(RELU, outputs=[{"text": "\ud800"}])).encode(), None),
        (json.dumps(jupyter(RELU), ensure_ascii=False).encode("utf-8-sig"), None),
        (
            json.dumps(jupyter("# K\u00e4the\n" + RELU), ensure_ascii=False).encode("utf-16"),
            "UTF-16",
        ),
        (
            json.dumps(jupyter("# K\u00e4the\n" + RELU), ensure_ascii=False).encode("cp1252"),
            "not UTF-8",
        ),
        (json.dumps(jupyter(RELU) | {"worksheets": []}).encode(), None),
    ],
    ids="half halves output bom utf-16 windows both".split(),
)
def test_a_notebook_in_any_encoding_is_read(
    tmp_path: Path, score: Score, content: bytes, problem: str | None
) -> None:
    (tmp_path / "activations.ipynb").write_bytes(content)
    result = score(tmp_path / "activations.ipynb")
    assert earned(result, "activations.relu") == 2
    assert len(result.problems) == (problem is not None)
    assert all(problem in told for told in result.problems if problem)


@given(st.text(st.characters(exclude_categories=[]), max_size=30))
@example("\\ud800 \ud83d \\\ude00")
def test_a_text_with_halves_of_characters_is_read_as_python_reads_it(text: str) -> None:
    data = json.dumps(jupyter(f"#{text}")).encode()
    ((chunk,), _) = read_source("n.ipynb", data)
    (cell,) = json.loads(data)["cells"]
    # Python keeps a half as it is; as UTF-8, as which it is run, there is no such thing.
    lines = cell["source"].replace("\r\n", "\n").replace("\r", "\n")
    assert chunk.text == lines.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def test_plots_do_not_make_a_notebook_too_large(tmp_path: Path, score: Score) -> None:
    picture = {"data": {"image/png": "i" * 25_000_000}}
    (tmp_path / "activations.ipynb").write_text(json.dumps(jupyter(RELU, outputs=[picture])))
    result = score(tmp_path / "activations.ipynb")
    assert (earned(result, "activations.relu"), result.problems) == (2, ())


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (json.dumps(jupyter(RELU))[:-2].encode() + b",", 1),
        (b'{"worksheets": [', 0),
        (b'{"metadata": [', 0),
    ],
    ids="cells worksheets metadata".split(),
)
def test_millions_of_empty_parts_of_a_notebook_cost_no_memory(head: bytes, told: int) -> None:
    data = head + b"{}," * 3_000_000 + b"{}]}"
    tracemalloc.start()
    try:
        chunks, problems = read_source("activations.ipynb", data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [chunk.text for chunk in chunks] == [RELU] * told
    most = "1,000 code cells or 20,000 cells"
    assert problems == [f"activations.ipynb has more than {most}: the rest was left out."] * told
    assert peak < 30_000_000


MARIMO = """\
import marimo

__generated_with = "0.16.0"
app = marimo.App()


@app.cell
def _():
    import numpy as np
    return (np,)
"""


def test_a_marimo_notebook_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(MARIMO)
    (problem,) = read(tmp_path / "activations.py").problems
    assert problem == (
        "activations.py was left out: it is a marimo notebook: run `marimo export ipynb "
        "activations.py -o activations.ipynb` and hand in the file that this makes."
    )


@pytest.mark.parametrize(
    "text",
    [
        f"!pip install numpy \\\n    pandas\n{RELU}",
        f"{RELU}\n%matplotlib inline\nx = !ls | wc\n",
        f"# In[1]:\n\nget_ipython().run_cell_magic('time', '', {RELU!r})\n",
        f"get_ipython().system('pip install numpy')\n{RELU}display(relu(3))\n",
        f'"""Untitled0.ipynb\n\nAutomatically generated by Colab.\n"""\n\n!nvidia-smi\n{RELU}',
        f"# In[ ]:\nget_ipython().magic('matplotlib inline')\n{RELU}",
    ],
    ids="raw later cell-magic display colab old".split(),
)
def test_what_a_kernel_left_in_a_saved_notebook_costs_nothing(
    tmp_path: Path, score: Score, text: str
) -> None:
    (tmp_path / "activations.py").write_text(text)
    result = score(tmp_path / "activations.py")
    assert earned(result, "activations.relu") == 2
    assert all("was not run" in told for told in result.problems)


def test_a_saved_notebook_is_imported_and_not_started(tmp_path: Path, score: Score) -> None:
    (tmp_path / "activations.py").write_text(
        f"get_ipython()\n{RELU}if __name__ == '__main__':\n    del relu\nassert __file__\n"
    )
    assert earned(score(tmp_path / "activations.py"), "activations.relu") == 2


def test_a_cell_that_colab_made_a_comment_of_is_told(tmp_path: Path) -> None:
    (tmp_path / "activations.py").write_text(
        '"""a.ipynb\n\nAutomatically generated by Colab.\n"""\n\n'
        "# Commented out IPython magic to ensure Python compatibility.\n# %%time\n# def relu(z):\n"
    )
    assert read(tmp_path / "activations.py").problems == (
        "activations.py, line 7: Colab made a comment of the cell with %%time when it saved the "
        "notebook as a file; hand in the notebook (.ipynb).",
    )


def test_the_folder_of_a_file_can_be_asked_for(tmp_path: Path, score: Score) -> None:
    (tmp_path / "activations.py").write_text(
        "import os, sys\nhere = os.path.dirname(os.path.abspath(__file__))\nsys.path.append(here)\n"
        f"os.chdir(os.path.dirname(__file__))\n{RELU}"
    )
    result = score(tmp_path / "activations.py")
    assert (earned(result, "activations.relu"), result.problems) == (2, ())


def handin(path: Path, course: Course, text: str, **versions: str) -> Path:
    contents = {"activations.py": text.encode()}
    manifest = write_manifest(course, contents, datetime.now(UTC), **versions)
    return archive(path, {"manifest.json": manifest, "activations.py": text})


def test_a_hand_in_that_was_checked_with_a_newer_python_says_so_where_it_fails(
    tmp_path: Path, score: Score, course: Course
) -> None:
    newer = f"{sys.version_info.major}.{sys.version_info.minor + 1}.2"
    path = handin(tmp_path / "ann.zip", course, f"{RELU}x = = 3\n", python=newer)
    told = score(path).problems
    assert "SyntaxError" in told[0]
    assert told[1] == (
        f"That was checked with Python {newer[:-2]} and is graded with Python "
        f"{sys.version_info.major}.{sys.version_info.minor}: if it ran for you, it uses something "
        "that only the newer one knows."
    )
    assert len(told) == 2


ONLY_NEWER = {
    "import": "import string.templatelib_of_tomorrow",
    "name of a module": "math.fused",
    "method of a type": "str.sliced",
    "keyword of a class": "ValueError(note=1)",
    "keyword of a function": "itertools.chain().__reduce__(strict=True)",
    "keyword": "json.dumps(1, tomorrow=True)",
    "grammar": "exec('x = = 3')",
}


@pytest.mark.parametrize("line", ONLY_NEWER.values(), ids=ONLY_NEWER)
def test_a_call_that_fails_by_what_only_a_newer_python_may_know_says_so_once_a_module(
    tmp_path: Path, score: Score, course: Course, line: str
) -> None:
    newer = f"{sys.version_info.major}.{sys.version_info.minor + 1}"
    text = (
        "import itertools, json, math\n"
        f"def relu(z):\n    {line}\n    return z\ndef sigmoid(z):\n    {line}\n    return z\n"
    )
    (told,) = score(handin(tmp_path / "ann.zip", course, text, python=f"{newer}.2")).problems
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert told == (
        f"activations.py was checked with Python {newer} and is graded with Python {here}: that "
        "may be why calls of it fail, if they use something that only the newer one knows."
    )


@pytest.mark.parametrize(
    "line",
    [
        "return z",
        "raise ValueError",
        "raise NotImplementedError",
        "1 / 0",
        "z.nothing",
        "None.shape",
        "math.sqrt()",
        "z[0, 0, 0, 0]",
        "len(3)",
        "undefined",
        "from activations import nothing",
        "import activations; activations.nothing",
        "sigmoid(z, axis=0)",
    ],
)
def test_a_call_that_fails_in_any_python_says_nothing_of_versions(
    tmp_path: Path, score: Score, course: Course, line: str
) -> None:
    text = (
        f"import math\ndef relu(z):\n    {line}\n    return 7 * z\ndef sigmoid(z):\n    return z\n"
    )
    assert score(handin(tmp_path / "ann.zip", course, text, python="9.1.0")).problems == ()


def test_what_only_hidden_calls_raise_says_nothing_of_versions(
    tmp_path: Path, score: Score, course: Course
) -> None:
    text = (
        "import numpy as np\ndef relu(z):\n"
        "    if np.any(np.abs(z - np.round(z, 4)) > 1e-9):\n        import tomorrow\n"
        "    return np.maximum(z, 0)\n"
    )
    result = score(handin(tmp_path / "ann.zip", course, text, python="9.1.0"))
    (relu,) = [e for e in result.exercises if e.id == "activations.relu"]
    failed = {check.visibility for check in relu.checks if not check.passed}
    assert (failed, result.problems) == ({"hidden"}, ())


@pytest.mark.parametrize(
    ("text", "python"),
    [(RELU, "9.1.0"), (f"{RELU}x = = 3\n", "3.9.18"), (f"{RELU}x = = 3\n", "x" * 99)],
    ids="no-failure older nonsense".split(),
)
def test_a_version_is_said_only_where_it_can_be_the_cause(
    tmp_path: Path, score: Score, course: Course, text: str, python: str
) -> None:
    told = score(handin(tmp_path / "ann.zip", course, text, python=python)).problems
    assert not any("checked with" in sentence for sentence in told)


def test_a_function_whose_name_was_given_away_is_graded_and_told_before_all_else(
    tmp_path: Path, score: Score
) -> None:
    cells = [*["1 / 0"] * 30, RELU, "relu = relu(3)"]
    (tmp_path / "activations.ipynb").write_text(json.dumps(jupyter(*cells)))
    result = score(tmp_path / "activations.ipynb")
    assert earned(result, "activations.relu") == 2
    assert result.problems[0] == (
        "activations.ipynb, code cell 32, line 1: this gives the name relu to something that is no "
        "function, so the function above it was graded; choose another name for the result."
    )


def test_in_a_file_a_name_that_was_given_away_is_told_at_its_exercise(
    tmp_path: Path, score: Score
) -> None:
    (tmp_path / "activations.py").write_text(f"{RELU}relu = relu(3)\n")
    result = score(tmp_path / "activations.py")
    relu = next(e for e in result.exercises if e.id == "activations.relu")
    assert "a line gives its name to something else" in relu.note

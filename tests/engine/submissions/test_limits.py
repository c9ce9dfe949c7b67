"""However hostile a small hand-in is, little of it is read, and little is written about it."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import load_course
from autograder.examiner import Examiner
from autograder.reports import render_class_report, render_feedback, render_grades_csv
from autograder.results import Result, Source, to_json
from autograder.submissions import Handin, Piece, Submission, read_submission
from autograder.submissions.files import read_files
from autograder.submissions.model import UnreadableError
from autograder.submissions.sources import read_source

COURSE = load_course()
MB = 1 << 20
SMALL = 100_000
MANIFEST = {
    "format": "autograder/handin/v1",
    "course": "",
    "course_version": 1,
    "created": "",
    "versions": {},
}


def zipped(members: Iterable[tuple[str, str | bytes]]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def manifest(path: str, times: int) -> str:
    files = [{"path": path, "bytes": 1, "sha256": str(number)} for number in range(times)]
    return json.dumps({**MANIFEST, "files": files})


def cells(unit: bytes, times: int) -> bytes:
    return b'{"cells":[' + unit * times + b"{}]}"


def outputs(unit: bytes, times: int) -> bytes:
    return b'{"cells":[{"outputs":[' + unit * times + b"1]}]}"


def alone(name: str, content: str | bytes) -> bytes:
    return zipped([(name, content)])


def many(count: int, name: str, content: str) -> bytes:
    return zipped((name.format(number), f"{content}#{number}") for number in range(count))


def inside(archive: bytes) -> bytes:
    return alone("in.zip", archive)


# Each took seconds or minutes, or wrote tens of megabytes, where what it aims at had no limit.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "a hundred unnamed files": lambda: many(100, "u{}.py", "relu=\n" * 16_000),
    "unnamed files of blanks": lambda: many(60, "u{}.py", "def relu(z): 0\n" + " " * 990_000),
    "two hundred of one name": lambda: many(199, "{}/a.py", " " * 99_000),
    "two hundred for one module": lambda: many(199, "{}/activations.py", "tanh=\n" * 1600),
    "lines that define": lambda: alone("activations.py", "a=\n" * 330_000),
    "a long word": lambda: alone("activations.py", "a" * 990_000),
    "words before a colon": lambda: alone("activations.py", "a : " * 240_000),
    "def and blanks": lambda: alone("activations.py", "async  def   " * 70_000),
    "stubs all the way": lambda: alone("activations.py", " raise NotImplementedError\n" * 36_000),
    "talk to the grader": lambda: alone("a.py", "import otter\n" + "grader.x() \n" * 82_000),
    "an open bracket": lambda: alone("a.py", "import otter\ngrader.x(" + ") " * 490_000 + "x"),
    "long names": lambda: many(80, "&" * 400 + "{}.py", "x = 1\n"),
    "long names inside": lambda: inside(many(1000, "&" * 900 + "{}/activations.py", "relu = 1\n")),
    "longer names inside": lambda: inside(many(60, "&" * 60_000 + "{}/activations.py", "")),
    "deep folders": lambda: inside(many(1500, "a/" * 490 + "{}.py", "x = 1\n")),
    "paths that lead out": lambda: inside(many(1500, "../" * 320 + "{}.py", "x = 1\n")),
    "nineteen thousand names": lambda: inside(zipped((f"{n}.py", "") for n in range(12_000))),
    "as many of no kind": lambda: inside(zipped((f"{n}.pdf", "") for n in range(12_000))),
    "as many archives": lambda: inside(zipped((f"{n}.zip", "") for n in range(12_000))),
    "a bomb": lambda: alone("activations.py", b" " * (20 * MB)),
    "a notebook of blanks": lambda: alone("activations.ipynb", b'{"cells":[]' + b" " * (12 * MB)),
    "empty cells": lambda: alone("activations.ipynb", cells(b"{},", 3 * MB)),
    "half a million cells": lambda: alone("a.ipynb", cells(b'{"cell_type":"code"},', 490_000)),
    "texts after NaN": lambda: alone("a.ipynb", outputs(b"NaN," + b'"",' * 1000, 1900)),
    "N and N": lambda: alone("a.ipynb", outputs(b"N" * 1000, 3900)),
    "NaN and NaN": lambda: alone("a.ipynb", outputs(b"NaN,", 2 * MB)),
    "capitals after NaN": lambda: alone("a.ipynb", outputs(b"NaN," + b"N" * 8000, 1200)),
    "escapes after a half": lambda: alone(
        "a.ipynb", outputs(b'"\\ud800' + b"\\u0041" * 1000 + b'",', 1500)
    ),
    "a long encoding": lambda: alone("activations.py", "#coding:" + "a" * 3_900_000),
    "bytes of no character": lambda: alone("a.py", b"# coding: cp932\n" + b"\x81" * 3_800_000),
    "one file 500 times": lambda: zipped(
        [
            ("activations.ipynb", b'{"cells":[]}' + b" " * (11 * MB)),
            ("manifest.json", manifest("activations.ipynb", 500)),
        ]
    ),
    "twenty manifests": lambda: zipped(
        (f"{number}/manifest.json", manifest("y/" * 200, 500)) for number in range(20)
    ),
    "a release of forged checks": lambda: many(190, "exercises/checks/{}.py", "relu = 1\n"),
}


def read(path: Path) -> Submission:
    return read_submission(Handin("mallory", Source(path.name), (Piece(path),)), COURSE)


def written(submission: Submission, examiner: Examiner) -> int:
    """The bytes that are written about a submission, in all files together."""
    result = examiner.examine(submission)

    def results() -> list[Result]:
        return [result]

    pages = [
        to_json(result).decode(),
        render_feedback(COURSE, result),
        *render_grades_csv(COURSE, results()),
        *render_class_report(COURSE, results, {}, "a class"),
        msgspec.json.encode(result).decode(),
    ]
    return sum(len(page.encode()) for page in pages)


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.share(12)
def test_of_a_small_hostile_hand_in_little_is_read_and_little_written(
    what: str, tmp_path: Path, examiner: Examiner
) -> None:
    data = HOSTILE[what]()
    assert len(data) < SMALL
    (tmp_path / "mallory.zip").write_bytes(data)
    submission = read(tmp_path / "mallory.zip")
    files = read_files([Piece(tmp_path / "mallory.zip")])
    assert files.bytes_read < 12 * MB + 51 * len(data) + 20 * 300_000
    read_as_code = {chunk for chunks in submission.modules.values() for chunk in chunks}
    assert sum(len(chunk.text) for chunk in read_as_code) <= 1_500_000
    assert len(submission.problems) <= 41
    assert written(submission, examiner) < 1_000_000


NAMES = st.builds(
    lambda parts, suffix: "/".join(parts) + suffix,
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="/\0"), max_size=20)
        | st.sampled_from(
            ["..", "activations", "checks", "autograder", "activations (1)", "é" * 900]
        )
        | st.sampled_from(["<&\"'" * 200, "=1+1" * 60, "activations.py", "\u202e" * 300]),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from([".py", ".ipynb", ".zip", ".pdf", "", "/", ".json", ".py.txt"]),
)
CONTENTS = st.sampled_from(
    [
        "relu = 1\n",
        "def tanh(z):\n    return z\n",
        "",
        "{}",
        '{"cells": []}',
        "\ufeff",
        "\0",
        "(" * 99,
    ]
)


# The library writes no entry without a name.
NAMED = NAMES.filter(lambda name: name.partition("\0")[0] != "")


@given(st.lists(st.tuples(NAMED, CONTENTS), max_size=40), st.integers(0, 40))
@settings(max_examples=60)
def test_whatever_the_names_are_what_is_told_is_short(
    tmp_path_factory: pytest.TempPathFactory, members: list[tuple[str, str]], times: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "mallory.zip"
    repeated = [
        (f"{number}{name}", content) for number in range(times) for name, content in members
    ]
    path.write_bytes(zipped(dict([*members, *repeated]).items()))
    problems = read(path).problems
    assert len(problems) <= 41
    assert all(0 < len(told) <= 900 for told in problems)


def test_what_is_left_out_is_counted_where_it_is_not_named(tmp_path: Path) -> None:
    (tmp_path / "jane.zip").write_bytes(
        zipped([*((f"{n:01200}.py", "") for n in range(100)), ("activations.py", "relu = 1\n")])
    )
    submission = read(tmp_path / "jane.zip")
    assert set(submission.modules) == {"activations"}  # It is not among what is not looked at.
    assert "70 more files were left out." in submission.problems


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("homework.docx", "homework.docx cannot be graded: it is not a .py"),
        ("homework.ipynb", "homework.ipynb was left out: it is not a notebook"),
        ("homework.zip", "homework.zip cannot be graded: it is not a zip archive"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_own_name(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / f"doejane_77_88_{name}").write_bytes(b"\xd0\xcf")
    piece = Piece(tmp_path / f"doejane_77_88_{name}", "", name)
    submission = read_submission(Handin("77", Source("Doe, Jane"), (piece,)), COURSE)
    assert submission.problems[0].startswith(told)


def test_files_of_other_kinds_are_named_where_they_may_be_work(tmp_path: Path) -> None:
    for name in ("plot.png", "activations.txt", "essay.docx", "course.toml", "gradient.py.txt"):
        (tmp_path / name).write_text("relu")
    (problem, others) = read(tmp_path).problems
    assert problem == "there is no Python file or notebook in it."
    assert others.startswith("activations.txt, course.toml, essay.docx, gradient.py.txt, plot.png ")
    (tmp_path / "gradient_descent.py").write_text("def cost():\n    return 0\n")
    assert read(tmp_path).problems == (
        "activations.txt, essay.docx, gradient.py.txt could not be read: only .py, .ipynb and .zip "
        "files are.",
    )


def test_a_large_notebook_of_damaged_utf_16_is_told() -> None:
    with pytest.raises(UnreadableError, match="it is UTF-16, and damaged; save it as UTF-8"):
        read_source("a.ipynb", b"\xff\xfe" + b"\0\xd8" * 2 * MB)


def test_a_large_notebook_of_repeated_output_is_read(tmp_path: Path) -> None:
    outputs = [{"output_type": "stream", "text": ["Again and again\n"] * 600_000}]
    cell = {"cell_type": "code", "source": "def relu(z):\n    return z\n", "outputs": outputs}
    (tmp_path / "jane.zip").write_bytes(alone("activations.ipynb", json.dumps({"cells": [cell]})))
    assert set(read(tmp_path / "jane.zip").modules) == {"activations"}


@given(
    st.recursive(
        st.sampled_from(
            ["NaN", "-Infinity", "Infinity", "1", '"NaN"', '"a \\" NaN"', '"\\\\"', "null"]
        ),
        lambda inner: st.lists(inner, max_size=4).map(lambda held: f"[{','.join(held)}]"),
        max_leaves=12,
    )
)
def test_numbers_that_are_no_json_are_read_and_texts_left_alone(output: str) -> None:
    source = 'print("NaN", -Infinity)'
    cell = f'{{"outputs": [{output}], "cell_type": "code", "source": {json.dumps(source)}}}'
    ((chunk,), _) = read_source("a.ipynb", f'{{"cells": [{cell}]}}'.encode())
    assert chunk.text == source

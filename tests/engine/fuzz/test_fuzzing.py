"""Whatever bytes come in, a reader gives plain values or the one error that it declares."""

import io
import json
import platform
import subprocess
import sys
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from autograder.sandbox import wire
from tests.engine.fuzz.targets import CORPUS, TARGETS
from tests.places import ROOT

# A claimed length takes memory before its content comes, at each of a thousand levels at most (see
# `wire.MAX_ITEMS`); an archive may hold 60 MB, and is inflated piece by piece.
MOST_MEMORY = {"wire": 100 << 20, "notebook": 4 << 20, "archive": 140 << 20}
COVERED = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
needs_atheris = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64",
    reason="atheris has wheels for Linux on x86-64 only",
)

SOURCES = st.sampled_from(
    [
        "def relu(z):\n    return z\n",
        "%%bash\nls\n",
        "grader.check('relu')  # x\r\n",
        "x = %time 1",
        "",
    ]
)
CELLS = st.fixed_dictionaries(
    {},
    optional={
        "cell_type": st.sampled_from(["code", "markdown", "raw", "", None, 3]),
        "source": SOURCES | st.lists(SOURCES, max_size=3) | st.text() | st.none(),
        "input": SOURCES | st.lists(st.text(), max_size=3),
        "outputs": st.lists(st.dictionaries(st.text(), st.integers(), max_size=2), max_size=2),
    },
)
NOTEBOOKS = st.fixed_dictionaries(
    {},
    optional={
        "cells": st.lists(CELLS, max_size=4) | st.none() | st.text(),
        "worksheets": st.lists(st.fixed_dictionaries({"cells": st.lists(CELLS, max_size=2)})),
        "nbformat": st.integers() | st.text(),
    },
)
NAMES = st.sampled_from(
    [
        "activations.py",
        "a/activations.ipynb",
        "../x.py",
        "/x.py",
        "C:\\x.py",
        "in.zip",
        "manifest.json",
    ]
) | st.text(max_size=20).filter(lambda name: "\0" not in name)
VALUES = st.recursive(
    st.sampled_from([None, True, 1, 0.5, 1j, "x", b"x", np.zeros((2, 3)), np.float32(1)]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
# Lengths and codes that mean something in a frame, an archive, or a text.
TELLING = st.sampled_from(
    [
        b"\xff" * 4,
        bytes(4),
        b"\xdd",
        b"\xc6",
        b"\xc9",
        b"PK\x01\x02",
        b"PK\x05\x06",
        b"\xff\xfe",
        b"{",
    ]
)


@st.composite
def damaged(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Bytes that were right, with a few places overwritten, cut out or put in."""
    data = bytearray(draw(whole))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        new = draw(TELLING | st.binary(max_size=4))
        match draw(st.sampled_from(["overwrite", "insert", "cut"])):
            case "overwrite":
                data[at : at + len(new)] = new
            case "insert":
                data[at:at] = new
            case _:
                del data[at : at + draw(st.integers(1, 30))]
    return bytes(data)


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in draw(st.lists(NAMES, max_size=4, unique=True)):
            member = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            member.compress_type = draw(st.sampled_from([0, 8, 12]))
            member.external_attr = draw(st.sampled_from([0, 0o644 << 16, 0o120777 << 16]))
            file.writestr(member, draw(SOURCES | st.binary(max_size=50)))
    return made.getvalue()


@given(damaged(VALUES.map(wire.encode)))
@example(b"\x81\xc4\x01a\x02")
@COVERED
def test_a_damaged_frame_is_plain_values_or_a_wire_error(data: bytes) -> None:
    TARGETS["wire"](data)


@given(damaged(NOTEBOOKS.map(lambda notebook: json.dumps(notebook).encode())))
@COVERED
def test_a_damaged_notebook_is_code_or_unreadable(data: bytes) -> None:
    TARGETS["notebook"](data)


@given(damaged(archives()))
@COVERED
def test_a_damaged_archive_is_files_or_unreadable_and_nothing_of_it_is_extracted(
    data: bytes,
) -> None:
    TARGETS["archive"](data)


@given(st.lists(st.tuples(st.sampled_from(["code", "markdown"]), st.text()), max_size=5))
@COVERED
def test_the_code_of_a_notebook_is_read_as_it_was_written(cells: list[tuple[str, str]]) -> None:
    from autograder.submissions.sources import read_source

    written: list[Any] = [{"cell_type": kind, "source": text} for kind, text in cells]
    chunks, _ = read_source("n.ipynb", json.dumps({"cells": written}).encode("utf-8", "replace"))
    code = [text for kind, text in cells if kind == "code" and text.strip()]
    assert [chunk.text for chunk in chunks] == [
        text.replace("\r\n", "\n").replace("\r", "\n") for text in code
    ]


@pytest.mark.parametrize("target", TARGETS)
def test_what_fuzzing_has_found_is_read_within_its_memory(target: str) -> None:
    kept = sorted((CORPUS / target).iterdir())
    assert len(kept) > 5
    for path in kept:
        data = path.read_bytes()
        tracemalloc.start()
        try:
            TARGETS[target](data)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert peak < MOST_MEMORY[target], path


def test_a_thousand_levels_of_ten_thousand_claimed_items_stay_within_the_memory() -> None:
    tracemalloc.start()
    TARGETS["wire"](b"\xdd\x00\x00\x27\x10" * 100_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < MOST_MEMORY["wire"]


def fuzz(target: str, found: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    words = ["tests.engine.fuzz", target, "--seconds", "3", "--found", str(found)]
    program = f"import sys; sys.argv = {words!r}\n{before}\n"
    program += "from tests.engine.fuzz.__main__ import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=False, cwd=ROOT,
    )  # fmt: skip


@needs_atheris
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.share(1)
def test_a_few_seconds_of_fuzzing_find_nothing(target: str, tmp_path: Path) -> None:
    done = fuzz(target, tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "INITED cov" in done.stderr
    assert not list(tmp_path.rglob("*-*"))


@needs_atheris
def test_fuzzing_finds_a_broken_law_and_keeps_what_broke_it(tmp_path: Path) -> None:
    broken = (
        "import tests.engine.fuzz.targets as targets\n"
        "def broken(data):\n"
        "    if data[:1] == b'\\xdd': raise KeyError\n"
        "targets.TARGETS['wire'] = broken\n"
    )
    done = fuzz("wire", tmp_path, broken)
    assert done.returncode != 0
    (crash,) = tmp_path.rglob("crash-*")
    assert crash.read_bytes()[:1] == b"\xdd"

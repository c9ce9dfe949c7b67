"""A gradebook from a colleague is data: whatever is in it, a sentence or harmless."""

import csv
import io
import re
import sqlite3
from pathlib import Path
from typing import Any

import html5lib
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import load_course
from autograder.gradebook import is_safe
from autograder.reports import render_grades_csv
from autograder.results import Source
from autograder.submissions.identity import safe_id
from tests.engine.teacher.gradebooks import command, gradebook, obeyed, put, record_of, result

EVIL = "<script>x</script>\x1b[31m\u202e\x9b\r\x00=1+1;=2\t=3,@4'\""
PIECES = st.sampled_from(
    ["=", "+", "-", "@", ",", ";", "\t", '"', "'", " ", "\n", "\r", "|", "a", "1", "\uff1d", "\xa0",
     "\x1b[2J", "\u202e", "\u2066", "<b>", "&", "{{ 7 }}", "..", "/", "é", "\u200d"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=12).map("".join)
VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, -1, 2**31, 2**63, 10**40, 1e308, -0.5, 1e-320, 0.0]),
    TEXTS,
    st.just(EVIL),
    st.sampled_from(
        ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-20T10:00:00", "\ud800"]
    ),
    st.lists(TEXTS, max_size=2),
    st.dictionaries(TEXTS, TEXTS, max_size=2),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in plain JSON, with the value there; of a long list the first two."""
    found = [path] if path else []
    if isinstance(value, dict):
        for key, held in value.items():
            found += places(held, (*path, key))
    elif isinstance(value, list):
        for index, held in enumerate(value[:2]):
            found += places(held, (*path, index))
    return found


def set_at(value: Any, path: tuple[Any, ...], new: Any) -> None:
    for step in path[:-1]:
        value = value[step]
    value[path[-1]] = new


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return gradebook(tmp_path_factory.mktemp("teacher") / "out")


@pytest.fixture(scope="module")
def record(folder: Path) -> Any:
    return record_of(folder)


def insist_on_harmless(out: Path, code: int, said: str) -> None:
    assert not obeyed(said), said
    if code:
        assert (code, said.count("\n")) == (2, 1), said
        assert str(out / "gradebook.sqlite") in said
        return
    for page in [out / "report.html", *(out / "feedback").iterdir()]:
        text = page.read_text()
        html5lib.HTMLParser(strict=True).parse(text)
        assert "<script" not in text
        assert "<b>" not in text
        assert not obeyed(text)
    insist_on_no_formula((out / "grades.csv").read_text())


def insist_on_no_formula(text: str) -> None:
    """However a spreadsheet takes the lines apart, no cell begins a formula."""
    assert not obeyed(text)
    for separators in (",", ";", "\t", "|", ",;\t"):
        for cell in re.split(rf"[{separators}\n]", text):
            assert cell.strip(' "')[:1] not in tuple("=+-@\uff1d\uff0b\uff0d\uff20"), cell
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            assert not any(re.match(r"\s*[=+\-@]", cell) for cell in row), row


@given(st.data())
@settings(max_examples=20)
def test_any_value_anywhere_in_a_record_is_a_sentence_or_harmless(
    folder: Path, record: Any, data: st.DataObject
) -> None:
    changed = msgspec.json.decode(msgspec.json.encode(record))
    for _ in range(data.draw(st.integers(1, 2))):
        set_at(changed, data.draw(st.sampled_from(places(changed))), data.draw(VALUES))
    try:
        encoded = msgspec.json.encode(changed)
    except UnicodeEncodeError:
        encoded = repr(changed).replace("'", '"').encode("utf-8", "surrogatepass")
    put(folder, "UPDATE submissions SET record = ?", encoded)
    insist_on_harmless(folder, *command("report", folder))
    for kind in ("csv", "json", "gradescope", "classroom50"):
        code, said = command("export", folder, "--to", kind)
        assert code in (0, 2)
        assert not obeyed(said)
    exported = folder / "export" / "grades.csv"
    if exported.exists():
        insist_on_no_formula(exported.read_text())


@given(TEXTS, st.lists(TEXTS, max_size=2), st.dictionaries(TEXTS, TEXTS, max_size=3))
def test_whatever_people_call_themselves_no_cell_of_ours_begins_a_formula(
    name: str, problems: list[str], ids: dict[str, str]
) -> None:
    source = Source(name, ids=ids)
    odd = msgspec.structs.replace(result(name), source=source, problems=tuple(problems))
    insist_on_no_formula("".join(render_grades_csv(load_course(), [odd])))


@pytest.mark.parametrize(
    "id",
    ["../evil", "/etc/evil", "a/b", "a\\b", "..", ".", "", ".hidden", "a\nb", "\x1b[2J", "a\u202eb",
     "C:evil", "x" * 241, 5, None, b"jane", 2.5],
)  # fmt: skip
def test_an_id_that_is_no_safe_name_is_refused_on_reading(tmp_path: Path, id: Any) -> None:
    out = gradebook(tmp_path / "out")
    odd = msgspec.structs.replace(result(), submission=id if isinstance(id, str) else "jane")
    put(out, "PRAGMA writable_schema = ON")
    try:
        put(out, "UPDATE submissions SET id = ?, record = ?", id, msgspec.json.encode(odd))
    except sqlite3.IntegrityError:
        return  # SQLite itself keeps it out.
    before = sorted(tmp_path.rglob("*"))
    for words in (["report", out], ["export", out, "--to", "gradescope"]):
        code, said = command(*words)
        assert (code, said.count("\n")) == (2, 1)
        # In a column of text a number is one, but no result's.
        told = "none that grading makes" if id in (5, 2.5) else "no submission's id"
        assert f"{told}; choose a new folder." in said
        assert not obeyed(said)
    assert not [path for path in tmp_path.rglob("*evil*") if path not in before]


@given(st.text(max_size=80))
def test_every_id_that_is_given_is_safe(name: str) -> None:
    assert is_safe(safe_id(name))


@pytest.mark.parametrize("kind", ["other id", "text", "number", "deep", "huge", "cut"])
def test_a_record_that_is_none_is_one_sentence(tmp_path: Path, kind: str) -> None:
    out = gradebook(tmp_path / "out")
    whole = msgspec.json.encode(result("jane"))
    odd: Any = {
        "other id": msgspec.json.encode(result("mallory")),
        "text": whole.decode(),
        "number": 7,
        "deep": b'{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "huge": whole[:-1] + b', "x": "' + b"x" * (65 << 20) + b'"}',
        "cut": whole[:100],
    }[kind]
    put(out, "UPDATE submissions SET record = ?", odd)
    code, said = command("report", out)
    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith(f"autograder: {out / 'gradebook.sqlite'} cannot be used: ")
    assert len(said) < 500


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER evil AFTER INSERT ON course BEGIN DELETE FROM submissions; END",
        "CREATE VIEW evil AS SELECT 1",
        "CREATE INDEX evil ON submissions (lower(id))",
        "CREATE TABLE evil (a TEXT CHECK (length(a) < 5))",
        "CREATE TABLE evil (a TEXT, b TEXT GENERATED ALWAYS AS (hex(a)))",
        "CREATE VIRTUAL TABLE evil USING fts5(a)",
    ],
)
def test_what_would_run_in_a_gradebook_is_refused(tmp_path: Path, sql: str) -> None:
    out = gradebook(tmp_path / "out")
    put(out, sql)
    code, said = command("report", out)
    assert (code, said.count("\n")) == (2, 1)
    assert "in it is nothing of a gradebook's; choose a new folder." in said


FACTS = ["policies", "policies in force", "class", "seed", "confinement", "made by"]


@given(st.sampled_from(FACTS), st.one_of(TEXTS, st.just(EVIL), st.binary(max_size=4), VALUES))
@settings(max_examples=12)
def test_any_fact_is_a_sentence_or_harmless(folder: Path, name: str, value: Any) -> None:
    put(folder, "UPDATE submissions SET record = ?", msgspec.json.encode(result()))
    put(folder, "DELETE FROM course")
    put(folder, "DELETE FROM files")
    stored = value if isinstance(value, (str, bytes)) else msgspec.json.encode(value).decode()
    try:
        put(folder, "INSERT INTO course VALUES (?, ?)", name, stored)
    except UnicodeEncodeError:
        return
    insist_on_harmless(folder, *command("report", folder))


@pytest.mark.parametrize(
    "policies", ['{"extra_minutes": 5}', '{"late_penalty": "x"}', "[1]", "{", '{"due": "2026"}',
                 '{"not_counted": ["no.such"]}', '{"extra_minutes": {"jane": 1e300}}']
)  # fmt: skip
def test_policies_that_cannot_be_are_one_sentence(tmp_path: Path, policies: str) -> None:
    out = gradebook(tmp_path / "out")
    put(out, "INSERT OR REPLACE INTO course VALUES ('policies', ?)", policies)
    code, said = command("report", out, "--extra-time", "jane=5")
    assert (code, said.count("\n")) == (2, 1)
    assert "the policies in it are none of this course's" in said


def test_a_journal_that_names_another_file_does_not_have_it_removed(tmp_path: Path) -> None:
    out = gradebook(tmp_path / "out")
    thesis = tmp_path / "thesis"
    thesis.write_text("all of it")
    name = str(thesis).encode()
    magic = bytes.fromhex("d9d505f920a163d7")
    end = name + len(name).to_bytes(4, "big") + sum(name).to_bytes(4, "big") + magic
    header = magic + (0).to_bytes(4, "big") * 5
    (out / "gradebook.sqlite-journal").write_bytes(header.ljust(512, b"\0") + b"\0" * 4 + end)
    code, said = command("report", out)
    assert (code, said.count("\n")) == (2, 1)
    assert "gradebook.sqlite-journal is not a gradebook's: remove it." in said
    assert thesis.read_text() == "all of it"

"""An id belongs to the source that first had it, and moves to nobody else."""

import contextlib
import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.course import load_course
from autograder.gradebook import Gradebook, is_safe
from autograder.results import Result, Source
from autograder.submissions import Handin, read_submission
from autograder.submissions.finding import find_submissions
from autograder.submissions.identity import (
    Identified,
    Known,
    KnownSource,
    Unnamed,
    identify,
    keys_of,
    safe_id,
)
from tests.engine.submissions.trees import SIGNS, written, zipped
from tests.here import small_here as autograder
from tests.laws import examples
from tests.small import COUNT, MISCOUNT, SMALL

WORDS = load_course(SMALL)

SUFFIXES = ("", ".py", ".ipynb", ".zip")
NAMES = st.one_of(
    st.sampled_from(["jane", "Jane", "jane-2", "kim", "की", "कि", "José", "Jose\u0301", "con"]),
    st.text(SIGNS, min_size=1, max_size=5).filter(lambda name: name.strip(".") != ""),
)


def child(name: str, guessed: bool = False) -> Unnamed:
    suffix = PurePosixPath(name).suffix
    stem = name[: -len(suffix)] if suffix in SUFFIXES[1:] else name
    return Unnamed(stem, Source(name), (), guessed=guessed)


class Book:
    """What a gradebook keeps of whose id is whose."""

    def __init__(self) -> None:
        self.sources: dict[str, KnownSource] = {}

    def run(self, found: Sequence[Unnamed]) -> Identified:
        ids = sorted({source.id for source in self.sources.values()})
        made = identify(found, Known(list(self.sources.values()), ids))
        for new in made.new:
            self.sources[new.key] = new
        return made

    def ids(self, names: Sequence[str]) -> dict[str, str]:
        handins = self.run([child(name) for name in names]).handins
        return {handin.name: handin.id for handin in handins}


RUNS = st.lists(
    st.lists(
        st.builds("{}{}".format, NAMES, st.sampled_from(SUFFIXES)),
        min_size=1, max_size=5, unique_by=lambda name: keys_of(Source(name))[0],
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@given(RUNS)
@settings(max_examples=examples(200, 5000))
@example([["jane.py"], ["jane.ipynb", "jane.py"], ["jane.ipynb"]])
@example([["jane.py"], ["jane.ipynb"], ["jane.ipynb", "jane.py"]])
def test_no_id_moves_whoever_hands_in_beside(runs: list[list[str]]) -> None:
    book = Book()
    owner: dict[str, str] = {}  # Of an id, the name that first had it.
    for names in runs:
        ids = book.ids(names)
        assert len({id.casefold() for id in ids.values()}) == len(names)
        for name, id in ids.items():
            first = owner.setdefault(id, name)
            if keys_of(Source(first)) != keys_of(Source(name)):
                # Only while that one is gone, and only to a name that differs in its suffix.
                assert first not in names
                assert safe_id(child(first).wanted) == safe_id(child(name).wanted)
        for id, name in owner.items():
            if name in names:
                assert ids[name] == id


@given(RUNS, st.sets(st.builds("{}{}".format, NAMES, st.sampled_from(SUFFIXES)), max_size=3))
@settings(max_examples=examples(200, 5000))
def test_what_others_hand_in_later_changes_no_id(runs: list[list[str]], others: set[str]) -> None:
    book, *rest = runs[0], *runs[1:]
    alone, together = Book(), Book()
    before = alone.ids(book)
    assert together.ids(book) == before
    for names in rest:
        mine = [name for name in names if name in before]
        beside = [name for name in others if keys_of(Source(name))[0] not in map(key, mine)]
        beside = list({key(name): name for name in beside}.values())
        if mine:
            ids = together.ids([*mine, *beside])
            assert {name: ids[name] for name in mine} == {name: before[name] for name in mine}


def key(name: str) -> str:
    return keys_of(Source(name))[0]


def test_a_file_beside_another_takes_neither_its_id_nor_its_result(tmp_path: Path) -> None:
    written(tmp_path / "class", {"jane.py": COUNT})
    out = tmp_path / "out"
    assert autograder("grade", tmp_path / "class", "--out", out).returncode == 0
    before = (out / "results" / "jane.json").read_bytes()
    (tmp_path / "class" / "jane.ipynb").write_text("{}")
    done = autograder("grade", tmp_path / "class", "--out", out)
    assert "jane.ipynb and jane.py are both called jane" in done.stdout
    assert (out / "results" / "jane.json").read_bytes() == before
    assert (out / "results" / "jane-2.json").exists()


def test_who_changes_the_suffix_hands_in_again_and_that_is_said() -> None:
    book = Book()
    book.ids(["jane.py", "kim.py"])
    again = book.run([child("jane.ipynb"), child("kim.py")])
    assert {h.name: h.id for h in again.handins} == {"jane.ipynb": "jane", "kim.py": "kim"}
    assert again.told == [
        "jane.ipynb was taken for the next attempt of jane, who handed in jane.py before."
    ]
    assert book.run([child("jane.ipynb")]).told == []


def test_of_two_that_could_be_the_next_attempt_neither_is() -> None:
    book = Book()
    book.ids(["jane.py"])
    assert "jane" not in book.ids(["jane.ipynb", "jane.zip"]).values()


def test_what_lies_in_somebodys_archive_passes_for_nobody_elses_work() -> None:
    book = Book()
    book.ids(["jane", "kim.py"])
    forged = book.run([child("jane", guessed=True), child("kim", guessed=True)])
    assert {h.id for h in forged.handins} == {"jane-2", "kim-2"}
    # Nor does the one whose name it was become the one who forged it.
    assert book.ids(["jane", "kim.py"]) == {"jane": "jane", "kim.py": "kim"}
    # The class that always comes as an archive is the same class next week.
    weekly = Book()
    first = weekly.run([child("jane", guessed=True)]).handins
    second = weekly.run([child("jane", guessed=True)]).handins
    assert [h.id for h in first] == [h.id for h in second] == ["jane"]
    # And so it is as a folder; from then on no archive passes for it.
    assert weekly.ids(["jane"]) == {"jane": "jane"}
    third = weekly.run([child("jane", guessed=True)]).handins
    assert [h.id for h in third] == ["jane-2"]


def test_who_comes_after_somebody_who_took_their_name_is_not_taken_for_them() -> None:
    book = Book()
    book.ids(["jane.py"])
    assert [h.id for h in book.run([child("jane", guessed=True)]).handins] == ["jane-2"]
    assert book.ids(["jane", "jane.py"]) == {"jane": "jane-3", "jane.py": "jane"}
    assert [h.id for h in book.run([child("jane", guessed=True)]).handins] == ["jane-2"]


@pytest.mark.parametrize("name", ["की", "कि", "ביתֿ", "ไทย่", "שָׁלוֹם", "Zoë", "李小明", "ಕನ್ನಡ"])
def test_ids_keep_letters_of_every_script(name: str) -> None:
    assert safe_id(name) == name


@given(st.text(max_size=300))
@settings(max_examples=examples(200, 5000))
@example("\u0301a")
@example("a" * 149 + "é")
def test_an_id_that_was_given_is_known_to_be_safe(name: str) -> None:
    id = safe_id(name)
    assert is_safe(id)
    assert is_safe(f"{id}-2")
    assert id.isprintable()
    assert not set(id) & set('/\\:*?"<>|\0')


@pytest.mark.parametrize(
    "id", ["", "..", "../x", "a/b", "a\\b", "a\nb", "a\u202eb", ".a", "x" * 400, "a\0"]
)
def test_what_is_no_id_is_known_not_to_be_safe(id: str) -> None:
    assert not is_safe(id)


@pytest.mark.parametrize("lms_ids", [{"canvas_user_id": "7"}, {"canvas_anonymous_id": "aB0cD"}])
def test_a_person_of_an_lms_is_known_by_number_whatever_the_name(lms_ids: dict[str, str]) -> None:
    book = Book()
    first = Unnamed("doejane_7", Source("doejane", lms="canvas", ids=lms_ids), ())
    married = Unnamed("roejane_7", Source("roejane", lms="canvas", ids=lms_ids), ())
    assert [h.id for h in book.run([first]).handins] == ["doejane_7"]
    assert [h.id for h in book.run([married]).handins] == ["doejane_7"]


def test_an_id_of_an_lms_that_two_claim_is_neithers() -> None:
    book = Book()

    def of(name: str, number: str) -> Unnamed:
        ids = {"sid": "1", "gradescope_submission_id": number}
        return Unnamed(f"{name}_1", Source(name, lms="gradescope", ids=ids), ())

    (jane,) = book.run([of("Jane", "50")]).handins
    made = book.run([of("Mallory", "51"), of("Jane", "52")])
    assert jane.id not in {handin.id for handin in made.handins}
    assert sum("is not the only one" in sentence for sentence in made.told) == 2


def test_a_gradebook_made_before_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.sqlite"
    with Gradebook(path, create=True) as gradebook:
        for id, name in (("jane", "jane.py"), ("jane-2", "jane.zip")):
            gradebook.record(Result(id, 1.0, 2.0, (), (), Source(name), digest=name))
        assert gradebook.known() == Known(
            [KnownSource("name:jane.py", "jane"), KnownSource("name:jane.zip", "jane-2")],
            ["jane", "jane-2"],
        )


def test_a_class_that_was_graded_before_ids_were_kept_goes_on_as_it_was(tmp_path: Path) -> None:
    written(tmp_path / "class", {"jane.py": COUNT, "kim/words.py": MISCOUNT})
    out = tmp_path / "out"
    assert autograder("grade", tmp_path / "class", "--out", out).returncode == 0
    with contextlib.closing(sqlite3.connect(out / "gradebook.sqlite")) as book:
        book.executescript("DROP TABLE sources; PRAGMA user_version = 3;")
    before = {path.name: path.read_bytes() for path in (out / "results").iterdir()}
    (tmp_path / "class" / "jane.ipynb").write_text("{}")
    (tmp_path / "class" / "kim.py").write_text(COUNT)
    done = autograder("grade", tmp_path / "class", "--out", out)
    assert "2 of these are as they were graded before" in done.stdout
    after = {path.name: path.read_bytes() for path in (out / "results").iterdir()}
    assert {name: after[name] for name in before} == before
    assert after.keys() - before.keys() == {"jane-2.json", "kim-2.json"}


def submissions(place: Path) -> dict[str, tuple[str, object, tuple[str, ...]]]:
    """What each submission is, by its id."""
    made: dict[str, tuple[str, object, tuple[str, ...]]] = {}
    for handin in find_submissions(place, WORDS).handins:
        read = read_submission(handin, WORDS)
        made[handin.id] = (handin.name, read.modules, read.problems)
    return made


MALLORYS = st.text(SIGNS, max_size=14).map(lambda text: text.replace("/", "_").replace("\0", "_"))
CANVAS = {
    "anna_101_5001_words.py": COUNT,
    "ben_LATE_102_5002_words.py": MISCOUNT,
    "cleo_103_5003_words.py": COUNT,
}
FORGED = st.lists(
    st.sampled_from(
        ["anna", "101", "5001", "102", "5002", "5009", "LATE", "anon", "x", "aB0cD", "text.html",
         "words.py", "file", "assignsubmission", "12", "5003.py", "104", "anna_101_5001"]
    ),
    min_size=1, max_size=5,
).map("_".join)  # fmt: skip


@given(st.one_of(FORGED, MALLORYS), st.lists(st.one_of(FORGED, MALLORYS), min_size=1, max_size=3))
@settings(max_examples=examples(150, 5000))
@example("anna_101_5001", ["words.py"])
@example("mallory", ["101_5001_words.py", "words.py"])
@example("x_LATE_101_5009", ["words.py"])
@example("anna_101_5001", ["a\\b.py"])
def test_names_that_a_student_of_canvas_chooses_change_nobody_elses_work(
    shown: str, files: list[str]
) -> None:
    """A person chooses what they are called there and what their files are called."""
    theirs = {
        f"{shown or 'x'}_104_{5100 + number}_{name or 'y'}": "def relu(z):\n    return 0\n"
        for number, name in enumerate(files)
    }
    home = Path(tempfile.mkdtemp())
    try:
        before = submissions(zipped(home / "before.zip", CANVAS))
        after = submissions(zipped(home / "after.zip", CANVAS | theirs))
        assert {name: after.get(name) for name in before} == before
        # What begins with a dot is skipped.
        assert len(after) > len(before) or (shown or "x").startswith(".")
    finally:
        shutil.rmtree(home)


CLASS = {f"{name}/words.py": COUNT for name in ("anna", "ben", "cleo")}


@given(st.dictionaries(st.one_of(FORGED, MALLORYS), st.sampled_from([COUNT, "x", ""]), max_size=6))
@settings(max_examples=examples(100, 5000))
@example({"submission_metadata.yml": "submission_1:\n  :submitters: []\n"})
@example({"gradebook.sqlite": "", "results/x": "", "feedback/x": "", "words.py": COUNT})
def test_whatever_one_student_hands_in_changes_nobody_elses_submission(
    files: dict[str, str],
) -> None:
    theirs = {f"mallory/{name.strip('/.') or 'x'}.py": text for name, text in files.items()}
    home = Path(tempfile.mkdtemp())
    try:
        for write in (lambda name, tree: written(home / name, tree), zip_of(home)):
            before = submissions(write("before", CLASS))
            after = submissions(write("after", CLASS | theirs))
            assert {name: after.get(name) for name in before} == before
    finally:
        shutil.rmtree(home)


def zip_of(home: Path):  # type: ignore[no-untyped-def]
    return lambda name, tree: zipped(home / f"{name}.zip", tree)


def handins_of(place: Path, **how: object) -> list[Handin]:
    return find_submissions(place, WORDS, **how).handins  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "beside",
    [{}, {"marks.xlsx": "x"}, {"words.py": COUNT}, {"read me.txt": "x", "old.pdf": "y"}],
)
@pytest.mark.parametrize("inside", ["", "hw3/", "hw3/all/"])
def test_a_class_in_a_folder_beside_something_is_that_class_zipped_or_not(
    tmp_path: Path, inside: str, beside: dict[str, str]
) -> None:
    files = {f"{inside}{path}": text for path, text in CLASS.items()} | beside
    for place in (written(tmp_path / "outer", files), zipped(tmp_path / "outer.zip", files)):
        found = find_submissions(place, WORDS)
        ids = [handin.id for handin in found.handins]
        assert ids[:3] == ["anna", "ben", "cleo"]
        unread = " ".join([*found.told, *ids])
        assert all(name in unread for name in beside)


@pytest.mark.parametrize("write", [written, zipped])
def test_what_submit_packed_is_one_submission_whatever_else_is_in_it(
    tmp_path: Path, write: object
) -> None:
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "words.py").write_text(COUNT)
    packed = autograder("submit", "--out", tmp_path / "h.zip", cwd=tmp_path)
    assert packed.returncode == 0, packed.stderr
    import zipfile

    with zipfile.ZipFile(tmp_path / "h.zip") as archive:
        manifest = archive.read("manifest.json").decode()
    files = {
        "manifest.json": manifest,
        "submission_metadata.yml": "jane:\n  :submitters: [{':name': Jane}]\n",
        "jane/words.py": MISCOUNT,
        "mallory/words.py": COUNT,
    }
    place = write(tmp_path / "handin.zip", files)  # type: ignore[operator]
    assert [h.name for h in handins_of(place)] == ["handin.zip"]


@pytest.mark.parametrize(
    ("files", "one", "many"),
    [
        ({"jane/words.py": COUNT, "kim/words.py": MISCOUNT}, ["outer"], ["jane", "kim"]),
        ({"week1/rows.py": "x=1", "week2/words.py": COUNT}, ["outer"],
         ["week1", "week2"]),
        ({"words.py": COUNT, "old/words.py": MISCOUNT}, ["outer"],
         ["old", "words"]),
    ],
)  # fmt: skip
def test_where_it_could_be_either_a_word_settles_it(
    tmp_path: Path, files: dict[str, str], one: list[str], many: list[str]
) -> None:
    for place in (written(tmp_path / "outer", files), zipped(tmp_path / "outer.zip", files)):
        assert [h.id for h in handins_of(place, taken_as="one")] == one
        assert [h.id for h in handins_of(place, taken_as="class")] == many


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"jane/words.py": COUNT, "kim/words.py": MISCOUNT}, "a class of 2 (jane, kim)"),
        ({"week1/rows.py": "x=1", "week2/words.py": COUNT}, "one submission"),
        ({"words.py": COUNT, "old/words.py": MISCOUNT}, "one submission"),
    ],
)
def test_where_it_could_be_either_it_is_said_what_it_was_taken_for(
    tmp_path: Path, files: dict[str, str], told: str
) -> None:
    found = find_submissions(zipped(tmp_path / "outer.zip", files), WORDS)
    assert f"was taken for {told}" in found.told[0]


def test_a_mix_of_lessons_in_own_folders_is_one_submission_in_a_folder_too(tmp_path: Path) -> None:
    files = {"week1/rows.py": "x=1", "week2/words.py": COUNT}
    (handin,) = handins_of(written(tmp_path / "jane", files))
    assert set(read_submission(handin, WORDS).modules) == {
        "rows", "words"
    }  # fmt: skip


@pytest.mark.parametrize("write", [written, zipped])
def test_the_release_with_ones_work_under_another_name_is_one_submission(
    tmp_path: Path, write: object
) -> None:
    files = {"autograder/__init__.py": "", "exercises/mine.py": COUNT, "README.md": "x"}
    place = write(tmp_path / "jane.zip", files)  # type: ignore[operator]
    assert [h.name for h in handins_of(place)] == ["jane.zip"]


def test_ids_of_all_names_together_are_distinct() -> None:
    names = [
        "".join(pair) for pair in itertools.product(["a", "A", "á", "a\u0301", "a-2"], SUFFIXES)
    ]
    names = list({key(name): name for name in names}.values())
    ids = Book().ids(names)
    assert len({id.casefold() for id in ids.values()}) == len(names)

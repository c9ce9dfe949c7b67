"""LMS downloads are recognised by their naming, and each person's files come together."""

import shutil
import unicodedata
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from autograder.course import load_course
from autograder.submissions import Handin, UnreadableError, read_submission
from autograder.submissions.finding import find_submissions
from tests.engine.lms.makers import (
    PEOPLE,
    Person,
    canvas_download,
    classroom50_download,
    gradescope_download,
    moodle_download,
    zipped,
)
from tests.small import COUNT, MISCOUNT, SMALL

WORDS: Final = load_course(SMALL)


def by_number(handins: list[Handin], key: str) -> dict[str, Handin]:
    return {h.source.ids[key]: h for h in handins}


def unpacked(archive: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(archive.with_suffix(""))
    return archive.with_suffix("")


@pytest.mark.parametrize("unpack", [False, True])
def test_a_canvas_download_is_one_submission_a_student(tmp_path: Path, unpack: bool) -> None:
    path = canvas_download(tmp_path / "submissions.zip")
    found = find_submissions(unpacked(path) if unpack else path, WORDS)
    assert found.lms == "canvas"
    handins = by_number(found.handins, "canvas_user_id")
    assert set(handins) == {str(person.number) for person in PEOPLE}
    wang = handins["4103"]
    assert (wang.name, wang.source.late, wang.source.attempt) == ("小明王", True, 1)
    assert handins["4101"].id == "lovelaceada_4101"
    for person in PEOPLE:
        submission = read_submission(handins[str(person.number)], WORDS)
        assert submission.problems == ()
        assert submission.files == {"words": "words.py"}
        assert submission.modules["words"][0].text == person.files["words.py"]


def test_anonymous_canvas_names_keep_their_case(tmp_path: Path) -> None:
    found = find_submissions(canvas_download(tmp_path / "s.zip", anonymous=True), WORDS)
    assert {h.id for h in found.handins} == {f"anon_aB{n}cD" for n in range(4)}
    late = next(h for h in found.handins if h.source.late)
    assert late.source.ids == {"canvas_anonymous_id": "aB2cD"}


def test_several_files_of_a_canvas_student_are_one_submission(tmp_path: Path) -> None:
    both = {"words.py": COUNT, "rows.py": "def running_means(values): return values\n"}
    path = canvas_download(tmp_path / "s.zip", [Person("A B", 12, "1", "a@b", both)])
    (handin,) = find_submissions(path, WORDS).handins
    assert set(read_submission(handin, WORDS).modules) == {
        "words",
        "rows",
    }


@pytest.mark.parametrize(
    ("suffix", "attempt"), [("-1", 2), ("-7", 8), ("-0f8fad5b-d9cb-469f-a165-70867728950e", 9)]
)
def test_a_canvas_resubmission_loses_its_number(tmp_path: Path, suffix: str, attempt: int) -> None:
    files = {"words.final.py": COUNT}
    path = canvas_download(
        tmp_path / "s.zip", [Person("A B", 12, "1", "a@b", files)], suffix=suffix
    )
    (handin,) = find_submissions(path, WORDS).handins
    assert handin.source.attempt == attempt
    assert [piece.name for piece in handin.pieces] == ["words.final.py"]


def test_of_two_canvas_attempts_the_newest_is_taken(tmp_path: Path) -> None:
    path = zipped(tmp_path / "s.zip", {
        "doejane_77_1001_words.py": MISCOUNT,
        "doejane_LATE_77_1050_words-1.py": COUNT,
    })  # fmt: skip
    (handin,) = find_submissions(path, WORDS).handins
    submission = read_submission(handin, WORDS)
    assert submission.modules["words"][0].text == COUNT
    assert (handin.source.attempt, handin.source.late) == (2, True)
    assert submission.problems == ("words.py is there more than once: the newest was taken.",)


@pytest.mark.parametrize("group", ["group_7", "12", "team_3_4"])
def test_a_canvas_group_with_a_number_in_its_name_keeps_it(tmp_path: Path, group: str) -> None:
    names = [f"doejane_{4000 + n}_{880000 + n}_words.py" for n in range(3)]
    names.append(f"{group}_4009_880009_3_words.py")
    path = zipped(tmp_path / "s.zip", dict.fromkeys(names, COUNT))
    handins = by_number(find_submissions(path, WORDS).handins, "canvas_user_id")
    assert handins["4009"].name == group
    assert handins["4009"].pieces[0].name == "3_words.py"


def test_canvas_texts_and_links_are_told_of_and_cost_nothing(tmp_path: Path) -> None:
    path = zipped(tmp_path / "s.zip", {
        "doejane_77_text.html": "<p>hello</p>",
        "doejane_77_1050_words.py": COUNT,
        "roeric_LATE_78_link.html": "<a>",
    })  # fmt: skip
    jane, eric = find_submissions(path, WORDS).handins
    told = read_submission(jane, WORDS)
    assert set(told.modules) == {"words"}
    assert told.problems == (
        "doejane_77_text.html was left out: it is not a .py, .ipynb or .zip file or a folder.",
    )
    assert eric.source.late
    assert "cannot be graded" in read_submission(eric, WORDS).problems[0]


def test_names_that_a_mac_took_apart_are_the_same_people(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "müllerjö_55_1050_words.py")
    (handin,) = find_submissions(zipped(tmp_path / "s.zip", {name: COUNT}), WORDS).handins
    assert handin.name == "müllerjö"
    assert set(read_submission(handin, WORDS).modules) == {"words"}


def test_names_without_the_utf_8_mark_are_read_all_the_same(tmp_path: Path) -> None:
    path = zipped(tmp_path / "s.zip", {"m__llerjan_55_1050_words.py": COUNT})
    path.write_bytes(path.read_bytes().replace(b"m__ller", "müller".encode()))
    (handin,) = find_submissions(path, WORDS).handins
    assert handin.name == "müllerjan"
    assert set(read_submission(handin, WORDS).modules) == {"words"}


@pytest.mark.parametrize("form", ["folders", "old", "flat", "unpacked"])
def test_a_moodle_download_is_one_submission_a_participant(tmp_path: Path, form: str) -> None:
    path = moodle_download(tmp_path / "s.zip", flat=form == "flat", old=form == "old")
    found = find_submissions(unpacked(path) if form == "unpacked" else path, WORDS)
    assert found.lms == "moodle"
    handins = by_number(found.handins, "moodle_participant_id")
    assert set(handins) == {str(person.number) for person in PEOPLE}
    assert handins["4102"].name == "Zoë OBrien"
    for person in PEOPLE:
        submission = read_submission(handins[str(person.number)], WORDS)
        assert submission.modules["words"][0].text == person.files["words.py"]
        assert submission.files == {"words": "words.py"}


def test_moodles_default_group_has_no_number(tmp_path: Path) -> None:
    names = ["Default group_assignsubmission_file", "Team 7_31_assignsubmission_file"]
    path = zipped(tmp_path / "s.zip", {f"{name}/words.py": COUNT for name in names})
    default, team = find_submissions(path, WORDS).handins
    assert (default.name, default.source.ids) == ("Default group", {})
    assert (team.id, team.source.ids) == ("Team 7_31", {"moodle_participant_id": "31"})


@pytest.mark.parametrize("unpack", [False, True])
def test_a_gradescope_export_knows_who_its_folders_belong_to(tmp_path: Path, unpack: bool) -> None:
    path = gradescope_download(tmp_path / "export.zip")
    found = find_submissions(unpacked(path) if unpack else path, WORDS)
    assert found.lms == "gradescope"
    handins = by_number(found.handins, "gradescope_submission_id")
    zoe = handins["4102"].source
    assert (zoe.name, zoe.ids["sid"], zoe.ids["email"]) == (
        "Zoë O'Brien", "000124", "zoe@example.org",
    )  # fmt: skip
    assert zoe.submitted_at is not None
    assert zoe.submitted_at.astimezone(UTC) == datetime(2026, 11, 21, 7, 15, 9, 123456, UTC)
    assert handins["4102"].id == "Zoë O_Brien_000124"
    submission = read_submission(handins["4102"], WORDS)
    assert submission.files == {"words": "words.py"}


def test_a_gradescope_group_names_all_its_members(tmp_path: Path) -> None:
    zipped(tmp_path / "s.zip", {
        "submission_metadata.yml": "submission_5:\n  :submitters:\n"
        "  - :name: Ada\n    :sid: '007'\n  - :name: Bo\n    :sid: '008'\n",
        "submission_5/words.py": COUNT,
    })  # fmt: skip
    (handin,) = find_submissions(tmp_path / "s.zip", WORDS).handins
    assert (handin.name, handin.source.members) == ("Ada & Bo", ("Ada", "Bo"))
    assert handin.source.ids["sid"] == "007, 008"


@pytest.mark.parametrize(
    "metadata", ["a: [", "- 1", "a: &a [1]\nb: *a\n", "!!python/object:os.system x", "\x00"]
)
def test_metadata_that_is_not_gradescopes_is_said_so(tmp_path: Path, metadata: str) -> None:
    (tmp_path / "submission_metadata.yml").write_text(metadata)
    (tmp_path / "submission_5").mkdir()
    (tmp_path / "submission_5" / "words.py").write_text(COUNT)
    with pytest.raises(UnreadableError, match=r"cannot be graded: its submission_metadata\.yml"):
        find_submissions(tmp_path, WORDS)


def test_a_classroom_50_download_is_one_submission_a_clone(tmp_path: Path) -> None:
    root = classroom50_download(tmp_path, {"ada": COUNT, "bob-x": MISCOUNT})
    for place in (root, tmp_path):
        found = find_submissions(place, WORDS)
        assert found.lms == "classroom50"
        assert [h.id for h in found.handins] == ["ada", "bob-x"]
    ids = found.handins[0].source.ids
    assert ids["classroom50_login"] == "ada"
    assert ids["classroom50_commit"] == "a" * 40
    assert set(read_submission(found.handins[0], WORDS).modules) == {"words"}


def test_a_clone_of_another_name_is_graded_as_nobodys_and_told(tmp_path: Path) -> None:
    root = classroom50_download(tmp_path, {"ada": COUNT, "bob-x": MISCOUNT, "eve": COUNT})
    (root / "ml-course-descent-eve").rename(root / "renamed")
    for name in (root.name, "as I call it"):
        root = root.rename(tmp_path / name)
        found = find_submissions(root, WORDS)
        assert {h.id for h in found.handins} == {"ada", "bob-x", "renamed"}
        assert found.told == (
            "renamed is not called ml-course-descent-LOGIN like the others: whose it is is not "
            "known.",
        )
        (renamed,) = (h for h in found.handins if h.id == "renamed")
        assert renamed.source.ids == {}


def test_what_one_clone_says_of_itself_names_nobody_else(tmp_path: Path) -> None:
    root = classroom50_download(tmp_path, {"ada": COUNT, "bob": COUNT, "x-eve": MISCOUNT})
    forged = root / "ml-course-descent-x-eve" / "result.json"
    text = forged.read_text().replace('"descent"', '"descent-x"').replace('"x-eve"', '"eve"')
    forged.write_text(text)
    found = find_submissions(root.rename(tmp_path / "mine"), WORDS)
    logins = {h.source.ids.get("classroom50_login") for h in found.handins}
    assert {"ada", "bob"} <= logins


def test_a_class_in_plain_folders_is_no_download(tmp_path: Path) -> None:
    for name in ("ada", "bob_1_2", "carol"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "words.py").write_text(COUNT)
    found = find_submissions(tmp_path, WORDS)
    assert found.lms is None
    assert [h.id for h in found.handins] == ["ada", "bob_1_2", "carol"]


def test_files_of_a_class_that_end_in_numbers_are_no_canvas_download(tmp_path: Path) -> None:
    for name in ("ada_1.py", "bob_2.py"):
        (tmp_path / name).write_text(COUNT)
    assert find_submissions(tmp_path, WORDS).lms is None


def test_an_archive_with_the_files_of_a_large_class_loses_nobody(tmp_path: Path) -> None:
    names = [f"s{n}_{n + 100}_{900000 + 3 * n + k}_f{k}.py" for n in range(7000) for k in range(3)]
    path = zipped(tmp_path / "s.zip", dict.fromkeys(names, ""))
    assert len(find_submissions(path, WORDS).handins) == 7000
    shutil.rmtree(tmp_path)


@pytest.mark.parametrize(
    "names",
    [
        ("2026_11_20_ada.py", "2026_11_20_bob.py", "2026_11_20_eve.py"),
        ("lab_3_1_ada.py", "lab_3_1_bob.py"),
        ("hw_2026_1120_ada.py", "hw_2026_1120_bob.py"),
        ("student-01/words.py", "student-02/words.py", "scores.csv"),
    ],
)
def test_an_ordinary_class_is_never_taken_for_a_download(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    path = zipped(tmp_path / "s.zip", dict.fromkeys(names, COUNT))
    for place in (path, unpacked(path)):
        found = find_submissions(place, WORDS)
        assert found.lms is None
        assert len(found.handins) == len({n.partition("/")[0] for n in names if ".py" in n}) or (
            "scores.csv" in names
        )


def test_numbers_in_students_own_file_names_change_no_id(tmp_path: Path) -> None:
    names = [f"{n}_400{i}_88000{i}_2026100{i}_x.py" for i, n in enumerate(("ada", "bob", "eve"))]
    found = find_submissions(zipped(tmp_path / "s.zip", dict.fromkeys(names, COUNT)), WORDS)
    assert [h.source.ids["canvas_user_id"] for h in found.handins] == ["4000", "4001", "4002"]


def test_a_students_own_numbered_files_are_two_files(tmp_path: Path) -> None:
    path = zipped(tmp_path / "s.zip", {
        "doejane_77_1001_part-4.py": COUNT,
        "doejane_77_1002_part-1.py": "def running_means(values): return values\n",
    })  # fmt: skip
    (handin,) = find_submissions(path, WORDS).handins
    assert handin.source.attempt == 1
    assert set(read_submission(handin, WORDS).modules) >= {
        "words", "rows",
    }  # fmt: skip


def test_a_file_called_text_html_belongs_to_its_student(tmp_path: Path) -> None:
    names = ["doejane_77_1051_text.html", "doejane_77_1052_words.py"]
    found = find_submissions(zipped(tmp_path / "s.zip", dict.fromkeys(names, COUNT)), WORDS)
    assert [h.source.ids["canvas_user_id"] for h in found.handins] == ["77"]


def test_a_readme_or_the_results_among_a_download_change_nothing(tmp_path: Path) -> None:
    folder = unpacked(canvas_download(tmp_path / "s.zip"))
    (folder / "README.txt").write_text("downloaded on Friday")
    (folder / "out" / "results").mkdir(parents=True)
    found = find_submissions(folder, WORDS, leave_out=folder / "out")
    assert found.lms == "canvas"
    assert len(found.handins) == len(PEOPLE)


@pytest.mark.parametrize("kind", ["link", "folder", "text"])
def test_a_clones_odd_result_json_costs_nobody_anything(tmp_path: Path, kind: str) -> None:
    root = classroom50_download(tmp_path, {"ada": COUNT, "bob": MISCOUNT})
    odd = root / "ml-course-descent-bob" / "result.json"
    odd.unlink()
    if kind == "link":
        odd.symlink_to("/etc/hostname")
    elif kind == "folder":
        odd.mkdir()
    else:
        odd.write_text(
            (root / "ml-course-descent-ada" / "result.json")
            .read_text()
            .replace("https", "javascript")
        )
    found = find_submissions(root, WORDS)
    assert [h.id for h in found.handins] == ["ada", "bob"]
    assert found.handins[1].source.ids == {"classroom50_login": "bob"}


def test_what_gradescopes_metadata_does_not_name_is_graded_too(tmp_path: Path) -> None:
    path = zipped(tmp_path / "s.zip", {
        "submission_metadata.yml": "submission_1:\n  :submitters:\n  - :name: Ada\n    :sid: '1'\n"
        "submission_9:\n  :submitters:\n  - :name: Gone\n    :sid: '9'\n",
        "submission_1/words.py": COUNT,
        "submission_2/words.py": COUNT,
        "extra.py": COUNT,
    })  # fmt: skip
    handins = {h.id: h for h in find_submissions(path, WORDS).handins}
    assert handins.keys() == {"Ada_1", "submission_2", "extra.py", "Gone_9"}
    told = read_submission(handins["submission_2"], WORDS).problems
    assert told == ("submission_metadata.yml says nothing about submission_2.",)
    assert "no Python file" in read_submission(handins["Gone_9"], WORDS).problems[0]


def test_a_link_in_place_of_a_folder_is_not_entered(tmp_path: Path) -> None:
    unpacked(moodle_download(tmp_path / "elsewhere.zip"))
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "bob").symlink_to(tmp_path / "elsewhere")
    found = find_submissions(tmp_path / "class", WORDS)
    assert [(h.id, found.lms) for h in found.handins] == [("bob", None)]


def test_a_moment_of_very_many_spaces_is_none_and_takes_no_time(tmp_path: Path) -> None:
    path = zipped(tmp_path / "s.zip", {
        "submission_metadata.yml": "submission_5:\n  :submitters:\n  - :name: Ada\n"
        f"  :created_at: '2026-11-20{' ' * 1_000_000}x'\n",
        "submission_5/words.py": COUNT,
    })  # fmt: skip
    (handin,) = find_submissions(path, WORDS).handins
    assert handin.source.submitted_at is None

"""The course's own files, handed in along with the work, are nobody's work."""

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import Course, load_course
from autograder.packaging.student import release_name, student_archive, student_release
from autograder.results import Source
from autograder.submissions import Handin, Piece, Submission, read_submission
from autograder.submissions.release import release_roots
from tests.places import ROOT

FOLDER = release_name(load_course())
COURSE = load_course()
RELEASE = student_release(COURSE)
WORK = "import numpy as np\n\n\ndef relu(z):\n    return np.maximum(z, 0)\n"
ACTIVATIONS = "exercises/activations.py"
OWN = sorted(
    name
    for name in RELEASE
    if name.startswith(("autograder/", "exercises/checks/")) and name.endswith(".py")
)


def read(path: Path) -> Submission:
    return read_submission(Handin("jane", Source(path.name), (Piece(path),)), COURSE)


def hand_in(folder: Path, files: dict[str, bytes]) -> list[Submission]:
    """The same files handed in as a folder and as an archive."""
    archive = folder.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
    return [read(folder), read(archive)]


@pytest.mark.parametrize("wrapper", ["", f"{FOLDER}/", "work/jane's/", "autograder/"])
def test_the_unpacked_release_with_work_in_it_is_that_work(tmp_path: Path, wrapper: str) -> None:
    files = {f"{wrapper}{name}": data for name, data in RELEASE.items()}
    files[f"{wrapper}{ACTIVATIONS}"] = WORK.encode()
    for submission in hand_in(tmp_path / "jane", files):
        assert submission.modules["activations"][0].text == WORK
        assert set(submission.modules) == {lesson.id for lesson in COURSE.lessons}
        assert submission.problems == (
            f"{len(OWN)} files of the course's own came along unchanged and were skipped.",
        )


def test_line_ends_of_another_system_are_no_change(tmp_path: Path) -> None:
    files = {name: data.replace(b"\n", b"\r\n") for name, data in RELEASE.items()}
    for submission in hand_in(tmp_path / "jane", files):
        assert len(submission.problems) == 1
        assert "came along unchanged" in submission.problems[0]


@given(changed=st.lists(st.sampled_from(OWN), min_size=1, max_size=4, unique=True))
@settings(max_examples=20)
def test_a_check_or_part_of_the_engine_that_was_changed_is_named_and_never_read_as_work(
    tmp_path_factory: pytest.TempPathFactory, changed: list[str]
) -> None:
    files = dict(RELEASE) | dict.fromkeys(changed, b"def relu(z):\n    return 'forged'\n")
    for submission in hand_in(tmp_path_factory.mktemp("changed") / "jane", files):
        modules = submission.modules.values()
        assert not any("forged" in chunk.text for chunks in modules for chunk in chunks)
        told = " ".join(submission.problems)
        assert all(name in told for name in changed)


@pytest.mark.parametrize("place", ["checks", "exercises/checks", "Checks", "a/checks/b"])
def test_a_module_is_never_looked_for_under_checks(tmp_path: Path, place: str) -> None:
    files = {f"{place}/activations.py": WORK.encode(), "notes.txt": b""}
    for submission in hand_in(tmp_path / "jane", files):
        assert submission.modules == {}
        assert (
            f"{place}/activations.py is a check or part of the course's own"
            in (submission.problems[0])
        )


def test_a_folder_of_ones_own_called_like_the_package_is_read(tmp_path: Path) -> None:
    for submission in hand_in(tmp_path / "jane", {"autograder/activations.py": WORK.encode()}):
        assert "activations" in submission.modules
        assert submission.problems == ()


def test_the_release_is_told_from_a_class_by_its_names(course: Course) -> None:
    with zipfile.ZipFile(io.BytesIO(student_archive(course))) as archive:
        names = archive.namelist()
    assert release_roots(names) == (f"{FOLDER}/",)
    assert release_roots(RELEASE) == ("",)
    students = [f"{student}/{name}" for student in ("jane", "joe") for name in names]
    assert release_roots(students) == (f"jane/{FOLDER}/", f"joe/{FOLDER}/")
    assert release_roots(["jane/activations.py", "autograder/activations.py"]) == ()
    assert release_roots(["autograder/__init__.py", "joe/exercises/activations.py"]) == ()


def test_what_a_student_adds_beside_the_course_is_a_helper(tmp_path: Path) -> None:
    files = dict(RELEASE) | {"exercises/mine.py": b"x = 1\n"}
    for submission in hand_in(tmp_path / "jane", files):
        assert "mine" in submission.modules


def test_this_package_is_what_the_release_is_compared_with() -> None:
    assert all((ROOT / name).read_bytes() == RELEASE[name] for name in OWN)

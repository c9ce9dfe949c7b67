"""Random folders of files with the names that people, programs and attackers give them."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from hypothesis import strategies as st

SOURCE = "def relu(z):\n    return {}\n"
LESSONS = ("gradient_descent", "backpropagation", "vanishing_gradient", "activations")
NOISE = (".hidden", "__MACOSX", "__pycache__", ".DS_Store", "node_modules")

# What is found in names: scripts with and without case, marks on letters, signs that are something
# to a file system, an LMS, a shell, a spreadsheet or a terminal.
SIGNS = "abzAZ059_-.+@=()  ,;:'\"\\|?*<>&%$#!~^`\x1b\x7f\n\u202eäß王कीिักّé\u0301\u0302\u200dİıſ"
_STRANGE = st.text(SIGNS, min_size=1, max_size=12)
_PEOPLE = st.sampled_from(
    [
        "anna",
        "ben",
        "Ben",
        "cleo",
        "jane",
        "mallory",
        "José",
        "Jose\u0301",
        "की",
        "कि",
        "李",
        "x" * 90,
    ]
)
_LIKE_AN_LMS = st.builds(
    "{}_{}{}_{}_{}".format,
    st.sampled_from(
        ["jane", "jane_101_5001", "anon", "abel", "group_7", "LATE", "x_LATE_102_5002"]
    ),
    st.sampled_from(["", "LATE_"]),
    st.sampled_from(["101", "102", "103", "aB0cD"]),
    st.sampled_from(["5001", "5002", "5003", "assignsubmission", "12"]),
    st.sampled_from(
        ["activations.py", "101_5001_x.py", "file", "file_a.py", "x\\y.py", "text.html"]
    ),
)
_TELLING = st.sampled_from(
    ["manifest.json", "submission_metadata.yml", "scores.csv", "gradebook.sqlite", "results",
     "feedback", "exercises", "checks", "solutions", "submission_1", "c-a-anna", "old", "week1",
     "course.toml", "README.md", "grades.xlsx", "CON", "aux.py", "..a", "C:", "a.", *NOISE]
)  # fmt: skip
_NAMES = st.one_of(
    _PEOPLE, _PEOPLE, _STRANGE, _LIKE_AN_LMS, _TELLING, st.sampled_from(LESSONS)
).map(lambda name: name.replace("/", "_").replace("\0", "_"))
_SUFFIXES = st.sampled_from(["", ".py", ".py", ".PY", ".ipynb", ".zip", ".txt", " (1).py", ".pdf"])


@st.composite
def trees(draw: st.DrawFn, most: int = 9) -> dict[str, str]:
    """Files by their path, each of one to four parts."""
    files: dict[str, str] = {}
    tops = draw(st.lists(_NAMES, min_size=1, max_size=4))
    for _ in range(draw(st.integers(1, most))):
        parts = [draw(st.sampled_from(tops)), *draw(st.lists(_NAMES, max_size=3))]
        if draw(st.booleans()):
            parts.append(draw(st.sampled_from(LESSONS)))
        parts[-1] += draw(_SUFFIXES)
        parts = [p.encode()[:200].decode(errors="ignore") for p in parts]
        if any(part in {"", ".", ".."} for part in parts):
            continue
        path = "/".join(parts)
        # A file is no folder at the same time.
        above = {str(p) for p in PurePosixPath(path).parents}
        if above & files.keys() or any(f == path or f.startswith(f"{path}/") for f in files):
            continue
        files[path] = SOURCE.format(len(files))
    return files


def written(root: Path, files: dict[str, str]) -> Path:
    """Writes the files into a new folder."""
    root.mkdir(parents=True)
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return root


def zipped(path: Path, files: dict[str, str]) -> Path:
    """Writes the files into an archive."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 28, 0, 0, 0)), text)
    return path


def without_noise(files: dict[str, str]) -> Iterator[str]:
    """Yields the paths that no system, editor or hidden folder left there."""
    for path in files:
        if not any(
            p.startswith(".") or p.lower() in map(str.lower, NOISE) for p in path.split("/")
        ):
            yield path

"""Tells the files that came with the students' release from a student's own work.

Students unzip the release, work in its `exercises/` and often hand in the whole folder. Its checks
and engine have files that are named like modules but are nobody's work.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from autograder.course import Course
from autograder.submissions.names import listed

_PACKAGE: Final = Path(__file__).resolve().parent.parent
# The package's folder in a release, and the folders beside it or in it that hold checks.
_ENGINE: Final = f"{_PACKAGE.name}/"
_CHECKS: Final = "checks"
_EXERCISES: Final = "exercises/"
_KINDS: Final = frozenset({".py", ".json"})


class Parted(NamedTuple):
    """A hand-in's files without those of the release, and sentences on what was left out."""

    work: dict[str, bytes]
    problems: list[str]


def release_roots(names: Iterable[str]) -> tuple[str, ...]:
    """Returns the folders that hold the students' release, the nearest to the top first.

    Such a folder holds the engine, recognised by its file names, and exercises beside it.

    Args:
        names: The paths of all files of a folder or archive, with `/` between folders.

    Returns:
        Each folder's path with a slash at its end; "" for the top.

    Example:
        >>> release_roots(["course/autograder/__init__.py", "course/exercises/averages.py"])
        ('course/',)
    """
    names = list(names)
    engines = _engines(names)
    if not engines:
        return ()
    beside = {
        name[:at] for name in names if (at := _at(name, _EXERCISES)) >= 0 and name[:at] in engines
    }
    return tuple(sorted(beside, key=lambda root: (root.count("/"), root)))


def without_release(contents: Mapping[str, bytes], course: Course) -> Parted:
    """Sets aside the engine and the checks that lie among the files of a hand-in.

    No file in a folder of checks, or in the engine's folder, is work, even if it was changed:
    unchanged files are counted, changed ones are named.
    """
    engines = tuple(f"{root}{_ENGINE}" for root in _engines(contents))
    work: dict[str, bytes] = {}
    unchanged = 0
    changed = []
    checks = course.root / _EXERCISES / _CHECKS
    for name, data in contents.items():
        inside = next((engine for engine in engines if name.startswith(engine)), None)
        if inside is not None:
            came = _is_as_it_came(_PACKAGE, name.removeprefix(inside), data)
        elif (at := _at(name.lower(), f"{_CHECKS}/")) >= 0:
            came = _is_as_it_came(checks, name[at + len(_CHECKS) + 1 :], data)
        else:
            work[name] = data
            continue
        unchanged += came
        if not came:
            changed.append(name)
    problems = []
    if unchanged:
        files = "one file" if unchanged == 1 else f"{unchanged} files"
        problems.append(f"{files} of the course's own came along unchanged and were skipped.")
    if changed:
        what = "is a check or part" if len(changed) == 1 else "are checks or parts"
        problems.append(
            f"{listed(changed)} {what} of the course's own program, other than here; nothing there "
            "is read as work."
        )
    return Parted(work, problems)


def _engines(names: Iterable[str]) -> set[str]:
    """Returns the folders that the engine lies in."""
    own = _own_files()
    return {
        name[:at]
        for name in names
        if (at := _at(name, _ENGINE)) >= 0 and name[at + len(_ENGINE) :] in own
    }


def _at(name: str, folder: str) -> int:
    """Returns where the last folder of this name begins in a path, or -1 if there is none."""
    return f"/{name}".rfind(f"/{folder}")


@cache
def _own_files(folder: Path = _PACKAGE) -> frozenset[str]:
    found = (path for path in folder.rglob("*.*") if path.suffix in _KINDS)
    return frozenset(path.relative_to(folder).as_posix() for path in found)


def _is_as_it_came(folder: Path, path: str, data: bytes) -> bool:
    if path not in _own_files(folder):
        return False
    # Git and editors on Windows use other line endings.
    return data.replace(b"\r\n", b"\n") == (folder / path).read_bytes().replace(b"\r\n", b"\n")

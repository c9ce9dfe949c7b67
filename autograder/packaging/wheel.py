"""What an archive needs to run this package elsewhere: its wheel, and pinned dependencies."""

import base64
import csv
import hashlib
import io
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.course import BUNDLED, Course
from autograder.course.files import files_of

NAME: Final = "deep-learning-basics"
# The root of the checkout, if this is one.
_ROOT: Final = Path(__file__).resolve().parents[2]
# Where the course is in the wheel.
_BUNDLED: Final = "autograder/bundled/"
# The metadata files of an installed package that were in its wheel.
_KEPT: Final = frozenset({"METADATA", "WHEEL", "entry_points.txt"})
_EXTRA: Final = re.compile(r"\bextra\b")


class NoWheelError(Exception):
    """This package's wheel cannot be made here; the message is a sentence."""


def about() -> metadata.PackageMetadata:
    """Returns the metadata of this package, as it is installed here.

    Raises:
        NoWheelError: it is not installed.
    """
    try:
        return metadata.metadata(NAME)
    except metadata.PackageNotFoundError:
        raise NoWheelError(
            f"packages are made by an installed package, and {NAME} is not installed in "
            f"{sys.executable}: use the one that it is installed in."
        ) from None


def dependencies() -> list[Requirement]:
    """Returns this package's dependencies, without those of its extras.

    Raises:
        NoWheelError: it is not installed.
    """
    needed = map(Requirement, about().get_all("Requires-Dist") or [])
    return [requirement for requirement in needed if not _is_extra(requirement)]


def licence() -> bytes:
    """Returns the text of this package's licence.

    Raises:
        NoWheelError: it is not installed.
    """
    about()
    files = metadata.files(NAME) or ()
    return next(path.read_binary() for path in files if path.name == "LICENSE")


def build_wheel(course: Course) -> tuple[str, bytes]:
    """Returns the name and content of this package's wheel, with a course and its graders in it.

    In a checkout it is built; elsewhere it is made from the installed files.

    Raises:
        NoWheelError: pip cannot build it.
    """
    about()
    if (_ROOT / "pyproject.toml").is_file():
        name, files = _built()
    else:
        name, files = _installed()
    if course.root != BUNDLED:
        files = {path: data for path, data in files.items() if not path.startswith(_BUNDLED)}
        files |= {f"{_BUNDLED}{path}": data for path, data in files_of(course)}
    return name, _packed(files)


def _built() -> tuple[str, dict[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "wheel", str(_ROOT), "--no-deps", "--quiet"]
        options = ["--disable-pip-version-check", "--wheel-dir", folder]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            why = (done.stderr.strip().splitlines() or ["pip says nothing"])[-1]
            raise NoWheelError(f"pip cannot build this project's wheel: {why}.")
        with zipfile.ZipFile(wheels[0]) as wheel:
            return wheels[0].name, {name: wheel.read(name) for name in wheel.namelist()}


def _installed() -> tuple[str, dict[str, bytes]]:
    """Returns the name of this package's wheel, and the files that were installed from it."""
    distribution = metadata.distribution(NAME)
    files, folder = {}, ""
    for path in distribution.files or ():
        if path.parts[0] in {"..", "/"} or "__pycache__" in path.parts:
            continue
        if path.parts[0].endswith(".dist-info"):
            folder = path.parts[0]
            if path.name not in _KEPT and "licenses" not in path.parts:
                continue
        files[path.as_posix()] = path.read_binary()
    return f"{folder.removesuffix('.dist-info')}-py3-none-any.whl", files


def _packed(files: Mapping[str, bytes]) -> bytes:
    """Returns a wheel of these files, with its RECORD.

    Source: packaging.python.org/specifications/binary-distribution-format/
    """
    made, record = io.BytesIO(), io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    folder = next(name.partition("/")[0] for name in files if ".dist-info/" in name)
    with zipfile.ZipFile(made, "w") as wheel:
        for name, content in sorted(files.items()):
            if name != f"{folder}/RECORD":
                digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
                rows.writerow([name, f"sha256={digest.rstrip(b'=').decode()}", len(content)])
                wheel.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        rows.writerow([f"{folder}/RECORD", "", ""])
        wheel.writestr(zipfile.ZipInfo(f"{folder}/RECORD"), record.getvalue())
    return made.getvalue()


def pinned_requirements() -> str:
    """Returns a requirements file: the wheel's dependencies, indirect ones too, at versions here.

    A dependency for another platform, which is not installed here, keeps its range and marker.
    """
    lines = dict(_pinned(iter(dependencies()), set()))
    return "".join(f"{line}\n" for _, line in sorted(lines.items()))


def _pinned(needed: Iterator[Requirement], seen: set[str]) -> Iterator[tuple[str, str]]:
    for requirement in needed:
        name = canonicalize_name(requirement.name)
        if name in seen:
            continue
        seen.add(name)
        marker = f"; {requirement.marker}" if requirement.marker else ""
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            # For another platform, or only for an older Python: pip decides by the marker.
            if marker:
                yield name, str(requirement)
            continue
        yield name, f"{name}=={distribution.version}{marker}"
        inner = map(Requirement, distribution.requires or [])
        yield from _pinned((r for r in inner if not _is_extra(r)), seen)


def _is_extra(requirement: Requirement) -> bool:
    return requirement.marker is not None and bool(_EXTRA.search(str(requirement.marker)))

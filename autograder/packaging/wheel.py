"""What an archive needs to run this package elsewhere: its wheel, and pinned dependencies."""

import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# The checkout, where this is one.
ROOT: Final = Path(__file__).resolve().parents[2]


class NoCheckoutError(Exception):
    """The files that a package is made of are not here; the message is a sentence."""


def project() -> dict[str, Any]:
    """Returns the project's own metadata, from its pyproject.toml.

    Raises:
        NoCheckoutError: this is not a checkout.
    """
    try:
        text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NoCheckoutError(
            f"packages are made from a checkout of the project, and {ROOT} is none."
        ) from None
    found: dict[str, Any] = tomllib.loads(text)["project"]
    return found


def build_wheel() -> tuple[str, bytes]:
    """Returns the name and content of this checkout's wheel, graders and solutions in it.

    Raises:
        NoCheckoutError: this is not a checkout, or pip cannot build it.
    """
    project()
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "wheel", str(ROOT), "--no-deps", "--quiet"]
        options = ["--disable-pip-version-check", "--wheel-dir", folder]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if done.returncode or not wheels:
            why = (done.stderr.strip().splitlines() or ["pip says nothing"])[-1]
            raise NoCheckoutError(f"pip cannot build this project's wheel: {why}.")
        return wheels[0].name, wheels[0].read_bytes()


def pinned_requirements() -> str:
    """Returns a requirements file: what the wheel needs, directly or not, at the versions here.

    A dependency that is not installed here, since it is for another platform, keeps its range and
    its marker.
    """
    lines = dict(_pinned(map(Requirement, project()["dependencies"]), set()))
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
            # For another platform; what an older Python alone needs is no loss to leave to pip.
            if marker:
                yield name, str(requirement)
            continue
        yield name, f"{name}=={distribution.version}{marker}"
        inner = map(Requirement, distribution.requires or [])
        yield from _pinned((r for r in inner if not _is_extra(r)), seen)


def _is_extra(requirement: Requirement) -> bool:
    return (
        requirement.marker is not None
        and re.search(r"\bextra\b", str(requirement.marker)) is not None
    )

"""Finds and loads a course's own Python, which is trusted code of the course's author.

A course's files are loaded under one private package name, derived from the course's path. So two
courses can be in use at once, neither is on `sys.path`, and no installed package can be mistaken
for a course's. They import each other relatively: `from ...solutions import counting`.
"""

import hashlib
import importlib
import sys
import threading
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Final

_PREFIX: Final = "autograder_course_"
_COURSE_FILE: Final = "exercises/course.toml"
_PARTS: Final = frozenset({"exercises", "solutions", "graders", "site"})
_making: Final = threading.Lock()


def load(root: Path, name: str) -> ModuleType:
    """Returns a module of a course, such as `solutions.counting`.

    Raises:
        ModuleNotFoundError: there is no such file.
        Exception: whatever the file raises while it is loaded.
    """
    return importlib.import_module(f"{_package(root)}.{name}")


def load_if_there(root: Path, name: str) -> ModuleType | None:
    """Returns a module of a course, or None if the course has no such file."""
    return load(root, name) if path_of(root, name).is_file() else None


def path_of(root: Path, name: str) -> Path:
    """Returns the path of a course module's file."""
    return root.joinpath(*name.split(".")).with_suffix(".py")


def home_of(path: Path) -> Path | None:
    """Returns the folder of the course that a file belongs to, or None."""
    for folder in path.parents:
        if (folder / _COURSE_FILE).is_file():
            return folder if path.relative_to(folder).parts[0] in _PARTS else None
    return None


def _package(root: Path) -> str:
    name = _PREFIX + hashlib.sha256(str(root).encode()).hexdigest()[:16]
    with _making:
        if name not in sys.modules:
            # So that files written a moment ago are found too.
            importlib.invalidate_caches()
            package = ModuleType(name)
            package.__path__ = [str(root)]
            package.__spec__ = ModuleSpec(name, None, is_package=True)
            package.__spec__.submodule_search_locations = package.__path__
            sys.modules[name] = package
    return name

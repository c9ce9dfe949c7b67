"""Creates a new course, or the files for one more exercise."""

import keyword
import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from typing import Final

from autograder.course import Course, CourseError, load_course
from autograder.course.code import path_of
from autograder.writing import EVERYBODY, write_whole

# Marks where an author has to write; `verify` says where it still stands.
UNWRITTEN: Final = "Write here"

_TEMPLATES: Final = resources.files("autograder.authoring") / "templates"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
# The files for an exercise. One that the lesson does not have yet begins with its `_head`.
_PLACES: Final = {
    "solutions.{}": (
        "solution",
        "the signature, the contract as a docstring, and the reference's body",
    ),
    "graders.{}.proofs": (
        "proof",
        "the formula once more, from the contract and not from the solution",
    ),
    "exercises.checks.{}": (
        "public",
        "few checks, at the lesson's own numbers and at others, a fifth of the points",
    ),
    "graders.{}.checks": ("hidden", "checks on other numbers, the right values first"),
    "graders.{}.mistakes": ("mistake", "what learners get wrong, with the sentence they read"),
    "graders.{}.variants": ("variants", "at least four other ways to write it"),
}


class ScaffoldError(Exception):
    """A course or an exercise cannot be begun there; the message is a sentence."""


def new_course(folder: Path) -> list[Path]:
    """Writes a course of one exercise, and returns the files.

    Raises:
        ScaffoldError: the folder holds something already.
        OSError: it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ScaffoldError(f"{folder} holds something already: choose a folder that is not there.")
    written = []
    for name, source in sorted(_files(_TEMPLATES / "course")):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, source.read_bytes(), EVERYBODY)
        written.append(path)
    return written


def add_exercise(course: Course, exercise: str) -> dict[Path, str]:
    """Writes the files for one more exercise, and returns each with what to write there.

    Raises:
        ScaffoldError: the name is not valid for an exercise, or is taken.
        OSError: a file cannot be written.
    """
    lesson, _, function = exercise.partition(".")
    for name in (lesson, function):
        if not _NAME.fullmatch(name) or keyword.iskeyword(name):
            raise ScaffoldError(
                f"{exercise!r} names no exercise: one is like averages.median, the lesson's name "
                "and the function's in lower case."
            )
    if exercise in course.exercises:
        raise ScaffoldError(f"{exercise} is there already: choose another name.")
    names = {"lesson": lesson, "function": function, "title": _words(function)}
    names["lesson_title"] = _words(lesson)
    names["page"] = next((m.page for m in course.lessons if m.id == lesson), f"{lesson}/")
    file = course.root / "exercises" / "course.toml"
    made = {
        file: (_with_data(file.read_text(encoding="utf-8"), names), "its title, points and hints")
    }
    for place, (template, what) in _PLACES.items():
        path = path_of(course.root, place.format(lesson))
        before = (
            path.read_text(encoding="utf-8")
            if path.is_file()
            else _filled(f"{template}_head", names)
        )
        made[path] = _with_code(before, template, names), what
    page = course.root / "site" / f"{names['page'].strip('/')}.md"
    if page.parent.is_dir():
        before = (
            page.read_text(encoding="utf-8") if page.is_file() else f"# {names['lesson_title']}\n"
        )
        made[page] = before.rstrip() + "\n\n" + _filled("page", names), "what teaches it"
    for path, (text, _) in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text.encode(), EVERYBODY)
    load_course.cache_clear()
    return {path: what for path, (_, what) in made.items()}


def _with_data(text: str, names: dict[str, str]) -> str:
    """Returns course.toml with the exercise after the others of its lesson."""
    entry = _filled("course", names)
    # The lesson's id, not that of an exercise with the same name.
    begun = re.search(
        rf'^\[\[modules\]\]\s*\n(?:(?!\[).*\n)*?id\s*=\s*"{names["lesson"]}"', text, re.MULTILINE
    )
    if begun is None:
        return f"{text.rstrip()}\n\n{_filled('lesson', names)}\n{entry}"
    following = text.find("\n[[modules]]\n", begun.end())
    before, after = (text[:following], text[following:]) if following >= 0 else (text, "")
    return f"{before.rstrip()}\n\n{entry}{after}"


def _with_code(before: str, template: str, names: dict[str, str]) -> str:
    made = _filled(template, names)
    if template != "variants":
        return f"{before.rstrip()}\n\n\n{made}"
    end = before.rstrip()
    if not end.endswith("}"):
        raise CourseError("variants.py does not end with its table: put VARIANTS last in it.")
    return f"{end[:-1].rstrip()}\n{made}}}\n"


def _filled(template: str, names: dict[str, str]) -> str:
    text = (_TEMPLATES / "exercise" / f"{template}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(names, write=UNWRITTEN)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _files(folder: Traversable, below: str = "") -> list[tuple[str, Traversable]]:
    found = []
    for entry in folder.iterdir():
        name = f"{below}{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                found += _files(entry, f"{name}/")
        elif not entry.name.endswith(".pyc"):
            found.append((name, entry))
    return found

"""The engine and the course are two trees: nothing of the engine names what any course holds."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from autograder.course import load_course
from tests.places import ROOT
from tests.small import SMALL

ENGINE: Final = ROOT / "autograder"
TEXTS: Final = {".py", ".html", ".css", ".js", ".toml", ".ini", ".txt", ".sh", ".yml", ".md"}
# What an author begins with is a course of its own.
NOT_OURS: Final = ("authoring/templates/", "bundled/", "theme/assets/", "licences/")
COURSES: Final = [load_course(), load_course(SMALL)]


def files() -> Iterator[Path]:
    for path in sorted(ENGINE.rglob("*")):
        name = path.relative_to(ENGINE).as_posix()
        if path.suffix in TEXTS and not name.startswith(NOT_OURS):
            yield path


def telling_names() -> set[str]:
    """Returns what a course's lessons and exercises are called, but for everybody's words."""
    names = {lesson.id for course in COURSES for lesson in course.lessons}
    titles = {lesson.title for course in COURSES for lesson in course.lessons}
    names |= {title for title in titles if " " in title}
    names |= {id for course in COURSES for id in course.exercises}
    names |= {
        exercise.function
        for course in COURSES
        for exercise in course.exercises.values()
        if "_" in exercise.function or exercise.function in {"relu", "sigmoid", "softmax"}
    }
    return names - {"words", "rows"}


def test_no_file_of_the_engine_names_a_lesson_or_an_exercise() -> None:
    names = re.compile(rf"(?<![\w.-])({'|'.join(map(re.escape, telling_names()))})(?![\w-])", re.I)
    found = [
        f"{path.relative_to(ROOT)}, line {number}: {match[0]}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in names.finditer(line)
        if not hasattr(np, match[0])
    ]
    assert found == []


@pytest.mark.parametrize("tree", ["solutions", "graders", "exercises", "site", "tests"])
def test_no_module_of_the_engine_imports_another_tree(tree: str) -> None:
    found = []
    for path in files():
        if path.suffix == ".py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                imported = (
                    [alias.name for alias in node.names]
                    if isinstance(node, ast.Import)
                    else [node.module or ""]
                    if isinstance(node, ast.ImportFrom) and not node.level
                    else []
                )
                found += [(path, name) for name in imported if name.partition(".")[0] == tree]
    assert found == []


def test_no_number_of_a_course_stands_in_the_engine() -> None:
    """How many exercises and lessons there are, and what they are worth together."""
    course = load_course()
    count, lessons = len(course.exercises), len(course.lessons)
    numbers = re.compile(
        rf"\b({count} (exercises|functions)|(four|{lessons}) (lessons|modules)|"
        rf"{course.max_score:g} points)\b"
    )
    found = [
        f"{path.relative_to(ROOT)}, line {number}: {line.strip()}"
        for path in files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if numbers.search(line)
    ]
    assert found == []

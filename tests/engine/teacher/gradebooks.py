"""Gradebooks made by hand, and commands run in this process, fast enough for laws."""

import contextlib
import io
import os
import sqlite3
from pathlib import Path
from typing import Any

import click
import msgspec

from autograder.cli import cli
from autograder.cli.terminal import UserError, say_error
from autograder.course import load_course
from autograder.display import Shown
from autograder.gradebook import Gradebook
from autograder.results import (
    CheckResult,
    Evidence,
    ExerciseResult,
    Mistake,
    Result,
    Source,
)


def result(submission: str = "jane", **source: Any) -> Result:
    """A result in which every field says something."""
    course = load_course()
    evidence = Evidence(
        "it differs", "relu(1.0)", Shown("1.0"), Shown("2.0", ((0, 3),)), ("line 1",)
    )
    checks = (
        CheckResult("test_a", False, "public", "The first sentence.", 1.0, evidence),
        CheckResult("test_b", True, "hidden", "The second sentence.", 1.0),
    )
    exercises = tuple(
        ExerciseResult(
            name,
            exercise.points / 2,
            exercise.points,
            "partly",
            checks,
            Mistake("cost.no_half", "It is twice as large.", exercise.section),
            "something",
        )
        for name, exercise in course.exercises.items()
    )
    return Result(
        submission,
        50.0,
        100.0,
        exercises,
        ("A problem.",),
        Source(submission, **source),
        ("filesystem",),
        digest="d",
        account=("An account.",),
        content="c",
        keys={"k": "v"},
        noted={"k": ("note",)},
    )


def gradebook(out: Path, *results: Result) -> Path:
    """An output folder with a gradebook of these results in it, and nothing else."""
    out.mkdir(exist_ok=True)
    with Gradebook(out / "gradebook.sqlite", create=True) as book:
        for one in results or (result(),):
            book.record(one)
        book.describe({"class": "a class", "seed": "7", "confinement": "filesystem: Landlock"})
    return out


def put(out: Path, sql: str, *values: object) -> None:
    """Changes a gradebook as somebody would who does not use this package."""
    with contextlib.closing(sqlite3.connect(out / "gradebook.sqlite")) as connection, connection:
        connection.execute(sql, values)


def record_of(out: Path) -> Any:
    """The record in a gradebook, as plain JSON."""
    with contextlib.closing(sqlite3.connect(out / "gradebook.sqlite")) as connection:
        (record,) = connection.execute("SELECT record FROM submissions").fetchone()
    return msgspec.json.decode(record)


def command(*words: object) -> tuple[int, str]:
    """Runs the command in this process, and returns its exit code and all that it printed.

    Only what a user is told in a sentence ends it; anything else would be a traceback.
    """
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = cli.main(list(map(os.fspath, map(str, words))), standalone_mode=False)
        except UserError as error:
            say_error(str(error))
            code = error.code
        except click.ClickException as error:
            say_error(error.format_message())
            code = 2
    return code, said.getvalue()


def obeyed(text: str) -> set[str]:
    """The characters of a text that a terminal would obey: controls, and directions of text."""
    return {char for char in text if not char.isprintable() and char != "\n"}

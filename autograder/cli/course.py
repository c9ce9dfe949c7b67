"""`autograder course`: begin a course or an exercise, and write the files generated from them."""

from collections.abc import Iterator
from pathlib import Path

import click
from rich.text import Text

from autograder.authoring.scaffold import ScaffoldError, add_exercise, new_course
from autograder.checking.errors import BrokenGraderError
from autograder.cli.courses import course_option, the_course
from autograder.cli.terminal import EXIT_DONE, UserError, console
from autograder.course import Course, CourseError, load_course
from autograder.packaging.generated import generated, generated_notebooks
from autograder.writing import EVERYBODY, write_whole


@click.group(epilog="\b\nExample:\n  autograder course new ../statistics")
def course() -> None:
    """Begin a course of your own, or an exercise in one."""


@course.command(epilog="\b\nExample:\n  autograder course new ../statistics")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def new(folder: Path) -> int:
    """Begin a course of one exercise in DIR, which passes `autograder verify` as it is."""
    try:
        written = new_course(folder)
        made = load_course(folder)
        written += list(_write_generated(made))
    except (ScaffoldError, CourseError, BrokenGraderError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{error.filename or folder}: {error.strerror}.") from None
    say = console().print
    for path in written:
        say(Text(str(path)), soft_wrap=True)
    say(Text(f"\nGrade with it: autograder grade WORK --out OUT --course {folder}"), soft_wrap=True)
    return EXIT_DONE


@course.command(epilog="\b\nExample:\n  autograder course add statistics.median --course ../mine")
@click.argument("exercise")
def add(exercise: str) -> int:
    """Add the places of EXERCISE, such as statistics.median, each with what to write there."""
    try:
        places = add_exercise(the_course(), exercise)
    except (ScaffoldError, CourseError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}.") from None
    for path, what in places.items():
        console().print(Text(f"{path}: {what}"), soft_wrap=True)
    return EXIT_DONE


@course.command(epilog="\b\nExample:\n  autograder course generate --course ../mine")
def generate() -> int:
    """Write anew what is made of the solutions and the mistakes: stubs, notebooks, and their table.

    Notebooks need the extra `notebooks`; without it they are left as they are.
    """
    try:
        for path in _write_generated(the_course()):
            console().print(Text(str(path)), soft_wrap=True)
    except (CourseError, BrokenGraderError) as error:
        raise UserError(str(error)) from None
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}.") from None
    return EXIT_DONE


def _write_generated(made: Course) -> Iterator[Path]:
    """Writes the generated files that are out of date, and yields their paths."""
    files = generated(made)
    try:
        files |= generated_notebooks(made)
    except ImportError:
        told = "Notebooks are left as they are: they need the extra `notebooks`."
        console(stderr=True).print(Text(told), soft_wrap=True)
    for path, content in files.items():
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content, EVERYBODY)
            yield path


for _command in (new, add, generate):
    _command.params.append(course_option())

"""Makes the students' release: exercises, public checks, and the part of this package they run.

Its files are listed explicitly, so that a new file stays out until somebody adds it.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from autograder.course import BUNDLED, Course
from autograder.packaging.wheel import NAME, about, dependencies, licence
from autograder.pictures import pictures_of
from autograder.writing import zipped

_PACKAGE: Final = Path(__file__).resolve().parent.parent

# The files of this package, and the folders whose Python files, without subfolders, go in.
PARTS: Final = (
    *("autograder/__init__.py", "autograder/__main__.py", "autograder/calls.py"),
    *("autograder/compare.py", "autograder/display.py", "autograder/pictures.py"),
    *("autograder/policies.py", "autograder/results.py", "autograder/rubric.py"),
    "autograder/writing.py",
    *("autograder/checking/", "autograder/course/", "autograder/practice/"),
    "autograder/notebook/",
    *(f"autograder/submissions/{n}.py" for n in "__init__ assign files manifest model".split()),
    *(f"autograder/submissions/{n}.py" for n in "names reading release sources".split()),
    "autograder/cli/__init__.py",
    *(
        f"autograder/cli/{n}.py"
        for n in "check courses hint keys submit terminal watch words".split()
    ),
    *(
        f"autograder/sandbox/{n}.py"
        for n in "__init__ cells kernel noticing process spawned stdio wire worker".split()
    ),
    "autograder/checking/pytest.ini",
)
# The packages that those files import.
DEPENDENCIES: Final = ("numpy", "pytest", "click", "rich", "msgspec", "msgpack", "watchfiles")


def release_name(course: Course) -> str:
    """Returns the name of the archive's only folder, which is the archive's without `.zip`."""
    if course.root == BUNDLED:
        return NAME
    return re.sub(r"[^a-z0-9]+", "-", course.title.lower()).strip("-") or "exercises"


def student_release(course: Course) -> dict[str, bytes]:
    """Returns the files of the release by their path in it."""
    files = {path: _PACKAGE.parent / path for part in PARTS for path in _files_of(part)}
    wanted = [
        *(f"exercises/{m.id}{end}" for m in course.lessons for end in (".py", ".ipynb")),
        *(f"exercises/checks/{m.id}.py" for m in course.lessons),
        *("exercises/course.toml", "exercises/checks/known_mistakes.json"),
        *(path.relative_to(course.root).as_posix() for path in pictures_of(course)),
    ]
    files |= {path: course.root / path for path in wanted if (course.root / path).is_file()}
    contents = {path: files[path].read_bytes() for path in sorted(files)}
    made = {"README.md": _readme(course), "pyproject.toml": _pyproject(course)}
    return made | {"LICENSE": licence()} | contents


def student_archive(course: Course) -> bytes:
    """Returns the release as a zip archive with one folder in it."""
    files = student_release(course)
    moment = datetime.now(UTC).astimezone()
    return zipped({f"{release_name(course)}/{path}": data for path, data in files.items()}, moment)


def _files_of(part: str) -> list[str]:
    if not part.endswith("/"):
        return [part]
    return [f"{part}{path.name}" for path in (_PACKAGE.parent / part).glob("*.py")]


def _readme(course: Course) -> bytes:
    first = course.lessons[0]
    text = (
        _templates()
        .get_template("student_readme.md")
        .render(
            title=course.title,
            lessons=course.lessons,
            exercises=len(course.exercises),
            python=(about()["Requires-Python"] or "").removeprefix(">="),
            first_lesson=first.id,
            first_exercise=first.exercises[0].function,
        )
    )
    return text.encode()


def _pyproject(course: Course) -> bytes:
    text = (
        _templates()
        .get_template("student_pyproject.toml")
        .render(
            name=NAME,
            version=about()["Version"],
            title=course.title,
            requires_python=about()["Requires-Python"],
            dependencies=[str(r) for r in dependencies() if r.name in DEPENDENCIES],
        )
    )
    return text.encode()


def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("autograder.packaging"),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown and TOML, made of the course's own words.
    )

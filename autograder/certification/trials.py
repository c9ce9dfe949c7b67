"""What graders are tried on: submissions that are right but for one function."""

import ast
import inspect
import textwrap
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from autograder.certification.mutants import mutants, spoilt
from autograder.course import Course
from autograder.lesson_files import lesson_files
from autograder.mistakes.catalogue import KnownMistake
from autograder.packaging.stubs import solution_of
from autograder.results import Source
from autograder.submissions import Chunk, Submission

Variants = Mapping[str, Mapping[str, str]]
_HEAD: Final = "import functools\nimport math\n\nimport numpy as np\n"


class Trial(NamedTuple):
    """A submission that is right but for one function."""

    kind: Literal["mistake", "variant", "mutant", "spoilt"]
    name: str  # As it is reported; unique within its kind and exercise.
    exercise: str
    submission: Submission


def trials(
    course: Course,
    exercises: Collection[str],
    catalogue: Mapping[str, Sequence[KnownMistake]],
    variants: Variants,
) -> Iterator[Trial]:
    """Yields the trials of these exercises."""
    for lesson in course.lessons:
        source = solution_of(course, lesson)
        for exercise in lesson.exercises:
            id = lesson.exercise_id(exercise)
            if id not in exercises:
                continue
            name = exercise.function
            for known in catalogue[id]:
                yield _trial("mistake", known.id, id, f"{source}\n\n{_HEAD}{_source(known, name)}")
            for way, text in variants.get(id, {}).items():
                yield _trial("variant", way, id, f"{source}\n\n{_HEAD}{text}\n")
            seen: Counter[str] = Counter()
            for change, text in mutants(source, name):
                seen[change] += 1
                again = f" ({seen[change]})" if seen[change] > 1 else ""  # In another place, too.
                yield _trial("mutant", change + again, id, text)
            for what, text in spoilt(name).items():
                yield _trial("spoilt", what, id, f"{source}\n\n{text}")


def _trial(
    kind: Literal["mistake", "variant", "mutant", "spoilt"], name: str, exercise: str, source: str
) -> Trial:
    module = exercise.partition(".")[0]
    file = f"{module}.py"
    modules: dict[str, tuple[Chunk, ...]] = {module: (Chunk(file, source),)}
    submission = Submission("trial", Source("trial"), modules, {module: file})
    return Trial(kind, name, exercise, submission)


def _source(known: KnownMistake, name: str) -> str:
    """Returns a mistake's function under its exercise's name."""
    (function,) = ast.parse(textwrap.dedent(inspect.getsource(known.function))).body
    assert isinstance(function, ast.FunctionDef)
    function.decorator_list = []
    function.name = name
    return ast.unparse(function) + "\n"


def load_variants(course: Course) -> Variants:
    """Returns the right answers in other words, by exercise and name.

    Raises:
        BrokenGraderError: they cannot be loaded, or some are of no exercise.
    """
    found: dict[str, Mapping[str, str]] = {}
    for file in lesson_files(course, "graders.{}.variants"):
        variants: Variants = getattr(file.loaded, "VARIANTS", {})
        found |= {file.exercise(function): ways for function, ways in variants.items()}
    return found

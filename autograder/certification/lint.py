"""Whether the course is whole: all that an exercise needs, under one id, and nothing left over."""

import ast
from collections.abc import Iterator, Mapping, Sequence

from autograder.checking.runs import Check
from autograder.course import Course
from autograder.mistakes.catalogue import KnownMistake
from autograder.packaging.stubs import solution_of, stubs

FEWEST_VARIANTS = 4


def lint(
    course: Course,
    checks: Sequence[Check],
    catalogue: Mapping[str, list[KnownMistake]],
    variants: Mapping[str, Mapping[str, str]],
) -> list[str]:
    """Returns a sentence for everything that is missing or left over."""
    found = [*_files(course), *_functions(course), *_stubs(course)]
    judged = {
        visibility: {name for c in checks if c.visibility == visibility for name in c.exercises}
        for visibility in ("public", "hidden")
    }
    for name, exercise in course.exercises.items():
        if name not in judged["public"]:
            found.append(f"{name} has no public check.")
        if name not in judged["hidden"]:
            found.append(f"{name} has no hidden grader.")
        if not catalogue.get(name):
            found.append(f"{name} has no mistake in the catalogue.")
        if len(variants.get(name, ())) < FEWEST_VARIANTS:
            found.append(f"{name} has fewer than {FEWEST_VARIANTS} right variants.")
        if "#" not in exercise.lesson:
            found.append(f"{name} has no heading in a lesson.")
    strangers = variants.keys() - course.exercises.keys()
    found += [f"right variants of {name} belong to no exercise." for name in sorted(strangers)]
    for known in (known for mistakes in catalogue.values() for known in mistakes):
        if not known.sentence.endswith("."):
            found.append(f"the mistake {known.id} has no sentence.")
    return found


def _files(course: Course) -> Iterator[str]:
    modules = {module.id for module in course.modules}
    for folder in ("exercises", "solutions", "exercises/checks"):
        files = {path.stem for path in (course.root / folder).glob("*.py")} - {"__init__"}
        for name in sorted(modules - files):
            yield f"{folder}/{name}.py is missing."
        for name in sorted(files - modules):
            yield f"{folder}/{name}.py belongs to no module."
    graders = course.root / "graders"
    for path in sorted(graders.glob("*/checks.py")):
        if path.parent.name not in modules:
            yield f"graders/{path.parent.name}/ belongs to no module."


def _functions(course: Course) -> Iterator[str]:
    for module in course.modules:
        tree = ast.parse(solution_of(course, module))
        defined = {n.name for n in tree.body if isinstance(n, ast.FunctionDef)}
        wanted = {exercise.function for exercise in module.exercises}
        for name in sorted(wanted - defined):
            yield f"{module.id}.{name} has no reference solution."
        for name in sorted(n for n in defined - wanted if not n.startswith("_")):
            yield f"solutions/{module.id}.py defines {name}, which is no exercise."


def _stubs(course: Course) -> Iterator[str]:
    for path, text in stubs(course).items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield f"exercises/{path.name} is not the stub of its solution: run `make stubs`."

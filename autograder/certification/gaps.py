"""What a course lacks: a sentence for every place where something is missing or left over."""

import ast
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from autograder.authoring.scaffold import UNWRITTEN
from autograder.certification.trials import Variants
from autograder.checking.runs import Check
from autograder.course import PUBLIC_SHARE, Course, Exercise, Lesson
from autograder.mistakes.catalogue import KnownMistake
from autograder.packaging.generated import stale
from autograder.packaging.stubs import solution_of
from autograder.proofs import Proof

FEWEST_VARIANTS: Final = 4
_COURSE_FILE: Final = "exercises/course.toml"


def gaps(
    course: Course,
    exercises: Collection[str],
    checks: Sequence[Check],
    catalogue: Mapping[str, Sequence[KnownMistake]],
    variants: Variants,
    proofs: Mapping[str, Sequence[Proof]],
) -> Iterator[str]:
    """Yields a sentence for everything that is missing in these exercises, or left over.

    Args:
        course: The course.
        exercises: The exercises to look at; what belongs to none is reported with the whole course.
        checks: All checks of the course.
        catalogue: The known mistakes, by exercise.
        variants: The right answers in other words, by exercise and name.
        proofs: The proofs, by exercise.
    """
    for lesson in course.lessons:
        for exercise in lesson.exercises:
            id = lesson.exercise_id(exercise)
            if id not in exercises:
                continue
            graders = f"graders/{lesson.id}"
            if not proofs.get(id):
                yield (
                    f"{graders}/proofs.py proves nothing of {exercise.function}: write its formula "
                    f'once more, from its contract, under @proof("{exercise.function}", ...).'
                )
            if not catalogue.get(id):
                yield (
                    f"{graders}/mistakes.py has no mistake of {exercise.function}: write what "
                    f'learners get wrong, under @mistake("{exercise.function}.NAME").'
                )
            if (missing := FEWEST_VARIANTS - len(variants.get(id, ()))) > 0:
                yield (
                    f"{graders}/variants.py needs {missing} more right answers in other words: "
                    f'write them in VARIANTS["{exercise.function}"].'
                )
            for known in catalogue.get(id, ()):
                if not known.sentence.endswith("."):
                    yield (
                        f"{graders}/mistakes.py says nothing of {known.id}: write what a teacher "
                        "would say as its docstring, a sentence that ends with a full stop."
                    )
            yield from _points(lesson, exercise, [c for c in checks if id in c.exercises])
            yield from _page(course, lesson, exercise)
        if any(lesson.exercise_id(exercise) in exercises for exercise in lesson.exercises):
            yield from _contracts(course, lesson)
    if len(exercises) == len(course.exercises):
        yield from _files(course)
    modules = {id.partition(".")[0] for id in exercises}
    yield from _functions(course, modules)
    yield from unwritten(course, exercises)
    yield from _generated(course, modules)


def _points(lesson: Lesson, exercise: Exercise, checks: Sequence[Check]) -> Iterator[str]:
    for check in checks:
        file = file_of(check)
        if check.worth <= 0:
            yield f"{file}: test_{check.name} is worth nothing: write @points(...) above it."
        if not check.sentence.endswith("."):
            yield (
                f"{file}: test_{check.name} says nothing: write what students read of it as its "
                "docstring, a sentence that ends with a full stop."
            )
    public = sum(check.worth for check in checks if check.visibility == "public")
    for what, worth, wanted in (
        ("public checks", public, PUBLIC_SHARE * exercise.points),
        ("checks", sum(check.worth for check in checks), exercise.points),
    ):
        if abs(worth - wanted) > 1e-6:
            yield (
                f"{_COURSE_FILE}: {exercise.function} is worth {exercise.points:g} points, and its "
                f"{what} in {lesson.id} together {worth:g}, where {wanted:g} is right: change "
                "their @points; until then they are scaled."
            )


def file_of(check: Check) -> str:
    """Returns the file of a check, as its author knows it."""
    if check.visibility == "public":
        return f"exercises/checks/{check.module}.py"
    return f"graders/{check.module}/checks.py"


def _page(course: Course, lesson: Lesson, exercise: Exercise) -> Iterator[str]:
    page, _, anchor = exercise.section.partition("#")
    if not anchor:
        yield (
            f"{_COURSE_FILE}: the lesson of {exercise.function} is a page without a heading: "
            f'write lesson = "{page}#heading".'
        )
    site = course.root / "site"
    if not any(site.glob("**/*.md")):
        return
    path = site / f"{lesson.page.strip('/')}.md"
    if not path.is_file():
        yield f"site/{path.name} is missing: {lesson.id} says that its lesson is {lesson.page}."
        return
    text = path.read_text(encoding="utf-8")
    box = f"{{exercise: {lesson.exercise_id(exercise)}}}"
    if box not in text:
        yield f"site/{path.name} does not set {exercise.function}: write {box} where it is taught."
    headings = _headings(text)
    if page == lesson.page and anchor and anchor not in headings:
        yield (
            f"site/{path.name} has no heading #{anchor}, where {_COURSE_FILE} says that "
            f"{exercise.function} is taught."
        )
    elif page == lesson.page and anchor and headings[anchor] != course.heading(anchor):
        yield (
            f"{_COURSE_FILE}: students read {course.heading(anchor)!r} where site/{path.name} says "
            f'{headings[anchor]!r}: write {anchor} = "{headings[anchor]}" under [headings].'
        )


def _contracts(course: Course, lesson: Lesson) -> Iterator[str]:
    """Yields a sentence if a page of all contracts leaves a lesson out: exercises link to it."""
    page = course.root / "site" / "reference.md"
    block = f"{{reference: {lesson.id}}}"
    if page.is_file() and block not in page.read_text(encoding="utf-8"):
        yield f"site/{page.name} does not list the exercises of {lesson.id}: write {block} there."


def _headings(text: str) -> dict[str, str]:
    """Returns the headings of a page by their addresses, as Markdown makes them."""
    found = {}
    for heading, address in re.findall(r"^#+ +(.+?)(?: *\{([^}]*)\})? *$", text, re.MULTILINE):
        plain = re.sub(r"[^\w\s-]", "", heading.encode("ascii", "ignore").decode()).strip().lower()
        own = re.search(r"#([\w-]+)", address)
        found[own[1] if own else re.sub(r"[-\s]+", "-", plain)] = re.sub(r"[`*$]", "", heading)
    return found


def _files(course: Course) -> Iterator[str]:
    modules = {lesson.id for lesson in course.lessons}
    for folder in ("exercises", "solutions", "exercises/checks"):
        for name in sorted(p.stem for p in (course.root / folder).glob("*.py")):
            if name not in modules and name != "__init__":
                yield f"{folder}/{name}.py belongs to no module of {_COURSE_FILE}: take it out."
    for path in sorted((course.root / "graders").glob("*/checks.py")):
        if path.parent.name not in modules:
            yield f"graders/{path.parent.name} belongs to no module of {_COURSE_FILE}: take it out."


def _functions(course: Course, modules: Collection[str]) -> Iterator[str]:
    for lesson in course.lessons:
        if lesson.id not in modules:
            continue
        defined = {
            node.name
            for node in ast.parse(solution_of(course, lesson)).body
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
        }
        for name in sorted(defined - {exercise.function for exercise in lesson.exercises}):
            yield (
                f"solutions/{lesson.id}.py defines {name}, which is no exercise: write it into "
                f"{_COURSE_FILE}, or call it _{name}."
            )


def unwritten(course: Course, exercises: Collection[str]) -> Iterator[str]:
    """Yields places in the exercises' lessons that their author still has to fill in."""
    modules = {id.partition(".")[0] for id in exercises}
    paths = [course.root / _COURSE_FILE]
    for name in sorted(modules):
        paths += [course.root / f / f"{name}.py" for f in ("solutions", "exercises/checks")]
        paths += sorted((course.root / "graders" / name).glob("*.py"))
        paths += [course.root / "site" / f"{m.page.strip('/')}.md"
                  for m in course.lessons if m.id == name]  # fmt: skip
    for path in paths:
        if path.is_file():
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if UNWRITTEN in line:
                    said = line.partition(UNWRITTEN)[2].strip(" \".'")
                    yield f"{_in(course, path)}, line {number}: still to be written: {said}."


def _generated(course: Course, modules: Collection[str]) -> Iterator[str]:
    others = {lesson.id for lesson in course.lessons}.difference(modules)
    for path in stale(course):
        if path.stem not in others:
            yield f"{_in(course, path)} is not up to date: run `autograder course generate`."


def _in(course: Course, path: Path) -> str:
    return path.relative_to(course.root).as_posix()

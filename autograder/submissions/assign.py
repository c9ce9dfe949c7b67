"""Which file of a hand-in is which module of the course."""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from autograder.course import Course
from autograder.submissions.model import Chunk

# Names at the left margin; good enough to tell modules apart without parsing hostile code here.
_DEFINITION: Final = re.compile(
    r"^(?:async +)?def +(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE
)
_UNTOUCHED: Final = re.compile(r"^[ \t]+raise NotImplementedError", re.MULTILINE)
# What browsers, file managers and LMSs add to a name: "activations (1)", "activations-2", "copy".
_COPY_MARK: Final = re.compile(
    r"(?:[ _-]*\(\d+\)|[ _-]+(?:copy|kopie|final|v?\d+))+$", re.IGNORECASE
)


class SourceFile(NamedTuple):
    """A readable file of a hand-in."""

    path: str
    chunks: tuple[Chunk, ...]

    @property
    def defined(self) -> set[str]:
        """The names that it seems to define at the top level."""
        text = "\n".join(chunk.text for chunk in self.chunks)
        return {a or b for a, b in _DEFINITION.findall(text)}

    def written(self, functions: Container[str]) -> int:
        """Roughly how many of these functions are more than stubs."""
        text = "\n".join(chunk.text for chunk in self.chunks)
        stubs = len(_UNTOUCHED.findall(text))
        return sum(name in functions for name in self.defined) - stubs


class Assignment(NamedTuple):
    """The file taken for each module, helper modules included, and sentences on the choice."""

    files: dict[str, SourceFile]
    problems: list[str]


def assign_files(files: Sequence[SourceFile], course: Course) -> Assignment:
    """Chooses a file for each module of the course, by its name or else by what it defines."""
    problems: list[str] = []
    claims: dict[str, list[SourceFile]] = {module.id: [] for module in course.modules}
    helpers: dict[str, SourceFile] = {}
    rivals: dict[str, SourceFile] = {}
    for file in files:
        stem = PurePosixPath(file.path).stem
        named = module_named(stem, claims)
        if named is not None:
            claims[named].append(file)
            continue
        holding = _modules_held(file, course)
        for module in holding:
            claims[module].append(file)
        if holding:
            taken = " and ".join(f"{module}.py" for module in holding)
            problems.append(f"{file.path} is not named after a module; it was read as {taken}.")
        elif stem.isidentifier():
            first = helpers.setdefault(stem, file)
            if _text(first) != _text(file) and stem != "__init__":
                rivals.setdefault(stem, first)
    problems += [
        f"there is more than one {stem}.py; {taken.path} was taken."
        for stem, taken in rivals.items()
    ]
    chosen = dict(helpers)
    for module, candidates in claims.items():
        if candidates:
            functions = {e.function for m in course.modules if m.id == module for e in m.exercises}
            chosen[module] = _best(module, functions, candidates, problems)
    if files and not any(claims.values()):
        names = ", ".join(sorted(file.path for file in files)[:5])
        problems.append(f"no exercise of the course was found in {names}.")
    return Assignment(chosen, problems)


def module_named(stem: str, modules: Iterable[str]) -> str | None:
    """Returns the module that a file's name stands for, without what others add to names."""
    name = re.sub(r"[ -]+", "_", _COPY_MARK.sub("", stem.strip()[-80:]).lower())
    return next((m for m in modules if name == m or name.endswith(f"_{m}")), None)


def _modules_held(file: SourceFile, course: Course) -> list[str]:
    """Returns the modules whose exercises a file defines; a name that two share decides nothing."""
    functions = {m.id: {e.function for e in m.exercises} for m in course.modules}
    defined = file.defined
    held = {m: defined & names for m, names in functions.items() if defined & names}
    shared = {n for names in functions.values() for n in names if _count(n, functions) > 1}
    telling = [module for module, names in held.items() if names - shared]
    return telling or list(held)


def _count(name: str, functions: Mapping[str, set[str]]) -> int:
    return sum(name in names for names in functions.values())


def _best(
    module: str, functions: Container[str], candidates: list[SourceFile], problems: list[str]
) -> SourceFile:
    """Takes the file in which most is written, then the one nearest the top, then .py first."""
    ranked = sorted(
        candidates,
        key=lambda f: (-f.written(functions), f.path.count("/"), f.path.endswith(".ipynb"), f.path),
    )
    # A stub that nobody touched beside a notebook that somebody did is no question.
    rivals = [file for file in ranked[1:] if file.written(functions) > 0]
    if any(_text(file) != _text(ranked[0]) for file in rivals):
        others = ", ".join(file.path for file in ranked)
        problems.append(
            f"there are {len(ranked)} files for {module} ({others}); {ranked[0].path} was taken, "
            "the one in which most is written."
        )
    return ranked[0]


def _text(file: SourceFile) -> str:
    return "\n".join(chunk.text for chunk in file.chunks)

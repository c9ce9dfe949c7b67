"""Grades the graders, and writes the certificate."""

import ast
import inspect
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any, Final, NamedTuple

import msgspec

from autograder.certification.lint import lint
from autograder.certification.mutants import mutants, spoilt
from autograder.checking.errors import BrokenGraderError, broken_by, shown
from autograder.course import Course, did_you_mean
from autograder.course.code import load_if_there, path_of
from autograder.examiner.proving import prove_course
from autograder.grading import Settings, examine_all
from autograder.mistakes.catalogue import KnownMistake, load_mistakes
from autograder.packaging.stubs import solution_of
from autograder.results import ExerciseResult, Source
from autograder.submissions import Chunk, Submission

_HEAD: Final = "import functools\nimport math\n\nimport numpy as np\n"


class Judged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was looked at and found to be in order: equivalent mutants and redundant checks.

    Both map an id, or a pattern with `*` for several, to the reason.
    """

    equivalent: dict[str, str] = {}
    redundant: dict[str, str] = {}


class Certificate(msgspec.Struct, frozen=True):
    """What the graders were found to do. Lists name what is not as it should be."""

    seed: int  # Of the hidden inputs.
    exercises: int
    public_checks: int
    hidden_checks: int
    mistakes: int
    mistakes_let_through: tuple[str, ...]
    mistakes_not_named: tuple[str, ...]
    variants: int
    variants_refused: tuple[str, ...]
    mutants: int
    mutants_equivalent: dict[str, str]
    mutants_survived: tuple[str, ...]
    redundant: dict[str, str]
    redundant_unexplained: tuple[str, ...]
    course_problems: tuple[str, ...]

    @property
    def killed(self) -> float:
        """The share of mutants that are killed, equivalent ones not counted."""
        possible = self.mutants - len(self.mutants_equivalent)
        return 1 - len(self.mutants_survived) / possible if possible else 1.0

    @property
    def holds(self) -> bool:
        """Whether everything is as it should be."""
        return not any(
            (
                self.mistakes_let_through,
                self.mistakes_not_named,
                self.variants_refused,
                self.mutants_survived,
                self.redundant_unexplained,
                self.course_problems,
            )
        )


class _Trial(NamedTuple):
    """A submission that is right but for one function."""

    kind: str  # "mistake", "variant" or "mutant".
    id: str
    exercise: str
    submission: Submission


def certify(course: Course, settings: Settings, jobs: int) -> Iterator[int | Certificate]:
    """Yields how many trials there are, then 1 after each, and at the end the certificate.

    Raises:
        BrokenGraderError: a file of the course cannot be used, so there is nothing to grade by.
    """
    checks = prove_course(course, settings.seed)
    catalogue = load_mistakes(course)
    variants = load_variants(course)
    judged = _load_judged(course)
    trials = [
        *_mistakes(course, catalogue),
        *_variants(course, variants),
        *_mutants(course),
        *_spoilt(course),
    ]
    yield len(trials)
    results: list[ExerciseResult] = []
    for trial, result in zip(
        trials, examine_all([t.submission for t in trials], settings, jobs), strict=True
    ):
        results.append(next(e for e in result.exercises if e.id == trial.exercise))
        yield 1
    visible = Counter(check.visibility for check in checks)
    pairs = list(zip(trials, results, strict=True))
    survived = [t.id for t, r in pairs if t.kind == "mutant" and r.outcome == "correct"]
    idle = list(_idle(pairs, course, checks))
    equivalent = _explained(survived, judged.equivalent)
    redundant = _explained(idle, judged.redundant)
    yield Certificate(
        seed=settings.seed,
        exercises=len(course.exercises),
        public_checks=visible["public"],
        hidden_checks=visible["hidden"],
        mistakes=sum(t.kind == "mistake" for t in trials),
        mistakes_let_through=tuple(
            t.id for t, r in pairs if t.kind == "mistake" and r.outcome == "correct"
        ),
        mistakes_not_named=tuple(
            f"{t.id}: {r.mistake.id if r.mistake else 'nothing'}"
            for t, r in pairs
            if t.kind == "mistake" and (r.mistake is None or r.mistake.id != t.id.partition(" ")[2])
        ),
        variants=sum(t.kind == "variant" for t in trials),
        variants_refused=tuple(
            t.id for t, r in pairs if t.kind == "variant" and r.score != r.max_score
        ),
        mutants=sum(t.kind == "mutant" for t in trials),
        mutants_equivalent=equivalent,
        mutants_survived=tuple(i for i in survived if i not in equivalent),
        redundant=redundant,
        redundant_unexplained=tuple(i for i in idle if i not in redundant),
        course_problems=(
            *lint(course, checks, catalogue, variants),
            *_leftovers("equivalent mutant", judged.equivalent, survived),
            *_leftovers("redundant check", judged.redundant, idle),
        ),
    )


def _leftovers(what: str, judged: Iterable[str], found: Sequence[str]) -> Iterator[str]:
    for pattern in judged:
        if not any(fnmatchcase(id, pattern) for id in found):
            yield f"judged.toml: {pattern} is no {what} any more."


def _explained(ids: Sequence[str], judged: Mapping[str, str]) -> dict[str, str]:
    """Returns those ids that a pattern explains, with its reason."""
    return {
        id: reason for id in ids for pattern, reason in judged.items() if fnmatchcase(id, pattern)
    }


def load_variants(course: Course) -> Mapping[str, Mapping[str, str]]:
    """Returns the right answers in other words, by exercise and name.

    Raises:
        BrokenGraderError: they cannot be loaded, or some are of no exercise.
    """
    found: dict[str, Mapping[str, str]] = {}
    for module in course.modules:
        name = f"graders.{module.id}.variants"
        path = path_of(course.root, name)
        try:
            variants: Mapping[str, Mapping[str, str]] = getattr(
                load_if_there(course.root, name), "VARIANTS", {}
            )
        except Exception as error:
            raise broken_by(error, path) from None
        functions = [exercise.function for exercise in module.exercises]
        for function in variants:
            if function not in functions:
                raise BrokenGraderError(
                    f"{shown(path)}: {function} is no exercise of {module.id} in "
                    f"exercises/course.toml{did_you_mean(function, functions) or '.'}"
                )
        found |= {f"{module.id}.{function}": ways for function, ways in variants.items()}
    return found


def _load_judged(course: Course) -> Judged:
    path = course.root / "graders" / "judged.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Judged)
    except FileNotFoundError:
        return Judged()
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise BrokenGraderError(f"{shown(path)}: {error}.") from None


def _references(course: Course) -> dict[str, str]:
    return {module.id: solution_of(course, module) for module in course.modules}


def _trial(kind: str, id: str, exercise: str, sources: Mapping[str, str]) -> _Trial:
    modules: dict[str, tuple[Chunk, ...]] = {
        name: (Chunk(f"{name}.py", text),) for name, text in sources.items()
    }
    files = {name: f"{name}.py" for name in sources}
    return _Trial(kind, id, exercise, Submission("trial", Source("trial"), modules, files))


def _mistakes(course: Course, catalogue: Mapping[str, list[KnownMistake]]) -> Iterator[_Trial]:
    sources = _references(course)
    for exercise, mistakes in catalogue.items():
        module, _, name = exercise.partition(".")
        for known in mistakes:
            changed = sources[module] + "\n\n" + _HEAD + _source_of(known, name)
            id = f"{module} {known.id}"
            yield _trial("mistake", id, exercise, {module: changed})


def _source_of(known: KnownMistake, name: str) -> str:
    """Returns a mistake's function under its exercise's name."""
    (function,) = ast.parse(textwrap.dedent(inspect.getsource(known.function))).body
    assert isinstance(function, ast.FunctionDef)
    function.decorator_list = []
    function.name = name
    return ast.unparse(function) + "\n"


def _variants(course: Course, variants: Mapping[str, Mapping[str, str]]) -> Iterator[_Trial]:
    sources = _references(course)
    for exercise, ways in variants.items():
        module = exercise.partition(".")[0]
        for name, source in ways.items():
            changed = f"{sources[module]}\n\n{_HEAD}{source}\n"
            yield _trial("variant", f"{exercise}: {name}", exercise, {module: changed})


def _mutants(course: Course) -> Iterator[_Trial]:
    seen: Counter[str] = Counter()
    for mutant in mutants(course):
        id = f"{mutant.exercise}: {mutant.change}"
        seen[id] += 1
        if seen[id] > 1:  # The same change in another place.
            id = f"{id} ({seen[id]})"
        module = mutant.exercise.partition(".")[0]
        yield _trial("mutant", id, mutant.exercise, {module: mutant.source})


def _spoilt(course: Course) -> Iterator[_Trial]:
    sources = _references(course)
    for exercise in course.exercises:
        module, _, name = exercise.partition(".")
        for what, source in spoilt(name).items():
            changed = f"{sources[module]}\n\n{source}"
            yield _trial("spoilt", f"{exercise}: {what}", exercise, {module: changed})


def _idle(
    pairs: Sequence[tuple[_Trial, ExerciseResult]], course: Course, checks: Sequence[Any]
) -> Iterator[str]:
    """Yields the hidden checks that are never the only one to catch something."""
    needed: set[tuple[str, str]] = set()
    for trial, result in pairs:
        failed = [c for c in result.checks if not c.passed and c.visibility == "hidden"]
        if len(failed) == 1:
            needed.add((trial.exercise, failed[0].name))
    for check in checks:
        if check.visibility == "hidden":
            for exercise in check.exercises:
                if (exercise, check.name) not in needed:
                    yield f"{exercise.partition('.')[0]}: {check.name}"


def results_of(certificate: Certificate) -> bytes:
    """Returns the certificate as JSON, for the site."""
    return msgspec.json.format(msgspec.json.encode(certificate), indent=2) + b"\n"

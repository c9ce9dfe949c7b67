"""Grades the graders, and writes the certificate."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final, NamedTuple

import msgspec

from autograder.certification.gaps import file_of, gaps
from autograder.certification.references import unproved
from autograder.certification.trials import Trial, Variants, load_variants, trials
from autograder.checking.errors import BrokenGraderError, shown
from autograder.checking.runs import Check
from autograder.course import Course
from autograder.examiner.proving import prove_course
from autograder.grading import Settings, examine_all
from autograder.mistakes.catalogue import KnownMistake, load_mistakes
from autograder.proofs import Proof, load_proofs
from autograder.results import ExerciseResult

# The largest share of an exercise's points that a formula wrong in its main form may earn.
MOST_FOR_A_WRONG_FORMULA: Final = 0.25


class Judged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the author has judged to be in order: equivalent mutants and redundant checks.

    Both map an id, or a pattern with `*` for several, to the reason.
    """

    equivalent: dict[str, str] = {}
    redundant: dict[str, str] = {}


class Certificate(msgspec.Struct, frozen=True):
    """What the graders were found to do. Lists hold a sentence for each thing that is wrong."""

    seed: int  # Of the hidden inputs.
    exercises: int
    public_checks: int
    hidden_checks: int
    course_problems: tuple[str, ...]
    points_proved: int
    references_wrong: tuple[str, ...]
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
    checks_of_nothing: tuple[str, ...]

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
                self.course_problems,
                self.references_wrong,
                self.mistakes_let_through,
                self.mistakes_not_named,
                self.variants_refused,
                self.mutants_survived,
                self.redundant_unexplained,
                self.checks_of_nothing,
            )
        )


class _Graded(NamedTuple):
    trial: Trial
    result: ExerciseResult

    @property
    def lesson(self) -> str:
        return self.trial.exercise.partition(".")[0]

    @property
    def function(self) -> str:
        return self.trial.exercise.partition(".")[2]


class _Written(NamedTuple):
    """What the author of a course wrote beside its solutions."""

    checks: Sequence[Check]  # The checks of the exercises to certify.
    catalogue: Mapping[str, Sequence[KnownMistake]]
    variants: Variants
    proofs: Mapping[str, Sequence[Proof]]
    judged: Judged


def certify(
    course: Course, settings: Settings, jobs: int, exercises: Collection[str] | None = None
) -> Iterator[int | Certificate]:
    """Yields how many trials there are, then 1 after each, and at the end the certificate.

    Args:
        course: The course.
        settings: The seed of the hidden inputs, and the limits.
        jobs: How many processes grade.
        exercises: What to certify; the whole course if left out.

    Raises:
        BrokenGraderError: a file of the course cannot be used, so nothing can be graded.
    """
    chosen = list(course.exercises) if exercises is None else exercises
    written = _written(course, settings.seed, chosen)
    made = list(trials(course, chosen, written.catalogue, written.variants))
    yield len(made)
    graded: list[_Graded] = []
    for trial, result in zip(
        made, examine_all([t.submission for t in made], settings, jobs), strict=True
    ):
        graded.append(_Graded(trial, next(e for e in result.exercises if e.id == trial.exercise)))
        yield 1
    yield _certificate(course, settings.seed, chosen, written, graded)


def _written(course: Course, seed: int, exercises: Collection[str]) -> _Written:
    checks = prove_course(course, seed)
    return _Written(
        [check for check in checks if any(e in exercises for e in check.exercises)],
        load_mistakes(course),
        load_variants(course),
        load_proofs(course),
        _load_judged(course),
    )


def _certificate(
    course: Course,
    seed: int,
    chosen: Collection[str],
    written: _Written,
    graded: Sequence[_Graded],
) -> Certificate:
    checks, judged = written.checks, written.judged
    visible = Counter(check.visibility for check in checks)
    kinds = Counter(g.trial.kind for g in graded)
    survived = {
        f"{g.trial.exercise}: {g.trial.name}": g
        for g in graded
        if g.trial.kind == "mutant" and g.result.outcome == "correct"
    }
    idle = {f"{c.module}: {c.name}": c for c in _idle(graded, chosen, checks)}
    equivalent = _explained(survived, judged.equivalent)
    redundant = _explained(idle, judged.redundant)
    problems = [*gaps(course, chosen, checks, *written[1:4])]
    if len(chosen) == len(course.exercises):
        problems += _leftovers("equivalent mutant", judged.equivalent, survived)
        problems += _leftovers("redundant check", judged.redundant, idle)
    return Certificate(
        seed=seed,
        exercises=len(chosen),
        public_checks=visible["public"],
        hidden_checks=visible["hidden"],
        course_problems=tuple(problems),
        points_proved=sum(len(p.points) for e in chosen for p in written.proofs[e]),
        references_wrong=tuple(unproved(course, chosen, written.proofs)),
        mistakes=kinds["mistake"],
        mistakes_let_through=tuple(_let_through(graded, written.catalogue)),
        mistakes_not_named=tuple(_not_named(graded)),
        variants=kinds["variant"],
        variants_refused=tuple(_refused(graded)),
        mutants=kinds["mutant"],
        mutants_equivalent=equivalent,
        mutants_survived=tuple(
            _of_survivor(id, g) for id, g in survived.items() if id not in equivalent
        ),
        redundant=redundant,
        redundant_unexplained=tuple(
            _of_idle_check(id, c) for id, c in idle.items() if id not in redundant
        ),
        checks_of_nothing=tuple(_of_nothing(graded, chosen, checks)),
    )


def _of_survivor(id: str, g: _Graded) -> str:
    return (
        f"solutions/{g.lesson}.py: {g.function} passes every check with {g.trial.name}: add a "
        f"check to graders/{g.lesson}/checks.py that tells them apart, or write "
        f'"{id}" and why it is the same under [equivalent] in graders/judged.toml.'
    )


def _of_idle_check(id: str, check: Check) -> str:
    return (
        f"graders/{check.module}/checks.py: test_{check.name} is never the only one to catch "
        f'anything: take it out, or write "{id}" and why it stays under [redundant] in '
        "graders/judged.toml."
    )


def _let_through(
    graded: Iterable[_Graded], catalogue: Mapping[str, Sequence[KnownMistake]]
) -> Iterator[str]:
    side = {(k.exercise, k.id) for mistakes in catalogue.values() for k in mistakes if k.side}
    for g in graded:
        if g.trial.kind != "mistake":
            continue
        file, id = f"graders/{g.lesson}/mistakes.py", g.trial.name
        earned = f"{g.result.score:g} of {g.result.max_score:g} points"
        is_side = (g.trial.exercise, g.trial.name) in side
        is_worth_little = g.result.score <= MOST_FOR_A_WRONG_FORMULA * g.result.max_score + 1e-9
        if g.result.outcome == "correct":
            yield (
                f"{file}: {id} earns {earned}: add a check to graders/{g.lesson}/checks.py that it "
                "fails, or take it out."
            )
        elif is_side == is_worth_little:
            yield (
                f"{file}: {id} earns {earned}, so it is wrong in the main form: leave out "
                "`side=True`."
                if is_side
                else f"{file}: {id} earns {earned}, and a wrong formula may earn a quarter: let a "
                f"check in graders/{g.lesson}/checks.py tell it apart, or write `side=True` if its "
                "main form is right."
            )


def _not_named(graded: Iterable[_Graded]) -> Iterator[str]:
    for g in graded:
        if g.trial.kind == "mistake":
            named = g.result.mistake.id if g.result.mistake else None
            if named != g.trial.name:
                how = f"is called {named}" if named else "gets no name"
                yield (
                    f"graders/{g.lesson}/mistakes.py: {g.trial.name} {how}: let a check make a "
                    "call that tells them apart, or keep one of the two."
                )


def _refused(graded: Iterable[_Graded]) -> Iterator[str]:
    for g in graded:
        if g.trial.kind == "variant" and g.result.score != g.result.max_score:
            failed = next((c.name for c in g.result.checks if not c.passed), "")
            yield (
                f'graders/{g.lesson}/variants.py: "{g.trial.name}" of {g.function} earns '
                f"{g.result.score:g} of {g.result.max_score:g} points: it is no right answer, or "
                f"test_{failed} asks for more than the contract says."
            )


def _of_nothing(
    graded: Iterable[_Graded], exercises: Collection[str], checks: Iterable[Check]
) -> Iterator[str]:
    """Yields the checks that let everything pass."""
    failing: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for g in graded:
        tried[g.trial.exercise] += g.result.outcome != "correct"
        failing.update(f"{c.visibility} {g.lesson} {c.name}" for c in g.result.checks
                       if not c.passed)  # fmt: skip
    for check in checks:
        if not failing[f"{check.visibility} {check.module} {check.name}"]:
            wrong = sum(tried[e] for e in check.exercises if e in exercises)
            yield (
                f"{file_of(check)}: test_{check.name} lets each of {wrong} wrong answers pass: "
                "let it judge something, or take it out."
            )


def _leftovers(what: str, judged: Iterable[str], found: Collection[str]) -> Iterator[str]:
    for pattern in judged:
        if not any(fnmatchcase(id, pattern) for id in found):
            yield f"graders/judged.toml: {pattern!r} is no {what} any more: take it out."


def _explained(ids: Iterable[str], judged: Mapping[str, str]) -> dict[str, str]:
    """Returns those ids that a pattern explains, with its reason."""
    return {
        id: reason for id in ids for pattern, reason in judged.items() if fnmatchcase(id, pattern)
    }


def _load_judged(course: Course) -> Judged:
    path = course.root / "graders" / "judged.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=Judged)
    except FileNotFoundError:
        return Judged()
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise BrokenGraderError(f"{shown(path)}: {error}.") from None


def _idle(
    graded: Iterable[_Graded], exercises: Collection[str], checks: Iterable[Check]
) -> Iterator[Check]:
    """Yields the hidden checks that are never the only one to catch something."""
    needed: set[tuple[str, str]] = set()
    for g in graded:
        failed = [c for c in g.result.checks if not c.passed and c.visibility == "hidden"]
        if len(failed) == 1:
            needed.add((g.trial.exercise, failed[0].name))
    for check in checks:
        chosen = [(exercise, check.name) for exercise in check.exercises if exercise in exercises]
        if check.visibility == "hidden" and not needed.issuperset(chosen):
            yield check


def results_of(certificate: Certificate) -> bytes:
    """Returns the certificate as JSON, for the site."""
    return msgspec.json.format(msgspec.json.encode(certificate), indent=2) + b"\n"

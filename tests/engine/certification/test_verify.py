"""`autograder verify` grades the graders, and they stand."""

import ast
import json
import random
from pathlib import Path

import pytest

from autograder.certification.certificate import Certificate, certify
from autograder.certification.gaps import gaps
from autograder.certification.mutants import mutants, spoilt
from autograder.certification.references import unproved
from autograder.certification.trials import load_variants
from autograder.course import Course, load_course
from autograder.examiner import Examiner
from autograder.grading import Settings
from autograder.mistakes.catalogue import load_mistakes
from autograder.packaging.stubs import solution_of
from autograder.proofs import load_proofs
from tests.commands import autograder
from tests.seeds import PROVE, SEED
from tests.small import changed_words

# The same ones in each process of this run of the tests.
EXERCISES = sorted(load_course().exercises)
CHOSEN = [] if PROVE else random.Random(SEED).sample(EXERCISES, 2)


def test_the_certificate_holds(tmp_path: Path) -> None:
    """All trials for real, of some exercises as a rule: each mistake, variant and mutant."""
    done = autograder("verify", *CHOSEN, "--json", tmp_path / "c" / "it.json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✗" not in done.stdout
    certificate = json.loads((tmp_path / "c" / "it.json").read_text())
    count = len(CHOSEN) or len(EXERCISES)
    assert certificate["exercises"] == count
    assert certificate["points_proved"] >= count
    assert certificate["mistakes"] >= 4 * count
    assert certificate["variants"] >= 4 * count
    assert certificate["mutants"] >= count
    if not CHOSEN:
        assert len(certificate["mutants_equivalent"]) < 0.1 * certificate["mutants"]


def test_the_course_has_no_gaps(course: Course, examiner: Examiner) -> None:
    found = gaps(
        course,
        list(course.exercises),
        examiner.checks,
        load_mistakes(course),
        load_variants(course),
        load_proofs(course),
    )
    assert list(found) == []


@pytest.mark.parametrize("exercise", EXERCISES)
def test_a_reference_equals_its_formula_and_keeps_the_rules_for_all(
    course: Course, exercise: str
) -> None:
    """At generic points and at extreme ones, to the last digits that the conditioning allows."""
    proofs = load_proofs(course)
    assert proofs[exercise]
    assert list(unproved(course, [exercise], proofs)) == []


def test_every_mutant_differs_from_its_reference_and_is_python(course: Course) -> None:
    for lesson in course.lessons:
        source = solution_of(course, lesson)
        for exercise in lesson.exercises:
            made = list(mutants(source, exercise.function))
            assert made, exercise.function
            assert all(ast.dump(ast.parse(text)) != ast.dump(ast.parse(source)) for _, text in made)


def test_each_spoiler_is_python() -> None:
    for source in spoilt("anything").values():
        ast.parse(source)


def certificate_of(course: Course, *exercises: str) -> Certificate:
    *_, last = certify(course, Settings(1, course=course.root), 1, exercises or None)
    assert isinstance(last, Certificate)
    return last


def test_graders_that_are_wrong_are_told_each_in_a_sentence(tmp_path: Path) -> None:
    course = changed_words(
        tmp_path,
        {
            "graders/words/mistakes.py": [
                # One that is right for all that is looked at, and one that is right in part.
                (
                    '@mistake("count_words.once")',
                    '@mistake("count_words.nothing")\ndef _(text):\n'
                    '    """It is right, and said to be wrong."""\n'
                    "    counts = {}\n    for word in text.lower().split():\n"
                    "        counts[word] = counts.get(word, 0) + 1\n    return counts\n\n\n"
                    '@mistake("most_frequent.stops")\ndef _(text):\n'
                    '    """It stops where there is no word."""\n'
                    "    words = text.lower().split()\n"
                    "    return max(words, key=words.count)\n\n\n"
                    '@mistake("count_words.once", side=True)',
                )
            ],
            "graders/words/variants.py": [
                ('"most_frequent": {', '"most_frequent": {"first": "def most_frequent(text): '
                 'return text.split()[0] if text.split() else None",')
            ],
            "graders/words/checks.py": [
                (
                    "@points(2.4)",
                    "@points(0.001)\n"
                    "def test_nothing_at_all(count_words: StudentFunction) -> None:\n"
                    '    """Nothing is looked at."""\n    count_words.observe("a b")\n\n\n'
                    "@points(2.4)",
                ),
            ],
            "solutions/words.py": [
                ("    counts: dict", "    0 + 1\n    counts: dict"),
            ],
        },
    )  # fmt: skip
    found = certificate_of(course, "words.count_words", "words.most_frequent")
    assert not found.holds
    assert set(found.mistakes_let_through) == {
        "graders/words/mistakes.py: count_words.nothing earns 4 of 4 points: add a check to "
        "graders/words/checks.py that it fails, or take it out.",
        "graders/words/mistakes.py: count_words.once earns 0.001 of 4 points, so it is wrong in "
        "the main form: leave out `side=True`.",
        "graders/words/mistakes.py: most_frequent.stops earns 2.4 of 3 points, and a wrong "
        "formula may earn a quarter: let a check in graders/words/checks.py tell it apart, or "
        "write `side=True` if its main form is right.",
    }
    (refused,) = found.variants_refused
    assert refused.startswith('graders/words/variants.py: "first" of most_frequent earns 0 of 3')
    (nothing,) = found.checks_of_nothing
    assert nothing.startswith("graders/words/checks.py: test_nothing_at_all lets each of ")
    assert any("count_words passes every check with 0 + 1 -> 0 - 1: add a check" in told
               for told in found.mutants_survived)  # fmt: skip
    (unnamed,) = found.mistakes_not_named
    assert "count_words.nothing gets no name" in unnamed
    assert any(told.startswith("graders/words/checks.py: test_nothing_at_all is never the only one")
               for told in found.redundant_unexplained)  # fmt: skip
    (points,) = (told for told in found.course_problems if "course.toml" in told)
    assert "count_words is worth 4 points, and its checks in words together 4.001" in points


def test_a_word_that_is_no_exercise_is_told() -> None:
    done = autograder("verify", "sofmax")
    assert done.returncode == 2
    assert done.stderr == (
        "autograder: sofmax is no exercise of the course; did you mean softmax?\n"
    )

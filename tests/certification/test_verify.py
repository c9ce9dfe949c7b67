"""`autograder verify` grades the graders, and they stand."""

import ast
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

from autograder.certification.lint import lint
from autograder.certification.mutants import mutants, spoilt
from autograder.course import Course
from autograder.examiner import Examiner
from autograder.mistakes.catalogue import load_mistakes


def test_the_certificate_holds(tmp_path: Path) -> None:
    """All trials for real: every mistake, right variant and mutant is graded."""
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "verify", "--json", tmp_path / "c" / "it.json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "✗" not in done.stdout
    certificate = json.loads((tmp_path / "c" / "it.json").read_text())
    assert certificate["exercises"] == 36
    assert certificate["mistakes"] > 400
    assert certificate["variants"] >= 4 * 36
    assert certificate["mutants"] > 200
    for empty in ("mistakes_let_through", "mistakes_not_named", "variants_refused"):
        assert certificate[empty] == []
    assert certificate["mutants_survived"] == []
    assert len(certificate["mutants_equivalent"]) < 0.1 * certificate["mutants"]


def test_every_mutant_differs_from_its_reference_and_is_python(course: Course) -> None:
    seen: Counter[str] = Counter()
    for mutant in mutants(course):
        ast.parse(mutant.source)
        seen[mutant.exercise] += 1
    assert set(seen) == set(course.exercises)


def test_each_spoiler_is_python() -> None:
    for source in spoilt("softmax").values():
        ast.parse(source)


def test_what_is_missing_in_the_course_is_named(course: Course, examiner: Examiner) -> None:
    catalogue = load_mistakes(course)
    some = {name: {"a": "", "b": ""} for name in course.exercises if name != "activations.relu"}
    found = lint(course, examiner.checks[:1], catalogue | {"activations.tanh": []}, some)
    assert "activations.softmax has no public check." in found
    assert "activations.softmax has no hidden grader." in found
    assert "activations.tanh has no mistake in the catalogue." in found
    assert "activations.relu has fewer than 4 right variants." in found
    strangers = lint(course, examiner.checks, catalogue, {"nothing.here": {}})
    assert "right variants of nothing.here belong to no exercise." in strangers


def test_a_whole_course_has_nothing_to_say(course: Course, examiner: Examiner) -> None:
    ways = {name: dict.fromkeys("abcd", "") for name in course.exercises}
    assert lint(course, examiner.checks, load_mistakes(course), ways) == []

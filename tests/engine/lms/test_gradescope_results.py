"""What Gradescope is told about a result: what helps, nothing hidden, nothing that breaks out."""

import json
import re
from typing import Any, get_args

import html5lib
import jsonschema
import msgspec
import pytest

from autograder.course import Course
from autograder.exports.gradescope_results import Options, Visibility, gradescope_results
from autograder.results import ExerciseResult, Result
from tests.conftest import Grade
from tests.engine.lms.gradescope_schema import RESULTS

NO_HALF = """
import numpy as np

def cost(w, x, z):
    return np.mean((z - w * x) ** 2)
"""
ONE_AXIS_ONLY = """
import numpy as np

def softmax(z):
    return np.exp(z) / np.exp(z).sum(axis=0)

def relu(z):
    raise ValueError("no idea")
"""
# Whatever a format would obey, in a value, an exception, a warning and printed text.
NASTY = (
    "<script>alert(1)</script></pre></li></ul><img src=x onerror=alert(2)> `code` ```\n\n# Head | "
    "a | [x](javascript:alert(3)) &lt; \\u202e\\x00\\x1b[31m \\ud800 <!-- ]]> {{ 7 * 7 }} {% raw %}"
)
INJECTING = f"""
NASTY = '''{NASTY}'''

def softmax(z):
    print(NASTY)
    return NASTY

def relu(z):
    raise ValueError(NASTY)

NAME = NASTY.replace("\\0", "").replace("\\ud800", "")

class Odd:
    pass

Odd.__name__ = Odd.__qualname__ = NAME

def sigmoid(z):
    return Odd()

def tanh(z):
    raise type(NAME, (Exception,), {{}})(NASTY)
"""
ELEMENTS = set("p strong em ul li br pre mark a".split())


@pytest.fixture(scope="module")
def mistaken(grade: Grade) -> Result:
    return grade(gradient_descent=NO_HALF, activations=ONE_AXIS_ONLY)


def valid(results: dict[str, Any]) -> dict[str, Any]:
    """The results as Gradescope reads them: what is not as documented fails here."""
    read: dict[str, Any] = json.loads(json.dumps(results, allow_nan=False))
    jsonschema.validate(read, RESULTS)
    return read


def row(results: dict[str, Any], id: str) -> dict[str, Any]:
    (found,) = [test for test in results["tests"] if test["name"].endswith(f"({id})")]
    return dict(found)


def exercise(result: Result, id: str) -> ExerciseResult:
    return next(exercise for exercise in result.exercises if exercise.id == id)


def outputs(results: dict[str, Any]) -> list[str]:
    return [results["output"], *(test["output"] for test in results["tests"])]


def text_of(html: str) -> str:
    tree = html5lib.parseFragment(html, treebuilder="etree", namespaceHTMLElements=False)
    return " ".join("".join(tree.itertext()).split())


def test_there_is_a_row_for_each_exercise_in_the_courses_order(
    course: Course, mistaken: Result
) -> None:
    results = valid(gradescope_results(course, mistaken))
    names = [re.fullmatch(r".+ \((.+)\)", test["name"]) for test in results["tests"]]
    assert [name and name[1] for name in names] == list(course.exercises)
    assert results["tests"][0]["number"] == "1.1"
    assert row(results, "gradient_descent.sum_squared_error")["number"] == "1.3"
    assert len({test["number"] for test in results["tests"]}) == len(course.exercises)


def test_points_are_the_results_own_and_add_up(course: Course, mistaken: Result) -> None:
    results = valid(gradescope_results(course, mistaken))
    assert results["score"] == mistaken.score
    assert sum(test["score"] for test in results["tests"]) == pytest.approx(mistaken.score)
    assert sum(test["max_score"] for test in results["tests"]) == pytest.approx(course.max_score)
    for test, graded in zip(results["tests"], mistaken.exercises, strict=True):
        assert (test["score"], test["max_score"]) == (graded.score, graded.max_score)
        assert test["status"] == ("passed" if graded.outcome == "correct" else "failed")


def test_a_failed_public_check_shows_call_expected_got_and_the_mistake(
    course: Course, mistaken: Result
) -> None:
    results = valid(gradescope_results(course, mistaken))
    graded = exercise(mistaken, "gradient_descent.cost")
    shown = text_of(row(results, graded.id)["output"])
    assert graded.mistake is not None
    assert " ".join(graded.mistake.message.split()) in shown
    failed = [check.evidence for check in graded.checks if check.evidence]
    assert failed
    for evidence in failed:
        assert evidence.call
        assert evidence.expected is not None
        assert evidence.got is not None
        for part in (evidence.call, evidence.expected.text, evidence.got.text):
            assert " ".join(part.split()) in shown


def test_an_exception_shows_the_students_line_and_its_cause(
    course: Course, mistaken: Result
) -> None:
    shown = text_of(row(gradescope_results(course, mistaken), "activations.relu")["output"])
    assert "Stopped with an error" in shown
    assert "it raised ValueError: no idea" in shown
    assert 'raise ValueError("no idea")' in shown


def test_a_stub_says_that_it_is_one(course: Course, grade: Grade) -> None:
    result = grade(activations="def softmax(z):\n    raise NotImplementedError\n")
    shown = text_of(row(gradescope_results(course, result), "activations.softmax")["output"])
    assert "What happened: still the stub: it raises NotImplementedError." in shown
    assert "Write its body in place of" in shown


def test_how_many_hidden_checks_passed_is_said_of_each_exercise_and_of_all(
    course: Course, mistaken: Result
) -> None:
    results = valid(gradescope_results(course, mistaken))
    passed = total = 0
    for graded in mistaken.exercises:
        hidden = [check for check in graded.checks if check.visibility == "hidden"]
        passed += sum(check.passed for check in hidden)
        total += len(hidden)
        said = f"Hidden checks: {sum(c.passed for c in hidden)} of {len(hidden)} passed"
        shown = text_of(row(results, graded.id)["output"])
        assert said in shown
        for check in hidden:
            assert f"{'✓' if check.passed else '✗'} {check.sentence}" in shown
    assert 0 < passed < total
    assert f"{passed} of {total} hidden checks" in text_of(results["output"])


def test_of_a_hidden_check_nothing_is_shown_but_its_sentence(
    course: Course, mistaken: Result
) -> None:
    output = row(gradescope_results(course, mistaken), "activations.softmax")["output"]
    after = output[output.index("Hidden checks:") :]
    assert "<pre>" not in after
    assert "because" not in after
    hidden = {
        check.sentence
        for check in exercise(mistaken, "activations.softmax").checks
        if check.visibility == "hidden"
    }
    listed = set(re.findall(r"<li>[✓✗] (.*)</li>", after))
    assert listed == {text.replace("'", "&#39;") for text in hidden}


def test_what_a_submission_says_cannot_break_out_of_the_page(course: Course, grade: Grade) -> None:
    result = grade(activations=INJECTING)
    result = msgspec.structs.replace(result, problems=(NASTY, "ends in \ud800\x00"))
    results = valid(gradescope_results(course, result))
    seen = 0
    for output in outputs(results):
        tree = html5lib.parseFragment(output, treebuilder="etree", namespaceHTMLElements=False)
        for element in tree.iter():
            if element is tree:
                continue
            assert element.tag in ELEMENTS
            assert set(element.attrib) <= ({"href"} if element.tag == "a" else set())
            assert not element.attrib.get("href", "").startswith("javascript")
        seen += "alert(1)" in text_of(output)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e\ud800-\udfff]", output)
    assert seen >= 4


def test_a_result_never_grows_without_bounds(course: Course, grade: Grade) -> None:
    body = "    print('<' * 10**6)\n    raise ValueError('<' * 10**6)\n"
    functions = "".join(
        f"def {e.function}(*a, **k):\n{body}" for m in course.lessons for e in m.exercises
    )
    result = grade(**{lesson.id: functions for lesson in course.lessons})
    assert len(json.dumps(gradescope_results(course, result))) < 2_000_000


@pytest.mark.parametrize("visibility", get_args(Visibility))
def test_rows_say_the_same_visibility_as_the_whole(
    course: Course, mistaken: Result, visibility: Visibility
) -> None:
    """A row's own visibility overrides the other one."""
    results = valid(gradescope_results(course, mistaken, options=Options(visibility)))
    assert {results["visibility"], *(t["visibility"] for t in results["tests"])} == {visibility}
    assert results["stdout_visibility"] == "hidden"
    at_once = text_of(results["output"])
    assert ("exercises are fully right" in at_once) == (visibility == "visible")


def test_a_leaderboard_is_there_only_where_it_is_asked_for(
    course: Course, mistaken: Result
) -> None:
    assert "leaderboard" not in valid(gradescope_results(course, mistaken))
    board = valid(gradescope_results(course, mistaken, options=Options(leaderboard=True)))
    right = sum(exercise.outcome == "correct" for exercise in mistaken.exercises)
    assert board["leaderboard"] == [
        {"name": "Points", "value": mistaken.score, "order": "desc"},
        {"name": "Exercises right", "value": right, "order": "desc"},
    ]


@pytest.mark.parametrize(
    ("seconds", "told", "extra"),
    [
        (0, "Handed in on time.", {"late": False, "late_seconds": 0}),
        (1, "late, by less than a minute.", {"late": True, "late_seconds": 1}),
        (3660, "late, by 1 hour 1 minute.", {"late": True, "late_seconds": 3660}),
        (190_000, "late, by 2 days 4 hours.", {"late": True, "late_seconds": 190_000}),
    ],
)
def test_lateness_is_said_in_words_and_in_seconds(
    course: Course, mistaken: Result, seconds: int, told: str, extra: dict[str, Any]
) -> None:
    results = valid(gradescope_results(course, mistaken, late_seconds=seconds))
    assert told in text_of(results["output"])
    assert results["extra_data"] == extra


def test_unknown_lateness_is_not_made_up(course: Course, mistaken: Result) -> None:
    results = valid(gradescope_results(course, mistaken))
    assert results["extra_data"] == {}
    assert "Handed in" not in results["output"]
    late = msgspec.structs.replace(
        mistaken, source=msgspec.structs.replace(mistaken.source, late=True)
    )
    results = valid(gradescope_results(course, late))
    assert results["extra_data"] == {"late": True}
    assert "Handed in late." in results["output"]


def test_problems_come_first_and_confinement_is_told(course: Course, mistaken: Result) -> None:
    result = msgspec.structs.replace(
        mistaken, problems=("a.txt was left out.",), confinement=("privileges", "limits")
    )
    shown = text_of(valid(gradescope_results(course, result))["output"])
    assert shown.startswith("About the submission as a whole a.txt was left out.")
    assert "confined in: privileges, limits (not in: filesystem, system calls)." in shown
    unconfined = msgspec.structs.replace(mistaken, confinement=())
    assert "not confined in any other way" in gradescope_results(course, unconfined)["output"]

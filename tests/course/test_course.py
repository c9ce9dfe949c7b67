"""The course's content is complete and in step with itself."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from autograder.course import Course, CourseError, load_course
from autograder.examiner import Examiner
from autograder.packaging.stubs import make_stub, stubs
from tests.places import COURSE_FILE, ROOT

CONTRACT = {
    "gradient_descent": "predict 1 cost 4 sum_squared_error 2 cost_gradient 5 descent_direction 2 "
    "update_weight 3 gradient_descent 5 max_stable_learning_rate 2",
    "backpropagation": "weighted_sum 1 sigmoid 3 forward 4 error 2 error_slope 2 sigmoid_slope 2 "
    "gradient_w2 4 gradient_b2 2 gradient_w1 5 gradient_b1 2 backward 3 update_parameters 2 "
    "train 4",
    "vanishing_gradient": "sigmoid_derivative 3 relu_derivative 2 forward_chain 3 "
    "layer_gradients 5 vanishing_ratio 1 sigmoid_gradient_bound 2",
    "activations": "sigmoid 3 tanh 2 tanh_derivative 2 relu 2 leaky_relu 3 "
    "leaky_relu_derivative 2 softmax 5 predict_class 2 collapse_linear_layers 3",
}


def test_the_exercises_and_their_points_are_the_contracts(course: Course) -> None:
    expected: dict[str, float] = {}
    for module, words in CONTRACT.items():
        names = iter(words.split())
        expected |= {f"{module}.{name}": float(points) for name, points in zip(names, names)}  # noqa: B905
    assert {name: e.points for name, e in course.exercises.items()} == expected
    assert list(course.exercises) == list(expected)
    assert course.max_score == 100


def test_hints_give_no_code_away(course: Course) -> None:
    code = re.compile(r"\bdef |\breturn [a-z]+ ?[-*/+(]|lambda|np\.\w+\([^)]|\*\*|==|\[:")
    for name, exercise in course.exercises.items():
        for hint in (exercise.hints.symptom, exercise.hints.idea, exercise.hints.nearly):
            assert not code.search(hint), (name, hint)


def test_no_two_hints_are_the_same(course: Course) -> None:
    hints = Counter(
        hint
        for exercise in course.exercises.values()
        for hint in (exercise.hints.symptom, exercise.hints.idea, exercise.hints.nearly)
    )
    assert max(hints.values()) == 1


def test_stubs_are_what_the_solutions_generate() -> None:
    for path, text in stubs(load_course()).items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run `make stubs`"


def test_a_stub_holds_no_line_of_a_solution(course: Course) -> None:
    for module in course.modules:
        solution = (ROOT / "solutions" / f"{module.id}.py").read_text()
        stub = (ROOT / "exercises" / f"{module.id}.py").read_text()
        bodies = {line for line in solution.splitlines() if re.match(r" +\S", line)}
        given = set(re.sub(r'"""', "", stub).splitlines()) | set(stub.splitlines())
        solved = {line for line in bodies if re.search(r"\breturn\b|=", line)} - given
        assert solved, module.id
        assert not solved & set(stub.splitlines())


def test_a_stub_keeps_signatures_and_drops_private_helpers() -> None:
    solution = (
        '"""A module."""\n\nimport numpy as np\n\n\ndef double(x: float) -> float:\n'
        '    """Return twice x."""\n    return 2 * x\n\n\ndef _hidden(x):\n    return x\n'
    )
    assert make_stub(solution) == (
        '"""A module."""\n\nimport numpy as np\n\n\ndef double(x: float) -> float:\n'
        '    """Return twice x."""\n    raise NotImplementedError\n'
    )


def test_the_checks_of_an_exercise_add_up_to_its_points(examiner: Examiner, course: Course) -> None:
    worth: defaultdict[str, float] = defaultdict(float)
    for check in examiner.checks:
        for exercise in check.exercises:
            worth[exercise] += check.worth
    assert {name: pytest.approx(e.points) for name, e in course.exercises.items()} == dict(worth)


def test_public_checks_are_worth_a_fifth_of_each_exercise(
    examiner: Examiner, course: Course
) -> None:
    for name, exercise in course.exercises.items():
        mine = [c for c in examiner.checks if name in c.exercises]
        public = sum(c.worth for c in mine if c.visibility == "public")
        assert public == pytest.approx(exercise.points / 5), name
        assert sum(c.visibility == "hidden" for c in mine) >= 2, name


def test_the_main_clause_alone_earns_half_of_each_exercise(
    examiner: Examiner, course: Course
) -> None:
    for name, exercise in course.exercises.items():
        hidden = [c for c in examiner.checks if name in c.exercises and c.visibility == "hidden"]
        assert max(c.worth for c in hidden) >= exercise.points / 2, name


def test_every_check_has_a_sentence_and_a_name_of_its_own(examiner: Examiner) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for check in examiner.checks:
        assert check.sentence.endswith("."), check.id
        assert check.worth > 0, check.id
        seen[(check.exercises[0].partition(".")[0] + check.visibility, check.name)] += 1
    assert max(seen.values()) == 1


def test_a_mistake_in_the_course_file_is_told_with_its_place(tmp_path: Path) -> None:
    text = COURSE_FILE.read_text()
    broken = tmp_path / "broken" / "exercises" / "course.toml"
    broken.parent.mkdir(parents=True)
    broken.write_text(text.replace('difficulty = "easy"', 'difficulty = "trivial"', 1))
    with pytest.raises(CourseError, match="predict: difficulty: invalid enum value 'trivial'"):
        load_course(tmp_path / "broken")
    with pytest.raises(CourseError, match="No such file"):
        load_course(tmp_path / "absent")

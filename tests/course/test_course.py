"""The course's content is complete and in step with itself."""

import re
from collections import Counter
from pathlib import Path

import pytest

from autograder.course import Course, CourseError, load_course
from autograder.examiner import Examiner
from autograder.packaging.stubs import make_stub
from tests.places import COURSE_FILE, ROOT


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


def test_a_stub_holds_no_line_of_a_solution(course: Course) -> None:
    for lesson in course.lessons:
        solution = (ROOT / "solutions" / f"{lesson.id}.py").read_text()
        stub = (ROOT / "exercises" / f"{lesson.id}.py").read_text()
        bodies = {line for line in solution.splitlines() if re.match(r" +\S", line)}
        given = set(re.sub(r'"""', "", stub).splitlines()) | set(stub.splitlines())
        solved = {line for line in bodies if re.search(r"\breturn\b|=", line)} - given
        assert solved, lesson.id
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


def test_each_exercise_has_several_hidden_checks(examiner: Examiner, course: Course) -> None:
    for name in course.exercises:
        mine = [c for c in examiner.checks if name in c.exercises]
        assert sum(c.visibility == "hidden" for c in mine) >= 2, name


def test_the_main_clause_alone_earns_half_of_each_exercise(
    examiner: Examiner, course: Course
) -> None:
    for name, exercise in course.exercises.items():
        hidden = [c for c in examiner.checks if name in c.exercises and c.visibility == "hidden"]
        assert max(c.worth for c in hidden) >= exercise.points / 2, name


def test_every_check_has_a_name_of_its_own(examiner: Examiner) -> None:
    seen: Counter[tuple[str, str]] = Counter()
    for check in examiner.checks:
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

"""The catalogue says what a teacher would say, and the table for students is made of it."""

import re

import msgspec
import pytest

from autograder.checking.known import Table, load_table, table_of
from autograder.course import Course
from autograder.mistakes.catalogue import KnownMistake, load_mistakes
from autograder.packaging.known_mistakes import known_mistakes


@pytest.fixture(scope="module")
def catalogue(course: Course) -> list[KnownMistake]:
    return [known for mistakes in load_mistakes(course).values() for known in mistakes]


def test_every_exercise_has_mistakes(course: Course) -> None:
    assert all(len(mistakes) >= 4 for mistakes in load_mistakes(course).values())


def test_every_sentence_is_one_to_read(catalogue: list[KnownMistake]) -> None:
    for known in catalogue:
        assert 40 <= len(known.sentence) <= 260, known.id
        assert known.sentence[0].isupper(), known.id
        assert known.sentence.endswith("."), known.id
        assert not re.search(r"\breturn np\.|lambda", known.sentence), known.id


def test_no_sentence_is_said_of_two_mistakes_of_one_exercise(catalogue: list[KnownMistake]) -> None:
    said = [(known.exercise, known.sentence) for known in catalogue]
    assert len(said) == len(set(said))


def test_every_lesson_is_a_page_and_heading_of_the_course(
    course: Course, catalogue: list[KnownMistake]
) -> None:
    pages = {lesson.page for lesson in course.lessons}
    for known in catalogue:
        page, _, heading = known.lesson.partition("#")
        assert page in pages
        assert heading


def test_the_table_for_students_is_what_the_catalogue_makes(course: Course) -> None:
    """`make stubs` makes it anew."""
    made = msgspec.json.decode(known_mistakes(course), type=Table)
    kept = load_table(course)
    assert made.keys() == kept.keys()
    for exercise, known in made.items():
        assert known.calls == kept[exercise].calls
        assert [m.id for m in known.mistakes] == [m.id for m in kept[exercise].mistakes]
        assert [m.sentence for m in known.mistakes] == [m.sentence for m in kept[exercise].mistakes]


def test_the_table_holds_sentences_and_numbers_only(course: Course) -> None:
    text = table_of(course).read_text()
    assert "def " not in text
    assert "return np" not in text
    assert "lambda" not in text

"""Where in the course one is follows what was edited."""

import pytest

from autograder.course import Course
from autograder.practice.place import Place
from autograder.practice.progress import Progress
from autograder.results import Source
from autograder.submissions import Chunk, Submission

RELU = "import numpy as np\ndef relu(z):\n    return z\n"
TANH = "def tanh(z):\n    return z\n"


def saved(**sources: str) -> Submission:
    modules = {name: (Chunk(f"{name}.py", text),) for name, text in sources.items()}
    return Submission("practice", Source("practice"), dict(modules))


@pytest.fixture
def place(course: Course, tmp_path: object) -> Place:
    made = Place(course, ["activations.relu"])
    made.read(saved(activations=RELU + TANH))
    return made


@pytest.fixture
def progress(tmp_path: object) -> Progress:
    return Progress(tmp_path)  # type: ignore[arg-type]


def test_an_edited_function_is_gone_to(place: Place, progress: Progress) -> None:
    edited = place.read(saved(activations=RELU + TANH + "    # more\n"), progress)
    assert edited == []
    edited = place.read(saved(activations=RELU + TANH.replace("z\n", "z + 1\n")), progress)
    assert edited == ["activations.tanh"]
    assert place.current == "activations.tanh"


def test_one_stays_where_one_is_while_it_is_among_the_edited(
    place: Place, progress: Progress
) -> None:
    place.read(saved(activations=(RELU + TANH).replace("return z", "return 0")), progress)
    assert place.current == "activations.relu"


def test_an_edited_import_leaves_one_there(place: Place, progress: Progress) -> None:
    place.read(saved(activations="import math\n" + RELU + TANH), progress)
    assert place.current == "activations.relu"


def test_another_file_is_gone_to_where_it_is_not_done(place: Place, progress: Progress) -> None:
    progress["gradient_descent.predict"].status = "done"
    sources = {"activations": RELU + TANH, "gradient_descent": "x = 1\n"}
    place.read(saved(**sources), progress)
    assert place.current == "gradient_descent.cost"


def test_a_syntax_error_keeps_what_was_known(place: Place, progress: Progress) -> None:
    assert place.read(saved(activations="def relu(z:\n"), progress) == []
    assert place.current == "activations.relu"
    assert place.read(saved(activations=RELU + TANH), progress) == []


def test_a_file_that_is_gone_is_noticed_and_its_return_too(
    place: Place, progress: Progress
) -> None:
    place.read(saved(), progress)
    assert place.missing
    place.read(saved(activations=RELU), progress)
    assert not place.missing


def test_it_begins_with_the_first_that_is_not_done(course: Course, progress: Progress) -> None:
    place = Place(course, ["activations.sigmoid", "activations.tanh"])
    progress["activations.sigmoid"].status = "done"
    place.begin(progress)
    assert place.current == "activations.tanh"
    progress["activations.tanh"].status = "done"
    place.begin(progress)
    assert place.current == "activations.sigmoid"


def test_steps_go_round_the_course(course: Course) -> None:
    names = list(course.exercises)
    place = Place(course, names[-1:])
    place.step(1)
    assert place.current == names[0]
    place.step(-1)
    assert place.current == names[-1]


def test_what_is_left_is_looked_for_from_here_on(course: Course, progress: Progress) -> None:
    names = list(course.exercises)
    place = Place(course, names[-2:])
    assert place.next_unfinished(progress) == names[-1]
    for name in names:
        progress[name].status = "done"
    assert place.next_unfinished(progress) is None
    progress[names[3]].status = "wrong"
    assert place.next_unfinished(progress) == names[3]

"""What many tests share: an examiner, and submissions made of source text."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.course import ROOT, Course, load_course
from autograder.examiner import Examiner
from autograder.results import Result, Source
from autograder.submissions import Chunk, Submission

Grade = Callable[..., Result]


@pytest.fixture(scope="session")
def course() -> Course:
    """The course as it is."""
    return load_course()


@pytest.fixture(scope="session")
def examiner() -> Iterator[Examiner]:
    """One running examiner for all the tests of a process."""
    with Examiner() as running:
        yield running


@pytest.fixture(scope="session")
def grade(examiner: Examiner) -> Grade:
    """Grades a submission given as source text: grade(activations="def relu(z): ...")."""

    def grade_sources(**sources: str) -> Result:
        modules: dict[str, tuple[Chunk, ...]] = {
            name: (Chunk(f"{name}.py", text),) for name, text in sources.items()
        }
        files = {name: f"{name}.py" for name in sources}
        return examiner.examine(
            Submission("student", Source("student"), modules=modules, files=files)
        )

    return grade_sources


@pytest.fixture(scope="session")
def reference_sources(course: Course) -> dict[str, str]:
    """The reference solutions' source text, by module."""
    return {m.id: Path(ROOT, "solutions", f"{m.id}.py").read_text() for m in course.modules}

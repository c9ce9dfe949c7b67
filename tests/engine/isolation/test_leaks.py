"""No hidden number comes out to a student, by whichever way a submission carries it."""

import contextlib
import html
import io
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from autograder.course import Course
from autograder.examiner import Examiner
from autograder.exports.gradescope_results import Options, gradescope_results
from autograder.packaging.student import student_release
from autograder.reports import render_feedback
from autograder.results import Result, Source
from autograder.submissions import Chunk, Submission
from tests.commands import autograder
from tests.engine.isolation.channels import CHANNELS, Channel, carrying
from tests.engine.isolation.hidden import RENDERINGS, Calls, Detector, recorded
from tests.seeds import SEED

Grade = Callable[..., Result]


@pytest.fixture(scope="module")
def calls() -> Calls:
    return recorded()


@pytest.fixture(scope="module")
def detector(calls: Calls) -> Detector:
    return Detector(calls.secrets)


def handed_in(
    course: Course, sources: dict[str, str], channel: Channel, lesson: str | None = None
) -> dict[str, str]:
    return {
        m.id: carrying(sources[m.id], [e.function for e in m.exercises], channel)
        for m in course.lessons
        if lesson in (None, m.id)
    }


def submission(sources: dict[str, str]) -> Submission:
    modules: dict[str, tuple[Chunk, ...]] = {
        name: (Chunk(f"{name}.py", text),) for name, text in sources.items()
    }
    return Submission("s", Source("s"), modules, {name: f"{name}.py" for name in sources})


def student_reads(course: Course, result: Result) -> dict[str, str]:
    """What a student is shown of a result, by who shows it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Of what Otter imports.
        from autograder.otter.results import describe, to_test_files
    cases = [case for file in to_test_files(result).values() for case in file.test_case_results]
    return {
        "the page": render_feedback(course, result),
        "Gradescope": json.dumps(gradescope_results(course, result), ensure_ascii=False),
        "Otter": "\n".join(
            [*(describe(result, lesson) for lesson in course.lessons), *map(str, cases)]
        ),
    }


@pytest.mark.parametrize("rendering", RENDERINGS)
def test_the_detector_finds_a_number_in_every_form(
    calls: Calls, detector: Detector, rendering: str
) -> None:
    for secret in sorted(calls.secrets)[::7]:
        written = RENDERINGS[rendering](secret)
        # NumPy shows eight decimals, which can be few digits.
        short = rendering == "NumPy's" and len(written.split()[0].strip("[-0.")) < 5
        if sum(map(str.isdigit, written)) > 8 and not short:
            assert detector.found(f"<p>It was {html.escape(written)}, then.</p>"), written


def test_the_detector_finds_what_a_grader_that_shows_everything_gives_away(
    course: Course, calls: Calls, detector: Detector, reference_sources: dict[str, str]
) -> None:
    """A control: here the hidden checks are declared public."""
    sources = handed_in(course, reference_sources, CHANNELS["an exception's message"])
    with Examiner(seed=SEED) as careless:
        for check in careless.checks:
            check.visibility = "public"
        result = careless.examine(submission(sources))
    for shown_by, text in student_reads(course, result).items():
        assert len(detector.found(text)) > len(calls.secrets) / 10, shown_by


def test_a_right_submission_shows_no_hidden_number(
    course: Course, grade: Grade, detector: Detector, reference_sources: dict[str, str]
) -> None:
    for text in student_reads(course, grade(**reference_sources)).values():
        assert not detector.found(text)


@pytest.mark.row("Carry a hidden input out in exceptions, warnings, output, values or files")
@pytest.mark.parametrize("name", CHANNELS)
def test_what_is_carried_out_of_a_hidden_call_reaches_no_student(
    course: Course, grade: Grade, detector: Detector, reference_sources: dict[str, str], name: str
) -> None:
    channel = CHANNELS[name]
    # A lesson with a composite exercise, whose parts are called once more.
    lesson = None if name == "everything seen so far" else "vanishing_gradient"
    result = grade(**handed_in(course, reference_sources, channel, lesson))
    shown = student_reads(course, result)
    # Of public calls it does come out, so the silence on hidden ones is not the channel's.
    assert channel.told in html.unescape(shown["the page"])
    for shown_by, text in shown.items():
        assert not detector.found(text), shown_by


@pytest.fixture(scope="module")
def place(
    tmp_path_factory: pytest.TempPathFactory, course: Course, reference_sources: dict[str, str]
) -> Path:
    """A folder with a submission that carries out everything it sees."""
    folder = tmp_path_factory.mktemp("leaks")
    (folder / "submission").mkdir()
    sources = handed_in(course, reference_sources, CHANNELS["everything seen so far"])
    for module, source in sources.items():
        (folder / "submission" / f"{module}.py").write_text(source)
    return folder


@pytest.mark.row("Carry a hidden input out in exceptions, warnings, output, values or files")
def test_gradescope_is_told_no_hidden_number(place: Path, detector: Detector) -> None:
    for name in ("source", "results"):
        (place / name).mkdir()
    (place / "source" / "options.json").write_bytes(msgspec.json.encode(Options()))
    (place / "source" / "seed").write_text(str(SEED))
    (place / "submission_metadata.json").write_text("{}")
    command = [sys.executable, "-m", "autograder.gradescope"]
    environment = os.environ | {"AUTOGRADER_ROOT": str(place)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    told = json.loads((place / "results" / "results.json").read_text())
    assert "carried" in str(told)
    assert str(SEED) not in json.dumps(told) + done.stdout + done.stderr
    assert not detector.found(json.dumps(told, ensure_ascii=False) + done.stdout + done.stderr)


@pytest.mark.row("Carry a hidden input out in exceptions, warnings, output, values or files")
def test_a_student_checking_at_home_sees_no_hidden_number(place: Path, detector: Detector) -> None:
    done = autograder("check", place / "submission" / "activations.py", cwd=place / "submission")
    assert "carried" in done.stdout
    assert not detector.found(done.stdout + done.stderr)


@pytest.mark.row("Carry a hidden input out in exceptions, warnings, output, values or files")
def test_a_notebook_shows_no_hidden_number(place: Path, detector: Detector) -> None:
    from autograder.notebook.grader import Grader

    names = {"__name__": "notebook"}
    exec((place / "submission" / "activations.py").read_text(), names)
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        Grader("activations", names).check("softmax")
    assert "carried" in shown.getvalue()
    assert not detector.found(shown.getvalue())


@pytest.mark.row("Compute the hidden inputs from what students get")
def test_what_students_get_neither_has_nor_draws_a_seed(course: Course) -> None:
    release = student_release(course)
    assert "autograder/seeds.py" not in release
    for path, content in release.items():
        if path.startswith("autograder/") and path.endswith(".py"):
            assert b"secrets" not in content, path
            assert b"draw_seed" not in content, path

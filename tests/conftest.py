"""What many tests share: an examiner, and submissions made of source text."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from autograder.cli.terminal import processors
from autograder.course import Course, load_course
from autograder.examiner import Examiner
from autograder.results import Result, Source
from autograder.submissions import Chunk, Submission
from examples.pages.browser import NO_BROWSER
from tests.places import ROOT
from tests.quick import quick_ones, share_of
from tests.seeds import SEED

Grade = Callable[..., Result]
# Folders of long files, the longest first: what begins late is what everybody waits for.
FIRST = [
    ROOT / "tests" / folder
    for folder in (
        *("course/site", "engine/packaging", "engine/grading", "engine/practice", "engine/cli"),
        *("engine/examiner", "engine/isolation", "engine/faults"),
    )
]


# No law fails because a machine is slow.
settings.register_profile(
    "suite", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
# A quick run tries each law on few examples, others each time.
settings.register_profile("quick", parent=settings.get_profile("suite"), max_examples=8)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Lets what tests start be stopped by signals, though `nohup` or a script started us."""
    config.addinivalue_line(
        "markers", "share(n): of a table of costly rows, n are tried each time."
    )
    if config.getoption("--quick"):
        settings.load_profile("quick")
        os.environ["QUICK"] = "1"  # For laws that say themselves how often they are tried.
    for name, usual in (
        ("SIGINT", signal.default_int_handler),
        ("SIGHUP", signal.SIG_DFL),
        ("SIGQUIT", signal.SIG_DFL),
    ):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) == signal.SIG_IGN:
            signal.signal(getattr(signal, name), usual)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--quick`, which `make quick` gives."""
    parser.addoption("--quick", action="store_true", help="Only tests that start no program.")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: much of the time a test waits for a process to end."""
    return processors() + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what `--quick` does, draws rows of long tables, and begins with what is long."""
    if config.getoption("--quick"):
        items[:] = quick_ones(items)
    items[:] = share_of(items)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    """When a test's turn is: by its folder's place among the first, else after them."""
    return next((n for n, f in enumerate(FIRST) if f in item.path.parents), len(FIRST))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says what to repeat a failure with, and what did not run for want of a browser."""
    if any(terminalreporter.stats.get(kind) for kind in ("failed", "error")):
        terminalreporter.write_line(f"Hidden inputs were drawn from SEED={SEED}; it repeats them.")
    if reasons := _reasons_without_browser(terminalreporter):
        tests = "test" if len(reasons) == 1 else "tests"
        terminalreporter.write_line(f"{len(reasons)} browser {tests} did not run: {reasons[0]}.")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fails a run of continuous integration that had no browser."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and _reasons_without_browser(reporter):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def _reasons_without_browser(reporter: pytest.TerminalReporter) -> list[str]:
    """Why each test that needs a browser did not run."""
    reasons = [report.longrepr[2] for report in reporter.stats.get("skipped", [])]
    return [reason.removeprefix("Skipped: ") for reason in reasons if NO_BROWSER in reason]


@pytest.fixture(scope="session")
def course() -> Course:
    """The course as it is."""
    return load_course()


@pytest.fixture(scope="session")
def examiner() -> Iterator[Examiner]:
    """One running examiner for all the tests of a process."""
    with Examiner(seed=SEED) as running:
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
    return {m.id: Path(ROOT, "solutions", f"{m.id}.py").read_text() for m in course.lessons}

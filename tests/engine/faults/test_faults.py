"""One submission's fault costs nobody else anything: the table in `ways`, at every moment.

Each row is tried at a moment that is drawn anew for each run of the tests, and by `make prove` at
all of them.
"""

import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from multiprocessing import active_children
from pathlib import Path

import psutil
import pytest

from autograder.course import load_course
from autograder.examiner import Examiner
from autograder.grading import Settings, grade_all, processes
from autograder.results import Result, Source, to_json
from autograder.sandbox import forked
from autograder.sandbox.process import Limits
from autograder.submissions import Chunk, Submission
from autograder.submissions.finding import find_submissions
from tests.engine.faults.ways import HONEST, MOMENTS, SIGNALS, WAYS, hostile
from tests.seeds import PROVE, SEED
from tests.small import SMALL

# Short, so that silence costs little; what is right takes milliseconds.
ALONE = Limits(call_seconds=0.5, import_seconds=0.5, submission_seconds=3, memory_bytes=512 << 20)
IN_CLASS = Limits(call_seconds=1, import_seconds=1, submission_seconds=10, memory_bytes=512 << 20)
JOBS = 4  # Most of the time is spent in waiting for silence to end.
FAULTS_FOR_AN_HONEST_ONE = 10
COURSE = load_course(SMALL)
# What the server is started with, but that it finds no seccomp.
UNFILTERED = forked._START_SERVER.replace(
    "from autograder.sandbox.server",
    "from autograder.sandbox import confinement; "
    "confinement.build_filter = lambda: (None, 'switched off'); "
    "from autograder.sandbox.server",
)


def submission(modules: Mapping[str, str]) -> Submission:
    chunks: dict[str, tuple[Chunk, ...]] = {
        name: (Chunk(f"{name}.py", text),) for name, text in modules.items()
    }
    return Submission("s", Source("s"), chunks, {name: f"{name}.py" for name in modules})


def points(result: Result, module: str) -> float:
    return sum(e.score for e in result.exercises if e.id.startswith(f"{module}."))


def told_of_the_faulty(result: Result) -> str:
    (faulty,) = [e for e in result.exercises if e.id == "words.count_words"]
    return json.dumps([faulty.note, *result.problems, *(c.message for c in faulty.checks)])


def family() -> dict[int, int]:
    """This process and those below it, and how many descriptors each has open."""
    me = psutil.Process()
    return {one.pid: one.num_fds() for one in [me, *me.children(recursive=True)]}


class Strict:
    """An examiner with short limits, and the result of somebody honest, who was its first."""

    def __init__(self, examiner: Examiner) -> None:
        self.examiner = examiner
        self.honest = self.grade(HONEST)

    def grade(self, modules: Mapping[str, str]) -> Result:
        return self.examiner.examine(submission(modules))

    def suffer(self, moment: str, does: str, told: str | None) -> None:
        """Grades this fault and asserts that it is told, and costs nothing else."""
        before = family()
        result = self.grade(hostile(moment, does))
        assert family() == before
        if told == "":
            assert result.score == self.honest.score
        elif told and moment != "between":  # When a thread gets its turn is anybody's guess.
            assert re.search(told, told_of_the_faulty(result))
            assert points(result, "rows") == points(self.honest, "rows") == 3
        assert self.grade(HONEST) == self.honest
        assert family() == before


@pytest.fixture(scope="module")
def strict() -> Iterator[Strict]:
    with Examiner(course=COURSE, seed=SEED, limits=ALONE) as running:
        yield Strict(running)


@pytest.fixture(scope="module")
def unfiltered() -> Iterator[Strict]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forked, "_START_SERVER", UNFILTERED)
        with Examiner(course=COURSE, seed=SEED, limits=ALONE) as running:
            assert "system calls" not in [one.name for one in running.layers if one.in_force]
            yield Strict(running)


def named(word: str) -> str:
    return word.replace(" ", "-")


def moments(rows: Iterable[str]) -> list[tuple[str, str]]:
    """Returns rows with their moments: all of them, or one of each row."""
    drawn = random.Random(SEED)
    return [
        (row, moment) for row in rows for moment in (MOMENTS if PROVE else [drawn.choice(MOMENTS)])
    ]


FAULTS = moments(WAYS)


@pytest.mark.parametrize(("way", "moment"), FAULTS, ids=named)
@pytest.mark.share(30)
def test_a_fault_is_told_and_leaves_nothing_to_the_next_submission(
    strict: Strict, way: str, moment: str
) -> None:
    strict.suffer(moment, *WAYS[way])


@pytest.mark.parametrize(("name", "moment"), moments(SIGNALS))
def test_a_signal_to_oneself_ends_or_stops_oneself_only_where_calls_are_not_filtered(
    unfiltered: Strict, name: str, moment: str
) -> None:
    unfiltered.suffer(moment, f"os.kill(os.getpid(), signal.{name})", SIGNALS[name])


def test_honest_submissions_among_all_faults_are_graded_as_without_them(tmp_path: Path) -> None:
    faults = [(f"{moment}-{named(way)}", hostile(moment, WAYS[way].does)) for way, moment in FAULTS]
    for number, (name, modules) in enumerate(faults):
        hand_in(tmp_path / "mixed" / f"{number:03}-{name}", modules)
        if number % FAULTS_FOR_AN_HONEST_ONE == 0:
            hand_in(tmp_path / "mixed" / f"{number:03}-honest", HONEST)
            hand_in(tmp_path / "honest" / f"{number:03}-honest", HONEST)
    without = graded(tmp_path / "honest")
    before = set(family())
    among = graded(tmp_path / "mixed")
    assert active_children() == []
    assert set(family()) == before
    assert {name: among[name] for name in without} == without
    assert len(among) == len(faults) + len(without)


def hand_in(folder: Path, modules: Mapping[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)


def graded(folder: Path) -> dict[str, tuple[bytes, str]]:
    """Grades a class and returns each one's result and feedback, as they are written."""
    handins = find_submissions(folder, COURSE).handins
    done = {}
    settings = Settings(SEED, IN_CLASS, COURSE.root)
    for one in grade_all(handins, COURSE, settings, partial(processes, JOBS)):
        assert one.result is not None, (one.submission.id, one.failure)
        done[one.submission.id] = (to_json(one.result), one.feedback)
    return done

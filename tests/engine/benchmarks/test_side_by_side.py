"""The smallest round of what needs no environment of its own: this project, and bare pytest."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks.bare import run_bare
from benchmarks.side_by_side.assignment import (
    Assignment,
    answer_cell,
    lessons_code,
    make_assignment,
)
from benchmarks.side_by_side.rounds import Bench, agreement
from benchmarks.side_by_side.running import RunFailedError, Taken, take
from benchmarks.side_by_side.tools import Points, Tool
from benchmarks.side_by_side.tools.ours import Bare, Ours
from tests.leftovers import left_running
from tests.places import COUNT


class Broken:
    """A tool whose command ends badly."""

    name = "broken"
    command = "broken"
    lacks = "Everything."

    def set_up(self) -> dict[str, str]:
        return {}

    def prepare(self, assignment: Assignment, folder: Path) -> None:
        """Nothing."""

    def run(self, assignment: Assignment, folder: Path) -> Taken:
        return take([sys.executable, "-c", "raise SystemExit('no kernel')"], folder)

    def points(self, assignment: Assignment, folder: Path, taken: Taken) -> Points:
        return {}


def test_ours_and_bare_pytest_give_the_same_scores_and_a_broken_tool_is_told(
    tmp_path: Path,
) -> None:
    tools: Sequence[Tool] = (Ours(1), Bare(), Broken())
    said: list[str] = []
    bench = Bench(tools, said.append, tmp_path / "scratch")
    bench.set_up()
    bench.rounds(5, 1)
    ours, bare, broken = bench.results()
    assert bare.agreement.same == bare.agreement.compared == 5 * COUNT, bare.agreement.differing
    for tool in (ours, bare):
        (run,) = tool.runs
        assert run.failure == ""
        assert run.seconds > 0
        assert 20 < run.largest <= run.together < 1000
    assert broken.runs[0].failure == "exit 1: no kernel"
    assert any("broken: failed: exit 1: no kernel" in line for line in said)
    assert not (tmp_path / "scratch").exists()


def test_a_command_that_hangs_is_ended_with_its_children_and_has_failed(tmp_path: Path) -> None:
    hang = "import subprocess as s; s.run(['sleep', '6000.125'])"
    with pytest.raises(RunFailedError, match=r"not ended after 0\.5 seconds"):
        take([sys.executable, "-c", hang], tmp_path, limit=0.5)
    assert left_running(lambda process: process.cmdline() == ["sleep", "6000.125"]) == []


def test_the_memory_of_a_command_is_not_that_of_who_measures_it(tmp_path: Path) -> None:
    held = bytearray(100 << 20)
    small = take([sys.executable, "-S", "-c", "pass"], tmp_path)
    large = take([sys.executable, "-S", "-c", "held = bytearray(100 << 20)"], tmp_path)
    assert small.largest < 50 < 100 < large.largest < 150
    assert len(held) == 100 << 20


def test_translated_checks_give_the_points_that_pytest_gives(tmp_path: Path) -> None:
    """As other tools' kernels run them: in a process without pytest."""
    assignment = make_assignment(tmp_path, 9)
    checks = {exercise.id: exercise.checks for exercise in assignment.exercises}
    lines = ["import json, sys", "points = {}"]
    for submission in assignment.submissions:
        lines += [answer_cell(submission, lesson) for lesson in assignment.lessons]
        earned = f"direct.earned(checks, {lessons_code(assignment)}, {assignment.seed})"
        lines.append(
            f"points[{submission.id!r}] = {{e: {earned} for e, checks in {checks!r}.items()}}"
        )
    lines += ["assert 'pytest' not in sys.modules", "print(json.dumps(points))"]
    script = tmp_path / "kernel.py"
    script.write_text("\n".join(lines))
    command = [sys.executable, "-c", "import runpy, sys; runpy.run_path(sys.argv[1])", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    points: Points = json.loads(done.stdout.splitlines()[-1])
    expected = run_bare(assignment.students, assignment.seed).points
    assert agreement(expected, points).differing == ()
    assert len({tuple(scores.values()) for scores in points.values()}) > 5

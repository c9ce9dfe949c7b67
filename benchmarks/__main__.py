"""Measures what grading a class costs, here and with other tools, and how long students wait.

    python -m benchmarks            all of it, half an hour
    python -m benchmarks --quick    smaller classes, fewer rounds: a few minutes
    python -m benchmarks --keep     takes what was measured last into the repository

Tables go to build/bench/table.md, what was measured to table.json beside it, and the curve to
curve.svg. Every time is of a whole command or run, taken in turns, and reported with its spread;
ratios are taken within one round, so that a machine that slows down slows both.
"""

import argparse
import datetime
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

import psutil

from benchmarks.curves import standalone_curve
from benchmarks.loop import cold_seconds, solved_exercises, watch_seconds
from benchmarks.measurements import (
    RESULTS,
    Measurements,
    Run,
    class_of_ours,
    conditions,
    curve,
    goals,
    read,
    side_by_side,
    versions,
    write,
)
from benchmarks.places import ROOT
from benchmarks.side_by_side.assignment import make_assignment
from benchmarks.side_by_side.environments import FOLDER
from benchmarks.side_by_side.machine import this_machine
from benchmarks.side_by_side.rounds import Bench
from benchmarks.side_by_side.running import take
from benchmarks.side_by_side.tools import Tool
from benchmarks.side_by_side.tools.nbgrader import Nbgrader
from benchmarks.side_by_side.tools.otter import OtterApi, OtterRun
from benchmarks.side_by_side.tools.ours import Bare, Ours

_JSON: Final = FOLDER / "table.json"


def main() -> None:
    """Runs the measurements and prints them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller classes, fewer rounds")
    parser.add_argument("--keep", action="store_true", help="take the last results into the repo")
    options = parser.parse_args()
    if options.keep:
        keep()
        return
    measurements = measure(QUICK if options.quick else FULL)
    FOLDER.mkdir(parents=True, exist_ok=True)
    write(measurements, _JSON)
    (FOLDER / "table.md").write_text(page(measurements))
    (FOLDER / "curve.svg").write_text(standalone_curve(measurements))
    print(page(measurements))
    print(f"In {FOLDER}: table.md, table.json, curve.svg.")


class Extent(NamedTuple):
    """How much is measured."""

    size: int  # Of the class that all tools grade.
    rounds: int
    others_curve: tuple[int, ...]
    our_curve: tuple[int, ...]
    class_size: int
    class_rounds: int
    waits: int


# Half an hour on two idle cores. Other tools take most of that, so their classes are small.
FULL: Final = Extent(20, 3, (10, 40), (200, 1000, 10_000), 200, 5, 5)
QUICK: Final = Extent(6, 2, (), (10, 100, 400), 40, 2, 2)


def measure(extent: Extent) -> Measurements:
    """Measures everything."""
    # Of a few seconds: an average over a minute remembers what set this up.
    busy = psutil.cpu_percent(interval=5) / 100
    one, two, bare = Ours(1), Ours(2), Bare()
    others: list[Tool] = [OtterRun(), OtterApi(), Nbgrader()]
    bench = Bench([one, two, bare, *others], _say, FOLDER / "scratch")
    bench.set_up()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        ours, plain = _class(scratch, extent.class_size, extent.class_rounds)
        loop = solved_exercises(scratch / "loop")
        cold = [cold_seconds(loop, "softmax") for _ in range(extent.waits)]
        every = [cold_seconds(loop) for _ in range(extent.waits)]
        saves = watch_seconds(loop, 4 * extent.waits)
    bench.rounds(extent.size, extent.rounds)
    bench.curve([two, *others], extent.others_curve)
    bench.curve([two], extent.our_curve)
    return Measurements(
        taken=datetime.date.today().isoformat(),
        quick=extent is QUICK,
        machine=this_machine(),
        tools=bench.results(),
        class_ours=tuple(ours),
        class_bare=tuple(plain),
        check_one=tuple(cold),
        check_all=tuple(every),
        watched=tuple(saves),
        busy=busy,
    )


def _class(scratch: Path, size: int, rounds: int) -> tuple[list[Run], list[Run]]:
    """Grades a class with two jobs and runs the bare checks on it, in turns."""
    assignment = make_assignment(scratch, size)
    ours: list[Run] = []
    plain: list[Run] = []
    for number in range(rounds + 1):
        tool, own = Ours(2), scratch / "own"
        own.mkdir()
        taken = tool.run(assignment, own)
        shutil.rmtree(own)
        command = [sys.executable, "-m", "benchmarks.bare", str(assignment.students)]
        bare = take([*command, str(assignment.seed)], ROOT)
        # Without its start: what the checks themselves take.
        seconds: float = json.loads(bare.output.splitlines()[-1])["seconds"]
        if number:  # The first warms the disk's cache.
            ours.append(Run(size, taken.seconds, taken.largest, taken.together))
            plain.append(Run(size, seconds, bare.largest, bare.together))
            _say(f"class of {size}, round {number}: {ours[-1].each:.3f}, bare {plain[-1].each:.3f}")
    return ours, plain


def page(measurements: Measurements) -> str:
    """Returns all tables as Markdown."""
    return "\n\n".join(
        (
            conditions(measurements)
            + (" A quick run, with small classes." if measurements.quick else ""),
            str(side_by_side(measurements)),
            str(versions(measurements)),
            str(curve(measurements)),
            str(class_of_ours(measurements)),
            str(goals(measurements)) + "\n",
        )
    )


def keep() -> None:
    """Makes the last full run the one that the site shows."""
    measurements = read(_JSON)
    if measurements.quick:
        sys.exit("build/bench/table.json is of a quick run: run `make bench` first.")
    shutil.copyfile(_JSON, RESULTS)
    print(f"{RESULTS.relative_to(ROOT)} is of {measurements.taken}; the site shows it.")


_START: Final = time.monotonic()


def _say(text: str) -> None:
    minutes, seconds = divmod(int(time.monotonic() - _START), 60)
    print(f"[{minutes:2}:{seconds:02}] {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

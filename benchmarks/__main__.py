"""Measures what grading a class costs, what of that isolation costs, and how long students wait.

    python -m benchmarks            all figures, as the README's table
    python -m benchmarks --quick    a class of 40, and memory at 40 and 400

Every time is of a whole command or run, taken in turns, and reported with its spread; ratios are
taken within one round, so that a machine that slows down slows both.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.course import ROOT
from benchmarks.bare import bare_seconds
from benchmarks.loop import cold_seconds, solved_exercises, watch_seconds

# Those of the sample class that neither hang nor hand in nothing: what most of a class is like.
_TYPICAL = ("ada", "ben", "chidi", "dmitri", "emeka.ipynb", "farah", "gus", "jun", "kaethe")


def make_class(folder: Path, size: int) -> Path:
    """Makes a class of that size from copies of the sample class's typical submissions."""
    folder.mkdir(parents=True)
    for number in range(size):
        sample = ROOT / "examples" / "class" / _TYPICAL[number % len(_TYPICAL)]
        target = folder / f"{number:05}-{sample.name}"
        copy = shutil.copytree if sample.is_dir() else shutil.copyfile
        copy(sample, target)
    return folder


def command(students: Path, out: Path, jobs: int) -> list[str]:
    """Returns the command that grades a class, as a teacher would type it."""
    grade = [sys.executable, "-m", "autograder", "grade", str(students)]
    return [*grade, "--out", str(out), "--jobs", str(jobs)]


def grading_seconds(students: Path, scratch: Path, jobs: int) -> float:
    """Returns how long the whole command takes, from its start to its end."""
    out = scratch / "out"
    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    subprocess.run(command(students, out, jobs), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def peak_mebibytes(students: Path, scratch: Path) -> float:
    """Returns the peak memory of the examiner: one job, so the command's own process is it."""
    out = scratch / "out"
    shutil.rmtree(out, ignore_errors=True)
    measure = (
        "import json, resource, subprocess, sys; "
        "subprocess.run(json.loads(sys.argv[1]), check=True, stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    words = json.dumps(command(students, out, 1))
    done = subprocess.run(
        [sys.executable, "-c", measure, words], check=True, capture_output=True, text=True
    )
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10  # macOS counts bytes.
    return int(done.stdout) / unit


def main() -> None:
    """Runs the measurements and prints them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller classes, fewer rounds")
    quick = parser.parse_args().quick
    size, rounds = (40, 2) if quick else (200, 5)
    small, large = (40, 400) if quick else (200, 2000)
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        students = make_class(scratch / "class", size)
        grading_seconds(students, scratch, 2)  # Warms the disk cache; not counted.
        ours, bare, ratios = [], [], []
        for _ in range(rounds):
            ours.append(grading_seconds(students, scratch, 2) / size)
            bare.append(bare_seconds(students))
            ratios.append(ours[-1] / bare[-1])
        print(f"class of {size}, two jobs, {rounds} rounds: median (lowest to highest)")
        print(f"  autograder grade, seconds a submission   {_spread(ours)}")
        print(f"  bare pytest in one process, the same     {_spread(bare)}")
        print(f"  the first over the second                {_spread(ratios)}")
        first = peak_mebibytes(make_class(scratch / "small", small), scratch)
        second = peak_mebibytes(make_class(scratch / "large", large), scratch)
        print(f"peak memory of the examiner: {first:.0f} MiB at {small} submissions, ", end="")
        print(f"{second:.0f} MiB at {large} ({second / first:.2f} times)")
        loop = solved_exercises(scratch / "loop")
        one = [cold_seconds(loop, "softmax") for _ in range(rounds)]
        every = [cold_seconds(loop) for _ in range(rounds)]
        print(f"autograder check, seconds from a cold start, {rounds} rounds")
        print(f"  one exercise                             {_spread(one)}")
        print(f"  all of them                              {_spread(every)}")
        saves = watch_seconds(loop, 4 * rounds)
        print(f"  watched, from the save to the verdict    {_spread(saves)}")


def _spread(values: list[float]) -> str:
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


if __name__ == "__main__":
    main()

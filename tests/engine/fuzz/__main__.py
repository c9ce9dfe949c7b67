"""Fuzzes a reader, guided by coverage: `python -m tests.engine.fuzz wire --seconds 300`.

What is found stays in build/fuzz/TARGET: inputs that reach new code, and `crash-...`, `timeout-...`
or `oom-...` where a law was broken. `--file` reads such a file once more, to see it happen again.
`--keep` merges what reached new code into the corpus in the repository, the smallest files first.
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path
from typing import Final

import atheris

from tests.places import ROOT

FOUND: Final = ROOT / "build" / "fuzz"
# What one input may take. Reading the largest archive that is allowed takes about a second.
_SECONDS: Final = 10
_MEGABYTES: Final = 1024
_MOST_BYTES: Final = {"wire": 8192, "notebook": 8192, "archive": 16384}
_INSTRUMENTED: Final = [
    "autograder.sandbox.wire",
    "autograder.submissions",
    "autograder.compare",
    "autograder.display",
    "autograder.sandbox.worker",
    "tokenize",
    "zipfile",
]


def main() -> None:
    """Runs libFuzzer, which ends the process."""
    parser = argparse.ArgumentParser(prog="python -m tests.engine.fuzz", description=__doc__)
    parser.add_argument("target", choices=sorted(_MOST_BYTES))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--seconds", type=int, help="how long to look")
    what.add_argument("--file", type=Path, help="an input to try once")
    what.add_argument("--keep", action="store_true", help="add what was found to the corpus")
    parser.add_argument("--found", type=Path, default=FOUND, help="where to keep what is found")
    given, of_libfuzzer = parser.parse_known_args()
    with atheris.instrument_imports(include=_INSTRUMENTED, enable_loader_override=False):
        from tests.engine.fuzz.targets import CORPUS, TARGETS
    found = given.found / given.target
    found.mkdir(parents=True, exist_ok=True)
    corpus = CORPUS / given.target
    options = [
        f"-timeout={_SECONDS}",
        f"-rss_limit_mb={_MEGABYTES}",
        f"-max_len={_MOST_BYTES[given.target]}",
        f"-artifact_prefix={found}{os.sep}",
        "-print_final_stats=1",
    ]
    words = CORPUS.parent / f"{given.target}.dict"
    if words.exists():
        options.append(f"-dict={words}")
    if given.seconds:
        options += [f"-max_total_time={given.seconds}", str(found), str(corpus)]
    elif given.keep:
        options += ["-merge=1", str(corpus), str(found)]
    elif given.file:
        options += [str(given.file)]
    elif not of_libfuzzer:
        parser.error("one of --seconds, --file and --keep is needed")

    def read(data: bytes) -> None:
        try:
            TARGETS[given.target](data)
        except BaseException:  # libFuzzer keeps what crashes it, but of an exception nothing.
            name = f"crash-{hashlib.sha1(data, usedforsecurity=False).hexdigest()}"
            (found / name).write_bytes(data)
            print(f"\nA law is broken; the input is {found / name}", file=sys.stderr)
            raise

    # To merge, libFuzzer starts this program again, with options of its own.
    again = f"{sys.executable} -m tests.engine.fuzz {given.target}"
    atheris.Setup([again, *(of_libfuzzer or options)], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

"""Hand-ins that are slow to read, or end or fill their reader, by a word in their path."""

import os
from pathlib import Path

# Whatever a reader can be made to do, these hand-ins make it do it.
FAULTS = """
import os, time
import autograder.submissions.apart as apart
import autograder.submissions.reading as reading

apart.MOST_SECONDS = {seconds}
usual = reading.read_files

def read_files(pieces):
    told = str(pieces)
    if "endless" in told:
        max(iter(int, 1))  # In C, and with the interpreter's lock.
    if "hungry" in told:
        bytearray(2 << 30)
    if "fatal" in told:
        os._exit(1)
    if "waiting" in told:
        time.sleep(3600)
    return usual(pieces)

reading.read_files = read_files
"""


def environment(folder: Path, seconds: float) -> dict[str, str]:
    """Makes what a command needs to read such hand-ins so, each for so many seconds at most."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(FAULTS.format(seconds=seconds))
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}

"""The command leaves no process and no temporary file, however it ends and whatever it graded."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.engine.faults.ways import WAYS, hostile
from tests.small import SMALL

# What would hang on, hold on, or live on if it could.
NASTY = (
    "a loop that blocks signals",
    "C code that never returns",
    "a closed connection, then silence",
    "half a frame, then silence",
    "an answer, again and again",
    "exit handlers that hang",
    "a thread left running",
    "too many threads",
)
HOW = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)


@pytest.mark.parametrize("how", [None, *HOW], ids=lambda how: how.name if how else "at its end")
@pytest.mark.share(2)
def test_a_class_of_faults_leaves_neither_process_nor_temporary_file(
    tmp_path: Path, how: signal.Signals | None
) -> None:
    out, scratch = tmp_path / "out", tmp_path / "scratch"
    scratch.mkdir()
    for number, way in enumerate(NASTY):
        for moment in ("import", "call"):
            folder = tmp_path / "class" / f"{number}-{moment}"
            folder.mkdir(parents=True)
            (folder / "words.py").write_text(hostile(moment, WAYS[way].does)["words"])
    command = [sys.executable, "-m", "autograder", "grade", str(tmp_path / "class")]
    command += ["--course", str(SMALL), "--out", str(out), "--jobs", "2", "--call-seconds", "0.5"]
    with subprocess.Popen(
        [*command, "--submission-seconds", "2"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"TMPDIR": str(scratch)},
        start_new_session=True,
    ) as process:
        family: set[psutil.Process] = set()
        while process.poll() is None:
            family |= set(psutil.Process(process.pid).children(recursive=True))
            if how and list((out / "results").glob("*.json")):
                process.send_signal(how)
                break
            time.sleep(0.02)
        process.wait()
    assert len(family) > 4  # Two examiners, two servers, and the processes of submissions.
    _, alive = psutil.wait_procs(family, timeout=300)
    assert alive == []
    assert list(scratch.iterdir()) == []
    if how is not signal.SIGKILL:  # Nothing can clean up in that instant; the file's name says it.
        assert list(out.rglob(".writing-*")) == []
    if how is None:
        assert len(list((out / "results").iterdir())) == 2 * len(NASTY)

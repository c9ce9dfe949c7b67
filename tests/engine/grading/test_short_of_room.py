"""Where a machine has no room for our processes, a sentence says so, and nothing waits forever."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.grading.classes import grade, make_small_class, run

# Threads whose stacks do not fit fail to start as those do that a user is not allowed.
SHORT_OF_THREADS = """
import resource, sys, threading
from autograder.grading import EngineError, processes

threading.stack_size(64 << 20)
in_use = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (in_use + (200 << 20),) * 2)
try:
    with processes(4):
        print("open")
except EngineError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_too_few_threads_are_told_before_anything_is_begun() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SHORT_OF_THREADS], capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        "this machine allows no 22 more processes and threads: end some, allow more (`ulimit -u`), "
        "or give --jobs 1.\n"
    )


def _read_only(*command: str) -> list[str]:
    """A command with a /dev/shm of its own, in which nothing can be made."""
    return ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o ro none /dev/shm && exec "$@"',
            "sh", *command]  # fmt: skip


def test_where_no_locks_can_be_shared_the_output_folder_is_not_blamed(tmp_path: Path) -> None:
    try:
        subprocess.run(_read_only("true"), capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this user may not mount anything")
    students = make_small_class(tmp_path / "class", 2)
    done = run(_read_only(*grade(students, tmp_path / "out", "--jobs", 2)), code=2)
    assert done.stderr.splitlines()[-1] == (
        "autograder: processes of this machine cannot share locks (Read-only file system): make "
        "/dev/shm writable, or give --jobs 1."
    )

"""Student processes under chosen layers, users and kernels, and what they may attack."""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from autograder.sandbox import forked, wire
from autograder.sandbox.confinement import LAYERS
from autograder.sandbox.forked import ProcessServer
from autograder.sandbox.process import Limits, ProcessEnded
from tests.places import ROOT

SECRET: Final = "kept-by-the-examiner"
# Anybody who has no files here.
ORDINARY_USER: Final = 12345
# As whom the grader is started: where the tests run as root, they can be an ordinary user too.
STARTED_AS: Final[dict[str, int | None]] = (
    {"root": None, "an ordinary user": ORDINARY_USER}
    if os.geteuid() == 0
    else {"an ordinary user": None}
)


@contextmanager
def arranged(
    layers: Collection[str] = LAYERS, started_as: str = "root", lacking: str = ""
) -> Iterator[ProcessServer]:
    """Starts a process server with these layers only, of that user, on a kernel that lacks some."""
    user = STARTED_AS[started_as]
    program = (
        "import sys; sys.path.append(sys.argv[1]); "
        "from tests.engine.isolation.arranged_server import main; "
        f"main(int(sys.argv[2]), {sorted(layers)!r}, {user!r}, {lacking!r})"
    )
    with patch.object(forked, "_START_SERVER", program):
        server = ProcessServer()
    with server:
        yield server


class Targets:
    """Files, folders and a process of the grader's, to be read and changed by attacks."""

    def __init__(self, folder: Path, started_as: str) -> None:
        user = STARTED_AS[started_as]
        self._folder = folder
        self._witness = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.engine.isolation.witness",
                "" if user is None else str(user),
            ],
            cwd=ROOT,
            env={"SECRET": SECRET, "TMPDIR": "/tmp", "PATH": os.environ["PATH"]},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._witness.stdout is not None
        pid, address, descriptor = json.loads(self._witness.stdout.readline())
        folder.chmod(0o755)
        self.known = {
            "pid": pid,
            "address": address,
            "descriptor": descriptor,
            "for_all": str(self._file("for-all.txt", 0o644, user)),
            "own": str(self._file("own.txt", 0o600, user)),
            "writable": str(self._file("writable.txt", 0o666, user)),
            "public_folder": str(self._public_folder()),
            "secret": SECRET,
        }

    def _file(self, name: str, mode: int, user: int | None) -> Path:
        path = self._folder / name
        path.write_text(SECRET)
        path.chmod(mode)
        if user is not None:
            os.chown(path, user, user)
        return path

    def _public_folder(self) -> Path:
        path = self._folder / "public"
        path.mkdir()
        path.chmod(0o777)
        return path

    def restore(self) -> None:
        """Makes what attacks may have changed as it was."""
        Path(self.known["writable"]).write_text(SECRET)
        Path(self.known["own"]).chmod(0o600)
        for left in Path(self.known["public_folder"]).iterdir():
            left.unlink()

    def close(self) -> None:
        """Ends the process."""
        self._witness.communicate("")


# Only what never comes takes so long.
LONG = 300


def call(server: ProcessServer, source: str, function: str, *arguments: Any) -> Any:
    """Returns what a function returned in a student's process of its own, or the error's text."""
    process = server.start(Limits(submission_seconds=5))
    try:
        process.send(["sources", {"m": [["m.py", source.encode(), "file"]]}], LONG)
        process.send(["load", "m"], LONG)
        _, _, problems, failed = process.receive(LONG)
        assert not failed, problems
        process.send(["call", [["m", function, wire.encode(arguments)]]], LONG)
        tag, content, *_ = process.receive(LONG)
    except ProcessEnded as ended:
        return f"ended: {ended.reason}"
    finally:
        process.end()
    return content if tag == "returned" else f"{content[0]}: {content[2]}"

"""Every layer alone stops what the page says it stops, and nothing is stopped without any."""

import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.confinement import FILESYSTEM, LAYERS, PRIVILEGES, SYSTEM_CALLS
from autograder.sandbox.process import Limits
from tests.engine.isolation.arrangement import STARTED_AS, Targets, arranged, call
from tests.engine.isolation.attempts import ATTEMPTS, Attempt, source

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

# The layers that are left, and what the kernel lacks.
ARRANGEMENTS = {
    "no layer": ((), ""),
    **{layer: ((layer,), "") for layer in LAYERS},
    "all": (LAYERS, ""),
    "no Landlock": (LAYERS, "landlock"),
    "no seccomp": (LAYERS, "seccomp"),
}


class Machine:
    """What attempts meet on a machine where the grader is started by one user."""

    def __init__(self, started_as: str, stack: ExitStack) -> None:
        self.started_as = started_as
        # Below pytest's own folder nobody but its owner may pass.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir="/tmp")))
        self.targets = Targets(folder, started_as)
        stack.callback(self.targets.close)
        self._servers = {
            name: stack.enter_context(arranged(layers, started_as, lacking))
            for name, (layers, lacking) in ARRANGEMENTS.items()
        }

    def stays_root(self, arrangement: str) -> bool:
        """Whether only capabilities are given up, as where others cannot reach this Python."""
        process = self._servers[arrangement].start(Limits())
        process.end()
        return any("root without any capability" in layer.detail for layer in process.layers)

    def has_namespaces(self) -> bool:
        """Whether an ordinary user's processes get a namespace of their own on this machine."""
        process = self._servers[PRIVILEGES].start(Limits())
        process.end()
        return any("in a namespace of its own" in layer.detail for layer in process.layers)

    def tried(self, attempt: Attempt, arrangement: str) -> Any:
        self.targets.restore()
        handed_in = source(attempt, platform.machine())
        return call(self._servers[arrangement], handed_in, "attempt", self.targets.known)


@pytest.fixture(scope="module", params=STARTED_AS)
def machine(request: pytest.FixtureRequest) -> Iterator[Machine]:
    with ExitStack() as stack:
        yield Machine(request.param, stack)


@pytest.mark.parametrize(
    "attempt", [pytest.param(a, marks=pytest.mark.row(a.row), id=a.row) for a in ATTEMPTS]
)
def test_each_layer_alone_stops_what_the_page_says(machine: Machine, attempt: Attempt) -> None:
    if attempt.needs_root and machine.started_as != "root":
        assert machine.tried(attempt, "no layer") != "succeeded"
        return
    told = {name: machine.tried(attempt, name) for name in ARRANGEMENTS}
    assert told["no layer"] == "succeeded"
    expected = set(attempt.stopped_by)
    if machine.started_as != "root":
        # It is the same user, so a namespace is all that this layer is.
        expected -= {PRIVILEGES}
        expected |= {PRIVILEGES} if attempt.by_namespace and machine.has_namespaces() else set()
    assert {layer for layer in LAYERS if told[layer] != "succeeded"} == expected, told
    assert told["all"] != "succeeded"
    for name, lacking in (("no Landlock", FILESYSTEM), ("no seccomp", SYSTEM_CALLS)):
        left = expected - {lacking}
        if attempt.as_owner and machine.stays_root(name):
            left.discard(PRIVILEGES)
        assert (told[name] != "succeeded") == bool(left), (name, told)

"""The commands on kernels that lack something, as older machines and some containers do."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.sandbox import confinement
from autograder.sandbox.confinement import FILESYSTEM, LAYERS, SYSTEM_CALLS
from autograder.sandbox.process import Limits
from tests.engine.isolation.arrangement import STARTED_AS, arranged
from tests.engine.isolation.without import LANDLOCK_ANSWERS
from tests.places import LESSON_POINTS, ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

WITHOUT = str(Path(__file__).with_name("without.py"))
HONEST = (ROOT / "solutions" / "activations.py").read_text()


def on_a_kernel_without(missing: str, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, WITHOUT, missing, "--", sys.executable, "-m", "autograder"]
    return subprocess.run([*command, *map(str, words)], capture_output=True, text=True, check=False)


@pytest.mark.row("Run where a layer is missing and nobody notices")
@pytest.mark.parametrize("missing", LANDLOCK_ANSWERS)
def test_every_way_to_lack_landlock_is_noticed(missing: str) -> None:
    with arranged(LAYERS, next(iter(STARTED_AS)), missing) as server:
        process = server.start(Limits())
        process.end()
    assert {layer.name for layer in process.layers if not layer.in_force} == {FILESYSTEM}


@pytest.mark.parametrize(
    ("release", "counts"),
    {
        "5.13.0-52-generic": False,
        "5.14": True,
        "6.1.0-18-amd64": True,
        "4.4.0": False,
        "": False,
    }.items(),
)
def test_threads_are_limited_where_a_namespaces_own_are_counted(release: str, counts: bool) -> None:
    assert confinement._counts_by_namespace(release) == counts


@pytest.mark.row("Run where a layer is missing and nobody notices")
def test_doctor_says_what_is_missing_and_what_gets_through() -> None:
    told = on_a_kernel_without("landlock,seccomp", "doctor").stdout
    for layer, attempt in ((FILESYSTEM, "read /etc/passwd"), (SYSTEM_CALLS, "open a socket")):
        assert f"✗ {layer}" in told
        assert f"✗ {attempt}" in told
    assert "✓ limits" in told


@pytest.mark.row("Run where a layer is missing and nobody notices")
def test_grading_goes_on_or_refuses_as_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "class" / "ann").mkdir(parents=True)
    (tmp_path / "class" / "ann" / "activations.py").write_text(HONEST)
    words = ("grade", tmp_path / "class", "--out", tmp_path / "out")
    refused = on_a_kernel_without("landlock,seccomp", *words, "--require-sandbox")
    assert refused.returncode == 2
    assert "filesystem is not in force" in refused.stderr
    assert not (tmp_path / "out" / "results").exists()
    done = on_a_kernel_without("landlock,seccomp", *words)
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "out" / "results" / "ann.json").read_text())
    assert result["score"] == LESSON_POINTS["activations"]
    report = (tmp_path / "out" / "report.html").read_text()
    for layer in (FILESYSTEM, SYSTEM_CALLS):
        assert f"student code is not confined in {layer}" in done.stderr
        assert f"{layer}: NOT in force" in report

"""Makes the archives for Otter-Grader and Gradescope's Otter image, one a lesson.

`otter generate` makes them. In each, the tests say only which exercises there are and what they are
worth: `autograder.otter.plugin` does the grading, from this project's wheel, which is in it too.
"""

import contextlib
import importlib
import io
import json
import shlex
import sys
import tempfile
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Final

from autograder.course import Course, Exercise, Lesson
from autograder.packaging.wheel import NAME, build_wheel, pinned_requirements

PLUGIN: Final = "autograder.otter.plugin.ExaminerPlugin"

_CONFIG: Final = {
    # An archive has one row per exercise, which counts public and hidden checks, and no others:
    # Otter's summary of public tests would say that all passed where hidden ones failed.
    "show_hidden": True,
    "force_public_test_summary": False,
    "show_all_public": True,
}
_TEST: Final = '''"""{title}: the plugin in otter_config.json grades it."""

from otter.test_files import test_case

OK_FORMAT = False

name = "{name}"
points = {points:g}


@test_case()
def graded_by_the_plugin():
    raise AssertionError("the plugin has not graded this exercise")
'''
# What Otter's script lacks. Its image for `otter grade` gets the folder files/ after all else is
# installed, so the wheel is installed when the script starts; its requirements are in
# environment.yml. That image also has an empty file where Otter, with a plugin, expects JSON.
_PREPARE: Final = """\
python -m pip install --quiet --no-deps --no-index --disable-pip-version-check \\
    --root-user-action=ignore /autograder/source/files/{wheel}
[ -s /autograder/submission_metadata.json ] || echo '{{}}' > /autograder/submission_metadata.json
"""
_RUN: Final = "python /autograder/source/run_otter.py"


class OtterUnusableError(Exception):
    """Otter-Grader is missing or of an untested version; the message is a sentence."""


def otter_archives(course: Course, seed: int) -> dict[str, bytes]:
    """Returns an archive for each lesson, by name; all draw hidden inputs from this seed.

    Raises:
        OtterUnusableError: the extra is not installed.
        NoWheelError: the wheel cannot be made here.
    """
    generate = _otter_generate()
    wheel = build_wheel(course)
    return {
        f"otter-{lesson.id}.zip": _archive(generate, lesson, seed, *wheel)
        for lesson in course.lessons
    }


def _otter_generate() -> ModuleType:
    # Importing Otter takes a second and a hundred megabytes, so nothing else here imports it.
    try:
        return importlib.import_module("otter.generate")
    except ImportError:
        command = [sys.executable, "-m", "pip", "install", f"{NAME}[otter]"]
        raise OtterUnusableError(
            "Otter's archives are made by Otter-Grader, which comes with the extra `otter`: "
            f"{shlex.join(command)}"
        ) from None


def _archive(
    generate: ModuleType, lesson: Lesson, seed: int, wheel_name: str, wheel: bytes
) -> bytes:
    # Otter takes files from the current folder only.
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        Path("tests").mkdir()
        for exercise in lesson.exercises:
            Path("tests", f"{exercise.function}.py").write_text(_test(exercise), encoding="utf-8")
        Path(wheel_name).write_bytes(wheel)
        Path("requirements.txt").write_text(pinned_requirements(), encoding="utf-8")
        config = {**_CONFIG, "plugins": [{PLUGIN: {"module": lesson.id, "seed": str(seed)}}]}
        Path("otter_config.json").write_text(json.dumps(config), encoding="utf-8")
        generate.main(
            output_path="made.zip",
            files=[wheel_name],
            # The requirements are pinned to the versions installed here, for this Python.
            python_version="{}.{}".format(*sys.version_info),
        )
        return _with_wheel_installed(Path("made.zip").read_bytes(), wheel_name)


def _test(exercise: Exercise) -> str:
    return _TEST.format(title=exercise.title, name=exercise.function, points=exercise.points)


def _with_wheel_installed(archive: bytes, wheel_name: str) -> bytes:
    """Lets the archive's `run_autograder` install the wheel before it runs Otter."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as before,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for entry in before.infolist():
            data = before.read(entry)
            if entry.filename == "run_autograder":
                script = data.decode()
                if script.count(_RUN) != 1:
                    raise OtterUnusableError(
                        "Otter's run_autograder is not what it is in 7.0: install that release."
                    )
                data = script.replace(_RUN, _PREPARE.format(wheel=wheel_name) + _RUN).encode()
            after.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return made.getvalue()

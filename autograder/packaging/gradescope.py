"""Makes the archive that a teacher uploads to Gradescope as an assignment's autograder."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from autograder.course import Course
from autograder.exports.gradescope_results import Options
from autograder.gradescope import OPTIONS_NAME, SEED_NAME
from autograder.packaging.wheel import build_wheel, pinned_requirements
from autograder.writing import zipped

ARCHIVE_NAME: Final = "gradescope.zip"
SCRIPTS: Final = ("setup.sh", "run_autograder")
_TEMPLATES: Final = Path(__file__).parent / "templates" / "gradescope"


def gradescope_files(course: Course, options: Options, seed: int) -> dict[str, bytes]:
    """Returns the files of the archive by their path in it.

    Raises:
        NoWheelError: this package's wheel cannot be made here.
    """
    wheel, content = build_wheel(course)
    readme = _template("README.txt")
    readme = readme.replace("{title}", course.title).replace("{points}", f"{course.max_score:g}")
    return {
        **{name: _template(name).encode() for name in SCRIPTS},
        "README.txt": readme.encode(),
        SEED_NAME: f"{seed}\n".encode(),
        OPTIONS_NAME: msgspec.json.encode(options) + b"\n",
        "requirements.txt": pinned_requirements().encode(),
        wheel: content,
    }


def gradescope_archive(course: Course, options: Options, seed: int) -> bytes:
    """Returns the archive, with its two scripts executable and everything at its root.

    Raises:
        NoWheelError: this package's wheel cannot be made here.
    """
    moment = datetime.now(UTC).astimezone()
    return zipped(gradescope_files(course, options, seed), moment, executable=SCRIPTS)


def _template(name: str) -> str:
    # Read as text: a checkout on Windows may have line endings that no shell accepts.
    return (_TEMPLATES / name).read_text(encoding="utf-8")

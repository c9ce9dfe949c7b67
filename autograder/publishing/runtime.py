"""What exercises on a page need: Python, what of this package runs in it, and the page's scripts.

`python -m autograder.publishing.runtime FOLDER` writes them all. The runtime is CPython 3.11 with
NumPy, compiled to WebAssembly by the Jupyter project; it is downloaded from PyPI once, with its
hash checked, and served from the site itself.
"""

import argparse
import gzip
import hashlib
import importlib.metadata
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from autograder.course import BUNDLED, Course, load_course
from autograder.pictures import pictures_of
from autograder.publishing.exercises import stubs
from autograder.publishing.scripts import page_scripts
from autograder.submissions.manifest import write_manifest
from autograder.writing import EVERYBODY, write_whole

_REQUIREMENT: Final = "jupyterlite-xeus-python==1.0.0"
_WHEEL: Final = "jupyterlite_xeus_python-1.0.0-py3-none-any.whl"
_SHA256: Final = "0be2393d3f738ecc920c6b5ec261c83d0ff2a1d79cdf5b8167dcdb95464b7e86"
_PACKAGE: Final = Path(__file__).resolve().parent.parent
# The packages in the wheel that the checks need; the others are for notebooks.
_PACKAGES: Final = ("python", "numpy")
_PROGRAM: Final = ("xpython_wasm.js", "xpython_wasm.wasm")
_ENVIRONMENT: Final = "empack_env_meta.json"
# Their files that have no use on a page: windows, tools, documentation and tests.
_LEFT_OUT: Final = re.compile(
    r"lib/python3\.11/(?:idlelib|tkinter|turtle(?:demo)?|lib2to3|ensurepip|pydoc_data|distutils)\b"
    r"|lib/python3\.11/site-packages/numpy/(?:f2py|distutils|_pyinstaller)\b"
    r"|lib/python3\.11/site-packages/numpy/core/_(?:rational|umath|struct_ufunc|operand_flag)_tests"
    r"|(?:share|include|conda-meta)/"
)
_LICENCES: Final = Path(__file__).with_name("licences")

# The files of this package that run in the browser. They are listed, so that a new file stays out:
# no solution, no hidden grader, no catalogue of mistakes.
PARTS: Final = (
    *(
        f"autograder/{n}.py"
        for n in "calls compare display pictures policies results rubric".split()
    ),
    *(f"autograder/browser/{n}.py" for n in "__init__ checking".split()),
    *(f"autograder/checking/{n}.py" for n in "__init__ causes known likeness runs".split()),
    *("autograder/checking/scoring.py", "autograder/checking/student.py"),
    *(f"autograder/course/{n}.py" for n in "__init__ code data".split()),
    *(f"autograder/practice/{n}.py" for n in "__init__ functions judging verdicts".split()),
    *(
        f"autograder/sandbox/{n}.py"
        for n in "__init__ cells kernel noticing process wire worker".split()
    ),
    *("autograder/__init__.py", "autograder/submissions/model.py"),
)
# The package that reads the frames, in its version without compiled code.
_MSGPACK: Final = ("__init__.py", "exceptions.py", "ext.py", "fallback.py")


class RuntimeDownloadError(Exception):
    """The runtime cannot be downloaded, or is not the expected file."""


def sources(course: Course) -> dict[str, str]:
    """Returns the Python files that the browser gets, by their path there."""
    files = {part: (_PACKAGE.parent / part).read_text(encoding="utf-8") for part in PARTS}
    parts = ["exercises/course.toml", "exercises/checks/known_mistakes.json"]
    modules = [lesson.id for lesson in course.lessons]
    parts += [f"exercises/checks/{module}.py" for module in modules]
    parts += [p.relative_to(course.root).as_posix() for p in pictures_of(course)]
    for part in parts:
        if (course.root / part).is_file():
            files[part] = (course.root / part).read_text(encoding="utf-8")
    # The real one gathers names for the command, and imports what reads archives.
    files["autograder/submissions/__init__.py"] = ""
    standin = _PACKAGE / "browser" / "standins" / "msgspec.py"
    files["msgspec.py"] = standin.read_text(encoding="utf-8")
    for path in importlib.metadata.files("msgpack") or ():
        if path.parent.name == "msgpack" and path.name in _MSGPACK:
            files[f"msgpack/{path.name}"] = path.read_text(encoding="utf-8")
    return files


def downloaded(course: Course) -> Path:
    """Returns the runtime's wheel, downloaded into the course's `build` unless it is there.

    Raises:
        RuntimeDownloadError: the download fails, or its hash is wrong.
    """
    cache = course.root / "build" / "downloads"
    path = cache / _WHEEL
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Elsewhere first: several processes may download it at the same time.
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            command += ["--disable-pip-version-check", "--dest", folder, _REQUIREMENT]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise RuntimeDownloadError(f"{_REQUIREMENT}: {done.stderr.strip()}")
            (Path(folder) / _WHEEL).replace(path)
    if hashlib.sha256(path.read_bytes()).hexdigest() != _SHA256:
        path.unlink()
        raise RuntimeDownloadError(f"{path} is not the file that was chosen; it was removed")
    return path


def without_what_is_left_out(archive: bytes) -> bytes:
    """Returns a .tar.gz with only the files that a page can use, reproducible byte for byte."""
    made = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(archive)) as every,
        gzip.GzipFile(fileobj=made, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as kept,
    ):
        for member in every:
            # Folders follow from their files, and there are no other entries.
            if member.isfile() and not _LEFT_OUT.match(member.name):
                kept.addfile(member, every.extractfile(member))
    return made.getvalue()


def write_runtime(course: Course, folder: Path) -> None:
    """Writes the runtime, the checks, the stubs, the page's scripts and all licences into a folder.

    Raises:
        RuntimeDownloadError: see `downloaded`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(downloaded(course)) as wheel:
        names = {Path(name).name: name for name in wheel.namelist()}
        environment = json.loads(wheel.read(names[_ENVIRONMENT]))
        kept = [p for p in environment["packages"] if p["name"] in _PACKAGES]
        written = {
            name: wheel.read(names[name]) for name in ("xpython_wasm.js", "xpython_wasm.wasm")
        }
        for filename in (package["filename"] for package in kept):
            written[filename] = without_what_is_left_out(wheel.read(names[filename]))
        written[_ENVIRONMENT] = json.dumps({**environment, "packages": kept}).encode()
        written["licences/xeus-python.txt"] = wheel.read(names["LICENSE"])
    written["checks.json"] = json.dumps(sources(course)).encode()
    # The sizes of what is loaded, for the progress that a reader sees.
    written["sizes.json"] = json.dumps({name: len(data) for name, data in written.items()}).encode()
    written["stubs.json"] = json.dumps(stubs(course)).encode()
    # The manifest of an archive to hand in, to which the page adds the files and the time.
    versions = {package["name"]: package["version"] for package in kept}
    moment = datetime.fromtimestamp(0, UTC)
    written["handin.json"] = write_manifest(course, {}, moment, **versions)
    written |= {f"licences/{path.name}": path.read_bytes() for path in _LICENCES.iterdir()}
    written |= page_scripts(course.root / "site")
    for name, data in written.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_bytes() != data:
            write_whole(path, data, EVERYBODY)


def main() -> None:
    """Writes the runtime."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--course", type=Path, default=BUNDLED, help="the course's folder")
    asked = parser.parse_args()
    try:
        write_runtime(load_course(asked.course), asked.out)
    except RuntimeDownloadError as error:
        sys.exit(f"The exercises' Python: {error}")


if __name__ == "__main__":
    main()

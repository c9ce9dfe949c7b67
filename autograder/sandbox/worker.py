"""The program inside the student's process: loads what was handed in and answers calls.

It is confined before `serve` is entered, and shares the process with student code, which can do to
it whatever it likes: nothing here is relied on for a score except through the values that come
back. A reply tells how a call ended, so that the examiner can judge changed arguments, warnings and
output as well as the result.

Requests are lists; each is answered by one frame, and "call" by one frame per call:

``["sources", {module: [[label, source bytes, kind], ...]}]``   what was handed in (no answer)
``["load", module]``   -> ``["loaded", names, problems, whether the import failed]``
``["call", [[module, function, arguments], ...]]``
    -> ``["returned", value, after, warnings, printed, seconds]``
    or ``["raised", problem, after, warnings, printed, seconds]``
    or ``["missing"]``

`arguments` is an encoded tuple; `after` is the tuple as the call left it, None if it is unchanged.
A problem is ``[type name, names of its base types, message, [[label, line number, line], ...],
whether the call itself was refused]``.
"""

import ast
import importlib.abc
import importlib.machinery
import io
import os
import re
import sys
import textwrap
import time
import traceback
import types
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

from autograder.sandbox import wire

OUTPUT_KEPT: Final = 64 * 1024
_OUTPUT_PER_CALL: Final = 4 * 1024
_WARNINGS_PER_CALL: Final = 20
_FRAMES_SHOWN: Final = 8
# `from numpy import *` alone brings five hundred.
_NAMES_TOLD: Final = 4000

Problem = list[Any]
# NumPy's error settings and the warning filters, as a module left them.
Settings = tuple[Any, list[Any]]


def serve(receive: Callable[[int], bytes], send: Callable[[bytes], object]) -> None:
    """Answers requests until there are no more.

    Args:
        receive: Returns exactly as many bytes as it is asked for, or raises EOFError.
        send: Sends all the bytes that it is given.
    """
    output = _Output()
    desk = Desk(output)
    _leave_only_the_standard_library(desk)
    while True:
        try:
            frame = wire.receive_frame(receive, wire.MAX_REQUEST_BYTES)
            request = wire.decode(frame)
        except EOFError:
            return
        for reply in desk.answer(request):
            wire.send_frame(send, reply)


def exactly(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    """Makes a `receive` of a function that returns at most as many bytes, and none at the end."""

    def receive(size: int) -> bytes:
        parts = []
        while size:
            part = read(min(size, 1 << 16))
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    return receive


class _Output(io.TextIOBase):
    """Takes what student code prints and keeps only the beginning."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self) -> None:
        self._kept: list[str] = []
        self._room = _OUTPUT_PER_CALL
        self._room_in_all = OUTPUT_KEPT

    @property
    def buffer(self) -> io.BytesIO:
        """Where bytes are written: nobody reads them, so each time another."""
        return io.BytesIO()

    def reconfigure(self, **_: object) -> None:
        """Does nothing: files that are written on Windows often begin with it."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        kept = text[: max(0, min(self._room, self._room_in_all))]
        if kept:
            self._kept.append(kept)
            self._room -= len(kept)
            self._room_in_all -= len(kept)
        return len(text)

    def take(self) -> str:
        text = "".join(self._kept)
        self._kept, self._room = [], _OUTPUT_PER_CALL
        return text


class Desk(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Holds the submission's modules, imports them from memory and makes the calls."""

    def __init__(self, output: "_Output | None" = None) -> None:
        self._output = output or _Output()
        self._sources: dict[str, list[list[str]]] = {}
        self._lines: dict[str, list[str]] = {}
        self._settings: dict[str, Settings] = {}
        self._modules: dict[str, types.ModuleType] = {}
        self._problems: dict[str, list[Problem]] = {}

    def answer(self, request: list[Any]) -> Iterator[bytes]:
        """Answers one request, decoded, with encoded frames."""
        match request:
            case ["sources", sources]:
                self._sources = {
                    name: [[label, source.decode(), kind] for label, source, kind in chunks]
                    for name, chunks in sources.items()
                }
                for chunks in self._sources.values():
                    self._lines |= {label: text.splitlines() for label, text, _ in chunks}
            case ["load", module]:
                yield _encode_reply(self._load(module))
            case ["call", calls]:
                for module, function, arguments in calls:
                    yield _encode_reply(self._call(module, function, arguments))

    # Handed-in modules can import one another, but come after every real module of that name.

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Finds what was handed in, as Python's import asks for it."""
        return importlib.machinery.ModuleSpec(name, self) if name in self._sources else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        """Leaves making the module to Python."""
        return None

    def exec_module(self, module: types.ModuleType) -> None:
        """Runs what was handed in as this module, piece by piece."""
        name = module.__name__
        chunks = self._sources[name]
        module.__file__ = f"{name}.py"
        self._modules[name] = module
        self._problems[name] = []
        for label, source, kind in chunks:
            try:
                if kind == "file":
                    exec(compile(source, label, "exec", dont_inherit=True), module.__dict__)
                else:
                    self._run_cell(module, label, source)
            except BaseException as error:
                self._problems[name].append(self._problem(error))
                if kind == "file":
                    raise

    def _run_cell(self, module: types.ModuleType, label: str, source: str) -> None:
        """Runs a notebook's cell; one that fails does not hide the definitions after it."""
        try:
            tree = ast.parse(source, label)
        except SyntaxError:
            # IPython runs a cell that is indented as a whole, too.
            tree = ast.parse(without_magics(textwrap.dedent(source)), label)
        for statement in tree.body:
            try:
                piece = ast.Module([statement], [])
                exec(compile(piece, label, "exec", dont_inherit=True), module.__dict__)
            except BaseException as error:
                self._problems[module.__name__].append(self._problem(error))

    def _load(self, name: str) -> list[Any]:
        failed = False
        with _calm(self._output):
            try:
                # Not import_module: that would find the library's own `decimal` before theirs.
                spec = importlib.machinery.ModuleSpec(name, self)
                module = types.ModuleType(name)
                module.__spec__ = spec
                sys.modules[name] = module
                self.exec_module(module)
            except BaseException:
                failed = True  # Why is told in the problems.
            self._settings[name] = (np.geterr(), list(warnings.filters))
        names = [n for n in list(vars(module)) if type(n) is str and not n.startswith("__")]
        self._output.take()
        return ["loaded", names[:_NAMES_TOLD], self._problems[name][:20], failed]

    def _call(self, module: str, function: str, arguments: bytes) -> list[Any]:
        target = vars(self._modules[module]).get(function) if module in self._modules else None
        if not callable(target):
            return ["missing"]
        given = wire.decode(arguments)
        start = time.perf_counter()
        with _calm(self._output, self._settings.get(module)) as heard:
            try:
                ending = ["returned", target(*given)]
            except BaseException as error:
                ending = ["raised", self._problem(error)]
        seconds = time.perf_counter() - start
        after = None if wire.encode(given) == arguments else given
        return [*ending, after, heard.warnings(), heard.output.take(), seconds]

    def _problem(self, error: BaseException) -> Problem:
        try:
            return self._described(error)
        except BaseException:  # A hostile filename, message or metaclass.
            return ["Exception", [], "(it cannot be shown)", [], False]

    def _described(self, error: BaseException) -> Problem:
        frames = [
            [frame.filename, frame.lineno or 0, self._line(frame.filename, frame.lineno)]
            for frame in traceback.extract_tb(error.__traceback__, limit=-200)
            if frame.filename in self._lines
        ]
        refused_call = not frames and isinstance(error, TypeError)
        if isinstance(error, SyntaxError) and error.filename in self._lines:
            frames.append(
                [error.filename, error.lineno or 0, self._line(error.filename, error.lineno)]
            )
        try:
            message = str(error.msg if isinstance(error, SyntaxError) else error)
        except BaseException:
            message = "(its message cannot be shown)"
        kinds = [kind.__name__ for kind in type(error).__mro__[:10]]
        return [kinds[0], kinds[1:], message[:1000], frames[-_FRAMES_SHOWN:], refused_call]

    def _line(self, label: str, number: int | None) -> str:
        lines = self._lines[label]
        return lines[number - 1].strip()[:200] if number and 0 < number <= len(lines) else ""


# Cell magics whose body is ordinary Python.
_PYTHON_CELL: Final = re.compile(r"%%(?:time|timeit|capture|prun)\b")
# A line magic, shell line, help request, or an assignment from one of the first two.
_MAGIC_LINE: Final = re.compile(r"(\s*)(?:[%!?].*|[\w., ]+=\s*[%!].*|[\w.]+\?{1,2}\s*)$")


def without_magics(source: str) -> str:
    """Returns a cell with what only IPython understands replaced, each line by a line."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and not _PYTHON_CELL.match(first):
        return ""
    return "\n".join(
        f"{magic[1]}pass" if (magic := _MAGIC_LINE.match(line)) else line for line in lines
    )


class _Heard:
    """What was printed and warned during one call."""

    def __init__(self, output: _Output, caught: list[warnings.WarningMessage]) -> None:
        self.output = output
        self._caught = caught

    def warnings(self) -> list[list[str]]:
        told = []
        for warning in self._caught[:_WARNINGS_PER_CALL]:
            try:
                told.append([warning.category.__name__, str(warning.message)[:300]])
            except BaseException:
                told.append(["Warning", "(its message cannot be shown)"])
        return told


@contextmanager
def _calm(output: _Output, settings: Settings | None = None) -> Iterator[_Heard]:
    """Hears output and warnings, under NumPy's default settings or those that a module chose."""
    errors, filters = settings or ({}, [])
    np.seterr(**({"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"} | errors))
    sys.stdout = sys.stderr = output
    with warnings.catch_warnings(record=True) as caught:
        # Resetting also forgets which warnings were already shown once.
        warnings.resetwarnings()
        warnings.simplefilter("always")
        if filters:
            warnings.filters[:] = filters  # type: ignore[index]
        yield _Heard(output, caught)


def _encode_reply(reply: list[Any]) -> bytes:
    try:
        frame = wire.encode(reply)
    except BaseException:  # A hostile __class__, or memory that ran out.
        frame = b""
    if not 0 < len(frame) <= wire.MAX_FRAME_BYTES:
        problem = "too large to send" if frame else "which cannot be read"
        reply[1:3] = [wire.Foreign("value", problem), None]
        frame = wire.encode(reply)
    return frame


def _leave_only_the_standard_library(desk: Desk) -> None:
    """Hides this package and every installed one, as where a student's work is graded in earnest.

    Confinement keeps student code from reading them; this makes them plainly not there, so that an
    import fails in the same way with and without Landlock.
    """
    library = os.path.dirname(os.__file__)
    sys.path[:] = [library, os.path.join(library, "lib-dynload")]
    # What stays of the cache holds the listings of these two folders, which Landlock does not let a
    # confined process list again.
    for path in set(sys.path_importer_cache) - set(sys.path):
        del sys.path_importer_cache[path]
    sys.argv[:] = [""]
    standard = (importlib.machinery.BuiltinImporter, importlib.machinery.FrozenImporter)
    sys.meta_path[:] = [*standard, importlib.machinery.PathFinder, desk]
    keep = sys.stdlib_module_names | {"numpy"}
    for name in list(sys.modules):
        if name.partition(".")[0] not in keep and name != "__main__":
            del sys.modules[name]
    main = sys.modules["__main__"]
    main.__dict__.clear()
    main.__dict__["__name__"] = "__main__"

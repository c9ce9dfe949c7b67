"""The program inside the student's process: loads the submission and answers calls.

The process is confined before `serve` is entered. Student code shares it and can tamper with it at
will, so a score relies only on the values that come back. A reply says how a call ended, so that
the examiner can judge changed arguments, warnings and output as well as the result.

Requests are lists; each is answered by one frame, and "call" by one frame per call:

``["sources", {module: [[label, source bytes, kind], ...]}]``   the submission (no answer)
``["load", module]``   -> ``["loaded", names, problems, whether the import failed]``
``["noticed"]``        -> sentences on what would be refused where work is graded
``["call", [[module, function, arguments], ...]]``
    -> ``["returned", value, after, warnings, printed, seconds]``
    or ``["raised", problem, after, warnings, printed, seconds]``
    or ``["missing"]``

`arguments` is an encoded tuple; `after` is the tuple as the call left it, None if it is unchanged.
A problem is ``[type name, names of its base types, message, [[label, line number, line], ...],
whether the call itself was refused]``; one without a type is a sentence on what was left out.

A kind is "file" for a module that is run whole, as by an import; "cell" for a notebook's cell and
"script" for a notebook saved as a module, both run statement by statement as in a kernel; "piece"
for plain Python that is run statement by statement.
"""

import ast
import importlib.abc
import importlib.machinery
import io
import os
import sys
import time
import traceback
import types
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

from autograder.sandbox import wire
from autograder.sandbox.cells import to_python
from autograder.sandbox.kernel import Files, KernelModules, Notebook, Written
from autograder.sandbox.noticing import Notices

OUTPUT_KEPT: Final = 64 * 1024
_OUTPUT_PER_CALL: Final = 4 * 1024
_WARNINGS_PER_CALL: Final = 20
_FRAMES_SHOWN: Final = 8
# `from numpy import *` alone brings five hundred.
_NAMES_TOLD: Final = 4000

Problem = list[Any]
# NumPy's error settings and the warning filters, as a module left them.
Settings = tuple[Any, list[Any]]


def serve(
    receive: Callable[[int], bytes], send: Callable[[bytes], object], *, practice: bool = False
) -> None:
    """Answers requests until there are no more.

    Args:
        receive: Returns exactly as many bytes as it is asked for, or raises EOFError.
        send: Sends all the bytes that it is given.
        practice: Whether this process is not confined, so that it reports what grading refuses.
    """
    output = _Output()
    desk = Desk(output)
    if practice:
        desk.notices.install()
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
    """Makes a `receive` from a function that may return fewer bytes, and none at the end."""

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
        """A buffer for written bytes, new each time, since nobody reads them."""
        return io.BytesIO()

    def reconfigure(self, **_: object) -> None:
        """Does nothing: files written on Windows often begin with this call."""

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
        self.notices = Notices()
        self._output = output or _Output()
        self._sources: dict[str, list[list[str]]] = {}
        self._lines: dict[str, list[str]] = {}
        self._settings: dict[str, Settings] = {}
        self._modules: dict[str, types.ModuleType] = {}
        self._problems: dict[str, list[Problem]] = {}
        self._notebooks: dict[str, Notebook] = {}
        self._written = Files()
        self._kernel: KernelModules | None = None  # Where a submission has a notebook.

    def answer(self, request: list[Any]) -> Iterator[bytes]:
        """Answers one decoded request with encoded frames."""
        match request:
            case ["sources", sources]:
                self._sources = {
                    name: [[label, source.decode(), kind] for label, source, kind in chunks]
                    for name, chunks in sources.items()
                }
                for chunks in self._sources.values():
                    self._lines |= {label: text.split("\n") for label, text, _ in chunks}
                    if _is_of_a_kernel(chunks):
                        self._become_a_kernel()
            case ["load", module]:
                yield _encode_reply(self._load(module))
            case ["noticed"]:
                yield wire.encode(self.notices.texts)
            case ["call", calls]:
                for module, function, arguments in calls:
                    yield _encode_reply(self._call(module, function, arguments))

    # Submitted modules can import one another, but a real module of the same name comes first.

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Finds a module that was handed in or written by a cell, when Python imports it."""
        written = self._written.module(name)
        if written is not None:
            folder = written[0].endswith(("/", "/__init__.py"))
            return importlib.machinery.ModuleSpec(name, self, is_package=folder)
        if name in self._sources:
            return importlib.machinery.ModuleSpec(name, self)
        if self._kernel is not None and name in self._kernel.names:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType | None:
        """Leaves making the module to Python, except for a stand-in of a kernel's module."""
        name = spec.name
        if name in self._sources or self._kernel is None or name not in self._kernel.names:
            return None
        return self._kernel.create(name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Runs the source of this module, handed in or written by a cell."""
        name = module.__spec__.name if module.__spec__ else module.__name__
        written = self._written.module(name)
        if written is not None:
            self._run_written(module, *written)
        elif name in self._sources:
            self._run_handed_in(module, name)

    def _run_written(self, module: types.ModuleType, path: str, written: Written | None) -> None:
        if written is None:
            return
        module.__file__ = os.path.join(os.getcwd(), path)
        self._lines[written.label] = written.text.split("\n")
        code = compile(written.text, written.label, "exec", dont_inherit=True)
        exec(code, module.__dict__)

    def _run_handed_in(self, module: types.ModuleType, name: str) -> None:
        chunks = self._sources[name]
        self._modules[name] = module
        problems = self._problems[name] = []
        # A plausible path: files often ask for the folder that they are in.
        module.__file__ = os.path.join(os.getcwd(), f"{name}.py")
        run_cell = self._piecewise(module)
        if self._kernel is not None and _is_of_a_kernel(chunks):
            run_cell = self._in_a_notebook(module, name, chunks)
        for label, source, kind in chunks:
            try:
                if kind == "file":
                    exec(compile(source, label, "exec", dont_inherit=True), module.__dict__)
                else:
                    run_cell(label, source)
            except BaseException as error:
                if kind == "file" and _is_a_notebook(error, label, source):
                    self._run_saved_notebook(module, name, label, source)
                    continue
                problems.append(self._problem(error))
                if kind == "file":
                    raise
        if name in self._notebooks:
            self._tell_what_was_lost(name)

    def _run_saved_notebook(
        self, module: types.ModuleType, name: str, label: str, source: str
    ) -> None:
        self._become_a_kernel()
        self._in_a_notebook(module, name, [[label, source, "script"]])(label, source)

    def _become_a_kernel(self) -> None:
        if self._kernel is None:
            self._kernel = KernelModules()
            self._kernel.install()

    def _piecewise(self, module: types.ModuleType) -> Callable[[str, str], None]:
        def run(label: str, source: str) -> None:
            """Runs statement by statement; a statement that fails does not stop the rest."""
            for statement in ast.parse(source, label).body:
                try:
                    piece = ast.Module([statement], [])
                    exec(compile(piece, label, "exec", dont_inherit=True), module.__dict__)
                except BaseException as error:
                    self._problems[module.__name__].append(self._problem(error))

        return run

    def _in_a_notebook(
        self, module: types.ModuleType, name: str, chunks: list[list[str]]
    ) -> Callable[[str, str], None]:
        """Makes a module a notebook, and returns the function that runs its cells."""
        kernel, problems = self._kernel, self._problems[name]
        assert kernel is not None
        if chunks[0][2] == "cell":
            # In a kernel a module has this name and no file; a notebook saved as one keeps its own.
            module.__dict__["__name__"] = "__main__"
            module.__dict__.pop("__file__", None)
            sys.modules["__main__"] = module

        def tell(label: str, line: int, text: str) -> None:
            problems.append(["", [], text, [[label, line, self._line(label, line)]], False])

        notebook = Notebook(
            module.__dict__,
            lambda error: problems.append(self._problem(error)),
            tell,
            self._written,
        )
        self._notebooks[name] = notebook

        def run(label: str, source: str) -> None:
            with kernel.running(notebook):
                notebook.run(label, source)

        return run

    def _tell_what_was_lost(self, name: str) -> None:
        notebook = self._notebooks[name]
        for function, (_, label, line) in notebook.lost.items():
            if not callable(notebook.names.get(function)):
                text = (
                    f"this gives the name {function[:60]} to something that is no function, so the "
                    "function above it was graded; choose another name for the result."
                )
                # In front: of very many problems, the last are not sent.
                self._problems[name].insert(0, ["", [], text, [[label, line, ""]], False])

    def _load(self, name: str) -> list[Any]:
        failed = False
        with _calm(self._output):
            try:
                # Not import_module: that would find the library's `decimal` before the student's.
                spec = importlib.machinery.ModuleSpec(name, self)
                module = types.ModuleType(name)
                module.__spec__ = spec
                sys.modules[name] = module
                with self.notices.during(name):
                    self.exec_module(module)
            except BaseException:
                failed = True  # The problems say why.
            self._settings[name] = (np.geterr(), list(warnings.filters))
        names = [n for n in list(vars(module)) if type(n) is str and not n.startswith("__")]
        if name in self._notebooks:
            names = [n for n in names if not self._notebooks[name].is_own(n)]
        self._output.take()
        return ["loaded", names[:_NAMES_TOLD], self._problems[name][:20], failed]

    def _call(self, module: str, function: str, arguments: bytes) -> list[Any]:
        target = self._function(module, function)
        if not callable(target):
            return ["missing"]
        given = wire.decode(arguments)
        start = time.perf_counter()
        with _calm(self._output, self._settings.get(module)) as heard:
            try:
                with self.notices.during(module):
                    ending = ["returned", target(*given)]
            except BaseException as error:
                ending = ["raised", self._problem(error)]
        seconds = time.perf_counter() - start
        after = None if wire.encode(given) == arguments else given
        return [*ending, after, heard.warnings(), heard.output.take(), seconds]

    def _function(self, module: str, function: str) -> Any:
        target = vars(self._modules[module]).get(function) if module in self._modules else None
        notebook = self._notebooks.get(module)
        if notebook is not None and not callable(target) and function in notebook.lost:
            return notebook.lost[function][0]
        return target

    def _problem(self, error: BaseException) -> Problem:
        try:
            with self.notices.during(""):  # A traceback looks for its lines in files.
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


def _is_a_notebook(error: BaseException, label: str, source: str) -> bool:
    """Whether a file that is not Python is a saved notebook that still has its `!pip`."""
    if not isinstance(error, SyntaxError) or error.filename != label:
        return False
    try:
        ast.parse(to_python(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _is_of_a_kernel(chunks: list[list[str]]) -> bool:
    return any(kind in ("cell", "script") for _, _, kind in chunks)


class _Heard:
    """The output and warnings of one call."""

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
    """Captures output and warnings, under NumPy's default settings or those that a module set."""
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
    """Hides this package and every installed one but NumPy, in practice as in grading.

    Confinement keeps student code from reading them. This makes them impossible to find, so that an
    import fails in the same way with and without Landlock.
    """
    library = os.path.dirname(os.__file__)
    sys.path[:] = [library, os.path.join(library, "lib-dynload")]
    # What remains of the cache holds the listings of these two folders, which Landlock does not let
    # a confined process list again.
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

"""Notices what works on a student's own machine but is refused where work is graded."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_MOST: Final = 5
_SHOWN: Final = 80
_PROGRAMS: Final = frozenset({"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"})
_CHANGES: Final = frozenset({"os.mkdir", "os.remove", "os.rename", "os.rmdir"})


class Notices:
    """Sentences on what student code did that grading refuses; see PEP 578 for the events."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._module = ""
        # Python's own files may be read where work is graded, too.
        self._free = tuple(
            {
                os.path.realpath(p)
                for p in (sys.prefix, sys.base_prefix, os.path.dirname(os.__file__))
            }
        )

    def install(self) -> None:
        """Begins to listen, until the process ends: an audit hook cannot be removed."""
        free = [os.path.dirname(module.__file__ or "") for module in _packages()]
        self._free += tuple(os.path.realpath(path) for path in free if path)
        sys.addaudithook(self._hear)

    @contextmanager
    def during(self, module: str) -> Iterator[None]:
        """Listens while code of this module runs."""
        before, self._module = self._module, module
        try:
            yield
        finally:
            self._module = before

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._module or len(self.texts) >= _MOST:
            return
        if event == "open" or event in _CHANGES:
            path = _path(arguments[0])
            if path and path != os.devnull and not self._is_free(path):
                self._note(f"uses the file {_short(path)}, and no files are there")
        elif event == "os.chdir":
            path = _path(arguments[0])
            if path and os.path.realpath(path) != os.path.realpath(os.getcwd()):
                self._note(f"goes to the folder {_short(path)} (os.chdir), which is not there")
        elif event in _PROGRAMS:
            self._note("starts another program, which is refused")
        elif event == "socket.connect":
            self._note("uses the network, which is refused")

    def _is_free(self, path: str) -> bool:
        return os.path.realpath(path).startswith(tuple(f"{free}{os.sep}" for free in self._free))

    def _note(self, what: str) -> None:
        text = f"{self._module}.py {what} where it is graded: take that out before you hand it in."
        if text not in self.texts:
            self.texts.append(text)


def _packages() -> list[Any]:
    return [sys.modules[name] for name in ("numpy",) if name in sys.modules]


def _path(argument: object) -> str:
    """Returns a path as text, or "" for a descriptor, whose file is open already."""
    if isinstance(argument, (str, bytes, os.PathLike)):
        return os.fsdecode(argument)
    return ""


def _short(path: str) -> str:
    return path if len(path) <= _SHOWN else f"...{path[-_SHOWN:]}"

"""Stands in for the kernel that a notebook was written in: runs its cells and emulates its magics.

There is no IPython where student code runs. Magics that a notebook's functions may depend on are
emulated (`%%writefile` makes a module, `%%time` runs its cell, `%reset` forgets names). Those that
only show something are ignored, and what cannot be done, such as a shell command, is reported in
one sentence.
"""

import __future__

import ast
import builtins
import inspect
import io
import keyword
import os
import re
import shlex
import sys
import types
from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT, PyCF_ONLY_AST
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any, Final, NamedTuple

from autograder.sandbox.cells import to_python

_FUTURE_FLAGS: Final = sum(
    {getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}
)
# Every line magic of a kernel: a cell of one line may omit the %.
_LINE_MAGICS: Final = frozenset(
    "alias alias_magic autoawait autocall automagic autosave bookmark cat cd clear code_wrap colors"
    " conda config connect_info cp debug dhist dirs doctest_mode ed edit env gui hist history "
    "killbgscripts ldir less lf lk ll load load_ext loadpy logoff logon logstart logstate logstop "
    "ls lsmagic lx macro magic mamba man matplotlib micromamba mkdir more mv notebook page "
    "pastebin pdb pdef pdoc pfile pinfo pinfo2 pip popd pprint precision prun psearch psource "
    "pushd pwd pycat pylab qtconsole quickref recall rehashx reload_ext rep rerun reset "
    "reset_selective rm rmdir run save sc set_env subshell sx system tb time timeit unalias "
    "unload_ext uv who who_ls whos xdel xmode".split()
)
# The magics, of these and of common extensions, that no function depends on.
_SHOW_ONLY: Final = _LINE_MAGICS - frozenset(
    "alias alias_magic cd code_wrap cp debug ed edit env macro mkdir mv popd prun pushd pwd "
    "pylab recall rep rerun reset reset_selective rm rmdir run save sc set_env sx system time "
    "timeit who_ls xdel".split()
) | frozenset("aimport autoreload lprun memit mprun snakeviz tensorboard watermark".split())
_OTHER_PROGRAMS: Final = frozenset(
    "! bash cmd perl pypy python python2 python3 ruby script sh sx system".split()
)
_PAGES: Final = frozenset("HTML SVG html javascript js latex markdown svg".split())
# Commands that only show something, or install a package; if it is missing, the import says so.
_HARMLESS_COMMAND: Final = re.compile(
    r"(?:sudo +)?(?:\S*python[\d.]* +(?:-m +pip\b|-V\b|--version\b)|(?:pip[\d.]*|conda|mamba|uv|"
    r"apt|apt-get|brew|ls|dir|pwd|cat|head|tail|echo|which|whereis|date|whoami|uname|nvidia-smi|"
    r"lscpu|free|df|du|wc|tree|clear)\b)[^>|]*$"
)
_WORDS: Final = re.compile(r"\s*(%{0,2}[\w.*]*)\s*(.*)")
# The options of %time and %prun, before the code; `-3 + 5` is code.
_OPTIONS: Final = re.compile(r"^\s*(?:--[\w-]+\s+|-[rq]\s+|-[lsTD]\s*\S+\s+)*")
_SHOWN: Final = 60


class UsageError(Exception):
    """A magic is unknown, or is used wrongly."""


class _Harmless:
    """Replaces an object that exists only in a kernel: accepts any call and does nothing."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __call__(self, *_: object, **__: object) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Harmless()


class Written(NamedTuple):
    """A module that a cell wrote."""

    label: str
    text: str


class Files:
    """The Python files that cells of this submission wrote, by their path."""

    def __init__(self) -> None:
        self._texts: dict[str, Written] = {}

    def write(self, path: str, written: Written) -> None:
        """Stores a file, in place of any earlier one at this path."""
        self._texts[path] = written

    def at(self, path: str) -> Written | None:
        """Returns the file of this path."""
        return self._texts.get(path)

    def module(self, name: str) -> tuple[str, Written | None] | None:
        """Returns a module's path and content (None for a folder), or None if it does not exist."""
        path = name.replace(".", "/")
        for place in (f"{path}.py", f"{path}/__init__.py"):
            if place in self._texts:
                return place, self._texts[place]
        for place, written in self._texts.items():
            if place.startswith(f"{path}/"):
                return f"{path}/", None
            folder, _, file = place.rpartition("/")
            if file == f"{name}.py" and os.path.abspath(folder) in map(os.path.abspath, sys.path):
                return place, written
        return None


class Notebook:
    """Runs one notebook's cells, statement by statement, with what a kernel provides.

    Args:
        names: The namespace that they run in.
        failed: Called with each exception; the next statement runs all the same.
        tell: Called with a label, a line number and a sentence on what was left out there.
        files: Where `%%writefile` writes, and `%run` reads.
    """

    def __init__(
        self,
        names: dict[str, Any],
        failed: Callable[[BaseException], object],
        tell: Callable[[str, int, str], object],
        files: Files,
    ) -> None:
        self.names = names
        self.lost: dict[str, tuple[Any, str, int]] = {}  # Functions whose name was reassigned.
        self.shell = ZMQInteractiveShell(self)
        self.cell_magics: dict[str, Callable[..., Any]] = {}
        self.line_magics: dict[str, Callable[..., Any]] = {}
        self._failed = failed
        self._tell = tell
        self._told: set[tuple[str, str]] = set()
        self._files = files
        self._flags = 0
        self._place = ("", 0)
        self._count = 0
        self._given: list[Any] = [None, None, None]  # What `_`, `__` and `___` were set to.
        self._begin()

    def _begin(self) -> None:
        self._out: dict[int, Any] = {}
        self._in = [""]
        self._hidden = {
            "In": self._in,
            "_ih": self._in,
            "Out": self._out,
            "_oh": self._out,
            "_": "",
            "__": "",
            "___": "",
            "_i": "",
            "_ii": "",
            "_iii": "",
            "_dh": [os.getcwd()],
        }
        self._given = [""] * 3
        self.names |= self._hidden

    def is_own(self, name: str) -> bool:
        """Whether a name is the kernel's, not the notebook's."""
        return name in self._hidden or re.fullmatch(r"_i?\d+", name) is not None

    def run(self, label: str, source: str) -> None:
        """Runs a cell.

        Raises:
            SyntaxError: it is not Python; none of it was run.
        """
        if not source.strip():
            return
        self._count += 1
        self._in.append(source)
        self._run(label, source, 0, outer=True)

    def _run(self, label: str, source: str, offset: int, *, outer: bool = False) -> Any:
        python = self._with_automagic(to_python(source))
        tree = self._compile("\n" * offset + python, label, "exec", PyCF_ONLY_AST)
        value = None
        before = self._place
        for statement in tree.body:
            self._place = (label, statement.lineno)
            last = statement is tree.body[-1]
            stored = {n: f for n in _stored(statement) if callable(f := self.names.get(n))}
            try:
                if last and isinstance(statement, ast.Expr):
                    value = self._evaluate(ast.Expression(statement.value), label)
                else:
                    self._execute(ast.Module([statement], []), label)
            except BaseException as error:
                self._failed(error)
            for name, function in stored.items():
                if not callable(self.names.get(name)):
                    self.lost[name] = (function, label, statement.lineno)
        if outer and value is not None and not source.rstrip().endswith(";"):
            self._keep(value)
        self._place = before
        return value

    def _compile(self, source: Any, label: str, mode: str, more: int = 0) -> Any:
        flags = self._flags | PyCF_ALLOW_TOP_LEVEL_AWAIT | more
        code = compile(source, label, mode, flags, dont_inherit=True)
        if isinstance(code, types.CodeType):
            # `from __future__ import annotations` holds for every cell after it.
            self._flags |= code.co_flags & _FUTURE_FLAGS
        return code

    def _execute(self, tree: ast.Module, label: str) -> None:
        _finished(self._compile(tree, label, "exec"), self.names)

    def _evaluate(self, tree: ast.Expression, label: str) -> Any:
        return _finished(self._compile(tree, label, "eval"), self.names)

    def _keep(self, value: Any) -> None:
        """Stores a cell's last value in `Out`, and as `_` unless the notebook uses that name."""
        if value is self._out:
            return
        old = [self.names.get("_" * n) for n in (1, 2, 3)]
        if all(mine is theirs for mine, theirs in zip(self._given, old, strict=True)):
            self._given = [value, *old[:2]]
            self.names |= {"_" * n: v for n, v in enumerate(self._given, 1)}
        self._out[self._count] = value
        self.names[f"_{self._count}"] = value

    def _with_automagic(self, python: str) -> str:
        """Treats a one-line cell that begins with a magic's name as that magic: `pip install x`."""
        line = python.strip("\n")
        match = _WORDS.match(line)
        if "\n" in line or not match or match[2].startswith(("=", ",")):
            return python
        name = match[1].lstrip("%")
        known = name in _LINE_MAGICS or name in self.line_magics
        if not known or name in self.names or hasattr(builtins, name) or keyword.iskeyword(name):
            return python
        call = f"get_ipython().run_line_magic({name!r}, {match[2]!r})"
        return python.replace(line, call)

    def tell(self, text: str) -> None:
        """Reports something that was left out at the statement now running."""
        label, line = self._place
        if label and (label, text) not in self._told:
            self._told.add((label, text))
            self._tell(label, line, text)

    def line_magic(self, name: str, line: str, local: dict[str, Any] | None) -> Any:
        """Emulates a line magic.

        Raises:
            UsageError: the magic is unknown.
            BaseException: whatever the code in it raises.
        """
        if name in self.line_magics:
            return self.line_magics[name](line)
        if name in _SHOW_ONLY:
            return None
        match name:
            case "time" | "prun":
                return self._timed(line, local)
            case "timeit":
                if line.lstrip().startswith("-") and "-o" in line.split():
                    self.tell("%timeit -o gives no times where work is graded.")
                return None
            case "cd" | "pwd" | "pushd" | "popd":
                return os.getcwd()
            case "env" | "set_env":
                return _environment(line)
            case "reset" | "xdel" | "reset_selective":
                return self._forget(name, line)
            case "run":
                return self._run_file(line)
            case "pylab":
                exec("import numpy\nimport numpy as np\nfrom numpy import *", self.names)
                self.tell("%pylab gives NumPy's names only: Matplotlib is not there.")
                return None
            case "who_ls":
                return sorted(n for n in self.names if not n.startswith("_"))
            case "system" | "sx" | "sc":
                return self.command(line)
        if name in _LINE_MAGICS:
            self.tell(f"%{name[:_SHOWN]} was left out: it does nothing where work is graded.")
            return None
        raise UsageError(f"the magic %{name} is not known where work is graded")

    def cell_magic(self, name: str, line: str, body: str) -> Any:
        """Emulates a cell magic on the lines below it (see `line_magic`)."""
        if name in self.cell_magics:
            return self.cell_magics[name](line, body)
        shown = f"the cell with %%{name[:_SHOWN]} was left out"
        if name in ("time", "prun"):
            if line.split("#")[0].strip() and name == "time" and not line.startswith("--"):
                raise UsageError("%%time takes no statement beside it: write it in the next line")
            return self._body(body)
        if name == "capture":
            self._captured(line, body)
        elif name == "timeit":
            if _defines(body):
                self.tell("%%timeit times a cell and keeps nothing that it defines: remove it.")
        elif name in ("writefile", "file"):
            self._write(line, body)
        elif name in _OTHER_PROGRAMS:
            self.tell(f"{shown}: other programs are not run where work is graded.")
        elif name in _PAGES:
            self.tell(f"{shown}: it only shows something.")
        elif name in ("debug", "code_wrap"):
            self.tell(f"{shown}: it cannot be run where work is graded.")
        else:
            raise UsageError(f"the magic %%{name} is not known where work is graded")
        return None

    def command(self, command: str) -> list[str]:
        """Reports that a command was not run, where that can matter; its output is empty."""
        if not _HARMLESS_COMMAND.match(command.strip()):
            text = " ".join(command.split())
            text = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
            self.tell(f"!{text} was not run: no commands are run where work is graded.")
        return []

    def _body(self, body: str) -> Any:
        """Runs the lines below a magic, which end their cell or the text of a call."""
        label, line = self._place
        lines = self._in[-1].rstrip("\n").count("\n") - body.rstrip("\n").count("\n")
        inside = self._in[-1].rstrip().endswith(body.rstrip()[-20:])
        return self._run(label, body, max(lines, 0) if inside else max(line - 1, 0))

    def _timed(self, line: str, local: dict[str, Any] | None) -> Any:
        text = _OPTIONS.sub("", line)
        tree = self._compile(to_python(text), self._place[0] or "<timed>", "exec", PyCF_ONLY_AST)
        value, where = None, self.names if local is None else local
        for statement in tree.body:
            ast.increment_lineno(statement, max(self._place[1] - 1, 0))
            if isinstance(statement, ast.Expr):
                piece: ast.Expression | ast.Module = ast.Expression(statement.value)
            else:
                piece = ast.Module([statement], [])
            mode = "eval" if isinstance(piece, ast.Expression) else "exec"
            code = self._compile(piece, self._place[0] or "<timed>", mode)
            value = _finished(code, self.names, where)
        return value

    def _captured(self, line: str, body: str) -> None:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            self._body(body)
        name = next((word for word in line.split() if not word.startswith("-")), "")
        if name:
            self.names[name] = _Captured(out.getvalue(), err.getvalue())

    def _write(self, line: str, body: str) -> None:
        words = shlex.split(line)
        append = any(word in ("-a", "--append") for word in words)
        path = next((word for word in words if not word.startswith("-")), "")
        path = os.path.normpath(_expanded(path, self.names))
        if not path.endswith(".py"):
            self.tell(f"{path[:_SHOWN]} was not written: only modules (.py) are, for an import.")
            return
        path = os.path.relpath(path) if os.path.isabs(path) else path
        path = path.replace(os.sep, "/")
        label, _ = self._place
        before = self._files.at(path) if append else None
        text = f"{before.text}{body}" if before else body
        self._files.write(path, Written(f"{path} of {label}", text))
        for name in (path[:-3].replace("/", "."), path[:-3].rpartition("/")[2]):
            # In a kernel, this notebook is not the module `averages`; the file just written is.
            if getattr(sys.modules.get(name), "__dict__", None) is self.names:
                del sys.modules[name]

    def _run_file(self, line: str) -> None:
        words = [word for word in shlex.split(line) if not word.startswith("-")]
        path = words[0] if words else ""
        written = self._files.at(os.path.normpath(path)) or self._files.at(f"{path}.py")
        if written is None:
            self.tell(f"%run {path[:_SHOWN]} was left out: no such file was written by a cell.")
            return
        names: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        if "-i" in line.split():
            names |= self.names
        exec(compile(written.text, written.label, "exec", dont_inherit=True), names)
        self.names |= {n: v for n, v in names.items() if not n.startswith("__")}

    def _forget(self, magic: str, line: str) -> None:
        words = [word for word in line.split() if not word.startswith("-")]
        if magic == "reset" and words:
            return  # Clears only what is named, such as the history of input.
        if magic == "xdel":
            names = words
        else:
            pattern = re.compile(words[0] if magic == "reset_selective" and words else "")
            own = {n for n in self.names if n.startswith("__")}
            names = [n for n in self.names if n not in own and pattern.search(n)]
        for name in names:
            self.names.pop(name, None)
        if magic == "reset":
            self._begin()


class ZMQInteractiveShell(_Harmless):
    """What `get_ipython()` returns: the part of a kernel's shell that notebooks use."""

    __module__ = "ipykernel.zmqshell"

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self.user_ns = notebook.names

    def run_line_magic(self, magic_name: str, line: str = "", _stack_depth: int = 1) -> Any:
        """Runs a line magic in the namespace of the function that contains it."""
        frame = sys._getframe(1)
        inside = frame.f_globals is self.user_ns and frame.f_locals is not self.user_ns
        local = frame.f_locals if inside else None
        return self._notebook.line_magic(magic_name, line, local)

    def run_cell_magic(self, magic_name: str, line: str, cell: str) -> Any:
        """Runs a cell magic."""
        return self._notebook.cell_magic(magic_name, line, cell)

    def magic(self, arg_s: str) -> Any:
        """Runs a line magic; files exported by old versions call it this way."""
        name, _, rest = arg_s.partition(" ")
        return self._notebook.line_magic(name.lstrip("%"), rest, None)

    def system(self, cmd: str) -> None:
        """Reports a command, and does not run it."""
        self._notebook.command(cmd)

    system_piped = system_raw = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> list[str] | str:
        """Reports a command that is not run, and returns empty output."""
        output = self._notebook.command(cmd)
        return output if split else ""

    def run_cell(self, raw_cell: str, *_: object, **__: object) -> None:
        """Runs text as a cell."""
        self._notebook._body(raw_cell)

    def ex(self, cmd: str) -> None:
        """Runs text in the notebook's namespace."""
        exec(cmd, self.user_ns)

    def ev(self, expr: str) -> Any:
        """Evaluates text in the notebook's namespace."""
        return eval(expr, self.user_ns)  # noqa: S307 - In the student's own process.

    def push(self, variables: dict[str, Any], interactive: bool = True) -> None:
        """Adds names to the notebook's namespace."""
        self.user_ns.update(variables)

    def register_magic_function(
        self, func: Callable[..., Any], magic_kind: str = "line", magic_name: str | None = None
    ) -> None:
        """Registers a function as a magic."""
        name = magic_name or func.__name__
        if "line" in magic_kind:
            self._notebook.line_magics[name] = func
        if "cell" in magic_kind:
            self._notebook.cell_magics[name] = func


class _Captured:
    """The output that `%%capture` caught."""

    def __init__(self, stdout: str, stderr: str) -> None:
        self.stdout, self.stderr = stdout, stderr
        self.outputs: list[Any] = []

    def __str__(self) -> str:
        return self.stdout

    def show(self) -> None:
        """Prints the captured output."""
        print(self.stdout, end="")

    __call__ = show


class _StandIn(types.ModuleType):
    """A module in which every name exists and does nothing."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (_Harmless,), {})


class KernelModules:
    """Modules that can be imported in a notebook's kernel, but do not exist where it is graded.

    They include the practice checks, and Otter's: a notebook's calls of those do nothing here.
    """

    names: Final = frozenset(
        "IPython IPython.display IPython.core IPython.core.display IPython.core.magic "
        "IPython.core.interactiveshell IPython.core.getipython IPython.utils IPython.lib "
        "autograder autograder.notebook otter".split()
    )

    def __init__(self) -> None:
        self.current: Notebook | None = None

    def install(self) -> None:
        """Adds the builtins that a notebook uses, so that modules it imports find them too."""
        builtins.display = _display  # type: ignore[attr-defined]
        builtins.get_ipython = self.get_ipython  # type: ignore[attr-defined]

    def get_ipython(self) -> ZMQInteractiveShell | None:
        """Returns the shell of the notebook that was run last."""
        return self.current.shell if self.current else None

    def create(self, name: str) -> types.ModuleType:
        """Makes a module that stands in for the one of this name."""
        module = _StandIn(name)
        module.__path__ = []
        module.get_ipython = self.get_ipython  # type: ignore[attr-defined]
        if name.startswith("IPython"):
            module.display = _display  # type: ignore[attr-defined]
        if name == "IPython.display":
            module.clear_output = _Harmless()  # type: ignore[attr-defined]
        if name == "IPython.core.magic":
            for kind in ("line", "cell", "line_cell"):
                setattr(module, f"register_{kind}_magic", self._registers(kind))
            module.needs_local_scope = module.no_var_expand = lambda function: function  # type: ignore[attr-defined]
        return module

    def _registers(self, kind: str) -> Callable[[Any], Any]:
        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            if self.current:
                self.current.shell.register_magic_function(function, kind)
            return function

        return register

    @contextmanager
    def running(self, notebook: Notebook) -> Iterator[None]:
        """Makes a notebook the current one while it runs."""
        before = self.current
        self.current = notebook
        try:
            yield
        finally:
            self.current = before or notebook


def _display(*_: object, display_id: object = None, **__: object) -> _Harmless | None:
    """Shows nothing, since nobody is looking."""
    return _Harmless() if display_id else None


def _finished(code: Any, names: dict[str, Any], local: dict[str, Any] | None = None) -> Any:
    """Runs code, and completes what it awaits at a cell's top level."""
    value = eval(code, names, names if local is None else local)  # noqa: S307 - As above.
    return _awaited(value) if code.co_flags & inspect.CO_COROUTINE else value


def _awaited(coroutine: Any) -> Any:
    import asyncio  # Slow to import, and few cells await.
    import selectors

    class Loop(asyncio.SelectorEventLoop):
        """A loop that cannot be woken from outside: that needs a socket, which is refused here."""

        _ssock = _csock = None

        def _make_self_pipe(self) -> None:
            pass

        def _close_self_pipe(self) -> None:
            pass

    loop = Loop(selectors.SelectSelector())  # Others need system calls that are refused.
    try:
        return loop.run_until_complete(coroutine)
    finally:
        loop.close()


def _stored(statement: ast.stmt) -> set[str]:
    """Returns the names that a statement assigns, other than by `def` or `class`."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return set()
    nodes = ast.walk(statement)
    names = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return {name for name in names if not name.startswith("_")}


def _defines(body: str) -> bool:
    try:
        tree = ast.parse(to_python(body))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
    return any(isinstance(node, kinds) for node in tree.body)


def _environment(line: str) -> str | None:
    name, equals, value = line.strip().partition("=")
    if not equals:
        name, _, value = line.strip().partition(" ")
    if not value:
        return os.environ.get(name)
    os.environ[name.strip()] = value.strip()
    return None


def _expanded(text: str, names: dict[str, Any]) -> str:
    """Replaces `{name}` and `$name` by the names' values, as magics do."""

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        return str(names[name]) if name in names else found[0]

    return re.sub(r"\{(\w+)\}|\$(\w+)", value, text)

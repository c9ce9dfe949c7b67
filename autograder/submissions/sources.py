"""From the bytes of a file to code: encodings, and the code cells of notebooks."""

import codecs
import io
import re
import tokenize
from pathlib import PurePosixPath
from typing import Final

import msgspec

from autograder.submissions.model import Chunk, UnreadableError

_MAX_CELLS: Final = 1000
# Bytes of a line that says how a file is encoded.
_MAX_HEAD: Final = 10_000
# What notebooks say to the checks that one practises with, Otter's too; there is nobody to hear it
# where work is graded.
_TO_THE_GRADER: Final = re.compile(
    r"^([ \t]*)(?:from autograder\.notebook import Grader|import otter|grader[ \t]*=.*"
    r"|grader\.\w+\(.*\)|get_ipython\(\)\..*)[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
# All up to a number that is none, texts passed over. A text without an end is one up to the end of
# all: or else each of a million quotation marks would be tried as the beginning of one.
_UP_TO_NO_NUMBER: Final = re.compile(
    rb'(?:[^"NI]++|"(?:[^"\\]++|\\.?)*+(?:"|\Z)|(?!NaN\b|Infinity\b)[NI])*+', re.DOTALL
)
# More than there are in any notebook, and as many as are looked at in a tenth of a second.
_MOST_NO_NUMBERS: Final = 200_000
_MOST_TEXTS: Final = 4_000_000
# A notebook's cells and outputs, and what is in these.
_MOST_OBJECTS: Final = 500_000
_EXPORTED: Final = re.compile(
    r"^[ \t]*(?:from autograder\.notebook import Grader|import otter)\b", re.MULTILINE
)
# Those that editors write. Python knows others, some of which take minutes or run in vain.
_TEXT_ENCODINGS: Final = (
    *("utf-8", "ascii", "iso8859", "cp", "mac", "koi8", "big5", "gb", "shift", "euc", "latin"),
)


# What it has no character for, Python would replace one by one, which takes a hundred times longer.
_IN_CP1252: Final = bytes.maketrans(b"\x81\x8d\x8f\x90\x9d", b"?????")


def read_source(name: str, data: bytes) -> tuple[tuple[Chunk, ...], list[str]]:
    """Returns the code of a .py file or notebook, and sentences on what was odd about it.

    Raises:
        UnreadableError: there is no code to be had from it.
    """
    label = PurePosixPath(name).name
    if name.lower().endswith(".ipynb"):
        return _read_notebook(label, data), []
    text, problem = _decode(data)
    problems = [f"{label} {problem}"] if problem else []
    if _EXPORTED.search(text):  # By Jupyter or Colab, of a notebook: what runs there runs here.
        return (Chunk(label, _TO_THE_GRADER.sub(r"\1pass", text), "cell"),), problems
    return (Chunk(label, text),), problems


def _decode(data: bytes) -> tuple[str, str]:
    """Decodes as Python does, and where that fails as the editors do that write other encodings."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text, problem = data.decode("utf-16", errors="replace"), "is UTF-16; save it as UTF-8"
    else:
        try:
            encoding = _declared(data)
            if not codecs.lookup(encoding).name.startswith(_TEXT_ENCODINGS):
                raise LookupError(encoding)
            text, problem = data.decode(encoding), ""
        except (SyntaxError, UnicodeError, LookupError):
            text = data.translate(_IN_CP1252).decode("cp1252")
            problem = "is not UTF-8, so it was read as Windows-1252; save it as UTF-8"
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return text, f"{problem}." if problem else ""


def _declared(data: bytes) -> str:
    """Returns the encoding that the first two lines say; a name of a megabyte is none."""
    stream = io.BytesIO(data)
    if any(len(stream.readline(_MAX_HEAD)) == _MAX_HEAD for _ in range(2)):
        return "utf-8"
    return tokenize.detect_encoding(io.BytesIO(data).readline)[0]


class _Cell(msgspec.Struct):
    cell_type: str = ""
    source: str | list[str] = ""
    input: str | list[str] = ""  # Before nbformat 4.


class _Worksheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    """The parts of a notebook that are read: nbformat 4's cells, or the worksheets before it."""

    cells: list[_Cell] = []
    worksheets: list[_Worksheet] = []


def _read_notebook(label: str, data: bytes) -> tuple[Chunk, ...]:
    try:
        notebook = _decoded(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise UnreadableError("it is not a notebook, or a damaged one") from None
    cells = [*notebook.cells, *(c for sheet in notebook.worksheets for c in sheet.cells)]
    code = [
        _joined(cell.source) or _joined(cell.input) for cell in cells if cell.cell_type == "code"
    ]
    return tuple(
        Chunk(f"{label}, code cell {number}", _TO_THE_GRADER.sub(r"\1pass", text), "cell")
        for number, text in enumerate(code[:_MAX_CELLS], 1)
        if text.strip()
    )


def _decoded(data: bytes) -> _Notebook:
    if data.count(b"{") > _MOST_OBJECTS:
        raise UnreadableError("it has more cells and outputs than anybody's notebook")
    try:
        return msgspec.json.decode(data, type=_Notebook)
    except msgspec.DecodeError:
        return msgspec.json.decode(_in_json(data), type=_Notebook)


def _in_json(data: bytes) -> bytes:
    """Writes 0 for NaN and Infinity, which Python's json puts among a notebook's outputs."""
    if max(data.count(b'"'), data.count(b"N") + data.count(b"I")) > _MOST_TEXTS:
        return data
    pieces = []
    at = 0
    for _ in range(_MOST_NO_NUMBERS):
        found = _UP_TO_NO_NUMBER.match(data, at)
        end = found.end() if found else at
        pieces.append(data[at:end])
        if end == len(data):
            break
        pieces.append(b"0")
        at = end + (len("NaN") if data.startswith(b"N", end) else len("Infinity"))
    return b"".join(pieces)


def _joined(source: str | list[str]) -> str:
    text = source if isinstance(source, str) else "".join(source)
    return text.replace("\r\n", "\n").replace("\r", "\n")

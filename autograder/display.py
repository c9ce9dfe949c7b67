"""Writes plain values as text that a student can read, with wrong entries marked by position."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from autograder.compare import Difference, as_sequence, difference

_WIDTH: Final = 76
_MAX_ENTRIES: Final = 120
_MAX_TEXT: Final = 600
# The most bytes of one value: more than the longest array takes. A student can return a value whose
# text is a thousand times as long, and it is written to four files.
_MAX_SHOWN: Final = 1800
# Enough to show a difference at the tolerance, few enough to read.
_DIGITS: Final = 8


class Shown(msgspec.Struct, frozen=True):
    """A value as text; `marks` are the (start, end) of the parts that are wrong."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def printable(text: str) -> str:
    """Returns text that cannot move the cursor, change colours or forge lines in a terminal."""
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def visible(text: str) -> str:
    """Returns the lines of a text, with characters replaced that a terminal or page would obey.

    Direction overrides, say, could make a line read otherwise than it is written.
    """
    return "\n".join(map(printable, text.split("\n")))


def as_sentence(clause: str) -> str:
    """Returns a clause with a capital and a full stop; a file's name keeps its own first letter."""
    end = "" if clause.endswith((".", "!", "?")) else "."
    is_file = "." in clause.partition(" ")[0]
    return f"{clause[:1] if is_file else clause[:1].upper()}{clause[1:]}{end}"


def show_call(name: str, arguments: Sequence[Any]) -> str:
    """Returns a call as one would write it, arrays as lists."""
    return f"{name}({', '.join(show(argument).text for argument in arguments)})"


def show_pair(got: Any, expected: Any, found: Difference) -> tuple[Shown, Shown]:
    """Returns what came back, its wrong entries marked, and what was expected."""
    return _page_of(_marked(got, expected, found)), _page_of(show(expected))


def _marked(got: Any, expected: Any, found: Difference, inside: bool = False) -> Shown:
    """Returns a value with all that is wrong in it marked, in containers item by item."""
    if isinstance(got, dict) and isinstance(expected, dict) and not _is_long(got):
        entries = [
            _entry(key, _marked_item(got[key], expected[key]))
            if key in expected
            else _marked_whole(_entry(key, show(got[key])))
            for key in got
        ]
        return _joined(entries, "{", "}")
    by_items = isinstance(expected, tuple) or (isinstance(expected, list) and found.wrong is None)
    items = as_sequence(got) if by_items else None
    if items is not None and len(items) == len(expected):
        shown = list(map(_marked_item, items, expected))
        return _joined(shown, *("()" if isinstance(expected, tuple) else "[]"))
    if found.wrong is None:
        whole = show(got)
        return _marked_whole(whole) if inside or isinstance(got, str) else Shown(whole.text, ())
    return show(got, found.wrong)


def _marked_item(got: Any, expected: Any) -> Shown:
    found = difference(got, expected)
    return _marked(got, expected, found, True) if found else show(got)


def _marked_whole(shown: Shown) -> Shown:
    return Shown(shown.text, ((0, len(shown.text)),))


def _entry(key: str, value: Shown) -> Shown:
    """Returns an entry of a dict, with what is marked in its value."""
    before = f"{_show_scalar(key)}: "
    marks = tuple((start + len(before), end + len(before)) for start, end in value.marks)
    return Shown(before + value.text, marks)


def _page_of(shown: Shown) -> Shown:
    encoded = shown.text.encode("utf-8", "surrogatepass")
    if len(encoded) <= _MAX_SHOWN:
        return shown
    text = encoded[:_MAX_SHOWN].decode("utf-8", "ignore")
    marks = tuple((start, end) for start, end in shown.marks if end <= len(text))
    return Shown(f"{text} ...", marks)


def show(value: Any, wrong: NDArray[np.bool_] | None = None) -> Shown:
    """Returns a plain value as text, with the entries marked where `wrong` is true."""
    if isinstance(value, np.ndarray) and value.ndim > 0:
        return _show_array(value, wrong)
    if isinstance(value, (list, tuple)) and not _is_long(value):
        array = _as_table(value) if wrong is not None else None
        if array is not None and wrong is not None and array.shape == wrong.shape:
            return _show_array(array, wrong)
        opening, closing = "[]" if isinstance(value, list) else "()"
        return _joined([show(item) for item in value], opening, closing)
    if isinstance(value, dict) and not _is_long(value):
        return _joined([_entry(key, show(item)) for key, item in value.items()], "{", "}")
    text = _show_scalar(value)
    marked = wrong is not None and bool(np.any(wrong))
    return Shown(text, ((0, len(text)),) if marked else ())


def _show_scalar(value: Any) -> str:
    if isinstance(value, np.ndarray):
        value = value.item()
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, (int, complex)):
        return str(value)
    if isinstance(value, str):
        return repr(value if len(value) <= _MAX_TEXT else value[:_MAX_TEXT] + "...")
    if isinstance(value, (bytes, list, tuple, dict)):
        return f"<a {type(value).__name__} of {len(value)} items>"
    return str(value)  # A Foreign: our own class.


def _number(value: float) -> str:
    text = f"{value:.{_DIGITS}g}"
    return text + ".0" if text.lstrip("-").isdigit() else text


def _show_array(array: NDArray[Any], wrong: NDArray[np.bool_] | None) -> Shown:
    if max(array.size, *array.shape) > _MAX_ENTRIES or array.ndim > 4:
        return _summary(array)
    if array.ndim > 2:
        with np.printoptions(precision=_DIGITS, threshold=_MAX_ENTRIES, linewidth=_WIDTH):
            return Shown(np.array2string(array, separator=", "))
    cells = [_show_scalar(entry) for entry in array.ravel()]
    width = max((len(cell) for cell in cells), default=0) if array.ndim == 2 else 0
    marked = np.zeros(array.shape, bool) if wrong is None else wrong
    rows = array.shape[0] if array.ndim == 2 else 1
    columns = array.size // rows if rows else 0
    shown = [
        _joined(
            [
                Shown(
                    cell.rjust(width), ((width - len(cell) if width else 0, max(width, len(cell))),)
                )
                if flag
                else Shown(cell.rjust(width))
                for cell, flag in zip(
                    cells[row * columns : (row + 1) * columns],
                    marked.ravel()[row * columns : (row + 1) * columns],
                    strict=True,
                )
            ],
            "[",
            "]",
        )
        for row in range(rows)
    ]
    return shown[0] if array.ndim == 1 else _joined(shown, "[", "]", ",\n ")


def _summary(array: NDArray[Any]) -> Shown:
    """The shape and the first entries; NumPy's own summary grows with the number of axes."""
    first = ", ".join(_show_scalar(entry) for entry in array.ravel()[:10])
    more = ", ..." if array.size > 10 else ""
    return Shown(f"<an array of shape {array.shape}: {first}{more}>")


def _joined(parts: Sequence[Shown], opening: str, closing: str, between: str = ", ") -> Shown:
    text, marks, line_start = opening, [], 0
    for index, part in enumerate(parts):
        if index:
            text += between
            if between == ", " and len(text) - line_start + len(part.text) > _WIDTH:
                text = text.rstrip() + "\n " + " " * (len(opening) - 1)
                line_start = text.rfind("\n") + 1
        marks += [(start + len(text), end + len(text)) for start, end in part.marks]
        text += part.text
    return Shown(text + closing, tuple(marks))


def _as_table(value: Any) -> NDArray[Any] | None:
    try:
        return np.asarray(value)
    except ValueError:
        return None


def _is_long(value: Any) -> bool:
    count = 0
    pending = [value]
    while pending:
        item = pending.pop()
        count += 1
        if count > _MAX_ENTRIES:
            return True
        if isinstance(item, (list, tuple)):
            pending.extend(item)
        elif isinstance(item, dict):
            pending.extend(item.values())
    return False

"""The wire between the examiner and the student's process: plain values in length-prefixed frames.

Both ends use this module, and the examiner's end treats every byte as hostile. A frame is four
bytes of length, big endian, then one MessagePack value. Beside MessagePack's own types (None, bool,
int, float, str, bytes, list and dict with str keys) three extension types carry what NumPy code
returns, and a fourth stands for everything else (other numbers and sequences of the standard
library cross as the equivalent float or list):

====  =======================================================================
code  payload
====  =======================================================================
1     a tuple: the list of its items
2     a complex number: its real and imaginary part, two float64
3     an array or NumPy scalar: [dtype string, shape, bytes in C order]
4     a value that may not cross: [the name of its type, what was wrong with it]
====  =======================================================================

Nothing here unpickles, evaluates or imports anything, and decoding never calls a method of a
student's object: such an object was already turned into a `Foreign` on the other side.
"""

import array
import itertools
import math
import re
import struct
import sys
from collections import UserList, deque
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import msgpack
import numpy as np

# Large enough for any honest answer (the largest expected is a few kilobytes) and small enough that
# a thousand of them do not matter.
MAX_FRAME_BYTES: Final = 512 * 1024
# What the examiner sends can be trusted, and holds whole files.
MAX_REQUEST_BYTES: Final = 64 * 1024 * 1024
# A claimed length costs memory before its content arrives, once for each level of nesting, so these
# are far below what a frame could hold.
MAX_ITEMS: Final = 10_000
MAX_NODES: Final = 20_000
MAX_DEPTH: Final = 24
MAX_TEXT: Final = 20_000
MAX_NAME: Final = 80

_HEADER: Final = struct.Struct(">I")
_TUPLE, _COMPLEX, _ARRAY, _FOREIGN = 1, 2, 3, 4
_DTYPE: Final = re.compile(r"[<>|=]?(?:b1|[iu][1248]|f[248]|c8|c16)")
# C99's long double has no portable layout, so it crosses as the double used to compare it.
_WIDEST: Final = {"f": np.float64, "c": np.complex128}


class WireError(Exception):
    """A frame is malformed: too large, truncated, or not what this module writes."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Stands for a returned value that may not cross the wire. No comparison accepts it."""

    type_name: str
    problem: str = ""

    def __str__(self) -> str:
        article = "an" if self.type_name[:1].lower() in "aeiou" else "a"
        problem = f" ({self.problem})" if self.problem else ""
        return f"<{article} {self.type_name or 'value'}{problem}>"


def encode(value: object) -> bytes:
    """Returns `value` as one MessagePack value, with what may not cross replaced by `Foreign`."""
    return _pack(_plain(value, MAX_DEPTH, _Budget()))


def decode(data: bytes) -> Any:
    """Returns the value that `encode` wrote.

    Raises:
        WireError: `data` is not such a value, or one of its lengths is beyond the limits above.
    """
    try:
        return _unpack(data, MAX_DEPTH, _Budget())
    except WireError:
        raise
    except Exception as error:  # Any error that a hostile frame provokes means the same.
        raise WireError(f"malformed frame ({type(error).__name__})") from None


def weight(value: Any) -> int:
    """Returns roughly how many bytes of memory a value from `decode` takes."""
    total, waiting = 0, [value]
    while waiting:  # A value may be nested more deeply than recursion allows.
        held = waiting.pop()
        total += sys.getsizeof(held)
        if isinstance(held, (list, tuple)):
            waiting.extend(held)
        elif isinstance(held, dict):
            waiting.extend(itertools.chain(held, held.values()))
    return total


def send_frame(send: Callable[[bytes], object], payload: bytes) -> None:
    """Writes one frame with `send`, which must write all its data, like `socket.sendall`."""
    send(_HEADER.pack(len(payload)) + payload)


def receive_frame(receive: Callable[[int], bytes], most: int = MAX_FRAME_BYTES) -> bytes:
    """Reads one frame with `receive(n)`, which returns exactly n bytes or raises.

    Raises:
        WireError: the frame promises more than `most`.
    """
    (length,) = _HEADER.unpack(receive(_HEADER.size))
    if length > most:
        raise WireError("a frame that promises too much")
    return receive(length)


def _pack(plain: object) -> bytes:
    packed: bytes = msgpack.packb(plain, use_bin_type=True)
    return packed


def _unpack(data: bytes, depth: int, budget: "_Budget") -> Any:
    """Unpacks one value. Nested extensions recurse, so their depth is bounded."""
    if depth < 0:
        raise WireError("extensions nested too deeply")
    value = msgpack.unpackb(
        data,
        raw=False,
        strict_map_key=True,
        ext_hook=lambda code, content: _from_extension(code, content, depth - 1, budget),
        # A byte on the wire can be sixty in memory, so decoded values are counted too.
        list_hook=budget.charge,
        object_hook=budget.charge,
        max_array_len=MAX_ITEMS,
        max_map_len=MAX_ITEMS,
        max_str_len=MAX_REQUEST_BYTES,
        max_bin_len=MAX_REQUEST_BYTES,
        max_ext_len=MAX_FRAME_BYTES,
    )
    _refuse_time(value)
    return value


def _refuse_time(value: object) -> None:
    """Refuses MessagePack's one built-in extension, which `encode` never writes."""
    if isinstance(value, msgpack.Timestamp):
        raise WireError("a time, which may not cross")


class _Budget:
    """Counts nodes, so that a list that contains itself twice fails before memory runs out."""

    def __init__(self) -> None:
        self.left = MAX_NODES

    def charge(self, made: Any) -> Any:
        """Counts a list or dict that was just decoded, and returns it."""
        if not self.spend(len(made) + 1):
            raise WireError("too many values")
        if isinstance(made, dict) and not all(isinstance(key, str) for key in made):
            raise WireError("a key that is not text")  # MessagePack lets bytes be keys too.
        for value in made.values() if isinstance(made, dict) else made:
            _refuse_time(value)
        return made

    def spend(self, count: int) -> bool:
        self.left -= count
        return self.left >= 0


def _plain(value: object, depth: int, budget: _Budget) -> object:
    if value is None or type(value) in (bool, float):
        return value
    if isinstance(value, str):  # NumPy's strings too, which are both.
        return _text(value)
    if isinstance(value, (np.ndarray, np.generic)):
        return _plain_array(np.asarray(value))
    if isinstance(value, int):
        number = int.__int__(value)
        fits = -(2**63) <= number < 2**64
        return number if fits else _foreign("int", "beyond 64 bits")
    if isinstance(value, float):
        return float.__float__(value)
    if isinstance(value, complex):
        return msgpack.ExtType(_COMPLEX, struct.pack(">dd", value.real, value.imag))
    if isinstance(value, Foreign):
        return _foreign(value.type_name, value.problem)
    if isinstance(value, bytes):
        return value
    if isinstance(value, (Fraction, Decimal)):
        return float(value)
    return _plain_container(_as_list(value), depth, budget)


def _as_list(value: object) -> object:
    """Returns the standard library's other sequences of numbers as lists."""
    if isinstance(value, deque):
        return list(deque.__iter__(value))
    if isinstance(value, array.array):
        return array.array.tolist(value)
    return value.data if isinstance(value, UserList) else value


def _text(value: str) -> str:
    """Returns the beginning of a text, without lone surrogates, which UTF-8 cannot encode."""
    return str.__str__(value)[:MAX_TEXT].encode("utf-8", "replace").decode()


def _plain_container(value: object, depth: int, budget: _Budget) -> object:
    name = type(value).__name__
    # The base class's own methods, so that an overridden __len__ or __iter__ changes nothing.
    base: Any
    if isinstance(value, tuple):
        base = tuple
    elif isinstance(value, list):
        base = list
    elif isinstance(value, dict):
        base = dict
    else:
        return _foreign(name)
    size = base.__len__(value)
    if depth == 0:
        return _foreign(name, "nested too deeply")
    if size > MAX_ITEMS or not budget.spend(size + 1):
        return _foreign(name, "with too many items")
    if isinstance(value, dict):
        items = dict.items(value)
        if not all(isinstance(key, str) for key, _ in items):
            return _foreign(name, "with keys that are not text")
        return {_text(k): _plain(v, depth - 1, budget) for k, v in items}
    plain = [_plain(item, depth - 1, budget) for item in base.__iter__(value)]
    return plain if base is list else msgpack.ExtType(_TUPLE, _pack(plain))


def _plain_array(array: np.ndarray[Any, Any]) -> object:
    if array.dtype.hasobject and array.size <= MAX_ITEMS and _holds_numbers(array):
        array = array.astype(np.float64)  # As np.vectorize and np.frompyfunc may give them.
    if array.dtype.kind not in "biufc":
        return _foreign("ndarray", f"of {array.dtype.name[:MAX_NAME]}")
    if array.dtype.itemsize > 8 and array.dtype.kind in _WIDEST:
        array = array.astype(_WIDEST[array.dtype.kind])
    rows = math.prod(max(size, 1) for size in array.shape)
    if array.nbytes > MAX_FRAME_BYTES // 4 or rows > MAX_FRAME_BYTES // 4:
        return _foreign("ndarray", f"of {math.prod(array.shape)} numbers, too many to send")
    content = [array.dtype.str, list(array.shape), array.tobytes()]
    return msgpack.ExtType(_ARRAY, _pack(content))


def _holds_numbers(array: np.ndarray[Any, Any]) -> bool:
    numbers = (int, float, Fraction, Decimal, np.bool_, np.integer, np.floating)
    return array.dtype.fields is None and all(isinstance(entry, numbers) for entry in array.flat)


def _foreign(type_name: str, problem: str = "") -> object:
    return msgpack.ExtType(
        _FOREIGN, _pack([_text(type_name[:MAX_NAME]), _text(problem[:MAX_NAME])])
    )


def _from_extension(code: int, data: bytes, depth: int, budget: "_Budget") -> Any:
    content = _unpack(data, depth, budget) if code != _COMPLEX else None
    if code == _COMPLEX:
        return complex(*struct.unpack(">dd", data))
    if not isinstance(content, list):
        raise WireError(f"extension {code} does not hold a list")
    if code == _TUPLE:
        return tuple(content)
    if code == _ARRAY:
        return _to_array(*content)
    if code == _FOREIGN:
        type_name, problem = content
        if not isinstance(type_name, str) or not isinstance(problem, str):
            raise WireError("a foreign value is described by something other than text")
        return Foreign(type_name[:MAX_NAME], problem[:MAX_NAME])
    raise WireError(f"unknown extension {code}")


def _to_array(dtype: object, shape: object, content: object) -> np.ndarray[Any, Any]:
    if not (isinstance(dtype, str) and _DTYPE.fullmatch(dtype) and isinstance(content, bytes)):
        raise WireError("an array of a kind that may not cross")
    if not (isinstance(shape, list) and len(shape) <= MAX_DEPTH):
        raise WireError("an array without a shape")
    if not all(type(size) is int and 0 <= size <= MAX_FRAME_BYTES for size in shape):
        raise WireError("an array of an impossible shape")
    # An empty array may still have a million rows, each of which would be shown.
    if math.prod(max(size, 1) for size in shape) > MAX_FRAME_BYTES:
        raise WireError("an array of too many rows")
    # frombuffer and reshape refuse content that does not fit; the copy makes it writable and ours.
    return np.frombuffer(content, dtype=np.dtype(dtype)).reshape(shape).copy()

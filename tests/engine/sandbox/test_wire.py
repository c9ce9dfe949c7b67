"""The wire carries plain values and arrays, and nothing that is not one."""

import array
import contextlib
import io
import math
import pickle
from collections import UserList, deque
from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.sandbox import wire
from autograder.sandbox.wire import Foreign, WireError

NUMBERS = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats()
ARRAYS = hnp.arrays(
    st.sampled_from(["f8", "f4", "f2", "i8", "u2", "?", "c16", ">f8"]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
VALUES = st.recursive(
    NUMBERS | st.text() | st.complex_numbers() | st.binary() | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return (
            type(other) is np.ndarray
            and one.shape == other.shape
            and one.dtype == other.dtype
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, (list, tuple)):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, complex):
        return type(other) is complex and same(one.real, other.real) and same(one.imag, other.imag)
    if isinstance(one, float) and math.isnan(one):
        return isinstance(other, float) and math.isnan(other)
    return type(one) is type(other) and bool(one == other)


@given(VALUES)
@settings(deadline=None, max_examples=300)
def test_every_plain_value_arrives_as_it_left(value: Any) -> None:
    assert same(value, wire.decode(wire.encode(value)))


@given(st.binary(max_size=400))
@settings(deadline=None, max_examples=500)
def test_any_bytes_are_a_value_or_a_wire_error(data: bytes) -> None:
    with contextlib.suppress(WireError):
        wire.decode(data)


@given(VALUES, st.data())
@settings(deadline=None, max_examples=200)
def test_a_damaged_frame_is_a_value_or_a_wire_error(value: Any, data: st.DataObject) -> None:
    frame = bytearray(wire.encode(value))
    position = data.draw(st.integers(0, len(frame) - 1))
    frame[position] = data.draw(st.integers(0, 255))
    with contextlib.suppress(WireError):
        wire.decode(bytes(frame[: data.draw(st.integers(1, len(frame)))]))


class Everything:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class Loud(np.ndarray[Any, Any]):
    def __array_finalize__(self, obj: object) -> None:
        pass

    def __eq__(self, other: object) -> Any:
        return True


def test_an_object_arrives_as_the_name_of_its_type() -> None:
    assert wire.decode(wire.encode(Everything())) == Foreign("Everything")


def test_an_array_subclass_arrives_as_a_plain_array() -> None:
    arrived = wire.decode(wire.encode(np.zeros(3).view(Loud)))
    assert type(arrived) is np.ndarray


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (10**30, Foreign("int", "beyond 64 bits")),
        (np.array(["a"]), Foreign("ndarray", "of str32")),
        (np.array([object()]), Foreign("ndarray", "of object")),
        ({1: 2}, Foreign("dict", "with keys that are not text")),
        (np.zeros(2_000_000), Foreign("ndarray", "of 2000000 numbers, too many to send")),
        ([0] * 20_000, Foreign("list", "with too many items")),
    ],
)
def test_what_may_not_cross_says_why(value: object, expected: Foreign) -> None:
    assert wire.decode(wire.encode(value)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(1, 4), 0.25),
        (Decimal("0.5"), 0.5),
        (deque([1, 2.5]), [1, 2.5]),
        (array.array("d", [1.5, 2]), [1.5, 2.0]),
        (UserList([Fraction(1, 2)]), [0.5]),
        ((deque([1]), 2), ([1], 2)),
    ],
)
def test_other_numbers_and_sequences_cross_as_what_they_stand_for(
    value: object, expected: object
) -> None:
    assert wire.decode(wire.encode(value)) == expected


def test_an_array_of_number_objects_crosses_as_floats() -> None:
    crossed = wire.decode(wire.encode(np.array([1, 2.5, Fraction(1, 4)], dtype=object)))
    assert crossed.dtype == np.float64
    assert crossed.tolist() == [1.0, 2.5, 0.25]


@pytest.mark.parametrize("entry", ["1.5", None, [1.0], 1j])
def test_an_array_of_other_objects_does_not_cross(entry: object) -> None:
    holds = np.empty(2, dtype=object)
    holds[:] = [1.0, entry]
    assert wire.decode(wire.encode(holds)) == Foreign("ndarray", "of object")


def test_a_list_that_holds_itself_ends() -> None:
    endless: list[Any] = []
    endless += [endless, endless]
    assert len(wire.encode(endless)) < wire.MAX_FRAME_BYTES * 2


@pytest.mark.parametrize(
    "frame",
    [
        b"\xdd\xff\xff\xff\xff",  # A list of four billion items.
        b"\xdf\xff\xff\xff\xff",  # A dict of as many.
        b"\xc6\xff\xff\xff\xff",  # As many bytes.
        b"\xc9\xff\xff\xff\xff\x03",  # An array with as many.
        b"\xdd\x00\x00\x27\x10" * 900,  # Ten thousand items, at each of many levels.
        b"\x91" * 100_000,
        b"\x81\x01\x02",  # A key that is not text.
        b"\x81\xc4\x01a\x02",  # Nor are bytes.
        msgpack.packb(msgpack.ExtType(9, b"")),
        msgpack.packb(msgpack.ExtType(3, msgpack.packb(["O", [1], b"12345678"]))),
        msgpack.packb(msgpack.ExtType(3, msgpack.packb(["<f16", [1], bytes(16)]))),
        msgpack.packb(msgpack.ExtType(3, msgpack.packb(["<f8", [1 << 62], b"12345678"]))),
        msgpack.packb(msgpack.ExtType(3, msgpack.packb(["<f8", [-1], b"12345678"]))),
        msgpack.packb(msgpack.ExtType(3, msgpack.packb(["<f8", [2], b"12345678"]))),
        msgpack.packb(msgpack.Timestamp(0)),
        msgpack.packb([1, {"a": msgpack.Timestamp(0)}]),
        pickle.dumps({"a": 1}),
    ],
)
def test_a_hostile_frame_is_refused_before_it_costs_memory(frame: bytes) -> None:
    with pytest.raises(WireError):
        wire.decode(frame)


def test_extensions_in_extensions_end_before_the_stack_does() -> None:
    nested = msgpack.packb([])
    for _ in range(5000):
        nested = msgpack.packb([msgpack.ExtType(1, nested)])
    with pytest.raises(WireError, match="nested too deeply"):
        wire.decode(msgpack.packb(msgpack.ExtType(1, nested)))


def test_an_empty_array_of_a_million_rows_does_not_cross() -> None:
    assert isinstance(wire.decode(wire.encode(np.zeros((4_000_000, 0)))), Foreign)


def test_a_frame_that_promises_too_much_is_refused_unread() -> None:
    stream = io.BytesIO(b"\xff\xff\xff\xff" + b"x" * 10)
    with pytest.raises(WireError, match="promises too much"):
        wire.receive_frame(stream.read)


def test_frames_follow_one_another() -> None:
    sent = io.BytesIO()
    wire.send_frame(sent.write, b"one")
    wire.send_frame(sent.write, b"")
    sent.seek(0)
    assert [wire.receive_frame(sent.read), wire.receive_frame(sent.read)] == [b"one", b""]

"""What is hidden, and a detector that finds it in whatever form it comes out."""

import base64
import html
import re
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import numpy as np

from autograder.checking.plugin import Examination
from autograder.checking.session import hold_session
from autograder.course import load_course
from autograder.examiner.examiner import check_files, examination_of
from autograder.examiner.script import ReferenceCandidate, Script
from autograder.references import observe_here, reference
from autograder.sandbox import wire
from tests.seeds import SEED


class Calls(NamedTuple):
    """The arguments of all calls by exercise, in order, and the numbers in hidden ones alone."""

    public: dict[str, list[tuple[Any, ...]]]
    hidden: dict[str, list[tuple[Any, ...]]]
    secrets: frozenset[float]


def recorded() -> Calls:
    """Returns the calls that the checks make under the seed of this run of the tests."""
    course = load_course()
    scripts: list[Script] = []

    def record(examination: Examination) -> None:
        for visibility in ("public", "hidden"):
            candidate = ReferenceCandidate(course)
            for run in examination.run(candidate, visibility):
                assert run.error is None, run.check.id
            scripts.append(candidate.script)

    hold_session(examination_of(course, record), check_files(course), course, SEED)
    made = []
    for script in scripts:
        by_exercise: dict[str, list[bytes]] = {}
        for call in (call for calls in script.values() for call in calls):
            by_exercise.setdefault(call.exercise, []).append(call.arguments)
        made.append(by_exercise)
    public, hidden = (
        {e: [tuple(wire.decode(c)) for c in calls] for e, calls in one.items()} for one in made
    )
    numbers = [
        {n for e, calls in one.items() for c in calls for n in _of_call(e, c)} for one in made
    ]
    known = {f"{n:.4g}" for n in numbers[0]}
    secrets = {n for n in numbers[1] if _is_generic(n) and f"{n:.4g}" not in known}
    return Calls(public, hidden, frozenset(secrets))


def _of_call(exercise: str, arguments: bytes) -> Iterator[float]:
    """Yields the numbers of a call and of its right answer, without their signs."""
    yield from _numbers(wire.decode(arguments))
    yield from _numbers(observe_here(reference(load_course(), exercise), arguments).value)


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, (float, np.ndarray)):
        yield from (abs(float(n)) for n in np.ravel(value) if np.isfinite(n))


def _is_generic(number: float) -> bool:
    """Whether a number has so many digits that it comes from nowhere else."""
    if 0 < number < sys.float_info.min:  # Nearly all of its bytes are zeros, as in any text.
        return False
    return len(_digits(f"{number:.12g}")) >= 10 and not number.hex().partition("p")[0].endswith(
        "0000"
    )


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text.partition("e")[0]).lstrip("0")


# How a number may be written by somebody who carries it out. The detector has to find each.
RENDERINGS: Final[dict[str, Callable[[float], str]]] = {
    "repr": repr,
    **{f"{n} digits": lambda x, n=n: f"{x:.{n}g}" for n in (5, 6, 7, 8, 10, 12, 15, 17)},  # type: ignore[misc]
    **{f"{n} digits, scientific": lambda x, n=n: f"{x:.{n - 1}e}" for n in (6, 8, 12)},  # type: ignore[misc]
    "NumPy's": lambda x: str(np.array([x, x / 3])),
    "digits run together": lambda x: _digits(f"{x:.12g}"),
    "digits in a word": lambda x: f"x{_digits(f'{x:.10g}')}y",
    "digits apart": lambda x: " ".join(_digits(f"{x:.12g}")),
    "one digit a line": lambda x: ",\n".join(_digits(f"{x:.12g}")),
    "reversed": lambda x: repr(x)[::-1],
    "hexadecimal": float.hex,
    "bytes in hexadecimal": lambda x: struct.pack("<d", x).hex(),
    "bytes in hexadecimal, big endian": lambda x: struct.pack(">d", x).hex().upper(),
    "single precision": lambda x: struct.pack("<f", x).hex(),
    "base64": lambda x: base64.b64encode(struct.pack("<d", x)).decode(),
    "base64 among others": lambda x: base64.b64encode(struct.pack("<3d", 1, x, 2)).decode(),
    "base64 out of step": lambda x: base64.b64encode(b"?" + struct.pack("<d", x)).decode(),
    "base64 of its digits": lambda x: base64.b64encode(repr(x).encode()).decode(),
    "bytes": lambda x: struct.pack("<d", x).decode("latin-1"),
    "escaped bytes": lambda x: repr(struct.pack("<d", x)),
}
# Digits in a row that no page has by chance: the pages of all tests together have less than a
# million, and there are a thousand secrets.
_IN_A_ROW: Final = 8
_SEPARATORS: Final = re.compile(r"[\s.,;:_'\"\[\]()-]")


class Detector:
    """Finds hidden numbers in texts. A line that was looked at is not looked at again."""

    def __init__(self, secrets: frozenset[float]) -> None:
        self._tokens = {
            text: n
            for n in secrets
            for places in range(4, 17)
            for text in (f"{n:.{places + 1}g}", f"{n:.{places}e}", f"{n:.{places}f}")
            if len(_digits(text)) > 4
        }
        # A rounded text begins with the same digits as the number, or with those rounded.
        self._digits = {_digits(f"{n:.16e}")[:_IN_A_ROW]: n for n in secrets}
        self._digits |= {_digits(f"{n:.{_IN_A_ROW - 1}e}"): n for n in secrets}
        self._words: dict[str, float] = {}
        for n in secrets:
            little, big = struct.pack("<d", n), struct.pack(">d", n)
            self._words |= dict.fromkeys((little.hex(), big.hex()), n)
            if np.float32(n) != 0:  # What is too small for 32 bits is the eight zeros of any text.
                self._words[struct.pack("<f", n).hex()] = n
                self._words[struct.pack(">f", n).hex()] = n
            self._words[n.hex().partition("p")[0]] = n
            for content in (little, big, repr(n).encode()):
                for before in range(3):
                    encoded = base64.b64encode(b"?" * before + content).decode().rstrip("=")
                    # The first and last character also depend on the neighbours.
                    start = (before * 8 + 5) // 6
                    self._words[encoded[start : start + 9]] = n
            self._words |= dict.fromkeys((little.decode("latin-1"), big.decode("latin-1")), n)
            self._words |= dict.fromkeys((repr(little)[2:-1], repr(big)[2:-1]), n)
        self._by_start: dict[str, list[tuple[str, float]]] = {}
        for word, n in self._words.items():
            self._by_start.setdefault(word[:4], []).append((word, n))
        self._clean: set[str] = set()

    def found(self, text: str) -> set[float]:
        """Returns the hidden numbers in a text, HTML or not."""
        text = html.unescape(text)
        new = [line for line in dict.fromkeys(text.split("\n")) if line not in self._clean]
        content = "\n".join(new)
        found = {n for way in (content, content[::-1]) for n in self._in(way)}
        # Digits may be spread over lines.
        found |= {
            n for way in (text, text[::-1]) for n in self._in_digits(_SEPARATORS.sub("", way))
        }
        if not found:
            self._clean.update(new)
        return found

    def _in(self, text: str) -> Iterator[float]:
        for token in re.findall(r"\d+(?:\.\d+)?(?:e[+-]\d+)?", text):
            if token in self._tokens:
                yield self._tokens[token]
        yield from self._in_digits(text.replace(".", ""))
        for way in {text, text.lower()}:
            for start in range(len(way) - 3):
                for word, n in self._by_start.get(way[start : start + 4], ()):
                    if way.startswith(word, start):
                        yield n

    def _in_digits(self, text: str) -> Iterator[float]:
        for digits in re.findall(rf"\d{{{_IN_A_ROW},}}", text):
            for start in range(len(digits) - _IN_A_ROW + 1):
                if (part := digits[start : start + _IN_A_ROW]) in self._digits:
                    yield self._digits[part]

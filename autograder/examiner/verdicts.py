"""Which checks need not be run again, because they passed on the very same answers before.

A check depends only on how the calls of its exercises came out, and a class gives the same right
answer many times. So where a check passed, a digest of what it saw is kept: no student's text, no
number, and nothing about a check that failed, whose evidence is the student's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from typing import Final

from autograder.calls import Outcome
from autograder.checking.runs import Check
from autograder.checking.student import EncodedCall

# Some 10 MB. A course has a hundred checks, so a class would have to answer each in many ways.
_MOST: Final = 50_000


class Looks:
    """Digests of what checks see of one submission's answers."""

    def __init__(self, answers: Mapping[str, Mapping[bytes, Outcome]]) -> None:
        self._answers = answers
        self._digests: dict[str, bytes | None] = {}

    def key(self, check: Check, calls: Iterable[EncodedCall]) -> bytes | None:
        """Returns a digest of a check and of all it may see, or None where some of it has none.

        Args:
            check: The check.
            calls: The calls that it makes of the reference solutions.
        """
        seen = sorted({*check.exercises, *(call.exercise for call in calls)})
        digests = [self._digest(exercise) for exercise in seen]
        if not all(digests):
            return None
        return _digest([check.id.encode(), *(digest for digest in digests if digest)])

    def _digest(self, exercise: str) -> bytes | None:
        if exercise not in self._digests:
            answers = self._answers.get(exercise, {})
            parts = [part for call, o in answers.items() for part in (call, o.encoded)]
            # An outcome without an encoded form is not an answer, but a timeout, say, or a crash.
            self._digests[exercise] = _digest(parts) if parts and all(parts) else None
        return self._digests[exercise]


class Passes:
    """The keys of checks that passed (see `Looks.key`), up to a limit."""

    def __init__(self, most: int = _MOST) -> None:
        self._keys: set[bytes] = set()
        self._most = most

    def add(self, keys: Iterable[bytes]) -> None:
        """Adds keys, as long as there is room."""
        for key in keys:
            if len(self._keys) < self._most:
                self._keys.add(key)

    def __contains__(self, key: bytes) -> bool:
        return key in self._keys


def _digest(parts: Sequence[bytes]) -> bytes:
    made = blake2b(digest_size=32)
    for part in parts:
        made.update(len(part).to_bytes(8, "big"))
        made.update(part)
    return made.digest()

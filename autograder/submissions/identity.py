"""Gives each submission its id, which belongs to the source that first had it.

A source is recognised by the id that its LMS has for a person in every assignment, else by the name
of what was handed in. A gradebook keeps which source has which id, and no id moves to another.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from autograder.results import Source
from autograder.submissions.files import SOURCE_SUFFIXES, readable
from autograder.submissions.model import Handin, Piece

SUFFIXES: Final = (*SOURCE_SUFFIXES, ".zip")
# In bytes: a file name may have 255, and an id gets a number, a suffix and a prefix.
_MAX_ID: Final = 150
# Names in an archive may be longer than any file's on disk.
_MAX_KEY: Final = 300
# Device names on Windows, whatever their extension.
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_SAFE_SIGNS: Final = frozenset("_.+@=(), -")
# Letters, the marks on them, and numbers, of every script.
_SAFE_KINDS: Final = frozenset("LMN")
_NAME: Final = "name"
_INSIDE: Final = "inside"  # Replaces `_NAME` where the name was guessed.
# The ids that each LMS has for a person in all assignments, the most reliable first.
_LASTING: Final = {
    "canvas": ("canvas_user_id", "canvas_anonymous_id"),
    "gradescope": ("sid", "email", "gradescope_submission_id"),
    "classroom50": ("classroom50_login",),
    # A participant's number is valid within one assignment, and no other assignment uses it.
    "moodle": ("moodle_participant_id",),
}


class Unnamed(NamedTuple):
    """A submission without an id yet, and the name that its id is made of.

    `raw` is the name of what was handed in, byte for byte; the source's name is made readable.
    `guessed` says that its name comes from an archive that may be one student's own: nothing in it
    may pass for somebody else's work.
    """

    wanted: str
    source: Source
    pieces: tuple[Piece, ...]
    notes: tuple[str, ...] = ()
    raw: str = ""
    guessed: bool = False


class KnownSource(NamedTuple):
    """A source in a gradebook: its key, its id, and whether its name was `guessed`."""

    key: str
    id: str
    guessed: bool = False


class Known(NamedTuple):
    """What a gradebook knows of earlier runs: the sources, oldest first, and all ids."""

    sources: Sequence[KnownSource] = ()
    ids: Sequence[str] = ()


class Identified(NamedTuple):
    """Submissions with ids, the new sources, and sentences on clashes."""

    handins: list[Handin]
    new: list[KnownSource]
    told: list[str]


def identify(found: Iterable[Unnamed], known: Known | None = None) -> Identified:
    """Gives each submission the id that its source had before, else a new one."""
    return _Identification(list(found), known or Known()).made()


def with_ids(found: Iterable[Unnamed]) -> list[Handin]:
    """Returns submissions with ids, as if there had been no earlier run."""
    return identify(found).handins


def keys_of(source: Source, raw: str = "") -> list[str]:
    """Returns the keys that identify a source, the most reliable first; the last is its name."""
    lasting = [
        f"{source.lms}:{name}:{source.ids[name]}"
        for name in _LASTING.get(source.lms or "", ())
        if source.ids.get(name)
    ]
    place = f"{source.lms}:{_NAME}" if source.lms else _NAME
    return [*lasting, f"{place}:{_as_key(raw or source.name)}"]


def _keys_in_run(one: Unnamed) -> list[str]:
    *lasting, name = keys_of(one.source, one.raw)
    return [*lasting, name.replace(_NAME, _INSIDE, 1) if one.guessed else name]


class _Identification:
    def __init__(self, found: Sequence[Unnamed], known: Known) -> None:
        self._found = found
        self._known = known
        keys = [_keys_in_run(one) for one in found]
        claims = Counter(key for mine in keys for key in mine)
        # A key that two submissions claim identifies neither.
        self._keys = [
            next((key for key in mine if claims[key] == 1), f"{mine[-1]}#{index}")
            for index, mine in enumerate(keys)
        ]
        self._claimed_twice = [next((key for key in mine if claims[key] > 1), "") for mine in keys]
        self._ids: dict[int, str] = {}
        self._notes: dict[int, str] = {}
        self._told: list[str] = []

    def made(self) -> Identified:
        self._as_before()
        self._as_before_but_for_the_suffix()
        self._anew()
        before = {(source.key, source.id) for source in self._known.sources}
        new = [
            KnownSource(key, self._ids[index], one.guessed)
            for index, (one, key) in enumerate(zip(self._found, self._keys, strict=True))
            if (key, self._ids[index]) not in before
        ]
        handins = [
            Handin(self._ids[index], one.source, one.pieces, (*self._note(index), *one.notes))
            for index, one in enumerate(self._found)
        ]
        return Identified(handins, new, self._told)

    def _note(self, index: int) -> tuple[str, ...]:
        return (self._notes[index],) if index in self._notes else ()

    def _as_before(self) -> None:
        """Gives sources the ids that they had; of two that had the same id, the first keeps it."""
        at = {key: index for index, key in enumerate(self._keys)}
        sure = {source.id for source in self._known.sources if not source.guessed}
        given: set[str] = set()
        for source in self._known.sources:
            index = at.get(source.key)
            if index is None or source.id in given or (source.guessed and source.id in sure):
                continue
            self._ids[index] = source.id
            given.add(source.id)
        # A class that was an archive in an earlier run, and is a folder now.
        for source in self._known.sources:
            index = at.get(source.key.replace(_INSIDE, _NAME, 1)) if source.guessed else None
            if index is None or index in self._ids or source.id in given | sure:
                continue
            if source.id == safe_id(self._found[index].wanted):
                self._ids[index] = source.id
                given.add(source.id)

    def _as_before_but_for_the_suffix(self) -> None:
        """Takes `jane.ipynb` for the next attempt of whoever handed in a `jane.py` that is gone."""
        here = set(self._keys)
        given = set(self._ids.values())
        gone: dict[str, set[str]] = {}
        names: dict[str, str] = {}
        for source in self._known.sources:
            kind, _, name = source.key.partition(":")
            if kind == _NAME and not source.guessed:
                if source.key not in here and source.id not in given:
                    gone.setdefault(_stem(name), set()).add(source.id)
                names.setdefault(source.id, name)
        candidates: dict[str, list[int]] = {}
        for index, one in enumerate(self._found):
            if index not in self._ids and one.source.lms is None and not one.guessed:
                candidates.setdefault(_stem(_as_key(one.raw or one.source.name)), []).append(index)
        for stem, indices in candidates.items():
            ids = gone.get(stem, set())
            if len(ids) == 1 == len(indices):
                (id,), (index,) = ids, indices
                self._ids[index] = id
                name = self._found[index].source.name
                self._told.append(
                    f"{name} was taken for the next attempt of {id}, who handed in "
                    f"{readable(names[id])} before."
                )

    def _anew(self) -> None:
        taken = {_folded(id): "" for id in self._known.ids}
        taken |= {_folded(source.id): source.key for source in self._known.sources}
        taken |= {_folded(id): self._keys[index] for index, id in self._ids.items()}
        rest = [index for index in range(len(self._found)) if index not in self._ids]
        wanted = {index: safe_id(self._found[index].wanted) for index in rest}
        plain = {_folded(id) for id in wanted.values()}
        numbers: dict[str, int] = {}
        for index in rest:
            given, number = wanted[index], numbers.get(_folded(wanted[index]), 1)
            while _folded(given) in taken or (number > 1 and _folded(given) in plain):
                number += 1
                given = f"{wanted[index]}-{number}"
            numbers[_folded(wanted[index])] = number
            taken[_folded(given)] = self._keys[index]
            self._ids[index] = given
            if number > 1:
                self._tell_of_clash(index, wanted[index])
        for index, key in enumerate(self._claimed_twice):
            if key:
                kind = key.rpartition(":")[2]
                self._told.append(
                    f"{self._found[index].source.name} is not the only one with the id {kind}: "
                    f"it is {self._ids[index]} here."
                )

    def _tell_of_clash(self, index: int, wanted: str) -> None:
        given = self._ids[index]
        self._notes[index] = f"Another submission is called {wanted} too, so this one is {given}."
        other = next(
            (n for n, id in self._ids.items() if _folded(id) == _folded(wanted) and n != index),
            None,
        )
        first = self._found[other].source.name if other is not None else "one of an earlier run"
        self._told.append(
            f"{self._found[index].source.name} and {first} are both called {wanted}: the first of "
            f"the two is {given}."
        )


def safe_id(name: str) -> str:
    """Returns a name that every file system accepts and no page or terminal trips over."""
    name = unicodedata.normalize("NFC", readable(name))
    signs = (c if c in _SAFE_SIGNS or _is_of_a_word(c) else "\0" for c in name)
    name = re.sub("\0+", "_", "".join(signs)).strip(" .")
    name = name.encode()[:_MAX_ID].decode(errors="ignore").rstrip(" .")
    if not name or _RESERVED.fullmatch(name) or unicodedata.category(name[0])[0] == "M":
        name = f"_{name}"
    return name


def _is_of_a_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in _SAFE_KINDS


def _folded(id: str) -> str:
    """Folds case and composed letters: on some systems, ids alike but for these share a file."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", id).casefold())


def _as_key(name: str) -> str:
    """Returns a name as text, the same on every machine and different for different names."""
    whole = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    key = unicodedata.normalize("NFC", whole)
    if len(key) <= _MAX_KEY:
        return key
    return f"{key[:_MAX_KEY]}#{hashlib.sha256(key.encode()).hexdigest()}"


def _stem(name: str) -> str:
    suffix = PurePosixPath(name).suffix
    return name[: -len(suffix)] if suffix.lower() in SUFFIXES else name

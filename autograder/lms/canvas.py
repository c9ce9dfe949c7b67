"""Canvas: the zip of "Download submissions".

Its names are `{name}[_LATE]_{user id}_{attachment id}_{file name}`, or `anon_{id}_{attachment id}_`
and the file name where grading is anonymous; text and link submissions have no
attachment id (Canvas's own source, `lib/submission_zip` and its upload of re-marked files).
"""

import re
import statistics
import unicodedata
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from autograder.lms.download import Belonging, Download, Entry, Listing
from autograder.results import Source

_TYPED: Final = re.compile(r"(?P<name>.+?)_(?:(?P<late>LATE)_)?(?P<user>\d+)_(?:text|link)\.html")
_ANONYMOUS: Final = re.compile(
    r"anon_(?:(?P<late>LATE)_)?(?P<user>[0-9A-Za-z]{5})_(?P<attachment>\d+)_(?P<file>.+)"
)
_ANONYMOUS_TYPED: Final = re.compile(
    r"anon_(?:(?P<late>LATE)_)?(?P<user>[0-9A-Za-z]{5})_(?:text|link)\.html"
)
_AGAIN: Final = re.compile(
    r"(?P<base>.+)-(?P<number>[1-7]|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
    re.IGNORECASE,
)
_SMALLEST_ATTACHMENT: Final = 100
# Attachment ids are large and rise while an assignment is open, so its own are near each other.
_NEAR: Final = 2
# Canvas numbers seven files of one name and gives the later ones a UUID.
_AFTER_THE_NUMBERS: Final = 8


class _Name(NamedTuple):
    """A file's name, taken apart."""

    path: str
    name: str
    user: str
    attachment: int  # 0 for a text or link.
    file: str
    late: bool


def recognise(listing: Listing) -> Download | None:
    """Returns the download, if every file that may be handed in is named as Canvas names them.

    Files that could not be graded anyway, such as a teacher's README, are ignored.
    """
    if len(listing.top_files) < len(listing.paths):
        return None
    works = [path for path in listing.top_files if listing.may_be_work(path)]
    anonymous = bool(works) and all(map(_is_anonymous, works))
    read = {path: _readings(path, anonymous) for path in listing.top_files}
    if any(not readings and listing.may_be_work(path) for path, readings in read.items()):
        return None
    everyone = [readings for readings in read.values() if readings]
    by_user, unclear = _owners([_likely(readings, everyone) for readings in everyone])
    # Attachment ids count over all courses of Canvas; a date or a list number looks like one.
    attachments = [name.attachment for names in by_user.values() for name in names]
    attachments = [attachment for attachment in attachments if attachment]
    if len(set(attachments)) < max(len(attachments), 1) or min(attachments) < _SMALLEST_ATTACHMENT:
        return None
    everybodys = [_entry(user, theirs, listing.modules) for user, theirs in by_user.items()]
    told = tuple(
        f"{name.path} can be read as the work of several people: it is graded as nobody else's."
        for name in unclear
    )
    return Download("canvas", [*everybodys, *map(_of_nobody, unclear)], told=told)


def _is_anonymous(path: str) -> bool:
    return bool(_ANONYMOUS.fullmatch(path) or _ANONYMOUS_TYPED.fullmatch(path))


def _readings(path: str, anonymous: bool) -> list[_Name]:
    """Returns all ways to read a name, since names of people, groups and files may hold numbers.

    People choose their own names and their files', so a name may be made to look like somebody
    else's: the true reading is always among those returned.

    Args:
        path: The name.
        anonymous: Whether the download is anonymous, by all of its names.
    """
    whole = unicodedata.normalize("NFC", path)
    tokens = whole.split("_")
    two_numbers = [
        _Name(
            path,
            "_".join(tokens[: at - 1] if tokens[at - 1] == "LATE" else tokens[:at]),
            tokens[at],
            int(tokens[at + 1]),
            "_".join(tokens[at + 2 :]),
            tokens[at - 1] == "LATE",
        )
        for at in range(1, len(tokens) - 2)
        if _is_id(tokens[at]) and _is_id(tokens[at + 1])
    ]
    for pattern in (_ANONYMOUS_TYPED, _ANONYMOUS) if anonymous else (_TYPED,):
        # A file may be called text.html, too: then it has both numbers.
        if (found := pattern.fullmatch(whole)) and (anonymous or not two_numbers):
            parts = found.groupdict()
            file, attachment = parts.get("file") or whole, int(parts.get("attachment") or 0)
            name = parts.get("name") or "anon"
            return [_Name(path, name, parts["user"], attachment, file, bool(parts["late"]))]
    return [] if anonymous else two_numbers


def _is_id(token: str) -> bool:
    return token.isascii() and token.isdigit() and len(token) < 20 and token[0] != "0"


def _likely(readings: list[_Name], everyone: Sequence[list[_Name]]) -> list[_Name]:
    """Returns the likely readings: attachment ids of one assignment are near each other.

    If every name is ambiguous, a group's number is told from a user's id by being shorter.

    Args:
        readings: The ways to read a name.
        everyone: The readings of all names.
    """
    if len(readings) < 2:
        return readings
    sure = [only[0].attachment for only in everyone if len(only) == 1 and only[0].attachment]
    if not sure:
        return [next((name for name in readings if len(name.user) > 2), readings[0])]
    low, high = min(sure) / _NEAR, max(sure) * _NEAR
    likely = [name for name in readings if low <= name.attachment <= high]
    if likely:
        return likely
    length = statistics.median(len(str(attachment)) for attachment in sure)
    return [min(readings, key=lambda name: abs(len(str(name.attachment)) - length))]


def _owners(everyone: Sequence[list[_Name]]) -> tuple[dict[str, list[_Name]], list[_Name]]:
    """Returns each person's files, and the files whose owner is unclear.

    A file that may belong to several people is given to nobody.
    """
    by_user: dict[str, list[_Name]] = {}
    doubtful = []
    for readings in everyone:
        if len(readings) == 1:
            by_user.setdefault(readings[0].user, []).append(readings[0])
        else:
            doubtful.append(readings)
    sure = {user: names[0].name.casefold() for user, names in by_user.items()}
    numbers = {name.attachment for names in by_user.values() for name in names}
    unclear = []
    for readings in doubtful:
        # A person has one name, and an attachment one number.
        possible = [
            name
            for name in readings
            if sure.get(name.user, name.name.casefold()) == name.name.casefold()
            and name.attachment not in numbers
        ]
        if len({name.user for name in possible}) == 1:
            by_user.setdefault(possible[0].user, []).append(possible[0])
            numbers.add(possible[0].attachment)
        else:
            unclear.append(readings[0])
    return by_user, unclear


def _of_nobody(name: _Name) -> Entry:
    """Returns a file as a submission of its own, without anybody's id."""
    note = "its name can be read as several people's, so it was graded by itself."
    source = Source(name.path, lms="canvas", order=name.attachment)
    return Entry(name.path, source, (Belonging(name.path, name.file),), (f"{name.path}: {note}",))


def _entry(user: str, names: Sequence[_Name], modules: Collection[str]) -> Entry:
    newest: dict[str, tuple[_Name, int]] = {}
    replaced = set()
    for name in sorted(names, key=lambda name: name.attachment):
        base, number = _without_number(name.file)
        if base.partition(".")[0].lower() not in modules:
            # A student's own part-1.py and part-2.py are two files.
            base, number = name.file, 0
        if base in newest:
            replaced.add(base)
        newest[base] = (name, number)
    anonymous = names[0].name == "anon"
    latest = max(names, key=lambda name: name.attachment)
    shown = f"anon_{user}" if anonymous else f"{names[0].name}_{user}"
    source = Source(
        shown if anonymous else names[0].name,
        lms="canvas",
        ids={"canvas_anonymous_id" if anonymous else "canvas_user_id": user},
        late=latest.late,
        attempt=1 + max(number for _, number in newest.values()),
        order=latest.attachment,
    )
    belongings = tuple(Belonging(name.path, base) for base, (name, _) in sorted(newest.items()))
    notes = tuple(
        f"{base} is there more than once: the newest was taken." for base in sorted(replaced)
    )
    return Entry(shown, source, belongings, notes)


def _without_number(file: str) -> tuple[str, int]:
    """Returns a file's original name, and how many of that name were handed in before it."""
    stem, dot, rest = file.partition(".")
    found = _AGAIN.fullmatch(stem)
    if found is None:
        return file, 0
    number = found["number"]
    return f"{found['base']}{dot}{rest}", int(number) if len(number) == 1 else _AFTER_THE_NUMBERS

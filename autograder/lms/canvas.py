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

from autograder.lms.download import Belonging, Download, Listing, Work
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

    What could not be graded anyway, such as a README that a teacher put there, is no matter.
    """
    if len(listing.top_files) < len(listing.paths):
        return None
    read = {path: _readings(path) for path in listing.top_files}
    if any(not readings and listing.may_be_work(path) for path, readings in read.items()):
        return None
    everyone = [readings for readings in read.values() if readings]
    sure = [len(str(only[0].attachment)) for only in everyone if len(only) == 1]
    usual = statistics.median(sure) if sure else None
    names = [_likeliest(readings, usual) for readings in everyone]
    attachments = [name.attachment for name in names if name.attachment]
    # Canvas counts attachments over all its courses; a date or a list's number looks like one.
    if len(set(attachments)) < max(len(attachments), 1) or min(attachments) < _SMALLEST_ATTACHMENT:
        return None
    by_user: dict[str, list[_Name]] = {}
    for name in names:
        by_user.setdefault(name.user, []).append(name)
    return Download(
        "canvas", [_work(user, theirs, listing.modules) for user, theirs in by_user.items()]
    )


def _readings(path: str) -> list[_Name]:
    """Returns the ways to read a name; a group's name and a file's name may hold numbers too."""
    whole = unicodedata.normalize("NFC", path)
    tokens = whole.split("_")
    two_numbers = [
        _Name(
            path,
            "_".join(part for part in tokens[:at] if part != "LATE"),
            tokens[at],
            int(tokens[at + 1]),
            "_".join(tokens[at + 2 :]),
            "LATE" in tokens[:at],
        )
        for at in range(1, len(tokens) - 2)
        if _is_id(tokens[at])
        and _is_id(tokens[at + 1])
        # Between LATE and the user's id there is nothing.
        and ("LATE" not in tokens[:at] or tokens[at - 1] == "LATE")
    ]
    for pattern in (_ANONYMOUS_TYPED, _ANONYMOUS, _TYPED):
        # A file may be called text.html, too: then it has both numbers.
        if (found := pattern.fullmatch(whole)) and not (pattern is _TYPED and two_numbers):
            parts = found.groupdict()
            file, attachment = parts.get("file") or whole, int(parts.get("attachment") or 0)
            name = parts.get("name") or "anon"
            return [_Name(path, name, parts["user"], attachment, file, bool(parts["late"]))]
    return two_numbers


def _is_id(token: str) -> bool:
    return token.isascii() and token.isdigit() and len(token) < 20 and token[0] != "0"


def _likeliest(readings: list[_Name], usual: float | None) -> _Name:
    """Returns the first reading, as Canvas does, unless a group's name begins with a number.

    That is told by attachment ids, which are about as long as those that leave no doubt, and by
    user ids, which are longer than a group's number.

    Args:
        readings: The ways to read a name.
        usual: How long those attachment ids are, where there are any.
    """
    if len(readings) > 1 and usual is not None:
        return min(readings, key=lambda name: abs(len(str(name.attachment)) - usual))
    return next((name for name in readings if len(name.user) > 2), readings[0])


def _work(user: str, names: Sequence[_Name], modules: Collection[str]) -> Work:
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
    return Work(shown, source, belongings, notes)


def _without_number(file: str) -> tuple[str, int]:
    """Returns a file's own name, and how many of that name were handed in before it."""
    stem, dot, rest = file.partition(".")
    found = _AGAIN.fullmatch(stem)
    if found is None:
        return file, 0
    number = found["number"]
    return f"{found['base']}{dot}{rest}", int(number) if len(number) == 1 else _AFTER_THE_NUMBERS

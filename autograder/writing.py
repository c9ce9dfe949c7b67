"""Writes files whole: a reader sees the old content or the new, never a part."""

import io
import os
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

_UNFINISHED: Final = ".writing-"


def _mode() -> int:
    """Returns the mode of what is written: for all to read, but for whom the umask shuts out."""
    mask = os.umask(0o077)  # It is told only by setting another.
    os.umask(mask)
    return 0o644 & ~mask


# Once, before there are threads that could make a file in between.
_MODE: Final = _mode()


def remove_unfinished(*folders: Path) -> None:
    """Removes what `write_whole` left in these folders when it was killed in the middle."""
    for folder in folders:
        for path in folder.glob(f"{_UNFINISHED}*"):
            path.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Writes a file, replacing an earlier one; a large one may come in pieces.

    Raises:
        OSError: it cannot be written there; an earlier file is as it was.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=_UNFINISHED)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
        os.chmod(name, _MODE)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def zipped(
    contents: Mapping[str, bytes], moment: datetime, executable: Collection[str] = ()
) -> bytes:
    """Returns a zip archive of these files, by their path in it, all dated that moment.

    The files named in `executable` are programs once they are unpacked.
    """
    # The format begins with 1980, and some computers' clocks before it.
    stamp = max(moment.timetuple()[:6], (1980, 1, 1, 0, 0, 0))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, or else the mode of a file means nothing.
            entry.external_attr = (0o755 if name in executable else 0o644) << 16
            archive.writestr(entry, data)
    return made.getvalue()

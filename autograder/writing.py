"""Writes files whole: a reader sees the old content or the new, never a part."""

import contextlib
import errno
import io
import os
import stat
import tempfile
import zipfile
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

_UNFINISHED: Final = ".writing-"


class Access(NamedTuple):
    """Who may read what is written, as the modes of files and folders."""

    file: int
    folder: int


def _everybody() -> Access:
    mask = os.umask(0o077)  # It can be read only by setting another.
    os.umask(mask)
    return Access(0o644 & ~mask, 0o755 & ~mask)


# Grades and solutions are for graders only, whatever the umask says.
OWNER: Final = Access(0o600, 0o700)
GROUP: Final = Access(0o640, 0o750)
# Modes less the umask, which is read once, before threads could make a file in between.
EVERYBODY: Final = _everybody()


def remove_unfinished(*folders: Path) -> None:
    """Removes what `write_whole` left in these folders when it was killed in the middle."""
    for folder in folders:
        for path in folder.glob(f"{_UNFINISHED}*"):
            path.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes | Iterable[bytes], access: Access = OWNER) -> None:
    """Writes a file, replacing an earlier one or a link; a large one may come in pieces.

    Raises:
        OSError: it cannot be written there; an earlier file is as it was.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=_UNFINISHED)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
        os.chmod(name, access.file)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def make_folder(path: Path, access: Access = OWNER, *, below: Path | None = None) -> None:
    """Makes a folder where it is missing; the umask decides the modes of those above it.

    Args:
        path: The folder.
        access: Who may read it.
        below: The folder that the user named. If `path` is in it, no link below it is followed, and
            folders above `path` are made for the same readers.

    Raises:
        OSError: it cannot be made, or there is a link in the way.
    """
    if below is not None:
        refuse_links(path, below)
    if path.is_dir():
        return
    if below is not None and below in path.parents:
        make_folder(path.parent, access, below=below)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=access.folder, exist_ok=True)
    set_access(path, access)


def refuse_links(path: Path, below: Path) -> None:
    """Raises OSError where a path leads through a link on its way from the folder `below` it."""
    path, below = Path(os.path.abspath(path)), Path(os.path.abspath(below))
    place = below
    for part in path.relative_to(below).parts if path.is_relative_to(below) else ():
        place /= part
        if place.is_symlink():
            raise OSError(
                errno.ELOOP,
                "it is a link, and nothing is written through one: remove it",
                str(place),
            )


def set_access(path: Path, access: Access) -> bool:
    """Sets who may read a file or folder; a link is left as it is.

    Returns False where others can still read it, because its mode cannot be changed.
    """
    try:
        info = path.lstat()
    except FileNotFoundError:
        return True
    if stat.S_ISDIR(info.st_mode):
        # Files in a set-group-ID folder belong to its group, which may be meant to read them.
        mode = access.folder | (info.st_mode & stat.S_ISGID)
    elif stat.S_ISREG(info.st_mode):
        # The file may have another hard link, in a place where others must not read it.
        mode = access.file if info.st_nlink == 1 else info.st_mode & access.file
    else:
        return True
    if stat.S_IMODE(info.st_mode) != mode:
        with contextlib.suppress(PermissionError):
            path.chmod(mode)
    return os.name != "posix" or not stat.S_IMODE(path.lstat().st_mode) & ~mode & 0o077


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

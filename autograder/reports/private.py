"""Access to the output folder: who may read it, and which command is writing there."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from autograder.gradebook import GradebookError
from autograder.writing import Access, set_access

FOLDERS: Final = ("results", "feedback")
EXPORTS: Final = "export"
_PAGES: Final = ("report.html", "grades.csv")
GRADEBOOK: Final = "gradebook.sqlite"
_GRADEBOOKS: Final = "gradebook."
_LOCK: Final = ".autograder.lock"


class InUseError(GradebookError):
    """Another command is writing in the folder."""


def restrict(folder: Path, access: Access) -> list[Path]:
    """Sets who may read a folder and the files that an earlier run wrote into it.

    The folder's own mode is set only if it holds nothing else: it may be the current folder, or one
    that others need. Without a gradebook nothing in it is known to be ours.

    Returns the paths that more people can still read.
    """
    ours: list[Path] = []
    others: list[Path] = []
    written = (folder / GRADEBOOK).exists()
    for path in folder.iterdir():
        known = written and (
            path.name in (*FOLDERS, EXPORTS, *_PAGES) or path.name.startswith(_GRADEBOOKS)
        )
        (ours if known else others).append(path)
    if all(path.name.startswith(".") for path in others):
        ours.append(folder)
    open_to_more = []
    for path in ours:
        if not set_access(path, access):
            open_to_more.append(path)
        if path != folder and path.is_dir() and not path.is_symlink():
            for place, folders, files in os.walk(path):
                inside = (Path(place, name) for name in (*folders, *files))
                open_to_more += [one for one in inside if not set_access(one, access)]
    return open_to_more


@contextlib.contextmanager
def reserved(folder: Path) -> Iterator[None]:
    """Locks a folder against other commands; the system releases the lock with the process.

    The lock is a file that no other user can open, so none can take it.

    Raises:
        InUseError: another command of the same user is writing there.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    path = folder / _LOCK
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    while True:
        _remove_another_users(path)
        descriptor = os.open(path, flags, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InUseError(
                    f"{folder} is in use: another `autograder` is writing there. Wait until it is "
                    "done."
                ) from None
            # Its last holder may have removed it after it was opened here, and others made another.
            if not _is_at(descriptor, path):
                continue
            os.fchmod(descriptor, 0o600)
            try:
                yield
            finally:
                path.unlink(missing_ok=True)
            return
        finally:
            os.close(descriptor)


def _remove_another_users(path: Path) -> None:
    """Removes a lock file made by a user other than this one and the folder's owner."""
    with contextlib.suppress(FileNotFoundError):
        if path.lstat().st_uid not in (os.geteuid(), path.parent.stat().st_uid):
            path.unlink()


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False

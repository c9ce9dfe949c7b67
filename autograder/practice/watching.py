"""Notices when a folder's files are saved: by notifications or, failing that, by polling."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from watchfiles import watch

from autograder.submissions.files import SOURCE_SUFFIXES, is_noise

# Editors save in several steps; what follows within these milliseconds belongs together.
_TOGETHER_MS: Final = 10
_POLLING_MS: Final = 100
# How often to look whether something changed without a notification.
_LOOK_AGAIN_MS: Final = 1000

# Inode, size and modification time of each file, by its name.
Snapshot = dict[str, tuple[int, int, int]]


class FolderWatcher:
    """Calls back from a thread after each change of a folder's sources. A context manager.

    The callback receives the folder's new state.
    """

    def __init__(self, folder: Path, changed: Callable[[Snapshot], object]) -> None:
        self.polling = False  # Whether notifications turned out not to work here.
        self._folder = folder
        self._changed = changed
        self._seen = snapshot(folder)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(timeout=2)

    def _run(self) -> None:
        try:
            for notified in self._looks():
                self._look(notified)
                if self.polling:
                    break
        except Exception:  # The system has no watches left, or the folder is gone.
            self.polling = True
        if not self._stop.is_set():
            self._changed({})  # So that the switch to polling is shown too.
        while not self._stop.wait(_POLLING_MS / 1000):
            self._look(notified=True)

    def _looks(self) -> Iterator[bool]:
        """Yields at each notification, and now and then without one."""
        looks: Any = watch(
            self._folder,
            watch_filter=None,
            debounce=10 * _TOGETHER_MS,
            step=_TOGETHER_MS,
            stop_event=self._stop,
            rust_timeout=_LOOK_AGAIN_MS,
            yield_on_timeout=True,
            recursive=False,
        )
        for changes in looks:
            yield bool(changes)

    def _look(self, notified: bool) -> None:
        now = snapshot(self._folder)
        if now == self._seen:
            return
        self._seen = now
        # Network drives and shared folders of virtual machines may not notify.
        self.polling = self.polling or not notified
        self._changed(now)


def snapshot(folder: Path) -> Snapshot:
    """Returns the state of a folder's sources, to compare; empty if the folder is gone."""
    found: Snapshot = {}
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.lower().endswith(SOURCE_SUFFIXES) and not is_noise(entry.name):
                with contextlib.suppress(OSError):  # Gone again, or a dangling link.
                    status = entry.stat()
                    found[entry.name] = (status.st_ino, status.st_size, status.st_mtime_ns)
    return found


def emptied(before: Snapshot, now: Snapshot) -> bool:
    """Whether a file that had content is empty now."""
    return any(
        size == 0 and before.get(name, (0, 0, 0))[1] > 0 for name, (_, size, _) in now.items()
    )

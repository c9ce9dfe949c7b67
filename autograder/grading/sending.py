"""Sends a course to the workers of a Dask cluster, which may lie on other machines."""

from pathlib import Path

from distributed import Worker, WorkerPlugin

from autograder.grading.work import receive_course


class SentCourse(WorkerPlugin):
    """Puts a course where a worker finds it, whenever a worker joins."""

    def __init__(self, folder: Path, archive: bytes, digest: str) -> None:
        self.name = f"autograder-course-{digest}"
        self._course = folder, digest, archive

    def setup(self, worker: Worker) -> None:
        """Called by Dask in the worker's process."""
        receive_course(*self._course)

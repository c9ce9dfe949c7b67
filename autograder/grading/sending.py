"""Sends a course to the workers of a Dask cluster, which may run on other machines."""

from pathlib import Path

from distributed import Worker, WorkerPlugin

from autograder.grading.work import receive_course


class SentCourse(WorkerPlugin):
    """Gives the course to every worker, including those that join later."""

    def __init__(self, folder: Path, archive: bytes, digest: str) -> None:
        self.name = f"autograder-course-{digest}"
        self._course = folder, digest, archive

    def setup(self, worker: Worker) -> None:
        """Unpacks the course; Dask calls this in the worker's process."""
        receive_course(*self._course)

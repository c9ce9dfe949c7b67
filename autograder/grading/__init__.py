"""Grades many submissions: keeps earlier results that still hold, and grades the rest."""

from autograder.grading.engines import Engine, EngineError, dask_cluster, processes, this_process
from autograder.grading.readers import read_alone
from autograder.grading.run import examine_all, grade_all
from autograder.grading.work import Graded, Settings, Task, grade_one

__all__ = [
    "Engine",
    "EngineError",
    "Graded",
    "Settings",
    "Task",
    "dask_cluster",
    "examine_all",
    "grade_all",
    "grade_one",
    "processes",
    "read_alone",
    "this_process",
]

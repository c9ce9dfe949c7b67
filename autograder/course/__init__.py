"""The course: a folder with `exercises/`, `solutions/` and `graders/`, and `site/` with lessons."""

from autograder.course.data import (
    BUNDLED,
    COURSE_VARIABLE,
    PUBLIC_SHARE,
    Course,
    CourseError,
    Exercise,
    Hints,
    Lesson,
    did_you_mean,
    load_course,
)

__all__ = [
    "BUNDLED",
    "COURSE_VARIABLE",
    "PUBLIC_SHARE",
    "Course",
    "CourseError",
    "Exercise",
    "Hints",
    "Lesson",
    "did_you_mean",
    "load_course",
]

"""Where the project lies."""

from pathlib import Path

from autograder.course import load_course

ROOT = Path(__file__).resolve().parent.parent
COURSE_FILE = ROOT / "exercises" / "course.toml"

# Of the course as it is: how many exercises, and what they and their public checks are worth.
_COURSE = load_course()
COUNT = len(_COURSE.exercises)
POINTS = _COURSE.max_score
PUBLIC_POINTS = _COURSE.public_points
# What each lesson's exercises are worth.
LESSON_POINTS = {one.id: sum(e.points for e in one.exercises) for one in _COURSE.lessons}
DONE = f"of {COUNT} exercises done"

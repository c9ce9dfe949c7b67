"""For authors of courses: a course to begin with, and the places of one more exercise."""

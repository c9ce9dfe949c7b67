"""For authors of courses: a course to begin with, and the files for one more exercise."""

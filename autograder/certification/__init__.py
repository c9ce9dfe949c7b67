"""The graders graded: what they catch, what they accept, and whether the course is whole."""

"""Certifies the graders: what they catch, what they accept, whether the course is complete."""

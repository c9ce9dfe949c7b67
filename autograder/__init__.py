"""Grades a course of exercises in NumPy without trusting what is handed in."""

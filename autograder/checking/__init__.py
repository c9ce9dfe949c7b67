"""Runs checks: on a class, for the examiner, and on a student's own work, for practice."""

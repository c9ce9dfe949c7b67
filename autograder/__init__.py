"""Grades a course of deep learning exercises without trusting what is handed in."""

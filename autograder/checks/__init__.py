"""Public checks: pytest files, one a lesson, that students get and can read."""

"""A walk through a student's loop in a real terminal, and the screens that it shows."""

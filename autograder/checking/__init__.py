"""Running checks: on a class, by the examiner, and on one's own work, in practice."""

"""A student's own loop: check, watch, hint, hand in. Nothing here needs anything private."""

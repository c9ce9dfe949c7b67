"""What can be wrong with the checks themselves."""


class BrokenGraderError(Exception):
    """The graders themselves cannot be used; the message names the check."""

"""Which exercises of this lesson are built on others."""

from autograder.compare import STANDARD, Tolerance

COMPOSITES: dict[str, Tolerance] = {"gradient_descent": STANDARD}

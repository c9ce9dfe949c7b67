"""Which exercises of this lesson are built on others."""

from autograder.compare import RELATIVE_ONLY, Tolerance

# An early layer's gradient is tiny, and has to be right all the same.
COMPOSITES: dict[str, Tolerance] = {"layer_gradients": RELATIVE_ONLY}

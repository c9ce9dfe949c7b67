"""The seed of the hidden inputs: whoever has it has every number that the hidden checks use.

So it is drawn, never computed from what students get, and kept where only graders read.
"""

import secrets


def draw_seed() -> int:
    """Returns a seed that nobody can guess: 64 bits of the system's randomness."""
    return secrets.randbits(64)

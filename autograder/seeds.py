"""The seed of the hidden inputs: whoever has it has every number that the hidden checks use.

So it is drawn, never computed from what students get, and kept where only graders read.
"""

import secrets


def draw_seed() -> int:
    """Returns a seed that nobody can guess, nor find by trying what fits a page's verdicts.

    128 bits of the system's randomness: all verdicts of a hand-in together say more than 64.
    """
    return secrets.randbits(128)

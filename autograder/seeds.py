"""The seed of the hidden inputs, from which every number in the hidden checks follows.

So it is drawn, never computed from what students get, and kept where only graders read.
"""

import secrets


def draw_seed() -> int:
    """Returns a seed that nobody can guess, or find by trying seeds against a page's verdicts.

    It has 128 random bits from the system: all verdicts of a hand-in together say more than 64.
    """
    return secrets.randbits(128)

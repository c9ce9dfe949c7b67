"""How many examples a law is tried on: a random share each time, all of them by `make prove`.

`make quick` tries few.
"""

import os

from tests.seeds import PROVE


def examples(usual: int, proof: int) -> int:
    """Returns the number of examples, the larger one where the environment says PROVE=1."""
    return proof if PROVE else max(usual // 8, 1) if "QUICK" in os.environ else usual

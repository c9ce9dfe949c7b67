"""The seed of the hidden inputs in one run of the tests: another one each time.

Whatever depends on it has to hold for all. `SEED=123 pytest ...` repeats a run that failed.
"""

import os
from typing import Final

from autograder.seeds import draw_seed

# In the environment, so that the processes that share a run of the tests share it.
SEED: Final = int(os.environ.setdefault("SEED", str(draw_seed())))
# Whether laws are held at full size: `make prove`.
PROVE: Final = bool(os.environ.get("PROVE"))

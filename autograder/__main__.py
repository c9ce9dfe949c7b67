"""`python -m autograder` is the `autograder` command."""

import os
import sys

# Python puts the current folder first, where a student's `random.py` would stand in for Python's.
if sys.path and sys.path[0] in ("", os.getcwd()):
    del sys.path[0]

from autograder.cli import main

if __name__ == "__main__":
    main()

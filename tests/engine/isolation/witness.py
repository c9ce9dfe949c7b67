"""Stands for the examiner: a process with a secret in its environment, memory and an open file.

`python witness.py USER` (empty for whoever starts it) tells where, and ends with its input.
"""

import ctypes
import json
import os
import sys
import tempfile

from tests.engine.isolation.arranged_server import become

if sys.argv[1]:
    become(int(sys.argv[1]))
# Not the environment's own copy.
secret = ctypes.create_string_buffer(os.environb[b"SECRET"] + b"-in-memory")
with tempfile.TemporaryFile() as file:
    file.write(os.environb[b"SECRET"] + b"-in-a-file")
    file.flush()
    print(json.dumps([os.getpid(), ctypes.addressof(secret), file.fileno()]), flush=True)
    sys.stdin.read()

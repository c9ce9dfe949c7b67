"""Runs a command as on a kernel that lacks what confinement is made of.

`python without.py landlock,seccomp -- COMMAND ...` answers these calls as such a kernel does, to
the command and to everything that it starts. This is a filter of system calls, as containers have:
nothing in the command knows of it.
"""

import errno
import os
import sys
from collections.abc import Iterable
from typing import Final

import pyseccomp as seccomp

_LANDLOCK_NUMBERS: Final = (444, 445, 446)  # On every machine; old versions know no names.
# What is missing, and what the kernel answers: not built in, switched off at boot, or forbidden by
# a container's older profile.
LANDLOCK_ANSWERS: Final = {
    "landlock": errno.ENOSYS,
    "landlock-at-boot": errno.EOPNOTSUPP,
    "landlock-by-profile": errno.EPERM,
}
_PR_SET_SECCOMP: Final = 22


def leave_out(missing: Iterable[str]) -> None:
    """Makes this process, and what it starts, one of a kernel without these."""
    rules = seccomp.SyscallFilter(seccomp.ALLOW)
    for name in missing:
        if name in LANDLOCK_ANSWERS:
            for number in _LANDLOCK_NUMBERS:
                rules.add_rule(seccomp.ERRNO(LANDLOCK_ANSWERS[name]), number)
        elif name == "namespaces":
            rules.add_rule(seccomp.ERRNO(errno.EPERM), "unshare")
        elif name == "seccomp":
            rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "seccomp")
            mode = seccomp.Arg(0, seccomp.EQ, _PR_SET_SECCOMP)
            rules.add_rule(seccomp.ERRNO(errno.EINVAL), "prctl", mode)
        else:
            raise ValueError(f"nothing is called {name!r} here")
    rules.load()


if __name__ == "__main__":
    leave_out(sys.argv[1].split(","))
    os.execvp(sys.argv[3], sys.argv[3:])

"""Attempts, from a student's process, what confinement should stop, and reports the outcome."""

from typing import Final, NamedTuple

from autograder.sandbox import wire
from autograder.sandbox.confinement import Layer
from autograder.sandbox.forked import ConfinedProcess, ProcessServer
from autograder.sandbox.process import Limits, ProcessEnded

_SOURCE: Final = """
import os, socket, subprocess, sys, tempfile

def read_password_file():
    return open("/etc/passwd").readline()

def list_home():
    return os.listdir(os.path.expanduser("~root"))

def read_other_process():
    return open(f"/proc/{os.getppid()}/environ", "rb").read(1).decode()

def write_file():
    with open("/tmp/.written-by-a-student", "w") as file:
        return file.write("x")

def open_socket():
    return str(socket.socket())

def start_process():
    return os.fork()

def run_program():
    return subprocess.run([sys.executable, "-c", ""]).returncode

def kill_parent():
    return os.kill(os.getppid(), 0)

def take_memory():
    return len(bytearray(4 << 30))
"""
_ATTEMPTS: Final = {
    "read_password_file": "read /etc/passwd",
    "list_home": "list a home folder",
    "read_other_process": "read another process's environment",
    "write_file": "write a file",
    "open_socket": "open a socket",
    "start_process": "start a process",
    "run_program": "run a program",
    "kill_parent": "signal the parent process",
    "take_memory": "take 4 GiB of memory",
}


class Attempt(NamedTuple):
    """One attempt: what was tried, whether it was stopped, and its error or "succeeded"."""

    what: str
    stopped: bool
    told: str


def attempt_all() -> tuple[list[Layer], list[Attempt]]:
    """Returns the layers in force and how every attempt went.

    Raises:
        SandboxError: no process can be started.
    """
    with ProcessServer() as server:
        process = server.start(Limits())
        process.send(["sources", {"attempts": [["attempts.py", _SOURCE.encode(), "file"]]}], 5)
        process.send(["load", "attempts"], 5)
        process.receive(5)
        attempts = [_attempt(process, name, what) for name, what in _ATTEMPTS.items()]
        process.end()
        return process.layers, attempts


def _attempt(process: ConfinedProcess, function: str, what: str) -> Attempt:
    try:
        process.send(["call", [["attempts", function, wire.encode(())]]], 5)
        tag, content, *_ = process.receive(10)
    except ProcessEnded as ended:
        return Attempt(what, True, ended.reason)
    if tag == "returned":
        return Attempt(what, False, "succeeded")
    type_name, _, message, *_ = content
    return Attempt(
        what, True, " ".join(f"{type_name}: {message}".split()) if message else type_name
    )

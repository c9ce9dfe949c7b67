"""A submission, read and ready to be examined. Its text is hostile and never run by this process."""

import msgspec

from autograder.results import Source


class Chunk(msgspec.Struct, frozen=True):
    """Code that is run as one piece: a file, or a cell of a notebook. `label` names it to people."""

    label: str
    text: str


class Submission(msgspec.Struct, frozen=True):
    """What one student (or group) handed in.

    `modules` maps the name of a Python module, one of the course's or a helper's, to its code;
    `files` maps the course's modules to the file that was taken for each.
    """

    id: str
    source: Source
    modules: dict[str, tuple[Chunk, ...]] = {}
    files: dict[str, str] = {}
    problems: tuple[str, ...] = ()
    unreadable: bool = False

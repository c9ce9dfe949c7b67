"""A course that is broken is one sentence, with the file and the name: no hang, no traceback.

Every way to break it with every command: PROVE=1. As a rule a share of them, another one each time.
"""

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from tests.checkout import Checkout
from tests.engine.grading.classes import make_class
from tests.leftovers import left_running
from tests.seeds import PROVE, SEED

COURSE: Final = "exercises/course.toml"
CHECKS, GRADERS = "exercises/checks/activations.py", "graders/activations/checks.py"
MISTAKES, SOLUTIONS = "graders/activations/mistakes.py", "solutions/activations.py"
VARIANTS: Final = "graders/activations/variants.py"
PROOFS: Final = "graders/activations/proofs.py"
PARTS: Final = "graders/backpropagation/parts.py"

COMMANDS: Final = {
    "grade, one job": "grade {students} --out out --jobs 1",
    "grade, two jobs": "grade {students} --out out --jobs 2",
    "check": "check",
    "verify": "verify --jobs 1",
    "package student": "package student --out packages",
    "package gradescope": "package gradescope --out packages",
    "package otter": "package otter --out packages",
}
ALL: Final = frozenset(COMMANDS)
# What students have is as it was: `check` needs nothing else.
TEACHERS: Final = ALL - {"check"}
NOBODY_ELSE: Final = frozenset({"verify"})


class Broken(NamedTuple):
    """A way to break a course, what is said of it, and which commands say it."""

    how: Callable[[Checkout], None]
    told: str
    by: frozenset[str] = ALL


def change(path: str, old: str, new: str) -> Callable[[Checkout], None]:
    return lambda checkout: checkout.change(path, old, new)


def remove(path: str) -> Callable[[Checkout], None]:
    return lambda checkout: (checkout.folder / path).unlink()


def add(path: str, text: str) -> Callable[[Checkout], None]:
    def how(checkout: Checkout) -> None:
        with open(checkout.folder / path, "a") as file:
            file.write(text)

    return how


def write(path: str, content: bytes) -> Callable[[Checkout], None]:
    def how(checkout: Checkout) -> None:
        (checkout.folder / path).write_bytes(content)

    return how


def without_table(of: str) -> Callable[[Checkout], None]:
    """Takes a module or an exercise out of course.toml."""

    def how(checkout: Checkout) -> None:
        path = checkout.folder / COURSE
        tables = re.split(r"(?m)^(?=\[\[modules)", path.read_text())
        begin = next(n for n, table in enumerate(tables) if f'\nid = "{of}"\n' in table[:80])
        end = begin + 1
        if tables[begin].startswith("[[modules]]"):
            while end < len(tables) and not tables[end].startswith("[[modules]]"):
                end += 1
        path.write_text("".join([*tables[:begin], *tables[end:]]))

    return how


def never_ending(checkout: Checkout) -> None:
    checkout.change(SOLUTIONS, "np.maximum(0.0, z)", "[z for _ in iter(int, 1)]")
    checkout.change("autograder/examiner/examiner.py", "OF_PROOF: Final = 120.0", "OF_PROOF = 3.0")


EXERCISE: Final = """
[[modules.exercises]]
id = "something"
title = "Something else"
points = 1
difficulty = "easy"
minutes = 1
lesson = "activation-functions/#relu"
[modules.exercises.hints]
symptom = "Something is other than it should be."
idea = "There is an idea behind it, and it is this."
nearly = "Do this, then that, and then you are done."
"""
TWICE: Final = '\n\n@mistake("relu.again")\ndef _(z):\n    """It."""\n    return z\n'
BROKEN = {
    "a misspelt parameter of a public check": Broken(
        change(CHECKS, "(softmax: Any", "(sofmax: Any"),
        f"{CHECKS}: test_softmax_of_three_logits takes sofmax, .*; did you mean softmax[?]",
    ),
    "a misspelt parameter of a hidden check": Broken(
        change(GRADERS, "(softmax: StudentFunction", "(sofmax: StudentFunction"),
        f"{GRADERS}: test_softmax_of_a_vector takes sofmax, .*; did you mean softmax[?]",
        TEACHERS,
    ),
    "a misspelt fixture": Broken(
        change(GRADERS, "sums: Inputs[list[Array]])", "sum: Inputs[list[Array]])"),
        f"{GRADERS}: test_sigmoid_values takes sum, which is no exercise of activations",
        TEACHERS,
    ),
    "a check of an exercise of another lesson": Broken(
        change(GRADERS, "(softmax: StudentFunction", "(predict: StudentFunction"),
        f"{GRADERS}: test_softmax_of_a_vector takes predict, which is no exercise of activations",
        TEACHERS,
    ),
    "a check of nothing": Broken(
        add(CHECKS, "\n\ndef test_nothing() -> None:\n    pass\n"),
        f"{CHECKS}: test_nothing takes no exercise[.]",
    ),
    "two checks of one name": Broken(
        change(CHECKS, "def test_softmax_row_by_row", "def test_softmax_of_three_logits"),
        f"{CHECKS} defines test_softmax_of_three_logits twice",
    ),
    "no checks": Broken(write(CHECKS, b""), f"{CHECKS} has no check of activations.sigmoid[.]"),
    "an exercise without checks": Broken(
        add(COURSE, EXERCISE), f"{CHECKS} has no check of activations.something[.]"
    ),
    "an exercise that was taken out": Broken(
        without_table("leaky_relu"),
        f"{CHECKS}: test_leaky_relu_of_an_array takes leaky_relu, which is no exercise of "
        f"activations in {COURSE}",
    ),
    "a misspelt exercise": Broken(
        change(COURSE, 'id = "softmax"', 'id = "sofmax"'),
        f"{CHECKS}: test_softmax_of_three_logits takes softmax, .*; did you mean sofmax[?]",
    ),
    "a module that was taken out": Broken(
        without_table("vanishing_gradient"),
        f"exercises/checks/vanishing_gradient.py belongs to no module of {COURSE}: ",
    ),
    "a misspelt module": Broken(
        change(COURSE, 'id = "activations"', 'id = "activation"'),
        f"{CHECKS} belongs to no module of {COURSE}; did you mean activation[?]",
    ),
    "an exercise that is there twice": Broken(
        change(COURSE, 'id = "tanh"', 'id = "sigmoid"'),
        f"{COURSE}: activations.sigmoid is there twice",
    ),
    "a module that is there twice": Broken(
        change(COURSE, 'id = "activations"', 'id = "backpropagation"'),
        f"{COURSE}: backpropagation is there twice",
    ),
    "a moment without seconds, as options have it": Broken(
        change(COURSE, "grace_minutes = 0", "due = 2026-11-20T23:59+01:00"),
        f"{COURSE}, line [0-9]+: a moment needs its seconds, as in 2026-11-20T23:59:00[+]01:00[.]",
    ),
    "an unknown policy": Broken(
        change(COURSE, "grace_minutes = 0", "grace_minuts = 0"),
        rf"{COURSE}: \[policies\]: there is no field grace_minuts; did you mean grace_minutes[?]",
    ),
    "an unknown field of an exercise": Broken(
        change(COURSE, "minutes = 3", "minuts = 3"),
        f"{COURSE}: gradient_descent.predict: there is no field minuts; did you mean minutes[?]",
    ),
    "an unknown hint": Broken(
        change(COURSE, "symptom = ", "symtom = "),
        f"{COURSE}: gradient_descent.predict: there is no field symtom; did you mean symptom[?]",
    ),
    "a number that is text": Broken(
        change(COURSE, "points = 1\n", 'points = "1"\n'),
        f"{COURSE}: gradient_descent.predict: points: expected `float`, got `str`[.]",
    ),
    "no TOML": Broken(change(COURSE, "version = 1", "version ="), f"{COURSE}, line [0-9]+: "),
    "no UTF-8": Broken(write(COURSE, b"title = '\xff'"), f"{COURSE}: it is not UTF-8"),
    "no course": Broken(remove(COURSE), f"{COURSE}: No such file"),
    "a solution that is wrong": Broken(
        change(SOLUTIONS, "np.maximum(0.0, z)", "np.maximum(1.0, z)"),
        f"{CHECKS}: the reference solution of activations.relu fails test_relu_of_an_array: ",
        TEACHERS,
    ),
    "a solution with another signature": Broken(
        change(SOLUTIONS, "def relu(", "def relu(more, "),
        f"{CHECKS}: the reference solution of activations.relu fails .*: TypeError: relu[(][)] ",
        TEACHERS,
    ),
    "a hidden check that fails the solution": Broken(
        change(
            GRADERS,
            "    right_values(sigmoid,",
            '    assert False, "one\\nline"\n    right_values(',
        ),
        f"{GRADERS}: the reference solution of activations.sigmoid fails test_sigmoid_values, "
        "with hidden inputs from the seed [0-9]+: AssertionError: one line[.]",
        TEACHERS,
    ),
    "a solution that never ends": Broken(
        never_ending,
        f"{CHECKS}: test_relu_of_an_array, on the reference solutions, has not come to an end",
        TEACHERS,
    ),
    "a function that is missing": Broken(
        change(SOLUTIONS, "def softmax(", "def softmx("),
        f"{SOLUTIONS} has no function softmax, .*; did you mean softmx[?]",
        TEACHERS,
    ),
    "two mistakes of one id": Broken(
        add(MISTAKES, TWICE + TWICE),
        f"{MISTAKES}: there are two mistakes relu.again: give one of them another id[.]",
        TEACHERS,
    ),
    "a mistake of no exercise": Broken(
        add(MISTAKES, TWICE.replace("relu", "rely")),
        f"{MISTAKES}: the mistake rely.again is of no exercise .*; did you mean relu[?]",
        TEACHERS,
    ),
    "a file that several graders share": Broken(
        add("graders/inputs.py", "\nnobody\n"),
        "graders/inputs.py, line [0-9]+: NameError: name 'nobody' is not defined[.]",
        TEACHERS,
    ),
    "right variants of no exercise": Broken(
        change(VARIANTS, '    "relu": {', '    "rely": {'),
        f"{VARIANTS}: rely is no exercise of activations in {COURSE}; did you mean relu[?]",
        NOBODY_ELSE,
    ),
    "a composite of no exercise": Broken(
        change(PARTS, '"train"', '"trian"'),
        f"{PARTS}: trian is no exercise of backpropagation in {COURSE}; did you mean train[?]",
        TEACHERS,
    ),
    "a composite that calls nothing": Broken(
        change(PARTS, '"train"', '"error"'),
        f"{PARTS}: error is among COMPOSITES, but its reference solution calls no other exercise",
        TEACHERS,
    ),
    "what was judged, unreadable": Broken(
        write("graders/judged.toml", b"equivalent ="),
        "graders/judged.toml: ",
        NOBODY_ELSE,
    ),
}
BROKEN |= {
    "a proof of no exercise": Broken(
        change(PROOFS, '@proof("relu"', '@proof("rely"'),
        f"{PROOFS}: rely is no exercise of activations in {COURSE}; did you mean relu[?]",
        NOBODY_ELSE,
    ),
    "proofs that cannot be loaded": Broken(
        add(PROOFS, "\n\nimport nobody\n"),
        f"{PROOFS}, line [0-9]+: ModuleNotFoundError: No module named 'nobody'[.]",
        NOBODY_ELSE,
    ),
}
for what, path, by in (
    ("public checks", CHECKS, ALL),
    ("hidden checks", GRADERS, TEACHERS),
    ("mistakes", MISTAKES, TEACHERS),
    ("solutions", SOLUTIONS, TEACHERS),
):
    BROKEN |= {
        f"{what} that are missing": Broken(remove(path), f"{path} is missing", by),
        f"{what} that are no Python": Broken(
            add(path, "\n\ndef (:\n"), f"{path}, line [0-9]+: invalid syntax[.]", by
        ),
        f"{what} that cannot be loaded": Broken(
            add(path, "\n\nimport nobody\n"),
            f"{path}, line [0-9]+: ModuleNotFoundError: No module named 'nobody'[.]",
            by,
        ),
        f"{what} with a null byte": Broken(add(path, "\0"), f"{path}.*: .*null bytes", by),
    }

PAIRS: Final = [(what, command) for what, broken in BROKEN.items() for command in COMMANDS
                if command in broken.by or command == "check"]  # fmt: skip
# The same ones in each process of this run of the tests.
CHOSEN: Final = PAIRS if PROVE else random.Random(SEED).sample(PAIRS, 6)


@pytest.fixture(scope="module")
def students(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_class(tmp_path_factory.mktemp("broken") / "class", 20)  # More than are in hand.


@pytest.mark.parametrize(("what", "command"), CHOSEN)
def test_a_broken_course_is_told_in_a_sentence_and_leaves_nothing_running(
    students: Path, tmp_path: Path, what: str, command: str
) -> None:
    how, told, by = BROKEN[what]
    checkout = Checkout(tmp_path / "copy")
    how(checkout)
    words = COMMANDS[command].format(students=students).split()
    if command in by:
        done = checkout.autograder(*words, code=2)
        assert re.fullmatch(rf"autograder: (/.*/)?{told}.*\n", done.stderr), done.stderr
        assert done.stdout == ""
    else:  # Nothing of a student's is done yet.
        assert checkout.autograder(*words, code=1).stderr == ""
    ours = str(checkout.folder)
    assert left_running(lambda process: process.environ().get("PYTHONPATH") == ours) == []


def test_whatever_breaks_a_course_the_whole_one_is_fine(tmp_path: Path) -> None:
    """A control: what is told above comes from what was broken."""
    checkout = Checkout(tmp_path / "copy")
    done = checkout.run(
        "-c",
        "from autograder.course import load_course; "
        "from autograder.examiner.proving import prove_course; "
        "print(len(prove_course(load_course(), 1)))",
    )
    assert int(done.stdout) > 100

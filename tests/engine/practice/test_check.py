"""`autograder check` tells what is done, wrong and not started, and what to do next."""

import io
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console

from autograder.course import Course, load_course
from autograder.practice.page import Page, show_verdict
from autograder.practice.run import Bench, practise
from autograder.practice.workspace import find_work
from autograder.sandbox.process import Limits
from autograder.sandbox.spawned import SpawnedProcesses
from examples.loop.terminal import Terminal
from examples.loop.walk import write_body
from tests.engine.practice.students import busy_student
from tests.leftovers import left_running
from tests.places import COUNT, DONE, POINTS, PUBLIC_POINTS

Run = Callable[..., subprocess.CompletedProcess[str]]
ESCAPE = "\x1b"
_LESSONS = {lesson.id: len(lesson.exercises) for lesson in load_course().lessons}
IN_ACTIVATIONS = _LESSONS["activations"]
IN_VANISHING_GRADIENT = _LESSONS["vanishing_gradient"]


def status_of(output: str, function: str) -> str:
    """The status in the line of a function."""
    (status,) = re.findall(rf"^\S (done|wrong|not started) +{function}\b", output, re.MULTILINE)
    return str(status)


def test_fresh_stubs_are_not_started(run: Run, course: Course) -> None:
    done = run("check")
    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout.count("not started") == len(course.exercises)
    assert f"0 {DONE}, 0 of {PUBLIC_POINTS:g} public points" in done.stdout
    assert "Next: write gradient_descent.predict in gradient_descent.py" in done.stdout


@pytest.mark.usefixtures("solved")
def test_when_all_is_right_it_says_how_to_hand_in(run: Run) -> None:
    done = run("check")
    assert done.returncode == 0
    assert "✗ wrong" not in done.stdout
    assert f"{COUNT} {DONE}, {PUBLIC_POINTS:g} of {PUBLIC_POINTS:g} public points" in done.stdout
    assert "autograder submit" in done.stdout


@pytest.mark.usefixtures("folder")
def test_hidden_checks_are_announced_with_what_they_look_at(run: Run) -> None:
    words = run("check", "predict").stdout
    others = f"{POINTS - PUBLIC_POINTS:g}"
    assert f"Hidden ones, worth the other {others} points, look at more" in words
    assert "other lengths and shapes, extreme values" in words


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["softmax"], 1),
        (["activations.softmax", "predict"], 2),
        (["sigmoid"], 2),
        (["activations"], IN_ACTIVATIONS),
        (["exercises/activations.py"], IN_ACTIVATIONS),
        (["activations.py"], IN_ACTIVATIONS),
        (["exercises"], COUNT),
        (["vanishing_gradient", "relu"], IN_VANISHING_GRADIENT + 1),
    ],
)
def test_exercises_modules_functions_and_files_can_be_asked_for(
    run: Run, words: list[str], count: int
) -> None:
    assert run("check", *words).stdout.count("not started") == count


def test_the_exit_code_is_about_what_was_asked_for_alone(folder: Path, run: Run) -> None:
    write_body(folder / "exercises/activations.py", "relu", "    return np.maximum(z, 0)\n")
    assert run("check", "relu").returncode == 0
    assert run("check", "relu", "tanh").returncode == 1


def test_what_differs_is_marked_below(folder: Path, run: Run) -> None:
    write_body(folder / "exercises/activations.py", "relu", "    return np.maximum(z, -1)\n")
    lines = run("check", "relu").stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("  got"))
    assert lines[at - 1] == "  expected   [0.0, 0.0, 0.0, 1.0, 3.0]"
    assert lines[at] == "  got        [-1.0, -0.5, 0.0, 1.0, 3.0]"
    assert lines[at + 1] == "              ^^^^  ^^^^"
    assert lines[at - 2] == "  call       relu([-2.0, -0.5, 0.0, 1.0, 3.0])"


def test_progress_is_remembered_from_one_check_to_the_next(folder: Path, run: Run) -> None:
    activations = folder / "exercises/activations.py"
    write_body(activations, "relu", "    return np.maximum(z, 0)\n")
    write_body(activations, "tanh", "    return np.tanh(z)\n")
    assert f"1 {DONE}, 0.4 of {PUBLIC_POINTS:g}" in run("check", "relu").stdout
    assert f"2 {DONE}, 0.8 of {PUBLIC_POINTS:g}" in run("check", "tanh").stdout


def test_a_loop_and_a_crash_cost_their_own_exercise(folder: Path, run: Run) -> None:
    activations = folder / "exercises/activations.py"
    write_body(activations, "relu", "    while True: pass\n")
    write_body(activations, "tanh", "    import os; os._exit(3)\n")
    write_body(activations, "sigmoid", "    return np.exp(-np.logaddexp(0, -z))\n")
    done = run("check", "activations")
    assert status_of(done.stdout, "relu") == status_of(done.stdout, "tanh") == "wrong"
    assert status_of(done.stdout, "sigmoid") == "done"
    assert "No answer within 2 s." in done.stdout
    assert "It ended the Python process." in done.stdout


def test_a_file_that_python_cannot_read_is_told_once(folder: Path, run: Run) -> None:
    (folder / "exercises/activations.py").write_text("def relu(z:\n    return z\n")
    done = run("check")
    assert done.stdout.count("activations.py, line 1: SyntaxError") == 1
    assert "activations.py could not be imported." in done.stdout
    assert status_of(done.stdout, "predict") == "not started"


# Bodies for each of these functions, and what is said about them.
CAUSES = {
    "gradient_descent.predict": [
        ("print(w * x)", "It prints something but returns nothing"),
        ("w * x", "It returns nothing: a `return` is missing"),
        ("return math.exp(x)", "a slip of spelling or a missing"),
        ("import math\n    return math.exp(x)", "take one number"),
        ("x += 1\n    return x", "It changes the values"),
        ("return w * x if x > 0 else x", "take one value at a time"),
        ("return w * x[0.5]", "An index must be a whole number"),
        ("return x[0, :]", "more indices than the array has axes"),
        ("return x[x[:-1] > 0]", "The mask and the array differ in length"),
        ("return w ^ x", "`^` is not a power in Python"),
        ("return w(x)", "a `*` may be missing before a bracket"),
        ("return x + np.zeros(4)", "print both shapes"),
        ("return x @ np.zeros(4)", "print both shapes"),
        ("out = []\n    out[0] = 1", "add entries with `append`"),
        ("return x[7]", "An index reaches past the end"),
        ("return [].pop()", "out of an empty list"),
        ("return np.maxx(x)", "That module has no such name"),
        ("return x.mena()", "or the name is misspelt"),
        ("return None + 1", "Something in that line is None"),
        ("return None.mean()", "Something in that line is None"),
        ("return np.log(x)", "set off a warning (RuntimeWarning"),
        ("return predict(w, x)", "It calls itself and never stops"),
        ("return cost(w, x, x)", "It calls a function that is still a stub"),
        ("return input()", "nobody types here"),
        ("exit()", "use `return`"),
        ("assert len(x) == 7", "An `assert` of your own"),
        ("return 2 / 0", "Something is divided by 0"),
        ("return {}['w']", "a key that it does not have"),
        ("y = (1, 2)\n    y[0] = 3", "A tuple cannot be changed"),
        ("return (1, 2) * w", "turn it into one with np.array first"),
        ("if w > 9: y = 1\n    return y", "used before it has a value"),
        ("return np.zeros((5, 1))", "The shape is (5, 1), but (5,) is asked for"),
        ("while True: pass", "look for a loop that never ends"),
        ("y = w * x\n    raise NotImplementedError", "still ends it: remove that line"),
        ("raise NotImplementedError", "not started"),
    ],
    "activations.softmax": [
        ("return np.exp(z).sum(axis=1)", "axis=-1 is the last axis of a vector"),
        ("return np.sum(z, axis=3)", "fewer axes|axis=-1 is the last axis"),
    ],
}


@pytest.fixture(scope="module")
def processes() -> Iterator[SpawnedProcesses]:
    with SpawnedProcesses(Limits()) as running:
        yield running


@pytest.mark.parametrize("exercise", CAUSES)
def test_a_cause_that_the_call_shows_is_said_in_one_sentence(
    folder: Path, course: Course, processes: SpawnedProcesses, exercise: str
) -> None:
    module, _, function = exercise.partition(".")
    work = find_work([exercise], course, folder)
    told: dict[str, str] = {}

    def check_each(bench: Bench) -> None:
        for body, _ in CAUSES[exercise]:
            write_body(folder / f"exercises/{module}.py", function, f"    {body}\n")
            screen = Console(file=io.StringIO(), width=100)
            (verdict,) = bench.check(work.read(course), [exercise]).verdicts
            show_verdict(Page(screen), course, verdict, "")
            told[body] = screen.file.getvalue()  # type: ignore[attr-defined]

    practise(course, [exercise], processes, check_each)
    for body, cause in CAUSES[exercise]:
        words = " ".join(told[body].split())
        assert any(part in words for part in cause.split("|")), f"{body}\n{told[body]}"
        assert "File " not in words  # No line of ours, only theirs.


def test_a_signature_that_was_changed_is_told(folder: Path, run: Run) -> None:
    file = folder / "exercises/activations.py"
    file.write_text("def softmax(z, axis): return z\n")
    assert "Leave its first line as the stub has it" in run("check", "softmax").stdout


def test_a_misspelt_function_is_recognised(folder: Path, run: Run) -> None:
    (folder / "exercises/activations.py").write_text("def sofmax(z): return z\n")
    assert "it defines sofmax: did you mean that?" in run("check", "softmax").stdout


def test_a_right_function_that_spoils_its_argument_is_cautioned(folder: Path, run: Run) -> None:
    body = "    z[z < 0] = 0\n    return z\n"
    write_body(folder / "exercises/activations.py", "relu", body)
    done = run("check", "relu")
    assert done.returncode == 0
    assert "Right, but: It changes the values it was given" in done.stdout


def test_nothing_that_student_code_says_reaches_the_terminal_raw(folder: Path, run: Run) -> None:
    file = folder / "exercises/activations.py"
    write_body(file, "relu", '    raise ValueError("\\x1b[31mred\\x07")\n')
    write_body(file, "tanh", '    print("\\x1b]0;title\\x07")\n')
    write_body(file, "softmax", '    return "\\x1b[2J"\n')
    done = run("check", "activations")
    assert ESCAPE not in done.stdout
    assert "\x07" not in done.stdout


def test_in_a_pipe_there_is_no_colour_and_no_wrapping(folder: Path, run: Run) -> None:
    words = run("check", COLUMNS="40").stdout
    assert ESCAPE not in words
    assert max(map(len, words.splitlines())) > 100


@pytest.mark.parametrize("no_color", [True, False])
def test_a_terminal_has_colour_unless_it_is_refused(
    folder: Path, autograder: Path, no_color: bool
) -> None:
    environment = {"NO_COLOR": "1"} if no_color else {}
    with Terminal([autograder, "check"], folder, 100, 60, environment) as terminal:
        assert terminal.wait_for_end() == 1
        # The one thing to do next is cyan.
        assert ("\x1b[36m" in terminal.screen) is not no_color
        assert ("\x1b[3" in terminal.screen) is not no_color


@pytest.mark.parametrize("columns", [24, 40, 63, 64, 80, 200])
def test_lines_fit_the_terminal(folder: Path, autograder: Path, columns: int) -> None:
    body = "    print(z)\n    return [[1.0, 2.0], 3]\n"
    for function in ("softmax", "relu"):
        write_body(folder / "exercises/activations.py", function, body)
    with Terminal([autograder, "check", "activations"], folder, columns) as terminal:
        terminal.wait_for_end()
        lines = terminal.text.splitlines()
    widest = max((line for line in lines if " " in line.strip()), key=len)
    # A single name may be longer than a very narrow terminal; it is not cut.
    assert len(widest) <= max(columns, 44), widest


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_without_unicode_gets_plain_signs(
    folder: Path, autograder: Path, encoding: str
) -> None:
    done = subprocess.run(
        [autograder, "check", "relu"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": encoding, "LANG": "C"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == b""
    assert done.stdout.decode(encoding).splitlines()[1].startswith("- not started")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["check", "sofmax"], "did you mean softmax?"),
        (["check", "nonsense"], "`autograder check` lists them all"),
        (["check", "exercises/course.toml"], "is not a Python file or notebook"),
        (["hint", "sigmoid"], "say backpropagation.sigmoid or activations.sigmoid"),
        (["hint", "activations"], "say which, such as activations.sigmoid"),
        (["hint"], "Missing argument 'EXERCISE'"),
        (["check", "--nonsense"], "No such option"),
    ],
)
def test_a_slip_is_one_line_and_exit_code_2(run: Run, words: list[str], told: str) -> None:
    done = run(*words)
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["check", "hint", "submit"])
def test_without_exercises_it_says_where_to_go(
    tmp_path: Path, autograder: Path, command: str
) -> None:
    words = [command, "softmax"] if command == "hint" else [command]
    done = subprocess.run(
        [autograder, *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "go to the folder with gradient_descent.py" in done.stderr
    assert done.stderr.count("\n") == 1


def test_it_works_from_below_and_beside_the_exercises(folder: Path, autograder: Path) -> None:
    (folder / "exercises" / "notes").mkdir()
    for place in (folder, folder / "exercises", folder / "exercises" / "notes"):
        done = subprocess.run(
            [autograder, "check", "relu"], cwd=place, capture_output=True, text=True, check=False
        )
        assert "not started" in done.stdout, place


def test_every_command_has_an_example(run: Run) -> None:
    commands = re.findall(r"^  (\w+)  ", run("--help").stdout, re.MULTILINE)
    assert {"check", "hint", "submit", "grade", "report", "package", "doctor"} <= set(commands)
    for command in commands:
        assert f"  autograder {command}" in run(command, "--help").stdout


def test_names_complete_with_the_tab_key(run: Run) -> None:
    offered = run(
        _AUTOGRADER_COMPLETE="bash_complete", COMP_WORDS="autograder hint acti", COMP_CWORD="2"
    )
    assert "plain,activations.softmax" in offered.stdout.splitlines()
    offered = run(_AUTOGRADER_COMPLETE="bash_complete", COMP_WORDS="autograder su", COMP_CWORD="1")
    assert offered.stdout == "plain,submit\n"


def test_ctrl_c_ends_a_check_at_once(
    folder: Path, autograder: Path, patient: dict[str, str]
) -> None:
    for function in ("relu", "tanh", "sigmoid"):
        write_body(folder / "exercises/activations.py", function, "    while True: pass\n")
    command: list[str | Path] = [autograder, "check", "activations"]
    with Terminal(command, folder, environment=patient) as terminal:
        busy_student(terminal.pid)
        terminal.press("\x03")
        assert terminal.wait_for_end() == 130
        assert terminal.text.replace("^C", "").strip() == "autograder: stopped."


def test_a_file_that_is_not_there_is_told(folder: Path, run: Run) -> None:
    (folder / "exercises/activations.py").unlink()
    assert "activations.py is not there." in run("check").stdout.lower()
    assert "! activations.py is not there." in run("submit").stdout


def test_all_wrong_values_of_a_tuple_are_marked(folder: Path, run: Run) -> None:
    body = "    return 0.415, 0.0, 1.0, 0.7152516802527555\n"
    write_body(folder / "exercises/backpropagation.py", "forward", body)
    lines = run("check", "forward").stdout.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("  got"))
    assert lines[at : at + 2] == [
        "  got        (0.415, 0.0, 1.0, 0.71525168)",
        "                     ^^^  ^^^",
    ]


def test_a_notebook_that_was_worked_in_comes_before_an_untouched_stub(
    folder: Path, run: Run
) -> None:
    cells = '{"cell_type": "code", "source": "def relu(z):\\n    return 0 * z"}'
    (folder / "exercises/activations.ipynb").write_text(f'{{"cells": [{cells}]}}')
    done = run("check", "relu")
    assert "!" not in done.stdout  # The stub is no rival, so there is nothing to tell.
    assert status_of(done.stdout, "relu") == "wrong"


def test_processes_that_student_code_started_end_with_it(folder: Path, run: Run) -> None:
    body = "    import subprocess; subprocess.Popen(['sleep', '7654'])\n    return z\n"
    write_body(folder / "exercises/activations.py", "relu", body)
    run("check", "relu")
    assert left_running(lambda process: "7654" in process.cmdline()) == []


def test_a_students_file_named_after_a_library_stands_in_for_none(
    folder: Path, autograder: Path
) -> None:
    for name in ("random", "numpy", "msgspec", "click"):
        (folder / f"exercises/{name}.py").write_text("raise SystemExit('mine')\n")
    for command in ([autograder], [autograder.with_name("python"), "-m", "autograder"]):
        done = subprocess.run(
            [*command, "check", "relu"],
            cwd=folder / "exercises",
            capture_output=True,
            text=True,
            check=False,
        )
        assert "not started relu" in done.stdout, done.stderr


def test_a_pipe_in_place_of_a_file_is_left_out(folder: Path, run: Run) -> None:
    os.mkfifo(folder / "exercises" / "helper.py")
    os.mkfifo(folder / "exercises" / ".autograder-progress.json")
    assert "helper.py was left out: it is not an ordinary file" in run("check", "relu").stdout
    assert run("hint", "relu").returncode == 0


def test_more_files_than_anybody_writes_are_told_of(folder: Path, run: Run) -> None:
    for number in range(210):
        (folder / f"exercises/notes{number}.py").write_text("x = 1\n")
    done = run("check", "relu")
    assert "the rest was left out, since there is more than 200 Python files" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize("word", ["a" * 300, "no/such/folder/activations.py"])
def test_a_path_that_cannot_be_is_a_word_that_is_not_known(
    folder: Path, run: Run, word: str
) -> None:
    done = run("check", word)
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_without_a_command_help_is_shown(run: Run) -> None:
    done = run()
    assert done.returncode == 2
    assert "\nCommands:\n" in done.stdout


@pytest.mark.parametrize(
    ("script", "code", "told"),
    [
        ("$A check relu >&-", 1, ""),
        ("$A check relu > /dev/full", 2, "the output cannot be written: No space left on device"),
        ("mkdir gone; cd gone; rmdir ../gone; $A check relu", 2, "is not there any more"),
    ],
)
def test_odd_surroundings_are_no_reason_for_a_traceback(
    folder: Path, autograder: Path, script: str, code: int, told: str
) -> None:
    done = subprocess.run(
        ["sh", "-c", script],
        cwd=folder,
        env=os.environ | {"A": str(autograder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 1

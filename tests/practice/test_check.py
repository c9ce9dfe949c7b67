"""`autograder check` tells what is done, wrong and not started, and what to do next."""

import re
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import Course
from examples.loop.terminal import Terminal
from examples.loop.walk import write_body

Run = Callable[..., subprocess.CompletedProcess[str]]
ESCAPE = "\x1b"


def status_of(output: str, function: str) -> str:
    """The status in the line of a function."""
    (status,) = re.findall(rf"^\S (done|wrong|not started) +{function}\b", output, re.MULTILINE)
    return str(status)


def test_fresh_stubs_are_not_started(run: Run, course: Course) -> None:
    done = run("check")
    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout.count("not started") == len(course.exercises)
    assert "0 of 36 exercises done, 0 of 20 public points" in done.stdout
    assert "Next: write gradient_descent.predict in gradient_descent.py" in done.stdout


@pytest.mark.usefixtures("solved")
def test_when_all_is_right_it_says_how_to_hand_in(run: Run) -> None:
    done = run("check")
    assert done.returncode == 0
    assert "wrong" not in done.stdout
    assert "36 of 36 exercises done, 20 of 20 public points" in done.stdout
    assert "autograder submit" in done.stdout


@pytest.mark.usefixtures("folder")
def test_hidden_checks_are_announced_with_what_they_look_at(run: Run) -> None:
    words = run("check", "predict").stdout
    assert "Hidden ones, worth the other 80 points, look at more" in words
    assert "other lengths and shapes, extreme values" in words


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (["softmax"], 1),
        (["activations.softmax", "predict"], 2),
        (["sigmoid"], 2),
        (["activations"], 9),
        (["exercises/activations.py"], 9),
        (["activations.py"], 9),
        (["exercises"], 36),
        (["vanishing_gradient", "relu"], 7),
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
    assert "1 of 36 exercises done, 0.4 of 20" in run("check", "relu").stdout
    assert "2 of 36 exercises done, 0.8 of 20" in run("check", "tanh").stdout


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


# A body for each of these functions, and what is said about it.
CAUSES = {
    "gradient_descent.predict": ("print(w * x)", "end it with `return`, not `print`"),
    "gradient_descent.cost": ("w * x", "It returns nothing: a `return` is missing"),
    "gradient_descent.sum_squared_error": ("return nonsense", "a slip of spelling or a missing"),
    "gradient_descent.cost_gradient": ("x += 1\n    return x", "It changes the values"),
    "gradient_descent.descent_direction": ("return slope[0]", "It raised TypeError"),
    "gradient_descent.update_weight": ("return update_weight(w, 0, 0)", "calls itself without an"),
    "gradient_descent.gradient_descent": ("return [0.0][n_iterations]", "past the end"),
    "gradient_descent.max_stable_learning_rate": ("return 2 / 0", "divided by 0"),
    "backpropagation.weighted_sum": ("return np.zeros(3)", "single number is asked for"),
    "backpropagation.forward": ("return sigmoid(x)", "still a stub: write that one first"),
    "backpropagation.error": ("y = target\n    target = b\n    b = 1", "a slip of spelling|before"),
    "backpropagation.error_slope": ("while True: pass", "whose condition never changes"),
    "backpropagation.sigmoid_slope": ("return np.log(-a)", "set off a warning (RuntimeWarning"),
    "backpropagation.train": ("return None + 1", "a function called before it may lack"),
    "activations.sigmoid": ("return np.zeros(2) + np.zeros(3)", "print both shapes"),
    "activations.softmax": ("return z.exp()", "or the name is misspelt"),
    "activations.predict_class": ("assert len(z) == 7", "An `assert` of your own"),
}  # fmt: skip


def test_a_cause_that_the_call_shows_is_said_in_one_sentence(folder: Path, run: Run) -> None:
    for exercise, (body, _) in CAUSES.items():
        module, _, function = exercise.partition(".")
        write_body(folder / f"exercises/{module}.py", function, f"    {body}\n")
    words = run("check", *CAUSES).stdout
    blocks = re.split(r"\n(?=\S (?:wrong|done|not started) )", words)
    told = {name: next(b for b in blocks if f" {name.split('.')[1]} " in b[:40]) for name in CAUSES}
    for exercise, (_, cause) in CAUSES.items():
        assert any(part in told[exercise] for part in cause.split("|")), told[exercise]
        assert "File " not in told[exercise]  # No line of ours, only theirs.


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
        assert ("\x1b[2m" in terminal.screen or "\x1b[31m" in terminal.screen) is not no_color or (
            "\x1b[3" not in terminal.screen
        )


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


def test_ctrl_c_ends_a_check_at_once(folder: Path, autograder: Path) -> None:
    for function in ("relu", "tanh", "sigmoid"):
        write_body(folder / "exercises/activations.py", function, "    while True: pass\n")
    with Terminal([autograder, "check", "activations"], folder) as terminal:
        time.sleep(1.5)
        terminal.press("\x03")
        assert terminal.wait_for_end(3) == 130
        assert terminal.text.replace("^C", "").strip() == "autograder: stopped."

"""`check --watch` shows the verdict after each save, whatever happens to the file."""

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from autograder.course import Course
from examples.loop.terminal import Terminal
from examples.loop.walk import write_body
from tests.engine.practice.students import busy_student
from tests.places import COUNT, DONE

READY = "watching exercises"
RIGHT = "    return np.maximum(z, 0)\n"
WRONG = "    return np.maximum(z, 1)\n"


@pytest.fixture
def file(folder: Path) -> Path:
    return folder / "exercises" / "activations.py"


@pytest.fixture
def watching(folder: Path, autograder: Path) -> Iterator[Terminal]:
    with Terminal([autograder, "check", "--watch", "relu"], folder) as terminal:
        terminal.wait_for(READY)
        yield terminal


def test_each_save_is_answered(watching: Terminal, file: Path) -> None:
    assert "not started" in watching.text
    write_body(file, "relu", WRONG)
    watching.wait_for("wrong", "^^^")
    write_body(file, "relu", RIGHT)
    watching.wait_for("✓ done", f"1 {DONE}")


def test_it_goes_to_the_exercise_that_is_edited(watching: Terminal, file: Path) -> None:
    write_body(file, "softmax", "    return z\n")
    watching.wait_for("activations.py  5 points", "softmax([1.6, 0.55, 0.98])")
    other = file.with_name("gradient_descent.py")
    write_body(other, "cost", "    return 1.0\n")
    watching.wait_for("gradient_descent.py  4 points", "cost(0.0, ")


def test_an_editor_that_saves_through_another_file_is_followed(
    watching: Terminal, file: Path
) -> None:
    swap = file.with_name(".activations.py.swp")
    shutil.copy(file, swap)
    write_body(swap, "relu", RIGHT)
    os.replace(swap, file)
    watching.wait_for("✓ done")


def test_a_file_that_is_deleted_or_renamed_is_waited_for(watching: Terminal, file: Path) -> None:
    away = file.with_suffix(".txt")
    file.rename(away)
    assert "activations.py is not in exercises: waiting for it" in watching.wait_for("waiting")
    write_body(away, "relu", RIGHT)
    away.rename(file)
    watching.wait_for("✓ done")
    file.unlink()
    watching.wait_for("waiting for it")


def test_a_folder_that_is_replaced_is_found_again(watching: Terminal, file: Path) -> None:
    shutil.copytree(file.parent, file.parent.with_name("copy"))
    while file.parent.exists():  # Python may be keeping what it compiled in it.
        shutil.rmtree(file.parent, ignore_errors=True)
    watching.wait_for("waiting for it")
    write_body(file.parent.with_name("copy") / file.name, "relu", RIGHT)
    file.parent.with_name("copy").rename(file.parent)
    watching.wait_for("✓ done", "looking every tenth of a second")


def test_a_syntax_error_is_told_and_survived(watching: Terminal, file: Path) -> None:
    text = file.read_text()
    file.write_text(text + "\ndef broken(:\n")
    watching.wait_for("SyntaxError")
    file.write_text(text)
    write_body(file, "relu", RIGHT)
    watching.wait_for("✓ done")


def test_a_save_ends_the_endless_loop_that_came_before_it(
    folder: Path, file: Path, autograder: Path, patient: dict[str, str]
) -> None:
    text = file.read_text()
    command: list[str | Path] = [autograder, "check", "--watch", "relu"]
    with Terminal(command, folder, environment=patient) as terminal:
        terminal.wait_for(READY)
        file.write_text(text + "\nwhile True: pass\n")
        busy_student(terminal.pid)
        file.write_text(text)
        write_body(file, "relu", RIGHT)
        terminal.wait_for("✓ done")


def test_a_loop_in_a_call_is_told(watching: Terminal, file: Path) -> None:
    write_body(file, "relu", "    while True: pass\n")
    watching.wait_for("No answer within 2 s", "a loop that never ends")


def test_an_empty_file_is_no_end(watching: Terminal, file: Path) -> None:
    text = file.read_text()
    file.write_text("")
    watching.wait_for("activations.py does not define relu.")
    file.write_text(text)
    write_body(file, "relu", RIGHT)
    watching.wait_for("✓ done")


def test_many_saves_at_once_end_in_the_last_one(watching: Terminal, file: Path) -> None:
    for number in range(30):
        write_body(file, "relu", f"    return z * 0 + {number}\n")
    write_body(file, "relu", RIGHT)
    watching.wait_for("✓ done")
    time.sleep(0.3)
    assert "✓ done" in watching.wait_for(READY)


def test_keys_give_hints_step_list_and_quit(watching: Terminal) -> None:
    watching.press("h")
    assert "2 of 3" not in watching.wait_for("1 of 3")
    watching.press("h")
    watching.wait_for("2 of 3")
    watching.press("n")
    watching.wait_for("started leaky_relu ", READY)
    watching.press("p")
    watching.wait_for("started relu ", READY)
    watching.press("\x1b[B")  # Arrow down.
    watching.wait_for("started leaky_relu ", READY)
    watching.press("l")
    watching.wait_for("max_stable_learning_rate", "> ○ not started leaky_relu", READY)
    watching.press("q")
    assert watching.wait_for_end() == 0


def test_the_course_is_gone_round(watching: Terminal, course: Course) -> None:
    ids = list(course.exercises)
    for _ in ids[ids.index("activations.relu") :]:
        watching.press("n")
    watching.wait_for("gradient_descent.py  1 point, easy")


@pytest.mark.parametrize("how", ["q", "\x03", "term"])
def test_it_leaves_nothing_behind(folder: Path, autograder: Path, how: str) -> None:
    script = (
        "trap : INT; stty -a > before; $AUTOGRADER check --watch relu; echo code $?; "
        "stty -a > after; cat"
    )
    environment = {"AUTOGRADER": str(autograder)}
    with Terminal(["sh", "-c", script], folder, environment=environment) as terminal:
        terminal.wait_for(READY)
        family = psutil.Process(terminal.pid).children(recursive=True)
        command = next(p for p in family if "--watch" in p.cmdline())
        students = command.children()
        assert students, "no student's process was waiting"
        if how == "term":
            command.send_signal(signal.SIGTERM)
        else:
            terminal.press(how)
        terminal.wait_for("code 0")
        _, alive = psutil.wait_procs([command, *students], timeout=300)
        assert alive == []
        while not (folder / "after").exists() or not (folder / "after").read_text():
            time.sleep(0.05)
        assert (folder / "after").read_text() == (folder / "before").read_text()


def test_a_killed_command_takes_its_student_process_along(
    folder: Path, autograder: Path, patient: dict[str, str]
) -> None:
    write_body(folder / "exercises/activations.py", "relu", "    while True: pass\n")
    words: list[str | Path] = [autograder, "check", "--watch", "relu"]
    with Terminal(words, folder, environment=patient) as terminal:
        command = psutil.Process(terminal.pid)
        busy_student(command.pid)
        students = command.children()
        command.kill()
        _, alive = psutil.wait_procs(students, timeout=300)
        assert alive == []


def test_a_window_made_narrow_is_written_to_its_width(watching: Terminal, file: Path) -> None:
    watching.resize(40, 40)
    write_body(file, "relu", WRONG)
    assert max(len(line) for line in watching.wait_for("wrong").splitlines()) <= 100
    write_body(file, "relu", "    return [1.0] * 5\n")
    text = watching.wait_for("[1.0, 1.0, 1.0, 1.0, 1.0]", READY)
    assert max(map(len, text.splitlines())) <= 40


def test_without_a_keyboard_it_watches_all_the_same(folder: Path, autograder: Path) -> None:
    script = f"{autograder} check --watch relu < /dev/null"
    with Terminal(["sh", "-c", script], folder) as terminal:
        assert "Ctrl-C quits" in terminal.wait_for(READY)
        write_body(folder / "exercises/activations.py", "relu", RIGHT)
        terminal.wait_for("✓ done")


def test_where_no_notifications_come_it_looks_by_itself_and_says_so(
    folder: Path, autograder: Path
) -> None:
    # As on a network drive: the watcher is told nothing. The library's own switch would make it
    # poll, so the notifications are taken from it instead.
    (folder / "sitecustomize.py").write_text(
        "import time, watchfiles\n"
        "def silent(*folders, stop_event, rust_timeout, **settings):\n"
        "    while not stop_event.wait(rust_timeout / 1000):\n"
        "        yield set()\n"
        "watchfiles.watch = silent\n"
    )
    environment = {"PYTHONPATH": str(folder)}
    with Terminal(
        [autograder, "check", "--watch", "relu"], folder, environment=environment
    ) as terminal:
        terminal.wait_for(READY)
        write_body(folder / "exercises/activations.py", "relu", RIGHT)
        terminal.wait_for("✓ done", "looking every tenth of a second")
        write_body(folder / "exercises/activations.py", "relu", WRONG)
        terminal.wait_for("wrong")


def test_where_the_system_has_no_watches_left_it_looks_by_itself(
    folder: Path, autograder: Path
) -> None:
    (folder / "sitecustomize.py").write_text(
        "import watchfiles\n"
        "def refused(*folders, **settings):\n"
        "    raise OSError(28, 'No space left on device')\n"
        "watchfiles.watch = refused\n"
    )
    environment = {"PYTHONPATH": str(folder)}
    with Terminal(
        [autograder, "check", "--watch", "relu"], folder, environment=environment
    ) as terminal:
        terminal.wait_for("looking every tenth of a second")
        write_body(folder / "exercises/activations.py", "relu", RIGHT)
        terminal.wait_for("✓ done")


def test_a_stopped_command_goes_on_with_single_keys(folder: Path, autograder: Path) -> None:
    environment = {"PS1": "ready> ", "PATH": f"{autograder.parent}:{os.environ['PATH']}"}
    with Terminal(["bash", "--norc", "-i"], folder, environment=environment) as terminal:
        terminal.wait_for("ready>")
        terminal.press("autograder check --watch relu\n")
        terminal.wait_for(READY)
        terminal.press("\x1a")  # Ctrl-Z.
        terminal.wait_for("Stopped", "ready>")
        terminal.press("bg\n")  # In the background it waits; it may not ask for keys there.
        terminal.wait_for("autograder check --watch relu &")
        terminal.press("fg\n")
        # What is typed before the command, or the shell, listens again may be lost.
        terminal.press_until("h", "of 3")
        (command,) = psutil.Process(terminal.pid).children()
        terminal.press("q")
        psutil.wait_procs([command])
        # The first time that it is read, `code` is how the command ended.
        terminal.press_until("\x15echo $((6 * 7)) is the code ${code:=$?}\n", "42 is the code 0")


def test_a_link_to_nothing_hides_no_save(watching: Terminal, file: Path) -> None:
    """An editor leaves such a link, `.#activations.py`, while a file is not saved."""
    file.with_name(".#activations.py").symlink_to("somebody@somewhere.1234")
    file.with_name("lost.py").symlink_to("nowhere.py")
    write_body(file, "relu", RIGHT)
    watching.wait_for("✓ done")


def test_a_save_while_everything_is_checked_makes_nothing_wrong(
    solved: Path, autograder: Path
) -> None:
    slow = solved / "exercises" / "vanishing_gradient.py"
    slow.write_text(slow.read_text() + "\nimport time; time.sleep(1.5)\n")
    with Terminal([autograder, "check", "--watch", "relu"], solved) as terminal:
        terminal.wait_for(READY, f"{COUNT} of {COUNT}")
        terminal.press("l")
        time.sleep(0.5)
        other = solved / "exercises" / "activations.py"
        other.write_text(other.read_text() + "# A remark.\n")
        time.sleep(1)
        terminal.press("l")
        assert "✗ wrong" not in terminal.wait_for(f"{COUNT} of {COUNT}", "collapse_linear_layers")


def test_quitting_does_not_wait_for_an_endless_loop(
    folder: Path, file: Path, autograder: Path, patient: dict[str, str]
) -> None:
    command: list[str | Path] = [autograder, "check", "--watch", "relu"]
    with Terminal(command, folder, environment=patient) as terminal:
        terminal.wait_for(READY)
        file.write_text(file.read_text() + "\nwhile True: pass\n")
        busy_student(terminal.pid)
        terminal.press("q")
        assert terminal.wait_for_end() == 0


def test_a_current_folder_that_vanishes_is_survived(folder: Path, autograder: Path) -> None:
    exercises = folder / "exercises"
    with Terminal([autograder, "check", "--watch", "relu"], exercises) as terminal:
        terminal.wait_for("watching .")
        while exercises.exists():
            shutil.rmtree(exercises, ignore_errors=True)
        terminal.wait_for("waiting for it")
        terminal.press("q")
        assert terminal.wait_for_end() == 0
        assert "Traceback" not in terminal.text

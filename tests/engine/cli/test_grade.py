"""`autograder grade` on the sample class and on what goes wrong."""

import csv
import json
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import html5lib
import jsonschema
import pytest

from tests.commands import autograder
from tests.here import autograder_here, small_here
from tests.places import COUNT, POINTS, ROOT
from tests.small import COUNT as COUNT_WORDS
from tests.small import SMALL

SAMPLE = ROOT / "examples" / "class"

# What a careful teacher gives them; the README of the sample class says why.
EXPECTED = {
    "ada": 100,
    "ben": 34.05,
    "chidi": 37,
    "dmitri": 17,
    "emeka": 19,
    "farah": 56,
    "gus": 24,
    "hana": 56,
    "igor": 0,
    "jun": 16,
    "kaethe": 43.9,
    "lucia": 51.5,
    "mona.txt": 0,
}

CHECK = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "passed", "visibility", "message"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "passed": {"type": "boolean"},
        "visibility": {"enum": ["public", "hidden"]},
        "message": {"type": "string", "minLength": 1},
    },
}
MISTAKE = {
    "type": ["object", "null"],
    "required": ["id", "message"],
    "properties": {"id": {"type": "string"}, "message": {"type": "string"}},
}
EXERCISE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "score", "max_score", "outcome", "mistake", "checks"],
    "properties": {
        "id": {"type": "string", "pattern": r"^[a-z_]+\.[a-z0-9_]+$"},
        "score": {"type": "number", "minimum": 0},
        "max_score": {"type": "number", "exclusiveMinimum": 0},
        "outcome": {"enum": ["correct", "partly", "wrong", "error", "timeout", "missing"]},
        "mistake": MISTAKE,
        "checks": {"type": "array", "items": CHECK, "minItems": 1},
    },
}
RESULT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["submission", "score", "max_score", "exercises", "problems", "source"],
    "properties": {
        "submission": {"type": "string"},
        "score": {"type": "number", "minimum": 0, "maximum": POINTS},
        "max_score": {"const": POINTS},
        "exercises": {"type": "array", "items": EXERCISE, "minItems": COUNT, "maxItems": COUNT},
        "problems": {"type": "array", "items": {"type": "string"}},
        "source": {
            "type": "object",
            "additionalProperties": False,
            "required": ["name", "lms", "ids", "members", "late", "attempt"],
            "properties": {
                "name": {"type": "string"},
                "lms": {"enum": ["canvas", "moodle", "gradescope", "classroom50", None]},
                "ids": {"type": "object", "additionalProperties": {"type": "string"}},
                "members": {"type": "array", "items": {"type": "string"}},
                "late": {"type": "boolean"},
                "attempt": {"type": "integer", "minimum": 1},
            },
        },
    },
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("sample") / "out"
    done = autograder("grade", SAMPLE, "--out", out, "--jobs", 2)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    (out / "stdout.txt").write_text(done.stdout)
    return out


def students_of_the_small_course(folder: Path, *names: str) -> Path:
    """A class that does one exercise of the small course, in a folder of that folder."""
    for name in names:
        (folder / "class" / name).mkdir(parents=True)
        (folder / "class" / name / "words.py").write_text(COUNT_WORDS)
    return folder / "class"


def results(out: Path) -> dict[str, Any]:
    return {path.stem: json.loads(path.read_bytes()) for path in (out / "results").iterdir()}


def test_the_sample_class_gets_the_scores_it_deserves(sample: Path) -> None:
    assert {name: result["score"] for name, result in results(sample).items()} == EXPECTED


def test_every_result_follows_the_contract(sample: Path) -> None:
    for name, result in results(sample).items():
        jsonschema.validate(result, RESULT)
        assert result["submission"] == name
        assert result["score"] == pytest.approx(sum(e["score"] for e in result["exercises"]))


def test_the_outcomes_say_what_kind_of_trouble_there_was(sample: Path) -> None:
    graded = results(sample)

    def outcome(submission: str, exercise: str) -> str:
        exercises = graded[submission]["exercises"]
        return str(next(e["outcome"] for e in exercises if e["id"] == exercise))

    assert outcome("ada", "activations.softmax") == "correct"
    assert outcome("ben", "activations.softmax") == "partly"
    assert outcome("ben", "gradient_descent.cost") == "wrong"
    assert outcome("dmitri", "gradient_descent.gradient_descent") == "missing"
    assert outcome("hana", "backpropagation.train") == "timeout"
    assert outcome("hana", "vanishing_gradient.relu_derivative") == "timeout"
    assert outcome("gus", "activations.relu") == "error"
    assert outcome("igor", "activations.tanh") == "error"


def test_the_table_names_everyone_and_where_the_reports_are(sample: Path) -> None:
    printed = (sample / "stdout.txt").read_text()
    for name, score in EXPECTED.items():
        assert re.search(rf"^{re.escape(name)} +{score:.2f} ", printed, re.MULTILINE), name
    assert "report.html" in printed
    assert str(sample) in printed


def test_the_gradebook_and_the_csv_hold_the_same_scores(sample: Path) -> None:
    with sqlite3.connect(sample / "gradebook.sqlite") as book:
        assert dict(book.execute("SELECT id, score FROM submissions")) == EXPECTED
        (count,) = book.execute("SELECT count(*) FROM exercises").fetchone()
        assert count == COUNT * len(EXPECTED)
    book.close()
    with (sample / "grades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["submission"]: float(row["score"]) for row in rows} == EXPECTED
    assert all(len(row) == COUNT + 9 for row in rows)


def test_hidden_checks_show_their_sentence_and_nothing_else(sample: Path) -> None:
    for result in results(sample).values():
        for exercise in result["exercises"]:
            for check in exercise["checks"]:
                if check["visibility"] == "hidden":
                    assert "\n" not in check["message"]
                    assert not re.search(r"\d\.\d", check["message"])


@pytest.mark.parametrize("page", ["report.html", *(f"feedback/{name}.html" for name in EXPECTED)])
def test_every_page_is_well_formed_and_asks_no_other_host(sample: Path, page: str) -> None:
    text = (sample / page).read_text(encoding="utf-8")
    html5lib.HTMLParser(strict=True).parse(text)
    assert not re.search(r"""(?:src|href|url\()\s*=?\s*["']?(?:https?:)?//""", text)
    assert "<script" not in text
    assert "prefers-color-scheme: dark" in text


def test_links_from_the_class_report_lead_to_pages(sample: Path) -> None:
    links = re.findall(r'href="(feedback/[^"]+)"', (sample / "report.html").read_text())
    assert len(links) == len(EXPECTED)
    assert all((sample / link).is_file() for link in links)


def test_the_reports_can_be_rebuilt_from_the_gradebook_alone(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "gradebook.sqlite").write_bytes((sample / "gradebook.sqlite").read_bytes())
    assert autograder_here("report", tmp_path).returncode == 0
    for name in ("report.html", "grades.csv", "results/ada.json", "feedback/ben.html"):
        assert (tmp_path / name).read_bytes() == (sample / name).read_bytes()


def test_one_submission_alone_gets_what_it_gets_in_its_class(sample: Path, tmp_path: Path) -> None:
    done = autograder_here("grade", SAMPLE / "ben", "--out", tmp_path, "--jobs", 1)
    assert done.returncode == 0
    assert results(tmp_path)["ben"]["exercises"] == results(sample)["ben"]["exercises"]


def test_results_of_earlier_runs_stay(tmp_path: Path) -> None:
    out, some = tmp_path / "out", students_of_the_small_course(tmp_path, "ann", "bob")
    small_here("grade", some / "ann", "--out", out)
    done = small_here("grade", SAMPLE / "mona.txt", "--out", out)
    assert done.returncode == 2
    done = small_here("grade", some / "bob", "--out", out)
    assert "1 of them from earlier runs" in done.stdout
    assert set(results(out)) == {"ann", "bob"}


def test_a_folder_in_place_of_a_result_costs_only_that_result(tmp_path: Path) -> None:
    out, some = tmp_path / "out", students_of_the_small_course(tmp_path, "ann", "bob", "eve")
    (out / "results" / "bob.json").mkdir(parents=True)
    (out / "results" / "bob.json" / "kept.txt").write_text("mine")
    done = small_here("grade", some, "--out", out)
    assert done.returncode == 1
    assert "bob has no result" in done.stderr
    assert done.stderr.count("\n") == 1
    assert len(list((out / "results").glob("*.json"))) == 3
    assert (out / "report.html").is_file()


def test_an_output_folder_among_the_submissions_is_not_one_of_them(tmp_path: Path) -> None:
    some = students_of_the_small_course(tmp_path, "ann", "王" * 80)
    for _ in range(2):
        done = small_here("grade", some, "--out", some / "out")
        assert done.returncode == 0, done.stderr
    assert len(results(some / "out")) == 2


def test_another_seed_leaves_a_right_answer_right(tmp_path: Path) -> None:
    done = autograder_here("grade", SAMPLE / "ada", "--out", tmp_path / "out", "--seed", 7)
    assert done.returncode == 0
    assert results(tmp_path / "out")["ada"]["score"] == EXPECTED["ada"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["grade", "absent", "--out", "out"], "absent does not exist."),
        (["grade", "Makefile", "--out", "out"], "Makefile cannot be graded"),
        (["grade", "examples/class"], "Missing option '--out'"),
        (["grade", "examples/class", "--out", "Makefile"], "Makefile"),
        (["grade", "examples/class", "--out", "examples/class"], "holds the submissions"),
        (["grade", "examples/class", "--out", "/proc/out"], "/proc/out"),
        (["grade", "examples/class", "--out", "out", "--jobs", "0"], "--jobs"),
        (["grade", "examples/class", "--out", "out", "--jobs", "9" * 20], "--jobs"),
        (["grade", "examples/class", "--out", "out", "--call-seconds", "nan"], "nan"),
        (["grade", "examples/class", "--out", "out", "--call-seconds", "inf"], "--call-seconds"),
        (["grade", "examples/class", "--out", ""], "a path is needed"),
        (["grade", "", "--out", "out"], "a path is needed"),
        (["report", "examples"], "grade a class into that folder first"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
)
def test_a_users_mistake_is_one_line_and_exit_code_2(words: list[str], told: str) -> None:
    done = autograder_here(*words, cwd=ROOT)
    assert done.returncode == 2
    assert done.stdout == ""
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr


def test_a_gradebook_that_is_none_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "gradebook.sqlite").write_text("this is no database, but long enough to be one\n")
    done = autograder_here("report", tmp_path)
    assert done.returncode == 2
    assert "gradebook.sqlite cannot be used" in done.stderr


def test_a_name_that_begins_a_formula_is_harmless_in_the_csv(tmp_path: Path) -> None:
    some = students_of_the_small_course(tmp_path, "=HYPERLINK(1)", "bob")
    small_here("grade", some, "--out", tmp_path / "out")
    with (tmp_path / "out" / "grades.csv").open(newline="") as file:
        names = [row["submission"] for row in csv.DictReader(file)]
    assert "'=HYPERLINK(1)" in names


def test_on_a_terminal_a_progress_bar_shows_count_rate_and_time_left(tmp_path: Path) -> None:
    some = students_of_the_small_course(tmp_path, *"abcd")
    leader, follower = pty.openpty()
    command: list[str | Path] = [sys.executable, "-m", "autograder", "grade", some]
    command += ["--out", tmp_path / "o", "--course", SMALL]
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=environment
    ) as process:
        os.close(follower)
        seen = b""
        while True:
            try:
                part = os.read(leader, 4096)
            except OSError:
                break
            if not part:
                break
            seen += part
    os.close(leader)
    assert process.returncode == 0
    text = seen.decode()
    assert "Grading" in text
    assert "4/4" in text
    assert "/s" in text


def test_doctor_names_the_layers_and_what_was_tried() -> None:
    done = autograder("doctor")
    assert done.returncode == 0
    for layer in ("filesystem", "system calls", "privileges", "limits"):
        assert layer in done.stdout
    assert "open a socket" in done.stdout
    if sys.platform == "linux":
        assert "✗" not in done.stdout


WITHOUT_DOCSTRINGS = [
    ["grade", "class/ann", "--out", "out", "--jobs", "1", "--course", SMALL],
    ["grade", "class", "--out", "out", "--jobs", "2", "--course", SMALL],
    ["check", "softmax"],
    ["verify"],
]


@pytest.mark.parametrize("words", WITHOUT_DOCSTRINGS, ids=["one", "class", "check", "verify"])
@pytest.mark.share(2)
def test_where_python_leaves_out_docstrings_nobody_gets_feedback_without_words(
    words: list[object], tmp_path: Path
) -> None:
    environment = {**os.environ, "PYTHONOPTIMIZE": "2"}
    shutil.copytree(ROOT / "exercises", tmp_path / "exercises")
    students_of_the_small_course(tmp_path, "ann", "bob")
    done = autograder(*words, cwd=tmp_path, env=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "autograder: Python leaves out docstrings here, and those of the checks are what students "
        "read: unset PYTHONOPTIMIZE, and start python without -OO.\n"
    )
    if words[0] == "grade":  # Asserts alone may be left out: no check is one.
        done = autograder(*words, cwd=tmp_path, env=environment | {"PYTHONOPTIMIZE": "1"})
        assert done.returncode == 0


FIRST_LINES = {
    "windows": 'import sys\nsys.stdout.reconfigure(encoding="utf-8")\n',
    "bytes": "import io, sys\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')\n",
    "locale": 'import locale\nlocale.setlocale(locale.LC_ALL, "")\n',
}


@pytest.mark.parametrize("lines", FIRST_LINES.values(), ids=FIRST_LINES.keys())
def test_usual_first_lines_of_a_file_cost_nothing(lines: str, tmp_path: Path) -> None:
    prints = COUNT_WORDS.replace("    words =", "    print(text)\n    words =")
    assert "print" in prints
    (tmp_path / "words.py").write_text(lines + prints)
    done = small_here("grade", tmp_path / "words.py", "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    (result,) = results(tmp_path / "out").values()
    assert (result["score"], result["problems"]) == (4, [])


def test_every_name_can_be_written_whatever_the_locale(tmp_path: Path) -> None:
    some = students_of_the_small_course(tmp_path, "Łukasz")
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = autograder(
        "grade", some, "--out", tmp_path / "out", "--course", SMALL, env={**os.environ, **plain}
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "results" / "Łukasz.json").exists()


def test_a_class_is_graded_though_nobody_can_be_told(tmp_path: Path) -> None:
    out, some = tmp_path / "out", students_of_the_small_course(tmp_path, "ada")
    command: list[str | Path] = [sys.executable, "-m", "autograder", "grade", some]
    command += ["--out", out, "--course", SMALL]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        f"autograder: the results are in {out}; what is to be said of them cannot be written: "
        "No space left on device.\n"
    )
    assert (out / "results" / "ada.json").exists()


def test_few_open_files_are_enough(tmp_path: Path) -> None:
    command = f"ulimit -n 100; exec {sys.executable} -m autograder grade --jobs 1"
    done = subprocess.run(
        ["sh", "-c", f"{command} {SAMPLE / 'ada'} --out {tmp_path / 'out'}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "100.00" in done.stdout


def test_python_m_autograder_is_the_command() -> None:
    assert autograder("--help").stdout == subprocess.run(
        [Path(sys.executable).with_name("autograder"), "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.replace("Usage: autograder", "Usage: python -m autograder")

"""Of several files for one module the right one is taken, and what is said of the others is so."""

import itertools
import json
import random
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.course import Course, load_course
from autograder.practice.workspace import find_work
from autograder.results import Source
from autograder.submissions import Submission, to_submission
from autograder.submissions.files import Files
from tests.small import changed_words

COURSE = load_course()
MODULES = {m.id: [e.function for e in m.exercises] for m in COURSE.lessons}
RELU = "import numpy as np\n\n\ndef relu(z):\n    return np.maximum(z, 0)\n"
TANH = "def tanh(z):\n    return z\n"
# What systems, editors, browsers, LMSs and people make of a file's name for a copy or a backup.
COPIES = [
    *("{} - Copy", "{} - Copy (2)", "{} - Kopie", "{} - Copie", "{} - コピー", "{} - 副本"),
    *("{} copy", "{} copy 2", "{} Kopie 3", "{} 2", "{}的副本", "{}のコピー", "“{}”的副本"),
    *("{} (copy)", "{} (another copy)", "{} (3rd copy)", "{} (Kopie)", "{} (autre copie)"),
    *("{}-Copy1", "{}-Copy12", "{} (1)", "{}(1)", "{}-1", "{}_1", "{}+1", "{}2", "{}.1"),
    *("Copy of {}", "Kopie von {}", "Copie de {}", "Copia de {}", "Cópia de {}", "Kopia {}"),
    *("Копия {}", "{} — копия", "Kopie van {}", "Bản sao của {}", "{} kopyası", "{} - másolat"),
    *("{}_old", "{}.old", "old_{}", "{}-alt", "{}_ancien", "{}_viejo", "{}_vecchio", "{}_antigo"),
    *("{}.bak", "{}_bak", "{}_backup", "backup_{}", "{}.orig", "{}_orig", "{}~", "{}.save"),
    *("{} (Jane's conflicted copy 2026-11-28)", "{}-DESKTOP-7JK2", "{} final", "{}_v2", "{}_new"),
    *("{}-0b8a2a1e-97b4-4a52-a0b8-2b2d3ad4a3c1", "test_{}", "{}_sicherung", "my_{}_old"),
    *(
        "course (1)/{}",
        "old/{}",
        "backup/{}",
        "Sicherungskopie/{}",
        "Archive/{}",
        "deep-learning-basics copy/{}",
    ),
]


def read(contents: Mapping[str, str], *chosen: str) -> Submission:
    files = Files({name: text.encode() for name, text in contents.items()})
    return to_submission("s", Source("s"), files, COURSE, chosen)


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]})


def taken(submission: Submission, module: str) -> str:
    return "\n".join(chunk.text for chunk in submission.modules[module])


def functions(names: list[str], mark: str) -> str:
    return "".join(f"def {name}(*given):\n    return {mark!r}\n" for name in names)


def stubs(names: list[str]) -> str:
    return "".join(f"def {name}(*given):\n    raise NotImplementedError\n" for name in names)


@given(
    module=st.sampled_from(list(MODULES)),
    copies=st.lists(st.sampled_from(COPIES), min_size=1, max_size=4, unique=True),
    suffixes=st.lists(st.sampled_from([".py", ".ipynb"]), min_size=5, max_size=5),
    written=st.lists(st.integers(1, 9), min_size=5, max_size=5),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=300)
def test_a_file_with_the_exact_name_beats_every_copy(
    module: str, copies: list[str], suffixes: list[str], written: list[int], order: random.Random
) -> None:
    paths = [form.format(module) for form in ("{}", *copies)]
    contents = {}
    for path, suffix, count in zip(paths, suffixes, written, strict=False):
        text = functions(MODULES[module][:count], path)
        contents[path + suffix] = text if suffix == ".py" else notebook(text)
    names = list(contents)
    order.shuffle(names)
    submission = read({name: contents[name] for name in names})
    assert repr(module) in taken(submission, module)
    (told,) = submission.problems
    assert f"; {next(iter(contents))} was taken, the one that " in told
    named_so = any(Path(name).stem == module for name in list(contents)[1:])
    assert told.endswith(f" that is named {module}.") == (not named_so)


@pytest.mark.parametrize("form", COPIES)
@pytest.mark.parametrize("module", MODULES)
def test_a_copy_is_read_where_there_is_nothing_else(module: str, form: str) -> None:
    path = f"{form.format(module)}.py"
    submission = read({path: functions(MODULES[module], "mine")})
    assert "mine" in taken(submission, module)
    assert submission.problems == ()


@pytest.mark.parametrize("form", COPIES)
def test_a_copy_that_somebody_worked_in_comes_before_a_stub_that_nobody_touched(form: str) -> None:
    submission = read(
        {
            "activations.py": stubs(MODULES["activations"]),
            f"{form.format('activations')}.py": RELU,
        }
    )
    assert "maximum" in taken(submission, "activations")
    (told,) = submission.problems
    assert told.startswith("nothing is written in activations.py, so ")


@given(st.permutations(["a", "activations", "activations (1)", "activations-Copy2"]), st.data())
@settings(max_examples=60)
def test_a_file_that_was_asked_for_by_name_always_wins(
    names: list[str], data: st.DataObject
) -> None:
    contents = {f"{name}.py": functions(MODULES["activations"][:3], name) for name in names}
    contents["activations.ipynb"] = notebook(functions(MODULES["activations"], "notebook"))
    asked = data.draw(st.sampled_from(sorted(contents)))
    mark = "notebook" if asked.endswith("ipynb") else asked.removesuffix(".py")
    assert f"return {mark!r}" in taken(read(contents, asked), "activations")


def test_check_judges_the_file_that_it_was_given(tmp_path: Path, course: Course) -> None:
    (tmp_path / "activations.py").write_text(RELU)
    (tmp_path / "activations - Copy.py").write_text(RELU + TANH)
    for name, count in {"activations.py": 1, "activations - Copy.py": 2}.items():
        work = find_work([name], course, tmp_path)
        assert taken(work.read(course), "activations").count("def ") == count
    assert taken(find_work([], course, tmp_path).read(course), "activations").count("def ") == 1


def test_a_notebook_named_after_one_lesson_is_read_for_every_lesson_in_it(
    tmp_path: Path, course: Course
) -> None:
    cells = [functions(names, "one") for names in MODULES.values()]
    contents = {"gradient_descent.ipynb": notebook(*cells), "activations.py": stubs(["relu"])}
    submission = read(contents)
    assert all("one" in taken(submission, module) for module in MODULES)
    others = " and ".join(f"{module}.py" for module in MODULES if module != "gradient_descent")
    assert submission.problems == (
        "gradient_descent.ipynb holds functions of other modules too; it was also read as "
        f"{others}.",
    )
    for name, text in contents.items():
        (tmp_path / name).write_text(text)
    work = find_work(["gradient_descent.ipynb"], course, tmp_path)
    assert set(work.exercises) == set(course.exercises)


def test_a_stub_whose_name_ends_like_another_exercises_is_no_work_on_that(tmp_path: Path) -> None:
    words = changed_words(
        tmp_path, {"exercises/course.toml": [('id = "most_frequent"', 'id = "words"')]}
    )
    contents = {"words.py": stubs(["count_words"]), "final.py": functions(["count_words"], "one")}
    files = Files({name: text.encode() for name, text in contents.items()})
    assert "one" in taken(to_submission("s", Source("s"), files, words, ()), "words")


def test_a_lesson_handed_in_by_its_own_name_is_not_taken_from_another_ones_file() -> None:
    contents = {
        "backpropagation.py": functions([*MODULES["backpropagation"], "relu", "tanh"], "other"),
        "activations.py": RELU,
    }
    submission = read(contents)
    assert "maximum" in taken(submission, "activations")
    assert submission.problems == ()


def test_what_is_said_of_an_old_file_beside_the_right_one_is_so() -> None:
    both = {"exercises/activations.py": RELU, "exercises/activations_old.py": RELU + TANH}
    (told,) = read(both).problems
    assert told == (
        "there are 2 files for activations (exercises/activations.py, "
        "exercises/activations_old.py); exercises/activations.py was taken, the one that is named "
        "activations."
    )
    names = ["homework.py", "activations.py"]
    problems = read({name: RELU + name.replace("h", "#h") for name in names}).problems
    assert not any("homework.py is not named" in told for told in problems)


def test_the_reason_for_a_choice_is_so() -> None:
    one, two = RELU, RELU + TANH
    for contents, why in (
        ({"a/activations.py": one, "b/activations.py": two}, "in which most is written"),
        ({"a/activations.py": one, "activations.py": one + "#"}, "that is nearest to the top"),
        ({"a/activations.py": one, "b/activations.py": one + "#"}, None),
        (
            {"Activations.py": one, "activations (1).py": two},
            "whose name is nearest to it",
        ),
        ({"activations.py": one, "old/activations.py": two}, "that lies in no folder of copies"),
        ({"mine.py": one, "other.py": two}, "in which most is written"),
    ):
        (told,) = [p for p in read(contents).problems if p.startswith("there are 2 files")]
        assert told.endswith(
            f" was taken, the one {why}." if why else " was taken, the first of them."
        )


@pytest.mark.parametrize("name", ["activations_plots", "plot_activations_all", "activationsplot"])
def test_a_helper_named_like_a_module_stays_a_helper(name: str) -> None:
    contents = {f"{name}.py": "def draw(f):\n    pass\n", "homework.py": RELU}
    submission = read(contents)
    assert "maximum" in taken(submission, "activations")
    assert "draw" in taken(submission, name)


def test_a_module_that_has_its_functions_from_a_helper_is_taken_and_so_is_the_helper() -> None:
    contents = {"activations.py": "from mine import relu\n", "mine.py": RELU}
    submission = read(contents)
    assert taken(submission, "activations") == contents["activations.py"]
    assert taken(submission, "mine") == RELU
    assert submission.problems == ()


def test_a_helper_that_holds_a_lesson_can_still_be_imported() -> None:
    contents = {"backpropagation.py": "from mine import sigmoid\n", "mine.py": RELU + TANH}
    submission = read(contents)
    assert taken(submission, "mine") == taken(submission, "activations") == RELU + TANH


@given(
    st.dictionaries(
        st.builds(
            "{}{}".format,
            st.sampled_from([*MODULES, *(form.format(m) for form in COPIES for m in MODULES)]),
            st.sampled_from([".py", ".ipynb"]),
        ),
        st.sampled_from([*MODULES]).map(lambda m: functions(MODULES[m][:4], m))
        | st.just("x = 1\n"),
        min_size=1,
        max_size=6,
    )
)
@settings(max_examples=200)
def test_whatever_is_in_the_way_a_module_is_found_wherever_its_functions_are(
    texts: dict[str, str],
) -> None:
    contents = {n: notebook(t) if n.endswith("ipynb") else t for n, t in texts.items()}
    submission = read(contents)
    for module, names in MODULES.items():
        telling = [n for n in names if sum(n in other for other in MODULES.values()) == 1]
        holds = any(f"def {n}(" in text for n, text in itertools.product(telling, texts.values()))
        assert not holds or module in submission.modules
    for told in submission.problems:
        if " was taken" in told or " was read as" in told:
            path = re.split("; |, so ", told.partition(" was taken")[0])[-1]
            path = told.partition(" is not named")[0] if " is not named" in told else path
            assert path.rpartition("/")[2] in submission.files.values(), told

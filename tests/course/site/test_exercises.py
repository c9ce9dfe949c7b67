"""The exercises on the page: the terminal's verdicts, in the browser, on all of them."""

import ast
import json
import os
import random
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from autograder.browser.checking import to_submission
from autograder.course import Course, load_course
from autograder.display import as_sentence
from autograder.packaging.stubs import stub_parts
from autograder.practice.run import Bench, practise
from autograder.practice.verdicts import Verdict
from autograder.publishing.exercises import stubs
from autograder.publishing.runtime import sources
from autograder.sandbox.process import Limits
from autograder.sandbox.spawned import SpawnedProcesses
from autograder.submissions.manifest import MANIFEST_NAME, write_manifest
from tests.course.site.accessibility import violations
from tests.course.site.conftest import SUB_PATH, WORKSHOP, Site, served
from tests.course.site.workshop import (
    exercise_on,
    opened,
    right_texts,
    verdict_on,
    write,
    wrong_text,
)
from tests.places import DONE, PUBLIC_POINTS, ROOT
from tests.seeds import PROVE, SEED


class Answer(NamedTuple):
    """What a reader writes for an exercise, and what the terminal says about it."""

    exercise: str
    text: str
    verdict: Verdict


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    """For each exercise of a lesson a right and a wrong answer, the other functions being right.

    Of all lessons, when a release is made; else of another one each time.
    """
    course = load_course()
    lessons = course.lessons if PROVE else [random.Random(SEED).choice(course.lessons)]
    chosen = [f"{lesson.id}.{e.function}" for lesson in lessons for e in lesson.exercises]
    right = right_texts(course)
    texts = [
        (name, text)
        for name in chosen
        for text in (
            right[name.partition(".")[0]][name.partition(".")[2]],
            wrong_text(course, name),
        )
    ]
    made: list[Answer] = []

    def judge(bench: Bench) -> None:
        for exercise, text in texts:
            module, _, name = exercise.partition(".")
            head = stubs(load_course())[module]["head"]
            submission = to_submission(exercise, head, right[module] | {name: text})
            (verdict,) = bench.check(submission, [exercise]).verdicts
            made.append(Answer(exercise, text, verdict))

    with SpawnedProcesses(Limits()) as processes:
        processes.prepare()
        practise(course, chosen, processes, judge)
    return made


def text_in(field: Locator) -> str:
    """What is written in an editor, all of which is in view."""
    return "\n".join(field.locator(".cm-line").all_text_contents())


def said(verdict: Verdict) -> list[str]:
    """What the terminal says, piece by piece."""
    pieces = [verdict.status, verdict.mistake, verdict.caution]
    failed = [check for check in verdict.checks if not check.passed]
    for check in failed[:1] if verdict.note else failed:
        pieces.append(check.sentence)
        if (evidence := check.evidence) is not None:
            pieces += [as_sentence(evidence.reason), evidence.call, evidence.cause]
            pieces += [shown.text for shown in (evidence.expected, evidence.got) if shown]
    return [piece for piece in pieces if piece]


def test_the_page_says_of_every_answer_what_the_terminal_says(
    page: Page, workshop: str, answers: list[Answer]
) -> None:
    page.goto(workshop)
    opened(page, answers[0].exercise)
    for exercise, text, _ in answers[::2]:  # Some call others of their module.
        place = exercise_on(page, exercise)
        if place.get_by_role("button", name="Start").count():
            place.get_by_role("button", name="Start").click()
        write(place, text)
    for right, wrong in zip(answers[::2], answers[1::2], strict=True):
        for answer in (wrong, right):
            told = verdict_on(page, answer.exercise, answer.text)
            for piece in said(answer.verdict):
                assert piece in told, (answer.exercise, told)
        assert right.verdict.status == "done"
        assert wrong.verdict.status == "wrong"
        assert wrong.verdict.mistake or wrong.verdict.checks
    expect(page.locator("dl-progress")).to_contain_text(
        re.compile(rf"\b{len(answers) // 2} {DONE}, [0-9.]+ of {PUBLIC_POINTS:g} public points")
    )


def test_an_endless_loop_is_stopped_and_the_next_check_works(page: Page, workshop: str) -> None:
    page.goto(workshop)
    field = opened(page, "gradient_descent.predict")
    place = exercise_on(page, "gradient_descent.predict")
    write(place, "def predict(w, x):\n    while True:\n        pass\n")
    field.press("Control+Enter")
    stop = place.get_by_role("button", name="Stop")
    expect(place.get_by_text("Checking")).to_be_visible()
    stop.click()
    expect(place.get_by_role("status")).to_contain_text("look for a loop that never ends")
    assert "done" in verdict_on(
        page, "gradient_descent.predict", "def predict(w, x):\n    return w * x\n"
    )


def test_a_loop_that_nobody_stops_is_stopped_by_itself(page: Page, workshop: str) -> None:
    page.goto(workshop)
    opened(page, "gradient_descent.predict")
    told = verdict_on(page, "gradient_descent.predict", "while True:\n    pass\n")
    assert "stopped after 10 seconds" in told


def test_what_was_written_survives_a_reload_and_a_reset_takes_it_back(
    page: Page, workshop: str
) -> None:
    page.goto(workshop)
    opened(page, "gradient_descent.predict")
    place = exercise_on(page, "gradient_descent.predict")
    write(place, "def predict(w, x):\n    return x\n")
    place.locator("summary").first.click()
    expect(place.locator("summary").nth(1)).to_be_visible()
    page.reload()
    place.get_by_role("textbox").wait_for()
    assert text_in(place.get_by_role("textbox")) == "def predict(w, x):\n    return x\n"
    expect(place.locator("summary").nth(1)).to_be_visible()
    expect(place.locator("summary").nth(2)).to_be_hidden()
    page.on("dialog", lambda dialog: dialog.accept())
    place.get_by_role("button", name="Reset").click()
    assert text_in(place.get_by_role("textbox")).endswith("    raise NotImplementedError\n")


def test_python_is_loaded_when_asked_for_and_not_before(page: Page, workshop: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(workshop)
    page.wait_for_load_state("networkidle")
    python = [a for a in asked if "/runtime/" in a and "/runtime/page/" not in a]
    assert python == []


def test_a_stub_is_not_started_and_a_slip_of_the_pen_is_told_with_its_line(
    page: Page, workshop: str
) -> None:
    page.goto(workshop)
    field = opened(page, "activations.relu")
    assert "not started" in verdict_on(page, "activations.relu", text_in(field))
    told = verdict_on(page, "activations.relu", "def relu(z):\n    retrun 0\n")
    assert "relu, line 2" in told
    assert "SyntaxError" in told
    # It costs nobody else anything.
    right = "def tanh(z):\n    return np.tanh(z)\n"
    told = verdict_on(page, "activations.tanh", right)
    assert "done" in told
    assert "relu is left out for now" in told


def test_the_editor_indents_and_lets_go(page: Page, workshop: str) -> None:
    page.goto(workshop)
    field = opened(page, "activations.relu")
    write(exercise_on(page, "activations.relu"), "def relu(z):")
    field.press("Control+End")
    field.press("Enter")
    field.press_sequentially("if z:")
    field.press("Enter")
    field.press_sequentially("return z")
    field.press("Enter")
    field.press("Shift+Tab")
    field.press_sequentially("return 0")
    assert text_in(field) == "def relu(z):\n    if z:\n        return z\n    return 0"
    field.press("Control+a")
    field.press("Tab")
    assert text_in(field).startswith("    def relu(z):\n        if z:")
    field.press("Shift+Tab")
    assert text_in(field).startswith("def relu(z):\n    if z:")
    field.press("Escape")
    field.press("Tab")
    expect(field).not_to_be_focused()


def test_the_archive_is_graded(page: Page, workshop: str, tmp_path: Path, course: Course) -> None:
    page.goto(workshop)
    page.locator("dl-progress").get_by_role("button").click()
    expect(page.locator("dl-progress").get_by_role("status")).to_contain_text("nothing to hand in")
    right = right_texts(course)
    for exercise in course.exercises:
        module, _, name = exercise.partition(".")
        text = right[module][name]
        place = exercise_on(page, exercise)
        place.get_by_role("button", name="Start").click()
        # As most would: nobody types the docstring again.
        write(place, without_docstring(text))
    assert "SyntaxError" in verdict_on(page, "activations.relu", "def relu(z):\n    retrun ä\n")
    with page.expect_download() as download:
        page.locator("dl-progress").get_by_role("button").click()
    archive = tmp_path / "handin.zip"
    download.value.save_as(archive)
    with zipfile.ZipFile(archive) as packed:
        assert packed.testzip() is None
        module = packed.read("gradient_descent.py").decode()
        assert "# Python cannot read this yet:" in packed.read("activations.py").decode()
        manifest = packed.read(MANIFEST_NAME)
        contents = {name: packed.read(name) for name in packed.namelist()[1:]}
        moment = datetime(*packed.getinfo(MANIFEST_NAME).date_time)
    # Byte by byte what `autograder submit` writes, with the versions of the page's Python.
    told = json.loads(manifest)
    created = datetime.fromisoformat(told["created"])
    versions = {name: told["versions"][name] for name in ("numpy", "python")}
    assert versions == {"numpy": "1.25.2", "python": "3.11.3"}
    assert manifest == write_manifest(load_course(), contents, created, **versions)
    assert abs(created - moment.astimezone()) < timedelta(seconds=2)
    stub = (ROOT / "exercises" / "gradient_descent.py").read_text()
    assert module.partition("def ")[0] == stub.partition("def ")[0]
    assert stub_parts(module)[1].keys() == stub_parts(stub)[1].keys()
    class_folder = tmp_path / "class"
    class_folder.mkdir()
    shutil.copy(archive, class_folder / "whole.zip")
    damaged(archive, class_folder / "damaged.zip")
    command = [sys.executable, "-m", "autograder", "grade", str(class_folder)]
    command += ["--out", str(tmp_path / "o")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    results = tmp_path / "o" / "results"
    result = json.loads((results / "whole.json").read_text())
    scores = {e["id"]: e for e in result["exercises"]}
    assert {name for name, e in scores.items() if e["outcome"] != "correct"} == {"activations.relu"}
    assert not [told for told in result["problems"] if "autograder submit" in told]
    told = json.loads((results / "damaged.json").read_text())["problems"]
    assert "gradient_descent.py was changed after `autograder submit` packed it." in told


def damaged(archive: Path, copy: Path) -> None:
    """Copies an archive with a line more in one of its files."""
    with zipfile.ZipFile(archive) as packed, zipfile.ZipFile(copy, "w") as made:
        for name in packed.namelist():
            end = b"# more\n" if name == "gradient_descent.py" else b""
            made.writestr(name, packed.read(name) + end)


def without_docstring(text: str) -> str:
    return re.sub(r'(?s)^(def .*?:\n) {4}""".*?"""\n', r"\1", text)


def test_a_site_without_python_says_so_and_what_to_do(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    copy = tmp_path / SUB_PATH
    shutil.copytree(
        site.folder, copy, copy_function=os.link, ignore=shutil.ignore_patterns("runtime")
    )
    shutil.copytree(site.folder / "runtime" / "page", copy / "runtime" / "page")
    page = browser.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    with served(tmp_path) as address:
        page.goto(f"{address}{WORKSHOP}")
        place = exercise_on(page, "activations.relu")
        place.get_by_role("button", name="Start").click()
        told = place.get_by_role("status")
        expect(told).to_contain_text("This copy of the site has no Python")
        expect(told).to_contain_text("Write relu in activations.py")
        expect(told).to_contain_text("make serve")
        place.get_by_role("button", name="Download activations.py").click()
        expect(told).to_contain_text("could not be put together")
        write(place, "def relu(z):\n    return 0\n")
        handed = page.locator("dl-progress")
        handed.get_by_role("button").click()
        expect(handed.get_by_role("status")).to_contain_text("could not be packed")
        # Nothing of that is remembered: once Python is there, it is loaded.
        shutil.copytree(site.folder / "runtime", copy / "runtime", dirs_exist_ok=True)
        assert "wrong" in verdict_on(page, "activations.relu", "def relu(z):\n    return 0\n")
        with page.expect_download():
            handed.get_by_role("button").click()
        page.close()
    assert wrong == []


def test_axe_finds_nothing_in_an_exercise(page: Page, workshop: str) -> None:
    page.goto(workshop)
    opened(page, "activations.relu")
    verdict_on(page, "activations.relu", "def relu(z):\n    print(z)\n    return abs(z)\n")
    assert violations(page) == []


def test_without_script_the_contract_and_the_hints_are_there(
    browser: Browser, workshop: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(workshop)
    place = exercise_on(page, "activations.softmax")
    expect(place.get_by_text("each row sums to 1")).to_be_visible()
    expect(place.get_by_text("autograder check softmax")).to_be_visible()
    assert place.locator("summary").all_text_contents() == [f"Hint {n} of 3" for n in (1, 2, 3)]
    context.close()


def test_no_solution_grader_or_wrong_function_is_in_the_runtime(course: Course) -> None:
    shipped = sources(load_course())
    assert not [p for p in shipped if re.search(r"solutions|graders|mistakes/|mutants", p)]
    text = "\n".join([*shipped.values(), json.dumps(stubs(load_course()))])
    for lesson in course.lessons:
        tree = ast.parse((ROOT / "solutions" / f"{lesson.id}.py").read_text())
        for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
            lines = [line for statement in function.body[1:] for line in written(statement)]
            assert not [line for line in lines if line in text], function.name


def written(statement: ast.stmt) -> list[str]:
    """The lines of a statement that are long enough to be nobody else's."""
    return [line.strip() for line in ast.unparse(statement).splitlines() if len(line.strip()) > 24]


def test_an_exercise_stands_once_and_on_the_page_of_its_lesson(site: Site, course: Course) -> None:
    found: dict[str, list[str]] = {}
    for address in site.pages():
        text = (site.folder / address / "index.html").read_text()
        for name in re.findall(r'<dl-exercise[^>]* data-exercise="([\w.]+)"', text):
            found.setdefault(name, []).append(address)
    for name, addresses in found.items():
        assert addresses == [course.exercises[name].section.partition("#")[0]], name


def test_the_pieces_of_a_stub_are_the_stub() -> None:
    for module, parts in stubs(load_course()).items():
        text = (ROOT / "exercises" / f"{module}.py").read_text()
        made: Mapping[str, Any] = parts["functions"]
        functions = [
            f"{p['signature']}{p['docstring']}    raise NotImplementedError\n"
            for p in made.values()
        ]
        assert "\n\n".join([parts["head"], *functions]) == text

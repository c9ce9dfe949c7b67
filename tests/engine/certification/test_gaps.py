"""Whatever a course lacks is one sentence, with the file and what to write there."""

from pathlib import Path

import pytest

from autograder.certification.gaps import gaps
from autograder.certification.references import unproved
from autograder.certification.trials import load_variants
from autograder.course import Course
from autograder.examiner.proving import prove_course
from autograder.mistakes.catalogue import load_mistakes
from autograder.packaging.generated import generated, generated_notebooks
from autograder.proofs import load_proofs
from tests.small import changed_words

ROWS = "graders/rows"
PAGE = "# Rows\n\n## Running means\n\nWhat they are.\n\n{exercise: rows.running_means}\n"


def gaps_of(course: Course) -> list[str]:
    return list(
        gaps(
            course,
            list(course.exercises),
            prove_course(course, 1),
            load_mistakes(course),
            load_variants(course),
            load_proofs(course),
        )
    )


def up_to_date(course: Course) -> Course:
    for path, content in (generated(course) | generated_notebooks(course)).items():
        path.write_bytes(content)
    return course


GAPS = {
    "no proof": (
        {f"{ROWS}/proofs.py": [('@proof("running_means", *((row,) for row in ROWS))\n', "")]},
        "graders/rows/proofs.py proves nothing of running_means: write its formula once more, from "
        'its contract, under @proof("running_means", ...).',
    ),
    "a variant too few": (
        {f"{ROWS}/variants.py": [('        "tuple"', '        "slices"')]},
        "graders/rows/variants.py needs 1 more right answers in other words: write them in "
        'VARIANTS["running_means"].',
    ),
    "points that do not add up": (
        {f"{ROWS}/checks.py": [("@points(1.6)", "@points(2.6)")]},
        "exercises/course.toml: running_means is worth 3 points, and its checks in rows together "
        "4, where 3 is right: change their @points; until then they are scaled.",
    ),
    "a check without points": (
        {f"{ROWS}/checks.py": [("@points(0.4)\ndef test_means_kind", "def test_means_kind"),
                               ("@points(1.6)", "@points(2)")]},
        "graders/rows/checks.py: test_means_kind is worth nothing: write @points(...) above it.",
    ),
    "a mistake without a sentence": (
        {f"{ROWS}/mistakes.py": [('    """These are the sums up to each number: for the means, '
                                  'divide each by how many are in it."""\n', "")]},
        "graders/rows/mistakes.py says nothing of running_means.sums: write what a teacher would "
        "say as its docstring, a sentence that ends with a full stop.",
    ),
    "a function that is no exercise": (
        {"solutions/rows.py": [("def running_means(", "def rise(a: float) -> float:\n    return a"
                                "\n\n\ndef running_means(")]},
        "solutions/rows.py defines rise, which is no exercise: write it into "
        "exercises/course.toml, or call it _rise.",
    ),
    "a place that is still to be written": (
        {f"{ROWS}/mistakes.py": [("These are the sums up", "Write here what is wrong. Sums up")]},
        "graders/rows/mistakes.py, line 10: still to be written: what is wrong. Sums up to each "
        "number: for the means, divide each by how many are in it.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_is_one_sentence_that_says_what_to_write(tmp_path: Path, gap: str) -> None:
    changes, told = GAPS[gap]
    course = changed_words(tmp_path, changes)
    assert gaps_of(up_to_date(course)) == [told]


def test_what_is_generated_and_was_not_is_told(tmp_path: Path) -> None:
    course = changed_words(
        tmp_path, {"solutions/rows.py": [("Return the mean of", "Return each mean of")]}
    )
    assert gaps_of(course) == [
        f"exercises/{name} is not up to date: run `autograder course generate`."
        for name in ("rows.py", "rows.ipynb")
    ]


def test_a_lesson_has_the_heading_and_sets_the_exercise(tmp_path: Path) -> None:
    course = changed_words(tmp_path, {})
    site = course.root / "site"
    site.mkdir(exist_ok=True)
    for page in site.glob("*.md"):
        page.unlink()
    (site / "rows.md").write_text(PAGE)
    (site / "words.md").write_text("# Words\n\n## Counting\n")
    assert gaps_of(course) == [
        "site/words.md does not set count_words: write {exercise: words.count_words} where it is "
        "taught.",
        "site/words.md does not set most_frequent: write {exercise: words.most_frequent} where it "
        "is taught.",
        "site/words.md has no heading #the-winner, where exercises/course.toml says that "
        "most_frequent is taught.",
    ]
    (site / "rows.md").write_text(PAGE.replace("## Running means", "## RUNNING means"))
    assert (
        "exercises/course.toml: students read 'Running means' where site/rows.md says "
        "'RUNNING means': write running-means = \"RUNNING means\" under [headings]."
    ) in gaps_of(course)
    (site / "reference.md").write_text("{reference: rows}\n")
    assert [gap for gap in gaps_of(course) if "reference" in gap] == [
        "site/reference.md does not list the exercises of words: write {reference: words} there."
    ]
    (site / "words.md").unlink()
    assert "site/words.md is missing: words says that its lesson is words/." in gaps_of(course)


MEANS = "    return [float(total / count) for count, total in enumerate(sums, 1)]"
WRONG = {
    "running_means([2.0, 4.0, 9.0]) is [2.0, 3.0, 7.5], and by the proof [2, 3, 5]": (
        MEANS,
        "    return [float(total / min(count, 2)) for count, total in enumerate(sums, 1)]",
    ),
    "returns a ndarray, not what it says, in running_means([2.0, 4.0, 9.0])": (
        MEANS,
        "    return sums / np.arange(1, len(sums) + 1)",
    ),
    "changes an argument in running_means([2.0, 4.0, 9.0])": (
        MEANS,
        f"    if values.flags.writeable:\n        values += 1\n{MEANS}",
    ),
    "gives another answer for read-only views of the same numbers in "
    "running_means([2.0, 4.0, 9.0])": (
        MEANS,
        f"    if not values.flags.writeable:\n        sums = sums + 1\n{MEANS}",
    ),
    "prints in running_means([2.0, 4.0, 9.0])": (MEANS, f"    print(sums)\n{MEANS}"),
    "warns (RuntimeWarning: divide by zero encountered in divide) in "
    "running_means([2.0, 4.0, 9.0])": (MEANS, f"    sums / 0\n{MEANS}"),
    "gives another answer the second time in running_means([2.0, 4.0, 9.0])": (
        MEANS,
        "    global COUNT\n    COUNT += 1\n    return [COUNT, *sums.tolist()[1:]]",
    ),
    "does not say what values is: annotate it": ("values: Array)", "values)"),
    "does not say what it returns: annotate it": (" -> list[float]:", ":"),
    "has a docstring whose first line is no sentence: end it with a full stop": (
        "in front of it.\n",
        "in front of it\n",
    ),
    "does not describe its parameters, each in a line below `Args:` and in their order": (
        "        values: The",
        "        numbers: The",
    ),
    "does not describe what comes back below `Returns:`": ("    Returns:\n", "    Gives:\n"),
    "shows no call of itself below `Example:`": (">>> running_means(", ">>> len("),
    "has an example that is not true: it gives [2.0, 3.0, 5.0]": (
        "[2.0, 3.0, 5.0]",
        "[2.0, 3.0, 4.0]",
    ),
    "has a line of its body in its docstring, which students get: say it in words": (
        "m_k = (x_1 + ... + x_k) / k",
        "np.cumsum(values)",
    ),
}


@pytest.mark.parametrize("told", WRONG)
def test_a_reference_that_is_wrong_or_breaks_a_rule_is_told(tmp_path: Path, told: str) -> None:
    old, new = WRONG[told]
    changes = {"solutions/rows.py": [(old, new), ("\n\ndef run", "\nCOUNT = 0\n\n\ndef run")]}
    course = changed_words(tmp_path, changes)
    found = list(unproved(course, ["rows.running_means"], load_proofs(course)))
    assert any(sentence.endswith(f"{told}.") for sentence in found), found
    assert all(sentence.startswith("solutions/rows.py: running_means") for sentence in found)


def test_a_proof_that_ends_with_an_error_is_told(tmp_path: Path) -> None:
    course = changed_words(tmp_path, {f"{ROWS}/proofs.py": [("sum(values[:k])", "nobody")]})
    (told,) = unproved(course, ["rows.running_means"], load_proofs(course))
    assert told == (
        "solutions/rows.py: running_means: the proof in graders/rows/proofs.py ends with "
        "NameError: name 'nobody' is not defined."
    )

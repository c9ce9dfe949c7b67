"""A cell is rewritten as IPython rewrites it, and no line of a string is ever touched."""

import ast
import io
import itertools
import random
import sys
import tokenize
import warnings

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from autograder.sandbox import cells
from autograder.sandbox.cells import to_python

# One of each kind: what is special, what only looks like it, and what is no Python at all.
MAGICS = [
    *("%time f(3)", "%matplotlib inline", "x = %time 3", "x=%time 3", "%cd ~", "%time x = (\n 3)"),
    *(
        "% matplotlib inline",
        "x = % time 3",
        "%",
        "x = %",
        "%%",
        "x = %%time",
        "%run a.py \\\n  -i",
    ),
    *("%time?", "%%time?", "%%time", "%%time x", "%%bash\nls", "%%timeit -n 1\nf(3)", "%=3"),
    *("%%writefile a.py\nx = '''\n%y\n'''", "\n\n%%time\nx = 3", "  %%time\n  x = 3"),
]
COMMANDS = [
    *("!ls -l", "! ls", "!", "!!ls", "!pip install \\\n   numpy", "!a \\\n  b \\\n  c", "!a \\"),
    *("x = !ls", "x=!ls", "a, b = 1, !ls", "x = \\\n  !ls", "x = !!ls", "x = !", "x: int = !ls"),
    *("x = y = !ls", '!echo "it\'s ("\nx = 3', "!echo (\nx = 3", "x = !echo (\ny = 3", "a ; !ls"),
    *("é = !ls", "x = !ls {z} $y", "assert x, !ls", "def g(a=3, *, b=!ls):\n  pass"),
]
HELP = [
    *("relu?", "relu??", "?relu", "??relu", "x = relu?", "foo.bar?", "foo[0]?", "foo()?", "*foo*?"),
    *("foo(\n a?", "y? # c", "y? ", "?", "??", "f(x)(\n)[1]?", "(a,\n b?)", "np.*exp*?"),
]
CALLS = ["/f x y", ",f a b", ";f a b", "/", ";", "//x", ",!ls", ";;f", "x;", "relu(3);"]
PLAIN = [
    *(
        "def f(z):\n    '''\n    %d is\n    !no\n    '''\n    %time 3\n    return z",
        "x = (7\n  % 4)",
    ),
    *("x = [\n1,\n!2]", "'''\n%x\n'''", "f'''\n{x\n  %3}\n'''", "b'''\n%x'''", "rb'%x'", "# %time"),
    *("y = 3 # foo?", "x == 3", "x != 3", "x %= 3", "x /= 2", "x=3\\\n%4", "x = f'{a!r}'"),
    *("x = '\\\n%y\\\n'", "x = '''a''' + '''\n!b\n'''", "x = '''it''s\n%y'''", "print('it''s')"),
    *(
        "x = 'a' \\\n  '%b'",
        "x = {\n'a': 1,\n# !x\n%b}",
        "x = '''\\'''\n%y'''",
        'x = r"\\"; y = "%z"',
    ),
    *("if x:\n    !ls\nelse:\n    y = !ls {z}", "print(x) if y else %time", "@d\n%x", "await x"),
    *(
        "async def f():\n  await x",
        "class A:\n  !ls\n  x = 3",
        "if 1:\n  pass\n %x",
        "lambda a=1: %foo",
    ),
]
PASTED = [
    *(
        ">>> x = 1\n... 3",
        ">>> def f(z):\n...     return z\n>>> f(3)\n3",
        "In [1]: x=3\n   ...: y=4",
    ),
    *(
        "In [12]: def f():\n    ...:     return 3",
        "'''\n>>> kept\n'''",
        "x = '''\n>>> a\n'''\n>>> y",
    ),
    *(
        "    x = 3\n    %time x",
        "    x\n  y",
        "\tx = 3\n\t!ls",
        "\n\n",
        "\t",
        "...",
        "x = ...\n...",
    ),
]
WRONG = ["'un", "(", '"""', 'print("it\'s") ; %x', ")", "]\n%x", ")\n(\n%x\n)", "\\", "'a\\\n"]
EVERY = [*MAGICS, *COMMANDS, *HELP, *CALLS, *PLAIN, *PASTED, *WRONG]


def as_tree(code: str) -> str | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.dump(ast.parse(code))
        except (SyntaxError, ValueError):
            return None


_NEWER = sys.version_info >= (3, 12)


def as_ipython(cell: str) -> str:
    try:
        return str(TransformerManager().transform_cell(cell))  # type: ignore[no-untyped-call]
    except SyntaxError:  # Its tokens are not even indented as Python's.
        return "("


def _is_open(cell: str) -> bool:
    """Whether a text or bracket in a cell is never closed."""
    try:
        list(tokenize.generate_tokens(io.StringIO(f"{cell}\n").readline))
    except (tokenize.TokenError, SyntaxError) as error:
        return "EOF" in str(error) or "unterminated" in str(error)
    return False


def lines(code: str) -> list[str]:
    return [line for line in code.split("\n") if line.strip()]


def assert_as_ipython(cell: str) -> None:
    theirs, ours = as_ipython(cell), to_python(cell)
    if _NEWER and (_is_open(cell) or (as_tree(theirs) is None and "?" in cell)):
        # Newer Pythons make no tokens of a text or bracket that is never closed, so that IPython
        # leaves such a cell, or what follows, as it is. Here it is read as with the older ones.
        return
    assert as_tree(ours) == as_tree(theirs), cell
    if as_tree(theirs) is not None:
        assert lines(ours) == lines(theirs), cell


@pytest.mark.parametrize("cell", EVERY)
def test_each_kind_of_line_is_rewritten_as_ipython_does(cell: str) -> None:
    assert_as_ipython(cell)


def test_any_two_kinds_of_line_in_one_cell_are_rewritten_as_ipython_does() -> None:
    pairs = list(itertools.product(EVERY, EVERY))
    for first, second in random.Random(12).sample(pairs, 700):
        assert_as_ipython(f"{first}\n{second}")


@given(st.lists(st.sampled_from(EVERY), max_size=6).map("\n".join), st.sampled_from(["", "  "]))
def test_any_cell_of_such_lines_is_rewritten_as_ipython_does(cell: str, indent: str) -> None:
    assert_as_ipython("\n".join(indent + line for line in cell.split("\n")))


@given(st.lists(st.sampled_from([*"%!?=;,/'\"()[]{}\\# \nxfr1.", "'''", "get", "  "])).map("".join))
@example("x = '''\n'\n%y\n'''")
def test_what_is_made_of_any_text_is_what_ipython_makes(text: str) -> None:
    assert_as_ipython(text)


@given(st.lists(st.sampled_from(EVERY), min_size=1, max_size=5).map("\n".join))
def test_a_line_stays_at_its_number(cell: str) -> None:
    made = to_python(cell)
    if "run_cell_magic" not in made:
        assert made.count("\n") == cell.count("\n") + (not cell.endswith("\n"))


@given(st.sampled_from(["'''", '"""']), st.lists(st.sampled_from(["%x", "!ls", "a?", "'", ""])))
def test_no_line_of_a_string_or_a_bracket_is_touched(quotes: str, inside: list[str]) -> None:
    text = "\n".join(line for line in inside if line != "'" or quotes == '"""')
    for cell in (
        f"x = {quotes}\n{text}\n{quotes}\n",
        f"def f():\n    {quotes}{text}\n    {quotes}\n",
    ):
        assert to_python(f"{cell}%time 3\n") == f"{cell}get_ipython().run_line_magic('time', '3')\n"


@pytest.mark.parametrize(
    "field",
    [
        "{x['%a']}",
        "{'!'}",
        "{x:{w}}",
        "{d:%H o'clock}",
        "{x!r:>{'3'}}",
        "{{%}}",
        "{(\n%b\n)}",
        "{f'{x}'}",
    ],
)
def test_since_python_3_12_a_field_of_an_f_string_is_code(
    field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cells, "_FIELDS_ARE_CODE", True)
    for quotes in ("'", "'''"):
        cell = f"x = f{quotes}{field}{quotes}\n"
        assert to_python(f"{cell}!ls\n") == f"{cell}get_ipython().system('ls')\n"


LONG: dict[str, str] = {
    "magics": "%x\n" * 5_000,
    "escapes": ";" * 100_000,
    "brackets": "%x\n" + "(" * 100_000,
    "closed": "%x\n" + ")" * 100_000,
    "quotes": "%x\n" + "'" * 100_000,
    "open strings": "%x\n" + "'a\n" * 20_000,
    "quotes in a string": "%x\n'''" + "'a" * 200_000,
    "continued": "!x\\\n" * 20_000,
    "assigned": "x = \\\n" * 20_000 + "!x",
    "help": "(" + "a" * 500_000 + "(?",
    "attributes": "a." * 500_000 + "?",
    "indices": "%x\n" + "a[0]" * 200_000 + "?",
    "blanks": "%x\n" + " " * 500_000 + "x",
    "blank lines": "%x\n" + "\t\n" * 20_000,
    "prompts": ">>> '''\n" * 20_000,
    "fields": "%x\n" + "f'{" * 100_000,
}


@pytest.mark.parametrize("kind", LONG)
@pytest.mark.share(6)
def test_a_long_cell_takes_no_time(kind: str) -> None:
    # Whatever is squared in one of these takes hours.
    assert to_python(LONG[kind])

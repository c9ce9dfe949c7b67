r"""Translates a notebook's cell into the Python that a kernel would run.

A kernel rewrites a cell before compiling it: `%matplotlib inline` becomes a call of
`get_ipython().run_line_magic`, `!ls` a call of `.system`, `len?` a request for help. A cell that
begins with `%%time` is passed to that magic as text, and pasted prompts are removed. The rules are
those of `IPython.core.inputtransformer2`, with which the tests compare this module. It needs only
the standard library, takes one pass, and keeps line numbers.
"""

import re
import sys
import textwrap
from collections.abc import Iterator
from typing import Final, NamedTuple

# Finds whether a cell needs rewriting at all: most are plain Python.
_SPECIAL: Final = re.compile(
    r"^[ \t\f]*(?:[%!?,;/]|>>>|\.\.\.|(?:\[nav\]|\[ins\])?[ ]?In )|=[ \t\f]*[%!]|\?[ \t\f]*$", re.M
)
# The start of a logical line that is not Python. `%=`, `!=`, `/=` and `//` are operators.
_ESCAPE: Final = re.compile(r"[?,;]|[%!](?!=)|/(?![/=])")
_PREFIX: Final = r"(?i:br?|rb?|u|f|rf|fr|t|rt|tr)?"
_TOKEN: Final = re.compile(
    rf"""(?P<space>[ \t\f]+|\\\r?\n)|(?P<comment>\#[^\n]*)|(?P<newline>\n)
    |(?P<string>{_PREFIX}(?:'''|\"\"\"|'|"))|(?P<name>\w+)|(?P<open>[(\[{{])|(?P<close>[)\]}}])
    |(?P<compared>(?:\*\*|//|>>|<<|[-+*/%&|^@<>=!:])=)|(?P<assign>=)|(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
# The rest of a string on a line, by its closing quotes. Nothing follows the repetition in these
# patterns, so they never backtrack; `*+` goes wrong with (?!...) in Python 3.11.
_REST: Final = {
    quotes: re.compile(rf"(?:[^{quotes[0]}\\\n]+|\\.|{more})*", re.DOTALL)
    for quotes, more in {
        "'": r"(?!)",
        '"': r"(?!)",
        "'''": r"\n|'(?!'')",
        '"""': r'\n|"(?!"")',
    }.items()
}
_LITERAL: Final = {
    quotes: re.compile(rf"(?:[^{quotes[0]}\\\n{{}}]+|\\.|\{{\{{|\}}\}}|{more})*", re.DOTALL)
    for quotes, more in {
        "'": r"(?!)",
        '"': r"(?!)",
        "'''": r"\n|'(?!'')",
        '"""': r'\n|"(?!"")',
    }.items()
}
_FORMAT: Final = re.compile(r"[^{}\n]*+")
# Since 3.12 the fields of an f-string are code, which may contain the same quotes.
_FIELDS_ARE_CODE: Final = sys.version_info >= (3, 12)
_HELP: Final = re.compile(
    r"(%{0,2}(?!\d)[\w*]+(?:\.(?!\d)[\w*]+|\[-?[0-9]+\])*)(\?\??)$"  # At most one newline follows.
)
# The search starts anew at each letter (quadratic time), so its text is cut to a name's length.
_MOST_OF_A_NAME: Final = 300
# A rewritten line may need rewriting again, as with `,!ls`; nobody intends more rounds.
_MOST_TIMES: Final = 10

_PROMPT: Final = re.compile(r"^\s*>>>[ \t]?")
_CONTINUED_PROMPT: Final = re.compile(r"^\s*\.\.\.[ \t]?")
_TRIPLE: Final = re.compile(r"(?<!\\)(\"\"\"|''')")
_STRING_PREFIX: Final = re.compile(r"(?i)^[rubf]*$")
_NUMBERED_PROMPT: Final = re.compile(
    r"^(?:(?:(?:\[nav\]|\[ins\])?[ ])?In[ ]\[\d+\]:[ ]|\s*\.{3,}:[ ]?)"
)


def to_python(cell: str) -> str:
    """Returns the Python that a kernel runs for a cell; lines that remain keep their numbers."""
    lines = (cell if cell.endswith("\n") else f"{cell}\n").splitlines(keepends=True)
    lines = _at_line_ends("".join(lines))
    first = next((i for i, line in enumerate(lines) if not line.isspace()), 0)
    lines[first:] = _dedented(lines[first:])
    if not _SPECIAL.search("".join(lines)):
        return "".join(lines)
    lines[first:] = _without_numbered_prompts(_without_prompts(lines[first:]))
    if lines[first].startswith("%%") and not re.match(r"%%\w+\?", lines[first]):
        name, _, rest = lines[first][2:].rstrip().partition(" ")
        body = "".join(lines[first + 1 :])
        call = f"get_ipython().run_cell_magic({name!r}, {rest!r}, {body!r})\n"
        return "\n" * first + call
    _rewrite(lines)
    return "".join(lines)


def _at_line_ends(text: str) -> list[str]:
    """Splits at newlines only; `splitlines` also splits at form feeds and other characters."""
    return [f"{line}\n" for line in text.split("\n")[:-1]]


def _dedented(lines: list[str]) -> list[str]:
    return _at_line_ends(textwrap.dedent("".join(lines)))


class _Logical(NamedTuple):
    """What decides whether a logical line is rewritten; places are (line, column)."""

    first: tuple[int, int] | None  # Where it begins with an escape.
    assigned: tuple[int, int] | None  # Where the assigned magic or command stands.
    help: tuple[tuple[int, int], int] | None  # Its start, and the line of its final `?`.
    end: int


def _rewrite(lines: list[str]) -> None:
    at = times = 0
    while at < len(lines):
        found = _logical(lines, at)
        made = _helped(lines, found) or _escaped(lines, found) or _assigned(lines, found)
        if made is None:
            at, times = found.end, 0
            continue
        start, line, end = made
        lines[start:end] = [f"{line}\n", *["\n"] * (min(end, len(lines)) - start - 1)]
        times = times + 1 if at == start else 0
        if times == _MOST_TIMES:
            return
        at = start if found.assigned is None else at


_Made = tuple[int, str, int] | None


def _helped(lines: list[str], found: _Logical) -> _Made:
    if found.help is None:
        return None
    (start, column), end = found.help
    piece = "".join(lines[start : end + 1])
    match = _HELP.search(piece[column:][-_MOST_OF_A_NAME:])
    if not match:
        return None
    return start, piece[:column] + _help_call(match[1], match[2]), end + 1


def _escaped(lines: list[str], found: _Logical) -> _Made:
    if found.first is None:
        return None
    start, column = found.first
    text, end = _continued(lines, start, column)
    escape = text[:2] if text[:2] in ("!!", "??") else text[:1]
    call = _call(escape, text[len(escape) :])
    return None if call is None else (start, lines[start][:column] + call, end)


def _assigned(lines: list[str], found: _Logical) -> _Made:
    if found.assigned is None:
        return None
    start, column = found.assigned
    text, end = _continued(lines, start, column)
    if text[0] == "%":
        name, _, rest = text[1:].partition(" ")
        call = f"get_ipython().run_line_magic({name!r}, {rest!r})"
    else:
        call = f"get_ipython().getoutput({text[1:]!r})"
    return start, lines[start][:column] + call, end


def _call(escape: str, content: str) -> str | None:
    name, _, rest = content.partition(" ")
    match escape:
        case "!":
            return f"get_ipython().system({content!r})"
        case "!!":
            return f"get_ipython().getoutput({content!r})"
        case "%":
            return f"get_ipython().run_line_magic({name!r}, {rest!r})"
        case ",":
            return '{}("{}")'.format(name, '", "'.join(rest.split()))
        case ";":
            return f'{name}("{rest}")'
        case "/":
            return f"{name}({', '.join(rest.split())})" if name else None
    return _help_call(content, escape) if content else "get_ipython().show_usage()"


def _help_call(target: str, marks: str) -> str:
    method = "pinfo2" if marks == "??" else "psearch" if "*" in target else "pinfo"
    return f"get_ipython().run_line_magic({method!r}, {target!r})"


def _continued(lines: list[str], start: int, column: int) -> tuple[str, int]:
    r"""Returns the text from here, joined across lines that end in \, and the next line's index."""
    end = start
    while end < len(lines) and lines[end].endswith("\\\n"):
        end += 1
    first, *rest = [lines[start][column:], *lines[start + 1 : end + 1]]
    *most, last = [first, *rest]
    return " ".join([*(part.rstrip()[:-1] for part in most), last.rstrip()]), end + 1


class _Text:
    """Splits lines into tokens, and tracks open brackets and strings."""

    def __init__(self, lines: list[str], at: int) -> None:
        self._lines = lines
        self.line = at
        self.opened: list[str] = []  # Brackets, quotes, "f" and quotes, a field's "{" or ":".

    def tokens(self) -> Iterator[tuple[str, str, tuple[int, int]]]:
        """Yields the kind, the text and the place of each token that is code, to the last line."""
        while self.line < len(self._lines):
            text, column = self._lines[self.line], 0
            while column < len(text):
                inside = self.opened[-1] if self.opened else ""
                if inside[:1] in ("'", '"', "f", ":"):
                    column = self._in_a_string(text, column, inside)
                    continue
                match = _TOKEN.match(text, column)
                assert match is not None
                kind, token = match.lastgroup or "", match[0]
                place = (self.line, column)
                column = match.end()
                kind = self._seen(kind, token, inside, text, column)
                if kind == "newline":
                    self.line += 1
                    yield kind, token, place
                    self.line -= 1
                elif kind != "space":
                    yield kind, token, place
            self.line += 1

    def _seen(self, kind: str, word: str, inside: str, text: str, column: int) -> str:
        if kind == "string":
            quotes = word.lstrip("bBrRuUfFtT")
            prefix = word[: -len(quotes)].lower()
            fields = _FIELDS_ARE_CODE and ("f" in prefix or "t" in prefix)
            if len(quotes) == 1 and not fields:
                rest = _REST[quotes].match(text, column)
                assert rest is not None
                if text[rest.end() : rest.end() + 1] == "\n":
                    return "other"  # Unterminated: not a string.
            self.opened.append(f"f{quotes}" if fields else quotes)
        elif kind == "open":
            self.opened.append("(")
        elif kind == "close" and self.opened:
            self.opened.pop()
        elif inside == "{" and word == ":":
            self.opened.append(":")
            return "space"
        return kind

    def _in_a_string(self, text: str, column: int, inside: str) -> int:
        if inside == ":":
            match = _FORMAT.match(text, column)
            assert match is not None
            end = match.end()
            if text[end : end + 1] == "{":
                self.opened.append("{")
            elif text[end : end + 1] == "}":
                del self.opened[-2:]  # The format and its field.
            return end + 1
        quotes = inside.removeprefix("f")
        match = (_LITERAL if inside[0] == "f" else _REST)[quotes].match(text, column)
        assert match is not None
        end = match.end()
        if text.startswith(quotes, end):
            self.opened.pop()
            return end + len(quotes)
        if inside[0] == "f" and text[end : end + 1] == "{":
            self.opened.append("{")
        elif len(quotes) == 1 and end < len(text):
            self.opened.pop()  # Unterminated.
        return max(end, column) + (end < len(text))


def _logical(lines: list[str], at: int) -> _Logical:
    text = _Text(lines, at)
    first: tuple[int, int] | None = None
    escape = assigned = None
    assign: tuple[int, int] | None = None
    wanted = False  # Whether the next word begins the assigned value.
    percent: tuple[int, int] | None = None
    before, last = ("", (0, 0)), ("", (0, 0))
    count = 0
    for kind, word, place in text.tokens():
        ends = kind == "newline" and not text.opened
        count += 1
        before, last = last, (word, place)
        if percent is not None:
            assigned = percent if kind == "name" else assigned
            percent = None
        if wanted:
            wanted = False
            if word == "%":
                percent = place
            elif word == "!" and not _begins_with_equals(lines, assign):
                assigned = place
        if ends:
            break
        if first is None and kind not in ("comment", "newline"):
            first = place
            if _ESCAPE.match(lines[place[0]], place[1]):
                escape = place
        if kind == "assign" and not text.opened and assign is None:
            assign, wanted = place, True
    helped = None
    if count > 2 and before[0] == "?" and first is not None:
        helped = (first, before[1][0])
    return _Logical(escape, assigned, helped, max(text.line, at + 1))


def _begins_with_equals(lines: list[str], place: tuple[int, int] | None) -> bool:
    return place is not None and lines[place[0]].strip().startswith("=")


def _without_prompts(lines: list[str]) -> list[str]:
    """Returns lines without the `>>>` and `...` prompts pasted with them, as from documentation."""
    kept = _in_kept_strings(lines)
    if not any(_PROMPT.match(line) and not keep for line, keep in zip(lines, kept, strict=True)):
        return lines
    made: list[str] = []
    at = 0
    while at < len(lines):
        end = at
        while end < len(lines) and kept[end] == kept[at]:
            end += 1
        part = lines[at:end]
        if not kept[at]:
            bare = [_bare(line) for line in part]
            part = _dedented(bare) if bare != part else part
        made += part
        at = end
    return made


def _bare(line: str) -> str:
    prompt = _PROMPT if _PROMPT.match(line) else _CONTINUED_PROMPT
    return prompt.sub("", line, count=1)


def _in_kept_strings(lines: list[str]) -> list[bool]:
    """Returns for each line whether it is in a string that was not pasted with prompts."""
    kept, quotes, keep, prompted = [], "", False, False
    for line in lines:
        kept.append(bool(quotes) and keep)
        for found in _TRIPLE.finditer(line):
            if not quotes:
                quotes = found[1]
                before = line[: found.start()]
                bare = _CONTINUED_PROMPT.sub("", _PROMPT.sub("", before, count=1), count=1)
                keep = not (bare != before and prompted) and bool(
                    _STRING_PREFIX.match(bare.strip())
                )
                kept[-1] = keep
            elif quotes == found[1]:
                quotes, keep = "", False
        prompted = prompted or bool(_PROMPT.match(line))
    return kept


def _without_numbered_prompts(lines: list[str]) -> list[str]:
    """Returns lines without the prompts `In [3]: ` and `   ...: `."""
    if not any(_NUMBERED_PROMPT.match(line) for line in lines[:2]):
        return lines
    return [_NUMBERED_PROMPT.sub("", line, count=1) for line in lines]

"""Which file of a hand-in is which module of the course.

Where several files could be a module, the first by these rules is taken, in this order:

1. A file that was named on the command line.
2. A file in which some of the module has been written, before an untouched stub.
3. The file with the exact name of the module, before any copy, backup or other version of it, and
   before files that hold the module's functions under another name.
4. The file with the most functions written, then the one nearest the top, then a .py file.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from autograder.course import Course
from autograder.submissions.model import Chunk
from autograder.submissions.names import listed, shown

# Names defined at the left margin, and the `raise` of a stub below them: enough to tell modules
# apart without parsing hostile code here.
_LANDMARK: Final = re.compile(
    r"^(?:async[ ]++)?def[ ]++(\w++)|^(\w++)[ \t]*+(?::[^=\n]*+)?=(?!=)"
    r"|^[ \t]++(raise NotImplementedError)",
    re.MULTILINE,
)
# Words that file managers, browsers, editors and people put before or after a name to mark a copy,
# a backup or a test. Any other word after a name marks a copy too.
_ASIDE: Final = frozenset(
    (
        "copy copies copie copia cópia còpia kopie kopia kopi kopya kopija kopio koopia kópia "
        "másolat копия копія αντίγραφο salinan another weitere autre duplicate duplikat doublon "
        "backup bak sicherung sicherungskopie sauvegarde respaldo orig original autosave save "
        "saved old older alt alte altes ancien ancienne vieux viejo vieja antiguo antigo vecchio "
        "oud oude gammal gammel stary stare старый previous prev conflicted conflict recovered "
        "archive archiv archives tmp temp test tests draft entwurf unused trash checkpoint "
        "checkpoints 副本 复制 拷贝 コピー 복사본"
    ).split()
)
# Words that mark a version of a file, but only after its name.
_VERSIONS: Final = frozenset(
    "of von de van av af v rev version final last new neu fixed corrected st nd rd th".split()
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_NUMBERED: Final = re.compile(r"\(\d++\)$")  # As browsers and file managers number folders.
# Only the end of a longer name is searched, since each module searches it in turn.
_MOST_OF_A_NAME: Final = 200


class SourceFile:
    """A readable file of a hand-in, whose text is scanned for names only once."""

    def __init__(self, path: str, chunks: tuple[Chunk, ...]) -> None:
        self.path = path
        self.chunks = chunks
        pure = PurePosixPath(path)
        self.name, self.stem = pure.name, pure.stem
        self.depth = len(pure.parts)

    @cached_property
    def text(self) -> str:
        """Its code as one text."""
        return "\n".join(chunk.text for chunk in self.chunks)

    @cached_property
    def defined(self) -> dict[str, bool]:
        """The names that it seems to define at the top level, and whether each is still a stub."""
        found: dict[str, bool] = {}
        last = ""
        for landmark in _LANDMARK.finditer(self.text):
            name = landmark[1] or landmark[2]
            if name:
                found[name] = False
                last = name
            elif last:
                found[last] = True
        return found

    def written(self, functions: Collection[str]) -> int:
        """How many of these functions it defines, stubs left out."""
        return sum(self.defined.get(name) is False for name in functions)

    def works_on(self, functions: Collection[str]) -> bool:
        """Whether it defines, imports or uses one of these functions, other than as a stub."""
        names = set(functions) - {name for name, is_stub in self.defined.items() if is_stub}
        if not names:
            return False
        # Whole words: one exercise's name may be the end of another's.
        word = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
        return "import *" in self.text or word.search(self.text) is not None


class Assignment(NamedTuple):
    """The file taken for each module, helper modules included, and sentences on the choice."""

    files: dict[str, SourceFile]
    problems: list[str]


class _Claim(NamedTuple):
    """A file that may be a module, and how far its name is from the module's: 0 is the same."""

    file: SourceFile
    closeness: int


_EXACT: Final = 0
_IN_OTHER_LETTERS: Final = 1
_ASIDE_OF_IT: Final = 2
_HOLDS_IT: Final = 3


def assign_files(
    files: Sequence[SourceFile], course: Course, chosen: Collection[str] = ()
) -> Assignment:
    """Chooses a file for each module of the course, by its name or else by what it defines.

    Args:
        files: The files that can be read.
        course: The course.
        chosen: The paths of files that were asked for by name.
    """
    functions = {m.id: frozenset(e.function for e in m.exercises) for m in course.lessons}
    claims: dict[str, list[_Claim]] = {module: [] for module in functions}
    for file in files:
        named = _claim_by_name(file, functions)
        if named is not None:
            module, closeness = named
            claims[module].append(_Claim(file, closeness))
        for module in _modules_held(file, functions, None if named is None else named[0]):
            claims[module].append(_Claim(file, _HOLDS_IT))
    ranked = {
        module: sorted(rivals, key=partial(_rank, module, functions[module], chosen))
        for module, rivals in claims.items()
        if rivals
    }
    taken = {module: rivals[0].file for module, rivals in ranked.items()}
    helpers, problems = _helpers(files, functions, taken)
    problems += _on_names(taken, functions)
    for module, rivals in ranked.items():
        problems += _on_rivals(module, rivals, functions, taken, chosen)
    if files and not taken:
        names = listed(sorted(file.path for file in files))
        problems.append(f"no exercise of the course was found in {names}.")
    return Assignment(helpers | taken, problems)


def module_named(stem: str, modules: Iterable[str]) -> str | None:
    """Returns the module that a file is named after, whatever was added to the name."""
    found = _named(stem, modules)
    return found and found[0]


def _named(stem: str, modules: Iterable[str]) -> tuple[str, int] | None:
    """Returns the module whose name is part of this one, and how close the two names are."""
    names = sorted(modules, key=len, reverse=True)  # One module's name may be part of another's.
    if stem in names:
        return stem, _EXACT
    plain = unicodedata.normalize("NFC", stem[-_MOST_OF_A_NAME:].strip()).lower()
    plain = re.sub(r"[ -]", "_", plain)
    for module in names:
        at = plain.rfind(module)
        if at < 0:
            continue
        before, after = plain[:at], plain[at + len(module) :]
        if _runs_on(before[-1:]) or _runs_on(after[:1]):
            continue
        if not after.strip("_") and not _ASIDE.intersection(_WORD.findall(before)):
            return module, _IN_OTHER_LETTERS
        return module, _ASIDE_OF_IT
    return None


def _runs_on(character: str) -> bool:
    """Whether this character makes the module's name part of a longer word."""
    return character.isascii() and character.isalpha()


def _claim_by_name(
    file: SourceFile, functions: Mapping[str, Collection[str]]
) -> tuple[str, int] | None:
    """Returns the module that a file is named after, and how closely; None for a helper."""
    named = _named(file.stem, functions)
    if named is None:
        return None
    module, closeness = named
    if any(_is_aside(folder) for folder in _folders(file)):
        closeness = _ASIDE_OF_IT
    if closeness == _ASIDE_OF_IT and not file.written(functions[module]):
        # `activations_plots.py` is about that module and not a version of it.
        words = set(_WORD.findall(file.stem.lower())) - set(_WORD.findall(module))
        if not words <= _ASIDE | _VERSIONS and file.stem.isidentifier():
            return None
    return module, closeness


def _is_aside(folder: str) -> bool:
    """Whether a folder's name says that it is a copy, or not meant to be graded."""
    return bool(_NUMBERED.search(folder) or _ASIDE.intersection(_WORD.findall(folder.lower())))


def _folders(file: SourceFile) -> Sequence[str]:
    return [part[-_MOST_OF_A_NAME:] for part in PurePosixPath(file.path).parts[:-1][-20:]]


def _modules_held(
    file: SourceFile, functions: Mapping[str, Collection[str]], named: str | None
) -> list[str]:
    """Returns the modules whose exercises a file defines, besides the one that it is named after.

    A function name that two modules share is ignored, unless the file defines no other.
    """
    held = {
        module: names.intersection(file.defined)
        for module, names in ((m, frozenset(n)) for m, n in functions.items())
        if module != named and names.intersection(file.defined)
    }
    telling = [
        module
        for module, names in held.items()
        if any(_count(name, functions) == 1 for name in names)
    ]
    return telling or ([] if named else list(held))


def _count(name: str, functions: Mapping[str, Collection[str]]) -> int:
    return sum(name in names for names in functions.values())


def _rank(
    module: str, functions: Collection[str], chosen: Collection[str], claim: _Claim
) -> tuple[bool, bool, int, int, int, bool, str]:
    file = claim.file
    written = file.written(functions)
    begun = written > 0 or (file.stem == module and file.works_on(functions))
    return (
        file.path not in chosen,
        not begun,
        claim.closeness,
        -written,
        file.depth,
        file.path.endswith(".ipynb"),
        file.path,
    )


def _helpers(
    files: Sequence[SourceFile],
    modules: Collection[str],
    taken: Mapping[str, SourceFile],
) -> tuple[dict[str, SourceFile], list[str]]:
    """Returns the helper modules, and a sentence for each name that several files have.

    Files beside a module come first, since Python would look for them there.
    """
    beside = {PurePosixPath(file.path).parent for file in taken.values()}
    used = {file.path for file in taken.values()}
    found: dict[str, SourceFile] = {}
    doubtful: dict[str, None] = {}
    for file in sorted(files, key=lambda f: PurePosixPath(f.path).parent not in beside):
        if not file.stem.isidentifier() or file.stem in modules or len(file.stem) > _MOST_OF_A_NAME:
            continue
        if file.path in used and not _is_imported(file, files):
            continue
        first = found.setdefault(file.stem, file)
        if first.text != file.text and file.stem != "__init__":
            doubtful[file.stem] = None
    told = [
        f"there is more than one {shown(stem)}.py; {shown(found[stem].path)} was taken."
        for stem in doubtful
    ]
    return found, told


def _is_imported(file: SourceFile, files: Sequence[SourceFile]) -> bool:
    words = (f"import {file.stem}", f"from {file.stem}")
    return any(word in other.text for other in files if other is not file for word in words)


def _on_names(
    taken: Mapping[str, SourceFile], functions: Mapping[str, Collection[str]]
) -> list[str]:
    """Returns a sentence for each file taken for a module that it is not named after."""
    others: dict[str, list[str]] = {}
    named: dict[str, str | None] = {}
    for module, file in taken.items():
        named[file.path] = module_named(file.stem, functions)
        if named[file.path] != module:
            others.setdefault(file.path, []).append(f"{module}.py")
    return [
        f"{shown(path)} holds functions of other modules too; it was also read as "
        f"{' and '.join(modules)}."
        if named[path]
        else f"{shown(path)} is not named after a module; it was read as {' and '.join(modules)}."
        for path, modules in others.items()
    ]


def _on_rivals(
    module: str,
    ranked: Sequence[_Claim],
    functions: Mapping[str, Collection[str]],
    taken: Mapping[str, SourceFile],
    chosen: Collection[str],
) -> list[str]:
    """Returns a sentence if functions were written in another file than the one taken."""
    first, *rest = ranked
    names = functions[module]
    used = {file.path for file in taken.values()}
    rivals = [
        claim
        for claim in rest
        # An untouched stub beside a notebook that was worked on raises no doubt, and neither does a
        # file that is there to be imported.
        if claim.file.written(names) > 0
        and (
            claim.closeness != _HOLDS_IT
            or not (claim.file.path in used or claim.file.stem in first.file.text)
        )
    ]
    if any(claim.file.text != first.file.text for claim in rivals):
        why = _why(module, first, rivals, names, chosen)
        paths = listed([first.file.path, *(claim.file.path for claim in rivals)])
        return [
            f"there are {len(rivals) + 1} files for {module} ({paths}); {shown(first.file.path)} "
            f"was taken, {why}."
        ]
    exact = [claim.file.path for claim in rest if claim.closeness == _EXACT]
    if exact and not rivals and first.closeness in (_IN_OTHER_LETTERS, _ASIDE_OF_IT):
        return [
            f"nothing is written in {shown(exact[0])}, so {shown(first.file.path)} was taken for "
            f"{module}."
        ]
    return []


def _why(
    module: str,
    first: _Claim,
    rivals: Sequence[_Claim],
    functions: Collection[str],
    chosen: Collection[str],
) -> str:
    """Returns a clause with the rule by which a file came before its rivals."""
    if first.file.path in chosen:
        return "the one that was asked for"
    reasons = []
    farther = [claim for claim in rivals if claim.closeness > first.closeness]
    if any(claim.file.stem == first.file.stem for claim in farther):
        reasons.append("that lies in no folder of copies")
    elif farther:
        reasons.append(
            f"that is named {module}"
            if first.closeness == _EXACT
            else "whose name is nearest to it"
        )
    alike = [claim.file for claim in rivals if claim.closeness == first.closeness]
    most = max((file.written(functions) for file in alike), default=0)
    if alike and first.file.written(functions) > most:
        reasons.append("in which most is written")
    elif alike and first.file.depth < min(file.depth for file in alike):
        reasons.append("that is nearest to the top")
    return f"the one {' and '.join(reasons)}" if reasons else "the first of them"

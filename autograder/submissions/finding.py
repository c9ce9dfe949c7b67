"""Finds the submissions at a path: one submission, a class, or an LMS download."""

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final, Literal, NamedTuple

from autograder.course import Course
from autograder.lms.download import Download, DownloadError, Listing
from autograder.lms.recognition import recognise
from autograder.results import Lms, Source
from autograder.submissions.files import SOURCE_SUFFIXES, readable
from autograder.submissions.identity import SUFFIXES, Unnamed, with_ids
from autograder.submissions.manifest import MANIFEST_NAME, is_manifest
from autograder.submissions.model import Handin, Piece, UnreadableError
from autograder.submissions.names import shown
from autograder.submissions.release import release_roots
from autograder.submissions.tree import ArchiveTree, FolderTree, Tree, children, paths

TakenAs = Literal["one", "class"]

# An LMS is recognised by the names at the top and in the folders there.
_DEPTH_OF_DOWNLOADS: Final = 1
# How deep a person's folder is searched for lessons, and how many files are looked at.
_DEPTH_OF_LESSONS: Final = 3
_MOST_NAMES: Final = 2000
# Folders within one student's work, not people: lessons, versions, and folders of programs.
_NOBODY: Final = re.compile(
    r"(?:(?:my|the|old|new|first|final|last)?[ _-]?"
    r"(?:lessons?|weeks?|hw|homeworks?|tasks?|exercises?|assignments?|sheets?|parts?|units?|days?|"
    r"labs?|modules?|chapters?|solutions?|checks?|tests?|src|code|data|figures?|images?|notebooks?|"
    r"old|backups?|copy|copies|kopie|versions?|v|drafts?|attempts?|try|tries|archive|final|build|"
    r"autograder|site|docs?|examples?|submissions?))[ _-]?\d*",
    re.IGNORECASE,
)
_MOST_NAMED: Final = 5
# The longest name on any file system; one in an archive may be longer.
_MAX_NAME: Final = 255
# How many names that are nobody's work are listed; the rest are only counted.
_MOST_LEFT_OUT: Final = 100


class Found(NamedTuple):
    """The submissions at a path, in order of name, and the LMS that they came from.

    `told` holds sentences for the teacher: what the path was taken for where it is ambiguous, and
    which files and folders there are nobody's work.
    """

    unnamed: list[Unnamed]
    lms: Lms | None
    told: tuple[str, ...] = ()

    @property
    def handins(self) -> list[Handin]:
        """The submissions, with the ids that they get where there was no earlier run."""
        return with_ids(self.unnamed)


def find_submissions(
    path: Path,
    course: Course,
    leave_out: Path | None = None,
    taken_as: TakenAs | None = None,
) -> Found:
    """Returns what is at a path: one submission, or the submissions of a class in order of name.

    An archive that `autograder submit` packed is one submission. In a download of a known LMS, each
    student or group has one. Any other folder or archive is one submission if one of the course's
    modules lies at its top without people's folders beside it; otherwise each of its children is.

    Args:
        path: A file, a folder or an archive.
        course: The course.
        leave_out: A folder to skip if it lies there, such as the results.
        taken_as: Whether it is one submission or a class, where the teacher says so.

    Raises:
        UnreadableError: there is nothing to grade; the message is a sentence that names the path.
    """
    if not path.exists() and not path.is_symlink():
        raise UnreadableError(f"{path} does not exist.")
    # The teacher named the path, so it may be a link; links below it are not followed.
    real = Path(os.path.realpath(path))
    own_name = path.name if path.name not in {"", ".."} else real.name
    suffix = real.suffix.lower()
    if not real.is_dir() and suffix not in SUFFIXES:
        raise UnreadableError(
            f"{path} cannot be graded: give a .py, .ipynb or .zip file, or a folder of them."
        )
    whole = _one(own_name, Piece(real), is_folder=real.is_dir())
    if not real.is_dir() and suffix != ".zip":
        if taken_as == "class":
            raise UnreadableError(f"{path} is one file and no class: leave out --class.")
        return Found([whole], None)
    try:
        left_out = Path(os.path.realpath(leave_out)) if leave_out else None
        tree: Tree = (
            FolderTree(
                real,
                lambda child: left_out is not None and os.path.realpath(child) == str(left_out),
            )
            if real.is_dir()
            else ArchiveTree.of(real)
        )
    except UnreadableError:
        return Found([whole], None)  # Reading it will say what is wrong.
    found = _Search(path, course, whole, tree, taken_as).found()
    if not found.unnamed:
        raise UnreadableError(
            f"{path} holds no submission: give a folder with one for each student."
        )
    return found


class _Search:
    """Searches a folder or archive from its top, down through folders that hold everything."""

    def __init__(
        self, path: Path, course: Course, whole: Unnamed, tree: Tree, taken_as: TakenAs | None
    ) -> None:
        self._path = path
        self._lessons = {lesson.id for lesson in course.lessons}
        self._whole = whole
        self._top = tree
        self._taken_as = taken_as
        self._is_archive = isinstance(tree, ArchiveTree)
        self._beside: list[str] = []  # What lies beside the folder that holds the work.

    def found(self) -> Found:
        if self._taken_as == "one":
            return Found([self._whole], None)
        place, names = self._top, ""
        while True:
            if self._taken_as is None and self._is_sure(place):
                return self._one(place)
            if download := self._download(place):
                return self._of_lms(place, download)
            works = self._works(place)
            if self._is_a_class(place, works) and not self._wraps_a_class(place, works):
                return self._class(place, names, works)
            inner = self._all_lies_in(place, works)
            if not inner:
                return self._one(place)
            self._beside += [names + name for name in children(place) if name != inner]
            place, names = place.folder(inner), f"{names}{inner}/"

    def _works(self, place: Tree) -> list[str]:
        """Returns the names of the files and folders that may be students' work, in order."""
        return [
            name
            for name in children(place)
            if (
                not _holds_results(place.folder(name))
                if name in place.folders
                else name.lower().endswith(SUFFIXES)
            )
        ]

    def _lessons_at(self, place: Tree) -> set[str]:
        """Returns the lessons that files at a tree's top are named after."""
        stems = (PurePosixPath(n) for n in place.files)
        return self._lessons & {
            n.stem.lower() for n in stems if n.suffix.lower() in SOURCE_SUFFIXES
        }

    def _lessons_in(self, place: Tree) -> set[str]:
        """Returns the lessons that files anywhere in a person's folder are named after."""
        return self._named_after(islice(paths(place, _DEPTH_OF_LESSONS), _MOST_NAMES))

    def _named_after(self, names: Iterable[str]) -> set[str]:
        sources = (PurePosixPath(n) for n in names if n.lower().endswith(SOURCE_SUFFIXES))
        return self._lessons & {source.stem.lower() for source in sources}

    def _is_own_folder(self, place: Tree) -> bool:
        """Whether students work in this folder: the release, or one with only its exercises."""
        return "exercises" in place.folders and (
            bool(self._lessons_at(place.folder("exercises")))
            or "" in release_roots(paths(place, _DEPTH_OF_DOWNLOADS))
        )

    def _all_lies_in(self, place: Tree, works: Sequence[str]) -> str:
        """Returns the name of the one folder that holds everything; empty if there is none."""
        if self._wraps_a_class(place, works):
            return next(name for name in works if name in place.folders)
        alone = len(works) == 1 and works[0] in place.folders and not self._lessons_at(place)
        return works[0] if alone else ""

    def _wraps_a_class(self, place: Tree, works: Sequence[str]) -> bool:
        """Whether the only folder there holds a class, whatever files lie beside it."""
        folders = [name for name in works if name in place.folders]
        if len(folders) != 1 or self._taken_as == "class":
            return False
        inside = place.folder(folders[0])
        within = self._works(inside)
        people = [name for name in within if name in inside.folders and not self._is_nobodys(name)]
        return self._alike(inside, people) > 1 or self._wraps_a_class(inside, within)

    def _alike(self, place: Tree, folders: Iterable[str]) -> int:
        """Returns the largest number of these folders that hold the same lesson."""
        held = Counter(
            lesson for name in folders for lesson in self._lessons_in(place.folder(name))
        )
        return max(held.values(), default=0)

    def _is_a_class(self, place: Tree, works: Sequence[str]) -> bool:
        folders = [name for name in works if name in place.folders]
        if self._taken_as == "class":
            # The search goes down through single folders to the people's.
            return len(works) != 1 or not folders or self._is_a_persons(place.folder(folders[0]))
        people = [name for name in folders if not self._is_nobodys(name)]
        if self._lessons_at(place):
            return self._alike(place, people) > 1
        if len(works) < 2:
            return False
        if people or len(folders) < len(works):
            return True
        return self._alike(place, folders) != 1

    def _is_a_persons(self, place: Tree) -> bool:
        works = self._works(place)
        return bool(self._lessons_at(place)) or not any(name in place.folders for name in works)

    def _is_nobodys(self, name: str) -> bool:
        return bool(_NOBODY.fullmatch(name)) or name.lower() in self._lessons

    def _one(self, place: Tree) -> Found:
        """Returns all of it as one submission.

        A folder that is not a submission itself holds one for each child: so far, a class of one.
        """
        works = self._works(place)
        if place is not self._top and not self._is_archive:
            (child,) = self._works(self._top)
            return self._with_told([self._child(self._top, child)], self._beside)
        if not self._is_archive and len(works) < 2 and not self._is_own(place):
            return Found([self._child(place, name) for name in children(place)], None)
        folders = [name for name in works if name in place.folders]
        told: tuple[str, ...] = ()
        if folders and len(works) > 1 and not self._is_sure(place):
            told = (
                f"{self._path} was taken for one submission, with what is in its folders "
                f"({_listed(folders)}); if it is a class, say --class.",
            )
        return Found([self._whole], None, told)

    def _is_sure(self, place: Tree) -> bool:
        """Whether a folder is certainly one student's, by its manifest or its exercises."""
        return _is_packed(place) or self._is_own_folder(place)

    def _is_own(self, place: Tree) -> bool:
        return bool(self._lessons_at(place)) or self._is_sure(place)

    def _class(self, place: Tree, names: str, works: Sequence[str]) -> Found:
        stray = sorted(
            name
            for name in place.files
            if self._taken_as is None
            and self._named_after([name])
            and any(work in place.folders for work in works)
        )
        results = set(place.folders) - set(works)  # What an earlier run wrote.
        nobodys = {*stray, *results}
        guessed = self._is_archive and self._taken_as is None
        people = [
            self._child(place, name)._replace(guessed=guessed)
            for name in children(place)
            if name not in nobodys
        ]
        told = []
        if self._taken_as is None and (self._is_archive or names or stray):
            where = f", in its folder {readable(names.rstrip('/'))}" if names else ""
            who = _listed([one.source.name for one in people])
            told.append(
                f"{self._path} was taken for a class of {len(people)}{where} ({who}); if it is one "
                "submission, say --one."
            )
        found = self._with_told(people, [*self._beside, *(names + name for name in nobodys)])
        return found._replace(told=(*told, *found.told))

    def _of_lms(self, place: Tree, download: Download) -> Found:
        real = {readable(name): name for name in children(place)}
        found = [
            Unnamed(
                entry.name,
                entry.source,
                tuple(place.piece(real[b.path], b.name) for b in entry.belongings),
                entry.notes,
                raw=entry.name,
            )
            for entry in download.entries
        ]
        mine = {belonging.path for entry in download.entries for belonging in entry.belongings}
        left = [name for name in map(readable, children(place)) if name not in mine]
        left = [name for name in left if name not in download.about]
        told = self._with_told(found, [*self._beside, *left])
        return told._replace(lms=download.lms, told=(*download.told, *told.told))

    def _download(self, place: Tree) -> Download | None:
        def read(name: str) -> bytes:
            folder, _, file = name.rpartition("/")
            try:
                return (place.folder(folder) if folder else place).read(file)
            except (KeyError, UnreadableError) as error:
                raise DownloadError(f"its {name} cannot be read: {error}") from None

        name = readable(place.name)
        listing = Listing(name, list(paths(place, _DEPTH_OF_DOWNLOADS)), read, self._lessons)
        try:
            return recognise(listing)
        except DownloadError as error:
            raise UnreadableError(f"{self._path} cannot be graded: {error}.") from None

    def _child(self, place: Tree, name: str) -> Unnamed:
        return _one(name, place.piece(name), is_folder=name in place.folders)

    def _with_told(self, found: list[Unnamed], left: Sequence[str]) -> Found:
        told: tuple[str, ...] = ()
        if left:
            are = "is nobody's work and was" if len(left) == 1 else "are nobody's work and were"
            told = (f"{_listed(sorted(left), _MOST_LEFT_OUT)} {are} left out.",)
        return Found(found, None, told)


def _is_packed(place: Tree) -> bool:
    """Whether this is what `autograder submit` packed, whatever else is in it."""
    if MANIFEST_NAME not in place.files:
        return False
    try:
        return is_manifest(place.read(MANIFEST_NAME))
    except UnreadableError:
        return False


def _holds_results(place: Tree) -> bool:
    """Whether this is the output of an earlier run, and nobody's work."""
    return (
        "gradebook.sqlite" in place.files
        and {"results", "feedback"} <= set(place.folders)
        and set(place.folders) <= {"results", "feedback", "export"}
        and not any(PurePosixPath(name).suffix.lower() in SUFFIXES for name in place.files)
    )


def _listed(names: Sequence[str], most: int = _MOST_NAMED) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(shown(readable(name)) for name in names[:most]) + more


def _one(name: str, piece: Piece, is_folder: bool) -> Unnamed:
    """Returns a child as a submission; its id is made of its name without one of `SUFFIXES`."""
    suffix = PurePosixPath(name).suffix
    stem = name if is_folder or suffix.lower() not in SUFFIXES else name[: -len(suffix)]
    text = readable(name)
    return Unnamed(
        stem, Source(text if len(text) <= _MAX_NAME else shown(text)), (piece,), raw=name
    )

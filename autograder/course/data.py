"""The course as `exercises/course.toml` describes it, in typed form."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from autograder.policies import Policies

_PACKAGE: Final = Path(__file__).resolve().parent.parent
# The course that comes with the package: around it in a checkout, among its data in a wheel.
BUNDLED: Final = next(
    (p for p in (_PACKAGE / "bundled", _PACKAGE.parent) if (p / "exercises").is_dir()),
    _PACKAGE.parent,
)

# The environment variable that names the folder of another course.
COURSE_VARIABLE: Final = "AUTOGRADER_COURSE"
# The share of an exercise's points for public checks; the rest is for hidden checks.
PUBLIC_SHARE: Final = 0.2

Identifier = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$")]
_ADDRESS: Final = re.compile(r"""https?://[^\s/?#@\\<>"'`]+(/[^\s\\<>"'`]*)?""")
Hint = Annotated[str, Meta(min_length=20, max_length=300)]


class Hints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Three staged hints: what to notice, the concept, and almost the answer."""

    symptom: Hint
    idea: Hint
    nearly: Hint


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One function to write. `function` is its name in the lesson's file."""

    function: Identifier = msgspec.field(name="id")
    title: str
    points: Annotated[float, Meta(gt=0, le=1000)]
    difficulty: Literal["easy", "medium", "hard"]
    minutes: Annotated[int, Meta(gt=0)]
    # Where it is taught: a page of the site, and a heading on it.
    section: str = msgspec.field(name="lesson")
    hints: Hints


class Lesson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Exercises taught and written together; `id` is the name of their Python file."""

    id: Identifier
    title: str
    page: str = msgspec.field(name="lesson")
    summary: str
    exercises: Annotated[tuple[Exercise, ...], Meta(min_length=1)]

    def exercise_id(self, exercise: Exercise) -> str:
        """Returns the exercise's id in the course, for example `averages.median`."""
        return f"{self.id}.{exercise.function}"


class CourseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `course.toml` holds."""

    title: str
    version: Annotated[int, Meta(ge=1)]
    site: str
    lessons: Annotated[tuple[Lesson, ...], Meta(min_length=1)] = msgspec.field(name="modules")
    policies: Policies = Policies()
    # Headings by address, where the address alone does not spell them: iqr is "IQR".
    headings: dict[str, str] = {}


class Course(CourseFile, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole course, in teaching order, and its folder."""

    root: Path
    # What each exercise asks for, if the course was read from a gradebook; else None.
    contracts: dict[str, str] | None = None

    def __hash__(self) -> int:
        return hash(self.root)

    @property
    def said(self) -> CourseFile:
        """The content of `course.toml`, without the course's folder."""
        names = (field.name for field in msgspec.structs.fields(CourseFile))
        return CourseFile(**{name: getattr(self, name) for name in names})

    def policies_with(self, overrides: Mapping[str, Any]) -> Policies:
        """Returns the course's policies with some of them replaced.

        Raises:
            CourseError: there is no such policy, or it cannot have that value.
        """
        try:
            return self._checked(
                msgspec.convert(msgspec.to_builtins(self.policies) | overrides, Policies)
            )
        except msgspec.ValidationError as error:
            raise CourseError(f"policies: {error}") from None

    def _checked(self, policies: Policies) -> Policies:
        unknown = [name for name in policies.not_counted if name not in self.exercises]
        if unknown:
            raise CourseError(f"not_counted: {unknown[0]} is no exercise of the course.")
        if set(policies.not_counted) == set(self.exercises):
            raise CourseError("not_counted: something has to count.")
        return policies

    @property
    def exercises(self) -> dict[str, Exercise]:
        """Every exercise by its id, in teaching order."""
        return {one.exercise_id(e): e for one in self.lessons for e in one.exercises}

    @property
    def public_points(self) -> float:
        """The points of all public checks together."""
        return self.max_score * PUBLIC_SHARE

    @property
    def max_score(self) -> float:
        """The points of all exercises together."""
        return sum(exercise.points for exercise in self.exercises.values())

    def heading(self, anchor: str) -> str:
        """Returns the text of a lesson's heading, by its address on the page."""
        spelt = anchor.replace("-", " ")
        return self.headings.get(anchor, f"{spelt[:1].upper()}{spelt[1:]}")

    def section_link(self, section: str) -> tuple[str, str]:
        """Returns the address of a section, empty if there is no site, and its name."""
        page, _, anchor = section.partition("#")
        lesson = next((each for each in self.lessons if each.page == page), None)
        title = lesson.title if lesson else page
        name = f"{title} › {self.heading(anchor)}" if anchor else title
        return (f"{self.site.rstrip('/')}/{section}" if self.site else ""), name


class CourseError(Exception):
    """`course.toml` cannot be used; the message says where and why."""


def _is_address(text: str) -> bool:
    """Whether the text is a website's address and nothing else."""
    return text.isprintable() and _ADDRESS.fullmatch(text) is not None


@cache
def load_course(root: Path = BUNDLED) -> Course:
    """Reads the course in a folder; by default, the one that comes with the package.

    Raises:
        CourseError: its file is missing, is not TOML, or holds something unexpected.
    """
    path = root / "exercises" / "course.toml"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}.") from None
    try:
        read = msgspec.toml.decode(_text(content), type=CourseFile)
        return checked(read, root.resolve())
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        told = f"{path}{_told(content, error)}"
        raise CourseError(told if told.endswith("?") else f"{told}.") from None
    except CourseError as error:
        raise CourseError(f"{path}: {error}") from None


def checked(said: CourseFile, root: Path, contracts: dict[str, str] | None = None) -> Course:
    """Returns the course that a file describes, after checking that it is consistent.

    Raises:
        CourseError: an id occurs twice, a policy is not valid, or the site is not a website.
    """
    course = Course(root=root, contracts=contracts, **msgspec.structs.asdict(said))
    _insist_on_distinct_ids(course)
    course.policies_with({})
    if course.site and not _is_address(course.site):
        raise CourseError(
            f"site: {course.site!r} is no address of a website; it begins with "
            "https:// or http://, or is empty."
        )
    return course


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Returns a clause with the word that was probably meant; empty if none is similar."""
    close = difflib.get_close_matches(word[:80], list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _insist_on_distinct_ids(course: Course) -> None:
    modules = [lesson.id for lesson in course.lessons]
    exercises = [m.exercise_id(e) for m in course.lessons for e in m.exercises]
    for ids in (modules, exercises):
        for id in ids:
            if ids.count(id) > 1:
                raise CourseError(f"{id} is there twice: give one of them another id.")


# TOML requires seconds in a time; the commands' options do not.
_WITHOUT_SECONDS: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?![:\d])")


def _text(content: bytes) -> str:
    return content.decode("utf-8-sig")  # Some editors write a byte order mark.


def _told(content: bytes, error: Exception) -> str:
    """Returns where in the file the error is, and what it is."""
    try:
        text = _text(content)
        raw = tomllib.loads(text)
    except UnicodeDecodeError:
        return ": it is not UTF-8: save it as that"
    except tomllib.TOMLDecodeError as broken:
        what, _, number = str(broken).rpartition(" (at line ")
        if not what:
            return f": {broken}"
        number = number.partition(",")[0]
        if _WITHOUT_SECONDS.search(text.splitlines()[int(number) - 1]):
            what = "a moment needs its seconds, as in 2026-11-20T23:59:00+01:00"
        return f", line {number}: {what[:1].lower()}{what[1:]}"
    # The smallest part that is wrong by itself locates the error best.
    for place, part, kind in _parts(raw):
        try:
            msgspec.convert(part, kind)
        except msgspec.ValidationError as wrong:
            return f": {place}{_clause(str(wrong), kind)}"
    return f": {error}"


def _parts(raw: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yields parts of the file from the inside out: each one's name, content and type."""
    for module in _tables(raw, "modules"):
        name = module.get("id", "a module")
        for number, exercise in enumerate(_tables(module, "exercises"), 1):
            yield f"{name}.{exercise.get('id', f'exercises[{number}]')}: ", exercise, Exercise
    for module in _tables(raw, "modules"):
        yield f"{module.get('id', 'a module')}: ", module, Lesson
    yield "[policies]: ", raw.get("policies", {}), Policies
    yield "", raw, CourseFile


def _tables(raw: dict[str, Any], name: str) -> list[dict[str, Any]]:
    tables = raw.get(name)
    return [t for t in tables if isinstance(t, dict)] if isinstance(tables, list) else []


def _clause(wrong: str, kind: Any) -> str:
    """Returns the decoder's message about a part of this type, in fewer words."""
    what, _, place = wrong.partition(" - at `$")
    path = [step for step in place.strip("`").split(".") if step]
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", what):
        for step in path:
            kind = next(f.type for f in msgspec.structs.fields(kind) if f.encode_name == step)
        known = [field.encode_name for field in msgspec.structs.fields(kind)]
        return f"there is no field {unknown[1]}{did_you_mean(unknown[1], known)}"
    if missing := re.fullmatch(r"Object missing required field `(.*)`", what):
        return ".".join([*path, missing[1]]) + " is missing"
    return f"{'.'.join(path)}: {what[:1].lower()}{what[1:]}"

"""The course as `exercises/course.toml` describes it, in typed form."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from autograder.policies import Policies

# In a checkout and in a wheel alike, `exercises/` lies beside the package.
ROOT: Final = Path(__file__).resolve().parent.parent
COURSE_FILE: Final = ROOT / "exercises" / "course.toml"

# Of an exercise's points; the rest is for hidden checks.
PUBLIC_SHARE: Final = 0.2

Identifier = Annotated[str, Meta(pattern="^[a-z][a-z0-9_]*$")]
Hint = Annotated[str, Meta(min_length=20, max_length=300)]


class Hints(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Three staged hints: what one would notice, the concept, and almost the answer."""

    symptom: Hint
    idea: Hint
    nearly: Hint


class Exercise(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One function to write. `function` is its name in the module's file."""

    function: Identifier = msgspec.field(name="id")
    title: str
    points: Annotated[float, Meta(gt=0)]
    difficulty: Literal["easy", "medium", "hard"]
    minutes: Annotated[int, Meta(gt=0)]
    lesson: str
    hints: Hints


class Module(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One lesson's file of exercises; `id` is the name of the Python module."""

    id: Identifier
    title: str
    lesson: str
    summary: str
    exercises: tuple[Exercise, ...]

    def exercise_id(self, exercise: Exercise) -> str:
        """Returns the exercise's id in the course, for example `activations.softmax`."""
        return f"{self.id}.{exercise.function}"


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole course, in teaching order."""

    title: str
    version: Annotated[int, Meta(ge=1)]
    site: str
    modules: tuple[Module, ...]
    policies: Policies = Policies()

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
        return {m.exercise_id(e): e for m in self.modules for e in m.exercises}

    @property
    def public_points(self) -> float:
        """The points of all public checks together."""
        return self.max_score * PUBLIC_SHARE

    @property
    def max_score(self) -> float:
        """The points of all exercises together."""
        return sum(exercise.points for exercise in self.exercises.values())

    def lesson_link(self, lesson: str) -> tuple[str, str]:
        """Returns the address of a lesson's heading, empty while there is no site, and its name."""
        page, _, anchor = lesson.partition("#")
        module = next((m for m in self.modules if m.lesson == page), None)
        title = module.title if module else page
        heading = anchor.replace("-", " ")
        name = f"{title} › {heading[:1].upper()}{heading[1:]}" if heading else title
        return (self.site + lesson if self.site else ""), name


class CourseError(Exception):
    """`course.toml` cannot be used; the message says where and why."""


@cache
def load_course(path: Path = COURSE_FILE) -> Course:
    """Reads the course.

    Raises:
        CourseError: the file is missing, is not TOML, or holds something unexpected.
    """
    try:
        course = msgspec.toml.decode(path.read_bytes(), type=Course)
        course.policies_with({})
        return course
    except OSError as error:
        raise CourseError(f"{path}: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise CourseError(f"{path}: {error}") from None

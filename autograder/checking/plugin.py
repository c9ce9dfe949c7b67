"""The pytest plugin of an examination: collect the checks once, run them for many candidates."""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import pytest

from autograder.calls import Candidate, Outcome, StudentFunction
from autograder.checking.errors import BrokenGraderError, broken_by, shown
from autograder.checking.runs import Check, CheckRun, RememberedFunction, ScriptedChecks
from autograder.course import Course, did_you_mean
from autograder.results import Visibility
from autograder.sandbox import wire

# The parameters that a check may have besides exercises and the fixtures of its own file.
_GIVEN: Final = frozenset({"generator", "request"})


class CheckFile(NamedTuple):
    """A file of checks: who may see them, the module they judge, its name in the course."""

    visibility: Visibility
    module: str
    name: str


class CollectedCheck(Check):
    """A check that pytest collected, and how to run it."""

    def __init__(self, item: pytest.Function, file: CheckFile, exercises: list[str]) -> None:
        super().__init__(item.function, file.module, file.visibility, exercises)
        self.item = item
        self.id = item.nodeid


class Examination:
    """Runs the collected checks for one candidate after another."""

    def __init__(
        self,
        course: Course,
        work: Callable[["Examination"], object],
        reference: Callable[[str], Callable[..., Any]] | None = None,
    ) -> None:
        """Prepares an examination.

        Args:
            course: The course.
            work: Called with this examination once the checks are collected.
            reference: Finds an exercise's reference implementation, where there are any here.
        """
        self.files: dict[Path, tuple[CheckFile, ModuleType]] = {}  # Those that are collected.
        self.checks: list[CollectedCheck] = []
        self.problems: list[str] = []
        self.failure: BaseException | None = None  # What ended the work, or kept it from starting.
        self.finished = False
        self.running = ""  # The check that runs, or ran last.
        self._course = course
        self._work = work
        self._reference = reference
        self._candidate: ScriptedChecks | None = None
        self._last_function: StudentFunction | None = None
        self._module = ""
        # The calls that each check made when it was first run, by exercise and encoded arguments.
        self._made: dict[str, dict[bytes, tuple[Any, ...]]] = {}
        self._run_before: set[str] = set()
        self._is_first_run = False

    def run(
        self,
        candidate: ScriptedChecks,
        visibility: Visibility,
        exercises: Collection[str] | None = None,
        passed: Collection[str] = (),
    ) -> Iterator[CheckRun]:
        """Runs the checks of that visibility, in course order, and yields how each went.

        Where exercises are given, it runs their checks only. Checks that are known to pass are
        yielded in their places, and not run.
        """
        self._candidate = candidate
        selected = [
            check
            for check in self.checks
            if check.visibility == visibility
            and (exercises is None or any(name in exercises for name in check.exercises))
        ]
        to_run = [check for check in selected if check.id not in passed]
        next_one = dict(zip([check.id for check in to_run], to_run[1:], strict=False))
        for check in selected:
            if check.id in passed:
                yield CheckRun(check, None, None)
                continue
            following = next_one.get(check.id)
            self._module, self._last_function = check.module, None
            self.running = check.id
            self._is_first_run = check.id not in self._run_before
            self._run_before.add(check.id)
            candidate.begin(check.id)
            # An item follows even the last check, which keeps the session's fixtures alive.
            next_item = following.item if following else _Between.of(check.item.session)
            yield CheckRun(check, self._failure(check.item, next_item), self._last_function)
        self._candidate = None

    def observe(self, exercise: str, arguments: tuple[Any, ...]) -> Outcome:
        """Passes a call on to the current candidate."""
        assert self._candidate is not None, "a check made a call outside of its run"
        if self._is_first_run:
            self._made.setdefault(exercise, {}).setdefault(wire.encode(arguments), arguments)
        return self._candidate.observe(exercise, arguments)

    def function(self, name: str) -> StudentFunction:
        """Returns the stand-in for a student's function that a check gets as a fixture."""
        exercise = f"{self._module}.{name}"
        return _ExaminedFunction(exercise, self, self.remember, self._made, self._reference)

    def remember(self, function: StudentFunction) -> None:
        """Notes which function was called last, to show its call where the check fails."""
        self._last_function = function

    # pytest's hooks

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Keeps pytest from collecting anything but the files of checks."""
        return None if collection_path.is_dir() or collection_path in self.files else True

    def pytest_pycollect_makemodule(
        self, module_path: Path, parent: pytest.Collector
    ) -> pytest.Module:
        """Collects a file of checks from the module that it was loaded as."""
        collected: pytest.Module = pytest.Module.from_parent(parent, path=module_path)
        collected.obj = self.files[module_path][1]
        return collected

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Orders the checks as the course does, the public ones first."""
        names = list(self._course.exercises)
        functions = {exercise.function for exercise in self._course.exercises.values()}
        for item in items:
            assert isinstance(item, pytest.Function)
            file, _ = self.files[item.path]
            judged = {name: f"{file.module}.{name}" for name in item.fixturenames}
            exercises = [id for id in judged.values() if id in names]
            strangers = [n for n, id in judged.items() if n in functions and id not in names]
            if not exercises:  # A name that is no fixture of the file either was meant as one.
                strangers += [n for n in judged if n not in _GIVEN and not hasattr(item.module, n)]
            if strangers:
                self.problems.append(self._stranger(item, strangers[0]))
            elif not exercises:
                self.problems.append(f"{shown(item.path)}: {item.name} takes no exercise.")
            if strangers or not exercises:
                continue
            self.checks.append(CollectedCheck(item, file, exercises))
        self.checks.sort(
            key=lambda c: (c.visibility == "hidden", min(map(names.index, c.exercises)))
        )
        items[:] = [check.item for check in self.checks]
        # Checks that are missing because a file could not be loaded are reported already.
        self.problems = self.problems or list(self._without_checks())

    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any]
    ) -> None:
        """Notes an error that was raised while checks were collected."""
        assert call.excinfo is not None
        error = call.excinfo.value
        # Where a file cannot be imported, pytest raises an error of its own from the original.
        self.problems.append(str(broken_by(error.__cause__ or error, node.path)))

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> bool:
        """Notes the error that ended the work, and keeps pytest from printing it."""
        self.failure = excinfo.value
        return True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Does the examination's work in place of pytest's own loop, unless there are problems."""
        if not self.problems:
            self._work(self)
            self.finished = True
        return True

    # Messages on checks that cannot be used

    def _stranger(self, item: pytest.Function, parameter: str) -> str:
        module = self.files[item.path][0].module
        mine = [n.partition(".")[2] for n in self._course.exercises if n.startswith(f"{module}.")]
        return (
            f"{shown(item.path)}: {item.name} takes {parameter}, which is no exercise of {module} "
            f"in exercises/course.toml{did_you_mean(parameter, mine) or '.'}"
        )

    def _without_checks(self) -> Iterator[str]:
        judged = {(check.visibility, id) for check in self.checks for id in check.exercises}
        for path, (file, _) in self.files.items():
            for id in self._course.exercises:
                if id.startswith(f"{file.module}.") and (file.visibility, id) not in judged:
                    yield f"{shown(path)} has no check of {id}."

    def _failure(self, item: pytest.Function, next_item: pytest.Item) -> BaseException | None:
        """Runs one check as pytest does, and returns the error that it failed with, if any.

        pytest's own protocol also makes three reports on each check, which take as long again as
        the check itself, and are not read here.
        """
        hooks = item.ihook
        try:
            try:
                hooks.pytest_runtest_setup(item=item)
                hooks.pytest_runtest_call(item=item)
            finally:
                hooks.pytest_runtest_teardown(item=item, nextitem=next_item)
        except (KeyboardInterrupt, pytest.exit.Exception):
            raise
        except pytest.FixtureLookupError as error:
            raise BrokenGraderError(self._stranger(item, str(error.argname))) from None
        except BaseException as error:  # What pytest.fail and pytest.skip raise is no Exception.
            return error
        return None


class _ExaminedFunction(RememberedFunction):
    """A student's function; its examination knows all the calls that checks make of it."""

    def __init__(
        self,
        exercise: str,
        candidate: Candidate,
        remember: Callable[[StudentFunction], None],
        made: Mapping[str, Mapping[bytes, tuple[Any, ...]]],
        reference: Callable[[str], Callable[..., Any]] | None,
    ) -> None:
        super().__init__(exercise, candidate, remember)
        self._made = made
        self._reference = reference

    @property
    def reference(self) -> Callable[..., Any]:
        """The reference implementation of the same exercise (see `StudentFunction.reference`)."""
        return self._reference(self.exercise) if self._reference else super().reference

    def known_calls(self) -> Mapping[bytes, tuple[Any, ...]]:
        """Returns the arguments of every call so far, in the order of the first run."""
        return dict(self._made.get(self.exercise, {}))


class _Between(pytest.Item):
    """Stands between two runs: it belongs to the session and to none of its modules."""

    @classmethod
    def of(cls, session: pytest.Session) -> "_Between":
        item: _Between = cls.from_parent(session, name="between runs")
        return item

    def runtest(self) -> None:
        """Never run."""

"""Whether the reference solutions are right, so that submissions can be measured by them.

Each is compared with its proofs, and at the same points has to keep the rules for all of them: it
returns what its annotation says, leaves its arguments as they were, gives the same answer again,
and neither warns nor prints. Its docstring is what students read, so it has to describe what is
there, and its example has to be true.
"""

import ast
import contextlib
import copy
import doctest
import inspect
import io
import itertools
import re
import types
import typing
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np

from autograder.checking.errors import in_a_line
from autograder.compare import STANDARD, difference
from autograder.course import Course
from autograder.course.code import load
from autograder.display import show_call
from autograder.proofs import Proof, disagreements
from autograder.references import reference

# A fault at every point is reported once.
_MOST_POINTS_TOLD: Final = 1


def unproved(
    course: Course, exercises: Collection[str], proofs: Mapping[str, Sequence[Proof]]
) -> Iterator[str]:
    """Yields a sentence for everything that is wrong with the reference solutions of exercises."""
    for exercise in course.exercises:
        if exercise not in exercises:
            continue
        module, _, function = exercise.partition(".")
        solution = reference(course, exercise)
        where = f"solutions/{module}.py: {function}"
        for said in _docstring(solution, vars(load(course.root, f"solutions.{module}"))):
            yield f"{where} {said}."
        for proof in proofs[exercise]:
            try:
                found = list(itertools.islice(disagreements(proof, solution), _MOST_POINTS_TOLD))
            except Exception as error:  # The author's formula can be any code.
                found = [f"the proof in graders/{module}/proofs.py ends with {in_a_line(error)}"]
            yield from (f"{where}: {said}." for said in found)
        points = [point for proof in proofs[exercise] for point in proof.points]
        yield from (f"{where} {said}." for said in _broken_rules(solution, function, points))


def _broken_rules(
    function: Callable[..., Any], name: str, points: Sequence[tuple[Any, ...]]
) -> Iterator[str]:
    """Yields a clause for each rule that a function breaks, with the first point that shows it."""
    for broken in (_of_another_kind, _changes, _shares_memory, _differs_when_laid_out_otherwise,
                   _differs_next_time, _prints, _warns):  # fmt: skip
        for point in points:
            try:
                said = broken(function, copy.deepcopy(point))
            except Exception as error:
                said = f"raises {in_a_line(error)}"
            if said:
                yield f"{said} in {show_call(name, point)}"
                break


def _of_another_kind(function: Callable[..., Any], point: tuple[Any, ...]) -> str:
    returned = typing.get_type_hints(function).get("return")
    got = function(*point)
    return "" if _is_a(got, returned) else f"returns a {type(got).__name__}, not what it says,"


def _is_a(value: Any, kind: Any) -> bool:
    """Whether a value is of the kind that an annotation says, as far as we know it."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if hasattr(origin, "__value__"):  # An alias by a `type` statement, as NumPy's since 2.5.
        return _is_a(value, origin.__value__[parts])
    if origin in {typing.Union, types.UnionType}:
        return any(_is_a(value, part) for part in parts)
    if origin is np.ndarray:
        return isinstance(value, np.ndarray) and _is_scalar(value.dtype.type, parts[1])
    if origin is None:
        return type(value) is kind if isinstance(kind, type) else True
    return type(value) is origin and _holds(value, origin, parts)


def _is_scalar(scalar: type, dtype: Any) -> bool:
    """Whether an array of those scalars is one of the dtype that an annotation says."""
    (wanted,) = typing.get_args(dtype) or (np.generic,)
    return not isinstance(wanted, type) or issubclass(scalar, wanted)


def _holds(value: Any, origin: Any, parts: tuple[Any, ...]) -> bool:
    """Whether a tuple, list or dict holds what an annotation says."""
    if origin is dict:
        return all(_is_a(k, parts[0]) and _is_a(item, parts[1]) for k, item in value.items())
    if origin is tuple and parts[-1:] != (...,):
        return len(value) == len(parts) and all(map(_is_a, value, parts))
    return all(_is_a(item, parts[0]) for item in value)


def _changes(function: Callable[..., Any], point: tuple[Any, ...]) -> str:
    before = copy.deepcopy(point)
    function(*point)
    same = all(difference(a, b, STANDARD) is None for a, b in zip(point, before, strict=True))
    return "" if same else "changes an argument"


def _shares_memory(function: Callable[..., Any], point: tuple[Any, ...]) -> str:
    result = function(*point)
    arrays = [a for a in point if isinstance(a, np.ndarray)]
    for value in result if isinstance(result, tuple | list) else (result,):
        if isinstance(value, np.ndarray) and any(np.shares_memory(value, a) for a in arrays):
            return "returns an argument's own memory, so who changes one changes both,"
    return ""


def _differs_when_laid_out_otherwise(function: Callable[..., Any], point: tuple[Any, ...]) -> str:
    def awkward(argument: Any) -> Any:
        if not isinstance(argument, np.ndarray):
            return argument
        spread = np.full((*argument.shape, 2), np.nan)
        spread[..., 0] = argument
        view = spread[..., 0]
        view.flags.writeable = False
        return view

    got, expected = function(*map(awkward, point)), function(*point)
    if difference(got, expected, STANDARD) is None:
        return ""
    return "gives another answer for read-only views of the same numbers"


def _differs_next_time(function: Callable[..., Any], point: tuple[Any, ...]) -> str:
    first, second = repr(function(*point)), repr(function(*point))
    return "" if first == second else "gives another answer the second time"


def _prints(function: Callable[..., Any], point: tuple[Any, ...]) -> str:
    with (
        contextlib.redirect_stdout(io.StringIO()) as out,
        contextlib.redirect_stderr(io.StringIO()) as err,
    ):
        function(*point)
    return "prints" if out.getvalue() or err.getvalue() else ""


def _warns(function: Callable[..., Any], point: tuple[Any, ...]) -> str:
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        function(*point)
    return f"warns ({in_a_line(caught[0].message)})" if caught else ""  # type: ignore[arg-type]


def _docstring(function: Callable[..., Any], module: dict[str, Any]) -> Iterator[str]:
    """Yields a clause for everything that a docstring lacks or gets wrong."""
    docstring = inspect.cleandoc(function.__doc__ or "")
    if not docstring:
        yield "has no docstring, which is what students read of it"
        return
    first, *_ = docstring.splitlines()
    if not first.endswith("."):
        yield "has a docstring whose first line is no sentence: end it with a full stop"
    if _gives_code_away(function, docstring):
        yield "has a line of its body in its docstring, which students get: say it in words"
    signature = inspect.signature(function)
    for name, parameter in signature.parameters.items():
        if parameter.annotation is inspect.Parameter.empty:
            yield f"does not say what {name} is: annotate it"
    if signature.return_annotation is inspect.Signature.empty:
        yield "does not say what it returns: annotate it"
    parts = re.split(r"^(Args|Returns|Raises|Example):\n", docstring, flags=re.MULTILINE)
    sections = dict(zip(parts[1::2], parts[2::2], strict=True))
    described = re.findall(r"^    (\w+): \S", sections.get("Args", ""), flags=re.MULTILINE)
    if described != list(signature.parameters):
        yield "does not describe its parameters, each in a line below `Args:` and in their order"
    if "Returns" not in sections:
        yield "does not describe what comes back below `Returns:`"
    if f"{function.__name__}(" not in sections.get("Example", ""):
        yield "shows no call of itself below `Example:`"
        return
    parser, report = doctest.DocTestParser(), io.StringIO()
    test = parser.get_doctest(docstring, dict(module), function.__name__, None, 0)
    if doctest.DocTestRunner(verbose=False).run(test, out=report.write).failed:
        got = report.getvalue().rpartition("Got:\n")[2].strip()
        yield f"has an example that is not true: it gives {' '.join(got.split())[:200]}"


def _gives_code_away(function: Callable[..., Any], docstring: str) -> bool:
    prose = docstring.partition("Example:")[0]
    (definition,) = ast.parse(inspect.getsource(function)).body
    assert isinstance(definition, ast.FunctionDef)
    return any(
        isinstance(part, ast.Return | ast.Assign | ast.Call) and ast.unparse(part) in prose
        for node in definition.body[1:]
        for part in ast.walk(node)
    )

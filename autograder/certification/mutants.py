"""Mutants of the reference solutions: one small change each, made mechanically.

Operators, comparisons, constants, axes, ranges, indices, signs and the names of NumPy's functions
are changed. A mutant that passes every check shows a hole in the graders, or is equivalent.
"""

import ast
import copy
from collections.abc import Iterator
from typing import Any, Final

_OPERATORS: Final[dict[type[ast.operator], list[type[ast.operator]]]] = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
}
_COMPARISONS: Final[dict[type[ast.cmpop], list[type[ast.cmpop]]]] = {
    ast.Lt: [ast.LtE, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.LtE: [ast.Lt],
    ast.GtE: [ast.Gt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
_NAMES: Final = {
    "mean": ["sum"],
    "sum": ["mean", "max"],
    "max": ["min"],
    "maximum": ["minimum"],
    "argmax": ["argmin"],
    "exp": ["exp2", "expm1"],
    "tanh": ["sin"],
    "less": ["greater", "less_equal"],
    "greater": ["less", "greater_equal"],
    "zeros": ["ones"],
}


def mutants(source: str, name: str) -> Iterator[tuple[str, str]]:
    """Yields every mutant of a function, as what was changed and the source of its module."""
    lines = source.splitlines()
    for function in ast.parse(source).body:
        if isinstance(function, ast.FunctionDef) and function.name == name:
            for change, mutated in _mutations(function):
                written = ast.unparse(mutated)
                changed = [*lines[: function.lineno - 1], written, *lines[function.end_lineno :]]
                yield change, "\n".join(changed) + "\n"


def _mutations(function: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yields a description and a copy of the function for each place and way to change it."""
    body = function.body[1:]  # Without the docstring.
    nodes = [node for statement in body for node in _walked(statement)]
    nodes += [node for default in function.args.defaults for node in ast.walk(default)]
    for node in nodes:
        for replacement in _replacements(node):
            changed = _replaced(function, node, replacement)
            yield f"{_words(node)} -> {_words(replacement)}", changed


def _walked(node: ast.AST) -> Iterator[ast.AST]:
    """Yields what `ast.walk` does, except for annotations, which compute nothing."""
    yield node
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name != "annotation":
                yield from _walked(child)


def _replacements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp():
            for operator in _OPERATORS.get(type(node.op), []):
                yield ast.BinOp(node.left, operator(), node.right)
        case ast.Compare(ops=[comparison], comparators=[_]):
            for other in _COMPARISONS.get(type(comparison), []):
                yield ast.Compare(node.left, [other()], node.comparators)
        case ast.UnaryOp(op=ast.USub()):
            yield node.operand
        case ast.Constant():
            yield from map(ast.Constant, _other_values(node.value))
        case ast.Call():
            yield from _other_calls(node)
        case ast.IfExp():
            yield ast.IfExp(node.test, node.orelse, node.body)
        case ast.Break():
            yield ast.Pass()
        case ast.Tuple(elts=[first, second, *rest]) if isinstance(node.ctx, ast.Load):
            yield ast.Tuple([second, first, *rest], ast.Load())


def _other_values(value: object) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, float):
        return [value + 1, value / 2] if value else [value + 1]
    if isinstance(value, int):
        return [value + 1, 0] if value else [value + 1]
    return [value + "!"] if isinstance(value, str) else []


def _other_calls(call: ast.Call) -> Iterator[ast.AST]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    if name == "range":
        for operator in (ast.Add(), ast.Sub()):
            count = ast.BinOp(call.args[0], operator, ast.Constant(1))
            yield ast.Call(call.func, [count], [])
    if name in {"reversed", "abs", "float"}:
        yield call.args[0]
    if isinstance(call.func, ast.Attribute):
        for other in _NAMES.get(name, []):
            function = ast.Attribute(call.func.value, other, ast.Load())
            yield ast.Call(function, call.args, call.keywords)


def _replaced(function: ast.FunctionDef, node: ast.AST, new: ast.AST) -> ast.FunctionDef:
    """Returns a copy of a function in which one node, known by identity, is another."""
    copies: dict[int, Any] = {}
    copied = copy.deepcopy(function, copies)
    place = copies[id(node)]

    class Replace(ast.NodeTransformer):
        def visit(self, visited: ast.AST) -> Any:
            return new if visited is place else super().visit(visited)

    Replace().visit(copied)
    return ast.fix_missing_locations(copied)


def _words(node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(copy.deepcopy(node)))[:60].replace("\n", " ")


# What a right function can do wrong beside its formula. Each is given `r`, its right answer, and
# `a`, its arguments; where a way does not apply, it changes nothing.
_SPOILERS: Final = {
    "one more axis": "tuple(np.array([v]) for v in r) if isinstance(r, tuple) else "
    "np.expand_dims(r, -1)",
    "flattened": "np.ravel(r) if np.ndim(r) > 1 else r",
    "an array for a number": "np.array([r]) if isinstance(a[0], float) else r",
    "a number for an array without axes": "[float(r)] if isinstance(a[0], np.ndarray) "
    "and a[0].ndim == 0 else r",
    "a float for an index": "np.asarray(r, float)",
    "one value more": "(*r, 0.0) if isinstance(r, tuple) else r",
    "another value for 0": "0.5 if isinstance(a[0], float) and a[0] == 0 else r",
    "a warning": "(warnings.warn('!'), r)[1]",
    "nan for large inputs": "r * np.nan if np.max(np.abs(a[0])) > 600 else r",
    "writes into an argument": "([np.add(v, 1, out=v) for v in a if np.ndim(v)"
    " and isinstance(v, np.ndarray)], r)[1]",
    "only the first row": "r[:1] if isinstance(r, np.ndarray) and r.ndim == 2 else r",
    "no steps, no answer": "None if 0 in a[-3:] else r",
}


def spoilt(function: str) -> dict[str, str]:
    """Returns sources that each make a right function of that name wrong in another way."""
    return {
        what: f"import warnings\n_right = {function}\ndef {function}(*a):\n"
        f"    r = _right(*a)\n    return {expression}\n"
        for what, expression in _SPOILERS.items()
    }

"""Names, signatures and docstrings of the references are the contract that students read."""

import ast
import doctest
import inspect
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from solutions import activations, backpropagation, gradient_descent, vanishing_gradient

MODULES: list[ModuleType] = [gradient_descent, backpropagation, vanishing_gradient, activations]

# Names, parameters, defaults and order are fixed: submissions outside this project rely on them.
SIGNATURES = {
    "gradient_descent": """
        predict(w, x)
        cost(w, x, z)
        sum_squared_error(w, x, z)
        cost_gradient(w, x, z)
        descent_direction(slope)
        update_weight(w, gradient, learning_rate)
        gradient_descent(x, z, w0, learning_rate, n_iterations)
        max_stable_learning_rate(x)
    """,
    "backpropagation": """
        weighted_sum(x, w, b)
        sigmoid(z)
        forward(x, w1, b1, w2, b2)
        error(target, a2)
        error_slope(target, a2)
        sigmoid_slope(a)
        gradient_w2(target, a1, a2)
        gradient_b2(target, a2)
        gradient_w1(x, target, a1, w2, a2)
        gradient_b1(target, a1, w2, a2)
        backward(x, target, w1, b1, w2, b2)
        update_parameters(parameters, gradients, learning_rate)
        train(x, target, w1, b1, w2, b2, learning_rate, max_epochs, tolerance)
    """,
    "vanishing_gradient": """
        sigmoid_derivative(z)
        relu_derivative(z)
        forward_chain(x, weights, activation)
        layer_gradients(x, target, weights, activation)
        vanishing_ratio(gradients)
        sigmoid_gradient_bound(depth)
    """,
    "activations": """
        sigmoid(z)
        tanh(z)
        tanh_derivative(z)
        relu(z)
        leaky_relu(z, alpha=0.01)
        leaky_relu_derivative(z, alpha=0.01)
        softmax(z)
        predict_class(z)
        collapse_linear_layers(W1, b1, W2, b2)
    """,
}


def short_name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def public_functions(module: ModuleType) -> list[Callable[..., Any]]:
    """Return the public functions that a module defines, in the order of its source."""
    return [
        value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and not name.startswith("_")
    ]


FUNCTIONS = [function for module in MODULES for function in public_functions(module)]


def docstring_of(function: Callable[..., Any]) -> str:
    assert function.__doc__ is not None
    return inspect.cleandoc(function.__doc__)


def sections_of(function: Callable[..., Any]) -> dict[str, str]:
    """Split a docstring at its Google-style headings."""
    parts = re.split(r"^(Args|Returns|Raises|Example):\n", docstring_of(function), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


every_module = pytest.mark.parametrize("module", MODULES, ids=short_name)
every_function = pytest.mark.parametrize(
    "function",
    FUNCTIONS,
    ids=[f"{function.__module__.rpartition('.')[2]}.{function.__name__}" for function in FUNCTIONS],
)


def test_there_are_36_exercises() -> None:
    assert len(FUNCTIONS) == 36


@every_module
def test_names_signatures_and_order_are_those_of_the_contract(module: ModuleType) -> None:
    signatures = []
    for function in public_functions(module):
        parameters = [
            parameter.replace(annotation=inspect.Parameter.empty)
            for parameter in inspect.signature(function).parameters.values()
        ]
        signatures.append(f"{function.__name__}{inspect.Signature(parameters)}")
    assert signatures == inspect.cleandoc(SIGNATURES[short_name(module)]).splitlines()


@every_function
def test_every_parameter_and_result_is_annotated(function: Callable[..., Any]) -> None:
    signature = inspect.signature(function)
    assert signature.return_annotation is not inspect.Signature.empty
    for parameter in signature.parameters.values():
        assert parameter.annotation is not inspect.Parameter.empty
        assert parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD


@every_module
def test_a_module_stands_alone(module: ModuleType) -> None:
    """It is the source of a file that a student hands in: NumPy is all that it may need."""
    imported = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or ".")
    assert imported == {"numpy", "numpy.typing"}


@every_module
def test_a_module_says_what_its_exercises_build_up(module: ModuleType) -> None:
    assert module.__doc__ is not None
    first, builds, for_all = module.__doc__.split("\n\n")
    assert first.endswith(".")
    assert 2 <= len(builds.splitlines()) <= 5
    assert "leave their arguments as they were, and round nothing" in " ".join(for_all.split())


@every_function
def test_the_first_line_is_one_sentence_on_what_is_returned(function: Callable[..., Any]) -> None:
    first, blank, *_ = docstring_of(function).splitlines()
    assert first.startswith("Return ")
    assert first.endswith(".")
    assert len(first) <= 100 - len('    """')
    assert blank == ""


@every_function
def test_args_returns_and_example_are_there_in_this_order(function: Callable[..., Any]) -> None:
    sections = sections_of(function)
    raises = ["Raises"] if function.__name__ in ("forward_chain", "layer_gradients") else []
    assert list(sections) == ["Args", "Returns", *raises, "Example"]
    assert ">>> " in sections["Example"]


@every_function
def test_args_describe_each_parameter_in_order(function: Callable[..., Any]) -> None:
    described = re.findall(r"^    (\w+): \S", sections_of(function)["Args"], flags=re.M)
    assert described == list(inspect.signature(function).parameters)


@every_function
def test_the_docstring_gives_no_code_away(function: Callable[..., Any]) -> None:
    """A stub carries it, so neither NumPy nor a line of the body may stand before the example."""
    prose = docstring_of(function).partition("Example:")[0]
    assert "np." not in prose
    (definition,) = ast.parse(inspect.getsource(function)).body
    assert isinstance(definition, ast.FunctionDef)
    for node in definition.body[1:]:
        for part in ast.walk(node):
            if isinstance(part, ast.Return | ast.Assign | ast.Call):
                assert ast.unparse(part) not in prose


@every_function
def test_the_example_is_true(function: Callable[..., Any]) -> None:
    module = inspect.getmodule(function)
    assert module is not None
    (test,) = doctest.DocTestFinder(recurse=False).find(
        function, function.__name__, globs=dict(vars(module))
    )
    assert test.examples
    report: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=report.append)
    assert not report, "".join(report)


@every_function
def test_the_example_calls_the_function(function: Callable[..., Any]) -> None:
    assert f"{function.__name__}(" in sections_of(function)["Example"]


@every_module
def test_each_line_fits_in_100_columns_of_ascii(module: ModuleType) -> None:
    source = inspect.getsource(module)
    assert source.isascii()
    assert max(map(len, source.splitlines())) <= 100

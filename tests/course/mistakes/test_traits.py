"""What is said of an exercise's answers by is computed from its reference and its checks' calls."""

from autograder.course import Course
from autograder.mistakes.parts import load_parts
from autograder.mistakes.traits import traits_of
from autograder.references import reference
from tests.course.graders.test_right_in_other_words import is_written as is_known
from tests.engine.isolation.hidden import recorded


def test_element_wise_are_those_that_give_for_an_array_what_its_entries_give(
    course: Course,
) -> None:
    calls, links = recorded(), load_parts(course).links
    traits = [
        traits_of(
            name,
            reference(course, name),
            [*calls.public.get(name, []), *calls.hidden[name]],
            links.get(name, {}),
        )
        for name in course.exercises
    ]
    # Those that came later are what they are.
    assert {t.exercise for t in traits if t.is_elementwise and is_known(t.exercise)} == {
        "backpropagation.sigmoid",
        "backpropagation.sigmoid_slope",
        "vanishing_gradient.sigmoid_derivative",
        "vanishing_gradient.relu_derivative",
        "activations.sigmoid",
        "activations.tanh",
        "activations.tanh_derivative",
        "activations.relu",
        "activations.leaky_relu",
        "activations.leaky_relu_derivative",
    }
    # Whole numbers are met by chance: what two mistakes make of them together tells nothing.
    assert {t.exercise for t in traits if not t.is_generic and is_known(t.exercise)} == {
        "vanishing_gradient.sigmoid_gradient_bound"
    }

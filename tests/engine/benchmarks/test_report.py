"""What the report says of failures, spreads and ratios, and what of it is committed."""

import msgspec
import pytest

from autograder.course import load_course
from autograder.publishing.extension import table
from benchmarks.curves import standalone_curve
from benchmarks.measurements import (
    Agreement,
    Machine,
    Measurements,
    Run,
    ToolRuns,
    class_of_ours,
    committed,
    conditions,
    curve,
    goals,
    side_by_side,
    spread,
    versions,
)


def tool(name: str, *seconds: float | str, **more: object) -> ToolRuns:
    """A tool whose runs over ten submissions took that long, or failed for that reason."""
    runs = tuple(
        Run(10, failure=one) if isinstance(one, str) else Run(10, one, 50.0, 100.0)
        for one in seconds
    )
    made = ToolRuns(name, f"{name} CLASS", "Nothing.", {"x": "1.0"}, runs, Agreement(360, 360))
    return msgspec.structs.replace(made, **more)


def measurements(*tools: ToolRuns) -> Measurements:
    ours = tool("autograder grade, 1 job", 1.0, 2.0, 3.0)
    points = (Run(200, 8.0, 60.0, 150.0), Run(10_000, 400.0, 70.0, 180.0))
    grown = msgspec.structs.replace(ours, curve=points)
    return Measurements(
        taken="2026-11-24",
        quick=False,
        machine=Machine("Some CPU", 2, 8.0, "6.1", "Debian", "3.11"),
        tools=(grown, *tools),
        class_ours=(Run(200, 10.0), Run(200, 8.0), Run(200, 9.0)),
        class_bare=(Run(200, 4.0), Run(200, 5.0), Run(200, 6.0)),
        check_one=(0.5, 0.3, 0.4),
        check_all=(0.6,),
        watched=(0.2, 0.08),
        busy=0.0,
    )


def row(name: str, *tools: ToolRuns) -> tuple[str, ...]:
    (found,) = (r for r in side_by_side(measurements(*tools)).rows if r[0] == name)
    return found


def test_a_spread_is_the_median_with_the_lowest_and_the_highest() -> None:
    assert spread([3.0, 1.0, 1.5]) == "1.500 (1.000 to 3.000)"
    assert spread([2.0], 0) == "2"
    assert spread([]) == "not measured"


def test_ratios_are_taken_within_a_round_and_not_of_medians() -> None:
    # Ours took 1, 2 and 3 seconds; the medians' ratio would be 15.
    found = row("other", tool("other", 30.0, 20.0, 30.0))
    assert found[1] == "3.000 (2.000 to 3.000)"
    assert found[2] == "10.00 (10.00 to 30.00)"
    assert found[3:] == ("100 (100 to 100)", "360 of 360")


def test_a_tool_that_failed_in_every_round_has_a_row_that_says_why() -> None:
    found = row("other", tool("other", "exit 1: no kernel", "exit 1: no kernel", "exit 1"))
    assert found[1] == "failed: exit 1: no kernel"
    assert found[2] == found[3] == ""


def test_a_tool_that_could_not_be_set_up_has_a_row_that_says_why() -> None:
    broken = tool("other", "x", "x", "x", set_up_failure="it could not be set up: no such release")
    assert row("other", broken)[1] == "failed: it could not be set up: no such release"


def test_one_failed_run_of_several_is_told_beside_the_others() -> None:
    found = row("other", tool("other", 10.0, "exit 1: out of disk", 60.0))
    assert found[1] == "3.500 (1.000 to 6.000); 1 of 3 runs failed: exit 1: out of disk"
    # Only rounds in which both ran have a ratio.
    assert found[2] == "15.00 (10.00 to 20.00)"


def test_scores_that_differ_are_counted_and_named() -> None:
    differing = Agreement(359, 360, ("activations.relu of ada: 0.0, not 2",))
    found = row("other", tool("other", 1.0, 1.0, 1.0, agreement=differing))
    assert found[4] == "359 of 360; not activations.relu of ada: 0.0, not 2"


def test_a_failed_point_of_a_curve_is_in_its_table_and_not_in_its_picture() -> None:
    points = (Run(10, 20.0, 60.0, 150.0), Run(40, failure="exit 9"))
    made = measurements(tool("other", 1.0, 1.0, 1.0, curve=points))
    assert ("other", "40", "failed: exit 9", "", "", "") in curve(made).rows
    assert ("other", "10", "20.0", "2.000", "150", "60") in curve(made).rows
    picture = standalone_curve(made)
    assert "other" in picture
    assert "#010203" not in picture


def test_a_machine_that_was_busy_is_said_to_have_been() -> None:
    assert "not idle" not in conditions(measurements())
    busy = msgspec.structs.replace(measurements(), busy=0.42)
    assert "not idle** (42% of its processors were busy before the start)" in conditions(busy)


def test_goals_that_are_missed_are_said_to_be() -> None:
    verdicts = [(r[2], r[3]) for r in goals(measurements()).rows]
    assert verdicts == [
        ("0.045", "reached"),
        ("1.6", "reached"),
        ("1.2", "not reached"),
        ("0.6", "reached"),
        ("0.14", "reached"),
    ]


def test_tables_are_markdown_with_as_many_cells_in_every_row() -> None:
    made = measurements(tool("a|b", 1.0, "x | y", 1.0))
    for shown in (side_by_side(made), versions(made), curve(made), class_of_ours(made)):
        lines = str(shown).split("\n")
        assert {line.count("|") for line in lines} == {len(shown.head) + 1}


def test_what_the_site_shows_is_of_a_full_run_on_a_machine_that_is_named() -> None:
    assert not committed().quick
    machine = committed().machine
    assert machine.processor
    assert machine.kernel


def test_what_is_not_measured_fails_the_build() -> None:
    with pytest.raises(KeyError):
        table(load_course(), "speed")

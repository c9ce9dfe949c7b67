"""Who gained or lost points by grading again, as shown on the terminal."""

from typing import Final

from rich.table import Table
from rich.text import Text

from autograder.display import printable
from autograder.reports import ReportFolder
from autograder.reports.changes import Change, changes

_ROWS_SHOWN: Final = 60


def changed_points(folder: ReportFolder) -> str:
    """Returns in a sentence how many gained and lost points; empty where nobody did."""
    gains = [change.gain for change in changes(folder.regraded())]
    if not gains:
        return ""
    gained, lost = sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)
    same = len(gains) - gained - lost
    parts = [f"{gained} gained points", f"{lost} lost points"]
    if same:
        parts.append(f"{same} kept their total by other exercises")
    return f"Since results were last given out, grading again changed them: {', '.join(parts)}."


def changes_table(folder: ReportFolder) -> Table:
    """Returns the changes, the largest loss first and the largest gain last."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("Submission", overflow="fold", min_width=12)
    for heading in ("Before", "Now", "Change"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("By", overflow="fold")
    found = sorted(changes(folder.regraded()), key=lambda change: change.gain)
    for change in found[:_ROWS_SHOWN]:
        table.add_row(
            Text(printable(change.submission)),
            Text(f"{change.before:.2f}"),
            Text(f"{change.now:.2f}"),
            Text(f"{change.gain:+.2f}" if change.gain else "0.00", style=_style(change.gain)),
            Text(by_exercise(change)),
        )
    if len(found) > _ROWS_SHOWN:
        table.add_row(f"and {len(found) - _ROWS_SHOWN} more, in report.html", "", "", "", "")
    return table


def _style(gain: float) -> str:
    return "green" if gain > 0 else "red" if gain < 0 else ""


def by_exercise(change: Change) -> str:
    """Returns the points of each exercise that changed, before and now."""
    return ", ".join(f"{e.id} {e.before:g} \u2192 {e.now:g}" for e in change.exercises)

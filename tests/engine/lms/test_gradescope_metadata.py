"""When a submission to Gradescope is late: instants are compared, and extensions count."""

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.lms.gradescope_metadata import MetadataError, seconds_late

DUE = "2026-11-01T23:00:00.000000-08:00"


def lateness(folder: Path, created_at: str, due: str | None, *users: dict[str, Any]) -> int:
    path = folder / "submission_metadata.json"
    assignment = {"due_date": due, "late_due_date": None, "total_points": "20.0", "title": "A1"}
    metadata = {"id": 7, "created_at": created_at, "assignment": assignment, "users": users}
    path.write_text(json.dumps({**metadata, "previous_submissions": [{"score": 1.0}]}))
    return seconds_late(path)


def student(*due: str | None) -> dict[str, Any]:
    person: dict[str, Any] = {"email": "a@example.com", "id": 1, "name": "A"}
    return {**person, **({"assignment": {"due_date": due[0]}} if due else {})}


@pytest.mark.parametrize(
    ("created_at", "seconds"),
    [
        ("2026-11-01T22:59:59.999999-08:00", 0),
        ("2026-11-01T23:00:00.000000-08:00", 0),
        ("2026-11-01T23:00:00.000001-08:00", 1),
        ("2026-11-02T00:00:00.000000-08:00", 3600),
        ("2026-11-02T07:30:00.000000+00:00", 1800),  # The same day elsewhere.
        ("2026-11-02T08:00:00.000000+01:00", 0),
        ("2026-11-02T07:00:10Z", 10),
    ],
)
def test_instants_are_compared_not_clocks(tmp_path: Path, created_at: str, seconds: int) -> None:
    assert lateness(tmp_path, created_at, DUE, student()) == seconds


def test_without_a_due_date_nothing_is_late(tmp_path: Path) -> None:
    assert lateness(tmp_path, "2030-01-01T00:00:00Z", None, student()) == 0
    assert lateness(tmp_path, "2030-01-01T00:00:00Z", None, student(None)) == 0


def test_an_extension_goes_before_the_assignments_date(tmp_path: Path) -> None:
    extension = student("2026-11-03T23:00:00-08:00")
    assert lateness(tmp_path, "2026-11-03T22:00:00-08:00", DUE, extension) == 0
    assert lateness(tmp_path, "2026-11-03T23:00:05-08:00", DUE, extension) == 5
    assert lateness(tmp_path, "2026-11-01T23:00:05-08:00", DUE, student(None)) == 5


def test_of_a_group_the_latest_date_counts(tmp_path: Path) -> None:
    group = [student(DUE), student("2026-11-03T23:00:00-08:00"), student()]
    assert lateness(tmp_path, "2026-11-03T22:00:00-08:00", DUE, *group) == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        "{}",
        '{"created_at": null, "assignment": {}}',
        '{"created_at": "2026-11-01T23:00:00Z", "assignment": null}',
        '{"created_at": "yesterday", "assignment": {"due_date": "2026-11-01T23:00:00Z"}}',
        '{"created_at": "2026-11-01T23:00:00", "assignment": {"due_date": "2026-11-01T23:00:00Z"}}',
        '{"created_at": "2026-11-01T23:00:00Z", "assignment": {"due_date": 17}}',
        '{"created_at": "2026-11-01T23:00:00Z", "assignment": {}, "users": "all"}',
        "[" * 100_000,
        "\udcff",
    ],
)
def test_metadata_of_another_form_is_refused_with_a_reason(tmp_path: Path, text: str) -> None:
    path = tmp_path / "submission_metadata.json"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(MetadataError, match="it is not as expected"):
        seconds_late(path)


def test_missing_metadata_is_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(MetadataError, match="cannot be read"):
        seconds_late(tmp_path / "submission_metadata.json")

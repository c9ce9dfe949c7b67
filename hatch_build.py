"""Puts the course into the wheel as data of the package; in an editable checkout it lies beside."""

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CourseInTheWheel(BuildHookInterface[Any]):
    """The build hook that pyproject.toml names."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called by hatchling before it collects files."""
        if version == "standard":
            for folder in ("exercises", "solutions", "graders"):
                build_data["force_include"][folder] = f"autograder/bundled/{folder}"

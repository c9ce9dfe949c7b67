"""Builds pages from the lessons' Markdown: mathematics, computed numbers, drawings and quizzes.

Used by mkdocs while it builds the site, as an ordinary Markdown extension; needs the extra `site`.
"""

from typing import Any

from autograder.publishing.extension import LessonExtension


def makeExtension(**settings: Any) -> LessonExtension:  # noqa: N802 - The name that Markdown asks for.
    """Returns the extension; Markdown calls this."""
    return LessonExtension(**settings)

"""Hidden graders: pytest files, one a lesson, never given to students."""

"""Makes HTML and CSV from results."""

from autograder.reports.class_report import render_class_report
from autograder.reports.feedback import render_feedback
from autograder.reports.folder import ReportFolder
from autograder.reports.grades_csv import render_grades_csv

__all__ = ["ReportFolder", "render_class_report", "render_feedback", "render_grades_csv"]

"""Runs in Otter's environment: grades a folder by Otter's API, in one process.

python inside_otter.py ARCHIVE SUBMISSIONS POINTS
"""

import json
import sys
from pathlib import Path

from otter.api import grade_submission


def main(archive: str, submissions: str, points: str) -> None:
    """Grades each submission and writes the points by submission and test file."""
    made = {}
    for path in sorted(Path(submissions).glob("*.ipynb")):
        results = grade_submission(str(path), archive, quiet=True)
        made[path.stem] = {name: file.score for name, file in results.results.items()}
    Path(points).write_text(json.dumps(made))


if __name__ == "__main__":
    main(*sys.argv[1:])

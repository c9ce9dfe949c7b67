"""Which LMS a folder or archive was downloaded from, if from any."""

from collections.abc import Callable
from typing import Final

from autograder.lms import canvas, classroom50, gradescope, moodle
from autograder.lms.download import Download, Listing

# The most telling first: a file of its own, then names that nobody else makes.
_LMSS: Final[tuple[Callable[[Listing], Download | None], ...]] = (
    gradescope.recognise,
    moodle.recognise,
    canvas.recognise,
    classroom50.recognise,
)
NAMES: Final = {
    "canvas": "a Canvas download",
    "moodle": "a Moodle download",
    "gradescope": "a Gradescope export",
    "classroom50": "a Classroom 50 download",
}


def recognise(listing: Listing) -> Download | None:
    """Returns whose work a download holds, or None where it is none that is known.

    Raises:
        DownloadError: it is one, but cannot be read.
    """
    return next((found for lms in _LMSS if (found := lms(listing))), None)

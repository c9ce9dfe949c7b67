"""Recognises which LMS, if any, a folder or archive was downloaded from."""

from collections.abc import Callable
from typing import Final

from autograder.lms import canvas, classroom50, gradescope, moodle
from autograder.lms.download import Download, Listing

# The surest signs first: a file of the LMS's own, then names that no other system makes.
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
    """Returns the download, or None if it comes from no known LMS.

    Raises:
        DownloadError: it is a known LMS's download, but cannot be read.
    """
    return next((found for lms in _LMSS if (found := lms(listing))), None)

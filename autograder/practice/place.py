"""Where in the course a student is: the exercise whose function was edited last."""

from collections.abc import Sequence

from autograder.course import Course
from autograder.practice.functions import Functions, functions_of, texts_of
from autograder.practice.progress import Progress
from autograder.submissions import Submission


class Place:
    """Tracks the current exercise of a student who edits, steps and finishes."""

    def __init__(self, course: Course, exercises: Sequence[str]) -> None:
        self.current = exercises[0]
        self.missing = False  # Whether the file of the current exercise is missing.
        self._all = list(course.exercises)
        self._meant = list(exercises)
        self._texts: dict[str, str] = {}
        self._functions: dict[str, Functions] = {}

    def begin(self, progress: Progress) -> None:
        """Goes to the first of the chosen exercises that is not done yet."""
        left = [name for name in self._meant if progress[name].status != "done"]
        self.current = left[0] if left else self._meant[0]

    def read(self, submission: Submission, progress: Progress | None = None) -> list[str]:
        """Records what was saved, goes to the edited exercise, and returns all that were edited."""
        edited: list[str] = []
        touched: list[str] = []
        for module, text in texts_of(submission).items():
            if text == self._texts.get(module):
                continue
            touched.append(module)
            functions = functions_of(text)
            if functions is None:  # Not Python at the moment: what was known stays.
                continue
            known = self._functions.get(module, {})
            names = [name for name in self._all if name.partition(".")[0] == module]
            edited += [n for n in names if functions.get(_name(n)) != known.get(_name(n))]
            self._functions[module] = functions
        self._texts = texts_of(submission)
        if progress is not None and self.current not in edited:
            self._go(edited, touched, progress)
        self.missing = self.current.partition(".")[0] not in self._texts
        return edited

    def step(self, by: int) -> None:
        """Goes to the next or previous exercise, wrapping round at the course's ends."""
        self.current = self._all[(self._all.index(self.current) + by) % len(self._all)]
        self.missing = self.current.partition(".")[0] not in self._texts

    def next_unfinished(self, progress: Progress) -> str | None:
        """Returns the next exercise after the current one that is not done, None if all are."""
        at = self._all.index(self.current)
        around = self._all[at + 1 :] + self._all[:at]
        return next((name for name in around if progress[name].status != "done"), None)

    def _go(self, edited: Sequence[str], touched: Sequence[str], progress: Progress) -> None:
        if edited:
            self.current = edited[0]
        elif touched and self.current.partition(".")[0] not in touched:
            # Another file changed, outside its exercises: go to its first unfinished one.
            here = [name for name in self._all if name.partition(".")[0] in touched]
            left = [name for name in here if progress[name].status != "done"]
            self.current = (left or here or [self.current])[0]


def _name(exercise: str) -> str:
    return exercise.partition(".")[2]

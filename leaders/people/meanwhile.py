"""Two windows on the same words: a page carries what it showed, so that a later save overwrites nothing."""

from collections.abc import Iterable
from hashlib import sha256

from .refusals import NotPossible


class ChangedMeanwhile(NotPossible):
    """The words were changed after the page that saves them was opened."""

    def __init__(self):
        super().__init__(
            "This was changed in another window after you opened it. What you wrote is still here: "
            "compare it with what stands now, then save again."
        )


def mark(texts: Iterable[str]) -> str:
    """A short mark of the words that a page shows, to be sent back with the form."""
    return sha256("\0".join(texts).encode()).hexdigest()[:16]

"""The one error of everything that reads picture files, and the sentences that several readers say."""

from typing import Final


class UnusableImage(ValueError):
    """A file we do not take; `str()` is one sentence for the photo desk: what is wrong and what to do."""


TRUNCATED: Final = "The file stops before the picture does; fetch it again from its source."
DAMAGED: Final = "The file is damaged; fetch it again from its source."
ANIMATED: Final = "The file is an animation; save one frame of it as a JPEG or PNG."

# A file that claims more parts than this was made to keep a reader busy.
MOST_PARTS: Final = 50_000

"""The one error of everything that reads picture files."""


class UnusableImage(ValueError):
    """A file we do not take; `str()` is one sentence for the photo desk: what is wrong and what to do."""

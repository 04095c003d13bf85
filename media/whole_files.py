"""Uploads in a folder: a file is there whole, or not at all."""

from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class WholeFiles(FileSystemStorage):
    """Leaves nothing behind when a disk is full: half an original would look like the picture it is not."""

    def _save(self, name: str, content: File) -> str:
        try:
            return super()._save(name, content)  # type: ignore[misc]  # django-stubs does not know it.
        except OSError:
            Path(self.path(name)).unlink(missing_ok=True)
            raise

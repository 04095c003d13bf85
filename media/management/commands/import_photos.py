"""manage.py import_photos: add picture files from disk."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.photos.hot_folder import StoreAway, pictures, take

from ...counted import counted
from ...process_pool import in_order

# Fewer are taken in sooner than other processes have started.
WORTH_SEVERAL = 20


class Command(BaseCommand):
    help = "Adds picture files, and all those in folders, to the photo desk; an .xmp file beside one is read with it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument(
            "--processes",
            type=int,
            choices=range(1, 33),
            metavar="1-32",
            default=min(os.cpu_count() or 1, 4),
            help="How many work at once.",
        )

    def handle(self, *args: Any, paths: list[str], processes: int, **options: Any) -> None:
        refused, files = 0, list(pictures(map(Path, paths)))
        try:
            for file, (key, sentence) in in_order(taken, files, processes if len(files) >= WORTH_SEVERAL else 1):
                refused += not key
                self.stdout.write(f"{file}: {key or sentence}")
        except StoreAway as error:
            raise CommandError(f"{error} Run this again later: what was added is not added twice.") from error
        if refused:
            raise CommandError(f"{counted(refused, 'file')} refused; all others were added.")


def taken(file: Path) -> tuple[str, str]:
    """Return the key of the photo a file has become, or why there is none, in a process of its own."""
    photo, sentence = take(file)
    return str(photo.pk) if photo else "", sentence

"""manage.py import_photos: add picture files from disk."""

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.photos.hot_folder import StoreAway, outcome, pictures, take

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
            for file, (is_here, said) in in_order(taken, files, processes if len(files) >= WORTH_SEVERAL else 1):
                refused += not is_here
                self.stdout.write(f"{file}: {said}")
        except StoreAway as error:
            raise CommandError(f"{error} Run this again later: what was added is not added twice.") from error
        if refused:
            raise CommandError(f"{counted(refused, 'file')} refused; all others were added.")


def taken(file: Path) -> tuple[bool, str]:
    """Return whether a file has become a photo, and what is said of it, in a process of its own."""
    photo, sentence = take(file)
    return photo is not None, outcome(photo, sentence)

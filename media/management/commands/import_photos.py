"""manage.py import_photos: add picture files from disk."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.photos.hot_folder import StoreAway, outcome, pictures, take

from ...counted import counted


class Command(BaseCommand):
    help = "Adds picture files, and all those in folders, to the photo desk; an .xmp file beside one is read with it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH")

    def handle(self, *args: Any, paths: list[str], **options: Any) -> None:
        refused = 0
        for file in pictures(map(Path, paths)):
            try:
                photo, sentence = take(file)
            except StoreAway as error:
                raise CommandError(f"{error} Run this again later: what was added is not added twice.") from error
            refused += photo is None
            self.stdout.write(f"{file}: {outcome(photo, sentence)}")
        if refused:
            raise CommandError(f"{counted(refused, 'file')} refused; all others were added.")

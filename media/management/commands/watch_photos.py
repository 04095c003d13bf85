"""manage.py watch_photos: add whatever picture arrives in a folder and the folders in it."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.photos.hot_folder import HotFolder, StoreAway, outcome


class Command(BaseCommand):
    help = (
        "Adds whatever picture arrives in a folder and the folders in it, by the rules of the desk. Taken files move to “taken”, all "
        "others to “refused” with the reason beside them; the desk sees it under Files not taken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR")
        parser.add_argument("--once", action="store_true", help="Take what is there, then stop.")
        parser.add_argument("--every", type=float, default=3, metavar="SECONDS")

    def handle(self, *args: Any, folder: str, once: bool, every: float, **options: Any) -> None:
        if not Path(folder).is_dir():
            raise CommandError(f"There is no folder {folder}.")
        here, photos = Path(folder).resolve(), Path(settings.MEDIA_ROOT).resolve()
        if here.is_relative_to(photos) or photos.is_relative_to(here):
            raise CommandError(f"{folder} is where photos are stored, or holds that. Watch another folder.")
        hot = HotFolder(Path(folder))
        while True:
            self.look(hot, once=once)
            if once:
                return
            time.sleep(every)

    def look(self, hot: HotFolder, *, once: bool) -> None:
        """Take what has arrived. What the store cannot take now stays in the folder for the next look."""
        try:
            for file, photo, sentence in hot.look(settled=not once):
                self.stdout.write(f"{file.relative_to(hot.folder)}: {outcome(photo, sentence)}")
        except StoreAway as error:
            if once:
                raise CommandError(f"{error} It stays in the folder.") from error
            self.stderr.write(f"{error} It is tried again.")
        except OSError as error:
            raise CommandError(
                f"{error.filename or hot.folder}: {error.strerror}. The hot folder must be readable and writable."
            ) from error

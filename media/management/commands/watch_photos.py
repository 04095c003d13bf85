"""manage.py watch_photos: add whatever picture arrives in a folder."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.photos.hot_folder import HotFolder, StoreAway, outcome


class Command(BaseCommand):
    help = "Adds whatever picture arrives in a folder. Taken files move to “taken”, refused ones to “refused” with the reason beside them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", metavar="DIR")
        parser.add_argument("--once", action="store_true", help="Take what is there, then stop.")
        parser.add_argument("--every", type=float, default=3, metavar="SECONDS")

    def handle(self, *args: Any, folder: str, once: bool, every: float, **options: Any) -> None:
        if not Path(folder).is_dir():
            raise CommandError(f"There is no folder {folder}.")
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
                self.stdout.write(f"{file.name}: {outcome(photo, sentence)}")
        except StoreAway as error:
            if once:
                raise CommandError(f"{error} It stays in the folder.") from error
            self.stderr.write(f"{error} It is tried again.")

"""manage.py read_photo: print what picture files say about themselves."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from media.files import metadata


class Command(BaseCommand):
    help = "Prints what picture files say about themselves, a JSON line each. Damage is told in “warnings”."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args: Any, files: list[str], **options: Any) -> None:
        for name in files:
            try:
                found = metadata.read(Path(name).read_bytes(), name).to_json()
            except OSError as error:
                found = metadata.Metadata(file=name, warnings=[f"The file can’t be read: {error.strerror}."]).to_json()
            self.stdout.write(json.dumps(found, ensure_ascii=False, default=str))

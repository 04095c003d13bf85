import json
from pathlib import Path

from django.core.management.base import BaseCommand

from media.files import metadata


class Command(BaseCommand):
    help = "Prints what picture files say about themselves, a JSON line each. Damage is told in “warnings”."

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args, files, **options):
        for name in files:
            try:
                found = metadata.read(Path(name).read_bytes(), name).to_json()
            except OSError as error:
                found = metadata.Metadata(file=name, warnings=[f"The file cannot be read: {error.strerror}."]).to_json()
            self.stdout.write(json.dumps(found, ensure_ascii=False, default=str))

"""manage.py read_instructions: say what agencies' instructions forbid, and what of them was not understood."""

import json
import sys
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.models import Photo, Site
from media.rights.restriction import MARKERS, Reading, Restriction
from media.rights.restrictions import read

from ...counted import counted


class Command(BaseCommand):
    help = """Reads instructions on standard input, a JSON line each with "raw" and, if dates are to be counted, "at", and writes what each forbids as a JSON line."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--photos", action="store_true",
            help="Instead: read the instructions of the photos on file again, and show what would change.",
        )  # fmt: skip
        parser.add_argument("--apply", action="store_true", help="With --photos: change it.")

    def handle(self, *args: Any, photos: bool, apply: bool, **options: Any) -> None:
        if photos:
            return self.photos(apply=apply)
        zone, refused = Site.objects.zone(), 0
        for number, line in enumerate(sys.stdin, 1):
            if not line.strip():
                continue
            try:
                raw, at = asked(line)
            except ValueError as error:
                refused += 1
                self.stderr.write(f"Line {number}: {error}")
                continue
            self.stdout.write(json.dumps(described(read(raw, at, zone)), ensure_ascii=False))
        if refused:
            raise CommandError(f"Not read: {counted(refused, 'line')}.")

    def photos(self, *, apply: bool) -> None:
        changed = 0
        for photo in Photo.objects.instructed().iterator(chunk_size=500):
            if lines := photo.read_again(apply=apply):
                changed += 1
                self.stdout.write("\n".join([f"{photo.pk}: {photo}", *(f"  {line}" for line in lines)]))
        done = "changed" if apply else "would change; run again with --apply to change them"
        self.stdout.write(f"{counted(changed, 'photo')} {done}.")


def asked(line: str) -> tuple[str, date | None]:
    """Return the text and the instant of one line. Raises ValueError with a sentence."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or not isinstance(row.get("raw"), str):
        raise ValueError('This is no JSON object with the instructions as “raw”, such as {"raw": "GERMANY OUT"}.')
    return row["raw"], _instant(row.get("at"))


def _instant(said: Any) -> date | None:
    if said is None or said == "":
        return None
    try:
        if len(said) <= 10:
            return date.fromisoformat(said)
        found = datetime.fromisoformat(said)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"“at” is no date or instant: {str(said)[:40]}. Write 2026-03-01T12:00:00Z.") from error


def described(reading: Reading) -> dict:
    """Return a reading as the command prints it: denials as rights, everything else as words."""
    conditions = [each.condition for each in reading.restrictions if each.condition and each.condition not in MARKERS]
    return {
        "raw": reading.text,
        "rights": [right(each) for each in reading.restrictions if each.effect == "deny"],
        "conditions": list(dict.fromkeys(conditions)),
        "unread": list(reading.unread),
        "hold": reading.hold,
    }


def right(restriction: Restriction) -> dict:
    return {
        "effect": restriction.effect,
        "territories": list(restriction.territories),
        "channels": list(restriction.channels),
        "placements": list(restriction.placements),
        "from": instant(restriction.starts),
        "until": instant(restriction.ends),
        "exclusive_to": restriction.exclusive_to or None,
    }


def instant(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None

"""manage.py usage_report: print the uses of a period, for an agency."""

import json
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.ledger.report import columns, rows, texts
from media.local_time import day_begins, day_ends
from media.models import Site, Usage
from media.spreadsheet import lines


class Command(BaseCommand):
    help = "Writes every use of photos in a period to standard output, for an agency or for all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--from",
            dest="start",
            required=True,
            metavar="DAY",
            help="The first day, such as 2026-03-01, on the site’s clock.",
        )
        parser.add_argument("--to", dest="end", required=True, metavar="DAY", help="The last day; all of it counts.")
        parser.add_argument("--agency", default="", help="Only this distributor’s photos.")
        parser.add_argument("--fees", action="store_true", help="With what each use cost, and who cleared it.")
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *args: Any, start: str, end: str, agency: str, fees: bool, format: str, **options: Any) -> None:
        zone = Site.objects.zone()
        first, after = day_begins(day(start), zone), day_ends(day(end), zone)
        found = Usage.objects.between(first, after).order_by("live_from", "id")
        if agency:
            found = found.of_agency(agency)
        told = (texts(row, zone) for row in rows(found, fees=fees))
        if format == "json":
            for row in told:
                self.stdout.write(json.dumps(row, ensure_ascii=False))
            return
        for line in lines([name for name, _ in columns(fees=fees)], (row.values() for row in told)):
            self.stdout.write(line, ending="")


def day(text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise CommandError(f"“{text}” is no day. Write it as 2026-03-01.") from error

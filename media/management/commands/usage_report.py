"""manage.py usage_report: print the uses of a period, for an agency."""

import csv
import json
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from media.ledger.report import COLUMNS, rows
from media.local_time import day_begins, day_ends
from media.models import Site, Usage


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
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *args: Any, start: str, end: str, agency: str, format: str, **options: Any) -> None:
        zone = Site.objects.zone()
        first, after = day_begins(day(start), zone), day_ends(day(end), zone)
        found = Usage.objects.between(first, after).order_by("live_from", "id")
        if agency:
            found = found.of_agency(agency)
        if format == "json":
            for row in rows(found, zone):
                self.stdout.write(json.dumps(row, ensure_ascii=False))
            return
        writer = csv.writer(self.stdout, lineterminator="")
        writer.writerow([name for name, _ in COLUMNS])
        for row in rows(found, zone):
            writer.writerow(row.values())


def day(text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise CommandError(f"“{text}” is no day. Write it as 2026-03-01.") from error
